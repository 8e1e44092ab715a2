"""Search among vectors by dot product: exact up to 5,000 of them, in two steps above.

In a large index every vector is looked at in its 96 main directions, and the thousand that seem nearest in full. On 100,000
vectors of passages that found 99.95 of the 100 true nearest twenty at two fifths of the time (docs/measured.md), and it needs
neither training nor another library.

Vectors may be whole numbers of 16 bits with a scale for each: those of a small index are made numbers of 32 bits at once, of a
large one the thousand. In their main directions they have 8 bits a number, which are made 32 block by block.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convagent.search.embedder import Vectors
from convagent.search.lexical import Ranked, best
from convagent.search.small_products import rows_times

__all__ = ["DenseIndex"]

EXACT = 5_000
"""Up to so many vectors every product is worked out in full."""

DIRECTIONS = 96
"""Main directions that a large index is looked through by."""

IN_FULL = 1_000
"""Of those that seem nearest, how many are looked at in full."""

SAMPLE = 4_000
"""Vectors that the main directions are made from."""

LARGEST = 127
"""What a number of 8 bits can be at most; few vectors are longer in a direction than the longest of the sample, and are cut."""

BLOCK = 4_096
"""Rows of 8 bits that are made 32 at once: a block stays in the processor's cache."""


class _Outline(NamedTuple):
    """Vectors in their main directions.

    Attributes:
        directions: (dimensions, 96), the columns of length 1.
        vectors: (documents, 96), whole numbers of 8 bits.
        scales: What each of the 96 is multiplied with.
    """

    directions: Vectors
    vectors: NDArray[np.int8]
    scales: Vectors

    def products(self, query: Vectors, rows: NDArray[np.int64] | None) -> Vectors:
        """The dot products with some rows, or with all, in the main directions alone."""
        asked = rows_times(query, self.directions.T) * self.scales
        found = np.empty(len(self.vectors) if rows is None else len(rows), dtype=np.float32)
        for begin in range(0, len(found), BLOCK):
            part = slice(begin, begin + BLOCK)
            block = self.vectors[part] if rows is None else self.vectors[rows[part]]
            found[part] = rows_times(asked, block.astype(np.float32))
        return found


