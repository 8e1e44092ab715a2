"""Looking for something: safety, features, gift cards, the cheapest, on the demo shop's catalog."""

from __future__ import annotations

import pytest
from tests.shopping.shopping_cases import at_work, demo, ids, said

from convagent.catalog.knowing import unsafe_for
from convagent.shopping.looking import looked_for
from convagent.shopping.model import ShoppingState


def found(text: str, state: ShoppingState | None = None, *, language: str = "en") -> tuple[str, ...]:
    return ids(looked_for(at_work(text, "find", state, language=language)))


def test_what_is_for_adults_alone_is_not_shown_for_a_child_and_said_to_be() -> None:
    advice = looked_for(at_work("Which creatine should he take? My son is 16 years old.", "find"))
    assert not ids(advice)
    assert "adults only" in said(advice)


@pytest.mark.parametrize("age", [3, 9, 15])
def test_nothing_that_is_found_for_an_age_speaks_against_it(age: int) -> None:
    for what in ("vitamins", "a bed", "a deodorant", "a jumper", "drink mixes"):
        for each in found(f"{what} for a {age} year old"):
            product = demo().product(each)
            assert product is not None
            assert not {"too-young", "too-old", "part-too-young"} & set(
                unsafe_for(demo(), product, age_months=12 * age)
            )


def test_the_kind_that_is_not_for_the_age_yet_is_said_and_another_shown() -> None:
    advice = looked_for(
        at_work("Wir suchen ein Bett für unseren Sohn, er ist 5. Am liebsten ein Hochbett.", "find", language="de")
    )
    assert "6 years" in said(advice)
    assert ids(advice) == ("burrow-low-bed",)


def test_what_does_not_say_that_it_is_waterproof_is_not_shown_beside_what_does() -> None:
    assert found("a waterproof jacket under 150, not black, in L") == (
        "the-harbour-jacket",
        "the-doubtful-sky-raincoat",
    )


def test_the_cheapest_is_the_cheapest_of_what_was_asked_for() -> None:
    assert found("What's your cheapest Pip with a sleep light?")[:1] == ("pip-mini-s",)


def test_a_gift_card_comes_last_unless_it_is_asked_for() -> None:
    assert "wrenfold-gift-card" not in found("a gift for my wife, she loves cooking, about 60 euros")
    assert found("do you have gift cards?") == ("wrenfold-gift-card",)


def test_what_they_have_enough_of_stays_away() -> None:
    state = ShoppingState(said=("I'm looking for tableware under 50",))
    assert "honest-glass-tumblers" in ids(looked_for(at_work("What else?", "more", state)))
    shown = ids(looked_for(at_work("They have tumblers enough. What else?", "more", state)))
    assert shown
    assert "honest-glass-tumblers" not in shown


def test_what_a_child_likes_and_nothing_speaks_of_is_said_and_every_demand_kept() -> None:
    advice = looked_for(at_work("do you have anything for a 3 year old boy who likes trains, around 30 euro", "find"))
    assert advice.hand_over is None
    assert said(advice).startswith("I find nothing that speaks of that. By all the rest:")
    assert advice.picks
    for pick in advice.picks:
        assert pick.product.in_stock
        assert pick.product.price is not None
        assert pick.product.price.minor <= 3600
        assert pick.product.id != "the-running-late-trainer"


DINOSAURS = "anything for a 10 year old girl who likes dinosaurs, under 20 euro"


def test_what_is_shown_by_the_rest_keeps_what_was_said_of_allergies_earlier() -> None:
    state = ShoppingState(held=("My daughter has a nut allergy and a milk allergy",))
    for text in (DINOSAURS, "anything for my sister who plays the trombone under 20"):
        open_to_all, held = found(text), found(text, state)
        assert held
        assert held != open_to_all
        for each in held:
            product = demo().product(each)
            assert product is not None
            codes = unsafe_for(demo(), product, allergens=("nuts", "milk"))
            assert not any(code.startswith(("contains-", "may-contain-")) for code in codes)


def test_what_was_declined_is_not_shown_by_the_rest() -> None:
    declined: tuple[str, ...] = ()
    for _ in range(3):
        advice = looked_for(at_work(DINOSAURS, "find", ShoppingState(declined=declined)))
        assert said(advice).startswith("I find nothing that speaks of that. By all the rest:")
        assert ids(advice)
        assert not set(ids(advice)) & set(declined)
        declined = (*declined, *ids(advice))
