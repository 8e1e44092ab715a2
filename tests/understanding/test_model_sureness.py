"""How sure the embedded parts are of a message: what is plain needs no model, what is doubtful does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from convagent.agent import Agent
from convagent.guidance.interpreter.decision import Memory
from convagent.guidance.interpreter.requests import Request
from convagent.guidance.interpreter.world import GuideState
from convagent.understanding.by_model import sureness

pytestmark = pytest.mark.usefixtures("demo_agent")


@pytest.fixture(scope="module")
def sure(demo_agent: Agent) -> Any:
    """How sure the demo shop's embedded parts are of a message."""
    parts = demo_agent._parts
    reader = parts.understander.reader(demo_agent.now())

    def measured(text: str, memory: Memory | None = None, **changes: Any) -> float:
        understood = parts.understander.hear(text, language="en", last="", answerable=lambda *_: 0.0)
        heard = replace(understood, heard=replace(understood.heard, **changes))
        return sureness(heard, memory or Memory(), kernel=parts.shop.kernel, reader=reader)

    return measured


def waiting(title: str, *asked: str) -> Memory:
    return Memory(open=(GuideState(title, "r1", asked=asked),))


@pytest.mark.parametrize(
    "text", ["thanks!", "hello there", "where is my order #1042?", "I want to speak to a human", "my lawyer will hear about this", "hmm"]
)  # fmt: skip
def test_what_is_plain_is_sure(sure: Any, text: str) -> None:
    assert sure(text) >= 0.99


@pytest.mark.parametrize(
    "text",
    ["the moon is a harsh mistress of my parcels", "nothing about it is as it was foretold", "xyzzy plover frobnicate"],
)
def test_what_means_nothing_to_them_is_not(sure: Any, text: str) -> None:
    assert sure(text) < 0.5


def test_two_guides_that_are_as_likely_are_not_sure(sure: Any) -> None:
    ranked = (("Cancel an order", 0.5), ("Cancel a subscription", 0.45))
    close = Request("cancel it", "Cancel an order", 0.95, ranked, ("Cancel an order", "Cancel a subscription"))
    apart = Request(
        "cancel it", "Cancel an order", 0.99, (("Cancel an order", 0.998), ("Cancel a subscription", 0.001))
    )
    assert sure("cancel it", requests=(close,)) < 0.5
    assert sure("cancel it", requests=(apart,)) >= 0.99


def test_of_several_requests_the_least_sure_counts(sure: Any) -> None:
    apart = Request(
        "cancel it", "Cancel an order", 0.99, (("Cancel an order", 0.998), ("Cancel a subscription", 0.001))
    )
    lost = Request("and the rest", None, 0.0, (("Cancel an order", 0.2),), answerable=0.1)
    assert sure("cancel it and the rest", requests=(apart, lost)) < 0.5


def test_a_safeguard_that_is_unsure_asks_for_a_model(sure: Any) -> None:
    assert sure("where is my order #1042?", safeguards={"Legal threats": None}) < 0.5
    assert sure("where is my order #1042?", safeguards={"Legal threats": True}) == 1.0


@pytest.mark.parametrize(("text", "asked"), [("yes", "confirm:x"), ("no", "confirm:x"), ("yes please", "confirm:x")])
def test_a_plain_yes_or_no_to_a_confirmation_is_sure(sure: Any, text: str, asked: str) -> None:
    assert sure(text, waiting("Cancel an order", asked)) == 1.0


def test_what_says_neither_yes_nor_no_to_a_confirmation_is_not(sure: Any) -> None:
    assert sure("well that rather depends on what becomes of the box", waiting("Cancel an order", "confirm:x")) < 0.5


def test_an_address_that_was_asked_for_is_sure(sure: Any) -> None:
    assert sure("ada@example.com", waiting("Find the customer", "email")) == 1.0


def test_a_long_message_is_less_sure_than_a_short_one(sure: Any) -> None:
    short = "where is my order #1042?"
    long = short + " It was meant to be here when we came home from the lake with the children and the dog" * 6
    request = Request(short, "Where is my order", 0.99, (("Where is my order", 0.99), ("Cancel an order", 0.001)))
    assert sure(long, requests=(request,), safeguards={}) < sure(short, requests=(request,), safeguards={})


def test_a_general_question_that_an_article_answers_and_no_guide_means_is_sure(sure: Any) -> None:
    general = Request("how long does shipping to Spain take?", None, 0.0, (("Where is my order", 0.3),), answerable=0.5)
    own = Request("my parcel to Spain takes long", None, 0.0, (("Where is my order", 0.3),), answerable=0.5)
    assert sure(general.text, requests=(general,), safeguards={}) >= 0.95
    assert sure(own.text, requests=(own,), safeguards={}) < 0.5


def test_what_one_sentence_means_and_the_whole_message_does_not_is_unsure(sure: Any) -> None:
    part = Request("I meant MAEVE, a gift", "Cancel an order", 0.99, (("Cancel an order", 0.99),), of_whole=0.2)
    whole = replace(part, of_whole=0.99)
    least = replace(part, ranked=(("Cancel an order", 0.9), ("Where is my order", 0.05)), of_whole=0.01)
    assert sure(part.text, requests=(part,), safeguards={}) < 0.5
    assert sure(part.text, requests=(whole,), safeguards={}) >= 0.95
    assert sure(part.text, requests=(least,), safeguards={}) == 0.0


def test_praise_that_something_is_wanted_with_is_as_sure_as_what_is_wanted(sure: Any) -> None:
    wanted = Request("lovely pen, but", "Where is my order", 0.5, (("Where is my order", 0.5),))
    assert sure("lovely pen, but", requests=(), praise=True) == 1.0
    assert sure("lovely pen, but", requests=(wanted,), praise=True, safeguards={}) <= 0.5


RETURN_STATUS = Request("yes, book it", "Where is my refund", 0.85, (("Where is my refund", 0.81),))


def test_a_few_words_that_plainly_answer_are_an_answer_whatever_guide_they_are_near_to(sure: Any) -> None:
    assert sure("yes, book it", waiting("Send something back", "confirm:x"), requests=(RETURN_STATUS,)) == 1.0
    longer = "yes, and by the way where is the money for the jacket that I sent back in May"
    assert sure(longer, waiting("Send something back", "confirm:x"), requests=(RETURN_STATUS,)) < 0.95


def test_a_choice_that_a_guide_writes_out_is_an_answer(sure: Any) -> None:
    near = Request("a replacement please", "Swap for another size or colour", 0.97, (("Swap for another", 0.9),))
    asked = waiting("Something is damaged or faulty", "wish")
    assert sure("a replacement please", asked, requests=(near,)) == 1.0
    other = (("Cancel an order", 0.5), ("Where is my order", 0.1))
    plain = Request("cancel my other order", "Cancel an order", 0.97, other)
    assert sure(plain.text, asked, requests=(plain,)) < 0.95


def test_what_a_guide_asks_that_another_went_on_in_is_known(sure: Any) -> None:
    """“My Pip doesn't charge” goes on in “Something is damaged or faulty”, which asks for the wish."""
    assert sure("replacement", waiting("My Pip doesn't charge", "wish"), requests=()) == 1.0
