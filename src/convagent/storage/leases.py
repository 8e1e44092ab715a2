"""Locks that processes share through a database: a lease is a row, which lapses unless its owner keeps renewing it.

A process that crashes renews nothing, so that its conversation is free again after one length of the lease, and at once
for processes of the same machine, which see that it is gone (see `holders`). A process that merely stood still for that
long (a laptop asleep) may find its lease given away; then `save`, which names the version it read, still keeps the two
turns apart.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, Table, delete, insert, select, update

from convagent.errors import StorageError
from convagent.storage.database import Database
from convagent.storage.holders import is_gone, new_token
from convagent.storage.queueing import busy
from convagent.storage.tables import lease_queue, leases

__all__ = ["Leases"]

_FIRST_PAUSE = 0.002
_LONGEST_PAUSE = 0.05
"""Seconds between two looks at a lease that somebody else holds: short at first, since most turns are."""


class Leases:
    """The leases that this process holds in one database, kept alive by a thread while there are any.

    Processes that wait for the same lease get it in the order in which they came.

    Args:
        database: With the tables `leases` and `lease_queue`.
        seconds: How long a lease lasts unless renewed; it is renewed three times in that time.
        clock: Gives the seconds since 1970. All processes' clocks must agree to within a fraction of `seconds`.
    """

    def __init__(self, database: Database, *, seconds: float, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._seconds = seconds
        self._clock = clock
        self._guard = threading.Lock()
        self._held: set[str] = set()
        self._renewer: threading.Thread | None = None
        self._closing = threading.Event()

    @contextmanager
    def held(self, key: str, *, name: str, timeout: float) -> Iterator[None]:
        """Hold the lease of `key`.

        Args:
            key: Which lease.
            name: What an error calls it.
            timeout: Seconds to wait at most; one attempt is made in any case.

        Raises:
            StorageError: `storage-busy` when the time is up.
        """
        token = new_token()
        try:
            self._wait_for(key, token, name=name, timeout=timeout)
            self._keep_renewing(token)
            yield
        finally:
            with self._guard:
                self._held.discard(token)
            # The turn is over, whether or not its lease can be given back: failing that, the lease lapses by itself.
            with suppress(StorageError):
                self._forget({token})

    def close(self) -> None:
        """Give back every lease and end the thread."""
        self._closing.set()
        with self._guard:
            renewer, tokens = self._renewer, set(self._held)
            self._held.clear()
        if renewer is not None:
            renewer.join()
        if tokens:
            with suppress(StorageError):
                self._forget(tokens)

    def _wait_for(self, key: str, token: str, *, name: str, timeout: float) -> None:
        deadline = time.monotonic() + timeout
        pause = _FIRST_PAUSE
        write_again_at = 0.0
        while True:
            # Only looking leaves other writers alone; but whoever queues has to show, now and then, to be alive.
            if time.monotonic() >= write_again_at or self._is_free(key, token):
                if self._take_or_queue(key, token):
                    return
                write_again_at = time.monotonic() + self._seconds / 3
            left = deadline - time.monotonic()
            if left <= 0:
                raise busy(name, self._database.place)
            self._closing.wait(min(pause, left))
            pause = min(pause * 1.5, _LONGEST_PAUSE)

    def _is_free(self, key: str, token: str) -> bool:
        with self._database.transaction("read") as connection:
            return not self._live(connection, leases, key) and self._live(connection, lease_queue, key)[:1] == [token]

    def _take_or_queue(self, key: str, token: str) -> bool:
        expires_at = self._clock() + self._seconds
        row = {"conversation_id": key, "token": token, "seconds": self._seconds, "expires_at": expires_at}
        with self._database.transaction("lease") as connection:
            self._database.serialise(connection, f"lease {key}")
            holders = self._live(connection, leases, key)
            waiting = self._live(connection, lease_queue, key)
            if holders or waiting[:1] not in ([], [token]):
                if token in waiting:
                    values = {"expires_at": expires_at}
                    connection.execute(update(lease_queue).where(lease_queue.c.token == token).values(values))
                else:
                    # There may be a place that lapsed while this process stood still; the queue has moved on.
                    connection.execute(delete(lease_queue).where(lease_queue.c.token == token))
                    connection.execute(insert(lease_queue).values(row))
                return False
            # Away with what lapsed, and with the place in the queue that is no longer needed.
            connection.execute(delete(leases).where(leases.c.conversation_id == key))
            behind = waiting[1:]
            connection.execute(
                delete(lease_queue).where(lease_queue.c.conversation_id == key, lease_queue.c.token.not_in(behind))
            )
            connection.execute(insert(leases).values(row))
            return True

    def _live(self, connection: Connection, table: Table, key: str) -> list[str]:
        """Tokens that have not lapsed and whose processes aren't known to be gone, in order of arrival."""
        rows = connection.execute(
            select(table.c.token, table.c.seconds, table.c.expires_at)
            .where(table.c.conversation_id == key)
            .order_by(*table.primary_key.columns)
        )
        now = self._clock()
        # One that ends further away than any could was written before the clock was set back: it would never lapse.
        return [
            token for token, seconds, expires_at in rows if now < expires_at <= now + 2 * seconds and not is_gone(token)
        ]

    def _keep_renewing(self, token: str) -> None:
        with self._guard:
            self._held.add(token)
            if self._renewer is None and not self._closing.is_set():
                self._renewer = threading.Thread(target=self._renew, name="convagent-leases", daemon=True)
                self._renewer.start()

    def _renew(self) -> None:
        while not self._closing.wait(self._seconds / 3):
            with self._guard:
                tokens = set(self._held)
                if not tokens:
                    self._renewer = None
                    return
            # A database that is busy now is asked again in a moment, and twice before the lease lapses.
            with suppress(StorageError), self._database.transaction("lease") as connection:
                values = {"expires_at": self._clock() + self._seconds}
                connection.execute(update(leases).where(leases.c.token.in_(tokens)).values(values))

    def _forget(self, tokens: set[str]) -> None:
        with self._database.transaction("lease") as connection:
            for table in (leases, lease_queue):
                connection.execute(delete(table).where(table.c.token.in_(tokens)))
