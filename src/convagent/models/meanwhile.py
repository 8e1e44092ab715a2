"""Work that is done while a model is asked: it begins once the request has left, and never delays it."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from threading import Event

__all__ = ["Meanwhile"]

UNTIL_IT_LEFT = 0.01
"""Seconds in which a client has sent its request. Around a call of OpenAI's client to a server of the same machine 4.9 ms were
spent, 14.4 with work beside it that began at once, 5.0 with work that began so much later (medians of 20 calls)."""

MOST_AT_ONCE = 64
"""Threads that work at once; what comes beyond waits for one of them."""


class Meanwhile:
    """Work for the time that a model takes, in another thread. For one call.

    A thread that is started takes the interpreter for itself for some milliseconds, and so does one that works beside a client
    that writes its request to a connection: whenever that waits for the system, the other takes its turn. So threads are kept,
    and the work begins a moment after the model was asked, or when the caller waits for it.

    Args:
        work: What is done; what it raises is dropped, as whoever needs its result does it again.
    """

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self._wanted, self._dropped = Event(), Event()
        self._begun: Future[None] | None = None

    def go(self) -> None:
        """Lets it begin."""
        try:
            self._begun = _threads.submit(self._run)
        except RuntimeError:  # no thread can be started, or the program is at its end
            self._dropped.set()

    def wait(self) -> None:
        """Waits until it is done; returns at once where it never began."""
        self._wanted.set()
        if self._begun is not None:
            wait([self._begun])

    def drop(self) -> None:
        """Does without it: it doesn't begin any more, and if it has, nobody waits."""
        self._dropped.set()
        self._wanted.set()

    def _run(self) -> None:
        self._wanted.wait(UNTIL_IT_LEFT)
        if not self._dropped.is_set():
            with suppress(Exception):
                self._work()


def _begin_afresh() -> None:
    """Threads don't survive a fork: the child has its own."""
    global _threads  # noqa: PLW0603 - as in a new process
    _threads = ThreadPoolExecutor(MOST_AT_ONCE, "convagent-meanwhile")  # which starts none before it is needed


_threads: ThreadPoolExecutor
_begin_afresh()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_afresh)
