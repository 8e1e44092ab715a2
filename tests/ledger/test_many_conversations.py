"""Many conversations at once lose nothing, and what breaks on the way is handed over with a code."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.ledger.workers import ADA, write_shop

from convagent.actions import Ledger
from convagent.agent import Agent
from convagent.conversation import HandedOver, Message
from convagent.errors import StorageError
from convagent.shop import open_shop
from convagent.storage import MemoryStorage, open_storage

CALLS: list[str] = []


def receive(key: str) -> str:
    CALLS.append(key)
    return "paid"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("many")
    write_shop(path)
    return path


def opened(folder: Path, storage: Any, ledger: Ledger | None = None) -> Agent:
    agent = Agent(open_shop(folder), storage=storage, ledger=ledger)
    spec = agent.shop.registry.get("pay_back")
    assert spec is not None
    spec.function.__globals__["RECEIVER"] = receive
    CALLS.clear()
    return agent


@pytest.fixture
def agent(folder: Path, url: str) -> Iterator[Agent]:
    with opened(folder, open_storage(url)) as found:
        yield found


def test_forty_conversations_at_once_lose_nothing(agent: Agent) -> None:
    def talk(number: int) -> str:
        agent.reply("I want my money back for #1001", conversation=f"c-{number}", facts=ADA)
        turn = agent.reply("Yes", conversation=f"c-{number}", facts=ADA)
        assert turn.reply is not None
        return turn.reply.text

    with ThreadPoolExecutor(40) as threads:
        told = list(threads.map(talk, range(40)))
    assert all("#1001 is paid back." in text for text in told)
    entries = agent.ledger.entries()
    assert [entry.status for entry in entries] == ["done"] * 40
    assert sorted(CALLS) == sorted(entry.key for entry in entries)
    assert all(entry.issue is None for entry in entries)


def test_the_same_message_delivered_again_has_the_same_turn(agent: Agent) -> None:
    agent.reply("I want my money back for #1001", conversation="c", facts=ADA)
    first = agent.reply(Message(text="Yes", id="m-1"), conversation="c", facts=ADA)
    again = agent.reply(Message(text="Yes", id="m-1"), conversation="c", facts=ADA)
    assert again.model_dump(mode="json") == first.model_dump(mode="json")
    assert len(agent.storage.turns("c")) == 2
    assert len(CALLS) == 1


def test_a_dry_run_writes_nothing_down(agent: Agent) -> None:
    agent.reply("I want my money back for #1001", conversation="c", facts=ADA)
    turn = agent.decide("Yes", conversation="c", facts=ADA)
    assert [record.status for record in turn.actions if record.kind == "write"] == ["proposed"]
    assert agent.ledger.entries() == ()
    assert CALLS == []


def test_a_ledger_that_is_gone_lets_nothing_happen_and_hands_over_with_a_code(folder: Path, tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path / "ledger.db")
    with opened(folder, MemoryStorage(), ledger) as agent:
        agent.reply("I want my money back for #1001", conversation="c", facts=ADA)
        with closing(sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)) as other:
            other.execute("CREATE TRIGGER full BEFORE INSERT ON ledger BEGIN SELECT RAISE(ABORT, 'no room'); END")
        turn = agent.reply("Yes", conversation="c", facts=ADA)
        assert isinstance(turn.outcome, HandedOver)
        assert turn.outcome.handover.reason == "engine_error"
        assert CALLS == []
        assert turn.reply is not None
        assert "no room" not in turn.reply.text
        assert str(tmp_path) not in turn.reply.text


def test_an_outcome_that_can_not_be_written_down_is_looked_up_by_a_person(folder: Path, tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path / "ledger.db")
    with opened(folder, MemoryStorage(), ledger) as agent:
        agent.reply("I want my money back for #1001", conversation="c", facts=ADA)
        with closing(sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)) as other:
            other.execute("CREATE TRIGGER full BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'no room'); END")
            assert isinstance(agent.reply("Yes", conversation="c", facts=ADA).outcome, HandedOver)
            assert len(CALLS) == 1
            other.execute("DROP TRIGGER full")
        (turn,) = agent.recover()
        assert turn.handover is not None
        assert turn.handover.reason == "action_failed"
        assert [entry.status for entry in ledger.entries()] == ["uncertain"]
        assert agent.recover() == []
        assert len(CALLS) == 1
        settled = ledger.settle(ledger.entries()[0].key, done=True, by="Kim")
        assert settled.status == "done"


def test_a_storage_that_is_closed_is_an_error_for_whoever_recovers(folder: Path, tmp_path: Path) -> None:
    agent = opened(folder, open_storage(tmp_path / "x.db"))
    agent.close()
    with pytest.raises(StorageError, match="storage-closed"):
        agent.recover()
