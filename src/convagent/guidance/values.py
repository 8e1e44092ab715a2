"""The values that guidance reckons with, and the three-valued logic that keeps unknown apart from false.

Money keeps its currency, durations keep their unit, and a quotient of whole numbers is exact. What doesn't fit together
(dollars and days) is unknown at run time and an error for the checker.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from enum import Enum
from functools import lru_cache
from types import NoneType
from typing import Any, Final, Literal

from pydantic import BaseModel

from convagent.facts import Fact, Money, knows

__all__ = [
    "CALENDAR_UNITS",
    "NO_LIMIT",
    "UNKNOWN",
    "Duration",
    "Line",
    "Percent",
    "Unknown",
    "arithmetic",
    "attribute",
    "compare",
    "equal",
    "is_unknown",
    "normal",
    "percent_of",
    "unwrap",
]

NO_LIMIT: Final = 10**18
"""Numbers beyond it are refused: nothing a shop reckons with comes near, and digits without end cost time."""


class Unknown:
    """Not known: neither true nor false, neither there nor absent. There is one instance, `UNKNOWN`.

    It has no truth value, so that it can't be taken for false by accident.
    """

    _instance: Unknown | None = None

    def __new__(cls) -> Unknown:  # noqa: D102 - always the one instance
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def __bool__(self) -> bool:
        raise TypeError("unknown is neither true nor false")

    def __repr__(self) -> str:
        return "unknown"


UNKNOWN: Final[Unknown] = Unknown()

Unit = Literal["minutes", "hours", "days", "calendar days", "business days", "weeks", "months", "years"]
CALENDAR_UNITS: Final = frozenset({"calendar days", "business days"})
"""Units that are counted on the shop's calendar (see `shop_calendar`)."""

