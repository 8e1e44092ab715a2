"""Conversations in a SQLite file, which several processes of one machine may share."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal, Self

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from convagent.errors import StorageError
from convagent.storage.database import PURPOSE, Database
from convagent.storage.group_sync import GroupSync
from convagent.storage.schema import prepare_schema
from convagent.storage.sql import SqlStorage

__all__ = ["Durability", "SqliteStorage", "sqlite_database"]

Durability = Literal["full", "normal"]

_MEMORY = ":memory:"
_BUSY_SECONDS = 10.0
_CONNECTIONS = 16
_WAL = "convagent_wal"
_CHANGES = "convagent_changes"
_SHARES = os.name == "posix"
"""Whether a file that somebody else has open can be synchronised; elsewhere every transaction waits for the disk itself."""

_FAULTS: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_BUSY: ("storage-busy", "Another process writes for long; try again, or look for one that hangs."),
    sqlite3.SQLITE_LOCKED: ("storage-busy", "Another process writes for long; try again, or look for one that hangs."),
    sqlite3.SQLITE_READONLY: ("storage-read-only", "Make the file and its folder writable, or choose another place."),
    sqlite3.SQLITE_PERM: ("storage-path", "Give this user the right to read and write the file and its folder."),
    sqlite3.SQLITE_CANTOPEN: ("storage-path", "Check that the file and its folder are there and may be written."),
    sqlite3.SQLITE_FULL: ("storage-full", "Make room on the disk; what was saved before is safe."),
    sqlite3.SQLITE_IOERR: ("storage-io", "Look after the disk: is it full, unplugged, or a network drive?"),
    sqlite3.SQLITE_NOTADB: ("storage-not-a-database", "Name another file; this one is left as it is."),
    sqlite3.SQLITE_CORRUPT: ("storage-damaged", "Restore the file from a backup."),
}
"""SQLite's primary result codes (https://www.sqlite.org/rescode.html): our code, and what to do."""


class SqliteStorage(SqlStorage):
    """A `Storage` in a SQLite file; see `SqliteStorage.open`."""

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        *,
        durability: Durability = "full",
        lease_seconds: float = 30.0,
        clock: Callable[[], float] = time.time,
    ) -> Self:
        """Open a file, and make it with its folder when it isn't there.

        A new file can be read by its owner alone (mode 0600), since it holds customers' data; SQLite gives the files
        that it keeps beside it (`-wal`, `-shm`) the same mode. The file must lie on a disk of this machine: on network
        drives SQLite's locks do not hold.

        The file is in WAL mode: readers and the one writer do not wait for each other. A writer waits for another one
        for up to 10 seconds, then raises `storage-busy`.

        Args:
            path: The file, or `:memory:` for a database that vanishes on closing.
            durability: What survives a power cut or a crash of the operating system. With `full` everything does whose
                `save` came back, for one wait for the disk, which all who save at the same time share. With `normal` the
                last saves may be missing; the file is whole in any case, and a crash of the program alone (`kill -9`)
                loses nothing either way.
            lease_seconds: How long a conversation stays locked after the process that was in it crashed.
            clock: Gives the seconds since 1970, for leases only.

        Raises:
            StorageError: `storage-path`, `storage-read-only`, `storage-full`, `storage-io`, `storage-busy` or
                `storage-not-a-database` when the file can't be used; `storage-foreign` or `storage-schema` when it is
                another program's or a newer version's; `storage-argument` for a lease that does not last.
        """
        if not lease_seconds > 0:
            raise StorageError(
                f"a lease of {lease_seconds} seconds", code="storage-argument", remedy="lease_seconds is above 0."
            )
        database = sqlite_database(path, durability=durability)
        try:
            with database.transaction("write") as connection:
                prepare_schema(connection, place=database.place)
        except BaseException:
            database.close()
            raise
        return cls(database, lease_seconds=lease_seconds, clock=clock)


def sqlite_database(path: str | os.PathLike[str], *, durability: Durability = "full") -> Database:
    """A file as a database, made when it isn't there, whatever tables are in it; see `SqliteStorage.open`."""
    file = None if os.fspath(path) == _MEMORY else _prepared_file(path)
    place = str(file) if file else _MEMORY
    engine = _engine(file, durability=durability)
    return Database(
        engine,
        place=place,
        explain=lambda error: _explained(error, place),
        # Threads that queue here lose less time than in SQLite, which lets a writer sleep and look again.
        writers=threading.Lock(),
        settle=_shared_wait(file) if file and durability == "full" and _SHARES else None,
    )


