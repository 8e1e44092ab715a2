"""The products of a catalog that is more than one segment, as one sequence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import compress
from typing import overload

import numpy as np

from convagent.catalog.segment import Segment
from convagent.facts import Product

__all__ = ["JoinedProducts"]


class JoinedProducts(Sequence[Product]):
    """The products of several segments, one after the other, that are there when it is made; eight bytes each.

    Args:
        segments: The segments.
    """

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = tuple(segments)
        self._alive = [segment.alive.copy() for segment in segments]
        self._numbers = [np.flatnonzero(alive) for alive in self._alive]
        self._ends = np.cumsum([len(numbers) for numbers in self._numbers])

    def __len__(self) -> int:
        """How many products."""
        return int(self._ends[-1]) if len(self._ends) else 0

    @overload
    def __getitem__(self, number: int) -> Product: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Product]: ...
    def __getitem__(self, number: int | slice) -> Product | Sequence[Product]:
        """The product with a number, or several."""
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        place = number + len(self) if number < 0 else number
        if not 0 <= place < len(self):
            raise IndexError(f"there are {len(self)} products, and none with the number {number}")
        at = int(self._ends.searchsorted(place, "right"))
        begin = int(self._ends[at - 1]) if at else 0
        return self._segments[at].store[int(self._numbers[at][place - begin])]

    def __iter__(self) -> Iterator[Product]:
        """All products in their order; those that are packed are read anew and not kept."""
        for segment, alive in zip(self._segments, self._alive, strict=True):
            yield from compress(segment.store, alive.tolist())