_SECONDS: Mapping[str, int] = {"minutes": 60, "hours": 3600, "days": 86_400, "weeks": 604_800}
_MONTHS: Mapping[str, int] = {"months": 1, "years": 12}


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time in one unit.

    `days` are spans of 24 hours; `calendar days` and `business days` are counted on the shop's calendar; a month counts
    as 30 days and a year as 365 when it is compared with another span.
    """

    count: Decimal
    unit: Unit
    between: tuple[date, date] | None = field(default=None, compare=False, repr=False)
    """For a difference: the later and the earlier end, from which calendar and business days can be counted."""

    @property
    def seconds(self) -> Decimal | None:
        """The span in seconds; None for days that need a calendar."""
        if self.unit in _SECONDS:
            return self.count * _SECONDS[self.unit]
        if self.unit in _MONTHS:
            return self.count * (30 if self.unit == "months" else 365) * 86_400
        return None

    @property
    def timedelta(self) -> timedelta | None:
        """The span for adding to a moment; None for days that need a calendar."""
        seconds = self.seconds
        return None if seconds is None else timedelta(seconds=float(seconds))

    def __str__(self) -> str:
        unit = self.unit if self.count != 1 else self.unit.removesuffix("s")
        return f"{self.count.normalize():f} {unit}"


@dataclass(frozen=True, slots=True)
class Percent:
    """A share in hundredths."""

    value: Decimal

    def __str__(self) -> str:
        return f"{self.value.normalize():f}%"


@dataclass(frozen=True, slots=True)
class Line:
    """An element of a picked list, with what was needed for each: `item` with its `replacement`."""

    value: Any
    extras: Mapping[str, Any] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash(repr(self.value))


def is_unknown(value: Any) -> bool:
    """Whether a value is not known."""
    return value is UNKNOWN


def unwrap(value: Any) -> Any:
    """The element itself, without what was needed for each."""
    return value.value if isinstance(value, Line) else value


def normal(value: Any) -> Any:
    """A value as the language sees it: whole numbers as decimals, lists as tuples, enumerations as their text."""
    if _is_normal(type(value)):  # type: ignore[arg-type] # mypy takes the hash of instances for that of the class
        return value
    if isinstance(value, Enum):
        return normal(value.value)
    if isinstance(value, Decimal):
        return value if value.is_finite() else UNKNOWN
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(repr(value)) if value == value and abs(value) < NO_LIMIT else UNKNOWN
    if isinstance(value, timedelta):
        return Duration(Decimal(repr(value.total_seconds())) / 86_400, "days")
    if isinstance(value, (list, tuple)):
        made = tuple(normal(item) for item in value)
        # one that is normal already stays the same, so that what was reckoned of a long list is known again
        same = type(value) is tuple and all(map(operator.is_, made, value))
        return value if same else made
    return value


@lru_cache(maxsize=1024)
def _is_normal(kind: type) -> bool:
    """Whether the language sees values of a kind as they are; asked of the kind, since every name that is read asks."""
    plain = (NoneType, bool, str, Money, Duration, Percent, BaseModel, Line, Unknown, date)
    return issubclass(kind, plain) and not issubclass(kind, Enum)


def attribute(value: Any, name: str) -> Any:
    """What `value.name` is: a field of a fact, a key of a mapping, the attribute of each element of a list.

    Returns:
        The value; None when the field is known to be absent; UNKNOWN when there is no such field or nobody filled it.
    """
    if value is UNKNOWN or value is None:
        return UNKNOWN if value is UNKNOWN else None
    if isinstance(value, Line):
        return normal(value.extras[name]) if name in value.extras else attribute(value.value, name)
    if isinstance(value, tuple):
        found = tuple(attribute(item, name) for item in value)
        return UNKNOWN if any(item is UNKNOWN for item in found) else found
    match _place_of(type(value), name):  # type: ignore[arg-type] # as above
        case "field":
            return normal(getattr(value, name)) if knows(value, name) else UNKNOWN
        case "reckoned":  # from fields: None says that they don't settle it
            found = getattr(value, name)
            return UNKNOWN if found is None else normal(found)
        case "extra":
            return normal((value.model_extra or {}).get(name, UNKNOWN))
        case "part of money":
            return getattr(value, name)
        case "key":
            return normal(value.get(name, UNKNOWN))
    return UNKNOWN


_HIDDEN = frozenset({"extra", "model_extra", "model_fields_set"})


@lru_cache(maxsize=8192)
def _place_of(kind: type, name: str) -> Literal["field", "reckoned", "extra", "part of money", "key", "nowhere"]:
    """Where values of a kind keep what a name stands for."""
    if issubclass(kind, Money):
        return "part of money" if name in {"amount", "currency"} else "nowhere"
    if issubclass(kind, BaseModel):
        if name.startswith("_") or name in _HIDDEN:
            return "nowhere"
        if name in kind.model_fields:
            return "field"
        return "reckoned" if isinstance(getattr(kind, name, None), property) else "extra"
    return "key" if issubclass(kind, Mapping) else "nowhere"


def equal(left: Any, right: Any) -> bool | Unknown:
    """Whether two values are the same. Texts are compared whatever the case of their letters."""
    left, right = unwrap(left), unwrap(right)
    if is_unknown(left) or is_unknown(right):
        return UNKNOWN
    if left is None or right is None:
        return bool(left is right)
    if isinstance(left, str) and isinstance(right, str):
        return bool(left.strip().casefold() == right.strip().casefold())
    if isinstance(left, bool) or isinstance(right, bool):
        return bool(left == right) if isinstance(left, bool) and isinstance(right, bool) else UNKNOWN
    if isinstance(left, Fact) and isinstance(right, Fact):
        keys = getattr(left, "id", None), getattr(right, "id", None)
        if None not in keys:
            return bool(keys[0] == keys[1])
        return _equal_records(left, right)
    if isinstance(left, tuple) and isinstance(right, tuple):
        return _equal_lists(left, right)
    if isinstance(left, str) and isinstance(right, Fact):
        left, right = right, left
    if isinstance(left, Fact) and isinstance(right, str):
        return getattr(left, "id", None) == right if getattr(left, "id", None) is not None else UNKNOWN
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return dict(left) == dict(right)
    return _ordered(left, right, operator.eq)


def _equal_records(left: Fact, right: Fact) -> bool | Unknown:
    """Two records that no id tells apart: the same when they say the same, different when both know better."""
    if left == right and left.model_fields_set == right.model_fields_set:
        return True
    if "id" in type(left).model_fields:
        return UNKNOWN  # one of them isn't known well enough to tell
    if type(left) is not type(right):
        return False
    said = [equal(attribute(left, name), attribute(right, name)) for name in type(left).model_fields]
    if any(same is False for same in said):
        return False
    return UNKNOWN if any(same is UNKNOWN for same in said) else left.extra == right.extra


def _equal_lists(left: tuple[Any, ...], right: tuple[Any, ...]) -> bool | Unknown:
    if len(left) != len(right):
        return False
    found = [equal(one, other) for one, other in zip(left, right, strict=True)]
    if any(item is False for item in found):
        return False
    return UNKNOWN if any(item is UNKNOWN for item in found) else True


def compare(op: Literal["<", "<=", ">", ">="], left: Any, right: Any) -> bool | Unknown:
    """Whether an order holds between two values; unknown when they can't be compared."""
    return _ordered(unwrap(left), unwrap(right), _OPERATORS[op])


_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _ordered(left: Any, right: Any, op: Callable[[Any, Any], bool]) -> bool | Unknown:
    try:
        return _in_order(left, right, op)
    except (TypeError, ArithmeticError):  # a moment with a zone beside one without; what is no number
        return UNKNOWN


