"""Anger that rises over several messages is noticed by the agent; a calm conversation isn't handed over because of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import uuid4

import pytest

from convagent import Agent
from convagent.conversation import HandedOver, Turn
from convagent.shop import demo_shop
from convagent.understanding.mood import mood_over

FACTS = {"customer": {"email": "bruno@example.com", "verified": True}}

RISING = [
    ["This is annoying. Where is my order #1101?", "That's frustrating. When is #1101 sent?", "So annoying! When is #1101 sent?"],
    ["Das ist ärgerlich. Wo ist meine Bestellung #1101?", "Das nervt. Wo ist #1101?", "Das nervt wirklich. Wo ist #1101?"],
    ["C'est agaçant. Où est ma commande #1101 ?", "Ça m'énerve. Où est la #1101 ?", "C'est agaçant. Où est la #1101 ?"],
]  # fmt: skip
CALM = [
    ["Where is my order #1101?", "And when is it sent?", "This is a bit annoying. When is #1101 sent?"],
    ["My order #1101 still hasn't arrived", "#1101", "It still hasn't arrived"],
    [
        "This is annoying. Where is #1101?",
        "oh I see, thanks, that helps",
        "thank you!",
        "still annoying. Where is #1101?",
    ],
    ["Das nervt. Wo ist meine Bestellung #1101?", "#1101", "Alles klar, danke"],
    ["Où est ma commande #1101 ?", "merci", "C'est agaçant. Où est la #1101 ?"],
]


@pytest.fixture(scope="module")
def agent() -> Iterator[Agent]:
    with Agent.open(demo_shop(), storage="memory:") as opened:
        yield opened


def turns(agent: Agent, texts: Sequence[str]) -> list[Turn]:
    conversation = uuid4().hex
    return [agent.reply(text, conversation=conversation, facts=FACTS) for text in texts]


def is_for_anger(turn: Turn) -> bool:
    return isinstance(turn.outcome, HandedOver) and turn.outcome.handover.reason == "upset_customer"


@pytest.mark.parametrize("texts", RISING)
def test_anger_that_lasts_over_three_messages_goes_to_a_person(agent: Agent, texts: list[str]) -> None:
    assert [is_for_anger(turn) for turn in turns(agent, texts)] == [False, False, True]


@pytest.mark.parametrize("text", [texts[-1] for texts in RISING])
def test_none_of_these_messages_is_angry_by_itself(agent: Agent, text: str) -> None:
    assert not is_for_anger(turns(agent, [text])[0])


@pytest.mark.parametrize("texts", CALM)
def test_a_calm_conversation_is_not_handed_over_for_its_mood(agent: Agent, texts: list[str]) -> None:
    assert not any(is_for_anger(turn) for turn in turns(agent, texts))


def test_what_was_quoted_counts_once(agent: Agent) -> None:
    first = "This is annoying. Where is my order #1101?"
    quoted = f"When is it sent?\n\nOn Tue, 16 June 2026, Bruno wrote:\n> {first}"
    last = f"That's frustrating. Where is #1101?\n\nOn Tue, 16 June 2026, Bruno wrote:\n> {first}"
    assert not any(is_for_anger(turn) for turn in turns(agent, [first, quoted, last]))


def test_once_a_person_took_over_the_count_begins_again(agent: Agent) -> None:
    conversation = uuid4().hex
    for text in RISING[0]:
        agent.reply(text, conversation=conversation, facts=FACTS)
    agent.give_back(conversation)
    again = agent.reply("It is annoying. When is #1101 sent?", conversation=conversation, facts=FACTS)
    assert not is_for_anger(again)


def test_two_mild_messages_stay_mild() -> None:
    assert mood_over(["annoying", "disappointed"]) == 1
    assert mood_over(["annoying", "disappointed", "frustrated"]) == 2
