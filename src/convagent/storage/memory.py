"""Conversations kept in memory, for tests, evals and demonstrations: gone when the process ends."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from types import TracebackType
from typing import Self

from convagent.conversation import Turn
from convagent.errors import StorageError
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
from convagent.storage.port import Due, GuideRun, Runs, StoredConversation
from convagent.storage.queueing import QueuedLocks
from convagent.storage.record import Record, record_from, stored_from, turns_from

__all__ = ["MemoryStorage"]

_PLACE = "memory:"


class MemoryStorage:
    """A `Storage` in memory.

    It keeps the same JSON that a database would, not the objects: what comes back is what a file would give back, and
    nobody can change what is kept by changing what they were handed.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks = QueuedLocks()
        self._records: dict[str, Record] = {}
        self._runs: dict[tuple[str, str, str], GuideRun] = {}
        self._claims: dict[str, datetime] = {}
        self._closed = False

    def load(self, conversation_id: str) -> StoredConversation | None:
        """The conversation as it was last saved, or None; see `Storage.load`."""
        record = self._record(conversation_id)
        if record is None:
            return None
        return stored_from(
            conversation_id,
            head=record.head,
            state=record.state,
            version=record.version,
            messages=(piece.json for piece in record.messages),
            turns=(piece.json for piece in record.turns),
            due_at=record.due_at,
            place=_PLACE,
        )

    def save(
        self, stored: StoredConversation, *, expected_version: int, runs: Runs | None = None
    ) -> StoredConversation:
        """Keep `stored` unless somebody saved meanwhile; see `Storage.save`."""
        self._check_open()
        version = checked_version(expected_version) + 1
        record = record_from(stored, version=version)
        with self._guard:
            kept = self._records.get(record.id)
            if (kept.version if kept else 0) != expected_version:
                raise conflict(record.id, expected_version, _PLACE)
            self._records[record.id] = record
            if runs is not None:
                self._runs = {
                    **{key: run for key, run in self._runs.items() if run.at >= runs.forget_before},
                    **{(subject, run.conversation, run.run): run for subject in runs.subjects for run in runs.runs},
                }
        return stored.model_copy(update={"version": version})

    @contextmanager
    def locked(self, conversation_id: str, *, timeout: float) -> Iterator[None]:
        """One turn at a time in a conversation; see `Storage.locked`."""
        self._check_open()
        with self._locks.held(checked_id(conversation_id), timeout=checked_timeout(timeout), place=_PLACE):
            yield

    def turns(self, conversation_id: str) -> tuple[Turn, ...]:
        """The conversation's turns, oldest first; see `Storage.turns`."""
        record = self._record(conversation_id)
        return turns_from(conversation_id, (piece.json for piece in record.turns), place=_PLACE) if record else ()

    def conversations(self, *, limit: int, after: str | None = None) -> list[str]:
        """Ids of conversations, newest first; see `Storage.conversations`."""
        self._check_open()
        limit = checked_limit(limit)
        with self._guard:
            newest_first = reversed(self._records)
            if after is not None:
                if checked_id(after) not in self._records:
                    raise unknown_cursor(after, _PLACE)
                for name in newest_first:
                    if name == after:
                        break
            return list(islice((name for name in newest_first if not name.startswith(RESERVED_PREFIX)), limit))

    def due(self, *, until: datetime, limit: int, after: Due | None = None) -> list[Due]:
        """Conversations in which something is due, the longest overdue first; see `Storage.due`."""
        self._check_open()
        limit = checked_limit(limit)
        with self._guard:
            found = [Due(record.due_at, name) for name, record in self._records.items() if record.due_at is not None]
        return sorted(due for due in found if due.at <= until and (after is None or due > after))[:limit]

    def runs(self, subjects: Collection[str], *, since: datetime) -> list[GuideRun]:
        """Runs for any of the subjects, oldest first; see `Storage.runs`."""
        self._check_open()
        with self._guard:
            found = {run for (subject, _, _), run in self._runs.items() if subject in subjects and run.at >= since}
        return sorted(found, key=lambda run: (run.at, run.conversation, run.run))

    def claim(self, name: str, *, at: datetime, forget_before: datetime) -> bool:
        """Whether something comes for the first time; see `Storage.claim`."""
        self._check_open()
        key = claim_key(name)
        with self._guard:
            while self._claims and (oldest := next(iter(self._claims.items())))[1] < forget_before:
                del self._claims[oldest[0]]
            kept = self._claims.get(key)
            if kept is not None and kept >= forget_before:
                return False
            self._claims.pop(key, None)
            self._claims[key] = at
            return True

    def drop_claim(self, name: str) -> None:
        """Give a claim up; see `Storage.drop_claim`."""
        self._check_open()
        with self._guard:
            self._claims.pop(claim_key(name), None)

    def close(self) -> None:
        """Forget everything; see `Storage.close`."""
        with self._guard:
            self._closed = True
            self._records.clear()
            self._runs.clear()
            self._claims.clear()

    def __enter__(self) -> Self:
        """The storage itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Closes the storage."""
        self.close()

    def _record(self, conversation_id: str) -> Record | None:
        self._check_open()
        return self._records.get(checked_id(conversation_id))

    def _check_open(self) -> None:
        if self._closed:
            raise StorageError(
                "the storage is closed", code="storage-closed", place=_PLACE, remedy="Open a storage and use that."
            )