def _shared_wait(file: Path) -> Callable[[Connection], Callable[[], None] | None]:
    """What is called behind a commit: the wait for the disk that all share, where something was written to the WAL."""
    shared = GroupSync(file.resolve())  # SQLite follows links too before it names the files beside

    def settle(connection: Connection) -> Callable[[], None] | None:
        written = _changes(connection) != connection.info[_CHANGES]
        return shared.wait if written and connection.info[_WAL] else None

    return settle


def _changes(connection: Connection) -> int:
    """Rows that were written through a connection since it was opened."""
    raw = connection.connection.driver_connection
    return raw.total_changes if isinstance(raw, sqlite3.Connection) else 0


def _prepared_file(path: str | os.PathLike[str]) -> Path:
    """The absolute path of a file that is there: empty and for its owner alone when it wasn't."""
    try:
        # Made absolute, since the program may change its folder while the file is open.
        file = Path(path).absolute()
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError:
            if not file.is_file():
                raise StorageError(
                    "there is something other than a file", code="storage-path", place=file, remedy="Name a file."
                ) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise StorageError(
            f"the file can't be made: {reason}",
            code="storage-path",
            place=repr(os.fspath(path)),
            remedy="Name a file in a folder that this user may write to.",
        ) from error
    return file


def _engine(file: Path | None, *, durability: Durability) -> Engine:
    engine = create_engine(
        "sqlite+pysqlite://",
        creator=lambda: _connection(file),
        poolclass=QueuePool,
        # A database in memory lives in its connection: there can be only one, and it must never be replaced.
        pool_size=_CONNECTIONS if file else 1,
        max_overflow=0,
        pool_timeout=_BUSY_SECONDS,
    )

    def begin(connection: Connection) -> None:
        purpose = connection.get_execution_options().get(PURPOSE, "read")
        alone = not (_SHARES and connection.info[_WAL])
        level = durability if alone and purpose in ("read", "write") else "normal"
        if connection.info.get("synchronous") != level:
            connection.exec_driver_sql(f"PRAGMA synchronous={level}")
            connection.info["synchronous"] = level
        connection.info[_CHANGES] = _changes(connection)
        # A writer that began as a reader could find, on its first writing, that what it read is out of date.
        connection.exec_driver_sql("BEGIN" if purpose == "read" else "BEGIN IMMEDIATE")

    def connected(raw: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        record.info[_WAL] = raw.execute("PRAGMA journal_mode").fetchone()[0] == "wal"

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begin)
    return engine


def _connection(file: Path | None) -> sqlite3.Connection:
    connection = sqlite3.connect(
        # mode=rw: were the file taken away meanwhile, SQLite would make a new one that everybody can read.
        f"{file.as_uri()}?mode=rw" if file else _MEMORY,
        uri=file is not None,
        timeout=_BUSY_SECONDS,
        isolation_level=None,  # transactions begin where `_engine` says, not where the driver guesses
        check_same_thread=False,  # the pool lends a connection to one thread at a time
    )
    try:
        connection.execute("PRAGMA foreign_keys=ON")
        _switch_to_wal(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """WAL mode stays with the file, so that only the first connection ever switches; it may have to wait for others.

    SQLite does not wait by itself here as it does everywhere else. Where the mode can't be had the old one serves too.
    """
    deadline = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if _primary_code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _primary_code(error: BaseException | None) -> int:
    """SQLite's result code without its extension, 0 when there is none."""
    return int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF


def _explained(error: SQLAlchemyError, place: str) -> StorageError:
    if not isinstance(error, DBAPIError):  # no connection came free
        return StorageError(
            f"the database is busy: {error}", code="storage-busy", place=place, remedy="Try again shortly."
        )
    code, remedy = _FAULTS.get(
        _primary_code(error.orig), ("storage", "Look at the cause; was the file changed by another program?")
    )
    return StorageError(f"the database can't be used: {error.orig}", code=code, place=place, remedy=remedy)
