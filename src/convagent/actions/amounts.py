"""Amounts that an action may move: how much at most, in which currency, and nothing that isn't an amount."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import BaseModel, ValidationError

from convagent.actions.limits import Per
from convagent.errors import ActionError
from convagent.facts import Money

__all__ = ["AmountLimit", "amount_fault", "amount_of", "exceeds", "odd_amounts"]

MAX_DIGITS = 28
"""Digits that decimal arithmetic keeps exactly; a longer number is a slip or an attack."""


@dataclass(frozen=True, slots=True)
class AmountLimit:
    """At most so much in one call, and in all calls within a time.

        AmountLimit("amount", "50.00 EUR")                                   # each call
        AmountLimit("amount", "150.00 EUR", within=timedelta(days=1))        # each customer and day

    Attributes:
        parameter: The parameter that carries the amount: money or a number.
        at_most: Money (or a text such as "50.00 EUR"), or a number for a parameter that is one. Money of another
            currency is refused.
        within: None holds each call by itself; a time holds the sum of all calls that fall into it.
        per: With `within`: whose calls are added up.

    Raises:
        ActionError: `action-limit` for an amount below zero or that can't be read, or a time that isn't above 0.
    """

    parameter: str
    at_most: Money | Decimal | int | str
    within: timedelta | None = None
    per: Per = "customer"

    def __post_init__(self) -> None:
        object.__setattr__(self, "at_most", _bound(self.at_most))
        if self.within is not None and (not isinstance(self.within, timedelta) or self.within <= timedelta(0)):
            raise ActionError(
                f"a limit within {self.within!r}", code="action-limit", remedy="within is a timedelta above 0, or None."
            )
        if self.per not in ("customer", "conversation", "action"):
            raise ActionError(
                f"a limit per {self.per!r}", code="action-limit", remedy="per is customer, conversation or action."
            )

    @property
    def bound(self) -> Money | Decimal:
        """What is allowed at most, in its type."""
        assert isinstance(self.at_most, (Money, Decimal))  # noqa: S101 - made so above
        return self.at_most


def _bound(value: Any) -> Money | Decimal:
    try:
        if isinstance(value, Money) or (isinstance(value, str) and any(char.isalpha() for char in value)):
            money = Money.model_validate(value)
            if money.minor >= 0:
                return money
        elif not isinstance(value, (bool, float)):
            number = Decimal(value)
            if number.is_finite() and number >= 0:
                return number
    except (ValidationError, InvalidOperation, TypeError, ValueError):
        pass
    raise ActionError(
        f"a limit of {str(value)[:40]!r}", code="action-limit",
        remedy='Write money such as "50.00 EUR", or a number of 0 or more; never a float.',
    )  # fmt: skip


def amount_of(value: Any) -> Money | Decimal | None:
    """An argument as an amount; None when it is none, or one that can't be reckoned with."""
    if isinstance(value, Money):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    number = Decimal(str(value))
    return number if number.is_finite() else None


def exceeds(value: Any, bound: Money | Decimal) -> bool | None:
    """Whether an argument is more than a bound; None when the two can't be compared."""
    amount = amount_of(value)
    if isinstance(amount, Money) and isinstance(bound, Money):
        return None if amount.currency != bound.currency else amount.minor > bound.minor
    if isinstance(amount, Decimal) and isinstance(bound, Decimal):
        return amount > bound
    return None


def amount_fault(limit: AmountLimit, arguments: Mapping[str, Any]) -> str | None:
    """Why one call breaks a limit, None when it keeps it. What can't be compared breaks it.

    An absent amount breaks it too: the action's own code would choose one.
    """
    value = arguments.get(limit.parameter)
    over = exceeds(value, limit.bound)
    if over is None:
        return f"{limit.parameter} can't be compared with {limit.bound}"
    return f"{limit.parameter} is more than {limit.bound}" if over else None


def odd_amounts(arguments: Mapping[str, Any], *, signed: frozenset[str]) -> Iterator[str]:
    """Arguments of a write that hold what no shop means: money below zero, no number, endless figures.

    Args:
        arguments: Validated arguments.
        signed: Parameters that may hold money below zero.
    """
    for name, value in arguments.items():
        fault = next((fault for part in _parts(value, 0) if (fault := _odd(part, negative=name in signed))), None)
        if fault is not None:
            yield f"{name} {fault}"


def _odd(value: Any, *, negative: bool) -> str | None:
    if isinstance(value, Money):
        return "is below zero" if value.minor < 0 and not negative else None
    number = Decimal(str(value))
    if not number.is_finite():
        return "is no number"
    parts = number.as_tuple()
    if len(parts.digits) > MAX_DIGITS or (isinstance(parts.exponent, int) and abs(parts.exponent) > MAX_DIGITS):
        return f"has more than {MAX_DIGITS} digits"
    return None


def _parts(value: Any, depth: int) -> Iterator[Money | Decimal | int | float]:
    """Money and numbers within a value, as deep as records are nested."""
    if depth > 12 or isinstance(value, bool):
        return
    if isinstance(value, (Money, Decimal, int, float)):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _parts(part, depth + 1)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for part in value:
            yield from _parts(part, depth + 1)
    elif isinstance(value, BaseModel):
        for name in value.model_fields_set:
            yield from _parts(getattr(value, name), depth + 1)
