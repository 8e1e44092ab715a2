"""`convagent eval diff`: two runs of the same cases on one screen, newly broken first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from convagent.cli.output import JsonOption, console, print_json
from convagent.errors import EvalError

if TYPE_CHECKING:
    from convagent.evals.compare import CaseChange, Comparison

__all__ = ["diff"]

_NAMED = 4
"""Of those that broke in the same way, so many are named."""
_SCREEN = 40
"""Lines that the whole may take; what doesn't fit is counted."""


def diff(
    base: Annotated[Path, typer.Argument(metavar="BASE", help="The log of the run before.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The log of the run now.")],
    as_json: JsonOption = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown, for a pull request.")] = False,
    common: Annotated[
        bool, typer.Option("--common", help="Compare what both runs have in the same words, and leave out the rest.")
    ] = False,
    show: Annotated[int, typer.Option("--show", metavar="N", min=0, help="Show at most so many of a kind.")] = 10,
) -> None:
    """Compare two runs of the same cases: what is newly broken and why, what is newly mended, how sure the difference is.

    Runs of different cases, runs that weren't complete and logs of another version are refused. Exit code 0: nothing is newly
    broken; 1: something is; 2: the logs can't be compared.

    [dim]convagent eval diff base.jsonl .convagent/evals/results.jsonl[/dim]
    """
    from convagent.evals.compare import compare, read_run, to_markdown

    if as_json and markdown:
        raise EvalError("--json and --markdown exclude one another", code="usage", remedy="Leave one of them out.")
    found = compare(read_run(base), read_run(new), common_only=common)
    if as_json:
        print_json(found.to_json())
    elif markdown:
        typer.echo(to_markdown(found, show=show), nl=False)
    else:
        show_comparison(found, show=show)
    raise typer.Exit(1 if found.broken else 0)


def show_comparison(found: Comparison, *, show: int) -> None:
    """The comparison on the terminal: at most a screen of it."""
    from convagent.evals.compare.markdown import verdict_line

    console.print(Text(verdict_line(found), "bold red" if found.broken else "bold green"))
    if found.changed_guides:
        console.print(Text(f"guides that changed: {', '.join(found.changed_guides)}", "dim"))
    left = _SCREEN - 5 - min(len(found.mended), show) - min(8, sum(m.base != m.new for m in found.moved))
    groups = found.broken_alike
    named = shown = 0
    for group in groups[:show]:
        lines = _broken(group)
        if shown and left < len(lines):  # no room for how it came about: where it ends will do
            lines = [_in_short(group)]
        if left < len(lines) and shown:
            break
        for line in lines:
            console.print(line, soft_wrap=False, overflow="ellipsis", no_wrap=True)
        left, shown, named = left - len(lines), shown + 1, named + len(group)
    _more(len(found.broken) - named, f"newly broken, in {len(groups) - shown} other ways")
    for change in found.mended[:show]:
        line = Text.assemble(("✓ mended ", "green"), (change.name, "bold"), f"  {change.title}")
        console.print(line, overflow="ellipsis", no_wrap=True)
    _more(len(found.mended) - show, "newly mended")
    _metrics(found)
    if found.left_out:
        told = f"left out, because only one run has them in these words: {len(found.left_out)}"
        console.print(Text(told, "yellow"))


def _broken(group: Sequence[CaseChange]) -> list[Text]:
    """Cases that broke in the same way: one of them in detail, the others by their ids."""
    change = group[0]
    where = f"  {change.file}:{change.line}" if change.file else ""
    mark = "✗ error  " if change.kind == "errs" else "✗ broken "
    lines = [Text.assemble((mark, "magenta" if change.kind == "errs" else "red"), (change.name, "bold"), where)]
    if change.error:
        lines.append(Text(f"    {' '.join(change.error.split())}", "magenta"))
    if change.turn is not None:
        lines.append(Text.assemble((f"    turn {change.turn} ", "dim"), f"“{change.said}”"))
        lines.append(Text.assemble("    ", (change.before, "green"), " → ", (change.after, "red")))
    lines += [Text(f"      {line}", "red" if line.startswith("-") else "green") for line in change.parting]
    if len(change.trace) > len(change.parting):
        lines.append(Text(f"      … {len(change.trace) - len(change.parting)} more lines; --markdown has them", "dim"))
    told = [f"{c.name}: expected {c.expected}, got {c.got}" for c in change.checks]
    lines += [Text(f"    {each}", "yellow") for each in told[:2]]
    if len(group) > 1:
        others = ", ".join(each.name for each in group[1 : _NAMED + 1])
        more = f" and {len(group) - 1 - _NAMED} more" if len(group) - 1 > _NAMED else ""
        lines.append(Text.assemble(("    likewise ", "bold"), f"{len(group) - 1}: {others}{more}"))
    return lines


def _in_short(group: Sequence[CaseChange]) -> Text:
    change = group[0]
    more = f" and {len(group) - 1} likewise" if len(group) > 1 else ""
    ends = f"{change.before} → {change.after}" if change.turn is not None else ", ".join(c.name for c in change.checks)
    return Text.assemble(
        ("✗ error  " if change.kind == "errs" else "✗ broken ", "red"), (change.name, "bold"), f"{more}  {ends}"
    )


def _metrics(found: Comparison) -> None:
    moved = sorted((m for m in found.moved if m.base != m.new), key=lambda m: (not m.is_sure, -abs(m.new - m.base)))
    for each in moved[:8]:
        told = f"{each.name:<26} {each.base:.3f} → {each.new:.3f}  {each.new - each.base:+.3f} "
        line = Text(told, "bold" if each.is_sure else "")
        console.print(line.append(f"({each.low:+.3f} to {each.high:+.3f})", "dim"), no_wrap=True, overflow="ellipsis")
    _more(len(moved) - 8, "metrics that moved")


def _more(count: int, what: str) -> None:
    if count > 0:
        console.print(Text(f"… and {count} more {what}; --json has them all", "dim"))
