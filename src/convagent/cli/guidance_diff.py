"""`convagent guidance diff OLD NEW`: what an edit of guidance changes for customers."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.text import Text

from convagent.cli.output import JsonOption, ShopOption, console, print_json
from convagent.errors import EvalError, GuidanceError

if TYPE_CHECKING:
    from convagent.evals.replay import Replay
    from convagent.guidance.changes.compare import GuidanceDiff, GuideChange
    from convagent.guidance.findings.finding import Finding
    from convagent.guidance.interpreter.kernel import Kernel
    from convagent.guidance.schema.vocabulary import Vocabulary
    from convagent.settings import Settings

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

_COMPARED_ALL_THE_SAME = ("G3", "G4")
"""Faults of logic and safety, a branch that never opens, a write without a yes: what those mean for customers is shown."""


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two shops.

    Attributes:
        kernel: Its guides.
        vocabulary: What names mean there.
        settings: Its settings.
        faults: Faults of logic and safety that `check` tells of; there are no others.
    """

    kernel: Kernel
    vocabulary: Vocabulary
    settings: Settings
    faults: tuple[Finding, ...]


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
    difference it says that it can't tell. Faults of logic and safety that `check` tells of are listed and don't keep it from
    showing what they mean for customers. With --tickets, past conversations are played on both. Exit code 0: nothing behaves
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
        one, other = _read(before, old), _read(after, new)
        if tickets is not None:
            _playable(one, old)
            _playable(other, new)
        zone, currency = ZoneInfo(other.settings.shop.timezone), other.settings.shop.currency
        found = compare_guidance(
            one.kernel, other.kernel, other.vocabulary, now=_moment(zone), currency=currency, tries=tries
        )
        played = replay(tickets, after, against=before) if tickets is not None else None
    if as_json:
        from convagent.cli.finding_lines import finding_json

        faults = [finding_json(each) for each in other.faults]
        told = {"tickets": played.to_json()} if played is not None else {}
        print_json({**found.to_json(), "faults": faults, **told})
    elif markdown:
        from convagent.cli.guidance_diff_markdown import to_markdown

        typer.echo(to_markdown(found, played, faults=other.faults), nl=False)
    else:
        _show(found, played, other.faults)
    ends = played is not None and bool(played.of("ends"))
    raise typer.Exit(1 if found.changed or ends else 0)


def _read(folder: Path, named: str | None) -> _Side:
    """The guidance of one of the two shops.

    Raises:
        EvalError: `eval-shop`: the guidance of the one that was named can't be read. That of the shop as it is is told as ever.
    """
    from convagent.guidance.findings.finding import has_errors, in_order
    from convagent.guidance.interpreter.desugar import desugar
    from convagent.settings import read_settings
    from convagent.shop import read_actions
    from convagent.shop_guidance import check_guidance, guidance_error, read_guidance, shop_vocabulary

    settings = read_settings(folder / "convagent.toml")
    below = folder / settings.guidance.folder
    if not below.is_dir():
        raise GuidanceError("there is no such folder", code="guidance-missing", place=below, remedy="Check the path.")
    files, faults = read_guidance(below, base=folder)
    try:
        if has_errors(faults):
            raise guidance_error(in_order(faults))
        registry = read_actions(folder, settings)
        found = check_guidance(files, faults, settings, registry)
        errors = tuple(each for each in found if each.severity == "error")
        if not all(each.code.startswith(_COMPARED_ALL_THE_SAME) for each in errors):
            raise guidance_error(in_order(found))
    except GuidanceError as error:
        if named is None or error.code != "guidance-faults":
            raise
        raise EvalError(
            f"“{named}” can't be compared: {error.message}", code="eval-shop",
            remedy="These faults stand there, not in the shop as it is now. Name a revision or a folder without any.",
        ) from error  # fmt: skip
    kernel = desugar(guide for file in files for guide in file.guides)
    return _Side(kernel, shop_vocabulary(settings, registry), settings, errors)


def _playable(side: _Side, named: str | None) -> None:
    """Whether conversations can be played on a shop.

    Raises:
        EvalError: `eval-shop`: its guidance has faults, with which no customer is answered.
    """
    from convagent.shop_guidance import guidance_error

    if side.faults:
        where = f"“{named}”" if named is not None else "the shop as it is now"
        raise EvalError(
            f"no conversation can be played on {where}: {guidance_error(side.faults).message}", code="eval-shop",
            remedy="Mend them first; without --tickets the guides are compared all the same.",
        )  # fmt: skip


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
    other = sum(change.kind == "same" and not change.is_same for change in found.guides)
    counts += [f"{other} with other messages, times or titles"] if other else []
    same = sum(change.is_same for change in found.guides)
    return f"Of {len(found.guides)} guides: {', '.join([*counts, f'{same} the same'])}."


def _told(change: GuideChange) -> str:
    if change.kind == "same" and change.messages:
        return "does the same, and other messages are its examples"
    return "does the same, under another title" if change.kind == "same" and change.before else _TOLD[change.kind]


def _head(change: GuideChange) -> list[str]:
    """Lines that name what changed besides the statements."""
    lines = (
        [] if change.is_same else [f"{'stood in' if change.kind == 'removed' else 'in'} {change.file}:{change.line}"]
    )
    lines += [f"was “{change.before}”"] if change.before else []
    lines += [f"was in {change.moved}"] if change.moved and not change.is_same else []
    whole = change.kind in {"added", "removed"}
    lines += [
        *change.header,
        *(f"statement {each}" for each in change.statements if not whole),
        *(f"message {each}" for each in change.messages[: _MOST_MESSAGES if whole else None]),
    ]
    return lines + ([f"may differ through {', '.join(change.through)}"] if change.through else [])


def _show(found: GuidanceDiff, played: Replay | None, faults: tuple[Finding, ...]) -> None:
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
    if faults:
        from convagent.cli.guidance_diff_markdown import faulty

        console.print(Text(faulty(len(faults)), "bold red"), soft_wrap=True)
        for each in faults:
            console.print(Text(f"    {each.file}:{each.line} {each.code} {each.message}"), soft_wrap=True)
    if played is not None:
        from convagent.cli.guidance_diff_markdown import left_out, replayed

        console.print(Text(replayed(played), "bold"), soft_wrap=True)
        for (before, now), count in played.groups()[:10]:
            console.print(Text(f"    {count} × {before} → {now}"), soft_wrap=True)
        for line in left_out(played):
            console.print(Text(line, "yellow"), soft_wrap=True)
