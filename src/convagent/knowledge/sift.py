"""What was found, without repetition and without figures that are out of date.

Of passages that say nearly the same the first is kept; of two that give different figures for one thing, the one of the
article that was updated last, where both say when. Only the leading hits are weighed: nobody is answered from the others.
"""

from __future__ import annotations

from collections.abc import Mapping

from convagent.knowledge.alike import ALIKE, resemblance, shingles
from convagent.knowledge.article import Article, Passage
from convagent.knowledge.figures import Statement, opposed, statements_of

__all__ = ["LEADING", "Sieve"]

LEADING = 10
"""Hits that are compared with one another."""


class Sieve:
    """Compares passages with those kept before. What it reads of a passage is remembered; safe to share between threads.

    Args:
        articles: The articles by id.
    """

    def __init__(self, articles: Mapping[str, Article]) -> None:
        self._articles = articles
        self._shingles: dict[str, frozenset[int]] = {}
        self._statements: dict[str, tuple[Statement, ...]] = {}

    def place(self, kept: list[Passage], passage: Passage) -> int | None:
        """Where a passage goes after those kept: their number for the end, a place whose holder it replaces, or None.

        Args:
            kept: What was kept so far, best first.
            passage: The next best.
        """
        for number, other in enumerate(kept[:LEADING]):
            if other.article_id == passage.article_id:
                continue
            if self._alike(other, passage) or self._opposed(other, passage):
                return number if self._is_fresher(passage, other) else None
        return len(kept)

    def _alike(self, one: Passage, other: Passage) -> bool:
        ours, theirs = self._triples(one), self._triples(other)
        if not ours or not theirs or min(len(ours), len(theirs)) < ALIKE * max(len(ours), len(theirs)):
            return False
        return resemblance(ours, theirs) >= ALIKE

    def _opposed(self, one: Passage, other: Passage) -> bool:
        ours, theirs = self._articles.get(one.article_id), self._articles.get(other.article_id)
        if ours is None or theirs is None or None in (ours.updated, theirs.updated) or ours.updated == theirs.updated:
            return False
        if one.language != other.language and ours.base_language != theirs.base_language:
            return False
        mine, others = self._figures(one), self._figures(other)
        kinds = {(said.kind, said.unit) for said in mine}
        others = tuple(told for told in others if (told.kind, told.unit) in kinds)
        return any(opposed(said, told) for said in mine for told in others) and not _agree(mine, others)

    def _is_fresher(self, one: Passage, other: Passage) -> bool:
        ours, theirs = self._articles.get(one.article_id), self._articles.get(other.article_id)
        if ours is None or theirs is None or ours.updated is None or theirs.updated is None:
            return False
        return ours.updated > theirs.updated

    def _triples(self, passage: Passage) -> frozenset[int]:
        found = self._shingles.get(passage.id)
        if found is None:
            found = self._shingles[passage.id] = shingles(passage.text)
        return found

    def _figures(self, passage: Passage) -> tuple[Statement, ...]:
        found = self._statements.get(passage.id)
        if found is None:
            found = self._statements[passage.id] = statements_of(passage)
        return found


def _agree(ours: tuple[Statement, ...], theirs: tuple[Statement, ...]) -> bool:
    """Whether every figure that is opposed stands in the other passage too: then they only say more or less."""
    for said in ours:
        for told in theirs:
            if opposed(said, told) and not (
                any((s.kind, s.unit, s.values) == (told.kind, told.unit, told.values) for s in ours)
                or any((s.kind, s.unit, s.values) == (said.kind, said.unit, said.values) for s in theirs)
            ):
                return False
    return True
