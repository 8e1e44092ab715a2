"""`convagent knowledge search`: what the articles have on a question, how sure it is, and what it lacks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from convagent.cli.output import JsonOption, ShopOption, console, print_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convagent.answering import GroundedAnswer
    from convagent.knowledge import Hit
    from convagent.settings import Settings

__all__ = ["search"]


def search(
    question: Annotated[str, typer.Argument(help="What a customer might ask.")],
    shop: ShopOption = Path(),
    language: Annotated[
        str | None, typer.Option(metavar="TAG", help="The question's language.", show_default="told by its words")
    ] = None,
    market: Annotated[
        str | None, typer.Option(metavar="CODE", help="The customer's market.", show_default="any")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Tell what the articles have on a question: how sure it is, what would be told, which passages are near.

    It is looked up as a customer's question is, without the guides: [bold]convagent guidance explain[/bold] tells what would
    happen in all. Words of the question that the best passage doesn't have are named: where customers ask in such words, put
    them into the article, best into its title or a heading.
    """
    from convagent.answering import extract_answer
    from convagent.knowledge import Scope
    from convagent.knowledge.absence import no_articles
    from convagent.shop import open_shop
    from convagent.turns.articles import best_passages
    from convagent.understanding.signals import read_signals

    opened = open_shop(shop)
    settings, base = opened.settings, opened.knowledge
    languages = (settings.shop.language, *settings.shop.languages)
    told = read_signals(question, language=settings.shop.language, languages=languages).language
    spoken = language or (told if told in languages else settings.shop.language)
    sure, answer = 0.0, None
    hits: list[Hit] = []
    if base is not None:
        scope = Scope(market=market, on=opened.now().date())
        sure, hits = best_passages(base, question, language=spoken, scope=scope)
        answer = extract_answer(
            question, hits, language=spoken, passages=base.passages_of(hits[0].article_id) if hits else ()
        )
    lacking = _lacking(question, answer, spoken)
    if as_json:
        print_json(_as_json(question, spoken, sure, settings, hits, answer, lacking))
        return
    if absent := no_articles(base, settings.knowledge.articles):
        console.print(f"! {absent}", markup=False, style="yellow")
    console.print(f"“{question}” ({spoken})", markup=False, highlight=False)
    console.print(f"  {_verdict(sure, settings)}", markup=False, highlight=False)
    near = answer is not None and sure >= settings.agent.ask_from
    console.print(Padding(escape(answer.text), (1, 0, 1, 2)) if near and answer is not None else "", highlight=False)
    if hits:
        console.print(_passages(hits))
    if lacking:
        console.print(f"  It doesn't have: {', '.join(lacking)}", markup=False, style="dim", highlight=False)


def _verdict(sure: float, settings: Settings) -> str:
    answers, asks = settings.agent.answer_from, settings.agent.ask_from
    if sure >= answers:
        return f"{sure:.0%} sure: this is told"
    if asks <= sure:
        return f"{sure:.0%} sure: asks whether it is meant (tells it from {answers:.0%})"
    return f"{sure:.0%} sure: not told, a person answers (asks from {asks:.0%}, tells from {answers:.0%})"


def _passages(hits: Sequence[Hit]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("", "article", "passage", "words", "meaning"):
        table.add_column(name, overflow="fold", justify="right" if name in {"words", "meaning"} else "left")
    for hit in hits:
        near = "" if hit.nearness is None else f"{hit.nearness:.2f}"
        table.add_row(
            "",
            escape(hit.article_id),
            escape(hit.passage.breadcrumbs or hit.passage.title),
            f"{hit.coverage:.0%}",
            near,
        )
    return table


def _lacking(question: str, answer: GroundedAnswer | None, language: str) -> list[str]:
    """Words of a question that stand neither in the passage nor above it, as they were written."""
    from convagent.search import Tokeniser
    from convagent.understanding.content_words import content_words

    if answer is None:
        return []
    terms = Tokeniser(language).terms
    known = set(terms(f"{answer.passage.breadcrumbs}\n{answer.passage.title}\n{answer.passage.text}"))
    return [word for word in content_words(question) if (own := terms(word)) and not known & set(own)]


def _as_json(
    question: str, language: str, sure: float, settings: Settings, hits: Sequence[Hit], answer: GroundedAnswer | None,
    lacking: Sequence[str],
) -> dict[str, Any]:  # fmt: skip
    return {
        "question": question,
        "language": language,
        "probability": round(sure, 3),
        "answer_from": settings.agent.answer_from,
        "ask_from": settings.agent.ask_from,
        "answer": None if answer is None else answer.text,
        "lacking": list(lacking),
        "passages": [
            {
                "article": hit.article_id, "title": hit.passage.title, "heading": " > ".join(hit.passage.heading),
                "text": hit.passage.text, "coverage": round(hit.coverage, 3),
                "nearness": None if hit.nearness is None else round(hit.nearness, 3),
            }
            for hit in hits
        ],
    }  # fmt: skip
