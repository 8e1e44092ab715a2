"""Work that was begun in another thread, for whoever needs its result soon.

A model of onnxruntime lets go of the interpreter while it reads a text. So a turn can have its message read on another core and
go on with what needs no vector. Where all threads are at work nothing is begun: whoever needs the result then does the work.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

__all__ = ["Begun"]

_THREADS = max(1, min(8, (os.cpu_count() or 1) - 1))
"""One core is left to whoever began the work."""

Result = TypeVar("Result")


class Begun(Generic[Result]):
    """Results that are being worked out, by key. Safe to share between threads, and in a process that was forked."""

    def __init__(self) -> None:
        self._running: dict[tuple[int, Hashable], Future[Result]] = {}

    def begin(self, key: Hashable, work: Callable[[], Result]) -> bool:
        """Has work done in another thread, unless it is being done, or as many others are as there are threads.

        Args:
            key: What the result is asked for by.
            work: What is done; its result is let go once it was worked out, so it should keep it where it is looked for first.

        Returns:
            Whether it was begun.
        """
        process = os.getpid()  # what was begun before a fork never ends after it
        place = process, key
        if place in self._running or sum(own == process for own, _ in tuple(self._running)) >= _THREADS:
            return False
        future = self._running[place] = _pool().submit(work)
        future.add_done_callback(lambda _: self._running.pop(place, None))
        time.sleep(0)  # else the thread would get the interpreter some milliseconds later
        return True

    def result(self, key: Hashable) -> Result | None:
        """The result of work that is being done, waiting for it; None where none is, or it failed."""
        future = self._running.get((os.getpid(), key))
        if future is None:
            return None
        return None if future.exception() is not None else future.result()


_executor: ThreadPoolExecutor | None = None
_starting = threading.Lock()


def _pool() -> ThreadPoolExecutor:
    global _executor  # noqa: PLW0603 - one pool for the process
    with _starting:
        if _executor is None:
            _executor = ThreadPoolExecutor(_THREADS, thread_name_prefix="convagent-encoder")
        return _executor


def _after_fork() -> None:
    """A forked process has none of the threads."""
    global _executor, _starting
    _executor, _starting = None, threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
