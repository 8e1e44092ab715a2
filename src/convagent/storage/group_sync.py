"""One wait for the disk for all who came in time: what many transactions committed is made safe together.

A transaction of SQLite in WAL mode that is committed with `synchronous=NORMAL` stands in the `-wal` file, where every other
connection and process sees it and from which a killed process takes nothing away; only a power cut may, until the file is
synchronised (https://www.sqlite.org/wal.html, "Performance Considerations"; with FULL, SQLite does that itself, once for
every transaction, and keeps all other writers out meanwhile). Here it is done behind the commit, outside of every lock:
who commits while the disk is busy with the wait before shares the next one.

Nothing that was committed can slip past it. What stands in the `-wal` file when the wait begins is on the disk when it ends;
what has been moved into the database by then was synchronised on its way there, as SQLite does in NORMAL mode too. The
`-wal` file may be opened and closed here: SQLite's locks lie on the other two files.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

from convagent.errors import StorageError

__all__ = ["GroupSync"]

_sync = getattr(os, "fdatasync", os.fsync)
"""Without the times of the file, where the system can; its length is among what it keeps."""


class _Group:
    """Those who wait for the same synchronisation."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.failed = False


class GroupSync:
    """Waits for the disk on behalf of all who ask.

    Args:
        file: The database; its `-wal` file is what is synchronised.
    """

    def __init__(self, file: Path) -> None:
        self.waits = 0
        """How often the disk was waited for."""
        self._wal = f"{file}-wal"
        self._place = str(file)
        self._guard = threading.Lock()
        self._disk = threading.Lock()
        self._gathering: _Group | None = None
        self._failed = False

    def wait(self) -> None:
        """Returns when everything that this thread committed before is on the disk.

        Raises:
            StorageError: `storage-io`: the disk refused. What it refused may be half there, so that nothing behind it in
                the file would be found again after a power cut: every later call is refused too.
        """
        with self._guard:
            first = self._gathering is None
            group = self._gathering = self._gathering or _Group()
        if first:
            with self._disk:
                with self._guard:
                    self._gathering = None  # who commits from now on may be too late for this one
                group.failed = True  # unless it comes to the end
                try:
                    group.failed = self._failed or not self._synchronised()
                finally:
                    self._failed = group.failed
                    group.over.set()
        else:
            group.over.wait()
        if group.failed:
            raise StorageError(
                "the disk could not keep what was written",
                code="storage-io",
                place=self._place,
                remedy="Look after the disk, then start the program again.",
            )

    def _synchronised(self) -> bool:
        try:
            # by its name each time: between two uses the last connection may have been closed, which takes the file away
            opened = os.open(self._wal, os.O_RDONLY)
        except OSError:
            return False
        try:
            self.waits += 1
            _sync(opened)
        except OSError:
            return False
        finally:
            os.close(opened)
        return True
