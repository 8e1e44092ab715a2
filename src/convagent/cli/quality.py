"""`convagent qa`: past conversations, people's and the agent's, by the same criteria."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from convagent.cli.output import ShopOption, console, error_console

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from convagent.insights import Agreement, PastConversation, Review
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
) -> None:
    """Review past conversations: were they settled, right, readable, in the customer's language, and by the rules?

    People's conversations and the agent's are held against the same criteria, by rules that need no model: what is bad is
    quoted, what can't be told is unscored. docs/quality.md says what each criterion looks at. With --ratings it tells how
    far the rules agree with people (Cohen's kappa). Lines that can't be read are told, the rest is reviewed; exit code 1 then.

    [dim]convagent qa tickets.jsonl --ratings rated-by-us.csv[/dim]
    """
    from convagent.insights import agreement, read_past, read_ratings, review
    from convagent.shop import open_shop

    known = read_ratings(ratings) if ratings is not None else {}
    opened = open_shop(shop)
    conversations: Iterable[PastConversation]
    conversations, faults = read_past(tickets) if tickets is not None else (_stored(opened), ())
    for fault in faults:
        error_console.print(f"[red]✗[/red] {escape(str(fault))}", soft_wrap=True)
    found: list[Review] = []
    with error_console.status("") as status:
        for each in review(conversations, opened):
            found.append(each)
            status.update(f"{len(found)} conversations")
            if as_json:
                sys.stdout.write(json.dumps(each.to_json(), ensure_ascii=False) + "\n")
    if not as_json:
        _show(found, show)
        for agreed in agreement(found, known):
            _tell(agreed)
    raise typer.Exit(1 if faults else 0)


def _stored(shop: OpenShop) -> Iterator[PastConversation]:
    from convagent.insights import stored
    from convagent.storage import open_storage
    from convagent.storage.opening import url_in_shop

    with open_storage(url_in_shop(shop.settings.storage.url, shop.path)) as storage:
        yield from stored(storage)


def _show(reviews: list[Review], limit: int) -> None:
    from convagent.insights import CRITERIA

    faulty = [each for each in reviews if any(rating.score == "bad" for rating in each.ratings)]
    for each in faulty[:limit]:
        console.print(f"[bold]{escape(each.conversation.id)}[/bold], answered by {each.conversation.answered_by}")
        for rating in each.ratings:
            if rating.score == "bad":
                console.print(
                    f"  [red]✗[/red] {rating.criterion}: {escape(rating.why)}", soft_wrap=True, highlight=False
                )
                for evidence in rating.evidence:
                    quote = escape(" ".join(evidence.quote.split()))
                    console.print(f"      {evidence.message}: “{quote}”", style="dim", soft_wrap=True, highlight=False)
        console.print()
    if len(faulty) > limit:
        console.print(f"… and {len(faulty) - limit} more; --show {len(faulty)} shows them.", style="dim")
    table = Table(box=None, pad_edge=False)
    for column in ("answered by", "criterion", "good", "bad", "unscored"):
        table.add_column(column)
    for who in ("agent", "person", "both", "nobody"):
        mine = [each for each in reviews if each.conversation.answered_by == who]
        for criterion in CRITERIA if mine else ():
            counts = Counter(found.score for each in mine if (found := each.rating(criterion)) is not None)
            table.add_row(who, criterion, *(str(counts[score]) for score in ("good", "bad", "unscored")))
    console.print(table)


def _tell(agreed: Agreement) -> None:
    if agreed.kappa is None or agreed.interval is None:
        told = "kappa can't be told: one side gave all of them the same"
    else:
        low, high = agreed.interval
        told = f"kappa {agreed.kappa:.2f} ({low:.2f} to {high:.2f})"
    console.print(
        f"agreement with people on {agreed.criterion}: {agreed.agreed:.0%} of {agreed.count}, {told}", highlight=False
    )
