"""The seam for vectors that are kept elsewhere: a store takes the passages in and says which are near to a query.

The default keeps vectors beside the index and compares all of them. A store does both for itself, in a database or a
service; words, filters and the way both are added stay the knowledge base's. Of a store only the nearest passages are asked
for, so that all others count as having nothing to do with the query, also in their articles' share.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from convagent.errors import ConvagentError
from convagent.knowledge.article import KnowledgeProblem, Passage

__all__ = ["NearestPassages", "PassageStore", "nearness", "taken"]

NEAREST = 200
"""Passages that may be found, asked of a store for one query."""

MOST = 12_800
"""Results asked of a store at most, where it has much that this query may not find."""


class NearestPassages(Protocol):
    """Passages in a store, ready to be searched from several threads.

    Attributes:
        fresh: How many passages the store had to take in.
    """

    fresh: int

    def nearest(self, query: str, k: int) -> tuple[Sequence[tuple[int, float]], bool]:
        """The nearest passages and whether the store has more: numbers in the order taken, with a nearness of -1 to 1.

        What else the store holds counts towards `k` and is left out.

        Raises:
            ConvagentError: The store failed.
        """
        ...


@runtime_checkable
class PassageStore(Protocol):
    """Keeps the vectors of passages."""

    def take(
        self, passages: Sequence[Passage], *, progress: Callable[[int, int], None] | None = None
    ) -> NearestPassages:
        """Takes in the passages that it lacks.

        Raises:
            ConvagentError: The store failed.
        """
        ...


def taken(
    store: PassageStore, passages: Sequence[Passage], progress: Callable[[int, int], None] | None
) -> tuple[NearestPassages | None, tuple[KnowledgeProblem, ...]]:
    """The passages in a store; none, and a warning, where it fails."""
    try:
        return store.take(passages, progress=progress), ()
    except ConvagentError as error:
        message = f"articles are found by their words alone, since the store couldn't take them in: {error.message}"
        return None, (KnowledgeProblem("index", None, error.code, message, error.remedy or "", "warning"),)


def nearness(held: NearestPassages, query: str, allowed: NDArray[np.bool_]) -> NDArray[np.float64] | None:
    """Of each passage how near it is, 0 for those that aren't among the nearest; None where the store fails.

    Args:
        held: The passages in their store.
        query: What is looked for.
        allowed: Which passages may be found. A store that gives too few of them is asked for more.
    """
    near = np.zeros(len(allowed))
    wanted = min(NEAREST, int(np.count_nonzero(allowed)))
    k = NEAREST
    while wanted:
        try:
            found, more = held.nearest(query, k)
        except ConvagentError:
            return None
        chosen = [(number, value) for number, value in found if allowed[number]]
        if len(chosen) >= wanted or not more or k >= MOST:
            for number, value in chosen:
                near[number] = min(max(value, -1.0), 1.0) if np.isfinite(value) else 0.0
            break
        k *= 4
    return near
