"""Values: what is known of them, when two are equal, how they are put in order and reckoned with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel

from convagent.facts import Customer, LineItem, Money, Order, Product
from convagent.guidance.values import (
    NO_LIMIT,
    UNKNOWN,
    Duration,
    Line,
    Percent,
    Unknown,
    arithmetic,
    attribute,
    compare,
    equal,
    normal,
    percent_of,
)

DUBLIN = ZoneInfo("Europe/Dublin")
Unit = Literal["minutes", "hours", "days", "calendar days", "business days", "weeks", "months", "years"]


def eur(amount: str | int) -> Money:
    return Money.of(amount, "EUR")


def days(count: int | str, unit: Unit = "days") -> Duration:
    return Duration(Decimal(count), unit)


class Size(StrEnum):
    SMALL = "small"


class Level(Enum):
    GOLD = 3


# ---- the unknown
def test_there_is_one_unknown_and_it_can_not_be_taken_for_false() -> None:
    assert Unknown() is UNKNOWN
    with pytest.raises(TypeError):
        bool(UNKNOWN)
    with pytest.raises(TypeError):
        _ = not UNKNOWN


# ---- normal
@pytest.mark.parametrize(
    ("value", "seen"),
    [
        (3, Decimal(3)), (2.5, Decimal("2.5")), (True, True), (None, None), ("a", "a"), ([1, [2]], (Decimal(1), (Decimal(2),))),
        (timedelta(days=2), days(2)), (timedelta(hours=36), days("1.5")), (Level.GOLD, Decimal(3)), (Size.SMALL, "small"),
        (float("nan"), UNKNOWN), (float("inf"), UNKNOWN), (Decimal("NaN"), UNKNOWN), (1e300, UNKNOWN),
    ],
)  # fmt: skip
def test_values_as_the_language_sees_them(value: Any, seen: Any) -> None:
    found = normal(value)
    assert found is UNKNOWN if seen is UNKNOWN else found == seen and type(found) is type(seen)


# ---- attributes
class Own(BaseModel):
    """A record of a shop's own, no fact."""

    name: str
    note: str | None = None


def test_a_field_that_nobody_filled_is_unknown_and_one_that_is_none_is_absent() -> None:
    assert attribute(Order(id="#1", status="x"), "total") is UNKNOWN
    assert attribute(Order(id="#1", status="x", total=None), "total") is None
    assert attribute(Order(id="#1", status="x"), "nonsense") is UNKNOWN
    assert attribute(Own(name="a"), "note") is UNKNOWN
    assert attribute(Own(name="a", note=None), "note") is None
    assert attribute(Own(name="a"), "name") == "a"
    assert attribute({"a": None}, "a") is None
    assert attribute({"a": 1}, "b") is UNKNOWN
    assert attribute(None, "a") is None
    assert attribute(UNKNOWN, "a") is UNKNOWN
    assert attribute("text", "upper") is UNKNOWN


def test_fields_the_shop_sent_besides_and_properties_are_there() -> None:
    customer = Customer(id="C", level=3, verification="verified")
    assert attribute(customer, "level") == Decimal(3)
    assert attribute(customer, "verified") is True
    assert attribute(eur("1.50"), "amount") == Decimal("1.50")
    assert attribute(eur("1.50"), "currency") == "EUR"
    assert attribute(Product(id="p", title="P"), "price") is UNKNOWN


@pytest.mark.parametrize(
    "name", ["__class__", "_private", "model_dump", "model_fields_set", "model_extra", "extra", "copy"]
)
def test_what_belongs_to_python_is_out_of_reach(name: str) -> None:
    values: tuple[Any, ...] = (Order(id="#1", status="x"), Own(name="a"), eur(1), "text", (), {}, Decimal(1))
    for value in values:
        assert attribute(value, name) in (UNKNOWN, ())


