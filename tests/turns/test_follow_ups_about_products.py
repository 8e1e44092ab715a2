"""Follow-ups in the demo shop: the detail of the last question isn't told again, and the thing that was spoken of stays meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from convagent.agent import Agent
from convagent.conversation import Answered, Asked, Turn
from convagent.storage import MemoryStorage

Say = Callable[[str], str]


@pytest.fixture(scope="module")
def demo(root: Path) -> Iterator[Agent]:
    with Agent.open(root, storage="memory:") as agent:
        yield agent


@pytest.fixture
def say(demo: Agent) -> Say:
    """A conversation: what each message is answered with."""
    agent = Agent(demo.shop, storage=MemoryStorage())

    def write(message: str) -> str:
        turn: Turn = agent.reply(message, conversation="c")
        assert isinstance(turn.outcome, Answered | Asked), turn.explain()
        assert turn.reply is not None
        return turn.reply.text.rpartition("\n\n")[2]

    return write


def test_each_detail_is_told_of_the_product_that_was_spoken_of(say: Say) -> None:
    assert "oak" in say("what is the waiting room bench made of?")
    assert "120 × 38 × 46 cm" in say("and how wide is it?")
    assert "Poland" in say("where is it made?")


@pytest.mark.parametrize("first", ["what is the Sunday Teapot made of?", "how wide is the Sunday Teapot?"])
def test_the_last_detail_is_not_told_for_another_one(say: Say, first: str) -> None:
    told, again = say(first), say("is it heavy?")
    assert told != again
    assert "The Sunday Teapot" in again


def test_a_word_of_another_name_in_passing_does_not_change_the_product(say: Say) -> None:
    say("what is the harbour jacket made of?")
    assert "Care for The Harbour Jacket" in say("can i put it in the machine")  # there is a Stay Put Primer


def test_which_of_two_alike_is_asked_rather_than_told_of_the_one_before(say: Say) -> None:
    say("what is the waiting room bench made of?")
    question = say("how wide is the teapot?")
    assert "The Sunday Teapot or The Saturday Teapot?" in question
    assert say("the first one") == "The Sunday Teapot measures 24 × 15 × 16 cm."


def test_which_of_two_alike_is_asked_from_the_start(say: Say) -> None:
    assert "The Sunday Teapot or The Saturday Teapot?" in say("how big is the teapot?")
    assert "The Saturday Teapot" in say("the second one")


def test_what_a_thing_is_counts_before_a_word_of_another_name(say: Say) -> None:
    say("what is the harbour jacket made of?")
    assert "The Hibernation Quilt" in say("is the quilt warm?")  # there is a Warm Welcome Bronzer


def test_the_topic_of_the_last_booking_is_not_that_of_the_next(say: Say) -> None:
    assert "about your furniture" in say("book me a consultation about furniture, nuala@example.org")
    assert "Booked" in say("yes")
    assert "about your product" in say("book me a consultation about a gift, nuala@example.org")
    assert "Booked" in say("yes")
    assert "What is it about" in say("book me another consultation, nuala@example.org")
