"""Answers from articles without a model: the passage's own sentences or steps, chosen for the question, in their order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from convagent.conversation import Citation
from convagent.knowledge import Hit, Passage
from convagent.search import Tokeniser

__all__ = ["MAX_ANSWER_WORDS", "GroundedAnswer", "extract_answer", "units_of"]

MAX_ANSWER_WORDS = 90
"""Longer passages are cut to the sentences that fit the question: a chat reply is read on a phone."""

_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[\"“(]?[A-ZÄÖÜÀÉÈÇŒ0-9])")
_ABBREVIATION = re.compile(
    r"\b(e\.g|i\.e|etc|approx|no|nr|z\.B|d\.h|usw|ca|bzw|p\.ex|cf|vs|Dr|Mr|Ms|St)\.$", re.IGNORECASE
)
_STEP = re.compile(r"^\s*(\d{1,2}[.)]|[-•*])\s+")


@dataclass(frozen=True, slots=True)
class GroundedAnswer:
    """An answer with its source.

    Attributes:
        text: Sentences of the passage, word for word.
        citation: Where they stand.
        passage: The passage.
    """

    text: str
    citation: Citation
    passage: Passage


def units_of(text: str) -> tuple[str, ...]:
    """The parts of a passage that are quoted whole: sentences, and lists or tables with the line that leads to them."""
    units: list[str] = []
    block: list[str] = []

    def close() -> None:
        if block:
            units.append("\n".join(block))
            block.clear()

    for line in text.split("\n"):
        if not line.strip():
            close()
            continue
        is_step = _STEP.match(line) is not None or line.count(" | ") >= 1
        if is_step:
            if not block and units and units[-1].rstrip().endswith(":"):
                block.append(units.pop())
            block.append(line.rstrip())
            continue
        close()
        units.extend(_sentences(line.strip()))
    close()
    return tuple(units)


def _sentences(line: str) -> list[str]:
    out: list[str] = []
    for part in _SENTENCE_END.split(line):
        if out and _ABBREVIATION.search(out[-1]):
            out[-1] = f"{out[-1]} {part}"
        elif part:
            out.append(part)
    return out


def extract_answer(query: str, hits: Sequence[Hit], *, language: str = "en") -> GroundedAnswer | None:
    """The best passage's own words that fit a question.

    Args:
        query: The question.
        hits: What was found, best first.
        language: For stemming the question's words.

    Returns:
        Whole sentences and lists in their order, None when nothing was found.
    """
    hit = next((hit for hit in hits if hit.passage.text.strip()), None)
    if hit is None:
        return None
    units = units_of(hit.passage.text)
    text = _whole(units) if _words(hit.passage.text) <= MAX_ANSWER_WORDS else _chosen(query, units, language)
    passage = hit.passage
    citation = Citation(
        article_id=passage.article_id, title=passage.title, passage=text, url=passage.url,
        heading=" > ".join(passage.heading) or None, score=round(hit.score, 6),
    )  # fmt: skip
    return GroundedAnswer(text, citation, passage)


def _whole(units: Sequence[str]) -> str:
    return _joined([(n, unit) for n, unit in enumerate(units)])


def _chosen(query: str, units: Sequence[str], language: str) -> str:
    """The first unit that fits best, then the next best, as long as they stay short together."""
    tokeniser = Tokeniser(language)
    asked = set(tokeniser.terms(query))
    scored = []
    for position, unit in enumerate(units):
        stems = set(tokeniser.terms(unit))
        overlap = len(stems & asked) / (len(asked) or 1)
        lead = 0.15 if position == 0 else 0.0  # articles answer in their first sentence
        scored.append((overlap + lead, -position, position))
    kept: set[int] = set()
    words = 0
    for score, _, position in sorted(scored, reverse=True):
        size = _words(units[position])
        if kept and (words + size > MAX_ANSWER_WORDS or score <= 0):
            continue
        kept.add(position)
        words += size
    return _joined([(position, units[position]) for position in sorted(kept)])


def _joined(chosen: Sequence[tuple[int, str]]) -> str:
    """Units in order: sentences in a run, lists on lines of their own."""
    out = ""
    before: tuple[int, str] | None = None
    for position, unit in chosen:
        is_list = "\n" in unit or _STEP.match(unit) is not None
        if before is not None:
            was_list = "\n" in before[1] or _STEP.match(before[1]) is not None
            out += "\n" if is_list or was_list else " "
        out += unit
        before = (position, unit)
    return out


def _words(text: str) -> int:
    return len(text.split())
