"""Workers killed at every step, hundreds of times: each effect once, or uncertain and put before a person. Never forgotten."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from tests.ledger.conftest import Workers
from tests.ledger.workers import STEPS

from convagent.actions import Ledger, LedgerEntry

pytestmark = pytest.mark.skipif(os.name != "posix", reason="workers are forked and killed")

RECEIVERS = ("idempotent", "plain")
ISSUING = ("after intent", "before effect", "after effect", "before outcome")
"""Deaths behind which nobody can know whether a plain receiver was asked."""


def carried_out(log: Path) -> list[str]:
    """What the receiver did: keys, in order."""
    return log.read_text(encoding="ascii").split() if log.exists() else []


def entries(url: str, conversation: str) -> tuple[LedgerEntry, ...]:
    with Ledger.open(url) as ledger:
        return ledger.entries(conversation=conversation)


def held(url: str, conversation: str, log: Path, turns: list[Any], *, receiver: str) -> str:
    """Checks what is promised when a conversation has come to rest; gives what its effect came to."""
    (entry,) = entries(url, conversation)
    times = carried_out(log).count(entry.key)
    told = [turn for turn in turns if turn and turn["outcome"] == "HandedOver"]
    if receiver == "idempotent":
        assert (entry.status, times) == ("done", 1)
    else:
        assert times <= 1
        assert entry.status in {"done", "uncertain"}
        if entry.status == "done":
            assert times == 1
    if entry.status == "uncertain":
        assert [turn["handover"]["reason"] for turn in told] == ["action_failed"]
        assert "pay_back" in told[0]["handover"]["summary"]
        assert "#1001" in told[0]["handover"]["summary"]
    assert entry.confirmed_by == "C1"
    assert entry.arguments["order"] == "#1001"
    return entry.status


@pytest.mark.parametrize("receiver", RECEIVERS)
def test_a_worker_killed_at_any_step_and_the_next_one_killed_at_any_step(
    workers: Workers, url: str, tmp_path: Path, receiver: str
) -> None:
    kills = 0
    settled = []
    # the two databases share the pairs of steps between them
    others = STEPS[::2] if url.startswith("sqlite") else STEPS[1::2]
    for first in STEPS:
        for second in ("", *others):
            conversation, log = f"{first}/{second}", tmp_path / "effects.log"
            job = {"url": url, "log": str(log), "receiver": receiver, "conversation": conversation}
            ends = [
                workers.run(**job, text="Yes, please.", id="m-2", new=True, dies=first),
                workers.run(**job, text="Yes, please.", id="m-2", dies=second),
                workers.run(**job, text="Yes, please.", id="m-2"),  # the channel delivers until it is answered
            ]
            assert ends[0]["killed"]
            assert not ends[2]["killed"]
            kills += sum(end["killed"] for end in ends)
            # the turn that the message has, once it has one, is what the channel gets
            status = held(url, conversation, log, [ends[2]["turn"]], receiver=receiver)
            settled.append((first, status))
            if status == "done":
                assert "#1001 is paid back." in ends[2]["turn"]["reply"]["text"]
    assert kills >= 50
    assert {status for first, status in settled if first in ISSUING} == (
        {"uncertain"} if receiver == "plain" else {"done"}
    )
    assert len(carried_out(tmp_path / "effects.log")) == len(set(carried_out(tmp_path / "effects.log")))


@pytest.mark.parametrize("receiver", RECEIVERS)
def test_recover_ends_what_is_left_in_all_conversations(
    workers: Workers, url: str, tmp_path: Path, receiver: str
) -> None:
    log = tmp_path / "effects.log"
    job = {"url": url, "log": str(log), "receiver": receiver}
    for step in STEPS:
        assert workers.run(**job, conversation=step, text="Yes", new=True, dies=step)["killed"]
    turns = workers.run(**job, conversation="", text="*recover*")["turn"]["turns"]
    again = workers.run(**job, conversation="", text="*recover*")["turn"]["turns"]
    assert again == []
    assert sorted(turn["conversation"] for turn in turns) == (sorted(ISSUING) if receiver == "plain" else [])
    with Ledger.open(url) as ledger:
        kept = {entry.conversation: entry for entry in ledger.entries()}
    assert sorted(kept) == sorted(set(STEPS) - {"before intent"})
    for step, entry in kept.items():
        uncertain = receiver == "plain" and step in ISSUING
        assert entry.status == ("uncertain" if uncertain else "done")
        assert carried_out(log).count(entry.key) == (1 if step not in ISSUING[:2] or not uncertain else 0)
    for step in STEPS:  # whoever writes next hears of it, or a person is in charge
        turn = workers.run(**job, conversation=step, text="Yes")["turn"]
        uncertain = receiver == "plain" and step in ISSUING
        expected = {"Silent"} if uncertain else {"Answered", "Asked", "HandedOver"}
        assert turn["outcome"] in expected
    assert len(carried_out(log)) == len(set(carried_out(log))) == (8 if receiver == "idempotent" else 6)


@pytest.mark.parametrize("receiver", RECEIVERS)
def test_a_customer_who_says_no_after_a_crash_does_not_leave_a_done_effect_untold(
    workers: Workers, url: str, tmp_path: Path, receiver: str
) -> None:
    log = tmp_path / "effects.log"
    job = {"url": url, "log": str(log), "receiver": receiver, "conversation": "c"}
    assert workers.run(**job, text="Yes", new=True, dies="after outcome")["killed"]
    turn = workers.run(**job, text="No, leave it")["turn"]
    assert turn["outcome"] == "HandedOver"
    assert "the customer was not told: pay_back" in turn["handover"]["facts"]["Why"]
    assert turn["reply"] is None or "nothing" not in turn["reply"]["text"].lower()


def test_several_workers_with_the_same_yes_have_one_effect(workers: Workers, url: str, tmp_path: Path) -> None:
    log = tmp_path / "effects.log"
    job = {"url": url, "log": str(log), "receiver": "plain", "conversation": "c"}
    workers.run(**job, text="hm", new=True)
    ends = workers.together(*({**job, "text": "Yes"} for _ in range(4)))
    assert not any(end["killed"] for end in ends)
    (entry,) = entries(url, "c")
    assert entry.status == "done"
    assert carried_out(log) == [entry.key]


def test_a_yes_in_two_conversations_at_once_has_an_effect_in_each(workers: Workers, url: str, tmp_path: Path) -> None:
    log = tmp_path / "effects.log"
    job = {"url": url, "log": str(log), "receiver": "plain", "text": "Yes", "new": True}
    workers.together(*({**job, "conversation": name} for name in "abcd"))
    assert [entry.status for name in "abcd" for entry in entries(url, name)] == ["done"] * 4
    assert len(set(carried_out(log))) == len(carried_out(log)) == 4