def test_the_attribute_of_a_list_is_that_of_each_and_unknown_when_one_is() -> None:
    lines = (LineItem(id="a", name="A", price=eur(1)), LineItem(id="b", name="B", price=eur(2), sku="S"))
    assert attribute(lines, "price") == (eur(1), eur(2))
    assert attribute(lines, "sku") is UNKNOWN
    assert attribute((), "price") == ()


def test_a_line_has_what_was_needed_for_it_besides_its_own_fields() -> None:
    line = Line(LineItem(id="a", name="A", price=eur(1)), {"replacement": "red"})
    assert attribute(line, "replacement") == "red"
    assert attribute(line, "name") == "A"


# ---- equality
@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Gold ", "gold", True), ("a", "b", False), (None, None, True), (None, "a", False), (True, True, True), (True, False, False),
        (Decimal("1.0"), Decimal(1), True), (eur(1), eur("1.00"), True), (eur(1), Money.of(1, "USD"), UNKNOWN),
        (days(7), Duration(Decimal(1), "weeks"), True), (days(30), Duration(Decimal(1), "months"), True),
        (days(5), Duration(Decimal(5), "business days"), UNKNOWN), (Percent(Decimal(5)), Percent(Decimal("5.0")), True),
        ("1", Decimal(1), UNKNOWN), (True, Decimal(1), UNKNOWN), (True, "yes", UNKNOWN), (UNKNOWN, UNKNOWN, UNKNOWN),
        (UNKNOWN, None, UNKNOWN), (date(2026, 6, 1), datetime(2026, 6, 1, 23, tzinfo=UTC), True),
        (("a", "b"), ("A", "B"), True), (("a",), ("a", "b"), False), (("a", UNKNOWN), ("b", "c"), False),
        (("a", UNKNOWN), ("a", "c"), UNKNOWN), ({"a": 1}, {"a": 1}, True), (eur(0), Decimal(0), True),
        (datetime(2026, 6, 1, 12, tzinfo=UTC), datetime(2026, 6, 1, 13, tzinfo=DUBLIN), True),
    ],
)  # fmt: skip
def test_when_two_values_are_the_same(one: Any, other: Any, same: Any) -> None:
    assert equal(one, other) is same
    assert equal(other, one) is same


def test_records_are_the_same_by_their_ids() -> None:
    one, other = Order(id="#1", status="pending"), Order(id="#1", status="shipped")
    assert equal(one, other) is True
    assert equal(one, Order(id="#2", status="pending")) is False
    assert equal(one, "#1") is True
    assert equal("#2", one) is False
    assert equal(Line(one), other) is True


def test_a_record_without_an_id_is_not_known_to_be_another() -> None:
    known, claimed = Customer(id="C1", email="a@b.ie"), Customer(email="a@b.ie")
    assert equal(known, claimed) is UNKNOWN
    assert equal(claimed, Customer(email="a@b.ie")) is True
    assert equal(claimed, "C1") is UNKNOWN


# ---- order
@pytest.mark.parametrize(
    ("op", "one", "other", "holds"),
    [
        ("<", Decimal(1), Decimal(2), True), (">=", eur(2), eur(2), True), (">", eur(5), Money.of(1, "USD"), UNKNOWN),
        (">", eur(5), Decimal(0), True), (">", eur(5), Decimal(1), UNKNOWN), ("<", days(1), Duration(Decimal(25), "hours"), True),
        ("<", days(3, "business days"), days(4), UNKNOWN), ("<=", days(3, "business days"), days(3, "business days"), True),
        ("<", days(3), Decimal(4), True), ("<", Duration(Decimal(3), "weeks"), Decimal(4), UNKNOWN), ("<", eur(1), days(1), UNKNOWN),
        ("<", None, Decimal(1), UNKNOWN), ("<", UNKNOWN, Decimal(1), UNKNOWN), ("<", "a", "b", True), ("<", True, Decimal(5), UNKNOWN),
        ("<", date(2026, 1, 1), date(2026, 1, 2), True), ("<=", datetime(2026, 1, 1, 23, tzinfo=UTC), date(2026, 1, 1), True),
        ("<", datetime(2026, 1, 1), datetime(2026, 1, 2, tzinfo=UTC), UNKNOWN), ("<", Percent(Decimal(5)), Percent(Decimal(6)), True),
        ("<", Percent(Decimal(5)), Decimal(6), UNKNOWN), ("<", (), (), UNKNOWN), ("<", Decimal("NaN"), Decimal(1), UNKNOWN),
    ],
)  # fmt: skip
def test_what_is_less_or_more(op: Any, one: Any, other: Any, holds: Any) -> None:
    assert compare(op, one, other) is holds


