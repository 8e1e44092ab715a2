"""Beside a product: sets, what goes with it, what is like it, sizes, shades; nothing unsafe and nothing sold out is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.shopping.shopping_cases import at_work, demo, ids, said

from convagent.catalog.knowing import unsafe_for
from convagent.shopping.comparing import bundles, compared
from convagent.shopping.complementing import complements, upgrades
from convagent.shopping.model import ActKind, ShoppingState
from convagent.shopping.naming import mentioned_variants, variant_that_fits
from convagent.shopping.picking import alternatives, picked
from convagent.shopping.rules import SellingRules
from convagent.shopping.shading import shaded
from convagent.shopping.short_names import called_in_part, siblings_named
from convagent.shopping.trying_on import fitted
from convagent.shopping.wording import LANGUAGES

HANDLERS = {
    "complement": complements, "alternative": alternatives, "upgrade": upgrades, "compare": compared, "pick": picked,
    "bundle": bundles, "fit": fitted, "shade": shaded,
}  # fmt: skip


# ---- names
@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("What would the Meadow Argument cost?", ["meadow-argument-rug"]),
        ("I'd like the Everyday Many for women.", ["brightroot-everyday-many"]),
        ("I wear Even Tempered in Dune", ["even-tempered-foundation"]),
        ("a Summer Dress for the garden", []),
        ("the meadow argument", []),
        ("I NEED THE BIG ONE", []),
    ],
)
def test_a_product_is_known_by_a_part_of_its_name_that_no_other_has(text: str, called: list[str]) -> None:
    assert [each.id for each in called_in_part(demo(), text)] == called


def test_siblings_are_known_without_the_word_that_they_share() -> None:
    text = "Pip One, One S, One+ … what's the difference?"
    named = at_work(text, "compare").named
    assert [each.id for each in siblings_named(demo(), text, named)] == ["pip-one", "pip-one-s", "pip-one-plus"]


# ---- sets, complements, comparisons
def test_a_larger_pack_is_named_with_what_it_stands_for() -> None:
    advice = bundles(at_work("The Slow Morning Cacao in orange, is there a bigger pack?", "bundle"))
    assert advice.picks[0].variant is not None
    assert advice.picks[0].variant.options == {"Flavour": "Orange", "Pack": "Bag of 750 g"}
    assert "Bag of 750 g" in said(advice)
    assert "3 of Slow Morning Cacao (Orange, Tin of 250 g)" in said(advice)
    assert "€10.00" in said(advice)


def test_what_goes_with_a_product_comes_in_the_size_that_is_made_for_it() -> None:
    advice = complements(at_work("Which travel case fits the Pip One S?", "complement"))
    assert ids(advice) == ("pip-travel-case",)
    assert advice.picks[0].variant is not None
    assert advice.picks[0].variant.options["Size"].startswith("Medium")
    asked = picked(at_work("what does it cost in that size", "pick", advice.state))
    assert "€24.00" in said(asked)


def test_one_among_the_shades_of_a_product_is_named() -> None:
    advice = compared(at_work("Which of the Plain Speaking lipsticks is a cool berry?", "compare"))
    assert "Obviously Berry" in said(advice)


def test_what_is_called_otherwise_is_said_and_shown() -> None:
    advice = picked(at_work("the lavender scarf", "pick"))
    assert ids(advice) == ("the-long-story-scarf",)
    assert "Heather" in said(advice)


# ---- one product
def test_the_largest_size_that_fits_a_spot_is_taken() -> None:
    rug = demo().product("meadow-argument-rug")
    assert rug is not None
    found = variant_that_fits(rug, "The free spot is 250 x 170 cm.")
    assert [each.options["Size"] for each in found] == ["160 × 230 cm"]
    assert variant_that_fits(rug, "The free spot is 80 x 100 cm.") == ()
    assert [v.options["Size"] for v in mentioned_variants(rug, "What would it cost in 200 x 300?")] == ["200 × 300 cm"]


def test_a_size_that_was_advised_holds_for_another_colour() -> None:
    first = fitted(at_work("I usually wear 42. Which size do I take in the Shortcut Trainer?", "fit"))
    advice = picked(at_work("Do you have that in fog?", "pick", first.state))
    assert "(Fog, 43) is sold out" in said(advice)


def test_what_the_shop_says_nothing_of_goes_to_a_person() -> None:
    advice = picked(at_work("Is the Long Goodbye Pen vegan?", "pick"))
    assert advice.hand_over is not None
    assert not advice.picks


# ---- sizes
def test_two_sizes_are_settled_for_the_next_product_too() -> None:
    first = fitted(at_work("With the Doubtful Sky Raincoat I'm right between S and M. Which one?", "fit"))
    assert "M is the better guess" in said(first)
    second = picked(at_work("And for the Second-Best Jumper, also between S and M?", "pick", first.state))
    assert "S is the better guess" in said(second)


def test_measures_said_before_count_for_the_next_product() -> None:
    first = fitted(at_work("My daughter is 121 cm tall. Which size of the Birthday Dress?", "fit"))
    second = fitted(at_work("And of the Little Harbour Jacket?", "fit", first.state))
    assert "116/122" in said(second)


def test_a_usual_size_answers_without_a_chart() -> None:
    case = at_work("I usually wear M in the Harbour Jacket", "fit")
    advice = fitted(replace(case, charts=None))
    assert advice.hand_over is None
    assert "M of The Harbour Jacket" in said(advice)


def test_the_length_of_a_sleeve_is_for_a_person() -> None:
    advice = fitted(at_work("I'm 196 cm tall. Are the sleeves of the Reasonable Shirt long enough?", "fit"))
    assert advice.hand_over is not None
    assert advice.hand_over[1] == "advice"


# ---- shades
def test_the_nearest_shade_follows_one_that_is_sold_out() -> None:
    first = picked(at_work("Do you have Even Tempered in Honeycomb?", "pick"))
    assert "sold out" in said(first)
    advice = alternatives(at_work("Then which shade comes closest to it?", "alternative", first.state))
    assert advice.picks[0].variant is not None
    assert advice.picks[0].variant.options["Shade"].startswith("Amber")


def test_a_concealer_goes_by_the_shade_of_the_foundation() -> None:
    advice = complements(at_work("I wear Even Tempered in Dune. Which concealer would go with it?", "complement"))
    assert ids(advice) == ("cover-story-concealer",)
    again = shaded(at_work("And in which shade?", "shade", advice.state))
    assert again.picks[0].variant is not None
    assert again.picks[0].variant.options["Shade"] == "Peach (medium, warm)"


def test_a_shade_that_would_be_right_and_is_sold_out_is_said_before_the_near_ones() -> None:
    advice = shaded(at_work("what foundation shade am I? light skin, cool undertone", "shade"))
    assert "Shell (light, cool)) is sold out" in said(advice)
    assert set(ids(advice)) == {"even-tempered-foundation"}


def test_only_the_right_shades_are_shown_where_there_are_any() -> None:
    advice = shaded(at_work("which foundation for medium skin with a neutral undertone?", "shade"))
    assert [pick.variant.options["Shade"] for pick in advice.picks if pick.variant] == ["Linen (medium, neutral)"]


def test_a_product_without_shades_is_no_reason_to_ask_for_an_undertone() -> None:
    advice = shaded(at_work("How much of the Fair Weather Sunscreen SPF 50 do I need?", "shade"))
    assert not advice.question
    assert "Two fingers" in said(advice)


# ---- safety
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_for_older_children_is_said_and_something_safe_is_shown(language: str) -> None:
    case = at_work("Our son is 5. We'd like the Sprig Stepladder Bed for him.", "pick", language=language)
    advice = picked(case)
    assert "From 6 years" in said(advice)
    assert "sprig-stepladder-bed" not in ids(advice)
    assert all(unsafe_for(demo(), pick.product, age_months=60) == () for pick in advice.picks)
    assert advice.picks


def test_an_allergy_said_before_holds_for_what_is_like_a_product() -> None:
    state = ShoppingState(said=("my daughter is allergic to hazelnuts",))
    advice = alternatives(at_work("anything like the Slow Morning Cacao?", "alternative", state))
    assert advice.picks
    assert all(unsafe_for(demo(), pick.product, allergens=("nuts",)) == () for pick in advice.picks)


# ---- laws
IDS = tuple(product.id for product in demo().products)
TITLES = tuple(product.title for product in demo().products)
WORDS = (
    "which shade", "in fog", "size M", "I'm 121 cm tall", "between S and M", "for my son, he is 4", "without milk", "how much",
    "does it cost", "what goes with it", "is there a set", "in 200 × 300 cm", "'To Ada'", "fit on it?", "compare", "vegan?",
    "Grüße", "", "🙂", "allergic to nuts", "cool undertone", "deep", "the second one", "170 x 250 cm free spot",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from((*WORDS, *TITLES)) | st.text(max_size=12), max_size=5).map(" ".join)
FEW_IDS = st.lists(st.sampled_from((*IDS, "gone")), max_size=4, unique=True).map(tuple)
STATES = st.builds(
    ShoppingState, said=st.lists(TEXTS, max_size=3).map(tuple), shown=FEW_IDS, seen=FEW_IDS, declined=FEW_IDS,
    about=st.sampled_from(("", *IDS)), asked=st.sampled_from(("", "measures", "undertone", "depth", "product")),
    doing=st.sampled_from(("", "fit", "shade")), idle=st.integers(0, 2),
)  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(text=TEXTS, state=STATES, kind=st.sampled_from(sorted(HANDLERS)), language=st.sampled_from(LANGUAGES))
def test_whatever_is_said_no_handler_fails_and_nothing_that_cannot_be_bought_is_picked(
    text: str, state: ShoppingState, kind: ActKind, language: str
) -> None:
    case = at_work(text, kind, state, language=language)
    advice = HANDLERS[kind](case)
    assert len(advice.picks) <= SellingRules().shortlist
    for pick in advice.picks:
        assert pick.product.status == "active"
        assert pick.product.in_stock
        assert pick.variant is None or pick.variant.available
    assert ShoppingState.from_json(advice.state.to_json()) == advice.state
