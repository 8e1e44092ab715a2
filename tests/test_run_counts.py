"""`At most once a day`: per customer, by the shop's clock, across conversations and processes."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from convagent.agent import Agent
from convagent.conversation import Message, Turn
from convagent.guidance.interpreter.caps import LONGEST_SPAN

MONDAY = datetime(2026, 6, 15, 10, 0, tzinfo=UTC)
ADA = {"customer": {"id": "C1", "email": "ada@example.com"}}

GIFT = """# A welcome gift

When the customer asks for the welcome gift:
- "can I have the welcome gift"
- "i want my welcome gift please"
- "where is the gift for newcomers"
At most {often}

1. say "Here you are."
"""

VIEWED = """# Any question

On product_viewed
When it seems "the shopper hesitates":
- "hm let me think about it"
At most once a week

1. say "Any question?"
"""


def gift_shop(shop: Path, often: str = "once a day") -> Path:
    (shop / "guidance" / "gift.md").write_text(GIFT.format(often=often), encoding="utf-8")
    return shop


def ask(agent: Agent, conversation: str, at: datetime = MONDAY, facts: Any = ADA) -> bool:
    """Whether the gift was given."""
    turn = agent.reply(Message(text="can I have the welcome gift", at=at), conversation=conversation, facts=facts)
    return turn.reply is not None and "Here you are." in turn.reply.text


@pytest.fixture(params=["memory:", "sqlite:///runs.db"])
def agent(request: pytest.FixtureRequest, shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)
    with Agent.open(gift_shop(shop), storage=request.param, clock=lambda: MONDAY) as opened:
        yield opened


def test_two_conversations_of_one_customer_count_together(agent: Agent) -> None:
    assert ask(agent, "a")
    assert not ask(agent, "b", MONDAY + timedelta(hours=1))
    assert ask(agent, "c", facts={"customer": {"id": "C2", "email": "bob@example.com"}})


def test_after_days_of_silence_it_may_run_again_in_the_same_conversation(agent: Agent) -> None:
    assert ask(agent, "a")
    assert ask(agent, "a", MONDAY + timedelta(days=1))


def test_a_day_is_24_hours_not_a_date(agent: Agent) -> None:
    evening = MONDAY.replace(hour=23)
    assert ask(agent, "a", evening)
    assert not ask(agent, "b", evening + timedelta(hours=2))
    assert not ask(agent, "c", evening + timedelta(hours=23, minutes=59))
    assert ask(agent, "d", evening + timedelta(hours=24))


def test_a_clock_set_back_allows_nothing_more(agent: Agent) -> None:
    assert ask(agent, "a")
    assert not ask(agent, "b", MONDAY - timedelta(days=3))


def test_the_same_address_is_the_same_customer_whatever_its_capitals(agent: Agent) -> None:
    assert ask(agent, "a", facts={"customer": {"email": "Ada@Example.com "}})
    assert not ask(agent, "b", facts={"customer": {"email": "ada@example.com"}})
    assert not ask(agent, "c", facts=ADA)


def test_who_is_not_known_counts_by_visit_and_by_conversation(agent: Agent) -> None:
    assert ask(agent, "a", facts={"session": {"id": "s1"}})
    assert not ask(agent, "b", facts={"session": {"id": "s1"}})
    assert ask(agent, "c", facts={"session": {"id": "s2"}})
    assert ask(agent, "d", facts=None)
    assert not ask(agent, "d", facts=None)
    assert ask(agent, "e", facts=None)


def test_what_ran_before_the_customer_was_known_counts_for_them_once_they_are(agent: Agent) -> None:
    assert ask(agent, "a", facts=None)
    agent.reply(Message(text="thank you", at=MONDAY), conversation="a", facts=None)
    assert not ask(agent, "a", facts=ADA)
    assert not ask(agent, "b", facts=ADA)


def test_a_dry_run_reads_the_count_and_adds_nothing_to_it(agent: Agent) -> None:
    def would(conversation: str) -> str:
        return agent.decide("can I have the welcome gift", conversation=conversation, facts=ADA).outcome.name

    assert [would("x"), would("x")] == ["Answered", "Answered"]
    assert ask(agent, "a")
    assert would("b") == "HandedOver"


def test_the_trace_says_how_often_it_ran(agent: Agent) -> None:
    ask(agent, "a")
    turn: Turn = agent.reply("can I have the welcome gift", conversation="b", facts=ADA)
    (note,) = [event for event in turn.trace if event.kind == "at most"]
    assert note.data["ran"] == 1
    assert "a day" in note.text


def test_runs_that_no_span_reaches_any_more_are_forgotten(agent: Agent) -> None:
    ask(agent, "a")
    ask(agent, "b", facts={"customer": {"id": "C2"}})
    later = MONDAY + LONGEST_SPAN + timedelta(seconds=1)
    ask(agent, "c", later, facts={"customer": {"id": "C3"}})
    assert len(kept_runs(agent)) == 1


def kept_runs(agent: Agent) -> set[tuple[str, str]]:
    """Conversation and run of everything that is kept, whoever it is for."""
    storage: Any = agent.storage
    if hasattr(storage, "database"):
        with storage.database.transaction("read") as connection:
            rows = connection.exec_driver_sql("SELECT conversation, run FROM guide_runs")
            return {(row[0], row[1]) for row in rows}
    return {(run.conversation, run.run) for run in storage._runs.values()}


@pytest.mark.parametrize(("often", "days"), [("once a week", 7), ("once a month", 30), ("once a year", 365)])
def test_each_span_is_as_long_as_the_languages_own(shop: Path, often: str, days: int) -> None:
    with Agent.open(gift_shop(shop, often), storage="memory:") as agent:
        assert ask(agent, "a")
        assert not ask(agent, "b", MONDAY + timedelta(days=days) - timedelta(seconds=1))
        assert ask(agent, "c", MONDAY + timedelta(days=days))


def test_twice_a_day_is_twice(shop: Path) -> None:
    with Agent.open(gift_shop(shop, "twice a day"), storage="memory:") as agent:
        assert [ask(agent, name) for name in "abc"] == [True, True, False]


def test_once_a_conversation_has_nothing_to_do_with_other_conversations(shop: Path) -> None:
    with Agent.open(gift_shop(shop, "once a conversation"), storage="memory:") as agent:
        assert [ask(agent, name) for name in "ab"] == [True, True]
        assert kept_runs(agent) == set()


def test_events_are_capped_for_the_visitor_not_for_the_conversation(shop: Path) -> None:
    (shop / "guidance" / "viewed.md").write_text(VIEWED, encoding="utf-8")

    def said(agent: Agent, conversation: str, at: datetime, facts: dict[str, Any]) -> bool:
        turn = agent.event("product_viewed", conversation=conversation, facts={**facts, "now": at.isoformat()})
        return turn.reply is not None

    with Agent.open(shop, storage="memory:") as agent:
        assert said(agent, "a", MONDAY, ADA)
        assert not said(agent, "b", MONDAY + timedelta(days=6), ADA)
        assert said(agent, "b", MONDAY + timedelta(days=7), ADA)
        assert said(agent, "v1", MONDAY, {"session": {"id": "s1"}})
        assert not said(agent, "v2", MONDAY, {"session": {"id": "s1"}})


def test_a_customer_who_is_found_out_in_the_middle_of_a_guide_is_held_to_the_count(shop: Path) -> None:
    text = GIFT.format(often="once a week").replace(
        '1. say "Here you are."', '1. Need customer\n1. say "Here you are, {{ customer.email }}."'
    )
    (shop / "guidance" / "gift.md").write_text(text, encoding="utf-8")
    with Agent.open(shop, storage="memory:") as agent:
        for conversation, given in (("a", True), ("b", False)):
            first = agent.reply(Message(text="can I have the welcome gift", at=MONDAY), conversation=conversation)
            assert first.outcome.name == "Asked"
            at = MONDAY + timedelta(minutes=len(conversation) if given else 9)
            turn = agent.reply(Message(text="ada@example.com, #10042", at=at), conversation=conversation)
            assert (turn.outcome.name == "Answered") is given, turn.explain()


def test_two_processes_at_once_give_it_once(shop: Path) -> None:
    gift_shop(shop)
    code = (
        "import sys, json; from datetime import datetime; from convagent.agent import Agent\n"
        "from convagent.conversation import Message\n"
        "from pathlib import Path; import time\n"
        "at = datetime.fromisoformat('2026-06-15T10:00+00:00'); given = []\n"
        "with Agent.open(sys.argv[1], storage=sys.argv[2]) as agent:\n"
        "    for n in range(8):\n"
        "        turn = agent.reply(Message(text='can I have the welcome gift', at=at), conversation=f'{sys.argv[3]}-{n}',\n"
        "                           facts={'customer': {'id': f'C{n}'}})\n"
        "        given.append(turn.reply is not None and 'Here you are.' in turn.reply.text)\n"
        "print(json.dumps(given))"
    )
    url = f"sqlite:///{shop / 'runs.db'}"
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(shop), url, name], stdout=subprocess.PIPE, text=True)
        for name in ("p", "q")
    ]
    first, second = (json.loads(process.communicate(timeout=200)[0]) for process in running)
    assert [one + other for one, other in zip(first, second, strict=True)] == [1] * 8
