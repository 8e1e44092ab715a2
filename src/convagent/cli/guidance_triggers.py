"""`convagent guidance triggers`: how well examples tell which guide is meant."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from convagent.cli.finding_lines import finding_json, print_findings
from convagent.cli.output import JsonOption, ShopOption, console, error_console, print_json

if TYPE_CHECKING:
    from convagent.evals.triggers import TriggerReport

__all__ = ["triggers"]


def triggers(
    tickets: Annotated[
        Path | None,
        typer.Option("--tickets", metavar="FILE", help="Past conversations (.jsonl): what do no guides take?"),
    ] = None,
    show: Annotated[int, typer.Option("--show", metavar="N", min=0, help="Show at most so many themes.")] = 10,
    as_json: JsonOption = False,
    shop: ShopOption = Path(),
) -> None:
    """Find guides that the matcher can't tell apart, guides that their own examples don't reach, and too few examples.

    Each example is taken out in turn, and the matcher is asked for it as for a customer's message. With --tickets, messages
    that no guide takes and no article answers are grouped by theme, each with a guide or an article to start from. Exit code
    0: nothing but advice; 1: a warning, or tickets that can't be read; 2: it could not be tried.

    [dim]convagent guidance triggers --tickets tickets.jsonl[/dim]
    """
    from convagent.evals.triggers import check_triggers
    from convagent.shop import open_shop

    found = check_triggers(open_shop(shop), tickets=tickets)
    if as_json:
        print_json({"findings": [finding_json(finding) for finding in found.findings], **found.to_json()})
    else:
        for fault in found.faults:
            error_console.print(f"[red]✗[/red] {escape(str(fault))}", soft_wrap=True)
        print_findings(found.findings)
        _show(found, show)
    raise typer.Exit(1 if found.faults or any(each.severity != "info" for each in found.findings) else 0)


def _show(found: TriggerReport, limit: int) -> None:
    examples = sum(each.examples for each in found.guides)
    if examples:
        reached = sum(each.reached for each in found.guides)
        told = f"{reached} of {examples} examples ({reached / examples:.0%}) reach their guide when they are left out."
        console.print(told, highlight=False)
    read, left = found.tickets
    if read:
        console.print(f"{left} of {read} conversations begin with what no guide takes and no article answers.")
    for theme in found.themes[:limit]:
        console.print(f"\n[bold]{theme.count} × {escape(' '.join(theme.words))}[/bold]: {theme.proposal} to start from")
        console.print(theme.draft, markup=False, soft_wrap=True, end="")
    if len(found.themes) > limit:
        console.print(f"\n… and {len(found.themes) - limit} more themes; --show {len(found.themes)} shows them.")
