"""Where the products of an index stand in the one that takes its place: some kept, some gone, some new."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["Moves"]

Name = TypeVar("Name", bound=Hashable)


class Moves(NamedTuple):
    """Of products, or of variants.

    Args:
        places: Of each its place before, -1 for a new one.
        moved: Of each that was there before its place now, -1 for one that is gone.
        fresh: The places of the new ones, in their order.
    """

    places: NDArray[np.int64]
    moved: NDArray[np.int64]
    fresh: NDArray[np.int64]

    @classmethod
    def of(cls, places: NDArray[np.int64], before: int) -> Moves:
        """The moves to these places.

        Args:
            places: Of each its place before, -1 for a new one.
            before: How many there were.
        """
        kept = places >= 0
        moved = np.full(before, -1, dtype=np.int64)
        moved[places[kept]] = np.flatnonzero(kept)
        return cls(places, moved, np.flatnonzero(~kept))

    @property
    def gone(self) -> NDArray[np.int64]:
        """Where those stood that are gone."""
        return np.flatnonzero(self.moved < 0)

    def variants(self, before: NDArray[np.int64], added: NDArray[np.int64]) -> tuple[NDArray[np.int64], Moves]:
        """Where the variants of each product begin now, and how they moved.

        Args:
            before: Where those of each product began, with one more number at the end.
            added: Likewise of the new products.
        """
        counts, begins = (
            self.joined(of_before, of_added)
            for of_before, of_added in ((np.diff(before), np.diff(added)), (before[:-1], added[:-1]))
        )
        starts = np.zeros(len(counts) + 1, dtype=np.int64)
        np.cumsum(counts, out=starts[1:])
        there = np.repeat(begins - starts[:-1], counts) + np.arange(starts[-1])
        kept = np.repeat(self.places >= 0, counts)
        return starts, Moves.of(np.where(kept, there, -1), int(before[-1]))

    def joined(self, before: NDArray[Any], added: NDArray[Any]) -> NDArray[Any]:
        """One array of those that are kept and the new ones, row by row.

        Args:
            before: Of each that was there before.
            added: Of the new ones.
        """
        found = np.empty((len(self.places), *before.shape[1:]), dtype=before.dtype)
        kept = self.places >= 0
        found[kept], found[self.fresh] = before[self.places[kept]], added
        return found

    def rows(
        self, before: Mapping[Name, NDArray[np.int32]], added: Mapping[Name, NDArray[np.int32]]
    ) -> dict[Name, NDArray[np.int32]]:
        """Rows by name, ascending; names that nothing bears are left out.

        Args:
            before: Those of before.
            added: The new ones' among themselves.
        """
        nothing = np.zeros(0, dtype=np.int32)
        found: dict[Name, NDArray[np.int32]] = {}
        for name in dict.fromkeys((*before, *added)):
            stay = self.moved[before.get(name, nothing)]
            rows = np.concatenate([stay[stay >= 0], self.fresh[added.get(name, nothing)]]).astype(np.int32)
            if len(rows):
                rows.sort()
                found[name] = rows
        return found
