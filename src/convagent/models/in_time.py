"""One exchange with a server, over by a given moment whatever the server does.

Time limits of an HTTP client hold for one read. A server that sends a byte a second passes them all, and looking up a host's
name has none. So the exchange runs in a thread of its own, and who asked waits for what it hands over, but not for longer
than agreed. An exchange that is given up has its connection shut, which ends the thread, too.
"""

from __future__ import annotations

import contextlib
import contextvars
import queue
import socket
import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

__all__ = ["Exchange", "TooLongError", "TooSlowError", "in_time"]

T = TypeVar("T")


class TooSlowError(Exception):
    """The exchange wasn't over in time."""


class TooLongError(Exception):
    """The server sent more than was allowed."""


class Exchange:
    """One exchange that is under way: what it may take, and how to end it.

    Args:
        until: `time.monotonic()` at which it must be over.
        most_bytes: What the server may send.
    """

    def __init__(self, until: float, most_bytes: int) -> None:
        self.until = until
        self.most_bytes = most_bytes
        self.taken = 0
        self.tail = b""
        """The last bytes that came, by which a whole answer is told from one that broke off."""
        self.afterwards: Callable[[], None] | None = None
        """What is left to do when everything was handed over, for which nobody need wait."""
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None

    @property
    def left(self) -> float:
        """Seconds that are left, never less than a thousandth, as zero means no limit to some."""
        return max(0.001, self.until - time.monotonic())

    def uses(self, connection: socket.socket | None) -> None:
        """Names the connection, to be shut when the exchange is given up; None once it may serve another."""
        with self._lock:
            self._socket = connection
            if self._over.is_set():
                self._shut()

    def took(self, chunk: bytes) -> None:
        """Counts what came.

        Raises:
            TooLongError: It was too much.
            TooSlowError: It came too late.
        """
        self.taken += len(chunk)
        self.tail = (self.tail + chunk)[-64:] if len(chunk) < 64 else chunk[-64:]
        if self.taken > self.most_bytes:
            raise TooLongError
        if self._over.is_set() or time.monotonic() >= self.until:
            raise TooSlowError

    def give_up(self) -> None:
        """Ends it from another thread."""
        with self._lock:
            self._over.set()
            self._shut()

    def _shut(self) -> None:
        if self._socket is not None:
            # Not the method of an encrypted socket, which would go on in the clear; the other thread's read ends with this.
            with contextlib.suppress(OSError, ValueError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


CURRENT: contextvars.ContextVar[Exchange] = contextvars.ContextVar("convagent_exchange")
"""The exchange that a thread works on."""


@dataclass(frozen=True, slots=True)
class _Done:
    """The other thread is at its end: with an error, or well."""

    error: BaseException | None = None


def in_time(work: Callable[[Exchange], Iterator[T]], *, seconds: float, most_bytes: int) -> Generator[T, None, None]:
    """What an exchange hands over, as it comes. Closing the generator ends the exchange.

    Args:
        work: Does it, in another thread, with the caller's context.
        seconds: From now until it must be over. What came by then is still handed over to a caller that is slow.
        most_bytes: What the server may send.

    Raises:
        TooSlowError: It wasn't over in time.
        Exception: Whatever `work` raises.
    """
    exchange = Exchange(time.monotonic() + seconds, most_bytes)
    handed: queue.SimpleQueue[_Item[T] | _Done] = queue.SimpleQueue()
    context = contextvars.copy_context()
    thread = threading.Thread(
        target=context.run, args=(_hand_over, work, exchange, handed), name="convagent-model", daemon=True
    )
    thread.start()
    whole = False
    try:
        while True:
            try:
                item = handed.get(timeout=max(0.0, exchange.until - time.monotonic()))
            except queue.Empty:
                raise TooSlowError from None
            if isinstance(item, _Done):
                whole = True
                break
            yield item.value
    finally:
        if not whole:
            exchange.give_up()
    if item.error is not None:
        raise item.error


@dataclass(frozen=True, slots=True)
class _Item(Generic[T]):
    value: T


def _hand_over(work: Callable[[Exchange], Iterator[T]], exchange: Exchange, handed: queue.SimpleQueue[Any]) -> None:
    CURRENT.set(exchange)
    try:
        for value in work(exchange):
            handed.put(_Item(value))
    except BaseException as error:  # noqa: BLE001 - it is raised again where somebody waits for it
        handed.put(_Done(error))
    else:
        handed.put(_Done())
    if exchange.afterwards is not None:
        with contextlib.suppress(Exception):
            exchange.afterwards()
