"""Locks by name in which waiters queue: first come, first served, within one process."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from convagent.errors import StorageError

__all__ = ["QueuedLocks", "busy"]


class QueuedLocks:
    """One lock for every name that somebody holds or waits for; names nobody uses cost nothing.

    A plain `threading.Lock` promises no order, and under load a waiter can starve. These locks belong to whoever is
    inside `held`, not to a thread.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._queues: dict[str, deque[threading.Event]] = {}

    @contextmanager
    def held(self, name: str, *, timeout: float, place: str) -> Iterator[None]:
        """Hold the lock called `name`.

        Args:
            name: Which lock.
            timeout: Seconds to wait at most.
            place: What an error names as its place.

        Raises:
            StorageError: `storage-busy` when the time is up.
        """
        my_turn = threading.Event()
        with self._guard:
            queue = self._queues.setdefault(name, deque())
            queue.append(my_turn)
            queue[0].set()
        try:
            if not my_turn.wait(timeout):
                raise busy(name, place)
            yield
        finally:
            with self._guard:
                queue.remove(my_turn)
                if queue:
                    queue[0].set()
                else:
                    del self._queues[name]


def busy(name: str, place: str) -> StorageError:
    """The error for a conversation in which another turn took too long."""
    return StorageError(
        f"another turn of conversation {name!r} took longer than the timeout",
        code="storage-busy",
        place=place,
        remedy="Try again shortly, or wait longer.",
    )
