"""Work that is done while a model is asked: it has begun when the request leaves, and never delays it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread

__all__ = ["Meanwhile"]


UNTIL_IT_LEFT = 0.01
"""Seconds in which a client has sent its request. Around a call of OpenAI's client to a server of the same machine 4.9 ms were
spent, 14.4 with work beside it that began at once, 5.0 with work that began so much later (medians of 20 calls)."""


class Meanwhile:
    """Work for the time that a model takes, in a thread of its own. For one call.

    A thread that is started takes the interpreter for itself for some milliseconds, and so does one that works beside a client
    that writes its request to a connection: whenever that waits for the system, the other takes its turn. So the thread is
    started before, and begins a moment after the model was asked, or when the caller waits for it.

    Args:
        work: What is done; what it raises is dropped, as whoever needs its result does it again.
    """

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self._gate = Event()
        self._wanted = Event()
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
        self._wanted.set()
        if self._thread is not None and self._gate.is_set():
            self._thread.join()

    def _run(self) -> None:
        self._gate.wait()
        self._wanted.wait(UNTIL_IT_LEFT)
        with suppress(Exception):
            self._work()
