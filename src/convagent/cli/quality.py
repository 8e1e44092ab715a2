"""`convagent qa`: past conversations, people's and the agent's, by the same criteria."""

from __future__ import annotations

import json
import sys
from collections import Counter
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from convagent.cli.model_options import BaseUrlOption, RaterOption, RecordOption, ReplayOption
from convagent.cli.output import ShopOption, console, error_console

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from convagent.evals.model_use import ModelUse
    from convagent.insights import Agreement, PastConversation, QualityJudge, Review
    from convagent.shop import OpenShop

__all__ = ["qa"]


def qa(
    tickets: Annotated[
        Path | None,
        typer.Argument(
            metavar="[TICKETS]", help="A .jsonl of past conversations; what the shop's storage keeps by default."
        ),
    ] = None,
    ratings: Annotated[
        Path | None,
        typer.Option("--ratings", metavar="FILE", help="People's ratings (id, criterion, score), to compare with."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object a conversation.")] = False,
    show: Annotated[int, typer.Option("--show", metavar="N", min=0, help="Show at most so many conversations.")] = 10,
    shop: ShopOption = Path(),
    model: RaterOption = "",
    base_url: BaseUrlOption = None,
    record: RecordOption = None,
    replay: ReplayOption = None,
) -> None:
    """Review past conversations: were they settled, right, readable, in the customer's language, and by the rules?

    People's conversations and the agent's are held against the same criteria, by rules that need no model: what is bad is
    quoted, what can't be told is unscored. docs/quality.md says what each criterion looks at. With --ratings it tells how
    far the rules agree with people (Cohen's kappa). Lines that can't be read are told, the rest is reviewed; exit code 1 then.

    With --model a chat model rates beside the rules, by the same criteria and with quotes; what it can't rate is unscored.
    --record keeps what it was asked and answered, --replay rates by that again.

    [dim]convagent qa tickets.jsonl --ratings rated-by-us.csv[/dim]
    """
    from convagent.evals.model_use import ModelUse
    from convagent.insights import agreement, read_past, read_ratings, review
    from convagent.shop import open_shop

    known = read_ratings(ratings) if ratings is not None else {}
    opened = open_shop(shop)
    conversations: Iterable[PastConversation]
    conversations, faults = read_past(tickets) if tickets is not None else (_stored(opened), ())
    for fault in faults:
        error_console.print(f"[red]✗[/red] {escape(str(fault))}", soft_wrap=True)
    found: list[Review] = []
    judges = _judges(opened, ModelUse(model="", base_url=base_url, judge=model, record=record, replay=replay))
    with error_console.status("") as status:
        for each in review(conversations, opened, judges=judges):
            found.append(each)
            status.update(f"{len(found)} conversations")
            if as_json:
                sys.stdout.write(json.dumps(each.to_json(), ensure_ascii=False) + "\n")
    if not as_json:
        raters = ("checks", *(judge.name for judge in judges))
        _show(found, show, raters)
        for rater in raters:
            for agreed in agreement(found, known, by=rater):
                _tell(agreed, rater if judges else "")
    raise typer.Exit(1 if faults else 0)


def _judges(shop: OpenShop, use: ModelUse) -> list[QualityJudge]:
    """Who rates beside the rules: the chat model that is named, or what one said before; nobody otherwise."""
    if not use.judge and use.replay is None and use.record is None:
        return []
    from dataclasses import replace

    from convagent.evals.model_use import open_models
    from convagent.insights import ModelJudge

    judge = open_models(replace(use, judge=use.judge or None), shop.settings.model).judge
    return [ModelJudge(judge, shop)] if judge is not None else []


def _stored(shop: OpenShop) -> Iterator[PastConversation]:
    from convagent.hidden import handed_on, secret_needs
    from convagent.insights import stored
    from convagent.storage import open_storage
    from convagent.storage.opening import url_in_shop

    with open_storage(url_in_shop(shop.settings.storage.url, shop.path)) as storage:
        yield from stored(storage, secret=secret_needs(handed_on(shop.kernel), shop.registry))


def _show(reviews: list[Review], limit: int, raters: tuple[str, ...]) -> None:
    from convagent.insights import CRITERIA

    faulty = [each for each in reviews if any(rating.score == "bad" for rating in each.ratings)]
    for each in faulty[:limit]:
        console.print(f"[bold]{escape(each.conversation.id)}[/bold], answered by {each.conversation.answered_by}")
        for rating in each.ratings:
            if rating.score == "bad":
                by = "" if rating.by == "checks" else f" ({rating.by})"
                console.print(
                    f"  [red]✗[/red] {rating.criterion}{escape(by)}: {escape(rating.why)}",
                    soft_wrap=True,
                    highlight=False,
                )
                for evidence in rating.evidence:
                    quote = escape(" ".join(evidence.quote.split()))
                    console.print(f"      {evidence.message}: “{quote}”", style="dim", soft_wrap=True, highlight=False)
        console.print()
    if len(faulty) > limit:
        console.print(f"… and {len(faulty) - limit} more; --show {len(faulty)} shows them.", style="dim")
    table = Table(box=None, pad_edge=False)
    several = len(raters) > 1
    for column in ("answered by", "criterion", *(("rated by",) if several else ()), "good", "bad", "unscored"):
        table.add_column(column)
    for who in ("agent", "person", "both", "nobody"):
        mine = [each for each in reviews if each.conversation.answered_by == who]
        for criterion, rater in product(CRITERIA, raters) if mine else ():
            counts = Counter(found.score for each in mine if (found := each.rating(criterion, by=rater)) is not None)
            who_rated = [escape("the rules" if rater == "checks" else rater)] if several else []
            table.add_row(who, criterion, *who_rated, *(str(counts[score]) for score in ("good", "bad", "unscored")))
    console.print(table)
    unscored = Counter(
        rating.why
        for each in reviews
        for rating in each.ratings
        if rating.by != "checks" and rating.score == "unscored"
    )
    for why, count in unscored.most_common(3):
        console.print(f"{raters[-1]} could not rate {count}: {why}", style="dim", markup=False, soft_wrap=True)


def _tell(agreed: Agreement, rater: str) -> None:
    if agreed.kappa is None or agreed.interval is None:
        told = "kappa can't be told: one side gave all of them the same"
    else:
        low, high = agreed.interval
        told = f"kappa {agreed.kappa:.2f} ({low:.2f} to {high:.2f})"
    by = f" ({'the rules' if rater == 'checks' else rater})" if rater else ""
    console.print(
        f"agreement with people on {agreed.criterion}{by}: {agreed.agreed:.0%} of {agreed.count}, {told}",
        highlight=False, markup=False, soft_wrap=True,
    )  # fmt: skip
