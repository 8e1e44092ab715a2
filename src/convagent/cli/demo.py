"""`convagent demo`: conversations of the demo shop, replayed on the real engine."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from convagent.cli.output import JsonOption, console, print_json, print_note, print_turn, turn_json, why_lines

if TYPE_CHECKING:
    from convagent.agent import Agent
    from convagent.conversation import Turn
    from convagent.evals import Case

__all__ = ["demo"]


def demo(
    why: Annotated[bool, typer.Option("--why/--no-why", help="Show why each turn came out as it did.")] = True,
    stay: Annotated[
        bool | None,
        typer.Option("--chat/--no-chat", help="Go on into a chat with the demo shop.", show_default="on a terminal"),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Replay about ten conversations of the demo shop on the real engine, then go on into a chat.

    It needs no network, no key and no files of yours.
    """
    from convagent.agent import Agent
    from convagent.evals import load_cases
    from convagent.shop import demo_shop

    folder = demo_shop()
    tour = load_cases([folder / "evals" / "tour.yaml"])
    turns: list[Turn] = []
    with Agent.open(folder, storage="memory:") as agent:
        for number, conversation in enumerate(tour, 1):
            turns += _replay(agent, conversation, number, why=why, quiet=as_json)
        if as_json:
            print_json([turn_json(turn) for turn in turns])
            return
        console.print(_counts(turns, len(tour)))
        if stay if stay is not None else sys.stdin.isatty() and sys.stdout.isatty():
            from convagent.cli.chat import talk

            console.print(Text("Now you. Try: “Can I return opened make-up?”, or ask for a person.", style="dim"))
            talk(agent)


def _replay(agent: Agent, conversation: Case, number: int, *, why: bool, quiet: bool) -> list[Turn]:
    turns: list[Turn] = []
    if not quiet:
        console.print(Rule(Text(f"{number}. {conversation.title}"), align="left"))
    for message in conversation.turns:
        turn = agent.reply(message.customer or "", conversation=f"tour-{number}", facts=conversation.facts)
        turns.append(turn)
        if quiet:
            continue
        print_turn(turn, name=agent.shop.settings.agent.name)
        if why:
            for line in why_lines(turn):
                console.print(Text(f"    · {line}", style="dim"), overflow="ellipsis", no_wrap=True)
        if turn.handover is not None:
            print_note(turn.handover.summary)
        console.print()
    return turns


def _counts(turns: list[Turn], conversations: int) -> Table:
    table = Table(
        title=f"{conversations} conversations, {len(turns)} turns", title_justify="left", box=None, padding=(0, 2, 0, 0)
    )
    table.add_column("outcome")
    table.add_column("turns", justify="right")
    for name, count in Counter(turn.outcome.name for turn in turns).most_common():
        table.add_row(name, str(count))
    writes = Counter(record.status for turn in turns for record in turn.actions if record.kind == "write")
    for status, count in writes.items():
        table.add_row(f"actions {status}", str(count))
    table.add_row("answers with their source", str(sum(1 for turn in turns if turn.citations)))
    table.add_row("model calls", str(sum(turn.usage.model_calls for turn in turns)))
    seconds = sorted(turn.usage.seconds for turn in turns)
    table.add_row("median time of a turn", f"{seconds[len(seconds) // 2] * 1000:.1f} ms" if seconds else "-")
    return table
