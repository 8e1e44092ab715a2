"""A number that was asked for is an answer, in whatever words it is given; a wish for a person stays one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.agent import Agent
from convagent.understanding.given_numbers import asks_for_number, number_alone
from convagent.understanding.signals import read_signals

GUIDE = """# Book a fitting

When the customer wants an appointment to try something on:
- "can I book a fitting"
- "i'd like an appointment to try the suit on"
- "book me a slot in the fitting room"

1. Need phone
   - ask "At which number can we text you?"
1. say "We'll text {{ phone }}."
"""

GIVEN = (
    "call me at +1 508 555 0123",
    "please call me at +1 508 555 0123",
    "You can call me back on +1 508 555 0123.",
    "+1 508 555 0123, call me",
    "give me a ring on +1 508 555 0123",
    "Sie erreichen mich unter +1 508 555 0123",
    "rappelez-moi au +1 508 555 0123",
)


@pytest.fixture
def agent(shop: Path) -> Agent:
    (shop / "guidance" / "fitting.md").write_text(GUIDE, encoding="utf-8")
    return Agent.open(shop, storage="memory:")


@pytest.mark.parametrize("words", GIVEN)
def test_a_number_that_was_asked_for_raises_no_alarm(agent: Agent, words: str) -> None:
    with agent:
        assert agent.reply("can I book a fitting", conversation="c").outcome.name == "Asked"
        turn = agent.reply(words, conversation="c")
        assert turn.reply is not None, turn.explain()
        assert "We'll text +15085550123." in turn.reply.text


@pytest.mark.parametrize(
    "words",
    [
        "I want to talk to a human, my number is +1 508 555 0123",
        "Let me talk to a person. You can call me at +1 508 555 0123",
        "please call me back",
    ],
)
def test_a_wish_for_a_person_beside_the_number_is_heard(agent: Agent, words: str) -> None:
    with agent:
        agent.reply("can I book a fitting", conversation="c")
        turn = agent.reply(words, conversation="c")
        assert turn.handover is not None
        assert turn.handover.reason == "customer_request"


def test_unasked_for_a_call_is_a_wish_for_a_person(agent: Agent) -> None:
    with agent:
        turn = agent.reply("please call me at +1 508 555 0123", conversation="c")
        assert turn.handover is not None


@pytest.mark.parametrize("words", GIVEN)
def test_the_number_stays_and_the_words_that_give_it_go(words: str) -> None:
    assert number_alone(words).strip(" .") == "+1 508 555 0123"
    assert not read_signals(number_alone(words)).asks_for_person


@pytest.mark.parametrize(("name", "type_name", "asked"), [
    ("phone", None, True), ("mobile_number", None, True), ("reach", "phone", True), ("phonetics", None, False),
    ("email", "email", False), ("hotel", None, False),
])  # fmt: skip
def test_needs_for_numbers_are_told_by_name_or_type(name: str, type_name: str | None, asked: bool) -> None:
    assert asks_for_number(name, type_name) is asked


@given(st.text())
def test_a_text_without_a_number_comes_back_as_it_is(text: str) -> None:
    if not any(char.isdigit() for char in text):
        assert number_alone(text) == text


def test_long_texts_full_of_the_words_are_read_at_once() -> None:
    text = "please call me " * 3000 + "+1 508 555 0123" + " call me" * 3000
    assert "+1 508 555 0123" in number_alone(text)
