"""Work that is done while a model is asked: it has begun when the request leaves, and never delays it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread

__all__ = ["Meanwhile"]


class Meanwhile:
    """Work for the time that a model takes, in a thread of its own. For one call.

    A thread that is started takes the interpreter for itself for some milliseconds. So it is started before, waits, and is let go
    at the moment in which the caller has nothing to do but wait for the model.

    Args:
        work: What is done; what it raises is dropped, as whoever needs its result does it again.
    """

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self._gate = Event()
        self._thread: Thread | None = None

    def stand_by(self) -> None:
        """Starts the thread, which waits."""
        if self._thread is None:
            self._thread = Thread(target=self._run, name="convagent-meanwhile", daemon=True)
            self._thread.start()

    def go(self) -> None:
        """Lets it begin."""
        self._gate.set()

    def wait(self) -> None:
        """Waits until it is done; returns at once where it never began."""
        if self._thread is not None and self._gate.is_set():
            self._thread.join()

    def _run(self) -> None:
        self._gate.wait()
        with suppress(Exception):
            self._work()
