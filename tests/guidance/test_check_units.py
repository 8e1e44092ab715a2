"""The checker's rules for units agree with what values do when a guide is run."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal

import pytest

from convagent.facts import Address, Money, Order
from convagent.guidance.schema import types as t
from convagent.guidance.schema.units import can_be_equal, can_be_ordered, element_of, fits, joined, reckoned
from convagent.guidance.values import UNKNOWN, Duration, Percent, arithmetic, compare, equal

VALUES: tuple[tuple[t.Type, Any], ...] = (
    (t.TEXT, "a"),
    (t.OneOf(("a", "b")), "b"),
    (t.NUMBER, Decimal(5)),
    (t.MoneyType("EUR"), Money.of("5", "EUR")),
    (t.MoneyType("USD"), Money.of("5", "USD")),
    (t.DURATION, Duration(Decimal(5), "days")),
    (t.PERCENT, Percent(Decimal(5))),
    (t.YES_NO, True),
    (t.DAY, date(2026, 6, 16)),
    (t.MOMENT, datetime(2026, 6, 16, 10, 30, tzinfo=UTC)),
    (t.Record("Order"), Order(id="a", status="pending")),
    (t.Record("Address"), Address(city="Dublin")),
    (t.ListOf(t.TEXT), ("a", "b")),
    (t.ListOf(t.NUMBER), (Decimal(1), Decimal(2))),
)
PAIRS = list(itertools.product(VALUES, VALUES))
IDS = [f"{t.written(left)}-{t.written(right)}" for (left, _), (right, _) in PAIRS]


def has_id(record: str) -> bool:
    return record == "Order"


def mixes_time_and_number(left: t.Type, right: t.Type) -> bool:
    """Days are compared with bare numbers when they come as numbers from outside; in guidance the unit is written."""
    return {type(left), type(right)} == {t.DurationType, t.Number}


@pytest.mark.parametrize(("left", "right"), PAIRS, ids=IDS)
def test_what_can_be_equal_is_known_when_it_is_run(left: tuple[t.Type, Any], right: tuple[t.Type, Any]) -> None:
    fine = can_be_equal(left[0], right[0], has_id) is None
    known = equal(left[1], right[1]) is not UNKNOWN
    records = isinstance(left[0], t.Record) and left[0] != right[0]
    if mixes_time_and_number(left[0], right[0]) or isinstance(left[0], t.ListOf) or records:
        assert not fine or known
    else:
        assert fine == known


@pytest.mark.parametrize(("left", "right"), PAIRS, ids=IDS)
def test_what_can_be_ordered_is_known_when_it_is_run(left: tuple[t.Type, Any], right: tuple[t.Type, Any]) -> None:
    fine = can_be_ordered(left[0], right[0]) is None
    known = compare("<", left[1], right[1]) is not UNKNOWN
    texts = isinstance(left[0], (t.Text, t.OneOf)) and isinstance(right[0], (t.Text, t.OneOf))
    if texts or mixes_time_and_number(left[0], right[0]):
        assert not fine, "the checker asks for what an author can mean by it"
    else:
        assert fine == known


@pytest.mark.parametrize("op", ["+", "-", "*", "/"])
@pytest.mark.parametrize(("left", "right"), PAIRS, ids=IDS)
def test_what_can_be_reckoned_is_known_when_it_is_run(
    left: tuple[t.Type, Any], right: tuple[t.Type, Any], op: Literal["+", "-", "*", "/"]
) -> None:
    result = reckoned(op, left[0], right[0])
    value = arithmetic(op, left[1], right[1])
    assert isinstance(result, t.Type) == (value is not UNKNOWN)
    if isinstance(result, t.Type):
        expected = next(kind for kind, sample in VALUES if type(sample) is type(value) and kind != t.OneOf(("a", "b")))
        assert type(result) is type(expected)


def test_zero_has_no_unit_where_money_stands() -> None:
    money, zero = Money.of("5", "EUR"), Decimal(0)
    assert can_be_equal(t.MONEY, t.NUMBER, has_id, zero=True) is None
    assert can_be_ordered(t.NUMBER, t.MONEY, zero=True) is None
    assert compare(">", money, zero) is True
    assert reckoned("+", t.MONEY, t.NUMBER, right_zero=True) == t.MONEY
    assert reckoned("-", t.NUMBER, t.MONEY, left_zero=True) == t.MONEY
    assert arithmetic("+", money, zero) == money


def test_anything_and_none_fit_everywhere() -> None:
    for kind, _ in VALUES:
        assert can_be_equal(kind, t.ANYTHING, has_id) is None
        assert can_be_equal(t.NOTHING, kind, has_id) is None
        assert fits(kind, t.ANYTHING, has_id)
        assert fits(t.ANYTHING, kind, has_id)
        assert fits(kind, kind, has_id)
        assert isinstance(reckoned("+", kind, t.ANYTHING), t.Anything)


@pytest.mark.parametrize(
    ("actual", "expected", "fine"),
    [
        (t.Record("Order"), t.TEXT, True),
        (t.Record("Address"), t.TEXT, False),
        (t.ListOf(t.Record("Order")), t.ListOf(t.TEXT), True),
        (t.TEXT, t.ListOf(t.TEXT), False),
        (t.DURATION, t.NUMBER, True),
        (t.NUMBER, t.DURATION, False),
        (t.MoneyType("EUR"), t.MONEY, True),
        (t.MoneyType("EUR"), t.MoneyType("USD"), False),
        (t.MOMENT, t.DAY, True),
        (t.OneOf(("a",), closed=True), t.OneOf(("b",), closed=True), False),
        (t.OneOf(("a",)), t.OneOf(("b",), closed=True), True),
        (t.Line(t.Record("Order"), (("x", t.TEXT),)), t.TEXT, True),
    ],
)
def test_arguments_fit_as_actions_take_them(actual: t.Type, expected: t.Type, fine: bool) -> None:
    assert fits(actual, expected, has_id) is fine


def test_lists_have_elements_and_other_things_none() -> None:
    assert element_of(t.ListOf(t.TEXT)) == t.TEXT
    assert element_of(t.ANYTHING) == t.ANYTHING
    assert element_of(t.Record("Order")) is None
    assert joined((t.TEXT, t.TEXT)) == t.TEXT
    assert joined((t.TEXT, t.NUMBER)) == t.ANYTHING
