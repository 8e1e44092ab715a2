"""A vocabulary that stays on disk: terms in one sorted run of bytes, found by way of every 64th.

A dict of a million terms takes 150 MB and a second to make at each start. Here a term's block is found among the marks, which
are held, and its place by looking for its bytes between line breaks in that block, which is read where it lies.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import overload

import numpy as np
from numpy.typing import NDArray

from convagent.npy_files import map_array

__all__ = ["Vocabulary", "write_vocabulary"]

BLOCK = 64
"""Terms between two marks."""


class Vocabulary(Sequence[str]):
    """Terms in ascending order, as `write_vocabulary` left them. Immutable, and safe to share between threads.

    Args:
        data: The terms in one run of bytes, each between line breaks.
        marks: How many there are, then where each block begins, then where the last one ends.
        marked: The first term of each block.

    Raises:
        ValueError: They don't fit each other.
    """

    def __init__(self, data: NDArray[np.uint8], marks: NDArray[np.int64], marked: list[str]) -> None:
        self._bytes, self._size, self._offsets, self._marked = data, int(marks[0]), marks[1:].tolist(), marked
        blocks = -(-self._size // BLOCK)
        whole = len(self._offsets) == blocks + 1 and len(self._marked) == blocks
        if not whole or len(self._bytes) != self._offsets[-1] + (1 if self._size else 0):
            raise ValueError("the vocabulary isn't whole")

    @classmethod
    def of(cls, terms: Sequence[str]) -> Vocabulary:
        """Terms in memory, in a tenth of what a dict takes. They are in ascending order and without line breaks."""
        return cls(*_packed(terms))

    @classmethod
    def open(cls, folder: Path) -> Vocabulary:
        """What `write_vocabulary` wrote, memory-mapped.

        Raises:
            OSError: There is nothing.
            ValueError: It is damaged.
        """
        held = map_array(folder / "marked.npy").tobytes().decode()
        # A plain view of the map: slices of a memmap are slow to make.
        data: NDArray[np.uint8] = np.asarray(map_array(folder / "terms.npy"))
        return cls(data, map_array(folder / "marks.npy"), held.split("\n") if held else [])

    def get(self, term: str, default: int) -> int:
        """The place of a term, `default` where there is none."""
        block = bisect_right(self._marked, term) - 1
        if block < 0 or "\n" in term:
            return default
        held = self._block(block)
        found = held.find(b"\n" + term.encode("utf-8", "surrogatepass") + b"\n")
        return default if found < 0 else block * BLOCK + held.count(b"\n", 0, found)

    def __len__(self) -> int:
        """How many terms."""
        return self._size

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[str, ...]: ...
    def __getitem__(self, place: int | slice) -> str | tuple[str, ...]:
        """The term or terms at a place."""
        if isinstance(place, slice):
            return tuple(self)[place]
        number = range(self._size)[place]
        return self._block(number // BLOCK).decode().split("\n")[1 + number % BLOCK]

    def __iter__(self) -> Iterator[str]:
        """The terms in order."""
        return iter(self._bytes.tobytes().decode()[1:-1].split("\n") if self._size else ())

    def _block(self, number: int) -> bytes:
        return self._bytes[self._offsets[number] : self._offsets[number + 1] + 1].tobytes()


def write_vocabulary(folder: Path, terms: Sequence[str]) -> None:
    """Write terms, in ascending order and without line breaks, to be opened by `Vocabulary.open`."""
    data, marks, marked = _packed(terms)
    np.save(folder / "terms.npy", data, allow_pickle=False)
    np.save(folder / "marks.npy", marks, allow_pickle=False)
    np.save(folder / "marked.npy", np.frombuffer("\n".join(marked).encode(), dtype=np.uint8), allow_pickle=False)


def _packed(terms: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64], list[str]]:
    """The terms in one run of bytes, their number with where each block begins, and the first term of each."""
    encoded = "\n".join(terms).encode()
    data = np.frombuffer(b"\n" + encoded + b"\n" if len(terms) else b"", dtype=np.uint8)
    breaks = np.flatnonzero(data == ord("\n"))
    offsets = [*breaks[:-1:BLOCK].tolist(), int(breaks[-1])] if len(terms) else [0]
    return data, np.array([len(terms), *offsets], dtype=np.int64), list(terms)[::BLOCK]
