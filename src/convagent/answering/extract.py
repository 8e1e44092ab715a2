"""Answers from articles without a model: an article's own sentences, steps and rows, chosen for the question, in their order."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from convagent.answering.asked_for import Figure, gives, wanted_figure
from convagent.answering.units import Unit, units_of
from convagent.conversation import Citation
from convagent.knowledge import Hit, Passage
from convagent.search import Tokeniser

__all__ = ["MAX_ANSWER_WORDS", "GroundedAnswer", "extract_answer"]

MAX_ANSWER_WORDS = 80
"""Longer passages are cut to the sentences that fit the question: a chat reply is read on a phone."""

_LEAD = 0.6
"""What the beginning of an article is ahead: it answers what the title asks."""

_HEADING = 1.0
"""What a section is ahead whose heading has all of the question's words."""

_FIGURE = 1.0
"""What a part is ahead that has the kind of figure that was asked for."""

_LEFT = 0.25
"""Words that were not spoken of yet weigh this share of the question's at least where they are taken up."""

_BESIDE = 0.5
"""The beginning stands before another part when it fits at least this share as well."""


_YES_OR_NO = re.compile(r"\s*(?:yes|no|ja|nein|oui|non)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class GroundedAnswer:
    """An answer with its source.

    Attributes:
        text: Sentences of the article, word for word.
        citation: Where they stand.
        passage: The passage that most of them are from.
        passages: What was found for the question, that passage first: what a chat model may word an answer from.
        heading: What the part of the article is headed that fits best; empty for its beginning.
    """

    text: str
    citation: Citation
    passage: Passage
    passages: tuple[Passage, ...] = ()
    heading: str = ""


@dataclass(frozen=True, slots=True)
class _Section:
    """What stands under one heading of an article."""

    units: tuple[Unit, ...]
    passage: Passage

    @property
    def heading(self) -> str:
        """The heading right above, empty at the article's beginning."""
        return self.units[0].heading

    @property
    def is_lead(self) -> bool:
        """Whether it is the article's beginning."""
        return not self.heading and not self.passage.heading and not self.passage.position


@dataclass(frozen=True, slots=True)
class _Question:
    """A question as the parts of an article are held against it: what its words weigh, and the figure it wants."""

    weights: Mapping[str, float]
    figure: Figure | None
    language: str

    def fit(self, text: str) -> float:
        """How much of the question's words a text has."""
        return sum([self.weights[term] for term in _terms(text, self.language) if term in self.weights])

    def has_figure(self, text: str) -> bool:
        """Whether a text has the kind of figure that is wanted."""
        return self.figure is not None and gives(text, self.figure)


_SHORT = 1_000
"""Characters of a text whose terms are remembered."""


def _terms(text: str, language: str) -> frozenset[str]:
    """The different terms of a text; remembered, as the parts of an article are held against one question after another."""
    return _short_terms(text, language) if len(text) <= _SHORT else frozenset(_tokeniser(language).terms(text))


@lru_cache(maxsize=2_048)
def _short_terms(text: str, language: str) -> frozenset[str]:
    return frozenset(_tokeniser(language).terms(text))


@lru_cache(maxsize=16)
def _tokeniser(language: str) -> Tokeniser:
    return Tokeniser(language)


def extract_answer(
    query: str, hits: Sequence[Hit], *, language: str = "en", passages: Sequence[Passage] = ()
) -> GroundedAnswer | None:
    """The best article's own words that fit a question.

    Args:
        query: The question.
        hits: What was found, best first.
        language: For stemming the question's words.
        passages: All passages of the best article, in its order; without them only the best passage is quoted from.

    Returns:
        Whole sentences, lists and rows in their order, None when nothing was found.
    """
    hit = next((hit for hit in hits if hit.passage.text.strip()), None)
    if hit is None:
        return None
    sections = _sections([p for p in passages if p.article_id == hit.article_id] or [hit.passage])
    text, passage, heading = _chosen(query, sections, language, hit.passage) if sections else ("", hit.passage, "")
    text = text or passage.text.strip()
    citation = Citation(
        article_id=passage.article_id, title=passage.title, passage=text, url=passage.url,
        heading=" > ".join(passage.heading) or None, score=round(hit.score, 6),
    )  # fmt: skip
    return GroundedAnswer(text, citation, passage, heading=heading)


def _sections(passages: Sequence[Passage]) -> list[_Section]:
    sections: list[_Section] = []
    for passage in passages:
        own = passage.heading[-1] if passage.heading else ""
        units = [
            unit if unit.heading or not own else Unit(unit.text, own, unit.is_list) for unit in units_of(passage.text)
        ]
        sections += [_Section(tuple(group), passage) for _, group in groupby(units, key=lambda unit: unit.heading)]
    return sections


def _chosen(query: str, sections: Sequence[_Section], language: str, found: Passage) -> tuple[str, Passage, str]:
    """The section that fits best, cut to what is read on a phone; before it the article's beginning if that fits too.

    Its passage and its heading come with it.

    Sections stand under headings of their own, and what stands under a heading makes sense only as a whole.
    """
    question = _question(query, sections, language)
    title = question.fit(found.title)  # words that stand in the title alone weigh nothing: no part is told by them
    scores = [_score(section, question, title) + (0.3 if section.passage == found else 0.0) for section in sections]
    best = max(range(len(sections)), key=lambda position: (scores[position], -position))
    section, parts, room = sections[best], [], MAX_ANSWER_WORDS
    lead = sections[0]
    if best > 0 and lead.is_lead and not lead.units[0].is_list and scores[0] >= _BESIDE * scores[best]:
        sentences = _cut(lead.units, question, room // 2)
        parts.append(_told(_joined(sentences), found.title, query, language))
        room -= len(parts[0].split())
    body = _joined(_cut(section.units, question, room))
    if section.is_lead:
        body = _told(body, found.title, query, language)
    parts.append(_headed(section.heading, body) if parts or section.heading.endswith("?") else body)
    room -= len(body.split())
    if more := _left_out(question, " ".join((section.heading, *parts)), sections, room):
        parts.append(more)
    return "\n\n".join(parts), section.passage, section.heading


def _headed(heading: str, body: str) -> str:
    return f"{heading}\n{body}" if heading else body


def _told(beginning: str, title: str, query: str, language: str) -> str:
    """An article's beginning; under the title where it says yes or no to that and something else was perhaps asked."""
    if _YES_OR_NO.match(beginning) is None or not title.endswith("?"):
        return beginning
    return beginning if _terms(title, language) <= _terms(query, language) else _headed(title, beginning)


def _left_out(question: _Question, said: str, sections: Sequence[_Section], room: int) -> str:
    """What the article says elsewhere about the question's words that were not spoken of yet; nothing where there is little."""
    spoken = _terms(said, question.language)
    left = {term: weight for term, weight in question.weights.items() if term not in spoken}
    rest = _Question(left, None, question.language)
    best = max(sections, key=lambda section: max(rest.fit(unit.text) for unit in section.units))
    pieces = [text for number, unit in enumerate(best.units) for text, _ in _pieces(unit, number)]
    piece = max(pieces, key=rest.fit)
    fit = rest.fit(piece)  # 0 where the article has none of the words and was found by its meaning
    if fit <= 0 or fit < _LEFT * sum(question.weights.values()) or len(piece.split()) > room:
        return ""
    return _headed(best.heading, piece)


def _question(query: str, sections: Sequence[_Section], language: str) -> _Question:
    """The question's words, each the heavier the fewer parts of the article have it."""
    asked = _terms(query, language)
    parts = [_terms(f"{unit.heading} {unit.text}", language) for section in sections for unit in section.units]
    frequency = {term: sum(term in part for part in parts) for term in asked}
    weights = {term: math.log(1 + len(parts) / times) for term, times in frequency.items() if times}
    return _Question(weights, wanted_figure(query), language)


def _score(section: _Section, question: _Question, title: float) -> float:
    """How well a section fits: its words, its heading's once more, the figure that is wanted; the beginning also by the title."""
    text = " ".join(unit.text for unit in section.units)
    own, above = question.fit(text), question.fit(section.heading)
    score = own + above
    if section.is_lead:
        score += _LEAD + title / 2
    elif above > 0 and above >= sum(question.weights.values()):
        score += _HEADING
    return score + (_FIGURE if score > 0 and question.has_figure(text) else 0.0)


def _cut(units: Sequence[Unit], question: _Question, room: int) -> list[Unit]:
    """The first unit and those that fit the question best, as long as there is room; of lists and tables the lines that do."""
    if sum(len(unit.text.split()) for unit in units) <= room:
        return list(units)
    pieces = [piece for number, unit in enumerate(units) for piece in _pieces(unit, number)]
    worth = [question.fit(text) + (_FIGURE if question.has_figure(text) else 0.0) for text, _ in pieces]
    ranked = sorted(range(len(pieces)), key=lambda at: (-worth[at], at))
    first = max(worth) if worth else 0.0
    opens = not units[0].is_list and (worth[0] > 0 or first <= 0)
    kept = {0} if opens or first <= 0 else set()
    room -= sum(len(pieces[at][0].split()) for at in kept)
    for at in ranked:
        size = len(pieces[at][0].split())
        if at in kept or (size > room and kept) or (worth[at] <= 0 and kept and units[pieces[at][1]].is_list):
            continue
        kept.add(at)
        room -= size
    out: list[Unit] = []
    for number, unit in enumerate(units):
        lines = [pieces[at][0] for at in sorted(kept) if pieces[at][1] == number]
        if lines:
            out.append(Unit("\n".join(lines), unit.heading, unit.is_list))
    return out


def _pieces(unit: Unit, number: int) -> list[tuple[str, int]]:
    """A sentence whole; a list or table line by line, steps as one, since none of them can be left out."""
    if not unit.is_list or unit.has_steps:
        return [(unit.text, number)]
    return [(line, number) for line in unit.text.split("\n")]


def _joined(units: Sequence[Unit]) -> str:
    """Sentences in a run, lists on lines of their own."""
    out = ""
    for before, unit in zip((None, *units), units, strict=False):
        if before is not None:
            out += "\n" if unit.is_list or before.is_list else " "
        out += unit.text
    return out
