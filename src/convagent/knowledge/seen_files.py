"""Files that were read before and weren't touched since, so that opening doesn't read and hash all of them again.

A file is taken for untouched where its size, both its times and its inode are what they were before it was read: whatever
writes to a file changes the time of its last change of state, which no program sets. A file that was changed within the last
seconds is never believed by its marks, since another change may come within one tick of the file system's clock.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from collections.abc import Mapping
from pathlib import Path

__all__ = ["NAME", "SeenFiles"]

NAME = "seen.json"
"""The file in a generation of the index. It isn't part of the index: without it all is read and hashed."""

SETTLED = 2_000_000_000
"""Nanoseconds for which a file must have been left alone; the coarsest file systems tell times to two seconds."""

Marks = tuple[int, int, int, int]
"""Size, time of the last writing and of the last change of state in nanoseconds, inode."""


class SeenFiles:
    """The marks of files, and the hash that each had.

    Args:
        known: By a file's name: its marks and its hash.
    """

    def __init__(self, known: Mapping[str, tuple[Marks, str]] | None = None) -> None:
        self._known = dict(known or {})
        self._now: dict[str, tuple[Marks, str]] = {}

    @classmethod
    def load(cls, folder: Path) -> SeenFiles:
        """What `save` left in a folder; nothing where there is none, or something else."""
        with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
            kept = json.loads((folder / NAME).read_bytes())
            return cls({str(name): (_marks(marks), str(digest)) for name, (*marks, digest) in kept.items()})
        return cls()

    def marks(self, path: Path) -> Marks | None:
        """The marks of a file, to be taken before it is read; None for one that isn't there or was changed just now."""
        try:
            found = path.stat()
        except OSError:
            return None
        if time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns) < SETTLED:
            return None
        return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino

    def untouched(self, name: str, marks: Marks | None, digest: str) -> bool:
        """Whether a file has the marks that it had when it had this hash; it is remembered then."""
        if marks is None or self._known.get(name) != (marks, digest):
            return False
        self._now[name] = marks, digest
        return True

    def remember(self, name: str, marks: Marks | None, digest: str) -> None:
        """A file was read and hashed."""
        if marks is not None:
            self._now[name] = marks, digest

    def save(self, folder: Path) -> None:
        """Keeps what was remembered, where it isn't kept already; a folder that can't be written is left alone."""
        if self._now == self._known and (folder / NAME).is_file():
            return
        text = json.dumps({name: (*marks, digest) for name, (marks, digest) in sorted(self._now.items())})
        fresh = folder / f".{NAME}-{os.getpid()}-{threading.get_ident()}"
        with contextlib.suppress(OSError):
            try:
                fresh.write_text(text, encoding="utf-8")
                fresh.replace(folder / NAME)
            finally:
                fresh.unlink(missing_ok=True)


def _marks(values: list[object]) -> Marks:
    size, written, changed, inode = (value for value in values if type(value) is int)
    return size, written, changed, inode
