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


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of a passage that is quoted whole.

    Attributes:
        text: A sentence, or a list or table with the line that leads to it.
        heading: The heading it stands under within the passage.
        is_list: Whether it stands on lines of its own.
    """

    text: str
    heading: str = ""
    is_list: bool = False


def units_of(text: str) -> tuple[Unit, ...]:
    """The parts of a passage, in order."""
    units: list[Unit] = []
    block: list[str] = []
    heading = ""

    def close() -> None:
        if block:
            units.append(Unit("\n".join(block), heading, is_list=True))
            block.clear()

    lines = [line.rstrip() for line in text.split("\n") if line.strip()]
    for position, line in enumerate(lines):
        if _STEP.match(line) is not None or line.count(" | ") >= 1:
            if not block and units and not units[-1].is_list and units[-1].text.endswith(":"):
                block.append(units.pop().text)
            block.append(line)
            continue
        close()
        if _is_heading(line) and position + 1 < len(lines):
            heading = line.strip()
            continue
        units.extend(Unit(sentence, heading) for sentence in _sentences(line.strip()))
    close()
    return tuple(units)


def _is_heading(line: str) -> bool:
    """A short line that ends without a full stop stands over what follows."""
    return len(line.split()) <= 12 and line.rstrip()[-1:] not in {".", "!", ":", ";", ","}


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
    text = _chosen(query, units, language) or hit.passage.text.strip()
    passage = hit.passage
    citation = Citation(
        article_id=passage.article_id, title=passage.title, passage=text, url=passage.url,
        heading=" > ".join(passage.heading) or None, score=round(hit.score, 6),
    )  # fmt: skip
    return GroundedAnswer(text, citation, passage)


def _chosen(query: str, units: Sequence[Unit], language: str) -> str:
    """The units that fit best, as long as they stay short together, in their order.

    An article answers in its first sentence; further units must share words with the question, theirs or their heading's.
    """
    tokeniser = Tokeniser(language)
    asked = set(tokeniser.terms(query))
    scored = []
    for position, unit in enumerate(units):
        own = len(asked & set(tokeniser.terms(unit.text)))
        above = len(asked & set(tokeniser.terms(unit.heading))) if unit.heading else 0
        scored.append((own + 0.7 * above + (0.5 if position == 0 else 0.0), -position, position))
    kept: set[int] = set()
    words = 0
    best = max(scored, default=(0.0, 0, 0))[0]
    for score, _, position in sorted(scored, reverse=True):
        size = len(units[position].text.split())
        if kept and (words + size > MAX_ANSWER_WORDS or score < max(0.6, best / 3)):
            continue
        kept.add(position)
        words += size
    return _joined([units[position] for position in sorted(kept)])


def _joined(units: Sequence[Unit]) -> str:
    """Sentences in a run, lists on lines of their own."""
    out = ""
    for before, unit in zip((None, *units), units, strict=False):
        if before is not None:
            apart = unit.is_list or before.is_list or unit.heading != before.heading
            out += "\n" if unit.is_list or before.is_list else "\n\n" if apart else " "
        out += unit.text
    return out
