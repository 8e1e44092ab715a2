"""What is asked of a product that was shown is answered by what it says itself, or said to be told nowhere: never by another's text."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shopping.shopping_cases import NOW, about, demo, ids, said

from convagent.guidance.wording import Wording
from convagent.shopping.asker import Asker
from convagent.shopping.assistant import ShoppingAssistant
from convagent.shopping.hearing import asks_of_it
from convagent.shopping.model import Advice, ShoppingState
from convagent.shopping.rules import SellingRules
from convagent.shopping.speaking import meant_by_words, said_of
from convagent.shopping.wording import Sentences


@cache
def assistant() -> ShoppingAssistant:
    return ShoppingAssistant(demo(), SellingRules())


def told(text: str, state: ShoppingState, language: str = "en") -> Advice:
    return assistant().advise(text, state, Asker(Sentences(Wording(language, NOW)), NOW))


HARBOUR = about("the-harbour-jacket")
CREAMS = ShoppingState(
    said=("a face cream",), shown=("early-light-day-cream", "small-hours-night-balm", "peace-talks-barrier-cream")
)
LAMPS = ShoppingState(said=("a lamp",), shown=("pip-one-s", "short-evening-lamp", "reading-truce-lamp"))


@pytest.mark.parametrize(
    ("text", "language", "line"),
    [
        ("is it warm enough for winter?", "en", "doesn't tell"),
        ("would it do for a skiing trip?", "en", "doesn't tell"),
        ("reicht die für den Winter?", "de", "sagt dazu nichts"),
        ("ist sie auch vegan?", "de", "sagt dazu nichts"),
        ("est-elle assez chaude pour la neige ?", "fr", "ne le précise pas"),
        ("elle est chaude ?", "fr", "ne le précise pas"),
    ],
)
def test_what_it_doesnt_say_is_said_to_be_told_nowhere(text: str, language: str, line: str) -> None:
    advice = told(text, HARBOUR, language)
    assert line in said(advice)
    assert "The Harbour Jacket" in said(advice)
    assert advice.picks == ()


@pytest.mark.parametrize(
    ("text", "language", "line"),
    [
        ("does it keep a storm out?", "en", "storm"),
        ("is it waterproof?", "en", "waterproof"),
        ("ist die wasserdicht?", "de", "waterproof"),
        ("est-elle imperméable ?", "fr", "waterproof"),
        ("and does it have inside pockets?", "en", "Four outside pockets"),
        ("hat sie Taschen?", "de", "Four outside pockets"),
        ("is the jacket made in Italy?", "en", "Portugal"),
    ],
)
def test_it_is_answered_in_its_own_words(text: str, language: str, line: str) -> None:
    advice = told(text, HARBOUR, language)
    assert line in said(advice)
    assert set(ids(advice)) <= {"the-harbour-jacket"}


def test_of_several_that_were_shown_those_are_told_of_that_say_something() -> None:
    advice = told("is it dimmable?", LAMPS)
    assert ids(advice) == ("reading-truce-lamp",)
    assert "hold to dim" in said(advice)


@pytest.mark.parametrize(
    ("text", "language", "state", "product"),
    [
        ("and the balm?", "en", CREAMS, "small-hours-night-balm"),
        ("what about the barrier one?", "en", CREAMS, "peace-talks-barrier-cream"),
        ("and the pip?", "en", LAMPS, "pip-one-s"),
        ("und die Truce?", "de", LAMPS, "reading-truce-lamp"),
        ("et la Truce ?", "fr", LAMPS, "reading-truce-lamp"),
        ("or the evening lamp?", "en", LAMPS, "short-evening-lamp"),
    ],
)
def test_a_word_of_one_title_names_it(text: str, language: str, state: ShoppingState, product: str) -> None:
    assert ids(told(text, state, language)) == (product,)


@pytest.mark.parametrize("text", ["and the rug?", "and a rug?", "und ein Teppich?", "et un tapis ?"])
def test_what_was_not_shown_is_looked_for(text: str) -> None:
    assert not set(ids(told(text, CREAMS))) & set(CREAMS.shown)


@pytest.mark.parametrize(
    "text",
    [
        "do you have jackets?", "is there a warm one?", "haben Sie auch Mäntel?", "ist die Jacke warm?", "gibt es die in blau?",
        "il y a des soldes ?", "y a-t-il une remise ?", "is it available in blue?", "do you have them in brown?",
        "can I return it?", "kann ich die zurückgeben?", "puis-je le renvoyer ?", "ist es möglich, zu tauschen?", "it is warm.",
    ],
)  # fmt: skip
def test_what_asks_nothing_of_what_was_shown(text: str) -> None:
    assert not asks_of_it(text)


QUESTIONS = ("is it warm?", "is it made for winter?", "is it of wool?", "does it have pockets?", "is it vegan?")


@given(text=st.sampled_from(QUESTIONS), place=st.integers(0, 119))
def test_nothing_is_told_of_a_product_but_its_own_words(text: str, place: int) -> None:
    product = demo().products[place]
    own = f"{product.description} {product.attributes} {product.tags}".replace("-", " ")
    for line in said_of(product, meant_by_words(text, "en"), language="en", home="en"):
        told = (line.partition(": ")[2] or line).replace("-", " ")
        assert any(word in own for word in told.split()), line
