"""Which types fit together: in comparisons, in arithmetic and as arguments.

The rules mirror `values`: what is unknown there because the units don't fit is a fault here.
"""

from __future__ import annotations

from collections.abc import Callable

from convagent.guidance.schema import types as t
from convagent.guidance.schema.types import spoken

__all__ = ["ORDERED", "can_be_equal", "can_be_ordered", "element_of", "fits", "joined", "reckoned", "unit_remedy"]

HasId = Callable[[str], bool]
"""Whether records of that name have an `id`, so that a text can stand for them."""

ORDERED: frozenset[type[t.Type]] = frozenset(
    {t.Number, t.MoneyType, t.DurationType, t.Percent, t.Day, t.Moment, t.Anything}
)
"""Types with an order that a condition can ask for."""

_LOOSE = (t.Anything, t.Nothing)
_TEXTS = (t.Text, t.OneOf)
_TIMES = (t.Day, t.Moment)


def can_be_equal(left: t.Type, right: t.Type, has_id: HasId, *, zero: bool = False) -> str | None:
    """Why two values can never be compared by `is`, None when they can.

    Args:
        left: One side's type.
        right: The other side's.
        has_id: Whether a record has an id.
        zero: One side is a literal 0, which money may be compared with.
    """
    left, right = t.plain(left), t.plain(right)
    if isinstance(left, _LOOSE) or isinstance(right, _LOOSE):
        return None
    if isinstance(left, _TEXTS) and isinstance(right, _TEXTS):
        return None
    if isinstance(left, t.MoneyType) and isinstance(right, t.MoneyType):
        return _currencies(left, right)
    if zero and {type(left), type(right)} == {t.MoneyType, t.Number}:
        return None
    if isinstance(left, _TIMES) and isinstance(right, _TIMES):
        return None
    for record, other in ((left, right), (right, left)):
        if isinstance(record, t.Record) and isinstance(other, _TEXTS):
            return None if has_id(record.name) else f"{spoken(record)} has no id that a text could be compared with"
    if isinstance(left, t.ListOf) and isinstance(right, t.ListOf):
        return can_be_equal(left.item, right.item, has_id)
    if type(left) is type(right) and not (isinstance(left, t.Record) and left != right):
        return None
    return f"{spoken(left)} is compared with {spoken(right)}"


def can_be_ordered(left: t.Type, right: t.Type, *, zero: bool = False) -> str | None:
    """Why one value can never be less or more than another, None when it can."""
    left, right = t.plain(left), t.plain(right)
    for side in (left, right):
        if type(side) not in ORDERED and not isinstance(side, t.Nothing):
            return f"{spoken(side)} is neither more nor less than anything"
    return can_be_equal(left, right, lambda _name: False, zero=zero)


def _currencies(left: t.MoneyType, right: t.MoneyType) -> str | None:
    if left.currency is None or right.currency is None or left.currency == right.currency:
        return None
    return f"an amount in {left.currency} is compared with one in {right.currency}"


def element_of(kind: t.Type) -> t.Type | None:
    """The type of a list's elements, None when it is no list."""
    kind = t.plain(kind)
    if isinstance(kind, t.ListOf):
        return kind.item
    return t.ANYTHING if isinstance(kind, t.Anything) else None


def joined(kinds: tuple[t.Type, ...]) -> t.Type:
    """The type of something that may be any of these."""
    if not kinds:
        return t.ANYTHING
    first = kinds[0]
    return first if all(kind == first for kind in kinds) else t.ANYTHING


def reckoned(
    op: str, left: t.Type, right: t.Type, *, left_zero: bool = False, right_zero: bool = False
) -> t.Type | str:
    """The type of a sum, difference, product or quotient; in words why there is none."""
    left, right = t.plain(left), t.plain(right)
    if isinstance(left, _LOOSE) or isinstance(right, _LOOSE):
        return t.ANYTHING
    result = _RECKON.get((type(left), type(right)))
    found = result(op, left, right, left_zero, right_zero) if result is not None else None
    if found is not None:
        return found
    verb = {"+": "added to", "-": "taken from", "*": "multiplied by", "/": "divided by"}[op]
    first, second = (left, right) if op in "*/" else (right, left)
    return f"{spoken(first)} can't be {verb} {spoken(second)}"


def _money(op: str, left: t.Type, right: t.Type, _lz: bool, _rz: bool) -> t.Type | str | None:
    assert isinstance(left, t.MoneyType)  # noqa: S101 - the table below says so
    assert isinstance(right, t.MoneyType)  # noqa: S101
    if fault := _currencies(left, right):
        return fault.replace("is compared with", "is reckoned with")
    if op in "+-":
        return left if left.currency else right
    return t.NUMBER if op == "/" else None


