"""What was found, without repetition and without figures that are out of date.

Of passages that say nearly the same the first is kept; of two that give different figures for one thing, the one of the
article that was updated last, where both say when. Only the leading hits are weighed: nobody is answered from the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from convagent.knowledge.alike import shape_of
from convagent.knowledge.article import Passage
from convagent.knowledge.articles import Articles
from convagent.knowledge.figures import Statement, opposed, statements_of
from convagent.search import base_language

__all__ = ["LEADING", "Sieve", "Weighed"]

LEADING = 10
"""Hits that are compared with one another."""

REMEMBERED = 2_048
"""Passages of which what was read is held, those that were found last; up to twice as many."""


class Weighed:
    """A passage, and what of it is compared. Each part is read when it is first needed.

    Args:
        passage: The passage.
        updated: The day on which its article was updated, 0 where it doesn't say.
    """

    def __init__(self, passage: Passage, updated: int) -> None:
        self.article_id = passage.article_id
        self.language = base_language(passage.language)
        self.updated = updated
        self.shape = shape_of(passage.text)
        # Figures are compared only where both articles say when they were updated.
        self._passage = passage if updated else None

    @cached_property
    def figures(self) -> tuple[Statement, ...]:
        """The figures that it gives; none where nothing is known of its update."""
        return () if self._passage is None else statements_of(self._passage)


class Sieve:
    """Compares passages with those kept before. What it reads of a passage is remembered; safe to share between threads.

    Args:
        articles: The articles.
    """

    def __init__(self, articles: Articles) -> None:
        self._articles = articles
        # Two halves: when the younger is full it becomes the older, and what was not asked for since is let go.
        self._young: dict[tuple[str, int], Weighed] = {}
        self._old: dict[tuple[str, int], Weighed] = {}

    def weighed(self, passage: Passage) -> Weighed:
        """What of a passage is compared."""
        key = (passage.article_id, passage.position)
        found = self._young.get(key)
        if found is None:
            found = self._old.get(key)
            if found is None:
                found = Weighed(passage, self._articles.updated(passage.article_id))
            if len(self._young) >= REMEMBERED:
                self._old, self._young = self._young, {}
            self._young[key] = found
        return found

    def place(self, kept: Sequence[Weighed], passage: Weighed) -> int | None:
        """Where a passage goes after those kept: their number for the end, a place whose holder it replaces, or None.

        Args:
            kept: What was kept so far, best first.
            passage: The next best.
        """
        for number, other in enumerate(kept[:LEADING]):
            if other.article_id == passage.article_id:
                continue
            if other.shape.resembles(passage.shape) or _opposed(other, passage):
                return number if 0 < other.updated < passage.updated else None
        return len(kept)


def _opposed(one: Weighed, other: Weighed) -> bool:
    if not one.updated or not other.updated or one.updated == other.updated or one.language != other.language:
        return False
    mine, others = one.figures, other.figures
    kinds = {(said.kind, said.unit) for said in mine}
    others = tuple(told for told in others if (told.kind, told.unit) in kinds)
    return any(opposed(said, told) for said in mine for told in others) and not _agree(mine, others)


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
