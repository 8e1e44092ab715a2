"""What was learnt of a shop, kept on disk under a hash of all it was learnt from, so that it opens without learning anew."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from convagent.errors import ConvagentError
from convagent.npy_files import read_npz

__all__ = ["Learnt", "learn_or_load", "write_arrays"]

Arrays = Mapping[str, NDArray[Any]]


class Learnt(Protocol):
    """What can be kept."""

    def to_arrays(self) -> Arrays:
        """All there is to keep, none of it an object array."""
        ...


Kept = TypeVar("Kept", bound=Learnt)


def learn_or_load(
    name: str,
    learnt_from: object,
    *,
    learn: Callable[[], Kept],
    load: Callable[[Arrays], Kept],
    folder: Path | None,
) -> Kept:
    """What was learnt: from a file where it was learnt from exactly this, else learnt now and kept there.

    The file is replaced as a whole and those of other hashes are deleted. One that is damaged is made anew, and one that
    can't be written is not kept; neither is an error.

    Args:
        name: What the file's name begins with.
        learnt_from: All that it depends on, as JSON has it.
        learn: Learns it.
        load: Takes it from what `to_arrays` gave; a ConvagentError says that it can't.
        folder: Where it is kept; None for nowhere.
    """
    if folder is None:
        return learn()
    stamp = hashlib.sha256(json.dumps(learnt_from, ensure_ascii=True).encode()).hexdigest()[:16]
    file = folder / f"{name}-{stamp}.npz"
    with contextlib.suppress(ConvagentError, OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return load(read_npz(file))
    learnt = learn()
    with contextlib.suppress(OSError):
        _replace(file, learnt.to_arrays())
        for other in folder.glob(f"{name}-*.npz"):
            if other != file:
                other.unlink(missing_ok=True)
    return learnt


def write_arrays(file: Path, arrays: Arrays) -> None:
    """Write arrays to an npz file: the same bytes for the same arrays.

    Raises:
        OSError: It can't be written.
    """
    plain: Any = dict(arrays)
    with file.open("wb") as out:
        # Numbers that look random hardly shrink, and unpacking them takes longer than reading them.
        np.savez(out, **plain)


def _replace(file: Path, arrays: Arrays) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{file.stem}-", suffix=".tmp", dir=file.parent)
    os.close(handle)
    fresh = Path(name)
    try:
        write_arrays(fresh, arrays)
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
