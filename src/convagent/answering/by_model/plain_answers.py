"""A bare "Yes." or "No." together with the sentence behind it, where that says what is agreed to or denied.

By itself such a word claims all that was asked, so it isn't sent. With "No. The contract moves with you, and its term
doesn't start again." it says no more than the sentence does, as long as the two agree and it takes up what was asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from convagent.answering.by_model.headings import Line
from convagent.answering.by_model.stream_reading import cited, is_item
from convagent.answering.operators import operators_in
from convagent.answering.stated_terms import common_share, content_terms

__all__ = ["is_plain_answer", "with_their_answers"]

_PLAIN = re.compile(r"\W*(?:(?P<yes>yes|ja|oui)|no|nein|non)\s*[.!]\W*", re.IGNORECASE)
_TAKEN_UP = 0.5
"""This share of a question's words must come again in the sentence that answers it."""


def is_plain_answer(sentence: str) -> bool:
    """Whether a sentence is a bare yes or no."""
    return _PLAIN.fullmatch(sentence) is not None


def with_their_answers(lines: Iterable[Line], question: str, language: str) -> Iterator[Line]:
    """The lines, with a bare yes or no as the beginning of the sentence that it belongs to.

    Args:
        lines: Of one piece, in order.
        question: What was asked.
        language: The reply's.
    """
    waiting: Line | None = None
    for line in lines:
        if waiting is not None:
            if _belongs(waiting.text, line, question, language):
                yield replace(waiting, text=waiting.text + line.text)
                waiting = None
                continue
            yield waiting
            waiting = None
        if _PLAIN.fullmatch(cited(line.text)[0]) and not line.leads:
            waiting = line
        else:
            yield line
    if waiting is not None:
        yield waiting


def _belongs(plain: str, line: Line, question: str, language: str) -> bool:
    if line.leads or line.heading or is_item(line.text) or line.text.rstrip().endswith((":", "?")):
        return False
    found = _PLAIN.fullmatch(cited(plain)[0])
    agrees = found is not None and found["yes"] is not None
    told = operators_in(line.text)
    if agrees == (told.negated or (not agrees and bool(told.concepts & {"only", "except"}))):
        return False
    asked = content_terms(question, language)
    return common_share(asked, content_terms(line.text, language)) >= _TAKEN_UP
