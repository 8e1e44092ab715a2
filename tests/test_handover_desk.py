"""The life of a handover through the agent: kept, idempotent, and silent until a person gives it back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from convagent.agent import Agent
from convagent.conversation import Asked, Message, Silent
from convagent.errors import ConvagentError
from convagent.storage import MemoryStorage, open_storage

NOW = datetime(2026, 6, 16, 9, 30, tzinfo=UTC)
SETTINGS = """
[handover]
answer_within_hours = 4
escalation_team = "second"
transcript = "https://desk.example/c/{conversation}"

[teams.care]
hours = "day"

[teams.second]
hours = "day"

[hours.day]
monday = ["09:00", "17:00"]
tuesday = ["09:00", "17:00"]
wednesday = ["09:00", "17:00"]
"""


class Clock:
    """A clock that a test puts forward."""

    def __init__(self) -> None:
        self.moment = NOW

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def staffed(shop: Path) -> Path:
    path = shop / "convagent.toml"
    text = path.read_text(encoding="utf-8")
    kept = text.split("[handover", 1)[0] if "[handover" in text else text
    path.write_text(kept + SETTINGS, encoding="utf-8")
    return shop


@pytest.fixture(params=["memory:", "sqlite"])
def desk(request: pytest.FixtureRequest, staffed: Path, tmp_path: Path, clock: Clock) -> Iterator[Agent]:
    url = "memory:" if request.param == "memory:" else f"sqlite:///{tmp_path / 'kept.db'}"
    with Agent.open(staffed, storage=open_storage(url), clock=clock) as agent:
        yield agent


def status(agent: Agent, conversation: str = "c") -> str:
    found = agent.handover(conversation)
    assert found is not None
    return found.status


def is_silent(agent: Agent, text: str = "where is my order?") -> bool:
    turn = agent.reply(text, conversation="c")
    return turn.outcome == Silent(why="person_in_charge") and turn.reply is None


def test_after_a_handover_the_agent_is_silent_until_it_is_given_back(desk: Agent) -> None:
    assert desk.handover("c") is None
    desk.reply("human please", conversation="c")
    assert status(desk) == "pending"
    assert is_silent(desk)
    assert is_silent(desk, "never mind")
    assert desk.handover_accepted("c", by="Ines").by == "Ines"
    assert desk.handover_accepted("c", by="Ines").moves[-1].event == "accept"
    assert is_silent(desk)
    assert is_silent(desk, "never mind, the bot is fine")  # Ines has it: she gives it back
    desk.give_back("c", by="Ines")
    assert status(desk) == "given_back"
    desk.give_back("c")
    assert desk.reply("How much is delivery?", conversation="c").outcome.name == "Answered"
    again = desk.reply("human please", conversation="c")
    assert again.handover is not None
    found = desk.handover("c")
    assert found is not None
    assert (found.id, found.status) == ("c/2", "pending")


def test_a_colleagues_message_accepts_what_waits(desk: Agent) -> None:
    desk.reply("human please", conversation="c")
    desk.reply(Message(author="person", text="Hello, it's Ines."), conversation="c")
    assert status(desk) == "accepted"
    desk.reply(Message(author="person", text="I write first."), conversation="new")
    assert status(desk, "new") == "accepted"
    assert desk.give_back("new") is not None
    assert desk.reply("How much is delivery?", conversation="new").outcome.name == "Answered"


def test_who_waits_may_go_on_with_the_agent(desk: Agent) -> None:
    desk.reply("human please", conversation="c")
    turn = desk.reply("never mind, the bot is fine", conversation="c")
    assert turn.outcome == Asked(needs=("request",))
    assert turn.reply is not None
    assert turn.reply.text == "Gladly, I'm back. What can I do for you?"
    assert status(desk) == "returned"
    assert desk.reply("How much is delivery?", conversation="c").outcome.name == "Answered"


def test_who_returns_with_a_question_gets_its_answer(desk: Agent) -> None:
    desk.reply("human please", conversation="c")
    turn = desk.reply("I don't need a person any more. How much is delivery?", conversation="c")
    assert (turn.outcome.name, status(desk)) == ("Answered", "returned")


def test_who_asks_for_a_person_again_does_not_return(desk: Agent) -> None:
    desk.reply("human please", conversation="c")
    assert is_silent(desk, "never mind the bot is fine, I want to speak to a human")
    assert status(desk) == "pending"


def test_somebody_in_danger_stays_with_people(desk: Agent) -> None:
    desk.reply("I want to kill myself", conversation="c")
    assert is_silent(desk, "never mind, the bot is fine")
    for leave in (desk.leave_queue, desk.return_to_agent):
        with pytest.raises(ConvagentError) as refused:
            leave("c")
        assert refused.value.code == "handover-grave"
    assert status(desk) == "pending"


def test_who_leaves_the_queue_is_answered_when_they_come_back(desk: Agent) -> None:
    desk.reply("human please", conversation="c")
    assert desk.leave_queue("c").status == "left"
    assert desk.leave_queue("c").status == "left"
    with pytest.raises(ConvagentError) as refused:
        desk.handover_accepted("c")
    assert refused.value.code == "handover-ended"
    assert desk.reply("How much is delivery?", conversation="c").outcome.name == "Answered"


def test_nothing_can_be_done_to_what_was_never_handed_over(desk: Agent) -> None:
    for step in (desk.handover_accepted, desk.handover_failed, desk.leave_queue, desk.return_to_agent):
        with pytest.raises(ConvagentError) as refused:
            step("never seen")
        assert refused.value.code == "handover-none"
    assert desk.give_back("never seen") is None


def test_when_sending_failed_the_customer_is_told_once(desk: Agent) -> None:
    desk.reply("human please", conversation="c")
    told = desk.handover_failed("c", why="the helpdesk does not answer")
    assert told.reply is not None
    assert told.reply.text.startswith("Passing this on didn't work just now. Everything you've written is kept")
    assert "e-mail address or phone number" in told.reply.text
    assert told.handover is not None
    assert desk.handover_failed("c") == told
    assert [turn.message.author for turn in desk.storage.turns("c")] == ["customer", "system"]
    assert is_silent(desk)
    assert desk.handover_accepted("c").status == "accepted"


def test_what_nobody_took_in_time_is_told_and_raised_once(desk: Agent, clock: Clock) -> None:
    turn = desk.reply("human please", conversation="c")
    assert turn.handover is not None
    assert turn.handover.expected_by is not None
    assert desk.overdue_handovers() == []
    assert desk.overdue() == []
    clock.moment = turn.handover.expected_by - timedelta(seconds=1)
    assert desk.overdue_handovers() == []
    clock.moment = turn.handover.expected_by
    (late,) = desk.overdue_handovers()
    assert late.handover is not None
    assert (late.handover.priority, late.handover.team) == ("high", "second")
    assert late.reply is not None
    assert late.reply.text.startswith("Nobody has got to this yet")
    assert desk.overdue_handovers() == []
    assert status(desk) == "timed_out"
    assert is_silent(desk)
    assert desk.handover_accepted("c").status == "accepted"
    with pytest.raises(ConvagentError, match="has no time zone"):
        desk.overdue_handovers(now=datetime(2026, 6, 16))


class Watched(MemoryStorage):
    """Tells which conversations were entered."""

    def __init__(self) -> None:
        super().__init__()
        self.entered: list[str] = []

    @contextmanager
    def locked(self, conversation_id: str, *, timeout: float) -> Iterator[None]:
        self.entered.append(conversation_id)
        with super().locked(conversation_id, timeout=timeout):
            yield


def test_a_look_at_questions_leaves_late_handovers_alone_however_late(staffed: Path, clock: Clock) -> None:
    storage = Watched()
    with Agent.open(staffed, storage=storage, clock=clock) as agent:
        for number in range(3):
            agent.reply("human please", conversation=f"c{number}")
        clock.moment = NOW + timedelta(days=30)
        storage.entered.clear()
        assert agent.overdue() == []
        assert [name for name in storage.entered if name.startswith("c")] == []
        assert len(agent.overdue_handovers()) == 3


def test_what_was_taken_never_times_out(desk: Agent, clock: Clock) -> None:
    desk.reply("human please", conversation="c")
    desk.handover_accepted("c")
    clock.moment = NOW + timedelta(days=30)
    assert desk.overdue_handovers() == []


def test_while_nobody_is_there_the_customer_is_asked_where_to_reach_them(desk: Agent, clock: Clock) -> None:
    clock.moment = NOW.replace(hour=20)
    turn = desk.reply("human please", conversation="c")
    assert turn.reply is not None
    assert "Nobody is at their desk right now" in turn.reply.text
    assert "write an e-mail address or phone number here" in turn.reply.text
    assert is_silent(desk, "sure: kim@example.net, or 086 123 4567 after six")
    found = desk.handover("c")
    assert found is not None
    assert found.handover.contact == ("kim@example.net", "086 123 4567")
    assert found.handover.summary.endswith("\nReach at: kim@example.net, 086 123 4567")


def test_whoever_can_be_reached_is_not_asked(desk: Agent, clock: Clock) -> None:
    clock.moment = NOW.replace(hour=20)
    known = {"customer": {"email": "ada@example.com"}}
    turn = desk.reply("human please", conversation="c", facts=known)
    assert turn.reply is not None
    assert "phone number" not in turn.reply.text
    clock.moment = NOW
    there = desk.reply("human please", conversation="d")
    assert there.reply is not None
    assert "phone number" not in there.reply.text


def test_a_dry_run_moves_nothing(desk: Agent) -> None:
    desk.reply("human please", conversation="c")
    desk.decide("never mind, the bot is fine", conversation="c")
    assert status(desk) == "pending"


def test_the_note_links_to_the_transcript(desk: Agent) -> None:
    turn = desk.reply("human please", conversation="c 1/ü")
    assert turn.handover is not None
    assert turn.handover.transcript == "https://desk.example/c/c%201%2F%C3%BC"
    assert turn.handover.summary.endswith(f"All of it: {turn.handover.transcript}")


def test_a_one_time_code_stands_in_no_note(desk: Agent) -> None:
    desk.reply("my password is Tulip-4711, where is my order?", conversation="c")
    turn = desk.reply("human please", conversation="c")
    found = desk.handover("c")
    assert found is not None
    assert "4711" not in found.model_dump_json()
    assert turn.handover is None or "4711" not in turn.handover.model_dump_json()


def test_a_handover_survives_a_restart(staffed: Path, tmp_path: Path, clock: Clock) -> None:
    url = f"sqlite:///{tmp_path / 'kept.db'}"
    with Agent.open(staffed, storage=url, clock=clock) as agent:
        agent.reply("human please", conversation="c")
    with Agent.open(staffed, storage=url, clock=clock) as agent:
        assert status(agent) == "pending"
        assert is_silent(agent)
        clock.moment = NOW + timedelta(days=1)
        assert [turn.conversation for turn in agent.overdue_handovers()] == ["c"]