def test_the_hour_that_is_there_twice_keeps_its_order() -> None:
    first = datetime(2026, 10, 25, 1, 30, tzinfo=DUBLIN)
    second = first.replace(fold=1)
    assert compare("<", first, second) is True
    assert arithmetic("-", second, first).count * 24 == 1


# ---- arithmetic
@pytest.mark.parametrize(
    ("op", "one", "other", "result"),
    [
        ("+", eur("0.10"), eur("0.20"), eur("0.30")), ("-", eur(1), eur(2), eur(-1)), ("+", eur(1), Money.of(1, "USD"), UNKNOWN),
        ("*", eur("0.05"), Decimal("0.5"), eur("0.02")), ("*", Decimal(3), eur(2), eur(6)), ("/", eur("0.27"), Decimal(6), eur("0.04")),
        ("/", eur(6), eur(4), Decimal("1.5")), ("/", eur(1), Decimal(0), UNKNOWN), ("/", eur(1), eur(0), UNKNOWN),
        ("+", eur(1), Decimal(0), eur(1)), ("-", Decimal(0), eur(1), eur(-1)), ("+", eur(1), Decimal(1), UNKNOWN),
        ("*", eur(10), Percent(Decimal(10)), eur(1)), ("*", eur(1), eur(1), UNKNOWN), ("+", True, Decimal(1), UNKNOWN),
        ("+", Decimal("0.1"), Decimal("0.2"), Decimal("0.3")), ("/", Decimal(1), Decimal(0), UNKNOWN),
        ("+", date(2026, 1, 31), days(1), date(2026, 2, 1)), ("-", date(2026, 3, 1), date(2026, 2, 1), days(28)),
        ("+", days(1), days(2), days(3)), ("+", days(1), Duration(Decimal(1), "hours"), UNKNOWN), ("+", "a", "b", UNKNOWN),
        ("+", UNKNOWN, Decimal(1), UNKNOWN), ("+", None, Decimal(1), UNKNOWN), ("+", date(2026, 1, 1), days(1, "business days"), UNKNOWN),
        ("-", date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC), UNKNOWN), ("+", date(9999, 12, 31), days(1), UNKNOWN),
        ("*", Decimal(10) ** 17, Decimal(10) ** 17, UNKNOWN), ("*", Money(minor=10**15, currency="EUR"), Decimal(2), UNKNOWN),
    ],
)  # fmt: skip
def test_sums_keep_their_units(op: Any, one: Any, other: Any, result: Any) -> None:
    found = arithmetic(op, one, other)
    assert found is UNKNOWN if result is UNKNOWN else found == result


def test_a_day_is_24_hours_when_the_clocks_change() -> None:
    noon = datetime(2026, 3, 28, 12, tzinfo=DUBLIN)
    assert arithmetic("+", noon, days(1)) == datetime(2026, 3, 29, 13, tzinfo=DUBLIN)
    assert arithmetic("-", datetime(2026, 3, 29, 13, tzinfo=DUBLIN), noon) == days(1)
    assert arithmetic("-", datetime(2026, 3, 29, 13, tzinfo=DUBLIN), days(1)) == noon


