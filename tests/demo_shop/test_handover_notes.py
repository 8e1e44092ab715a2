"""Whoever reads only the note of a handover can go on: held for conversations of the demo shop, one by one."""

from __future__ import annotations

import os
import shutil
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from convagent.agent import Agent
from convagent.conversation import HANDOVER_REASONS, Handover, Turn
from convagent.handover.note_lines import MOST_FIRST, MOST_WORDS, note_words
from convagent.handover.note_words import NEXT_STEPS

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "handover" / "golden" / "demo_shop"
ADA = {"customer": {"email": "ada@example.com", "first_name": "Ada", "verified": True, "tags": []}}
DMITRI = {"customer": {"email": "dmitri@example.com"}}
VIP = {"customer": {"email": "clara@example.com", "first_name": "Clara", "verified": True, "tags": ["VIP"]}}
STRANGER = "not identified"


TRADE = """# Trade prices

Only for customer.tags contains "trade"

When the customer asks for the wholesale price list of a shopkeeper:
- "send me the trade price list"
- "I'd like your trade prices, I keep a shop"
- "wholesale price list for retailers please"
- not "we need a quote for 50 engraved pens"

1. say "The list comes by post."
"""


SEVEN = (
    "Where is my order? I want to cancel my subscription. Please change my delivery address. Send me the invoice. "
    "I want to return the boots. Check my gift card balance. My promo code is invalid."
)


@dataclass(frozen=True)
class Case:
    """A conversation that ends with a handover, and what its note must hold.

    `who`, `what`, `want`, `asked` and `done` are words of the note; an empty one is not due: nobody said which order, nothing
    was asked or done.
    """

    reason: str
    said: tuple[str, ...]
    who: str
    want: str
    what: str = ""
    asked: str = ""
    done: str = ""
    facts: Any = None


