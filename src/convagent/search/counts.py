"""How often each term stands in each document: the plain counts that every weighting starts from.

Counts are kept apart from weights, so that documents can be added, dropped and reordered without tokenising the others
again: `TermCounts.stack` and `TermCounts.select` give the same bytes as counting everything afresh.
"""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from convagent.search.tokenise import Tokeniser, ngrams

__all__ = ["Counted", "Counting", "TermCounts", "count_terms", "sorting"]

_DIGIT = 16
"""Bits of a key that numpy sorts by counting."""


def count_terms(fields: Iterable[tuple[str, float]], tokeniser: Tokeniser, *, longest: int = 2) -> dict[str, float]:
    """Weighted counts of a document's terms.

    Args:
        fields: Texts with their weights; a term counts `weight` for each time it stands in the text. Word pairs don't
            reach from one field into the next.
        tokeniser: The tokeniser of the document's language.
        longest: Words in the longest term; 2 counts words and pairs of neighbours.
    """
    counts: dict[str, float] = {}
    for text, weight in fields:
        if weight > 0:
            for term in ngrams(tokeniser.terms(text), longest):
                counts[term] = counts.get(term, 0.0) + weight
    return counts


class Counted(Protocol):
    """What weightings ask of counted documents, in whatever order the entries stand: of one document by term."""

    def __len__(self) -> int:
        """How many documents."""
        ...

    @property
    def rows(self) -> NDArray[np.integer]:
        """The document of each entry."""
        ...

    @property
    def term_ids(self) -> NDArray[np.integer]:
        """The term of each entry."""
        ...

    @property
    def counts(self) -> NDArray[np.float32]:
        """How often each entry's term stands in its document."""
        ...

    @property
    def document_frequency(self) -> NDArray[np.int64]:
        """In how many documents each term stands."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class TermCounts:
    """A sparse matrix of documents × terms in CSR layout.

    Attributes:
        terms: The vocabulary, sorted; each term stands in one document at least.
        starts: For each document where its entries begin; one more number at the end. int64, documents + 1.
        term_ids: Places in `terms`, ascending within a document. int32.
        counts: Weighted counts, above zero. float32.
    """

    terms: Sequence[str]
    starts: NDArray[np.int64]
    term_ids: NDArray[np.int32]
    counts: NDArray[np.float32]

    def __len__(self) -> int:
        """How many documents."""
        return len(self.starts) - 1

    @property
    def rows(self) -> NDArray[np.int64]:
        """The document of each entry."""
        return np.repeat(np.arange(len(self), dtype=np.int64), np.diff(self.starts))

    @property
    def document_frequency(self) -> NDArray[np.int64]:
        """In how many documents each term stands."""
        return np.bincount(self.term_ids, minlength=len(self.terms))

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, float]]) -> TermCounts:
        """The matrix of documents counted by `count_terms`; a row is let go once it is read."""
        counting = Counting()
        for row in rows:
            counting.add(row)
        return counting.done()

    @classmethod
    def stack(cls, upper: TermCounts, lower: TermCounts) -> TermCounts:
        """The documents of `upper`, then those of `lower`, over their joint vocabulary."""
        terms = tuple(sorted({*upper.terms, *lower.terms}))
        place = {term: number for number, term in enumerate(terms)}
        term_ids = [_places(part.terms, place)[part.term_ids] for part in (upper, lower)]
        return cls(
            terms,
            np.concatenate([upper.starts, lower.starts[1:] + upper.starts[-1]]),
            np.concatenate(term_ids),
            np.concatenate([upper.counts, lower.counts]),
        )

    def select(self, documents: Sequence[int]) -> TermCounts:
        """Some of the documents, in the order given; terms that stand in none of them are dropped."""
        chosen = np.asarray(documents, dtype=np.int64)
        sizes = np.diff(self.starts)[chosen]
        starts = _starts(sizes)
        entries = np.arange(starts[-1]) - np.repeat(starts[:-1], sizes) + np.repeat(self.starts[:-1][chosen], sizes)
        stands = np.zeros(len(self.terms), dtype=np.bool_)
        stands[self.term_ids[entries]] = True
        terms = tuple(itertools.compress(self.terms, stands.tolist()))
        term_ids = (np.cumsum(stands, dtype=np.int32) - 1)[self.term_ids[entries]].astype(np.int32)
        return TermCounts(terms, starts, term_ids, self.counts[entries])


class Counting:
    """Puts a matrix together document by document, so that no more than one document's terms need be held as text."""

    def __init__(self) -> None:
        self._met: dict[str, int] = {}
        self._numbers = array("i")
        self._counts = array("f")
        self._sizes = array("q")

    def add(self, row: Mapping[str, float]) -> None:
        """One more document, counted by `count_terms`."""
        met = self._met
        self._numbers.extend([met.setdefault(term, len(met)) for term in row])
        self._counts.extend(row.values())
        self._sizes.append(len(row))

    def number(self, term: str) -> int:
        """What a term is called in `add_numbered`."""
        return self._met.setdefault(term, len(self._met))

    def add_numbered(self, row: Mapping[int, float]) -> None:
        """One more document, its terms by `number`: for texts that come again and again."""
        self._numbers.extend(row)
        self._counts.extend(row.values())
        self._sizes.append(len(row))

    def done(self) -> TermCounts:
        """The matrix."""
        terms = tuple(sorted(self._met))
        place = np.empty(len(terms), dtype=np.int32)
        place[[self._met[term] for term in terms]] = np.arange(len(terms), dtype=np.int32)
        starts = _starts(np.array(self._sizes, dtype=np.int64))
        term_ids = place[np.array(self._numbers, dtype=np.int32)]
        rows = np.repeat(np.arange(len(self._sizes)), np.diff(starts))
        order = sorting(rows * max(len(terms), 1) + term_ids)
        return TermCounts(terms, starts, term_ids[order], np.array(self._counts, dtype=np.float32)[order])


def sorting(keys: NDArray[np.integer]) -> NDArray[np.int64]:
    """The order that sorts keys, equal ones staying as they were.

    Keys below 2^32 are sorted by their lower 16 bits and then by their upper ones, which numpy does by counting. On the words of
    20,000 products that takes 10 to 22 ns a key; a stable argsort took 20 to 50, and sorting keys with their places behind them
    50 to 58 (`benchmarks/catalog.py` gives what comes of it).

    Args:
        keys: Numbers from 0 on.
    """
    largest = int(keys.max()) if len(keys) else 0
    if largest >> (2 * _DIGIT):
        return np.argsort(keys, kind="stable")
    order = np.argsort(keys.astype(np.uint16), kind="stable")  # the lower bits: what doesn't fit is cut off
    if largest >> _DIGIT:
        order = order[np.argsort((keys >> _DIGIT).astype(np.uint16)[order], kind="stable")]
    return order


def _starts(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(sizes, dtype=np.int64)])


def _places(terms: Sequence[str], place: Mapping[str, int]) -> NDArray[np.int32]:
    return np.fromiter((place[term] for term in terms), dtype=np.int32, count=len(terms))
