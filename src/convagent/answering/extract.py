"""Answers from articles without a model: the passage's own sentences or steps, chosen for the question, in their order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from convagent.conversation import Citation
from convagent.knowledge import Hit, Passage
from convagent.search import Tokeniser

__all__ = ["MAX_ANSWER_WORDS", "GroundedAnswer", "extract_answer", "units_of"]

MAX_ANSWER_WORDS = 80
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
    """The section that fits best, cut to what is read on a phone; before it the article's first sentence if that fits too.

    Sections of one passage stand under headings of their own, and what stands under a heading makes sense only as a whole.
    """
    tokeniser = Tokeniser(language)
    asked = set(tokeniser.terms(query))
    sections = [list(group) for _, group in groupby(units, key=lambda unit: unit.heading)]
    if not sections:
        return ""
    scores = [_overlap(asked, section, tokeniser) + (0.6 if not section[0].heading else 0.0) for section in sections]
    best = max(range(len(sections)), key=lambda position: (scores[position], -position))
    parts: list[str] = []
    room = MAX_ANSWER_WORDS
    if best > 0 and not sections[0][0].heading and not sections[0][0].is_list and scores[0] >= scores[best] / 2:
        parts.append(sections[0][0].text)
        room -= len(sections[0][0].text.split())
    body = _joined(_cut(sections[best], asked, tokeniser, room))
    heading = sections[best][0].heading
    parts.append(f"{heading}\n{body}" if heading and (parts or heading.endswith("?")) else body)
    return "\n\n".join(parts)


def _overlap(asked: set[str], section: Sequence[Unit], tokeniser: Tokeniser) -> float:
    """How many of the question's words a section has; those of its heading count more."""
    own = set(tokeniser.terms(" ".join(unit.text for unit in section)))
    above = set(tokeniser.terms(section[0].heading))
    return float(len(asked & own) + len(asked & above))


def _cut(section: Sequence[Unit], asked: set[str], tokeniser: Tokeniser, room: int) -> list[Unit]:
    """The section's first unit, and those that share most words with the question, as long as there is room."""
    if sum(len(unit.text.split()) for unit in section) <= room:
        return list(section)
    ranked = sorted(range(1, len(section)), key=lambda n: (-len(asked & set(tokeniser.terms(section[n].text))), n))
    kept = {0}
    room -= len(section[0].text.split())
    for position in ranked:
        size = len(section[position].text.split())
        if size <= room:
            kept.add(position)
            room -= size
    return [section[position] for position in sorted(kept)]


def _joined(units: Sequence[Unit]) -> str:
    """Sentences in a run, lists on lines of their own."""
    out = ""
    for before, unit in zip((None, *units), units, strict=False):
        if before is not None:
            out += "\n" if unit.is_list or before.is_list else " "
        out += unit.text
    return out
