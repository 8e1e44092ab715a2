"""How often guides ran for a customer, across conversations: read for a turn, kept with it, one turn at a time.

Whom a run was for is told by the shop's id of the customer, else the e-mail address; for who is not known, by the visit to the
storefront and the conversation. Runs are kept under hashes of all of these that are known, so that one that began before
the customer said who they are is found afterwards too.
"""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from datetime import datetime
from types import TracebackType
from typing import Self

from convagent.facts import Customer
from convagent.guidance.interpreter.caps import LONGEST_SPAN, counts_by_the_clock
from convagent.guidance.interpreter.kernel import Guide, Kernel
from convagent.guidance.interpreter.world import Ran
from convagent.guidance.language.memo import memo_by_identity
from convagent.storage import RESERVED_PREFIX, Storage
from convagent.storage.port import GuideRun, Runs

__all__ = ["RunCounts"]


@memo_by_identity
def _any_by_the_clock(guides: tuple[Guide, ...]) -> bool:
    return any(counts_by_the_clock(guide) for guide in guides)


class RunCounts:
    """The runs that count in one turn. While it is entered, no other turn counts runs for the same customer or visit.

    Args:
        storage: Where runs are kept.
        kernel: The shop's guides; where none has an `At most` that goes by the clock, nothing is read, locked or kept.
        conversation: The conversation at hand.
        lock_seconds: How long another turn of the same customer is waited for; None for a dry run, which locks nothing.
    """

    def __init__(self, storage: Storage, kernel: Kernel, *, conversation: str, lock_seconds: float | None) -> None:
        self._storage = storage
        self._wanted = _any_by_the_clock(kernel.guides)
        self._conversation = conversation
        self._lock_seconds = lock_seconds
        self._locks = ExitStack()
        self._subjects: dict[str, None] = {}
        self._runs: list[GuideRun] = []

    def read(self, customer: Customer | None, *, session: str | None, now: datetime) -> tuple[Ran, ...] | None:
        """The runs that count, now that this is known of who writes; None when that is nothing new.

        Whoever was known before in the turn counts on: what one learns of a customer takes nothing back.

        Args:
            customer: Who writes.
            session: Their visit to the storefront.
            now: The turn's moment.

        Raises:
            StorageError: The runs can't be read, or another turn of the customer takes too long.
        """
        if not self._wanted:
            return None
        new = [key for key in _subjects(self._conversation, customer, session) if key not in self._subjects]
        if not new:
            return None
        for key in new:
            # Ever in the same order, from the conversation to the customer: nobody waits in a circle.
            if self._lock_seconds is not None:
                self._locks.enter_context(
                    self._storage.locked(f"{RESERVED_PREFIX}runs:{key}", timeout=self._lock_seconds)
                )
            self._subjects[key] = None
        self._runs = self._storage.runs(tuple(self._subjects), since=now - LONGEST_SPAN)
        return tuple(
            Ran(run.guide, run.at, "" if run.conversation == self._conversation else run.conversation, run.run)
            for run in self._runs
        )

    def to_keep(self, began: tuple[Ran, ...], *, now: datetime) -> Runs | None:
        """What is kept with the conversation: what began, and its earlier runs under what is known of the customer by now."""
        own = [run for run in self._runs if run.conversation == self._conversation]
        own += [GuideRun(run.guide, run.at, self._conversation, run.run) for run in began]
        return Runs(tuple(own), tuple(self._subjects), now - LONGEST_SPAN) if own else None

    def __enter__(self) -> Self:
        """The counts themselves."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Lets other turns of the customer go on."""
        self._locks.close()


def _subjects(conversation: str, customer: Customer | None, session: str | None) -> list[str]:
    found = [("conversation", conversation), ("session", session)]
    if customer is not None:
        found += [("email", customer.email and customer.email.strip().casefold()), ("customer", customer.id)]
    return [_key(kind, value) for kind, value in found if value]


def _key(kind: str, value: str) -> str:
    return hashlib.blake2b(f"{kind}\0{value}".encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()
