"""Rows by name in twelve bytes each: a sorted table of hashes in place of a dictionary of texts."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["KeyTable", "KeyTableBuilder"]


class KeyTable:
    """Which rows may have a key. Two keys can share a hash, so whoever asks compares the row's own key.

    Args:
        hashes: Hashes of keys, ascending.
        rows: The row of each.
    """

    def __init__(self, hashes: NDArray[np.int64], rows: NDArray[np.int32]) -> None:
        self._hashes = hashes
        self._rows = rows

    def __len__(self) -> int:
        """How many keys, one that stands on several rows counted on each."""
        return len(self._rows)

    def rows(self, key: str) -> list[int]:
        """The rows that may have a key, ascending.

        Args:
            key: Compared exactly.
        """
        wanted = hash(key)
        start = int(self._hashes.searchsorted(wanted))
        end = start
        hashes = self._hashes
        while end < len(hashes) and hashes[end] == wanted:
            end += 1
        found: list[int] = self._rows[start:end].tolist()
        return found

    def any_of(self, keys: Sequence[str]) -> list[bool]:
        """For each of several keys whether a row may have it: one look for all."""
        if not keys or not len(self._hashes):
            return [False] * len(keys)
        wanted = np.fromiter(map(hash, keys), dtype=np.int64, count=len(keys))
        at = np.minimum(self._hashes.searchsorted(wanted), len(self._hashes) - 1)
        met: list[bool] = (self._hashes[at] == wanted).tolist()
        return met


class KeyTableBuilder:
    """Collects keys for a `KeyTable`."""

    def __init__(self) -> None:
        self._hashes = array("q")
        self._rows = array("i")

    def add(self, keys: Iterable[str], row: int) -> None:
        """Notes a row under each of its keys."""
        for key in keys:
            self._hashes.append(hash(key))
            self._rows.append(row)

    def add_each(self, keys: Iterable[str | None], first: int) -> None:
        """Notes one row after the other under its key, where it has one.

        Args:
            keys: The key of each row, whose case does not count; None or an empty one for a row without.
            first: The first row.
        """
        for row, key in enumerate(keys, first):
            if key:
                self._hashes.append(hash(key.casefold()))
                self._rows.append(row)

    def done(self) -> KeyTable:
        """The table; of equal keys the earlier row comes first."""
        hashes = np.array(self._hashes, dtype=np.int64)
        rows = np.array(self._rows, dtype=np.int32)
        order = np.lexsort((rows, hashes))
        return KeyTable(hashes[order], rows[order])
