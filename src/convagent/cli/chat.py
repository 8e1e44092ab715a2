"""`convagent chat`: talk to the agent as a customer."""

from __future__ import annotations

import os
import shlex
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from convagent.cli.ask import read_facts
from convagent.cli.model_options import BaseUrlOption, ModelOption
from convagent.cli.output import ShopOption, console, print_handover, print_stream
from convagent.errors import ConvagentError

if TYPE_CHECKING:
    from convagent.agent import Agent
    from convagent.conversation import Turn

__all__ = ["chat", "talk"]

_HELP = (
    "/why explains the last turn, /note shows the last handover note, /accept takes the conversation as a colleague, "
    "/back gives it back to the agent, /save NAME keeps the conversation as a case in evals/, /new begins anew, "
    "/quit leaves."
)


def chat(
    facts: Annotated[
        Path | None, typer.Option("--facts", metavar="FILE", help="JSON with what you know of the customer.")
    ] = None,
    conversation: Annotated[
        str | None,
        typer.Option("--conversation", metavar="ID", help="Go on in this conversation; without it nothing is kept."),
    ] = None,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    shop: ShopOption = Path(),
) -> None:
    """Talk to the agent as a customer would. /why explains the last turn."""
    from convagent.agent import Agent

    known = read_facts(facts)
    storage = None if conversation else "memory:"
    with Agent.open(shop, storage=storage, model=model, base_url=base_url) as agent:
        talk(agent, facts=known, conversation=conversation)


def talk(agent: Agent, *, facts: dict[str, Any] | None = None, conversation: str | None = None) -> None:
    """The conversation itself, until the customer leaves."""
    from convagent.knowledge.absence import no_articles

    settings = agent.shop.settings
    if absent := no_articles(agent.shop.knowledge, settings.knowledge.articles):
        console.print(Text.assemble(("!", "yellow"), f" {absent}"))
    console.print(
        Text.assemble(("You write as a customer of ", "dim"), (settings.shop.name, "bold"), (f". {_HELP}", "dim"))
    )
    name = settings.agent.name or "agent"
    number, last = 1, None
    turns: list[Turn] = []
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
            number, last, turns = number + 1, None, []
            console.print("A new conversation.", style="dim")
        elif text.split()[:1] == ["/save"]:
            _save(text.removeprefix("/save").strip(), turns, agent, facts)
        elif text.startswith("/"):
            _command(text, agent, current, last)
        else:
            last = print_stream(agent.stream(text, conversation=current, facts=facts), name=name)
            turns.append(last)


def _save(name: str, turns: list[Turn], agent: Agent, facts: dict[str, Any] | None) -> None:
    """Keeps the conversation as a case: what came is what is expected from now on."""
    from convagent.evals import from_turns, to_yaml

    if not turns:
        console.print("There is nothing to save yet.", style="dim")
        return
    path = _place_of(name, agent.shop.path / "evals")
    title = " ".join(turns[0].message.text.split())[:80] or "A conversation"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", errors="replace") as file:
            file.write(to_yaml([from_turns(turns, title=title, facts=facts)]))
    except FileExistsError:
        told = f"{path} is there already, or a part of its folder is a file: name another."
    except (OSError, ValueError) as error:
        told = f"{path} can't be written: {getattr(error, 'strerror', None) or error}. Name another."
    else:
        told = (
            f"Saved: {path}. What came is what is expected from now on: read it, then run "
            f"`{_command_for(path, agent.shop.path)}`."
        )
    console.print(told, style="dim", markup=False, soft_wrap=True)


def _place_of(name: str, folder: Path) -> Path:
    """The file that a name means: a bare one stands among the shop's cases, one with a folder where it says.

    A folder alone gets it under a name of its own.
    """
    meant = Path(os.path.expanduser(name))  # noqa: PTH111 - the path's own method raises for a user that isn't there
    if not name or name.endswith(("/", os.sep)) or meant.is_dir():
        among = meant if name else folder
        free = (among / f"chat-{number}.yaml" for number in count(1))
        return next(each for each in free if not each.exists())
    path = folder / meant if meant.name == name else meant
    return path if path.suffix in {".yaml", ".yml"} else path.with_name(f"{path.name}.yaml")


def _command_for(path: Path, shop: Path) -> str:
    """What runs a file of cases on a shop, from the current folder."""
    words = ["convagent", "eval", "run", shlex.quote(str(path))]
    return " ".join(words if shop.resolve() == Path.cwd() else [*words, "--shop", shlex.quote(str(shop))])


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
