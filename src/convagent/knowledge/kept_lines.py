"""Records that stay on disk, a line each, and are read one by one when they are asked for.

A search gives a dozen passages of a hundred thousand; as objects all of them would weigh more than their text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from convagent.search import KeptFile

__all__ = ["KeptLines", "write_lines"]

Record = TypeVar("Record")


class KeptLines(Sequence[Record]):
    """The records that `write_lines` wrote. Immutable, and safe to share between threads.

    Args:
        folder: Where they are.
        name: Of their files, without the ending.
        parse: Makes a record of a line.
        remembered: How many records are held once they were read: those that were asked for last.

    Raises:
        OSError: There are none.
        ValueError: They are damaged.
    """

    def __init__(self, folder: Path, name: str, parse: Callable[[bytes], Record], *, remembered: int) -> None:
        starts = np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False))
        file = KeptFile(folder / f"{name}.jsonl")
        fits = starts.ndim == 1 and starts.dtype == np.int64 and len(starts) > 0 and starts[0] == 0
        if not fits or starts[-1] != file.size or bool((np.diff(starts) <= 0).any()):
            raise ValueError(f"the {name} don't fit their places")
        self._starts = starts
        self._line = partial(_line, file, starts)
        # What is remembered refers to the file, not to this object: so both go as soon as nobody uses them.
        read: Callable[[int], Record] = partial(_read, self._line, parse)
        self._read, self._recent = read, lru_cache(maxsize=remembered)(read)

    def line(self, number: int) -> bytes:
        """A record as it was written, its line break included."""
        return self._line(range(len(self))[number])

    def __len__(self) -> int:
        """How many."""
        return len(self._starts) - 1

    @overload
    def __getitem__(self, number: int) -> Record: ...
    @overload
    def __getitem__(self, number: slice) -> tuple[Record, ...]: ...
    def __getitem__(self, number: int | slice) -> Record | tuple[Record, ...]:
        """One record, or some; only those that are asked for one by one are remembered."""
        if isinstance(number, slice):
            return tuple(map(self._read, range(len(self))[number]))
        return self._recent(range(len(self))[number])

    def __eq__(self, other: object) -> bool:
        """Whether the other sequence has the same records in the same order."""
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and all(one == two for one, two in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]


def write_lines(folder: Path, name: str, lines: Iterable[bytes]) -> None:
    """Write `name.jsonl`, a record a line, and `name.npy`, where each begins.

    Args:
        folder: A folder that is there.
        name: Of the files, without the ending.
        lines: The records, each with the line break at its end and none before.

    Raises:
        OSError: The folder can't be written.
    """
    starts = [0]
    with (folder / f"{name}.jsonl").open("wb") as file:
        for line in lines:
            starts.append(starts[-1] + file.write(line))
    np.save(folder / f"{name}.npy", np.array(starts, dtype=np.int64), allow_pickle=False)


def _line(file: KeptFile, starts: NDArray[Any], place: int) -> bytes:
    return file.read(int(starts[place]), int(starts[place + 1]))


def _read(line: Callable[[int], bytes], parse: Callable[[bytes], Record], place: int) -> Record:
    return parse(line(place))