AMOUNTS = st.integers(-(10**9), 10**9)


@given(AMOUNTS, AMOUNTS)
def test_a_quotient_of_money_is_rounded_once_and_half_even(minor: int, divisor: int) -> None:
    found = arithmetic("/", Money(minor=minor, currency="EUR"), Decimal(divisor))
    if divisor == 0:
        assert found is UNKNOWN
        return
    whole, rest = divmod(abs(minor), abs(divisor))
    up = 2 * rest > abs(divisor) or (2 * rest == abs(divisor) and whole % 2 == 1)
    expected = (whole + up) * (1 if (minor >= 0) == (divisor > 0) else -1)
    assert found.minor == expected


@given(AMOUNTS, st.integers(0, 10_000))
def test_a_share_of_money_is_rounded_half_even(minor: int, hundredths: int) -> None:
    found = percent_of(Percent(Decimal(hundredths) / 100), Money(minor=minor, currency="EUR"))
    whole, rest = divmod(abs(minor) * hundredths, 10_000)
    up = rest > 5_000 or (rest == 5_000 and whole % 2 == 1)
    assert found.minor == (whole + up) * (1 if minor >= 0 else -1)


def test_a_share_that_is_too_large_or_of_nothing_is_unknown() -> None:
    assert percent_of(Percent(Decimal(999)), Money(minor=10**15, currency="EUR")) is UNKNOWN
    assert percent_of(Percent(Decimal(10)), days(1)) is UNKNOWN
    assert percent_of(Decimal(10), eur(1)) is UNKNOWN
    assert percent_of(Percent(Decimal(10)), Decimal(50)) == 5


# ---- laws
def anything() -> st.SearchStrategy[Any]:
    units = st.sampled_from(("minutes", "hours", "days", "calendar days", "business days", "weeks", "months", "years"))
    return st.one_of(
        st.none(), st.booleans(), st.just(UNKNOWN), st.text(max_size=3), st.decimals(allow_nan=True, allow_infinity=True),
        st.builds(Money, minor=st.integers(-(10**15), 10**15), currency=st.sampled_from(("EUR", "USD", "JPY"))),
        st.builds(Duration, st.decimals(-(10**12), 10**12), units), st.builds(Percent, st.decimals(0, 999)),
        st.dates(), st.datetimes(timezones=st.sampled_from((UTC, DUBLIN))), st.datetimes(),
        st.tuples(st.text(max_size=1)), st.just(Order(id="#1", status="x")), st.just({"a": 1}),
    )  # fmt: skip


@given(anything(), anything(), st.sampled_from("+-*/"))
@example(Decimal("Infinity"), Decimal("sNaN"), "+")
def test_nothing_that_is_reckoned_with_raises(one: Any, other: Any, op: Any) -> None:
    result = arithmetic(op, one, other)
    if isinstance(result, Decimal):
        assert result.is_finite()
        assert abs(result) <= NO_LIMIT
    percent_of(one, other)
    assert equal(one, other) in {True, False} or equal(one, other) is UNKNOWN


@given(anything(), anything())
@example(Duration(Decimal(0), "days"), Decimal("NaN"))
def test_equality_is_symmetric_and_order_antisymmetric(one: Any, other: Any) -> None:
    assert equal(one, other) is equal(other, one)
    less, more = compare("<", one, other), compare(">", other, one)
    assert less is more
    if less is True:
        assert compare("<", other, one) is False
        assert compare(">=", one, other) is False


def test_the_words_of_spans_and_shares() -> None:
    shown: list[tuple[Callable[[], str], str]] = [
        (lambda: str(days(1)), "1 day"), (lambda: str(days("1.50")), "1.5 days"),
        (lambda: str(days(1, "business days")), "1 business day"), (lambda: str(Percent(Decimal("12.50"))), "12.5%"),
    ]  # fmt: skip
    assert [made() for made, _ in shown] == [text for _, text in shown]
