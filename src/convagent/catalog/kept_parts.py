"""Parts of a catalog's index in a folder: arrays that are memory-mapped when they are read again, and the rest as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convagent.npy_files import map_array

__all__ = ["Parts", "Rows", "joined_rows", "plain", "read_parts", "rows_apart", "unplain", "write_parts"]

_TOLD = "told.json"

Rows = dict[str, NDArray[np.int32]]
"""For each name the numbers of what bears it, ascending."""


class Parts(NamedTuple):
    """What `write_parts` wrote.

    Args:
        arrays: By their names, memory-mapped; what is written into one stays in this process.
        told: The rest.
    """

    arrays: Mapping[str, NDArray[Any]]
    told: Any


def write_parts(folder: Path, arrays: Mapping[str, NDArray[Any]], told: object) -> None:
    """Writes arrays, a file each, and whatever else JSON can say.

    Args:
        folder: It is made if need be.
        arrays: By their names.
        told: What JSON can say.

    Raises:
        OSError: The folder can't be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
    (folder / _TOLD).write_text(json.dumps(told), encoding="ascii")


def read_parts(folder: Path) -> Parts:
    """What `write_parts` wrote.

    Args:
        folder: Where it is.

    Raises:
        OSError: There is nothing.
        ValueError: It is damaged.
    """
    # Plain views of the maps: slices of a memmap are slow to make.
    arrays = {path.stem: np.asarray(map_array(path, "c")) for path in sorted(folder.glob("*.npy"))}
    return Parts(arrays, json.loads((folder / _TOLD).read_bytes()))


def joined_rows(rows: Rows, name: str) -> tuple[dict[str, NDArray[Any]], list[str]]:
    """Rows by name as two arrays and a list.

    Args:
        rows: The rows.
        name: Of the arrays.

    Returns:
        The arrays, `name` and `name-starts`, and the names of the rows in their order.
    """
    starts = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum([len(each) for each in rows.values()], out=starts[1:])
    joined = np.concatenate([np.zeros(0, dtype=np.int32), *rows.values()])
    return {name: joined, f"{name}-starts": starts}, list(rows)


def rows_apart(arrays: Mapping[str, NDArray[Any]], name: str, names: Sequence[str]) -> Rows:
    """What `joined_rows` joined; nothing is copied.

    Args:
        arrays: The arrays.
        name: What they are called.
        names: The names of the rows.
    """
    starts = arrays[f"{name}-starts"].tolist()
    joined = arrays[name]
    return {each: joined[begin:end] for each, begin, end in zip(names, starts[:-1], starts[1:], strict=True)}


def plain(value: Any) -> Any:
    """Sets and tuples within each other as JSON can say them."""
    if isinstance(value, frozenset):
        return {"set": sorted(map(plain, value))}
    return [plain(each) for each in value] if isinstance(value, tuple) else value


def unplain(value: Any) -> Any:
    """What `plain` was given."""
    if isinstance(value, dict):
        return frozenset(map(unplain, value["set"]))
    return tuple(map(unplain, value)) if isinstance(value, list) else value
