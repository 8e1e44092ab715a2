"""Several orders in one message, or one more behind the first: each has its own turn, its own yes, and none is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from convagent import Agent, Answered, Asked
from convagent.conversation import Turn
from convagent.guidance.interpreter.decision import Memory
from convagent.understanding.named_orders import added_order, named_each, with_order

PATTERN = r"#?\d{4}"
WHO: dict[str, Any] = {"customer": {"email": "xenia@example.org", "verified": True}}


@pytest.mark.parametrize(
    ("text", "each"),
    [
        ("cancel 1114 and 1115 please", ("cancel 1114 please", "cancel 1115 please")),
        ("cancel 1114, and then 1115 as well", ("cancel 1114 as well", "cancel 1115 as well")),
        ("where are #1114, #1115 & #1116?", ("where are #1114?", "where are #1115?", "where are #1116?")),
        ("Storniert #1114 sowie Bestellung #1115", ("Storniert #1114", "Storniert #1115")),
        ("annulez 1114 et la commande 1115", ("annulez 1114", "annulez 1115")),
        ("cancel 1114", ()),
        ("cancel 1114 and 1114", ()),
        ("swap 1114 for 1115", ()),
        ("is it 1114 or 1115", ()),
        ("cancel 1114 and 1115, not 1116", ()),
        ("1001, 1002, 1003, 1004 and 1005", ()),
    ],
)
def test_a_message_is_read_once_for_each_order_of_a_list(text: str, each: tuple[str, ...]) -> None:
    assert named_each(text, PATTERN) == each


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("and 1115 as well", ("", "1115")),
        ("yes, and then 1115 as well", ("yes", "1115")),
        ("yes please, also order #1115", ("yes please", "#1115")),
        ("ja, und 1115 auch bitte", ("ja", "1115")),
        ("oui, et la commande 1115 aussi", ("oui", "1115")),
        ("no sorry, I mean 1115", None),
        ("yes, 1115", None),
        ("and 1115 was late", None),
        ("yes, and send 1115 euros", None),
        ("1114 and 1115", None),
    ],
)
def test_one_more_order_is_told_from_a_correction(text: str, added: tuple[str, str] | None) -> None:
    assert added_order(text, PATTERN) == added


def test_a_request_is_put_about_another_order_only_where_it_names_one() -> None:
    assert with_order("cancel #1114 now", "1115", PATTERN) == "cancel 1115 now"
    assert with_order("cancel it", "1115", PATTERN) == ""
    assert with_order("cancel 1115", "#1115", PATTERN) == ""


@pytest.fixture
def agent(root: Path) -> Agent:
    """The demo shop's, with orders as they were in the morning."""
    return Agent.open(root, storage="memory:")


def _done(turn: Turn) -> list[str]:
    return [str(done.arguments["order"]) for done in turn.actions if done.kind == "write"]


@pytest.mark.parametrize(
    "said",
    [
        ("cancel 1114 and 1115 please", "yes", "yes"),
        ("cancel 1114", "yes, and then 1115 as well", "yes"),
        ("cancel 1114", "and 1115 as well", "yes", "yes"),
        ("cancel 1114", "yes", "and 1115 too please", "yes"),
        ("Bitte stornieren Sie #1114 und #1115", "ja", "ja"),
    ],
)
def test_each_order_is_cancelled_by_a_yes_of_its_own(agent: Agent, said: tuple[str, ...]) -> None:
    turns = [agent.reply(text, conversation="c", facts=WHO) for text in said]
    written = [_done(turn) for turn in turns]
    assert [one for one in written if one] == [["#1114"], ["#1115"]]
    assert not written[0]
    assert isinstance(turns[-1].outcome, Answered)


def test_a_no_is_for_one_of_them_and_a_never_mind_for_all(agent: Agent) -> None:
    agent.reply("cancel 1114 and 1115", conversation="no", facts=WHO)
    turn = agent.reply("no", conversation="no", facts=WHO)
    assert isinstance(turn.outcome, Asked)
    assert turn.reply is not None
    assert "#1115" in turn.reply.text
    agent.reply("cancel 1114 and 1115", conversation="all", facts=WHO)
    assert isinstance(agent.reply("never mind", conversation="all", facts=WHO).outcome, Answered)
    assert not _done(agent.reply("yes", conversation="all", facts=WHO))


def test_the_others_wait_while_it_is_asked_who_writes(agent: Agent) -> None:
    said = ("cancel 1114 and 1115 please", "xenia@example.org, 1114", "yes", "yes")
    written = [_done(agent.reply(text, conversation="c")) for text in said]
    assert written == [[], [], ["#1114"], ["#1115"]]


def test_what_waits_for_another_order_survives_storage() -> None:
    memory = Memory(again=(("Cancel", "cancel 1115"),))
    assert Memory.from_json(memory.to_json()) == memory
    assert "again" not in Memory().to_json()
