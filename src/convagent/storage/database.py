"""A database for the time it is open: transactions by purpose, one kind of error, an end that waits for everybody."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Literal

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from convagent.errors import StorageError

__all__ = ["PURPOSE", "Database", "Purpose"]

Purpose = Literal["read", "write", "soon", "lease"]
"""What a transaction is for: reading; writing what must survive; writing what may wait for the next such writing to survive
a power cut (a crash of the program alone never loses it); writing what is worthless after a crash."""

PURPOSE = "convagent_purpose"
"""The execution option that carries the purpose to the engine's event handlers."""


class Database:
    """An engine with its lifetime.

    Args:
        engine: Of any database; closed by `close`.
        place: What errors name as their place; must not hold a password.
        explain: Says in convagent's terms what went wrong in the database.
        writers: Entered by every transaction that writes: a lock where the database has one writer at a time anyway.
        serialise: Makes the transactions that name the same thing wait for one another; nothing by default, for a
            database that has one writer at a time anyway.
        settle: Asked at the end of a transaction that wrote what must survive: what it gives is called behind the commit,
            outside of all locks, and returns when it does survive. None where the commit itself sees to that.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        place: str,
        explain: Callable[[SQLAlchemyError], StorageError],
        writers: AbstractContextManager[object] | None = None,
        serialise: Callable[[Connection, str], None] | None = None,
        settle: Callable[[Connection], Callable[[], None] | None] | None = None,
    ) -> None:
        self.place = place
        self._settle = settle
        self._serialise = serialise
        self._writers = writers or nullcontext()
        self._engine = engine
        self._explain = explain
        self._process = os.getpid()
        self._idle = threading.Condition()
        self._inside = 0
        self._closed = False

    @contextmanager
    def transaction(self, purpose: Purpose) -> Iterator[Connection]:
        """One transaction: committed at the end, rolled back when the block raises.

        Raises:
            StorageError: For whatever the database has to say, and `storage-closed` and `storage-forked`. After
                `storage-io` it may be committed all the same: then it is not known to survive a power cut.
        """
        self._come_in()
        behind: Callable[[], None] | None = None
        try:
            with (
                nullcontext() if purpose == "read" else self._writers,
                self._engine.connect().execution_options(**{PURPOSE: purpose}) as connection,
                connection.begin(),
            ):
                yield connection
                if purpose == "write" and self._settle is not None:
                    behind = self._settle(connection)
            if behind is not None:
                behind()
        except SQLAlchemyError as error:
            raise self._explain(error) from error
        finally:
            with self._idle:
                self._inside -= 1
                self._idle.notify_all()

    def serialise(self, connection: Connection, name: str) -> None:
        """Until the transaction of `connection` ends, no other one comes past here with the same `name`."""
        if self._serialise is not None:
            self._serialise(connection, name)

    def close(self) -> None:
        """Wait for the transactions that are under way, then close all connections. Closing twice is fine."""
        if os.getpid() != self._process:
            return  # the connections are the parent's, and a lock may be held by a thread that exists only there
        with self._idle:
            self._closed = True
            self._idle.wait_for(lambda: self._inside == 0)
        self._engine.dispose()

    def check_usable(self) -> None:
        """Nothing, when a transaction could begin.

        Raises:
            StorageError: `storage-closed` or `storage-forked`.
        """
        if os.getpid() != self._process:
            # SQLite's locks and any database's sockets can't be shared with a parent: data would be damaged.
            raise StorageError(
                "the storage was opened before the process was forked",
                code="storage-forked",
                place=self.place,
                remedy="Open the storage in each worker, after the fork.",
            )
        if self._closed:
            raise StorageError(
                "the storage is closed", code="storage-closed", place=self.place, remedy="Open a storage and use that."
            )

    def _come_in(self) -> None:
        self.check_usable()
        with self._idle:
            self.check_usable()  # it may have been closed on the way in
            self._inside += 1
