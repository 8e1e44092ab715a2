"""Records that stay on disk, a line each, and are read one by one when they are asked for.

A search gives a dozen passages of a hundred thousand; as objects all of them would weigh more than their text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Generic, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from convagent.npy_files import map_array
from convagent.search import KeptFile

__all__ = ["KeptLines", "RenewedLines", "write_lines", "write_renewed"]

AT_ONCE = 1 << 20
"""Bytes that are copied from one file to another at once."""

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
        starts = np.asarray(map_array(folder / f"{name}.npy"))
        file = KeptFile(folder / f"{name}.jsonl")
        fits = starts.ndim == 1 and starts.dtype == np.int64 and len(starts) > 0 and starts[0] == 0
        if not fits or starts[-1] != file.size or bool((np.diff(starts) <= 0).any()):
            raise ValueError(f"the {name} don't fit their places")
        self._starts, self._file, self._name = starts, file, name
        self._line = partial(_line, file, starts)
        # What is remembered refers to the file, not to this object: so both go as soon as nobody uses them.
        read: Callable[[int], Record] = partial(_read, self._line, parse)
        self._read, self._recent = read, lru_cache(maxsize=remembered)(read)

    def line(self, number: int) -> bytes:
        """A record as it was written, its line break included."""
        return self._line(range(len(self))[number])

    @property
    def sizes(self) -> NDArray[np.int64]:
        """The bytes of each line."""
        found: NDArray[np.int64] = np.diff(self._starts)
        return found

    def pieces(self, begin: int, end: int) -> Iterator[bytes]:
        """The lines from one place up to another as they were written, in pieces that needn't end where a line does."""
        at, last = int(self._starts[begin]), int(self._starts[end])
        while at < last:
            piece = self._file.read(at, min(at + AT_ONCE, last))
            if not piece:
                raise OSError(f"{self._name}.jsonl ends before its last line")
            yield piece
            at += len(piece)

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


class RenewedLines(Sequence[Record], Generic[Record]):
    """Records of which most are kept and some are new. Immutable, and safe to share between threads.

    Args:
        before: Those that are kept.
        places: Of each record its place among those kept, or -1 where the next of the new ones comes. int64.
        fresh: The new ones, in their order.

    Raises:
        ValueError: There are not as many new ones as places for them.
    """

    def __init__(self, before: KeptLines[Record], places: NDArray[np.int64], fresh: Sequence[Record]) -> None:
        new = places < 0
        if int(np.count_nonzero(new)) != len(fresh):
            raise ValueError("the new records don't fit their places")
        self.before, self.places, self.fresh = before, places, tuple(fresh)
        self._number = np.cumsum(new) - 1

    def __len__(self) -> int:
        """How many."""
        return len(self.places)

    @overload
    def __getitem__(self, number: int) -> Record: ...
    @overload
    def __getitem__(self, number: slice) -> tuple[Record, ...]: ...
    def __getitem__(self, number: int | slice) -> Record | tuple[Record, ...]:
        """One record, or some."""
        if isinstance(number, slice):
            return tuple(self[one] for one in range(len(self))[number])
        at = range(len(self))[number]
        place = int(self.places[at])
        return self.before[place] if place >= 0 else self.fresh[int(self._number[at])]

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


def write_renewed(folder: Path, name: str, records: RenewedLines[Record], line_of: Callable[[Record], bytes]) -> None:
    """Write what `write_lines` would; lines that are kept are copied as they are, without being parsed.

    Args:
        folder: A folder that is there.
        name: Of the files, without the ending.
        records: The records.
        line_of: Makes the line of a new record, with the line break at its end.

    Raises:
        OSError: The folder can't be written, or what is kept can't be read.
    """
    fresh = [line_of(record) for record in records.fresh]
    places = records.places
    sizes = np.empty(len(places), dtype=np.int64)
    sizes[places >= 0] = records.before.sizes[places[places >= 0]]
    sizes[places < 0] = [len(line) for line in fresh]
    # A run of lines that follow each other in both files is copied in one piece.
    new_run = (places[:-1] < 0) | (np.diff(places) != 1)
    begins = [0, *(np.flatnonzero(new_run) + 1).tolist()] if len(places) else []
    lines = iter(fresh)
    with (folder / f"{name}.jsonl").open("wb") as file:
        for begin, end in zip(begins, [*begins[1:], len(places)], strict=True):
            place = int(places[begin])
            if place < 0:
                file.write(next(lines))
            else:
                file.writelines(records.before.pieces(place, place + end - begin))
    starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(sizes, dtype=np.int64)])
    np.save(folder / f"{name}.npy", starts, allow_pickle=False)


def _line(file: KeptFile, starts: NDArray[Any], place: int) -> bytes:
    return file.read(int(starts[place]), int(starts[place + 1]))


def _read(line: Callable[[int], bytes], parse: Callable[[bytes], Record], place: int) -> Record:
    return parse(line(place))
