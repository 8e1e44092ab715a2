"""Questions that sound like a guide's examples and aren't for it."""

from __future__ import annotations

import pytest

from convagent.understanding.questions_beside import QuestionsBeside

GUIDES = {
    "Sell us a bike": [
        "would you buy my old racer", "what would I get for a 2019 Trek", "I want to trade in my bicycle",
        "do you take second-hand bikes", "part exchange for a new one", "Sell us a bike",
    ],
    "A chain broke": [
        "my chain snapped", "the new chain came off after a day", "the chain didn't last", "it just broke", "A chain broke",
    ],
    "Is it in stock": ["do you have the pump", "is the lock in stock", "are the lights sold out", "Is it in stock"],
}  # fmt: skip
BESIDE = QuestionsBeside(GUIDES, ["Heron City Bike", "Lamp"])


def beside(text: str, guide: str, language: str = "en") -> bool:
    return BESIDE.are_beside(text, guide, language=language)


@pytest.mark.parametrize(
    "text", ["do you sell lawn mowers?", "Do you also stock printer ink", "have you got any paint?"]
)
def test_goods_that_a_guide_says_nothing_of_are_not_its(text: str) -> None:
    assert beside(text, "Sell us a bike")


@pytest.mark.parametrize("text", ["Verkaufen Sie Rasenmäher?", "Vendez-vous des tondeuses ?"])
def test_selling_is_plain_in_every_language(text: str) -> None:
    assert beside(text, "Sell us a bike", language="de")


def test_having_is_plain_only_where_words_can_be_compared() -> None:
    assert not beside("Haben Sie alte Rennräder gern?", "Sell us a bike", language="de")


@pytest.mark.parametrize(
    "text",
    [
        "do you sell second-hand bikes?",
        "would you buy my lawn mower?",
        "have you got room for my racer?",
        "I sell paint",
    ],
)
def test_what_shares_a_word_or_asks_for_something_of_ones_own_stays(text: str) -> None:
    assert not beside(text, "Sell us a bike")


def test_a_guide_whose_examples_ask_about_goods_keeps_such_questions() -> None:
    assert not beside("do you sell paint?", "Is it in stock")


def test_a_property_of_a_named_product_is_for_no_guide_without_its_words() -> None:
    assert beside("is the Heron City Bike made of steel?", "A chain broke")
    assert not beside("where is the Heron City Bike?", "Sell us a bike")
    assert not beside("is my Heron City Bike done?", "Sell us a bike")


def test_a_guide_for_what_happened_is_not_for_what_may_be() -> None:
    assert beside("will the chain survive salt water?", "A chain broke")
    assert not beside("will the chain survive? it snapped twice", "A chain broke")
    assert not beside("can I return my chain?", "A chain broke")


def test_an_unknown_guide_takes_what_it_is_given() -> None:
    assert not beside("do you sell paint?", "Nobody's")
    assert not QuestionsBeside({}).are_beside("do you sell paint?", "Sell us a bike", language="en")
