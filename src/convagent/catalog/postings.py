"""Which rows have a value: sizes, colours. What many rows have together is noted once, and each row by that alone."""

from __future__ import annotations

from array import array
from collections import defaultdict
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from convagent.search.counts import sorting

__all__ = ["PostingsBuilder", "Value"]

Value: TypeAlias = tuple[str, str]
"""A column and what stands in it."""

_ROWS = 500_000
"""Rows whose values are put in order at once, so that it takes little room."""


class PostingsBuilder:
    """Collects the values of rows, row by row."""

    def __init__(self) -> None:
        self._known: dict[Value, int] = {}
        self._together: dict[tuple[int, ...], int] = {}
        self._numbers, self._ends = array("i"), array("q", [0])
        self._rows = array("i")

    def values(self, values: tuple[Value, ...]) -> int:
        """Notes values that a row has together; what they are called in `add`.

        Args:
            values: The values; one that stands there twice is noted twice.
        """
        known = self._known
        numbers = tuple([known.setdefault(each, len(known)) for each in values])
        found = self._together.get(numbers)
        if found is None:
            found = self._together[numbers] = len(self._together)
            self._numbers.extend(numbers)
            self._ends.append(len(self._numbers))
        return found

    def add(self, values: int) -> None:
        """The next row, by what `values` called its values."""
        self._rows.append(values)

    def done(self) -> dict[str, dict[str, NDArray[np.int32]]]:
        """For each column and each of its values the rows that have it, ascending."""
        numbers, ends, rows = np.array(self._numbers), np.array(self._ends), np.array(self._rows)
        of_value: list[list[NDArray[np.int32]]] = [[] for _ in self._known]
        for begin in range(0, len(rows), _ROWS):
            some = rows[begin : begin + _ROWS]
            lengths = ends[some + 1] - ends[some]
            until = np.cumsum(lengths)
            at = np.repeat(ends[some] - until + lengths, lengths)
            at += np.arange(len(at))
            found = numbers[at]
            order = sorting(found)
            placed = np.repeat(np.arange(begin, begin + len(some), dtype=np.int32), lengths)[order]
            counts = np.bincount(found, minlength=len(of_value))
            last = np.cumsum(counts)
            for value in np.flatnonzero(counts).tolist():
                of_value[value].append(placed[last[value] - counts[value] : last[value]])
        columns: dict[str, dict[str, NDArray[np.int32]]] = defaultdict(dict)
        for (column, name), parts in zip(self._known, of_value, strict=True):
            columns[column][name] = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32)
        return dict(columns)
