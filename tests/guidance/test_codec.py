"""Values in JSON and back: nothing is lost, the same value gives the same bytes, and what is damaged doesn't pass for a value."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from convagent.facts import Address, Customer, Fact, LineItem, Money, Order, Shipment
from convagent.guidance.codec import canonical, digest, from_json, to_json
from convagent.guidance.values import UNKNOWN, Duration, Line, Percent, attribute, normal

UNITS = ("minutes", "hours", "days", "calendar days", "business days", "weeks", "months", "years")


class PromoCode(Fact):
    """A shop's own record, which a later version may not have any more."""

    value: str
    amount: Money
    until: date | None = None


class Plain(BaseModel):
    """A record that isn't even a fact."""

    total: Money
    parts: tuple[PromoCode, ...] = ()


def facts() -> st.SearchStrategy[Any]:
    amounts = st.builds(Money, minor=st.integers(-(10**9), 10**9), currency=st.sampled_from(("EUR", "JPY", "KWD")))
    names = st.text("aZ9é日\ud800 '\"\\{}$", max_size=6)
    moments = st.datetimes(
        datetime(2000, 1, 1), timezones=st.sampled_from((UTC, ZoneInfo("Europe/Dublin"), ZoneInfo("America/New_York")))
    )
    lines = st.builds(LineItem, id=names, name=names, price=amounts, quantity=st.integers(0, 9), sku=st.none() | names)
    orders = st.builds(
        Order, id=names, status=names, placed_at=moments, items=st.lists(lines, max_size=2).map(tuple), total=amounts
    )
    return st.one_of(
        amounts,
        lines,
        orders,
        st.builds(Address, line1=names),
        st.builds(Customer, id=names, verification=st.just("verified")),
    )


def values() -> st.SearchStrategy[Any]:
    scalars = st.one_of(
        st.none(), st.booleans(), st.text(max_size=5), st.decimals(allow_nan=False, allow_infinity=False), st.dates(), facts(),
        st.datetimes(timezones=st.just(UTC)), st.builds(Duration, st.decimals(-9, 9, places=2), st.sampled_from(UNITS)),
        st.builds(Percent, st.decimals(0, 999, places=4)), st.just(UNKNOWN),
    )  # fmt: skip
    keys = st.text("abc$_v", max_size=3)
    return st.recursive(
        scalars,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(tuple), st.dictionaries(keys, inner, max_size=3),
            st.builds(Line, inner, st.dictionaries(keys, inner, max_size=2)),
        ),
        max_leaves=6,
    )  # fmt: skip


@given(values())
def test_values_come_back_as_they_went(value: Any) -> None:
    text = json.dumps(to_json(value))
    again = from_json(json.loads(text))
    assert again == value
    assert type(again) is type(value)
    assert to_json(again) == to_json(value)
    assert canonical(again) == canonical(value)


@given(values(), values())
def test_different_values_have_different_bytes(one: Any, other: Any) -> None:
    if canonical(one) == canonical(other):
        assert repr(one) == repr(other) or one == other


def test_what_was_filled_in_and_what_was_not_stay_apart() -> None:
    order = Order(id="#1", status="x", total=None, weight=3)  # type: ignore[call-arg]
    again = from_json(to_json(order))
    assert attribute(again, "total") is None
    assert attribute(again, "shipping") is UNKNOWN
    assert attribute(again, "weight") == Decimal(3)
    nested = from_json(to_json(Order(id="#1", status="x", shipments=(Shipment(id="S", status="lost", carrier=None),))))
    assert attribute(attribute(nested, "shipments")[0], "carrier") is None
    assert attribute(attribute(nested, "shipments")[0], "last_scan") is UNKNOWN


def test_a_shops_own_record_keeps_its_fields_and_their_types() -> None:
    code = PromoCode(value="SAVE", amount=Money.of(5, "EUR"), until=date(2026, 7, 1), note="n")  # type: ignore[call-arg]
    for record in (code, Plain(total=Money.of(5, "EUR"), parts=(code,)).parts[0]):
        again = from_json(json.loads(json.dumps(to_json(record))))
        assert attribute(again, "amount") == Money.of(5, "EUR")
        assert attribute(again, "until") == date(2026, 7, 1)
        assert attribute(again, "value") == "SAVE"
        assert attribute(again, "note") == "n"
    whole = from_json(to_json(Plain(total=Money.of(7, "EUR"), parts=(code,))))
    assert attribute(whole, "total") == Money.of(7, "EUR")
    assert attribute(attribute(whole, "parts")[0], "amount") == Money.of(5, "EUR")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "sNaN"])
def test_what_is_no_number_is_unknown(number: str) -> None:
    assert from_json({"$": "number", "v": number}) is UNKNOWN


@pytest.mark.parametrize(
    ("value", "again"),
    [(3, Decimal(3)), (2.5, Decimal("2.5")), (float("nan"), UNKNOWN), ([1, 2], (Decimal(1), Decimal(2)))],
)
def test_plain_python_values_come_back_as_the_language_sees_them(value: Any, again: Any) -> None:
    found = from_json(json.loads(json.dumps(to_json(value))))
    assert found is UNKNOWN if again is UNKNOWN else found == again == normal(value)


def test_a_kind_that_is_no_longer_known_comes_back_as_a_record() -> None:
    assert from_json({"$": "Removed", "v": {"a": "b"}}) == {"a": "b"}


def test_spans_keep_the_ends_that_they_lie_between() -> None:
    span = Duration(Decimal(3), "days", (date(2026, 6, 18), date(2026, 6, 15)))
    assert from_json(to_json(span)).between == span.between


def test_the_same_value_gives_the_same_bytes_in_every_process() -> None:
    code = (
        "from convagent.guidance.codec import canonical, digest\nfrom convagent.facts import Customer\n"
        "value = {'b': {'x', 'y'} and 1, 'a': Customer(id='C', tags=('t', 'u'), zone=4, area=5)}\n"
        "print(canonical(value), digest(canonical(value)))"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)}
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(runs) == 1


def test_keys_can_be_made_of_any_text() -> None:
    assert len(digest("\ud800 half a character")) == 20
    assert digest("a") != digest("b")
