"""The order of messages: one that overtook another waits for it, one that was overtaken confirms nothing, none is lost."""

from __future__ import annotations

import itertools
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from convagent.agent import Agent
from convagent.conversation import Conversation, Message, Silent, Turn
from convagent.storage import StoredConversation
from convagent.turns.ordering import Place, last_sequence

NOW = datetime(2026, 6, 16, 10, 30, tzinfo=UTC)
TALK = ("cancel #10043, ada@example.com", "yes, please", "where is order #10043, ada@example.com?")


def opened(shop: Path, *, seconds: float = 20.0) -> Agent:
    path = shop / "convagent.toml"
    text = path.read_text(encoding="utf-8")
    if "order_seconds" not in text:
        path.write_text(text.replace("[agent]\n", f"[agent]\norder_seconds = {seconds}\n", 1), encoding="utf-8")
    assert f"order_seconds = {seconds}" in path.read_text(encoding="utf-8")
    return Agent.open(shop, storage="memory:", clock=lambda: NOW)


def numbered(text: str, number: int) -> Message:
    return Message(text=text, id=f"m-{number}", sequence=number)


def said(turns: tuple[Turn, ...]) -> list[tuple[int | None, str, str | None]]:
    return [(t.message.sequence, t.outcome.name, t.reply.text if t.reply else None) for t in turns]


def together(agent: Agent, messages: list[Message]) -> dict[int, Turn]:
    """Hands messages in at once, each in a thread of its own, in this order."""
    turns: dict[int, Turn] = {}

    def hand_in(place: int, message: Message) -> None:
        turns[place] = agent.reply(message, conversation="c")

    threads = [threading.Thread(target=hand_in, args=pair) for pair in enumerate(messages)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(turns) == len(messages)
    return turns


@pytest.mark.parametrize("order", list(itertools.permutations((1, 2, 3))))
def test_whatever_order_messages_come_in_they_are_answered_in_their_own(shop: Path, order: tuple[int, ...]) -> None:
    with opened(shop) as agent:
        for number, text in enumerate(TALK, 1):
            agent.reply(numbered(text, number), conversation="c")
        in_order = said(agent.storage.turns("c"))
    assert [name for _, name, _ in in_order] == ["Asked", "Answered", "Answered"]
    with opened(shop) as agent:
        turns = together(agent, [numbered(TALK[number - 1], number) for number in order])
        assert said(agent.storage.turns("c")) == in_order
        assert [turns[place].message.sequence for place in range(3)] == list(order)


def test_a_duplicate_beside_its_original_has_the_same_turn_and_one_effect(shop: Path) -> None:
    with opened(shop) as agent:
        messages = [numbered(text, number) for number, text in enumerate(TALK, 1) for _ in range(2)]
        turns = together(agent, messages[::-1])
        kept = agent.storage.turns("c")
        assert [turn.message.sequence for turn in kept] == [1, 2, 3]
        assert [turns[place] for place in (0, 2, 4)] == [turns[place] for place in (1, 3, 5)]
        assert agent.reply(messages[0], conversation="c") == kept[0], "and late once more"
        assert [r.status for turn in kept for r in turn.actions if r.kind == "write"] == ["done"]


def test_a_message_whose_forerunner_never_comes_is_answered_in_the_end_and_says_so(shop: Path) -> None:
    with opened(shop, seconds=0.05) as agent:
        agent.reply(numbered(TALK[0], 1), conversation="c")
        turn = agent.reply(numbered("where is order #10043, ada@example.com?", 4), conversation="c")
        assert turn.reply is not None
        assert "the messages 2 to 3 have not come in time" in turn.explain()
        assert last_sequence(agent.storage.load("c")) == 4


def test_a_yes_that_was_written_before_the_question_confirms_nothing(shop: Path) -> None:
    with opened(shop, seconds=0.0) as agent:
        question = agent.reply(numbered(TALK[0], 2), conversation="c")
        assert question.outcome.name == "Asked"
        late = agent.reply(numbered("yes, please", 1), conversation="c")
        assert (late.outcome, late.reply, late.actions) == (question.outcome, question.reply, ())
        assert "answers no question that was asked after it was written" in late.explain()
        done = agent.reply(numbered("yes, please", 3), conversation="c")
        assert [record.status for record in done.actions if record.kind == "write"] == ["done"]


def test_a_late_message_is_answered_where_no_question_stands(shop: Path) -> None:
    with opened(shop, seconds=0.0) as agent:
        agent.reply(numbered("thanks", 2), conversation="c")
        late = agent.reply(numbered(TALK[0], 1), conversation="c")
        assert late.outcome.name == "Asked"
        assert "the customer wrote this before" in late.explain()


def test_messages_without_a_number_and_a_persons_are_taken_as_they_come(shop: Path) -> None:
    with opened(shop) as agent:
        assert agent.reply("thanks", conversation="c").outcome == Silent(why="thanks")
        agent.reply(numbered("thanks", 1), conversation="c")
        assert agent.reply(Message(text="thanks", at=datetime(2020, 1, 1, tzinfo=UTC)), conversation="c").trace
        person = Message(author="person", text="I'll take it", sequence=9)
        assert agent.reply(person, conversation="c").outcome == Silent(why="person_in_charge")
        assert agent.reply(numbered("hello?", 2), conversation="c").outcome == Silent(why="person_in_charge")


def test_a_dry_run_waits_for_nobody(shop: Path) -> None:
    with opened(shop, seconds=600) as agent:
        assert agent.decide(numbered(TALK[0], 7), conversation="c").reply is not None


@pytest.mark.parametrize("number", [0, -1, 2**53 + 1, "two", 1.5])
def test_a_number_that_is_none_is_no_message(number: object) -> None:
    with pytest.raises(ValidationError):
        Message.model_validate({"text": "x", "sequence": number})


@given(st.lists(st.integers(1, 12), max_size=8), st.integers(1, 12), st.floats(0, 3))
@settings(deadline=None, max_examples=60)
def test_a_place_waits_exactly_for_a_gap_and_never_for_longer_than_it_may(
    answered: list[int], number: int, seconds: float
) -> None:
    turns = [Turn(conversation="c", message=Message(sequence=each), outcome=Silent()) for each in answered]
    stored = StoredConversation(conversation=Conversation(id="c", turns=tuple(turns)))
    clock = [0.0]
    place = Place(Message(sequence=number), seconds, lambda: clock[0])
    last, waited = max(answered, default=0), 0.0
    while place.comes_later(stored):
        assert number > last + 1
        assert place.wait > 0
        waited += place.wait
        clock[0] += place.wait
    assert waited <= seconds + 1e-9
    assert place.overtaken == (number <= last)
    assert (place.missing == ()) == (number <= last + 1)
