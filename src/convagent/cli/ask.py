"""`convagent ask`: one message, one turn."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from convagent.cli.model_options import BaseUrlOption, ModelOption
from convagent.cli.output import JsonOption, ShopOption, console, print_json, print_note, print_turn, turn_json
from convagent.errors import FactsError

__all__ = ["ask", "read_facts"]


def ask(
    message: Annotated[str, typer.Argument(help="What the customer writes; - reads it from standard input.")],
    facts: Annotated[
        Path | None,
        typer.Option(
            "--facts", metavar="FILE", help='JSON with what you know: {"customer": {"email": …}}; - for standard input.'
        ),
    ] = None,
    conversation: Annotated[
        str | None,
        typer.Option(
            "--conversation",
            metavar="ID",
            help="Go on in this conversation, kept in the shop's storage. Without it nothing is kept.",
        ),
    ] = None,
    why: Annotated[bool, typer.Option("--why", help="Explain the turn.")] = False,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    as_json: JsonOption = False,
    shop: ShopOption = Path(),
) -> None:
    """Answer one message.

    Without --conversation the message stands alone and nothing is kept.

    [dim]convagent ask "Where is order #1042?" --facts ada.json --json[/dim]
    """
    from convagent.agent import Agent

    text = sys.stdin.read() if message == "-" else message
    known = read_facts(facts)
    storage = None if conversation else "memory:"
    with Agent.open(shop, storage=storage, model=model, base_url=base_url) as agent:
        turn = agent.reply(text, conversation=conversation or "ask", facts=known)
        if as_json:
            print_json(turn_json(turn))
            return
        print_turn(turn, name=agent.shop.settings.agent.name or "agent", show_message=False)
        if turn.handover is not None:
            print_note(turn.handover.summary)
        if why:
            console.print(turn.explain(), style="dim", markup=False)


def read_facts(path: Path | None) -> dict[str, Any] | None:
    """Facts from a JSON file, `-` for standard input.

    Raises:
        FactsError: It can't be read, or is no JSON object.
    """
    if path is None:
        return None
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
        data = json.loads(text)
    except OSError as error:
        raise FactsError(f"the facts can't be read: {error.strerror}", code="facts-file", place=path) from None
    except (ValueError, RecursionError) as error:
        raise FactsError(f"the facts are not JSON: {error}", code="facts-file", place=path) from None
    if not isinstance(data, dict):
        raise FactsError(
            'the facts are not an object such as {"customer": {"email": …}}', code="facts-file", place=path
        )
    return data
