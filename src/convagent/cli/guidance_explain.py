"""`convagent guidance explain` and `table`: what a guide does, for a message or in all cases."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from convagent.cli.ask import read_facts
from convagent.cli.output import JsonOption, ShopOption, console, print_json, print_turn, turn_json
from convagent.errors import GuidanceError

if TYPE_CHECKING:
    from convagent.evals.meanings import Meaning
    from convagent.guidance.interpreter.table import DecisionTable

__all__ = ["explain", "table", "unknown_guide"]


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
    """Tell what would happen for a message and these facts, condition by condition. Nothing is written or kept.

    First which guides were considered: how probable each is, the example that is most like the message, and the words that
    speak for it or against it (the probability falls or rises without them).
    """
    from convagent.agent import Agent
    from convagent.evals.meanings import meanings

    known = read_facts(facts)
    with Agent.open(shop, storage="memory:") as agent:
        named = agent.shop.kernel.guide(guide or message)
        if guide is not None and named is None:
            raise unknown_guide(guide, [g.title for g in agent.shop.kernel.guides])
        turn = agent.decide(
            message, conversation="explain", facts=known, guide=named.title if named is not None else None
        )
        meant = [] if named is not None else meanings(agent.shop, message)
        if as_json:
            print_json({**turn_json(turn), "considered": [each.to_json() for each in meant]})
            return
        for each in meant:
            _considered(each)
        console.print(turn.explain(), markup=False)
        print_turn(turn, name=agent.shop.settings.agent.name or "agent", show_message=False)


def _considered(meaning: Meaning) -> None:
    console.print(f"“{meaning.text}”: {meaning.probability:.0%} that a guide is meant", markup=False, highlight=False)
    for each in meaning.guides:
        console.print(f"  {each.probability:>4.0%}  {each.title}", markup=False, highlight=False)
        if each.example:
            console.print(f"        most like “{each.example}”", markup=False, style="dim", highlight=False)
        words = ", ".join(f"{word} {share:+.0%}" for word, share in each.words)
        if words:
            console.print(f"        words: {words}", markup=False, style="dim", highlight=False)


FORMS = ("terminal", "markdown", "html", "csv", "json")


def table(
    title: Annotated[
        str | None, typer.Argument(metavar="[TITLE]", help="The guide's title; all guides without one.")
    ] = None,
    form: Annotated[
        str, typer.Option("--output", metavar="FORM", help="terminal, markdown, html, csv or json.")
    ] = "terminal",
    shop: ShopOption = Path(),
) -> None:
    """Show guides as decision tables: a row for each way through a guide."""
    from convagent.guidance.interpreter.table import as_markdown, decision_table
    from convagent.guidance.table_forms import as_csv, as_html
    from convagent.shop import open_shop

    if form not in FORMS:
        raise GuidanceError(
            f"{form} is no form of a table", code="usage", remedy=f"Choose one of {', '.join(FORMS)}."
        )  # fmt: skip
    kernel = open_shop(shop).kernel
    guides = list(kernel.guides)
    if title is not None:
        guide = kernel.guide(title)
        if guide is None:
            raise unknown_guide(title, [g.title for g in guides])
        guides = [guide]
    found = [decision_table(guide) for guide in guides]
    if form == "json":
        print_json(asdict(found[0]) if title is not None else [asdict(each) for each in found])
    elif form == "html":
        sys.stdout.write(as_html(found))
    elif form == "csv":
        sys.stdout.write(as_csv(found))
    elif form == "markdown":
        console.print("\n".join(as_markdown(each) for each in found), markup=False, soft_wrap=True)
    else:
        for each in found:
            _show_table(each)


def _show_table(table: DecisionTable) -> None:
    """A table that fits a terminal: conditions by letters, which stand above it in full; ✓ where one holds, ✗ where not."""
    letters = {condition: _letter(place) for place, condition in enumerate(table.conditions)}
    console.print(Text(table.title, "bold"))
    if table.needs:
        console.print(Text(f"needs {', '.join(table.needs)}", "dim"))
    for condition, letter in letters.items():
        console.print(Padding(Text.assemble((f"{letter:>2}  ", "bold"), condition), (0, 0, 0, 1)))
    shown = Table(box=None, pad_edge=False)
    shown.add_column("", justify="right", style="dim")
    for letter in letters.values():
        shown.add_column(letter)
    shown.add_column("then", min_width=30, overflow="fold")
    for number, row in enumerate(table.rows, 1):
        found = {condition: {"yes": "✓", "no": "✗"}.get(told, told) for condition, told in row.conditions}
        then = Text("\n").join(Text(step) for step in row.steps)
        shown.add_row(str(number), *(found.get(condition, "·") for condition in letters), then)
    console.print(shown)
    if table.cut:
        console.print(Text("There are more ways; the first are shown.", "dim"))
    console.print()


def _letter(place: int) -> str:
    """The letters a, b, … z, then aa, ab and so on."""
    above, rest = divmod(place, 26)
    return (_letter(above - 1) if above else "") + "abcdefghijklmnopqrstuvwxyz"[rest]


def unknown_guide(title: str, known: list[str]) -> GuidanceError:
    """The error for a title that no guide has, with the one that is most like it."""
    from convagent.guidance.language.slips import suggest

    meant = suggest(title, known, cutoff=50)
    remedy = f"Did you mean “{meant}”?" if meant else f"There are: {', '.join(sorted(known))}."
    return GuidanceError(f"there is no guide “{title}”", code="guidance-unknown", remedy=remedy)