def _money_number(op: str, left: t.Type, _right: t.Type, _lz: bool, right_zero: bool) -> t.Type | None:
    return left if op in "*/" or right_zero else None


def _number_money(op: str, _left: t.Type, right: t.Type, left_zero: bool, _rz: bool) -> t.Type | None:
    return right if op == "*" or (left_zero and op in "+-") else None


def _times(op: str, left: t.Type, right: t.Type, _lz: bool, _rz: bool) -> t.Type | str | None:
    if op != "-":
        return None
    if type(left) is type(right):
        return t.DURATION
    return "a day and a moment can't be subtracted; `now` is a moment, `today` is a day"


def _step(op: str, left: t.Type, _right: t.Type, _lz: bool, _rz: bool) -> t.Type | None:
    return left if op in "+-" else None


_RECKON: dict[tuple[type[t.Type], type[t.Type]], Callable[[str, t.Type, t.Type, bool, bool], t.Type | str | None]] = {
    (t.Number, t.Number): lambda _op, _left, _right, _lz, _rz: t.NUMBER,
    (t.MoneyType, t.MoneyType): _money,
    (t.MoneyType, t.Number): _money_number,
    (t.Number, t.MoneyType): _number_money,
    (t.MoneyType, t.Percent): lambda op, left, _right, _lz, _rz: left if op == "*" else None,
    (t.Moment, t.Moment): _times,
    (t.Day, t.Day): _times,
    (t.Moment, t.Day): _times,
    (t.Day, t.Moment): _times,
    (t.Moment, t.DurationType): _step,
    (t.Day, t.DurationType): _step,
    (t.DurationType, t.DurationType): lambda op, left, right, _lz, _rz: (
        t.NUMBER if op == "/" else _step(op, left, right, _lz, _rz)
    ),
}


def fits(actual: t.Type, expected: t.Type, has_id: HasId) -> bool:
    """Whether a value can be handed to a parameter; records may stand for their ids, as when actions are called."""
    actual, expected = t.plain(actual), t.plain(expected)
    if isinstance(actual, _LOOSE) or isinstance(expected, _LOOSE):
        return True
    if isinstance(expected, t.ListOf):
        return isinstance(actual, t.ListOf) and fits(actual.item, expected.item, has_id)
    if isinstance(expected, t.MoneyType) and isinstance(actual, t.MoneyType):
        return _currencies(actual, expected) is None
    if isinstance(expected, _TEXTS):
        if isinstance(actual, t.OneOf) and isinstance(expected, t.OneOf) and expected.closed:
            known = {value.casefold() for value in expected.values}
            return not actual.closed or any(value.casefold() in known for value in actual.values)
        return isinstance(actual, _TEXTS) or (isinstance(actual, t.Record) and has_id(actual.name))
    if isinstance(expected, t.Number):
        return isinstance(actual, (t.Number, t.DurationType, t.Percent))
    if isinstance(expected, _TIMES):
        return isinstance(actual, _TIMES)
    if isinstance(expected, t.MapOf):
        return isinstance(actual, (t.MapOf, t.Record))
    return actual == expected


def unit_remedy(left: t.Type, right: t.Type) -> str:
    """How two sides that don't fit are mended."""
    kinds = {type(t.plain(left)), type(t.plain(right))}
    for wanted, remedy in _REMEDIES:
        if wanted <= kinds:
            return remedy
    if t.Record in kinds:
        return "Name one of its fields, such as its id or its total."
    return "Compare like with like."


_REMEDIES: tuple[tuple[frozenset[type[t.Type]], str], ...] = (
    (frozenset({t.MoneyType, t.Number}), "Write the amount with its currency: `50 EUR`."),
    (frozenset({t.DurationType, t.Number}), "Write the number with its unit: `30 days`."),
    (frozenset({t.Percent, t.Number}), "Write both as percentages (`10%`) or both as numbers."),
    (frozenset({t.Day, t.Moment}), "Write `now` for the moment of the turn, `today` for its day."),
    (frozenset({t.ListOf}), "Write `… contains …`, `count of …` or `any of … where …` for a list."),
    (frozenset({t.YesNo}), "Write `is yes` or `is no`."),
    (frozenset({t.Text, t.Number}), 'A number in a text is written in quotes: "5".'),
    (frozenset({t.Day, t.Text}), "Write a day without quotes: 2026-11-20."),
    (frozenset({t.MoneyType}), "Both sides must be amounts in one currency."),
)
