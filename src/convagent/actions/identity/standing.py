"""For how long a conversation stays verified: since when it knows who writes, and whether that still counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from convagent.actions.identity.proof import plain
from convagent.facts import Customer
from convagent.guidance.codec import from_json
from convagent.guidance.interpreter.decision import Memory

__all__ = ["has_lapsed", "is_another", "proven_by", "standing_proof", "verified_in"]

_CLOCKS_APART = timedelta(minutes=1)
"""How far a proof may lie ahead of the turn's clock: two machines are never quite at one."""


_MOST_TRIED = 8


def verified_in(memory: Memory) -> Customer | None:
    """The customer whom a conversation knows to be verified, None when nobody is."""
    known = from_json(memory.known["customer"]) if "customer" in memory.known else None
    return known if isinstance(known, Customer) and known.verified else None


def standing_proof(
    memory: Memory, before: object, *, now: datetime, said: Customer | None, by: Collection[str] = ()
) -> dict[str, Any] | None:
    """What to keep of who was proven, and when; None when nobody is.

    Reading on what was proven before proves nothing anew: the moment stays until somebody else is proven, or the caller
    brings proof again.

    Args:
        memory: The turn's.
        before: What the last turn kept.
        now: The turn's moment.
        said: Who writes by this turn's facts.
        by: Hashes of what was tried in this turn and proved somebody: the same once more is no guess.
    """
    customer = verified_in(memory)
    if customer is None:
        return None
    who = _name(customer)
    kept = before if isinstance(before, Mapping) and before.get("who") == who and "at" in before else None
    tried = sorted({*proven_by(kept), *by})[-_MOST_TRIED:]
    if kept is None or (said is not None and said.verified):
        claim = plain(said.email) if said is not None else ""
        return {"who": who, "at": now.isoformat(), "by": tried, "claim": claim}
    return {**kept, "by": tried}


def is_another(kept: object, memory: Memory, said: Customer | None) -> bool:
    """Whether the caller names another address than when the customer was proven, and than the customer's own.

    A thread of e-mails that somebody else goes on with looks like this. The same address all along is the writer's, who may
    have ordered with another one.

    Args:
        kept: What `standing_proof` gave.
        memory: The conversation's.
        said: Who writes by this turn's facts, unproven.
    """
    known, claim = verified_in(memory), plain(said.email) if said is not None else ""
    if known is None or not claim or claim == plain(known.email):
        return False
    return not isinstance(kept, Mapping) or kept.get("claim") != claim


def proven_by(kept: object) -> frozenset[str]:
    """Hashes of what proved the customer of a conversation."""
    by = kept.get("by", ()) if isinstance(kept, Mapping) else ()
    return frozenset(part for part in by if isinstance(part, str)) if isinstance(by, (list, tuple)) else frozenset()


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
