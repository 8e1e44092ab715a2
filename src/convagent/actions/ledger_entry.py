"""What the ledger keeps of an effect, and how it is begun: data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

__all__ = ["Begun", "Intent", "LedgerEntry", "LedgerStatus"]

LedgerStatus = Literal["intended", "done", "failed", "refused", "uncertain"]
"""`intended`: written down, and perhaps issued. `done`. `failed`: known not to have been done. `refused`: never issued.
`uncertain`: it may have been done; a person finds out."""


@dataclass(frozen=True, slots=True)
class Intent:
    """An effect that is about to be issued.

    Attributes:
        key: The idempotency key.
        effect: The key by which guidance knows the effect.
        conversation: The conversation's id.
        action: The action's name.
        arguments: In JSON, as people may see them.
        arguments_hash: SHA-256 of the full arguments.
        guide: The statement that asks for it.
        customer: Who it is done for.
        confirmed_by: Who said yes, when somebody was asked.
        confirmed_at: When they did.
        issue: What issuing it again takes, and reading its turn again, in JSON: kept until the turn is, shown nowhere.
    """

    key: str
    effect: str
    conversation: str
    action: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    arguments_hash: str = ""
    guide: str | None = None
    customer: str | None = None
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    issue: Mapping[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One effect in the ledger.

    Attributes:
        number: The order of beginnings, whatever clocks said.
        key: The idempotency key that was handed to the receiver.
        effect: The key by which guidance knows the effect.
        conversation: The conversation's id.
        action: The action's name.
        arguments: As people may see them: without secrets.
        arguments_hash: SHA-256 of the full arguments, secrets included; empty where they are not known.
        status: See `LedgerStatus`.
        begun_at: When the intent was written down.
        guide: The statement that asked for it.
        customer: Who it was done for: the customer's id, or their e-mail address where there is none.
        confirmed_by: Who said yes, when somebody was asked.
        confirmed_at: When they did.
        result: What the action gave, in JSON.
        error: Why it was not done, or what is not known.
        reason: The handover reason that goes with `error`.
        ended_at: When the outcome was written down; never before `begun_at`.
        attempts: How often it was issued, or may have been. More than one only under the same key, to a receiver that
            honours it.
        settled_by: Who found out what an uncertain one came to.
        issue: What issuing it again takes, and reading its turn again; None once the turn is kept.
    """

    number: int
    key: str
    effect: str
    conversation: str
    action: str
    arguments: Mapping[str, Any]
    arguments_hash: str
    status: LedgerStatus
    begun_at: datetime
    guide: str | None = None
    customer: str | None = None
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    result: Any = None
    error: str | None = None
    reason: str | None = None
    ended_at: datetime | None = None
    attempts: int = 1
    settled_by: str | None = None
    issue: Mapping[str, Any] | None = field(default=None, repr=False)

    def to_json(self) -> dict[str, Any]:
        """For programs: everything but `issue`, which holds what must not be shown."""
        return {
            name: value.isoformat() if isinstance(value := getattr(self, name), datetime) else value
            for name in self.__dataclass_fields__
            if name != "issue"
        }


@dataclass(frozen=True, slots=True)
class Begun:
    """What beginning an effect came to.

    Attributes:
        entry: As it stands in the ledger now.
        fresh: It was written down just now: whoever holds this issues it, and nobody else does.
        exceeded: The limit that refused it; then it is not to be issued.
    """

    entry: LedgerEntry
    fresh: bool
    exceeded: str | None = None
