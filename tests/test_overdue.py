"""What waits too long for an answer is ended by a scheduler: once, whoever looks, however often."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from convagent.agent import Agent
from convagent.conversation import Message, Silent, Turn
from convagent.errors import ConvagentError, StorageError

MONDAY = datetime(2026, 6, 15, 10, 0, tzinfo=UTC)

GUIDE = """# Mix a paint

When the customer wants a paint mixed:
- "can you mix a paint for me"
- "i want a paint in my own colour"
- "do you mix paints"

1. Need shade: one of "dark", "light"
   - ask "Dark or light?"
   - within 3 days, else {then}
1. say "We'll mix it {{{{ shade }}}}."
"""


def paint_shop(shop: Path, then: str = "close") -> Path:
    (shop / "guidance" / "paint.md").write_text(GUIDE.format(then=then), encoding="utf-8")
    return shop


def opened(shop: Path, storage: str = "memory:") -> Agent:
    return Agent.open(shop, storage=storage, clock=lambda: MONDAY)


def ask(agent: Agent, conversation: str, at: datetime = MONDAY) -> Turn:
    return agent.reply(Message(text="can you mix a paint for me", at=at), conversation=conversation)


def test_what_waits_too_long_is_closed_silently_and_the_trace_says_why(shop: Path) -> None:
    with opened(paint_shop(shop)) as agent:
        assert ask(agent, "c").outcome.name == "Asked"
        assert agent.overdue(now=MONDAY + timedelta(days=2)) == []
        (turn,) = agent.overdue(now=MONDAY + timedelta(days=3))
        assert turn.outcome == Silent(why="no_answer")
        assert turn.reply is None
        assert turn.message.author == "system"
        assert "had no answer within 3 days" in turn.explain()
        assert agent.storage.turns("c")[-1] == turn
        assert agent.overdue(now=MONDAY + timedelta(days=30)) == []


def test_a_hand_over_comes_with_a_note_of_what_the_customer_wrote_last(shop: Path) -> None:
    with opened(paint_shop(shop, "hand over")) as agent:
        ask(agent, "c")
        (turn,) = agent.overdue(now=MONDAY + timedelta(days=3))
        assert turn.handover is not None
        assert turn.handover.reason == "guidance"
        assert turn.handover.issue == "can you mix a paint for me"
        assert "no answer within 3 days" in turn.handover.summary
        assert turn.reply is not None
        assert agent.overdue(now=MONDAY + timedelta(days=30)) == []
        assert agent.reply("dark", conversation="c").outcome == Silent(why="person_in_charge")


def test_who_writes_late_but_before_the_scheduler_looks_is_answered(shop: Path) -> None:
    with opened(paint_shop(shop)) as agent:
        ask(agent, "c")
        late = agent.reply(Message(text="dark", at=MONDAY + timedelta(days=5)), conversation="c")
        assert late.reply is not None
        assert "We'll mix it dark." in late.reply.text
        assert agent.overdue(now=MONDAY + timedelta(days=30)) == []


def test_who_writes_after_the_end_begins_anew(shop: Path) -> None:
    with opened(paint_shop(shop)) as agent:
        ask(agent, "c")
        agent.overdue(now=MONDAY + timedelta(days=3))
        assert ask(agent, "c", MONDAY + timedelta(days=4)).outcome.name == "Asked"
        assert len(agent.overdue(now=MONDAY + timedelta(days=7))) == 1


def test_the_longest_overdue_come_first_and_no_more_than_asked_for(shop: Path) -> None:
    with opened(paint_shop(shop)) as agent:
        for hours in (3, 1, 2):
            ask(agent, f"c{hours}", MONDAY + timedelta(hours=hours))
        now = MONDAY + timedelta(days=4)
        assert [turn.conversation for turn in agent.overdue(now=now, limit=2)] == ["c1", "c2"]
        assert [turn.conversation for turn in agent.overdue(now=now, limit=2)] == ["c3"]


def test_a_conversation_that_somebody_is_in_is_left_for_the_next_time_and_holds_up_no_other(shop: Path) -> None:
    with opened(paint_shop(shop)) as agent:
        for number in range(3):
            ask(agent, f"c{number}", MONDAY + timedelta(minutes=number))
        now = MONDAY + timedelta(days=4)
        with agent.storage.locked("c0", timeout=1):
            assert [turn.conversation for turn in agent.overdue(now=now, limit=1)] == ["c1"]
            assert [turn.conversation for turn in agent.overdue(now=now)] == ["c2"]
        assert [turn.conversation for turn in agent.overdue(now=now)] == ["c0"]


def test_given_back_by_a_person_nothing_is_due_any_more(shop: Path) -> None:
    with opened(paint_shop(shop)) as agent:
        ask(agent, "c")
        agent.reply("let me talk to a human", conversation="c")
        assert agent.overdue(now=MONDAY + timedelta(days=30)) == []
        agent.give_back("c")
        assert agent.overdue(now=MONDAY + timedelta(days=30)) == []


def test_a_dry_run_leaves_no_deadline(shop: Path) -> None:
    with opened(paint_shop(shop)) as agent:
        agent.decide("can you mix a paint for me", conversation="c")
        assert agent.overdue(now=MONDAY + timedelta(days=30)) == []


def test_the_asynchronous_twin_does_the_same(shop: Path) -> None:
    with opened(paint_shop(shop)) as agent:
        ask(agent, "c")
        (turn,) = asyncio.run(agent.aoverdue(now=MONDAY + timedelta(days=3)))
        assert turn.outcome == Silent(why="no_answer")


def test_a_moment_without_a_zone_and_a_limit_of_none_are_refused(shop: Path) -> None:
    with opened(paint_shop(shop)) as agent:
        with pytest.raises(ConvagentError, match="no time zone"):
            agent.overdue(now=datetime(2026, 6, 15))
        with pytest.raises(StorageError) as caught:
            agent.overdue(limit=0)
        assert caught.value.code == "storage-argument"


def test_two_processes_at_once_end_each_conversation_once(shop: Path) -> None:
    file = shop / "conversations.db"
    with opened(paint_shop(shop), f"sqlite:///{file}") as agent:
        for number in range(12):
            ask(agent, f"c{number}")
    code = (
        "import sys, json; from datetime import datetime; from convagent.agent import Agent\n"
        "with Agent.open(sys.argv[1], storage=sys.argv[2]) as agent:\n"
        "    turns = agent.overdue(now=datetime.fromisoformat('2026-06-20T00:00+00:00'))\n"
        "print(json.dumps([turn.conversation for turn in turns]))"
    )
    command = [sys.executable, "-c", code, str(shop), f"sqlite:///{file}"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    ended = [name for process in running for name in json.loads(process.communicate(timeout=120)[0])]
    with opened(shop, f"sqlite:///{file}") as agent:
        ended += [turn.conversation for turn in agent.overdue(now=MONDAY + timedelta(days=5))]
        assert sorted(ended) == sorted(f"c{number}" for number in range(12))
        for number in range(12):
            assert [turn.outcome.name for turn in agent.storage.turns(f"c{number}")] == ["Asked", "Silent"]


def test_the_command_ends_what_is_due_and_says_so(shop: Path) -> None:
    paint_shop(shop)
    with Agent.open(shop, clock=lambda: MONDAY) as agent:
        ask(agent, "c-1")

    def run(*more: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "120", "PYTHONIOENCODING": "utf-8"}
        command = [sys.executable, "-m", "convagent", "overdue", "--shop", str(shop), *more]
        return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)

    assert "Nothing is overdue." in run("--now", "2026-06-16T00:00+01:00").stdout
    done = run("--now", "2026-06-19T00:00+01:00", "--json")
    assert [(turn["conversation"], turn["outcome"]) for turn in json.loads(done.stdout)] == [("c-1", "Silent")]
    assert json.loads(run("--json", "--now", "2026-06-19T00:00+01:00").stdout) == []
    wrong = run("--now", "yesterday")
    assert (wrong.returncode, "no moment with a time zone" in wrong.stderr) == (2, True)
