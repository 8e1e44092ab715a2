"""What a message leans on: what was shown, told, named otherwise or put side by side; and no reply comes twice in a row."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.shopping.shopping_cases import NOW, about, charts, demo, ids, said

from convagent.guidance.wording import Wording
from convagent.shopping.asker import Asker
from convagent.shopping.assistant import ShoppingAssistant
from convagent.shopping.model import Advice, ShoppingState
from convagent.shopping.rules import SellingRules
from convagent.shopping.wording import Sentences

ASSISTANT = ShoppingAssistant(demo(), SellingRules(), charts=charts)


def told(text: str, state: ShoppingState | None = None, *, guide: str = "", language: str = "en") -> Advice:
    """What the assistant advises."""
    asker = Asker(Sentences(Wording(language, NOW)), NOW)
    return ASSISTANT.advise(text, state or ShoppingState(), asker, about=guide)


def after(*texts: str, guide: str = "") -> ShoppingState:
    """What is remembered after some messages."""
    state = ShoppingState()
    for text in texts:
        state = told(text, state, guide=guide).state
    return state


# ---- what is gone
def test_after_a_successor_was_named_the_talk_is_of_it() -> None:
    state = after("Do you still make the Saturday Teapot?")
    assert state.about == "the-sunday-teapot"
    assert "(Oat) is in stock" in said(told("Have you got it in oat?", state))


def test_what_is_sold_out_is_remembered_with_its_variant() -> None:
    state = after("I need the Good Fences deodorant without scent.")
    assert ASSISTANT.what_it_is(state) == "Good Fences Deodorant (Unscented)"
    assert ASSISTANT.what_it_is(state.later().later()) == ""


def test_the_only_one_of_its_sort_is_an_answer_and_no_handover() -> None:
    advice = told("Something similar?", about("the-undecided-armchair"))
    assert advice.hand_over is None
    assert said(advice).strip() == "That was all that fits."


def test_what_has_changed_is_told_by_what_the_shop_says_of_the_old_one() -> None:
    state = after("I had a Quay Jacket for ten years. What's the closest thing now?")
    advice = told("Is it lighter? My old one was a brick.", state, guide="alternative")
    assert "The Quay Jacket: Heavier than what followed it" in said(advice)
    assert ids(advice) == ("the-harbour-jacket",)


# ---- a certain one
def test_a_thing_that_is_called_otherwise_is_shown_with_what_it_is_called() -> None:
    advice = told("I saw a friend in your lavender wool scarf, the long one. Do you still have it?")
    assert ids(advice) == ("the-long-story-scarf",)
    assert "Heather" in said(advice)


def test_names_in_the_plural_are_known_whatever_sizes_stand_beside_them() -> None:
    advice = told("Are the Cobble Boots true to size? I'm usually between 38 and 39.", guide="fit")
    assert ids(advice) == ("the-cobble-boot",)
    assert "between 38 and 39" in said(advice)


def test_only_what_differs_is_named_where_a_product_comes_otherwise() -> None:
    advice = told("Do you have them in brown?", replace(about("the-cobble-boot", "usually 39"), variant=""))
    assert "Black" in said(advice)
    assert "39" not in said(advice)


# ---- several shown
def test_a_question_about_it_is_answered_for_each_that_was_shown() -> None:
    state = ShoppingState(shown=("cover-story-concealer", "footnote-spot-concealer"))
    advice = told("Does it have nuts in it?", state, guide="complement")
    assert ids(advice) == state.shown
    assert "there are no nuts in it" in said(advice)
    assert "Footnote Spot Concealer: Allergens" in said(advice)


def test_words_to_engrave_are_counted_for_those_that_can_be_engraved() -> None:
    state = ShoppingState(shown=("deep-roots-trowel", "light-drizzle-watering-can", "windowsill-trio"))
    advice = told('Can you engrave it with "For Maeve"?', state)
    assert ids(advice) == ("deep-roots-trowel",)
    assert "9 characters" in said(advice)


def test_of_what_was_put_side_by_side_the_one_is_taken_that_suits_its_use() -> None:
    state = after("What's the difference between the Pip One S and the Pip One+?")
    advice = told("I want it for my bedside, with the sleep light", state)
    assert ids(advice) == ("pip-one-s",)
    assert ids(told("does it come in moss?", advice.state)) == ("pip-one-s",)


def test_trousers_to_go_with_it_are_for_the_same_person() -> None:
    state = after("I need something to wear to a garden party. Men's, size M, nothing over 100 euro a piece.")
    advice = told("And trousers to go with it?", state, guide="complement")
    assert ids(advice)
    assert not {"the-good-chair-trousers", "the-growing-jeans"} & set(ids(advice))


def test_what_goes_with_a_product_is_not_the_product_itself() -> None:
    advice = told("Welche Teller passen zu den Sunday Mugs?", guide="complement", language="de")
    assert ids(advice)
    assert "sunday-mugs" not in ids(advice)


def test_a_name_in_small_letters_is_known_as_the_one_that_is_called_so() -> None:
    advice = told("The second glance one sounds nice. Is it there in L?", ShoppingState(shown=("pip-one", "pip-duo")))
    assert ids(advice) == ("the-second-glance-dress",)


# ---- no circles
@pytest.mark.parametrize("guide", ["alternative", "find", ""])
def test_a_question_that_changes_no_wish_is_about_what_was_shown(guide: str) -> None:
    state = about("burrow-low-bed", "a bed for a girl of 3")
    advice = told("Will she fall out of it?", state, guide=guide)
    assert "fall out of with dignity" in said(advice)


def test_a_size_that_was_told_is_not_told_again_where_the_product_answers_better() -> None:
    state = after("my son is 7 and 131 cm. which size of the little harbour jacket?", guide="fit")
    advice = told("will it last him two winters with its seam?", state, guide="fit")
    assert "lasts two winters" in said(advice)
    assert "By your measures" not in said(advice)


def test_nobody_who_lets_go_is_asked_which_product_was_too_dear() -> None:
    state = after("The Undecided Armchair is lovely but 690 is a lot of money", guide="price")
    advice = told("Never mind, I'll sleep on it.", state, guide="price")
    assert not advice.question
    assert "take your time" in said(advice)


def test_something_cheaper_than_a_product_that_was_named_is_looked_for_beside_it() -> None:
    advice = told("and a cheaper one?", after("How much is the Pip One S?"))
    assert advice.picks
    assert all(pick.product.price is not None and pick.product.price.minor < 7_900 for pick in advice.picks)
    assert "least expensive" not in said(advice)


# ---- shades
def test_a_concealer_in_the_same_tone_goes_by_the_skin_that_was_said() -> None:
    state = after("I'm looking for a skin tint. I'm quite tan and my undertone is warm", guide="shade")
    advice = told("And a concealer in the same tone?", state)
    assert ids(advice)
    assert {product.kind for each in ids(advice) if (product := demo().product(each)) is not None} == {"Concealer"}
    assert all(pick.variant is not None and "warm" in str(pick.variant.options) for pick in advice.picks)


def test_the_shade_that_was_shown_answers_what_it_is() -> None:
    state = after("My foundation is called Shell but the site says it's gone. What's nearest?", guide="alternative")
    assert "neutral" in said(told("Is that one cool as well?", state))


def test_a_shade_is_known_by_its_name_beside_its_kind() -> None:
    advice = told("My foundation is called Shell but the site says it's gone. What's nearest?", guide="alternative")
    assert ids(advice) == ("even-tempered-foundation",)
    assert advice.picks[0].variant is not None


# ---- without
def test_one_without_something_is_another_of_its_sort() -> None:
    state = about("brightroot-everyday-many", "I'm 54 and tired a lot. What would you recommend?")
    advice = told("Is there one without soya?", state)
    assert ids(advice)
    assert "brightroot-everyday-many" not in ids(advice)
    assert all(demo().attributes(each).allergens.of("soya") == "not declared" for each in ids(advice))  # type: ignore[union-attr]


# ---- sets and presents
def test_a_set_of_several_things_is_looked_for_as_a_set() -> None:
    advice = told("I want the day cream, the gel and the night balm for a trip. Is there a set?")
    assert ids(advice) == ("the-overnight-bag-travel-set",)


def test_a_present_is_no_gift_card_while_there_is_anything_else() -> None:
    state = after("I need a present for my mother in law, she has everything")
    assert "wrenfold-gift-card" not in ids(told("around 50 euros", state))
    assert "wrenfold-gift-card" not in ids(told("a present for somebody who gardens, from 10 euros"))
    assert ids(told("a gift card for my aunt")) == ("wrenfold-gift-card",)


# ---- allergens that nobody declares
def test_what_no_label_rules_out_is_told_as_that_and_only_where_it_is_no_allergy() -> None:
    advice = told("a night cream without shea or any other nuts in it")
    assert not advice.picks
    assert advice.hand_over is None
    assert "shea or nuts" in said(advice)
    advice = told("a hand cream without nuts")
    assert not advice.picks
    assert "which is no promise" in said(advice)
    assert "Handshake Hand Cream: Contains beeswax" in said(advice)
    assert "Night Shift" not in said(advice)
    assert "Handshake" not in said(told("I'm allergic to nuts, which hand cream can I have?"))


# ---- ages that share
def test_a_bunk_bed_is_for_two_who_share_it_and_not_for_the_younger_one_alone() -> None:
    assert "tandem-bunk-bed" in ids(told("Our girls are 7 and 4. We'd like one bed for both."))
    assert "tandem-bunk-bed" not in ids(told("a bed for a girl of 4"))
    assert "lookout-loft-bed" not in ids(told("Our boys are 7 and 4 and share a bed. Which one?"))


def test_what_must_not_be_in_it_holds_for_another_wish_too() -> None:
    state = after("a night cream without shea or any other nuts in it")
    for text in (
        "And something for my hands, with the same rule?",
        "Do you have a lip balm?",
        "I'm looking for a present",
    ):
        advice = told(text, state)
        assert all(demo().attributes(each).allergens.of("nuts") == "not declared" for each in ids(advice))  # type: ignore[union-attr]
    assert "pip-mini-s" in ids(told("Do you have a lamp with a sleep light, under 50 euros?", state))
    assert "no promise" in said(told("And something for my hands, with the same rule?", state))
