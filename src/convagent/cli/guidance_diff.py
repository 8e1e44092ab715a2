"""`convagent guidance diff OLD NEW`: what an edit of guidance changes for customers."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from convagent.cli.output import JsonOption, ShopOption, console, print_json
from convagent.errors import EvalError, GuidanceError

if TYPE_CHECKING:
    from convagent.evals.replay import Replay
    from convagent.guidance.changes.compare import GuidanceDiff, GuideChange
    from convagent.shop import OpenShop

__all__ = ["diff"]

_STYLES = {
    "added": "green",
    "removed": "red",
    "behaves": "bold red",
    "unclear": "yellow",
    "words": "cyan",
    "same": "dim",
}
_TOLD = {
    "added": "is new", "removed": "is gone", "behaves": "treats some customers otherwise",
    "unclear": "can't tell: its statements changed, and no input that was tried tells the two apart",
    "words": "says it in other words; the rest is the same", "same": "the same",
}  # fmt: skip


_MOST_MESSAGES = 3
"""So many examples are shown of a guide that is new or gone."""


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A shop's folder, or a git revision of this one.")],
    new: Annotated[
        str | None, typer.Argument(metavar="[NEW]", help="The same; the shop as it is now by default.")
    ] = None,
    tickets: Annotated[
        Path | None, typer.Option("--tickets", metavar="FILE", help="Past conversations to play on both (.jsonl).")
    ] = None,
    tries: Annotated[
        int, typer.Option("--tries", metavar="N", min=1, help="Inputs that are tried for a guide.")
    ] = 1500,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown for a pull request.")] = False,
    as_json: JsonOption = False,
    shop: ShopOption = Path(),
) -> None:
    """Tell what an edit changes: for each guide the same, other words, or a customer who is treated otherwise.

    Inputs on both sides of every border are tried through the interpreter; where statements changed and none of them makes a
    difference it says that it can't tell. With --tickets, past conversations are played on both. Exit code 0: nothing behaves
    otherwise; 1: something does, or may; 2: the two can't be compared.

    [dim]convagent guidance diff main --markdown[/dim]
    """
    from convagent.evals.replay import old_shop, replay
    from convagent.guidance.changes.compare import compare_guidance

    if as_json and markdown:
        raise EvalError("--json and --markdown exclude one another", code="usage", remedy="Leave one of them out.")
    with ExitStack() as held:
        before = held.enter_context(old_shop(old, shop))
        after = held.enter_context(old_shop(new, shop)) if new is not None else shop
        one, other = _opened(before, old), _opened(after, new)
        settings = other.settings
        found = compare_guidance(
            one.kernel, other.kernel, other.vocabulary, now=_moment(other.zone), currency=settings.shop.currency,
            tries=tries,
        )  # fmt: skip
        played = replay(tickets, after, against=before) if tickets is not None else None
    if as_json:
        print_json({**found.to_json(), **({"tickets": played.to_json()} if played is not None else {})})
    elif markdown:
        from convagent.cli.guidance_diff_markdown import to_markdown

        typer.echo(to_markdown(found, played), nl=False)
    else:
        _show(found, played)
    ends = played is not None and bool(played.of("ends"))
    raise typer.Exit(1 if found.changed or ends else 0)


def _opened(folder: Path, named: str | None) -> OpenShop:
    """One of the two shops.

    Raises:
        EvalError: `eval-shop`: the guidance of the one that was named has faults. Those of the shop as it is are told as ever.
    """
    from convagent.shop import open_shop

    try:
        return open_shop(folder)
    except GuidanceError as error:
        if named is None or error.code != "guidance-faults":
            raise
        raise EvalError(
            f"“{named}” can't be compared: {error.message}", code="eval-shop",
            remedy="These faults stand there, not in the shop as it is now. Name a revision or a folder without any.",
        ) from error  # fmt: skip


def _moment(zone: Any) -> Any:
    """The usual moment of inputs: a Tuesday morning, always the same, so that a comparison doesn't depend on its day."""
    from datetime import datetime

    return datetime(2026, 6, 16, 10, 30, tzinfo=zone)


def _verdict(found: GuidanceDiff) -> str:
    told = {
        "behaves": "treat some customers otherwise", "unclear": "can't be told", "added": "new", "removed": "gone",
        "words": "say it in other words",
    }  # fmt: skip
    counts = [f"{len(found.of(kind))} {words}" for kind, words in told.items() if found.of(kind)]  # type: ignore[arg-type]
    same = len(found.of("same"))
    return f"Of {len(found.guides)} guides: {', '.join([*counts, f'{same} the same'])}."


def _told(change: GuideChange) -> str:
    if change.kind == "same" and change.messages:
        return "does the same, and other messages are its examples"
    return "does the same, under another title" if change.kind == "same" and change.before else _TOLD[change.kind]


def _head(change: GuideChange) -> list[str]:
    """Lines that name what changed besides the statements."""
    lines = [f"was “{change.before}”"] if change.before else []
    lines += [f"was in {change.moved}"] if change.moved and not change.is_same else []
    whole = change.kind in {"added", "removed"}
    lines += [
        *change.header,
        *(f"statement {each}" for each in change.statements if not whole),
        *(f"message {each}" for each in change.messages[: _MOST_MESSAGES if whole else None]),
    ]
    return lines + ([f"may differ through {', '.join(change.through)}"] if change.through else [])


def _show(found: GuidanceDiff, played: Replay | None) -> None:
    console.print(Text(_verdict(found), "bold"))
    for change in found.guides:
        head = _head(change)
        if change.is_same and not change.through:
            continue
        console.print(Text.assemble((f"{change.title}: ", "bold"), (_told(change), _STYLES[change.kind])))
        for line in head:
            console.print(Text(f"    {line}", "dim"), soft_wrap=True)
        for before, now in change.texts:
            console.print(Text(f"    - {' '.join(before.split())}", "red"), soft_wrap=True)
            console.print(Text(f"    + {' '.join(now.split())}", "green"), soft_wrap=True)
        if change.example is not None:
            given = ", ".join(f"{name} is {value}" for name, value in change.example.given)
            console.print(Text(f"    where {given or 'all is as usual'}"), soft_wrap=True)
            for sign, lines, style in (("-", change.example.before, "red"), ("+", change.example.now, "green")):
                for line in lines:
                    console.print(Text(f"    {sign} {line}", style), soft_wrap=True)
    for never in found.nevers:
        console.print(Text(f"rule {never}", "bold red" if never.startswith("-") else "bold"), soft_wrap=True)
    if played is not None:
        from convagent.cli.guidance_diff_markdown import replayed

        console.print(Text(replayed(played), "bold"), soft_wrap=True)
        for (before, now), count in played.groups()[:10]:
            console.print(Text(f"    {count} × {before} → {now}"), soft_wrap=True)
