"""Packed products by their number: in memory, or in a file of which a product is read when it is asked for."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from convagent.search import KeptFile

__all__ = ["HeldPacked", "KeptPacked", "Packed", "write_packed"]

_AT_ONCE = 512
"""Products that are read from the file at once where all are gone through."""


Packed: TypeAlias = "HeldPacked | KeptPacked"
"""Packed products, in memory or in a file."""


class HeldPacked:
    """Packed products in memory, end to end: no object for each, which Python's garbage collector would look at again and again.

    Safe to read while one is replaced or added.
    """

    def __init__(self) -> None:
        self._bytes, self._ends = bytearray(), array("q", [0])
        self._own: dict[int, bytes] = {}

    def __len__(self) -> int:
        """How many."""
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> bytes:
        """One of them."""
        found = self._own.get(number)
        return bytes(self._bytes[self._ends[number] : self._ends[number + 1]]) if found is None else found

    def __setitem__(self, number: int, packed: bytes) -> None:
        """Puts another in the place of one."""
        self._own[number] = packed

    def __iter__(self) -> Iterator[bytes]:
        """All in their order."""
        return map(self.__getitem__, range(len(self)))

    def append(self, packed: bytes) -> None:
        """One more."""
        self._bytes += packed
        self._ends.append(len(self._bytes))


class KeptPacked:
    """What `write_packed` wrote; what is replaced or added stays in memory. Safe to read while one is replaced.

    Args:
        path: The file.
        starts: Where each product begins, and where the last one ends.

    Raises:
        OSError: There is no such file.
        ValueError: It is of another length.
    """

    def __init__(self, path: Path, starts: NDArray[np.int64]) -> None:
        self._file, self._starts = KeptFile(path), starts
        if starts.ndim != 1 or not len(starts) or starts[0] != 0 or starts[-1] != self._file.size:
            raise ValueError(f"{path.name} doesn't fit its places")
        self._own: dict[int, bytes] = {}
        self._count = len(starts) - 1

    def __len__(self) -> int:
        """How many."""
        return self._count

    def __getitem__(self, number: int) -> bytes:
        """One of them."""
        found = self._own.get(number)
        return self._file.read(int(self._starts[number]), int(self._starts[number + 1])) if found is None else found

    def __setitem__(self, number: int, packed: bytes) -> None:
        """Puts another in the place of one; the file stays as it is."""
        self._own[number] = packed

    def __iter__(self) -> Iterator[bytes]:
        """All in their order."""
        kept = len(self._starts) - 1
        for first in range(0, kept, _AT_ONCE):
            places = self._starts[first : first + _AT_ONCE + 1].tolist()
            piece = self._file.read(places[0], places[-1])
            for number, (begin, end) in enumerate(pairwise(places), first):
                own = self._own.get(number)
                yield piece[begin - places[0] : end - places[0]] if own is None else own
        for number in range(kept, self._count):
            yield self._own[number]

    def append(self, packed: bytes) -> None:
        """One more, in memory."""
        self._own[self._count] = packed
        self._count += 1


def write_packed(path: Path, packed: Iterable[bytes]) -> NDArray[np.int64]:
    """Writes packed products one after the other.

    Args:
        path: The file.
        packed: The products.

    Returns:
        Where each begins, and where the last one ends.

    Raises:
        OSError: It can't be written.
    """
    starts = [0]
    with path.open("wb") as file:
        for each in packed:
            starts.append(starts[-1] + file.write(each))
    return np.array(starts, dtype=np.int64)
