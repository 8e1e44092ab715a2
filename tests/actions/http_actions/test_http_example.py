"""The example with its parcel service, through whole turns."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from convagent.agent import Agent
from convagent.conversation import Answered, Asked, HandedOver

VERIFIED = {"customer": {"id": "7", "verified": True}, "now": "2026-06-16T10:30:00+01:00"}


@pytest.fixture
def example(root: Path, tmp_path: Path) -> Iterator[Path]:
    """The example's shop beside its service on a free port; what the service prints ends in `service.log`."""
    shop = tmp_path / "shop"
    shutil.copytree(root / "examples" / "http-actions", shop)
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with (tmp_path / "service.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-u", str(shop / "service.py"), "0"],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=environment,
        )
        assert process.stdout is not None
        port = process.stdout.readline().rsplit(":", 1)[1].strip()
        file = shop / "actions" / "parcels.toml"
        file.write_text(file.read_text(encoding="utf-8").replace("8765", port), encoding="utf-8")
        yield shop
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_turn_asks_the_service(example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARCELS_KEY", "example-key")
    with Agent.open(example) as agent:
        turn = agent.reply("Where is parcel P1001?", conversation="c-1")
        assert isinstance(turn.outcome, Answered), turn.explain()
        assert turn.reply is not None
        assert "P1001 is in transit, expected on" in turn.reply.text
        unknown = agent.reply("Where is parcel P9999?", conversation="c-2")
        assert unknown.reply is not None
        assert "There is no parcel P9999" in unknown.reply.text
        assert "example-key" not in turn.model_dump_json() + unknown.model_dump_json()


def test_a_write_is_confirmed_and_done(example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARCELS_KEY", "example-key")
    with Agent.open(example) as agent:
        asked = agent.reply("Please hold parcel P1001 until 30 June 2026", conversation="c-1", facts=VERIFIED)
        assert isinstance(asked.outcome, Asked), asked.explain()
        done = agent.reply("yes", conversation="c-1", facts=VERIFIED)
        assert isinstance(done.outcome, Answered), done.explain()
        assert [(record.action, record.status) for record in done.actions] == [("hold_parcel", "done")]


def test_without_its_secret_the_agent_hands_over(example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PARCELS_KEY", raising=False)
    with Agent.open(example) as agent:
        turn = agent.reply("Where is parcel P1001?", conversation="c-1")
        assert isinstance(turn.outcome, HandedOver)
        assert turn.outcome.handover.reason == "action_failed"
        assert "PARCELS_KEY" not in (turn.reply.text if turn.reply else "")
