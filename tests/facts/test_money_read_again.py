"""Money that is read again and again is read once, and nothing tells the difference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from convagent.facts import Money


class _Fare(Money):
    """Money of a kind of its own."""


@given(st.decimals(-10_000, 10_000, places=2), st.sampled_from(["EUR", "eur", "CHF"]))
def test_read_twice_is_the_same_and_what_it_says(amount: object, currency: str) -> None:
    told = {"amount": str(amount), "currency": currency}
    first, again = Money.model_validate(told), Money.model_validate(dict(told))
    assert first == again == Money.of(str(amount), currency)
    assert (str(first.amount), first.currency) == (f"{amount:.2f}".replace("-0.00", "0.00"), currency.upper())
    assert Money.model_validate_json(first.model_dump_json()) == first


@pytest.mark.parametrize(
    "told",
    [
        {"amount": "12.345", "currency": "EUR"},
        {"amount": "12.50", "currency": "EU"},
        {"amount": "twelve", "currency": "EUR"},
        {"amount": 12.5, "currency": "EUR"},
        {"amount": "12.50", "currency": 978},
        {"amount": "12.50", "currency": "EUR", "tax": "1"},
        {"amount": "12.50", "tax": "1"},
    ],
)
def test_what_is_no_money_never_becomes_it(told: dict[str, object]) -> None:
    Money.model_validate({"amount": "12.50", "currency": "EUR"})
    for _ in range(2):
        with pytest.raises(ValidationError):
            Money.model_validate(told)


def test_a_price_that_comes_again_is_no_further_object() -> None:
    told = {"amount": "48.07", "currency": "EUR"}
    assert Money.model_validate(told) is Money.model_validate(dict(told))


def test_a_kind_of_money_stays_of_its_kind() -> None:
    told = {"amount": "3.10", "currency": "EUR"}
    assert type(Money.model_validate(told)) is Money
    assert type(_Fare.model_validate(told)) is _Fare
    assert type(Money.model_validate(told)) is Money


def test_more_amounts_than_are_remembered_are_read_all_the_same() -> None:
    read = [
        Money.model_validate({"amount": f"{cents // 100}.{cents % 100:02}", "currency": "EUR"})
        for cents in range(6_000)
    ]
    assert [each.minor for each in read] == list(range(6_000))
