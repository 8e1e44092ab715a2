"""For how long a conversation stays verified: since when it knows who writes, and whether that still counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from convagent.actions.identity.proof import plain
from convagent.facts import Customer
from convagent.guidance.codec import from_json
from convagent.guidance.interpreter.decision import Memory

__all__ = ["has_lapsed", "standing_proof", "verified_in"]

_CLOCKS_APART = timedelta(minutes=1)
"""How far a proof may lie ahead of the turn's clock: two machines are never quite at one."""


def verified_in(memory: Memory) -> Customer | None:
    """The customer whom a conversation knows to be verified, None when nobody is."""
    known = from_json(memory.known["customer"]) if "customer" in memory.known else None
    return known if isinstance(known, Customer) and known.verified else None


def standing_proof(memory: Memory, before: object, *, now: datetime, brought: Customer | None) -> dict[str, Any] | None:
    """What to keep of who was proven, and when; None when nobody is.

    Reading on what was proven before proves nothing anew: the moment stays until somebody else is proven, or the caller
    brings proof again.

    Args:
        memory: The turn's.
        before: What the last turn kept.
        now: The turn's moment.
        brought: The verified customer of this turn's facts.
    """
    customer = verified_in(memory)
    if customer is None:
        return None
    who = _name(customer)
    kept = before if isinstance(before, Mapping) and before.get("who") == who and "at" in before else None
    if kept is None or (brought is not None and _name(brought) == who):
        return {"who": who, "at": now.isoformat()}
    return dict(kept)


def has_lapsed(kept: object, *, now: datetime, lasts: timedelta) -> bool:
    """Whether a proof counts no longer: it is too old, lies ahead of the clock, or nothing says when it was.

    Args:
        kept: What `standing_proof` gave.
        now: The turn's moment.
        lasts: For how long a proof counts.
    """
    try:
        at = datetime.fromisoformat(kept["at"])  # type: ignore[index]
        return not -_CLOCKS_APART <= now - at <= lasts
    except (KeyError, TypeError, ValueError):
        return True


def _name(customer: Customer) -> str:
    """By id, else by e-mail address."""
    return customer.id or plain(customer.email)
