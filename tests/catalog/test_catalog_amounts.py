"""Amounts as spreadsheets and people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.catalog.amounts import amount_of, currency_of, read_price
from convagent.facts import Money


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("50", "50.00"),
        ("9.99", "9.99"),
        ("50.0000", "50.00"),
        ("49,90 €", "49.90"),
        ("1,299.00", "1299.00"),
        ("1.299,00", "1299.00"),
        ("€12", "12.00"),
        ("EUR 12.5", "12.50"),
        ("12.50EUR", "12.50"),
        (" 0 ", "0.00"),
    ],
)
def test_a_price_is_read_to_the_cent(text: str, amount: str) -> None:
    assert read_price(text, currency="EUR") == Money.of(amount, "EUR")


@pytest.mark.parametrize(
    "text", ["", "free", "-5", "1e3", "nan", "9.999", "$49", "49 GBP", "1,299", "12.50 EUR each", "٣", "9" * 40]
)
def test_what_is_no_sure_price_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_price(text, currency="EUR")


def test_a_sign_shared_by_several_currencies_means_the_shop_s_own() -> None:
    assert currency_of("$", default="CAD") == "CAD"
    assert currency_of("$", default="EUR") == "USD"
    assert currency_of("euros", default="USD") == "EUR"
    assert currency_of(None, default="JPY") == "JPY"


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=10**11))
def test_every_amount_survives_english_and_german_writing(cents: int) -> None:
    english = f"{cents // 100:,}.{cents % 100:02d}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert amount_of(english) == amount_of(german) == Decimal(cents).scaleb(-2)
