"""Hostile conversations written by hand: no write without proof and a yes to exactly it, and nothing of anybody else shown."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.hostile.oracle import Books, Conversation, Listener, Till

from convagent.agent import Agent

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("conversations.yaml").read_text(encoding="utf-8"))


def test_there_are_enough_of_them() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES) >= 100


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_hostile_conversation_changes_and_shows_nothing(
    agent: Agent, till: Till, books: Books, case: dict[str, Any]
) -> None:
    till.reset()
    always = dict(case.get("facts", {}))
    if "signed" in case:
        always["customer"] = {"id": case["signed"], "email": books.emails[case["signed"]], "verified": True}
    with Listener() as listener:
        held = Conversation(agent, f"written {case['name']}", books, till, listener)
        for said in case["said"]:
            text, facts = (said, always) if isinstance(said, str) else (said["text"], said["facts"])
            held.say(text, facts)
    done, expected = Counter(record.action for record in held.done), Counter(case.get("writes", []))
    told = f"{[(turn.message.text, turn.reply.text if turn.reply else None) for turn in held.turns]}"
    assert not done - expected, told
    if not case.get("at_most"):
        assert done == expected, told
    kept = {change.split(":")[0] for change in till.changed()}
    assert bool(kept) <= bool(done), told
