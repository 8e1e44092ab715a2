"""`convagent overdue`: what waited too long for an answer is closed or handed over."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from convagent.cli.output import JsonOption, ShopOption, console, print_json, print_note, print_turn, turn_json
from convagent.errors import ConvagentError

__all__ = ["overdue"]


def overdue(
    now: Annotated[
        str | None,
        typer.Option(
            "--now",
            metavar="MOMENT",
            help="What is due by this moment, such as 2026-06-19T09:00+01:00; now by default.",
        ),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="End at most so many conversations.")] = 100,
    as_json: JsonOption = False,
    shop: ShopOption = Path(),
) -> None:
    """End what waited too long for an answer.

    A guide may say how long it waits: “within 3 days, else close”, or “else hand over”. This command looks into the shop's
    storage and ends what is due: silently where the guide closes, with a note for the team where it hands over. A handover
    that nobody took by the time that the customer was told rises in priority, once, and the customer hears of it. Run it
    every few minutes from a scheduler; several at once, or once too often, do no harm. A customer who writes before it
    looks is answered as ever.

    It prints each conversation that it ended. What has a reply is to be sent to the customer.

    [dim]*/5 * * * *  convagent overdue --shop /srv/my-shop --json[/dim]
    """
    from convagent.agent import Agent

    with Agent.open(shop) as agent:
        turns = agent.overdue_handovers(now=_moment(now), limit=limit)
        if len(turns) < limit:
            turns += agent.overdue(now=_moment(now), limit=limit - len(turns))
        if as_json:
            print_json([turn_json(turn) for turn in turns])
            return
        for turn in turns:
            console.print(turn.conversation, style="bold", markup=False)
            print_turn(turn, name=agent.shop.settings.agent.name or "agent", show_message=False)
            if turn.handover is not None:
                print_note(turn.handover.summary)
        if not turns:
            console.print("Nothing is overdue.")


def _moment(text: str | None) -> datetime | None:
    """A moment with its time zone.

    Raises:
        ConvagentError: It is none, or its time zone is missing.
    """
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ConvagentError(
            f"“{text[:80]}” is no moment with a time zone", code="moment-zone",
            remedy="Write it like 2026-06-19T09:00+01:00.",
        )  # fmt: skip
    return moment
