"""Conversations in a SQL database, in statements that every database understands."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Table, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from convagent.conversation import Turn
from convagent.storage.arguments import (
    RESERVED_PREFIX,
    checked_id,
    checked_limit,
    checked_timeout,
    checked_version,
    claim_key,
    conflict,
    unknown_cursor,
)
from convagent.storage.claims import drop_claim, write_claim
from convagent.storage.database import Database
from convagent.storage.leases import Leases
from convagent.storage.port import Due, GuideRun, Runs, StoredConversation
from convagent.storage.queueing import QueuedLocks
from convagent.storage.record import Piece, Record, record_from, stored_from, turns_from
from convagent.storage.sql_clock import read_due, read_runs, write_deadline, write_runs
from convagent.storage.tables import conversations, deadlines, id_from, key_from, messages, turns

__all__ = ["SqlStorage"]


class SqlStorage:
    """A `Storage` in an open database whose tables are there.

    Args:
        database: Closed together with the storage.
        lease_seconds: How long a conversation stays locked after its process crashed.
        clock: Gives the seconds since 1970, for leases only.
    """

    def __init__(self, database: Database, *, lease_seconds: float, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._locks = QueuedLocks()
        self._leases = Leases(database, seconds=lease_seconds, clock=clock)

    @property
    def database(self) -> Database:
        """The database itself, which a ledger may share."""
        return self._database

    def load(self, conversation_id: str) -> StoredConversation | None:
        """The conversation as it was last saved, or None; see `Storage.load`."""
        key = key_from(checked_id(conversation_id))
        with self._database.transaction("read") as connection:
            found = connection.execute(
                select(conversations.c.json, conversations.c.state, conversations.c.version, deadlines.c.at)
                .outerjoin_from(conversations, deadlines)
                .where(conversations.c.id == key)
            ).one_or_none()
            if found is None:
                return None
            head, state, version, due_at = found
            message_texts, turn_texts = _texts(connection, messages, key), _texts(connection, turns, key)
        return stored_from(
            conversation_id,
            head=head,
            state=state,
            version=version,
            messages=message_texts,
            turns=turn_texts,
            due_at=due_at,
            place=self._database.place,
        )

    def save(
        self, stored: StoredConversation, *, expected_version: int, runs: Runs | None = None
    ) -> StoredConversation:
        """Keep `stored` unless somebody saved meanwhile; see `Storage.save`.

        Messages and turns that are kept already are not written again.
        """
        version = checked_version(expected_version) + 1
        record = record_from(stored, version=version)
        key = key_from(record.id)
        with self._database.transaction("write") as connection:
            if not _write_head(connection, record, key):
                raise conflict(record.id, expected_version, self._database.place)
            _write_pieces(connection, messages, key, record.messages)
            _write_pieces(connection, turns, key, record.turns)
            write_deadline(connection, key, record.due_at)
            if runs is not None:
                write_runs(connection, runs)
        return stored.model_copy(update={"version": version})

    @contextmanager
    def locked(self, conversation_id: str, *, timeout: float) -> Iterator[None]:
        """One turn at a time in a conversation; see `Storage.locked`.

        Within a process waiters queue in memory; only the first of them takes part in the queue of processes. So
        neither a process with many threads nor one with few is starved.
        """
        self._database.check_usable()
        name, timeout = checked_id(conversation_id), checked_timeout(timeout)
        started = time.monotonic()
        with self._locks.held(name, timeout=timeout, place=self._database.place):
            left = max(0.0, started + timeout - time.monotonic())
            with self._leases.held(key_from(name), name=name, timeout=left):
                yield

    def turns(self, conversation_id: str) -> tuple[Turn, ...]:
        """The conversation's turns, oldest first; see `Storage.turns`."""
        key = key_from(checked_id(conversation_id))
        with self._database.transaction("read") as connection:
            texts = _texts(connection, turns, key)
        return turns_from(conversation_id, texts, place=self._database.place)

    def conversations(self, *, limit: int, after: str | None = None) -> list[str]:
        """Ids of conversations, newest first; see `Storage.conversations`."""
        page = select(conversations.c.id).where(~conversations.c.id.startswith(RESERVED_PREFIX, autoescape=True))
        page = page.order_by(conversations.c.number.desc()).limit(checked_limit(limit))
        with self._database.transaction("read") as connection:
            if after is not None:
                key = key_from(checked_id(after))
                number = connection.scalar(select(conversations.c.number).where(conversations.c.id == key))
                if number is None:
                    raise unknown_cursor(after, self._database.place)
                page = page.where(conversations.c.number < number)
            return [id_from(key) for key in connection.scalars(page)]

    def due(self, *, until: datetime, limit: int, after: Due | None = None) -> list[Due]:
        """Conversations in which something is due, the longest overdue first; see `Storage.due`."""
        with self._database.transaction("read") as connection:
            return read_due(connection, until=until, limit=checked_limit(limit), after=after)

    def runs(self, subjects: Collection[str], *, since: datetime) -> list[GuideRun]:
        """Runs for any of the subjects, oldest first; see `Storage.runs`."""
        with self._database.transaction("read") as connection:
            return read_runs(connection, subjects, since=since)

    def claim(self, name: str, *, at: datetime, forget_before: datetime) -> bool:
        """Whether something comes for the first time; see `Storage.claim`."""
        with self._database.transaction("write") as connection:
            return write_claim(connection, claim_key(name), at=at, forget_before=forget_before)

    def drop_claim(self, name: str) -> None:
        """Give a claim up; see `Storage.drop_claim`."""
        with self._database.transaction("write") as connection:
            drop_claim(connection, claim_key(name))

    def close(self) -> None:
        """Give back leases, wait for what is under way, and close the database; see `Storage.close`."""
        self._leases.close()
        self._database.close()

    def __enter__(self) -> Self:
        """The storage itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Closes the storage."""
        self.close()


def _texts(connection: Connection, table: Table, key: str) -> Sequence[str]:
    return connection.scalars(
        select(table.c.json).where(table.c.conversation_id == key).order_by(table.c.position)
    ).all()


def _write_head(connection: Connection, record: Record, key: str) -> bool:
    """Whether the conversation was at the version before the record's, and now is at the record's."""
    values = {"version": record.version, "json": record.head, "state": record.state}
    if record.version == 1:
        try:
            connection.execute(insert(conversations).values(id=key, **values))
        except IntegrityError:  # the id is there already
            return False
        return True
    at_version = (conversations.c.id == key) & (conversations.c.version == record.version - 1)
    return connection.execute(update(conversations).where(at_version).values(values)).rowcount == 1


def _write_pieces(connection: Connection, table: Table, key: str, pieces: tuple[Piece, ...]) -> None:
    """Write what differs from what is kept: from the first different position on, which usually is the end."""
    kept = connection.scalars(
        select(table.c.digest).where(table.c.conversation_id == key).order_by(table.c.position)
    ).all()
    same = 0
    while same < min(len(kept), len(pieces)) and kept[same] == pieces[same].digest:
        same += 1
    if same < len(kept):
        connection.execute(delete(table).where(table.c.conversation_id == key, table.c.position >= same))
    label = table.c.keys()[3]
    rows = [
        {
            "conversation_id": key,
            "position": position,
            "at": piece.at,
            label: piece.label,
            "digest": piece.digest,
            "json": piece.json,
        }
        for position, piece in enumerate(pieces[same:], start=same)
    ]
    if rows:
        connection.execute(insert(table), rows)