def _in_order(left: Any, right: Any, op: Callable[[Any, Any], bool]) -> bool | Unknown:
    if left is None or right is None or left is UNKNOWN or right is UNKNOWN:
        return UNKNOWN
    if type(left) is Money and type(right) is Money:  # what most conditions compare
        return op(left.minor, right.minor) if left.currency == right.currency else UNKNOWN
    if isinstance(left, Duration) and isinstance(right, Duration):
        if left.unit == right.unit:
            return op(left.count, right.count)
        spans = left.seconds, right.seconds
        return UNKNOWN if None in spans else bool(op(*spans))
    if isinstance(left, datetime) and isinstance(right, date) and not isinstance(right, datetime):
        return op(left.date(), right)
    if isinstance(right, datetime) and isinstance(left, date) and not isinstance(left, datetime):
        return op(left, right.date())
    if isinstance(left, Percent) and isinstance(right, Percent):
        return op(left.value, right.value)
    if isinstance(left, Money) and isinstance(right, Decimal) and right == 0:
        return op(left.minor, 0)
    if isinstance(right, Money) and isinstance(left, Decimal) and left == 0:
        return op(0, right.minor)
    if isinstance(left, Duration) and isinstance(right, Decimal):
        return op(left.count, right) if left.unit in {"days", "calendar days", "business days"} else UNKNOWN
    if isinstance(left, Decimal) and isinstance(right, Duration):
        return op(left, right.count) if right.unit in {"days", "calendar days", "business days"} else UNKNOWN
    same = (Decimal, str, datetime, date)
    if not any(isinstance(left, kind) and isinstance(right, kind) for kind in same):
        return UNKNOWN
    return bool(op(_absolute(left), _absolute(right)))


def _absolute(value: Any) -> Any:
    """A moment apart from its zone: clocks that are put back show the same time twice."""
    return value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo is not None else value


def arithmetic(op: Literal["+", "-", "*", "/"], left: Any, right: Any) -> Any:
    """A sum, difference, product or quotient; unknown when the units don't fit or nothing can be divided."""
    left, right = unwrap(left), unwrap(right)
    try:
        result = _reckon(op, left, right)
    except (ArithmeticError, ValueError, TypeError):
        return UNKNOWN
    if isinstance(result, Decimal) and (not result.is_finite() or abs(result) > NO_LIMIT):
        return UNKNOWN
    return result


def _reckon(op: str, left: Any, right: Any) -> Any:
    if isinstance(left, bool) or isinstance(right, bool):
        return UNKNOWN
    if isinstance(left, Money) and isinstance(right, Money):
        if op in "+-" and left.currency == right.currency:
            return left + right if op == "+" else left - right
        return Decimal(left.minor) / right.minor if op == "/" and left.currency == right.currency else UNKNOWN
    if isinstance(left, Money) and isinstance(right, Percent):
        return percent_of(right, left) if op == "*" else UNKNOWN
    if isinstance(left, Money) and isinstance(right, Decimal):
        if right == 0 and op in "+-":
            return left
        if op == "/":
            return Money(minor=_half_even(Decimal(left.minor) / right), currency=left.currency)
        return left * right if op == "*" else UNKNOWN
    if isinstance(left, Decimal) and isinstance(right, Money):
        if left == 0 and op in "+-":
            return right if op == "+" else -right
        return right * left if op == "*" else UNKNOWN
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}[op](left, right)
    if isinstance(left, date) and isinstance(right, Duration) and op in "+-":
        span = right.timedelta
        if span is None:
            return UNKNOWN
        moved = _absolute(left) + span if op == "+" else _absolute(left) - span
        return moved.astimezone(left.tzinfo) if isinstance(left, datetime) and left.tzinfo is not None else moved
    if isinstance(left, date) and isinstance(right, date) and op == "-":
        if isinstance(left, datetime) != isinstance(right, datetime):
            return UNKNOWN
        return replace(normal(_absolute(left) - _absolute(right)), between=(left, right))
    if isinstance(left, Duration) and isinstance(right, Duration) and op in "+-" and left.unit == right.unit:
        return Duration(left.count + right.count if op == "+" else left.count - right.count, left.unit)
    if isinstance(left, Duration) and isinstance(right, Duration) and op == "/":
        return _times_in(left, right)
    return UNKNOWN


def _times_in(left: Duration, right: Duration) -> Decimal | Unknown:
    """How often one span goes into another: `length / 1 month`. Unknown where only a calendar could tell."""
    if left.unit == right.unit:
        return left.count / right.count
    spans = left.seconds, right.seconds
    return UNKNOWN if spans[0] is None or spans[1] is None else spans[0] / spans[1]


def percent_of(percent: Any, value: Any) -> Any:
    """A share of money or of a number; money is rounded half-even to its minor unit."""
    value = unwrap(value)
    if not isinstance(percent, Percent):
        return UNKNOWN
    try:
        if isinstance(value, Money):
            return Money(minor=_half_even(Decimal(value.minor) * percent.value / 100), currency=value.currency)
        return value * percent.value / 100 if isinstance(value, Decimal) else UNKNOWN
    except (ArithmeticError, ValueError):
        return UNKNOWN


def _half_even(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
