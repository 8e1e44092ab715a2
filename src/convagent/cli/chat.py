"""`convagent chat`: talk to the agent as a customer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from convagent.cli.ask import read_facts
from convagent.cli.output import ShopOption, console, print_handover, print_turn
from convagent.errors import ConvagentError

if TYPE_CHECKING:
    from convagent.agent import Agent
    from convagent.conversation import Turn

__all__ = ["chat", "talk"]

_HELP = (
    "/why explains the last turn, /note shows the last handover note, /accept takes the conversation as a colleague, "
    "/back gives it back to the agent, /new begins anew, /quit leaves."
)


def chat(
    facts: Annotated[
        Path | None, typer.Option("--facts", metavar="FILE", help="JSON with what you know of the customer.")
    ] = None,
    conversation: Annotated[
        str | None,
        typer.Option("--conversation", metavar="ID", help="Go on in this conversation; without it nothing is kept."),
    ] = None,
    shop: ShopOption = Path(),
) -> None:
    """Talk to the agent as a customer would. /why explains the last turn."""
    from convagent.agent import Agent

    known = read_facts(facts)
    with Agent.open(shop, storage=None if conversation else "memory:") as agent:
        talk(agent, facts=known, conversation=conversation)


def talk(agent: Agent, *, facts: dict[str, Any] | None = None, conversation: str | None = None) -> None:
    """The conversation itself, until the customer leaves."""
    settings = agent.shop.settings
    console.print(
        Text.assemble(("You write as a customer of ", "dim"), (settings.shop.name, "bold"), (f". {_HELP}", "dim"))
    )
    name = settings.agent.name or "agent"
    number, last = 1, None
    while True:
        try:
            text = console.input("[bold]you[/bold] ").strip()
        except (EOFError, KeyboardInterrupt):
            console.print()
            return
        current = conversation or f"chat-{number}"
        if text in {"/quit", "/exit", "/q"}:
            return
        if text == "/new":
            number, last = number + 1, None
            console.print("A new conversation.", style="dim")
        elif text.startswith("/"):
            _command(text, agent, current, last)
        else:
            last = agent.reply(text, conversation=current, facts=facts)
            print_turn(last, name=name, show_message=False)


def _command(text: str, agent: Agent, conversation: str, last: Turn | None) -> None:
    if text == "/back":
        agent.give_back(conversation)
        console.print("The agent has the conversation again.", style="dim")
    elif text == "/accept":
        try:
            agent.handover_accepted(conversation, by="you")
            console.print("You have the conversation; /back gives it back.", style="dim")
        except ConvagentError as error:
            console.print(error.message, style="dim", markup=False)
    elif text == "/why" and last is not None:
        console.print(last.explain(), style="dim", markup=False)
    elif text == "/note" and (kept := agent.handover(conversation)) is not None:
        print_handover(kept.handover)
        console.print(f"    {kept.id}: {kept.status}", style="dim", markup=False)
    elif text in {"/why", "/note"}:
        console.print("There is nothing to show yet.", style="dim")
    else:
        console.print(_HELP, style="dim")
