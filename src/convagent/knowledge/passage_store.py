"""The seam for vectors that are kept elsewhere: a store takes the passages in and says which are near to a query.

The default keeps vectors beside the index and compares all of them. A store does both for itself, in a database or a
service; words, filters and the way both are added stay the knowledge base's. Of a store only the nearest passages are asked
for, so that all others count as having nothing to do with the query, also in their articles' share.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from convagent.errors import ConvagentError
from convagent.knowledge.article import KnowledgeProblem, Passage

__all__ = ["NearestPassages", "PassageStore", "nearness", "taken"]

_log = logging.getLogger("convagent")

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
        held = store.take(passages, progress=progress)
    except Exception as error:  # noqa: BLE001 - a shop's own store raises what it likes
        known = error if isinstance(error, ConvagentError) else _failed(f"{type(error).__name__}: {str(error)[:300]}")
    else:
        if callable(getattr(held, "nearest", None)) and isinstance(getattr(held, "fresh", None), int):
            return held, ()
        known = _failed("its `take` must return an object with `nearest` and `fresh`")
    message = f"articles are found by their words alone, since the store couldn't take them in: {known.message}"
    return None, (KnowledgeProblem("index", None, known.code, message, known.remedy or "", "warning"),)


def _failed(why: str) -> ConvagentError:
    return ConvagentError(
        why, code="store-failed",
        remedy="Look after the store that [knowledge] store names; until then articles are found by their words.",
    )  # fmt: skip


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
            chosen = [(int(number), float(value)) for number, value in found if allowed[number]]
        except Exception as error:  # noqa: BLE001 - a shop's own store raises what it likes, or gives something else
            _log.warning("passages are found by their words alone: the store failed: %s", type(error).__name__)
            return None
        if len(chosen) >= wanted or not more or k >= MOST:
            for number, value in chosen:
                near[number] = min(max(value, -1.0), 1.0) if np.isfinite(value) else 0.0
            break
        k *= 4
    return near
