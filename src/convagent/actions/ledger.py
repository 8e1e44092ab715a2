"""The ledger: every effect is written down before it is issued, and what came of it afterwards.

    with Ledger.open("sqlite:///convagent.db") as ledger:
        for entry in ledger.entries(conversation="c-17"):
            print(entry.action, entry.status, entry.confirmed_by, entry.ended_at)

An effect has one key. Whoever writes its intent down first issues it, and nobody else does; the database decides who that
is, in one statement. What was intended and never ended belongs to a worker that died: under the conversation's lock it is
issued again with the same key where the receiver honours it, else marked uncertain, and a person finds out.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

from convagent.actions.amounts import AmountLimit
from convagent.actions.ledger_entry import Begun, Intent, LedgerEntry, LedgerStatus
from convagent.actions.ledger_limits import broken_limit
from convagent.actions.ledger_store import LedgerRows, LedgerStore, MemoryStore, SqlStore
from convagent.actions.limits import Limit
from convagent.errors import ActionError, StorageError
from convagent.storage import Storage

if TYPE_CHECKING:
    from convagent.storage.database import Database

__all__ = ["Ledger"]

NOT_KNOWN = "it was begun, and how it ended is not known"
"""The error of an entry whose worker died."""

_OPEN: tuple[LedgerStatus, ...] = ("intended", "uncertain")
_beside: weakref.WeakKeyDictionary[Any, MemoryStore] = weakref.WeakKeyDictionary()
"""Ledgers in memory, each of which lives as long as its storage."""
_guard = threading.Lock()


class Ledger:
    """Effects and what came of them. May be used from any thread, and by several processes and machines at once.

    Args:
        store: Where the entries lie; use `Ledger.open` or `Ledger.beside`.
    """

    def __init__(self, store: LedgerStore) -> None:
        self._store = store

    @classmethod
    def open(cls, url: str | os.PathLike[str]) -> Self:
        """Opens the ledger of a database, which is made where it isn't there.

        Args:
            url: As for `convagent.storage.open_storage`: `sqlite:///FILE`, `postgresql://…`, or `memory:`.

        Raises:
            StorageError, MissingExtraError: As `open_storage`.
        """
        from convagent.storage.opening import is_memory, open_database

        if is_memory(url):
            return cls(MemoryStore())
        database = open_database(url)
        return cls(SqlStore(database, close=database.close))

    @classmethod
    def beside(cls, storage: Storage) -> Self:
        """The ledger in the database that a storage keeps its conversations in; closing it leaves that open.

        A storage of another kind than ours gets a ledger in memory: open one with `Ledger.open` for effects that must
        survive the process.
        """
        database: Database | None = getattr(storage, "database", None)
        if database is not None:
            return cls(SqlStore(database))
        with _guard:
            return cls(_beside.setdefault(storage, MemoryStore()))

    # ---- before and after an effect
    def begin(
        self, intent: Intent, *, at: datetime, limits: Sequence[Limit] = (), amounts: Sequence[AmountLimit] = ()
    ) -> Begun:
        """Writes an intent down, in one statement: of all who try, one gets it.

        An entry that was refused before may be begun anew; every other one stays as it is and comes back.

        Args:
            intent: What is about to be issued.
            at: The moment, by the clock that limits are reckoned with.
            limits: How often it may be done. What was done and what may have been done counts.
            amounts: How much it may move within a time.

        Raises:
            StorageError: It can't be written down; then it must not be issued.
        """
        entry = _entry(intent, at)
        with self._store.transaction("write") as rows:
            if limits or amounts:
                rows.alone(f"ledger {entry.action}")  # what counts towards the same limits waits for one another
                found = rows.find(entry.key)
                if found is None or found.status == "refused":
                    exceeded = broken_limit(rows, intent, limits, amounts, at=entry.begun_at)
                    if exceeded is not None:
                        return _refused(rows, entry, exceeded)
            kept = rows.insert(entry)
            if kept is not None:
                return Begun(kept, fresh=True)
            again = {"status": "intended", "begun_at": entry.begun_at, "ended_at": None, "error": None, "reason": None}
            confirmed = {"confirmed_by": entry.confirmed_by, "confirmed_at": entry.confirmed_at, "issue": entry.issue}
            fresh = rows.change(entry.key, among=("refused",), changes={**again, **confirmed})
            return Begun(_there(rows.find(entry.key), entry.key, self._store.place), fresh=fresh)

    def refuse(self, intent: Intent, *, error: str, reason: str | None, at: datetime) -> None:
        """Records that an effect was asked for and refused; what is there under its key already stays."""
        with self._store.transaction("soon") as rows:  # nothing was issued, so that nothing can be issued twice
            _refused(rows, _entry(intent, at), error, reason=reason)

    def exceeded(
        self, intent: Intent, *, at: datetime, limits: Sequence[Limit] = (), amounts: Sequence[AmountLimit] = ()
    ) -> str | None:
        """The limit that would refuse an effect, None when none would; nothing is written."""
        if not limits and not amounts:
            return None
        with self._store.transaction("read") as rows:
            return broken_limit(rows, intent, limits, amounts, at=at.astimezone(UTC))

    def end(
        self,
        key: str,
        *,
        status: Literal["done", "failed", "refused", "uncertain"],
        at: datetime,
        result: Any = None,
        error: str | None = None,
        reason: str | None = None,
    ) -> bool:
        """Records what came of an effect. What a person settled stays as it is.

        Args:
            key: The idempotency key.
            status: `refused` only for what was not issued after all.
            at: The moment; one before the beginning counts as that.
            result: What the action gave, in JSON.
            error: Why it was not done, or what is not known.
            reason: The handover reason that goes with it.

        Returns:
            Whether it was recorded.
        """
        changes: dict[str, Any] = {"status": status, "result": result, "error": error, "reason": reason}
        if status != "done":
            changes["issue"] = None
        # The turn's own writing follows and takes it along. Were the power cut in between, it is as if we had died earlier.
        with self._store.transaction("soon") as rows:
            return rows.change(key, among=_OPEN, changes={**changes, "ended_at": at.astimezone(UTC)})

    def again(self, key: str) -> LedgerEntry | None:
        """Notes that an intended effect is issued once more, under the same key; None when it has ended."""
        with self._store.transaction("write") as rows:
            entry = rows.find(key)
            if entry is None or entry.status != "intended":
                return None
            rows.change(key, among=("intended",), changes={"attempts": entry.attempts + 1})
            return rows.find(key)

    def forget_issues(self, keys: Iterable[str]) -> None:
        """Lets go of what it would take to issue effects again, or to read their turns again: they are told."""
        wanted = tuple(keys)
        if wanted:
            with self._store.transaction("soon") as rows:
                for key in wanted:
                    rows.change(key, among=("done",), changes={"issue": None})

    # ---- for people
    def entries(
        self,
        *,
        conversation: str | None = None,
        status: LedgerStatus | Sequence[LedgerStatus] = (),
        last: int | None = None,
    ) -> tuple[LedgerEntry, ...]:
        """Entries in the order in which they were begun.

        Args:
            conversation: Only of this conversation.
            status: Only with this status, or one of these.
            last: Only so many of the latest.
        """
        wanted: Sequence[Any] = (status,) if isinstance(status, str) else tuple(status)
        with self._store.transaction("read") as rows:
            return tuple(rows.select(conversation=conversation, status=wanted, last=last))

    def get(self, key: str) -> LedgerEntry | None:
        """The entry of that key."""
        with self._store.transaction("read") as rows:
            return rows.find(key)

    def pending(self) -> tuple[str, ...]:
        """Conversations with effects that have not ended (a worker is at it, or died), or that are uncertain."""
        return tuple(dict.fromkeys(entry.conversation for entry in self.entries(status=_OPEN)))

    def settle(
        self, key: str, *, done: bool, by: str, at: datetime | None = None, note: str | None = None
    ) -> LedgerEntry:
        """Records what a person found out about an uncertain effect.

        Args:
            key: The idempotency key.
            done: Whether it was done.
            by: Who found out.
            at: When; now by default.
            note: What they found.

        Raises:
            ActionError: `ledger-unknown` for a key that isn't here; `ledger-settled` for an effect that is not uncertain.
        """
        if not by.strip():
            raise ActionError("nobody is named who found out", code="ledger-settle", remedy="Say who, with `by`.")
        at = (at or datetime.now(UTC)).astimezone(UTC)
        with self._store.transaction("write") as rows:
            found = rows.find(key)
            if found is None:
                raise ActionError(
                    f"there is no effect {key!r} in the ledger",
                    code="ledger-unknown",
                    place=self._store.place,
                    remedy="`convagent ledger list --status uncertain` names them all.",
                )
            changes = {"status": "done" if done else "failed", "settled_by": by.strip(), "ended_at": at}
            told = note or (None if done else "a person found out that it was not done")
            if found.status != "uncertain" or not rows.change(
                key,
                among=("uncertain",),
                changes={**changes, "error": told, "reason": None if done else "action_failed"},
            ):
                pending = found.status == "intended"
                raise ActionError(
                    f"the effect {key!r} is {found.status}, not uncertain",
                    code="ledger-settled",
                    place=self._store.place,
                    remedy="`convagent ledger recover` finds out what a dead worker left."
                    if pending
                    else "Only what is uncertain can be settled.",
                )
            return _there(rows.find(key), key, self._store.place)

    def close(self) -> None:
        """Gives up what `open` opened. Closing twice is fine."""
        self._store.close()

    def __enter__(self) -> Self:
        """The ledger itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Closes the ledger."""
        self.close()


def _entry(intent: Intent, at: datetime) -> LedgerEntry:
    return LedgerEntry(
        number=0, key=intent.key, effect=intent.effect, conversation=intent.conversation, action=intent.action,
        arguments=intent.arguments, arguments_hash=intent.arguments_hash, status="intended", begun_at=at.astimezone(UTC),
        guide=intent.guide, customer=intent.customer, confirmed_by=intent.confirmed_by, issue=intent.issue,
        confirmed_at=None if intent.confirmed_at is None else intent.confirmed_at.astimezone(UTC),
    )  # fmt: skip


def _refused(rows: LedgerRows, entry: LedgerEntry, why: str, *, reason: str | None = "not_permitted") -> Begun:
    """Records a refusal, under its key where that is free."""
    values = {name: getattr(entry, name) for name in entry.__dataclass_fields__}
    values.update(status="refused", error=why, reason=reason, ended_at=entry.begun_at, issue=None, attempts=0)
    kept = rows.insert(LedgerEntry(**values))
    return Begun(kept or rows.find(entry.key) or entry, fresh=False, exceeded=why)


def _there(entry: LedgerEntry | None, key: str, place: str) -> LedgerEntry:
    if entry is None:
        raise StorageError(
            f"the ledger's entry {key!r} is gone",
            code="storage-damaged",
            place=place,
            remedy="Restore it from a backup; nothing of convagent's ever deletes one.",
        )
    return entry
