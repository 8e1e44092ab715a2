"""What a term is worth in a document and in a query: TF-IDF with pivoted length, and BM25."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from convagent.search.counts import Counted

__all__ = ["BM25", "TfIdf", "Weighting"]

Floats = NDArray[np.float64]


class Weighting(Protocol):
    """How counts become scores.

    A document's score is a sum over the query's terms: of the term's weight in the query, its rarity, and what its times in the
    document are worth in one of that length.
    """

    def lengths(self, counts: Counted) -> Floats:
        """What is made of each document's length; above zero."""
        ...

    def rarity(self, frequency: Floats, documents: int) -> Floats:
        """What terms are worth in documents: documents with the term, documents in all."""
        ...

    def times(self, counts: Floats) -> Floats:
        """What counts in a document are worth before its length is looked at."""
        ...

    def scores(self, documents: NDArray[np.integer], worth: Floats, times: Floats, lengths: Floats) -> Floats:
        """The score of each document.

        Args:
            documents: The document of each entry of the query's terms.
            worth: The term's weight in the query times its rarity, entry by entry.
            times: What `times` gave, entry by entry.
            lengths: What `lengths` gave, document by document.
        """
        ...

    def query_weights(self, counts: Floats, frequency: Floats, documents: int) -> Floats:
        """The worth of a query's terms: times in the query, documents with the term, documents in all."""
        ...

    def query_norm(self, weights: Floats) -> float:
        """What scores are divided by, given the weights of the query's terms; above zero."""
        ...


@dataclass(frozen=True, slots=True)
class TfIdf:
    """Cosine of TF-IDF vectors with pivoted length normalisation.

    Term frequencies are sublinear (1 + ln tf), as in Manning, Raghavan, Schütze: Introduction to Information Retrieval,
    section 6.4.1; idf is ln((1 + N) / (1 + df)) + 1. With `slope` 1 the score is the cosine, between 0 and 1; below 1,
    short documents gain less from being short (Singhal, Buckley, Mitra: Pivoted Document Length Normalization, 1996)
    and a score may rise to 1 / slope.

    Attributes:
        slope: From above 0 to 1.
    """

    slope: float = 0.7

    def lengths(self, counts: Counted) -> Floats:
        """The pivoted Euclidean length of each document's weights; 1 where a document has none."""
        if not len(counts):
            return np.zeros(0)
        idf = _smooth_idf(counts.document_frequency.astype(np.float64), len(counts))
        weights = _sublinear(counts.counts.astype(np.float64)) * idf[counts.term_ids]
        norms = np.sqrt(np.bincount(counts.rows, weights=weights * weights, minlength=len(counts)))
        pivoted: Floats = self.slope * norms + (1.0 - self.slope) * norms.mean()
        return np.where(pivoted > 0, pivoted, 1.0)

    def rarity(self, frequency: Floats, documents: int) -> Floats:
        """Smoothed idf."""
        return _smooth_idf(frequency, documents)

    def times(self, counts: Floats) -> Floats:
        """Sublinear frequency."""
        return _sublinear(counts)

    def scores(self, documents: NDArray[np.integer], worth: Floats, times: Floats, lengths: Floats) -> Floats:
        """The cosine, its divisor pivoted."""
        sums = np.bincount(documents, weights=worth * times, minlength=len(lengths))
        return sums / lengths

    def query_weights(self, counts: Floats, frequency: Floats, documents: int) -> Floats:
        """Sublinear frequency in the query times idf."""
        return _sublinear(counts) * _smooth_idf(frequency, documents)

    def query_norm(self, weights: Floats) -> float:
        """The query's Euclidean length."""
        return float(np.sqrt(np.square(weights).sum())) or 1.0


@dataclass(frozen=True, slots=True)
class BM25:
    """Okapi BM25 (Robertson, Zaragoza: The Probabilistic Relevance Framework, 2009), idf as in Lucene, never negative.

    Attributes:
        k1: How slowly repeated terms saturate, from 0.
        b: How much long documents are held back, 0 to 1.
    """

    k1: float = 1.2
    b: float = 0.75

    def lengths(self, counts: Counted) -> Floats:
        """How much each document's length holds its terms back; a trace of it where nothing is held back."""
        if not len(counts):
            return np.zeros(0)
        tf = counts.counts.astype(np.float64)
        lengths = np.bincount(counts.rows, weights=tf, minlength=len(counts))
        held_back: Floats = self.k1 * (1.0 - self.b + self.b * lengths / (lengths.mean() or 1.0))
        return np.maximum(held_back, np.finfo(np.float64).tiny)

    def rarity(self, frequency: Floats, documents: int) -> Floats:
        """Idf as in Lucene."""
        idf: Floats = np.log1p((documents - frequency + 0.5) / (frequency + 0.5))
        return idf

    def times(self, counts: Floats) -> Floats:
        """Times in the document."""
        return counts

    def scores(self, documents: NDArray[np.integer], worth: Floats, times: Floats, lengths: Floats) -> Floats:
        """The sum of idf times saturated frequency."""
        entries = worth * times * (self.k1 + 1.0) / (times + lengths[documents])
        return np.bincount(documents, weights=entries, minlength=len(lengths)).astype(np.float64, copy=False)

    def query_weights(self, counts: Floats, frequency: Floats, documents: int) -> Floats:  # noqa: ARG002 - unused here
        """Times in the query; idf is part of the impacts."""
        return counts

    def query_norm(self, weights: Floats) -> float:  # noqa: ARG002 - unused here
        """1: scores are sums, open to the top."""
        return 1.0


def _sublinear(counts: Floats) -> Floats:
    # A field weight below one may give a count below one, whose logarithm would turn the weight negative.
    return np.where(counts >= 1.0, 1.0 + np.log(np.maximum(counts, 1.0)), counts)


def _smooth_idf(frequency: Floats, documents: int) -> Floats:
    idf: Floats = np.log((1.0 + documents) / (1.0 + frequency)) + 1.0
    return idf