class DenseIndex:
    """Vectors to be searched. Immutable, and safe to search from several threads.

    Args:
        vectors: (documents, dimensions), rows of length 1 or less; a memory-mapped array is read where it lies.
        scales: What each row is multiplied with; needed where they are whole numbers.

    Raises:
        ValueError: They are no matrix of real numbers, or there are not as many scales.
    """

    def __init__(self, vectors: NDArray[Any], scales: Vectors | None = None) -> None:
        kind = np.integer if scales is not None else np.floating
        if vectors.ndim != 2 or not np.issubdtype(vectors.dtype, kind):
            raise ValueError(f"an array of shape {vectors.shape} and type {vectors.dtype} holds no vectors")
        if scales is not None and scales.shape != (len(vectors),):
            raise ValueError(f"there are scales of shape {scales.shape} for {len(vectors)} vectors")
        self.vectors = vectors
        self.scales = scales
        # By the part of the vectors that a query fills; made at its first query, twice at worst if two come at once.
        self._outlines: dict[tuple[int, int], _Outline] = {}
        self._wide: Vectors | None = None

    def __len__(self) -> int:
        """How many documents."""
        return len(self.vectors)

    def scores(self, query: Vectors, *, allowed: NDArray[np.bool_] | None = None) -> NDArray[np.float64]:
        """The dot product with every document, held between -1 and 1; one that isn't a number counts as 0.

        Above 5,000 documents those that aren't among the nearest thousand get an estimate.

        Args:
            query: One vector, (dimensions,).
            allowed: For each document whether it counts. Of a large index, the others are not looked at and score 0, and
                the nearest thousand are those of the allowed.
        """
        # A query fills one half of its vector at most: the other half need not be read.
        used = np.flatnonzero(query)
        if not len(used):
            return np.zeros(len(self))
        low, high = int(used[0]), int(used[-1]) + 1
        asked = np.asarray(query[low:high], dtype=np.float32)
        if len(self) <= EXACT or high - low <= DIRECTIONS:
            if self._wide is None:
                self._wide = _real(self.vectors, self.scales)
            products = rows_times(asked, self._wide[:, low:high])
        else:
            products = self._in_two_steps(asked, low, high, allowed)
        if not np.isfinite(products.sum()):
            products = np.nan_to_num(products, nan=0.0, posinf=0.0, neginf=0.0)
        held: NDArray[np.float64] = np.clip(products, -1.0, 1.0).astype(np.float64)
        return held

    def _in_two_steps(self, asked: Vectors, low: int, high: int, allowed: NDArray[np.bool_] | None) -> Vectors:
        part = self.vectors[:, low:high]
        rows = None if allowed is None else np.flatnonzero(allowed)
        if rows is not None and len(rows) <= IN_FULL:
            products, near = np.zeros(len(self), dtype=np.float32), rows
        else:
            outline = self._outlines.get((low, high))
            if outline is None:
                outline = self._outlines[low, high] = _outline(part, self.scales)
            # To pick rows out takes three times as long for each as to go through all of them.
            if rows is not None and 3 * len(rows) > len(self):
                estimates = outline.products(asked, None)[rows]
            else:
                estimates = outline.products(asked, rows)
            near = np.sort(np.argpartition(estimates, len(estimates) - IN_FULL)[-IN_FULL:])
            if rows is None:
                products = estimates
            else:
                products = np.zeros(len(self), dtype=np.float32)
                products[rows], near = estimates, rows[near]
        products[near] = rows_times(asked, part[near].astype(np.float32, copy=False))
        if self.scales is not None:
            products[near] *= self.scales[near]
        return products

    def search(self, query: Vectors, k: int, *, least: float = 0.0, allowed: NDArray[np.bool_] | None = None) -> Ranked:
        """The nearest documents, best first; of equal scores the lower number comes first.

        Args:
            query: One vector.
            k: How many at most; none when it isn't above 0.
            least: Documents must score above this.
            allowed: For each document whether it may be found at all.
        """
        scores = self.scores(query, allowed=allowed)
        near = scores > least
        return best(scores, k, allowed=near if allowed is None else near & allowed)


def _real(vectors: NDArray[Any], scales: Vectors | None) -> Vectors:
    """Vectors as numbers of 32 bits."""
    real: Vectors = vectors.astype(np.float32, copy=False)
    return real if scales is None else real * scales[:, None]


def _outline(vectors: NDArray[Any], scales_of: Vectors | None) -> _Outline:
    """The vectors in the directions in which a sample of them is longest (principal components, without centring)."""
    step = max(1, len(vectors) // SAMPLE)
    some = _real(vectors[::step], None if scales_of is None else scales_of[::step])
    sample = np.nan_to_num(some.astype(np.float64))
    _, directions = np.linalg.eigh(sample.T @ sample)
    main = np.ascontiguousarray(directions[:, -DIRECTIONS:], dtype=np.float32)
    spread = np.abs(sample.astype(np.float32) @ main).max(axis=0, initial=0.0)
    scales: Vectors = (np.where(spread > 0, spread, 1.0) / LARGEST).astype(np.float32)
    # Part by part: all vectors in 32 bits would take twice the room that they have.
    outlines = np.empty((len(vectors), DIRECTIONS), dtype=np.int8)
    for begin in range(0, len(vectors), SAMPLE):
        part = slice(begin, begin + SAMPLE)
        some = np.nan_to_num(_real(vectors[part], None if scales_of is None else scales_of[part]) @ main)
        outlines[part] = np.clip(np.rint(some / scales), -LARGEST, LARGEST).astype(np.int8)
    return _Outline(main, outlines, scales)
