"""Rows by name in eight bytes each: a sorted table of hashes in place of a dictionary of texts.

The hash is a checksum of 32 bits, the same in every process, so that a table can be kept. Of a million keys one look-up in four
thousand meets a row that it didn't ask for, which costs reading that row.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from convagent.catalog.moves import Moves
from convagent.search.counts import sorting

__all__ = ["KeyTable", "KeyTableBuilder"]


class KeyTable:
    """Which rows may have a key. Two keys can share a hash, so whoever asks compares the row's own key.

    Args:
        hashes: Hashes of keys, ascending.
        rows: The row of each.
    """

    def __init__(self, hashes: NDArray[np.uint32], rows: NDArray[np.int32]) -> None:
        self._hashes = hashes
        self._rows = rows

    @property
    def arrays(self) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
        """The hashes and the rows, as they were given."""
        return self._hashes, self._rows

    def renewed(self, moves: Moves, added: KeyTable) -> KeyTable:
        """The table of the rows that are kept and of new ones.

        Args:
            moves: Where the rows stand.
            added: The table of the new ones.
        """
        moved = moves.moved[self._rows]
        kept = moved >= 0
        rows = np.concatenate([moved[kept], moves.fresh[added._rows]]).astype(np.int32)
        return _sorted(np.concatenate([self._hashes[kept], added._hashes]), rows)

    def __len__(self) -> int:
        """How many keys, one that stands on several rows counted on each."""
        return len(self._rows)

    def rows(self, key: str) -> list[int]:
        """The rows that may have a key, ascending.

        Args:
            key: Compared exactly.
        """
        wanted = np.uint32(_hash(key))
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
        wanted = np.fromiter(map(_hash, keys), dtype=np.uint32, count=len(keys))
        at = np.minimum(self._hashes.searchsorted(wanted), len(self._hashes) - 1)
        met: list[bool] = (self._hashes[at] == wanted).tolist()
        return met


class KeyTableBuilder:
    """Collects keys for a `KeyTable`."""

    def __init__(self) -> None:
        self._hashes = array("I")
        self._rows = array("i")

    def add(self, keys: Iterable[str], row: int) -> None:
        """Notes a row under each of its keys."""
        hashes = [crc32(key.encode("utf-8", "surrogatepass")) for key in keys]
        self._hashes.extend(hashes)
        self._rows.extend([row] * len(hashes))

    def add_each(self, keys: Iterable[str | None], first: int) -> None:
        """Notes one row after the other under its key, where it has one.

        Args:
            keys: The key of each row, whose case does not count; None or an empty one for a row without.
            first: The first row.
        """
        for row, key in enumerate(keys, first):
            if key:
                self._hashes.append(_hash(key.casefold()))
                self._rows.append(row)

    def done(self) -> KeyTable:
        """The table; of equal keys the earlier row comes first."""
        hashes = np.array(self._hashes, dtype=np.uint32)
        rows = np.array(self._rows, dtype=np.int32)
        return _sorted(hashes, rows)


def _sorted(hashes: NDArray[np.uint32], rows: NDArray[np.int32]) -> KeyTable:
    order = sorting(rows)
    order = order[sorting(hashes[order])]
    return KeyTable(hashes[order], rows[order])


def _hash(key: str) -> int:
    return crc32(key.encode("utf-8", "surrogatepass"))
