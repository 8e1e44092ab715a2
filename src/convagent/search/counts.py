"""How often each term stands in each document: the plain counts that every weighting starts from.

Counts are kept apart from weights, so that documents can be added, dropped and reordered without tokenising the others
again: `TermCounts.stack` and `TermCounts.select` give the same bytes as counting everything afresh.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convagent.search.tokenise import Tokeniser, ngrams

__all__ = ["TermCounts", "count_terms"]


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


@dataclass(frozen=True, slots=True, eq=False)
class TermCounts:
    """A sparse matrix of documents × terms in CSR layout.

    Attributes:
        terms: The vocabulary, sorted; each term stands in one document at least.
        starts: For each document where its entries begin; one more number at the end. int64, documents + 1.
        term_ids: Places in `terms`, ascending within a document. int32.
        counts: Weighted counts, above zero. float32.
    """

    terms: tuple[str, ...]
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
    def from_rows(cls, rows: Sequence[Mapping[str, float]]) -> TermCounts:
        """The matrix of documents counted by `count_terms`."""
        terms = tuple(sorted(set().union(*rows)))
        place = {term: number for number, term in enumerate(terms)}
        sizes = np.fromiter((len(row) for row in rows), dtype=np.int64, count=len(rows))
        total = int(sizes.sum())
        term_ids = np.fromiter((place[term] for row in rows for term in row), dtype=np.int32, count=total)
        counts = np.fromiter((count for row in rows for count in row.values()), dtype=np.float32, count=total)
        order = np.lexsort((term_ids, np.repeat(np.arange(len(rows)), sizes)))
        return cls(terms, _starts(sizes), term_ids[order], counts[order])

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
        used, term_ids = np.unique(self.term_ids[entries], return_inverse=True)
        terms = tuple(self.terms[number] for number in used.tolist())
        return TermCounts(terms, starts, term_ids.astype(np.int32), self.counts[entries])


def _starts(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(sizes, dtype=np.int64)])


def _places(terms: Sequence[str], place: Mapping[str, int]) -> NDArray[np.int32]:
    return np.fromiter((place[term] for term in terms), dtype=np.int32, count=len(terms))
