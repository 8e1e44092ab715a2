"""What something costs, asked beside having it done: "could you mend my jumper, and what would that cost?"."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

from convagent.guidance.interpreter.requests import Heard, Request
from convagent.search import base_language
from convagent.turns.articles import answerable
from convagent.turns.state import TurnWork
from convagent.word_tables import read_table

__all__ = ["cost_asked_beside", "with_costs_beside"]

_TABLE = Path(__file__).parent / "costs_beside.toml"

_LEADS = r"(?:[,;.!?]\s*|\s)"
"""What stands before the question: it follows on what is to be done."""


@cache
def _question() -> re.Pattern[str]:
    asked = "|".join(read_table(_TABLE)["question"])
    return re.compile(rf"{_LEADS}(?P<question>(?:{asked})\s*\?)", re.IGNORECASE)


def cost_asked_beside(text: str) -> str:
    """The question what it costs that stands beside what is to be done: "and what would that cost?"; empty for none.

    What a thing costs that the question names ("and how much is the blue one?") is none such.

    Args:
        text: A customer's words.
    """
    found = _question().search(text)
    return found["question"] if found is not None else ""


def with_costs_beside(work: TurnWork, heard: Heard) -> Heard:
    """What was understood, with the question what it costs as one for the articles, where a guide is asked to do something.

    Articles are asked it by the title of the guide, in the shop's own language; titles in others than English, German and
    French go with English words. Only what an article plainly answers is asked apart: else the guide says what there is to say.

    Args:
        work: The turn.
        heard: What was understood.
    """
    request = heard.requests[0] if len(heard.requests) == 1 else None
    assistant = work.parts.assistant
    if request is None or request.label is None or request.close or request.shopping:
        return heard
    if assistant is not None and assistant.is_advising(request.label):
        return heard
    question = cost_asked_beside(request.text)
    if not question:
        return heard
    shop, table = work.parts.shop.settings.shop, read_table(_TABLE)["asked"]
    query = table.get(base_language(shop.language), table["en"]).format(title=request.label)
    sure = answerable(work, query, heard.language)
    if sure < work.parts.settings.answer_from:
        return heard
    asked = Request(question, answerable=sure, query=query)
    kept = request.text.replace(question, "").strip(" ,;") or request.text
    return replace(heard, requests=(asked, replace(request, text=kept)))
