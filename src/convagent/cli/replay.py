"""`convagent replay`: past tickets on the shop as it is now, beside an older one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table

from convagent.cli.output import ShopOption, console, error_console

if TYPE_CHECKING:
    from convagent.evals.compare import CaseChange
    from convagent.evals.replay import Replay

__all__ = ["replay"]

_TRACE = 8
"""Lines of each side that are shown of a trace."""
_EVERY = 1_000


def replay(
    tickets: Annotated[Path, typer.Argument(metavar="TICKETS", help="A .jsonl of past conversations, one a line.")],
    against: Annotated[
        str | None,
        typer.Option("--against", metavar="OLD", help="An older shop: its folder, or a git revision of this one."),
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", "-j", metavar="N", min=0, max=256, help="Processes; 0 is one for each core.")
    ] = 0,
    log: Annotated[
        Path | None,
        typer.Option("--json", metavar="FILE", help="Write a line a ticket there, and a summary as the last."),
    ] = None,
    samples: Annotated[
        int, typer.Option("--samples", metavar="N", min=0, help="Show so many conversations of each kind of change.")
    ] = 1,
    show: Annotated[int, typer.Option("--show", metavar="N", min=0, help="Show at most so many kinds of change.")] = 10,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Chooses the samples.")] = 0,
    shop: ShopOption = Path(),
) -> None:
    """Play past tickets again: how would they end now, and which would end differently than with an older shop?

    What customers wrote is said again; the agent answers in the place of whoever did. With --against, the same is done on an
    older shop (a folder, or a branch or commit of this one), and what changed is grouped, counted and sampled for you to read.
    Nothing is written to the shop's storage. Exit code 0, 1 when lines could not be read, 2 when nothing could be played.

    [dim]convagent replay tickets.jsonl --against main -j 2[/dim]
    """
    from convagent.cli.evals_files import write_file
    from convagent.evals.replay import old_shop, sample
    from convagent.evals.replay import replay as play
    from convagent.evals.run import default_workers

    count = workers or default_workers()
    with _progress() as told:
        if against is None:
            found, changes = play(tickets, shop, workers=count, progress=told), []
        else:
            with old_shop(against, shop) as folder:
                found = play(tickets, shop, against=folder, workers=count, progress=told)
                changes = list(sample(found, shop, folder, each=samples, seed=seed)) if samples else []
    for fault in found.faults:
        error_console.print(f"[red]✗[/red] {escape(str(fault))}", soft_wrap=True)
    if log is not None:
        lines = [*(each.to_json() for each in found.tickets), found.to_json()]
        write_file(
            log, "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode("utf-8", "replace")
        )
    _show(found, changes, show, compared=against is not None)
    raise typer.Exit(1 if found.faults else 0)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on a terminal, a line now and then elsewhere; on standard error."""
    words = {"now": "this shop", "before": "the older one"}
    if not error_console.is_terminal:

        def line(which: str, done: int, count: int) -> None:
            if done % _EVERY == 0 and done < count:
                error_console.print(f"{words[which]}: {done}/{count}")

        yield line
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=error_console, transient=True) as shown:
        tasks = {which: shown.add_task(name, total=None, visible=False) for which, name in words.items()}
        yield lambda which, done, count: shown.update(tasks[which], completed=done, total=count, visible=True)


def _show(found: Replay, changes: list[CaseChange], limit: int, *, compared: bool) -> None:
    count = len(found.tickets)
    if not compared:
        table = Table("tickets", "would end as", box=None, pad_edge=False)
        for end, number in found.endings()[:limit]:
            table.add_row(str(number), escape(end))
        console.print(table)
        return
    ends, goes = len(found.of("ends")), len(found.of("goes"))
    style = "bold" if ends else "bold green"
    console.print(
        f"[{style}]{ends} of {count} conversations would end differently[/{style}], {goes} take another way to the same end, "
        f"{count - ends - goes} are the same.", soft_wrap=True, highlight=False,
    )  # fmt: skip
    groups = found.groups()
    if groups:
        table = Table("tickets", "before", "now", box=None, pad_edge=False)
        for (before, now), number in groups[:limit]:
            table.add_row(str(number), escape(before), escape(now))
        console.print(table)
    if len(groups) > limit:
        console.print(
            f"… and {len(groups) - limit} more kinds of change; --show {len(groups)} shows them.", style="dim"
        )
    for change in changes[: limit * max(1, len(changes) // max(1, len(groups)))]:
        console.print(
            f"\n[bold]{escape(change.name.removeprefix('tickets/'))}[/bold] {escape(change.title)}", soft_wrap=True
        )
        console.print(f"  turn {change.turn} “{escape(change.said)}”", soft_wrap=True, highlight=False)
        shown = 0
        for sign, color in (("-", "red"), ("+", "green")):
            for line in [each for each in change.trace if each.startswith(sign)][:_TRACE]:
                console.print(f"  [{color}]{escape(line)}[/{color}]", soft_wrap=True, highlight=False)
                shown += 1
        if len(change.trace) > shown:
            console.print(f"  … {len(change.trace) - shown} more lines", style="dim")
