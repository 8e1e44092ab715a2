"""What something costs, asked beside having it done: "could you mend my jumper, and what would that cost?"."""

from __future__ import annotations

import re
from dataclasses import replace

from convagent.guidance.interpreter.requests import Heard, Request
from convagent.turns.articles import answerable
from convagent.turns.state import TurnWork

__all__ = ["with_costs_beside"]

_COST = re.compile(
    r"(?:[,;.!?]\s*|\s)(?P<question>(?:and|und|et)\s+(?:also\s+|please\s+)?(?:"
    r"what (?:would|does|will|do|is)\b[^?]{0,40}\b(?:costs?|charge|price)|how (?:much|expensive) (?:is|are|would|does|will|do)\b|"
    r"was (?:kostet?|würde|macht)\b|wie (?:teuer|viel kostet)\b|"
    r"(?:ça |cela )?(?:combien|(?:à )?quel (?:est le )?prix)\b)[^?]{0,60}\?)",
    re.IGNORECASE,
)
_ASKED = "How much does it cost: {title}?"
"""As articles are asked; titles of guides say what is to be done, in the shop's own language."""


def with_costs_beside(work: TurnWork, heard: Heard) -> Heard:
    """What was understood, with the question what it costs as one for the articles, where a guide is asked to do something.

    Only what an article plainly answers is asked apart: else the guide says what there is to say.

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
    found = _COST.search(request.text)
    if found is None:
        return heard
    query = _ASKED.format(title=request.label)
    sure = answerable(work, query, heard.language)
    if sure < work.parts.settings.answer_from:
        return heard
    asked = Request(found["question"], answerable=sure, query=query)
    kept = request.text.replace(found["question"], "").strip(" ,;") or request.text
    return replace(heard, requests=(asked, replace(request, text=kept)))
