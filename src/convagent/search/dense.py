"""Exact search among vectors: the dot product of a query with every one of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from convagent.search.embedder import Vectors
from convagent.search.lexical import Ranked, best

__all__ = ["DenseIndex"]


class DenseIndex:
    """Vectors to be searched. Immutable, and safe to search from several threads.

    Args:
        vectors: (documents, dimensions), rows of length 1 or less; a memory-mapped array is read where it lies.

    Raises:
        ValueError: They are no matrix of real numbers.
    """

    def __init__(self, vectors: NDArray[np.floating]) -> None:
        if vectors.ndim != 2 or not np.issubdtype(vectors.dtype, np.floating):
            raise ValueError(f"an array of shape {vectors.shape} and type {vectors.dtype} holds no vectors")
        self.vectors = vectors

    def __len__(self) -> int:
        """How many documents."""
        return len(self.vectors)

    def scores(self, query: Vectors) -> NDArray[np.float64]:
        """The dot product with every document, held between -1 and 1; one that isn't a number counts as 0.

        Args:
            query: One vector, (dimensions,).
        """
        # A query fills one half of its vector at most: the other half need not be read.
        used = np.flatnonzero(query)
        if not len(used):
            return np.zeros(len(self))
        low, high = int(used[0]), int(used[-1]) + 1
        part = self.vectors[:, low:high]
        products = part.astype(np.float32, copy=False) @ np.asarray(query[low:high], dtype=np.float32)
        return np.clip(np.nan_to_num(products.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0), -1.0, 1.0)

    def search(self, query: Vectors, k: int, *, least: float = 0.0, allowed: NDArray[np.bool_] | None = None) -> Ranked:
        """The nearest documents, best first; of equal scores the lower number comes first.

        Args:
            query: One vector.
            k: How many at most; none when it isn't above 0.
            least: Documents must score above this.
            allowed: For each document whether it may be found at all.
        """
        scores = self.scores(query)
        near = scores > least
        return best(scores, k, allowed=near if allowed is None else near & allowed)