CASES: dict[str, Case] = {
    "a person, please": Case(
        "customer_request", ("Where is my order?", "ada@example.com and #1042", "I want to speak to a human"),
        "Ada Byrne · ada@example.com · verified", "Where is my order?", what="#1042", done="find customer (#1042)",
    ),
    "a person at once": Case("customer_request", ("human please",), STRANGER, "human please"),
    "a person, in German": Case(
        "customer_request", ("Ich möchte mit einem Menschen sprechen, es geht um Bestellung #1042",), STRANGER,
        "Ich möchte mit einem Menschen sprechen", what="#1042",
    ),
    "a person, in the middle of a question": Case(
        "customer_request", ("my discount code doesn't work", "a human please"), "ada@example.com",
        "my discount code doesn't work", asked="placed → “a human please”", facts=ADA,
    ),
    "furious about a parcel": Case(
        "upset_customer",
        ("This is the THIRD time I write!!! My express parcel #1055 still is not here and nobody cares. You are useless!",),
        "dmitri@example.com · says who they are", "express parcel #1055", what="#1055", facts=DMITRI,
    ),
    "furious, in French": Case(
        "upset_customer", ("C'est scandaleux, vous vous moquez de moi, ma commande #1042 n'est jamais arrivée !!!",), STRANGER,
        "ma commande #1042", what="#1042",
    ),
    "in despair": Case(
        "sensitive_topic", ("The order never came and honestly I don't want to live any more",), STRANGER, "never came"
    ),
    "a threat": Case("sensitive_topic", ("I will come to your workshop and burn it down",), STRANGER, "burn it down"),
    "a lawyer": Case(
        "sensitive_topic", ("My lawyer will hear about order #1055",), "dmitri@example.com", "lawyer", what="#1055",
        facts=DMITRI,
    ),
    "a medicine": Case(
        "sensitive_topic", ("can I take the magnesium with my blood pressure tablets",), STRANGER, "blood pressure"
    ),
    "somebody was hurt": Case(
        "sensitive_topic", ("the balm from #1042 gave me a rash all over my face",), STRANGER, "rash", what="#1042"
    ),
    "a card's number": Case(
        "sensitive_topic", ("just charge my card 4111 1111 1111 1111 for #1042",), STRANGER, "charge my card", what="#1042"
    ),
    "an account's number": Case(
        "sensitive_topic", ("refund #1042 to IE29 AIBK 9311 5212 3456 78",), STRANGER, "refund #1042", what="#1042"
    ),
    "fraud": Case("sensitive_topic", ("my account was hacked, there's an order I never made",), STRANGER, "hacked"),
    "a chargeback": Case("sensitive_topic", ("I'm filing a chargeback with my bank for #1055",), STRANGER, "chargeback", what="#1055"),
    "the press": Case("sensitive_topic", ("I'm a journalist with a Dublin paper and would like a quote",), STRANGER, "journalist"),
    "politics": Case("sensitive_topic", ("Do you support Israel or Palestine?",), STRANGER, "Do you support"),
    "charged twice": Case(
        "guidance", ("I've been charged twice for one order", "bruno@example.com and #1101"), "Bruno Moretti",
        "charged twice", what="#1101", done="orders of: 1 found",
    ),
    "an offer": Case("guidance", ("we need a quote for 50 engraved pens",), STRANGER, "50 engraved pens"),
    "a student's code": Case(
        "guidance", ("I forgot to enter my student code for #1103", "yes"), "ada@example.com", "student code", what="#1103",
        asked="placed → “yes”", facts=ADA,
    ),
    "nobody documented it": Case(
        "missing_knowledge", ("Can I rent the party dress for one evening and bring it back washed?",), STRANGER,
        "rent the party dress",
    ),
    "not understood": Case("low_confidence", ("hmm blah", "foo bar"), STRANGER, "foo bar"),
    "the warehouse is silent": Case(
        "action_failed", ("i ordered the wrong thing, pls cancel it", "bruno@example.com and the number is #1101", "yes please"),
        "Bruno Moretti", "cancel it", what="#1101", asked="a yes → “yes please”", done="cancel order (#1101): failed",
    ),
    "an exception": Case(
        "not_permitted", ("I wore it once, can you make an exception for me please?",), STRANGER, "make an exception"
    ),
    "the checkout": Case("not_permitted", ("your checkout doesn't load, error 500",), STRANGER, "checkout doesn't load"),
    "billed wrongly": Case(
        "not_permitted", ("I was billed the wrong amount, can somebody look",), "ada@example.com", "billed the wrong amount", facts=ADA
    ),
    "a good customer complains": Case(
        "not_permitted", ("I am rather disappointed with how long the lamp lasted",), "Clara", "disappointed", facts=VIP
    ),
    "two that don't go together": Case(
        "unverified_customer", ("where is my order", "ada@example.com and #1101", "kate@example.com and #1103"),
        "kate@example.com · says who they are, not proven", "where is my order", what="#1103", done="nothing found",
    ),
    "in circles": Case(
        "no_progress", ("my discount code doesn't work", "banana", "tree", "seven"), "ada@example.com", "discount code",
        asked="placed → “seven”", facts=ADA,
    ),
    "trade prices": Case(
        "outside_scope", ("send me the trade price list please",), "ada@example.com", "trade price list", facts=ADA
    ),
    "seven things at once": Case(
        "several_open_requests",
        (SEVEN, "#1103", "no"),
        "ada@example.com", "cancel my subscription", facts=ADA,
    ),
    "facts that don't fit": Case(
        "engine_error", ("where is order #1042",), STRANGER, "where is order #1042", what="#1042", facts={"customer": 5}
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    """The demo shop on a day on which its warehouse is silent, with a guide for the trade besides."""
    shop = tmp_path_factory.mktemp("demo") / "shop"
    for part in ("guidance", "knowledge", "actions", "back_office"):
        shutil.copytree(ROOT / part, shop / part)
    shutil.copy(ROOT / "convagent.toml", shop)
    pending = shop / "actions" / "back_office" / "pending.py"
    begin = "            found = self._pending(order)\n            for line in found.items:\n                self._take"
    code = pending.read_text(encoding="utf-8")
    assert begin in code
    pending.write_text(
        code.replace(
            begin,
            begin.replace(
                "found =", 'raise ActionFailedError("the warehouse does not answer")\n            found =', 1
            ),
        ),
        encoding="utf-8",
    )
    (shop / "guidance" / "trade.md").write_text(TRADE, encoding="utf-8")
    with Agent.open(shop, storage="memory:") as opened:
        yield opened


@pytest.fixture(scope="module")
def ends(agent: Agent) -> dict[str, Turn]:
    return {name: ended(agent, name, case) for name, case in CASES.items()}


def ended(agent: Agent, name: str, case: Case) -> Turn:
    turn = None
    for text in case.said:
        turn = agent.reply(text, conversation=name, facts=case.facts)
    assert turn is not None
    assert turn.handover is not None, f"{name}: {turn.outcome} {turn.reply}"
    return turn


def handover(turn: Turn) -> Handover:
    assert turn.handover is not None
    return turn.handover


def lines(note: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in note.split("\n"))


@pytest.mark.parametrize("name", CASES)
def test_whoever_reads_the_note_alone_could_go_on(name: str, ends: dict[str, Turn]) -> None:
    case, turn = CASES[name], ends[name]
    told, note = handover(turn), lines(handover(turn).summary)
    assert told.reason == case.reason
    assert case.who in note["Customer"]
    assert case.want in note["Issue"]
    assert case.what in note.get("Order", "")
    assert case.asked in note.get("Asked", "")
    assert case.done in note.get("Tried", "")
    assert bool(case.done) <= bool(told.tried)
    steps = [step.split("{", 1)[0] for step in NEXT_STEPS["en"].values()]
    assert any(note["Next"].startswith(step) for step in steps)
    assert turn.reply is not None
    if told.expected_by is not None and f"{told.expected_by:%H:%M}" in turn.reply.text:
        assert f"{told.expected_by:%H:%M}" in note["Promised"]
    assert told.draft
    assert note["Mood"].split(",")[0] in {"calm", "irritated", "upset", "furious"}


def test_every_reason_is_there() -> None:
    assert {case.reason for case in CASES.values()} == set(HANDOVER_REASONS)
    assert len(CASES) >= 25


def test_notes_are_short(ends: dict[str, Turn]) -> None:
    words = [note_words(handover(turn).summary) for turn in ends.values()]
    first = [note_words("\n".join(handover(turn).summary.split("\n")[:3])) for turn in ends.values()]
    assert max(words) <= MOST_WORDS
    assert statistics.median(words) <= 60
    assert max(first) <= MOST_FIRST


def test_no_note_holds_a_card_or_account_number(ends: dict[str, Turn]) -> None:
    for turn in ends.values():
        told = handover(turn).model_dump_json()
        assert "4111 1111" not in told
        assert "9311" not in told


@pytest.mark.parametrize("name", CASES)
def test_the_note_reads_as_it_always_did(name: str, ends: dict[str, Turn]) -> None:
    told = handover(ends[name])
    path = GOLDEN / f"{name.replace(' ', '_').replace(',', '').replace(chr(39), '')}.txt"
    text = f"{told.summary}\n\nTo {told.team}, {told.priority}. Draft: {told.draft}\n"
    if os.environ.get("WRITE_GOLDEN") == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
