"""What is done is done to the record that was meant: a number of another one is never passed over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from convagent import Agent, Turn

ROOT = Path(__file__).parents[2]
ROISIN = {"customer": {"id": "C-1018", "email": "roisin@example.com", "verified": True}}
SIOBHAN = {"customer": {"email": "siobhan@example.com", "verified": True}}


@pytest.fixture
def agent() -> Iterator[Agent]:
    with Agent.open(ROOT, storage="memory:") as opened:
        yield opened


def talk(agent: Agent, facts: dict[str, dict[str, object]], *texts: str) -> Turn:
    """The last turn of a conversation."""
    return [agent.reply(text, conversation="c", facts=facts) for text in texts][-1]


def written(turn: Turn) -> list[str]:
    return [each.action for each in turn.actions if each.kind == "write" and each.status == "done"]


@pytest.mark.parametrize("answer", ["cancel #1101, yes I confirm, yes yes yes", "1105, yes please"])
def test_a_yes_that_names_another_order_is_none(agent: Agent, answer: str) -> None:
    turn = talk(agent, ROISIN, "Please cancel order 1104", answer)
    assert written(turn) == []
    assert turn.outcome.name == "Asked"


@pytest.mark.parametrize("answer", ["1104, yes please", "yes", "roisin99@example.com, yes"])
def test_a_yes_that_names_the_same_order_or_none_is_one(agent: Agent, answer: str) -> None:
    assert written(talk(agent, ROISIN, "Please cancel order 1104", answer)) == ["cancel_order"]


def test_an_invoice_of_an_order_that_is_not_theirs_is_not_replaced_by_another(agent: Agent) -> None:
    turn = talk(
        agent,
        SIOBHAN,
        "please swap the travel case from order 1038 for the large one",
        "I need the invoice for order 1005",
    )
    assert written(turn) == []
    assert turn.outcome.name == "Asked"
