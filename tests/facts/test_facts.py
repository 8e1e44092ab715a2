"""Facts: JSON in and out without loss, clear errors, nothing of a helpdesk's lost."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from convagent.errors import FactsError
from convagent.facts import Customer, Facts, LineItem, Money, Order, Product, Variant, minor_digits

currencies = st.sampled_from(["EUR", "USD", "JPY", "KWD", "CHF"])
amounts = st.builds(
    lambda minor, currency: Money(minor=minor, currency=currency), st.integers(-(10**12), 10**12), currencies
)
names = st.text(min_size=1, max_size=20).filter(lambda text: "\x00" not in text and text.isprintable())
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | names,
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@given(amounts)
def test_money_survives_json(money: Money) -> None:
    assert Money.model_validate_json(money.model_dump_json()) == money
    assert Money.model_validate(str(money)) == money


@given(amounts, st.integers(-1000, 1000))
def test_money_is_exact(money: Money, factor: int) -> None:
    assert (money * factor).minor == money.minor * factor
    assert money - money == Money(minor=0, currency=money.currency)
    back = -money
    assert -back == money


@pytest.mark.parametrize(
    ("cents", "share", "expected"), [(25, "0.5", 12), (35, "0.5", 18), (15, "0.1", 2), (5, "0.1", 0)]
)
def test_a_share_of_money_is_rounded_half_even(cents: int, share: str, expected: int) -> None:
    assert (Money(minor=cents, currency="EUR") * Decimal(share)).minor == expected


def test_two_currencies_are_never_reckoned_together() -> None:
    with pytest.raises(ValueError, match="EUR and USD"):
        _ = Money.of("1", "EUR") + Money.of("1", "USD")
    with pytest.raises(ValueError, match="EUR and USD"):
        _ = Money.of("1", "EUR") < Money.of("1", "USD")


def test_minor_units_follow_the_currency() -> None:
    assert (minor_digits("EUR"), minor_digits("JPY"), minor_digits("KWD")) == (2, 0, 3)
    assert Money.of("500", "JPY").minor == 500


@pytest.mark.parametrize(
    "bad", [12.5, "12.505 EUR", "NaN EUR", {"amount": "1e99", "currency": "EUR"}, {"amount": "1"}, "12", {"amount": True, "currency": "EUR"},
            {"amount": "1", "currency": "EURO"}, {"amount": "9" * 40, "currency": "EUR"}, {"minor": 10**40, "currency": "EUR"}],
)  # fmt: skip
def test_what_is_no_amount_is_refused(bad: Any) -> None:
    with pytest.raises(ValidationError):
        Money.model_validate(bad)


@given(
    st.dictionaries(
        names.filter(lambda name: name not in {*Order.model_fields, *Customer.model_fields}), json_values, max_size=4
    )
)
def test_unknown_fields_of_a_helpdesk_are_kept(extra: dict[str, Any]) -> None:
    data = {"customer": {"id": "c", "orders": [{"id": "#1", "status": "shipped", **extra}], **extra}, "zap": extra}
    facts = Facts.read(data)
    again = Facts.model_validate_json(facts.model_dump_json(exclude_unset=True))
    assert again == facts
    assert json.loads(facts.model_dump_json(exclude_unset=True)) == json.loads(json.dumps(data))


def test_the_callers_word_makes_a_customer_verified_and_a_text_does_not() -> None:
    facts = Facts.read({"customer": {"email": "a@example.com", "verified": True}})
    assert facts.customer is not None
    assert facts.customer.verified
    with pytest.raises(FactsError, match="verified is true or false"):
        Facts.read({"customer": {"verified": "yes"}})


@pytest.mark.parametrize(
    ("bad", "place"),
    [({"customer": "ada"}, "customer"), ({"order": {"id": 5}}, "order.id"), ({"now": "2026-06-16T10:00:00"}, "now"),
     ({"cart": {"items": [{"id": "1", "name": "x", "price": 3.5}]}}, "cart.items.0.price"), ([1], "mapping")],
)  # fmt: skip
def test_facts_of_wrong_types_name_every_field(bad: Any, place: str) -> None:
    with pytest.raises(FactsError) as caught:
        Facts.read(bad)
    assert place in str(caught.value)
    assert caught.value.remedy


def test_facts_do_not_change() -> None:
    order = Order(id="#1", status="pending")
    with pytest.raises(ValidationError):
        setattr(order, "status", "shipped")  # noqa: B010 - as a caller would who skips the type checker


def test_a_product_is_in_stock_when_a_variant_can_be_bought() -> None:
    def variant(price: str, *, available: bool) -> Variant:
        return Variant(id=price, price=Money.model_validate(price), available=available)

    product = Product(
        id="p",
        title="Lamp",
        status="active",
        variants=(variant("10.00 EUR", available=False), variant("12.00 EUR", available=True)),
    )
    assert product.in_stock
    assert product.price == Money.of("12", "EUR")
    assert not product.model_copy(update={"status": "archived"}).in_stock
    assert Product(id="q", title="Nothing").price is None


def test_a_line_keeps_what_it_does_not_know() -> None:
    line = LineItem.model_validate({"id": "1", "name": "Pen", "price": "9.00 EUR", "engraving": "For Ada"})
    assert line.extra == {"engraving": "For Ada"}
