"""Who gives half of what a question asks for is thanked and asked for the rest, and what they came for stays open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from convagent.agent import Agent
from convagent.conversation import Asked, Turn

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def agent() -> Iterator[Agent]:
    with Agent.open(ROOT, storage="memory:") as opened:
        yield opened


def guides(turn: Turn) -> list[str]:
    return [event.text.split(":")[0] for event in turn.trace if event.kind == "guide"]


@pytest.mark.parametrize(
    ("opening", "half", "rest"),
    [
        ("The mug I got is chipped", "order 1042", "Thank you. Which e-mail address do you use with us?"),
        ("The mug I got is chipped", "It's #1042.", "Thank you. Which e-mail address do you use with us?"),
        ("I'd like to return a jumper", "D08 XY12", "Thank you. Which e-mail address do you use with us?"),
        ("Meine Tasse kam kaputt an", "Bestellnummer 1042", "Danke. Mit welcher E-Mail-Adresse haben Sie bei uns bestellt?"),
        ("Je voudrais annuler ma commande", "1042", "Merci. Quelle adresse e-mail utilisez-vous chez nous ?"),
    ],
)  # fmt: skip
def test_the_rest_is_asked_for(agent: Agent, opening: str, half: str, rest: str) -> None:
    name = f"{opening} {half}"
    first = agent.reply(opening, conversation=name)
    second = agent.reply(half, conversation=name)
    assert isinstance(first.outcome, Asked)
    assert isinstance(second.outcome, Asked)
    assert second.outcome.needs == first.outcome.needs == ("email",)
    assert guides(second) == guides(first)
    assert second.reply is not None
    assert second.reply.text == rest


def test_what_is_nothing_of_it_is_not_taken_for_half(agent: Agent) -> None:
    agent.reply("The mug I got is chipped", conversation="none")
    second = agent.reply("it's somewhere", conversation="none")
    assert second.reply is not None
    assert second.reply.text.startswith("Sorry, I didn't get that. Happy to look.")
