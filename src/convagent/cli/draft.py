"""`convagent draft` and `convagent drafts`: a suggested reply for a person at a helpdesk, and what people make of them."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from convagent.cli.ask import read_facts
from convagent.cli.model_options import BaseUrlOption, ModelOption
from convagent.cli.output import JsonOption, ShopOption, console, print_json, print_note

if TYPE_CHECKING:
    from convagent.drafts import Draft

__all__ = ["draft", "drafts"]


def draft(
    message: Annotated[str, typer.Argument(help="What the customer writes; - reads it from standard input.")],
    facts: Annotated[
        Path | None, typer.Option("--facts", metavar="FILE", help="JSON with what you know; - for standard input.")
    ] = None,
    conversation: Annotated[
        str | None, typer.Option("--conversation", metavar="ID", help="Draft for this conversation of the storage.")
    ] = None,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    as_json: JsonOption = False,
    shop: ShopOption = Path(),
) -> None:
    """Suggest a reply, for a person to send.

    Nothing is sent, done or kept: the reply comes with its sources and the actions that it would take. A conversation that a
    person has taken over is drafted for as well.

    [dim]convagent draft "Can I still cancel #1042?" --facts ada.json[/dim]
    """
    from convagent.agent import Agent

    text = sys.stdin.read() if message == "-" else message
    known = read_facts(facts)
    storage = None if conversation else "memory:"
    with Agent.open(shop, storage=storage, model=model, base_url=base_url) as agent:
        suggested = agent.draft(text, conversation=conversation or "draft", facts=known)
    if as_json:
        print_json(suggested.model_dump(mode="json"))
        return
    _show(suggested)


def _show(suggested: Draft) -> None:
    console.print("Draft ", style="bold", end="")
    console.print(suggested.id, style="dim")
    console.print(suggested.text or "(no reply is due)", markup=False, soft_wrap=True)
    for source in suggested.sources:
        console.print(f"  from “{source.title}”{f' ({source.url})' if source.url else ''}", style="dim", markup=False)
    for action in suggested.actions:
        told = ", ".join(f"{name}={value}" for name, value in action.arguments.items())
        console.print(f"  would call {action.action}({told}): {action.status}", style="dim", markup=False)
    if suggested.handover is not None:
        console.print(f"  would hand over: {suggested.handover.reason}", style="dim")
        print_note(suggested.handover.summary)


def drafts(as_json: JsonOption = False, shop: ShopOption = Path()) -> None:
    """Count what people make of drafts: sent as they are, edited, rejected.

    It reads the feedback that is kept with the conversations of the shop's storage; see docs/drafts.md.
    """
    from convagent.insights.drafting import feedback_kept, report_on
    from convagent.settings import read_settings
    from convagent.storage import open_storage
    from convagent.storage.opening import url_in_shop

    url = url_in_shop(read_settings(shop / "convagent.toml").storage.url, shop)
    with open_storage(url) as storage:
        report = report_on(feedback for _, feedback in feedback_kept(storage))
    if as_json:
        print_json(asdict(report))
        return
    if report.sent_as_is is None:
        console.print("There is no feedback on drafts yet.")
        return
    share, low, high = report.sent_as_is
    console.print(
        f"{report.count} drafts: {report.accepted} accepted, {report.edited} edited, {report.rejected} rejected."
    )
    console.print(f"Sent as they were: {share:.0%} ({low:.0%} to {high:.0%}).")
    if report.changed is not None:
        console.print(f"Of an edited one {report.changed:.0%} of the text was changed (median).")
    for reason, count in report.reasons:
        console.print(f"  {count} × {escape(reason)}", style="dim", soft_wrap=True)
