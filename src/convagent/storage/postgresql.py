"""Conversations in PostgreSQL, which several machines may share."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any, Self

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from convagent.errors import MissingExtraError, StorageError
from convagent.storage.database import PURPOSE, Database
from convagent.storage.schema import prepare_schema
from convagent.storage.sql import SqlStorage

__all__ = ["PostgresqlStorage", "postgresql_database"]

_CONNECTIONS = 16
_WAIT_SECONDS = 10
_POOL_SECONDS = 30.0
_PREPARING = "convagent schema"

_FAULTS: dict[str, tuple[str, str]] = {
    "53100": ("storage-full", "Make room on the server's disk; what was saved before is safe."),
    "53300": ("storage-busy", "The server takes no more connections; raise max_connections or try again shortly."),
    "55P03": ("storage-busy", "Another process writes for long; try again, or look for one that hangs."),
    "40001": ("storage-busy", "Try again shortly."),
    "40P01": ("storage-busy", "Try again shortly."),
    "25006": ("storage-read-only", "Name the primary server: this one is a standby or set to read only."),
    "42501": ("storage-path", "Give this user the right to use the schema and its tables."),
    "3D000": ("storage-path", "Create the database first: convagent makes its tables, not the database."),
    "28P01": ("storage-path", "Check user and password."),
    "28000": ("storage-path", "Check user, password and what pg_hba.conf allows."),
}
"""SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html): our code, and what to do."""


class PostgresqlStorage(SqlStorage):
    """A `Storage` in a PostgreSQL database; see `PostgresqlStorage.open`."""

    @classmethod
    def open(cls, url: str, *, lease_seconds: float = 30.0, clock: Callable[[], float] | None = None) -> Self:
        """Connect to a database, and make our tables where they aren't there.

        What `save` came back from survives a crash of the server, as far as its `synchronous_commit` is on. Leases need
        no such care and do without.

        Args:
            url: `postgresql://user:password@host/database`, with what libpq takes behind a question mark:
                `?sslmode=verify-full`, `?host=/run/postgresql` for a Unix socket.
            lease_seconds: How long a conversation stays locked after the machine that was in it vanished.
            clock: Gives the seconds since 1970, for leases only. The server's clock by default, so that machines whose
                clocks disagree may share it.

        Raises:
            MissingExtraError: The driver isn't installed: `pip install "convagent[postgresql]"`.
            StorageError: `storage-unreachable` when the server doesn't answer, `storage-path` when it lets nobody in or
                has no such database, `storage-scheme` for a URL that can't be read; and those of the tables, as for a
                SQLite file.
        """
        if not lease_seconds > 0 or math.isnan(lease_seconds):
            raise StorageError(
                f"a lease of {lease_seconds} seconds", code="storage-argument", remedy="lease_seconds is above 0."
            )
        database = postgresql_database(url)
        try:
            with database.transaction("write") as connection:
                database.serialise(connection, _PREPARING)
                prepare_schema(connection, place=database.place)
                server = connection.scalar(text("SELECT extract(epoch FROM clock_timestamp())"))
        except BaseException:
            database.close()
            raise
        # The server's time goes on with this machine's steady clock, which nobody sets.
        ahead = float(server or 0) - time.monotonic()
        return cls(database, lease_seconds=lease_seconds, clock=clock or (lambda: time.monotonic() + ahead))


def postgresql_database(url: str) -> Database:
    """A PostgreSQL database, whatever tables are in it; see `PostgresqlStorage.open`."""
    address = _address(url)
    # Names of host and database only: an error is read by more people than may know the password.
    place = f"postgresql://{address.host or ''}/{address.database or ''}"
    engine = _engine(address)
    return Database(engine, place=place, explain=lambda error: _explained(error, place), serialise=_serialise)


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        address = None
    if address is None or address.get_backend_name() not in ("postgresql", "postgres"):
        raise StorageError(
            "the URL of the PostgreSQL database can't be read",
            code="storage-scheme",
            remedy='Write "postgresql://user:password@host/database"; escape special characters with %, as in any URL.',
        ) from None
    return address.set(drivername="postgresql+psycopg")


def _engine(address: URL) -> Engine:
    try:
        engine = create_engine(
            address,
            pool_size=_CONNECTIONS,
            max_overflow=0,
            pool_timeout=_POOL_SECONDS,
            pool_pre_ping=True,  # a server that was started anew is not the caller's concern
            connect_args={
                "connect_timeout": int(address.query.get("connect_timeout", _WAIT_SECONDS)),  # type: ignore[arg-type]
                "application_name": "convagent",
                "options": f"-c lock_timeout={_WAIT_SECONDS}s -c timezone=UTC",
            },
        )
    except ImportError as error:
        raise MissingExtraError(
            "PostgreSQL's driver isn't installed",
            remedy='Install it with: pip install "convagent[postgresql]"',
        ) from error
    except (ArgumentError, ValueError):
        raise StorageError(
            "the URL of the PostgreSQL database holds something that can't be used",
            code="storage-scheme",
            remedy='Write "postgresql://user:password@host/database".',
        ) from None

    def begin(connection: Connection) -> None:
        purpose = connection.get_execution_options().get(PURPOSE, "read")
        if purpose == "read":
            # several statements that read see one state of the database
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        elif purpose in ("soon", "lease"):
            connection.exec_driver_sql("SET LOCAL synchronous_commit = off")

    event.listen(engine, "begin", begin)
    return engine


def _serialise(connection: Connection, name: str) -> None:
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


def _explained(error: SQLAlchemyError, place: str) -> StorageError:
    if not isinstance(error, DBAPIError):  # no connection came free
        return StorageError(
            "no connection to the database came free", code="storage-busy", place=place, remedy="Try again shortly."
        )
    original: Any = error.orig
    state = getattr(original, "sqlstate", None) or ""
    # Only the first line of what the server says: its details may hold what customers wrote.
    told = getattr(getattr(original, "diag", None), "message_primary", None) or type(original).__name__
    gone = "Look after the server and the network; what was saved before is safe."
    if not state or state.startswith(("08", "57P")):
        faults = ("storage-busy", "Try again shortly.") if "Timeout" in told else ("storage-unreachable", gone)
    else:
        faults = _FAULTS.get(state, ("storage", "Look at the cause; were the tables changed by another program?"))
    said = str(original).lower()
    if not state and "password authentication failed" in said:
        faults = _FAULTS["28P01"]
    elif not state and "does not exist" in said:
        faults = _FAULTS["3D000"]
    return StorageError(f"the database can't be used: {told}", code=faults[0], place=place, remedy=faults[1])
