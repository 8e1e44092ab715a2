"""`convagent guidance explain` and `table`: what a guide does, for a message or in all cases."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.markdown import Markdown

from convagent.cli.ask import read_facts
from convagent.cli.output import JsonOption, ShopOption, console, print_json, print_turn, turn_json
from convagent.errors import GuidanceError

__all__ = ["explain", "table"]


def explain(
    message: Annotated[str, typer.Argument(help="What a customer writes, or the title of a guide.")],
    facts: Annotated[
        Path | None, typer.Option("--facts", metavar="FILE", help="JSON with what is known: customer, order, now …")
    ] = None,
    guide: Annotated[
        str | None, typer.Option("--guide", metavar="TITLE", help="Read this guide, whatever the message means.")
    ] = None,
    as_json: JsonOption = False,
    shop: ShopOption = Path(),
) -> None:
    """Tell what would happen for a message and these facts, condition by condition. Nothing is written or kept."""
    from convagent.agent import Agent

    known = read_facts(facts)
    with Agent.open(shop, storage="memory:") as agent:
        named = agent.shop.kernel.guide(guide or message)
        if guide is not None and named is None:
            raise _unknown(guide, [g.title for g in agent.shop.kernel.guides])
        turn = agent.decide(
            message, conversation="explain", facts=known, guide=named.title if named is not None else None
        )
        if as_json:
            print_json(turn_json(turn))
            return
        console.print(turn.explain(), markup=False)
        print_turn(turn, name=agent.shop.settings.agent.name or "agent", show_message=False)


def table(
    title: Annotated[str, typer.Argument(help="The guide's title.")],
    form: Annotated[str, typer.Option("--output", metavar="FORM", help="terminal, markdown or json.")] = "terminal",
    shop: ShopOption = Path(),
) -> None:
    """Show a guide as a decision table: a row for each way through it."""
    from convagent.guidance.interpreter.table import as_markdown, decision_table
    from convagent.shop import open_shop

    opened = open_shop(shop)
    guide = opened.kernel.guide(title)
    if guide is None:
        raise _unknown(title, [g.title for g in opened.kernel.guides])
    found = decision_table(guide)
    if form == "json":
        print_json(asdict(found))
    elif form == "markdown":
        console.print(as_markdown(found), markup=False, soft_wrap=True)
    else:
        console.print(Markdown(as_markdown(found).replace("<br>", "; ")))


def _unknown(title: str, known: list[str]) -> GuidanceError:
    from convagent.guidance.language.slips import suggest

    meant = suggest(title, known, cutoff=50)
    remedy = f"Did you mean “{meant}”?" if meant else f"There are: {', '.join(sorted(known))}."
    return GuidanceError(f"there is no guide “{title}”", code="guidance-unknown", remedy=remedy)
