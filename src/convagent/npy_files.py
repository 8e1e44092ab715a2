"""Files of numpy arrays, read by one thread at a time.

The head of such a file is parsed by Python's `ast`, which in Python 3.11 raises `SystemError` when two threads are at it at once
(https://github.com/python/cpython/issues/106905).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from threading import RLock
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["map_array", "read_npz"]

_alone = RLock()


def map_array(path: Path, mode: Literal["r", "c"] = "r") -> np.memmap[Any, Any]:
    """The array of an npy file, memory-mapped.

    Args:
        path: The file.
        mode: "r" to read it alone; "c" for one that may be written in memory, and is not written to the file.

    Raises:
        OSError: There is no such file.
        ValueError: It is damaged.
    """
    with _alone:
        mapped: np.memmap[Any, Any] = np.lib.format.open_memmap(path, mode=mode)
        return mapped


def read_npz(path: Path, names: Sequence[str] | None = None) -> dict[str, NDArray[Any]]:
    """The arrays of an npz file.

    Args:
        path: The file.
        names: Those that are wanted; None for all.

    Raises:
        OSError, EOFError, ValueError, zipfile.BadZipFile: The file is missing or damaged.
        KeyError: It has no array of one of the names.
    """
    # numpy leaves a damaged file open that it opened itself.
    with _alone, path.open("rb") as source, np.load(source, allow_pickle=False) as kept:
        return {name: kept[name] for name in names or kept.files}


def _after_fork() -> None:
    """A forked process has no thread that would let go."""
    global _alone  # noqa: PLW0603
    _alone = RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
