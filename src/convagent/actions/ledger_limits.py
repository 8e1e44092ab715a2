"""Limits over several effects: how often, and how much in all, within a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from convagent.actions.amounts import AmountLimit, amount_of
from convagent.actions.ledger_entry import Intent
from convagent.actions.ledger_store import LedgerRows
from convagent.actions.limits import Limit, Per
from convagent.facts import Money
from convagent.guidance.codec import from_json

__all__ = ["broken_limit"]


def broken_limit(
    rows: LedgerRows, intent: Intent, limits: Sequence[Limit], amounts: Sequence[AmountLimit], *, at: datetime
) -> str | None:
    """The first limit that one more effect would break, in words; None when it keeps them all.

    What was begun at a moment that has not come yet counts too: a clock that was set back opens nothing. An earlier amount
    that can't be read or compared breaks its limit.

    Args:
        rows: The ledger, in a transaction that no other one of this action can be in.
        intent: The effect.
        limits: How often.
        amounts: How much; those without a time are no concern of the ledger's.
        at: The moment, in UTC.
    """
    for limit in limits:
        if rows.count(intent.action, **_whose(intent, limit.per, limit.within, at)) >= limit.count:
            return f"limit: {intent.action} may be done {limit.count} times{_time(limit.within)} per {limit.per}"
    for amount in amounts:
        if amount.within is None:
            continue
        earlier = rows.arguments(intent.action, **_whose(intent, amount.per, amount.within, at))
        total = _total([intent.arguments, *earlier], amount)
        if total is None or total > _minor(amount.bound):
            return f"limit: {amount.parameter} may come to {amount.bound}{_time(amount.within)} per {amount.per}"
    return None


def _whose(intent: Intent, per: Per, within: timedelta | None, at: datetime) -> dict[str, Any]:
    """Which effects count, as `LedgerRows.count` takes it."""
    try:
        since = None if within is None else at - within
    except OverflowError:
        since = None
    by_customer = per == "customer" and intent.customer is not None
    alone = per == "conversation" or (per == "customer" and intent.customer is None)
    return {
        "customer": intent.customer if by_customer else None,
        "conversation": intent.conversation if alone else None,
        "since": since,
    }


def _total(arguments: Sequence[Mapping[str, Any]], limit: AmountLimit) -> Decimal | int | None:
    """What they come to together, in the bound's own unit; None when one of them can't be read or compared.

    What is below zero counts nothing: it makes no room for more.
    """
    total: Decimal | int = 0
    for given in arguments:
        amount, bound = amount_of(from_json(given.get(limit.parameter))), limit.bound
        if isinstance(amount, Money) and isinstance(bound, Money) and amount.currency == bound.currency:
            total += max(amount.minor, 0)
        elif isinstance(amount, Decimal) and isinstance(bound, Decimal):
            total += max(amount, Decimal(0))
        else:
            return None
    return total


def _minor(bound: Money | Decimal) -> Decimal | int:
    return bound.minor if isinstance(bound, Money) else bound


def _time(within: timedelta | None) -> str:
    if within is None:
        return ""
    seconds = within.total_seconds()
    units = (("day", 86400), ("hour", 3600), ("minute", 60))
    unit, length = next((unit for unit in units if seconds % unit[1] == 0), ("second", 1))
    count = seconds / length
    return f" in {count:g} {unit}{'' if count == 1 else 's'}"
