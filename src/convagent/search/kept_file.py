"""A file that is read piece by piece, by place, for as long as its reader lives.

What is read this way stays out of the process's memory but for the piece that was asked for; a memory map brings sixteen
pages in for each one that is looked at.
"""

from __future__ import annotations

import os
import threading
import weakref
from pathlib import Path

__all__ = ["KeptFile"]


class KeptFile:
    """A file held open: whoever puts a newer one in its place may remove it while it is still read.

    Safe to share between threads, and between a process and its children.

    Args:
        path: The file.
        seeking: Read by moving the file's position, under a lock, as systems without `pread` (Windows) have it; they don't
            fork. None decides by the system.

    Raises:
        OSError: It can't be opened.
    """

    def __init__(self, path: Path, *, seeking: bool | None = None) -> None:
        self._file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        weakref.finalize(self, os.close, self._file)
        self._lock = threading.Lock()
        self._seeking = not hasattr(os, "pread") if seeking is None else seeking
        self.size = os.fstat(self._file).st_size

    def read(self, begin: int, end: int) -> bytes:
        """The bytes from one place up to another; fewer where the file ends before.

        Raises:
            OSError: It can't be read.
        """
        if not self._seeking:
            # By place: threads, and processes after a fork, share the file's position.
            return os.pread(self._file, end - begin, begin)
        with self._lock:
            os.lseek(self._file, begin, os.SEEK_SET)
            return os.read(self._file, end - begin)
