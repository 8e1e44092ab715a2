"""Where the ledger's entries lie: rows in a transaction, in a database or in memory."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import fields, replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, Protocol

from convagent.actions.ledger_entry import LedgerEntry, LedgerStatus
from convagent.errors import StorageError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Insert, RowMapping, Select, Update

    from convagent.storage.database import Database

__all__ = ["LedgerRows", "LedgerStore", "MemoryStore", "SqlStore"]

_JSON = ("arguments", "result", "issue")
_NAMES = tuple(column.name for column in fields(LedgerEntry))
_COUNTED: tuple[LedgerStatus, ...] = ("intended", "done", "uncertain")
"""What counts towards a limit: everything that was done or may have been."""


class LedgerRows(Protocol):
    """The entries, within one transaction."""

    def alone(self, name: str) -> None:
        """Until the transaction ends, no other one comes past here with the same name."""
        ...

    def find(self, key: str) -> LedgerEntry | None:
        """The entry of that key."""
        ...

    def insert(self, entry: LedgerEntry) -> LedgerEntry | None:
        """Adds an entry and gives it with its number; None, and nothing is changed, when the key is taken."""
        ...

    def change(self, key: str, *, among: Sequence[LedgerStatus], changes: Mapping[str, Any]) -> bool:
        """Changes an entry, provided that its status is among these and nobody settled it; whether it was."""
        ...

    def select(
        self,
        *,
        conversation: str | None = None,
        status: Sequence[LedgerStatus] = (),
        last: int | None = None,
    ) -> list[LedgerEntry]:
        """Entries in the order in which they were begun; only the `last` ones where that is given."""
        ...

    def count(self, action: str, *, customer: str | None, conversation: str | None, since: datetime | None) -> int:
        """How many effects count towards a limit of an action: of a customer, a conversation or everybody."""
        ...

    def arguments(
        self, action: str, *, customer: str | None, conversation: str | None, since: datetime | None
    ) -> list[Mapping[str, Any]]:
        """The arguments of those effects."""
        ...


class LedgerStore(Protocol):
    """Gives transactions."""

    place: str

    def transaction(self, purpose: Literal["read", "write", "soon"]) -> AbstractContextManager[LedgerRows]:
        """One transaction: kept at its end, undone when the block raises."""
        ...

    def close(self) -> None:
        """Gives up what it opened itself."""
        ...


class MemoryStore:
    """Entries in memory, gone when the process ends."""

    place = "memory:"

    def __init__(self) -> None:
        self._guard = threading.RLock()
        self._entries: dict[str, LedgerEntry] = {}

    @contextmanager
    def transaction(self, purpose: Literal["read", "write", "soon"]) -> Iterator[LedgerRows]:
        """One transaction at a time."""
        with self._guard:
            before = dict(self._entries) if purpose != "read" else {}
            try:
                yield _MemoryRows(self._entries)
            except BaseException:
                if purpose != "read":
                    self._entries.clear()
                    self._entries.update(before)
                raise

    def close(self) -> None:
        """Nothing: it goes with the process."""


class _MemoryRows:
    def __init__(self, entries: dict[str, LedgerEntry]) -> None:
        self._entries = entries

    def alone(self, name: str) -> None:
        """Always."""

    def find(self, key: str) -> LedgerEntry | None:
        """See `LedgerRows.find`."""
        return self._entries.get(key)

    def insert(self, entry: LedgerEntry) -> LedgerEntry | None:
        """See `LedgerRows.insert`."""
        if entry.key in self._entries:
            return None
        kept = replace(entry, number=len(self._entries) + 1)
        self._entries[entry.key] = kept
        return kept

    def change(self, key: str, *, among: Sequence[LedgerStatus], changes: Mapping[str, Any]) -> bool:
        """See `LedgerRows.change`."""
        entry = self._entries.get(key)
        if entry is None or entry.status not in among or entry.settled_by is not None:
            return False
        changed = replace(entry, **changes)
        if changed.ended_at is not None and changed.ended_at < changed.begun_at:
            changed = replace(changed, ended_at=changed.begun_at)
        self._entries[key] = changed
        return True

    def select(
        self, *, conversation: str | None = None, status: Sequence[LedgerStatus] = (), last: int | None = None
    ) -> list[LedgerEntry]:
        """See `LedgerRows.select`."""
        found = [
            entry
            for entry in self._entries.values()
            if conversation in (None, entry.conversation) and (not status or entry.status in status)
        ]
        return found if last is None else found[-last:]

    def count(self, action: str, *, customer: str | None, conversation: str | None, since: datetime | None) -> int:
        """See `LedgerRows.count`."""
        return len(self.arguments(action, customer=customer, conversation=conversation, since=since))

    def arguments(
        self, action: str, *, customer: str | None, conversation: str | None, since: datetime | None
    ) -> list[Mapping[str, Any]]:
        """See `LedgerRows.arguments`."""
        return [
            entry.arguments
            for entry in self._entries.values()
            if entry.action == action
            and entry.status in _COUNTED
            and customer in (None, entry.customer)
            and conversation in (None, entry.conversation)
            and (since is None or entry.begun_at >= since)
        ]


class SqlStore:
    """Entries in a database that is open already.

    Args:
        database: With the table `ledger`.
        close: Called when the ledger is closed; nothing for a database that belongs to somebody else.
    """

    def __init__(self, database: Database, *, close: Callable[[], None] | None = None) -> None:
        self.place = database.place
        self._database = database
        self._close = close

    @contextmanager
    def transaction(self, purpose: Literal["read", "write", "soon"]) -> Iterator[LedgerRows]:
        """One transaction of the database."""
        with self._database.transaction(purpose) as connection:
            yield _SqlRows(self._database, connection)

    def close(self) -> None:
        """Closes the database where it was opened for the ledger."""
        if self._close is not None:
            self._close()


class _SqlRows:
    def __init__(self, database: Database, connection: Connection) -> None:
        self._database, self._connection = database, connection

    def alone(self, name: str) -> None:
        """See `LedgerRows.alone`."""
        self._database.serialise(self._connection, name)

    def find(self, key: str) -> LedgerEntry | None:
        """See `LedgerRows.find`."""
        row = self._connection.execute(_finding(), {"wanted_key": key}).mappings().one_or_none()
        return None if row is None else _entry(row, self._database.place)

    def insert(self, entry: LedgerEntry) -> LedgerEntry | None:
        """See `LedgerRows.insert`."""
        row = {name: value for name, value in _row(entry).items() if name != "number"}
        statement = _insertion(self._connection.dialect.name)
        number = self._connection.execute(statement, row).scalar_one_or_none()
        return None if number is None else replace(entry, number=number)

    def change(self, key: str, *, among: Sequence[LedgerStatus], changes: Mapping[str, Any]) -> bool:
        """See `LedgerRows.change`."""
        values = {f"new_{name}": value for name, value in _texts(changes).items()}
        statement = _change(tuple(sorted(changes)), tuple(among))
        return self._connection.execute(statement, {"wanted_key": key, **values}).rowcount == 1

    def select(
        self, *, conversation: str | None = None, status: Sequence[LedgerStatus] = (), last: int | None = None
    ) -> list[LedgerEntry]:
        """See `LedgerRows.select`."""
        from sqlalchemy import select

        from convagent.storage.tables import key_from, ledger

        statement = select(ledger)
        if conversation is not None:
            statement = statement.where(ledger.c.conversation == key_from(conversation))
        if status:
            statement = statement.where(ledger.c.status.in_(status))
        statement = statement.order_by(ledger.c.number if last is None else ledger.c.number.desc()).limit(last)
        found = [_entry(row, self._database.place) for row in self._connection.execute(statement).mappings()]
        return found if last is None else found[::-1]

    def count(self, action: str, *, customer: str | None, conversation: str | None, since: datetime | None) -> int:
        """See `LedgerRows.count`."""
        statement, values = _counting("count", action, customer=customer, conversation=conversation, since=since)
        return self._connection.scalar(statement, values) or 0

    def arguments(
        self, action: str, *, customer: str | None, conversation: str | None, since: datetime | None
    ) -> list[Mapping[str, Any]]:
        """See `LedgerRows.arguments`."""
        statement, values = _counting("arguments", action, customer=customer, conversation=conversation, since=since)
        return [json.loads(text) for text in self._connection.scalars(statement, values)]


# Statements are built once: to build one takes as long as to run it.
@cache
def _finding() -> Select[Any]:
    """The row of a key."""
    from sqlalchemy import bindparam, select

    from convagent.storage.tables import ledger

    return select(ledger).where(ledger.c.key == bindparam("wanted_key"))


@cache
def _insertion(dialect: str) -> Insert:
    """Adds a row where the key is free; the database itself is asked, so that nothing can come in between."""
    from convagent.storage.tables import ledger

    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]
    return insert(ledger).on_conflict_do_nothing(index_elements=["key"]).returning(ledger.c.number)


@cache
def _change(names: tuple[str, ...], among: tuple[LedgerStatus, ...]) -> Update:
    """Changes these columns of a row that has one of these statuses and that nobody settled."""
    from sqlalchemy import bindparam, case, or_, update

    from convagent.storage.tables import ledger

    values: dict[str, Any] = {name: bindparam(f"new_{name}", type_=ledger.c[name].type) for name in names}
    if (ended := values.get("ended_at")) is not None and "begun_at" not in values:
        values["ended_at"] = case((ledger.c.begun_at > ended, ledger.c.begun_at), else_=ended)
    here = or_(*(ledger.c.status == status for status in among))
    return (
        update(ledger)
        .where(ledger.c.key == bindparam("wanted_key"), here, ledger.c.settled_by.is_(None))
        .values(values)
    )


def _counting(
    what: Literal["count", "arguments"],
    action: str,
    *,
    customer: str | None,
    conversation: str | None,
    since: datetime | None,
) -> tuple[Select[Any], dict[str, Any]]:
    """What counts towards a limit: the statement, and the values that go with it."""
    from convagent.storage.tables import key_from

    key = None if conversation is None else key_from(conversation)
    values = {"customer": _text(customer), "conversation": key, "begun_at": since}
    given = {name: value for name, value in values.items() if value is not None}
    return _counted_rows(what, tuple(given)), {"of_action": action, **{f"of_{name}": given[name] for name in given}}


@cache
def _counted_rows(what: Literal["count", "arguments"], by: tuple[str, ...]) -> Select[Any]:
    from sqlalchemy import bindparam, func, or_, select

    from convagent.storage.tables import ledger

    rows: Select[Any] = select(func.count() if what == "count" else ledger.c.arguments).select_from(ledger)
    rows = rows.where(
        ledger.c.action == bindparam("of_action"), or_(*(ledger.c.status == status for status in _COUNTED))
    )
    for name in by:
        column, value = ledger.c[name], bindparam(f"of_{name}", type_=ledger.c[name].type)
        rows = rows.where(column >= value if name == "begun_at" else column == value)
    return rows


def _row(entry: LedgerEntry) -> dict[str, Any]:
    from convagent.storage.tables import key_from

    row = _texts({name: getattr(entry, name) for name in _NAMES})
    return {**row, "conversation": key_from(entry.conversation)}


def _texts(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as columns take them."""
    return {
        name: (None if value is None else json.dumps(value, sort_keys=True, separators=(",", ":")))
        if name in _JSON
        else _text(value)
        for name, value in values.items()
    }


def _text(value: Any) -> Any:
    """A text that every database takes: PostgreSQL has no NUL, and no encoding has half a character."""
    if not isinstance(value, str):
        return value
    return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _entry(row: RowMapping, place: str) -> LedgerEntry:
    from convagent.storage.tables import id_from

    values = {name: row[name] for name in _NAMES}
    try:
        for name in _JSON:
            values[name] = None if values[name] is None else json.loads(values[name])
    except ValueError as error:
        raise StorageError(
            f"the ledger's entry {row['key']!r} can't be read back: {error}",
            code="storage-damaged",
            place=place,
            remedy="Restore it from a backup; it was changed by something other than convagent.",
        ) from error
    return LedgerEntry(**{**values, "conversation": id_from(values["conversation"])})
