"""What a guide's hand-over is about reaches the note, the team and the draft, as if the message's own words had told."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from convagent.agent import Agent
from convagent.errors import ShopError
from convagent.guidance.interpreter.world import HandOverStep
from convagent.handover import Alarm, HandoverSettings
from convagent.handover.note_words import NEXT_STEPS
from convagent.turns.topics import with_topic

ROOT = Path(__file__).resolve().parents[1]

SAFEGUARD = """# {title}

Safeguard
When {when}:
- "{first}"
- "{second}"

1. hand over because sensitive_topic
"""


def shop_with(folder: Path, guide: str, settings: str = "") -> Path:
    for part in ("guidance", "knowledge", "actions", "back_office"):
        shutil.copytree(ROOT / part, folder / part)
    text = (ROOT / "convagent.toml").read_text(encoding="utf-8")
    (folder / "convagent.toml").write_text(
        text.replace("[handover.guide_topics]", settings or "[handover.guide_topics]")
    )
    (folder / "guidance" / "more.md").write_text(guide, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def agent() -> Iterator[Agent]:
    with Agent.open(ROOT, storage="memory:") as opened:
        yield opened


@pytest.mark.parametrize(
    ("guide", "text", "topic"),
    [
        ("Fraud and chargebacks", "I'm filing a chargeback with my bank", "chargeback"),
        ("Fraud and chargebacks", "my account was hacked, there's an order I never made", "fraud"),
        ("Fraud and chargebacks", "never heard of you, yet there is a payment", "fraud"),
        ("Legal threats", "next letter comes from you know whom", "legal_threat"),
        ("Danger to life", "I don't see any reason to go on", "self_harm"),
        ("Medical questions", "what about my condition", "medical"),
        ("Somebody was hurt", "the cable was smoking", "injury"),
        ("Somebody was hurt", "the cream gave me an allergic reaction", "injury"),
        ("I was charged twice", "two payments for one order", "billing_problem"),
        ("A question from the press", "I write for a paper", None),
    ],
)
def test_a_guides_topic_is_known_by_its_words_the_customers_and_the_shops(
    agent: Agent, guide: str, text: str, topic: str | None
) -> None:
    reason = "guidance" if guide in {"I was charged twice", "A question from the press"} else "sensitive_topic"
    step = HandOverStep(reason, "care", why=f"{guide}/1 says so", guide=guide)
    told = with_topic(step, text=text, kernel=agent.shop.kernel, settings=agent.shop.settings.handover)
    assert (told.topic if isinstance(told, Alarm) else None) == topic
    assert (told.reason, told.team, told.why, told.guide) == (step.reason, step.team, step.why, step.guide)


def test_a_reason_that_says_more_than_a_topic_is_left_alone(agent: Agent) -> None:
    for step in (
        HandOverStep("action_failed", guide="Fraud and chargebacks"),
        HandOverStep("sensitive_topic"),
        Alarm("sensitive_topic", topic="press", guide="Fraud and chargebacks"),
        HandOverStep("sensitive_topic", guide="no such guide"),
    ):
        assert with_topic(step, text="hm", kernel=agent.shop.kernel, settings=HandoverSettings()) is step


@pytest.mark.parametrize(
    ("text", "topic", "team", "priority"),
    [
        ("my account was hacked, there's an order I never made", "fraud", "management", "urgent"),
        ("I'm filing a chargeback with my bank", "chargeback", "management", "urgent"),
        ("I will see you in court over this", "legal_threat", "management", "urgent"),
        ("I'm thinking about suicide", "self_harm", "safety", "urgent"),
        ("the balm gave me a rash all over my face", "injury", "safety", "urgent"),
        ("can I take the magnesium with my blood pressure tablets", "medical", "safety", "high"),
        ("just charge my card 4111 1111 1111 1111", "payment_card_data", "care", "high"),
        ("refund me to IE29 AIBK 9311 5212 3456 78", "account_data", "care", "high"),
    ],
)
def test_what_is_grave_goes_to_its_team_with_its_own_next_step(
    agent: Agent, text: str, topic: str, team: str, priority: str
) -> None:
    handover = agent.decide(text, conversation=topic).handover
    assert handover is not None
    assert (handover.topic, handover.team, handover.priority) == (topic, team, priority)
    assert handover.next_step == NEXT_STEPS["en"][topic]
    assert re.search(r"/\d", handover.facts["Why"]) is None
    assert "says so" not in handover.summary


def test_a_guide_that_names_no_team_is_routed_by_its_topic(tmp_path: Path) -> None:
    guide = SAFEGUARD.format(
        title="Glass in the food", when="something dangerous was found", first="there was a shard in it",
        second="something sharp was in the cacao",
    )  # fmt: skip
    shop = shop_with(tmp_path, guide, '[handover.guide_topics]\n"Glass in the food" = "injury"')
    with Agent.open(shop, storage="memory:") as agent:
        handover = agent.reply("something sharp was in the cacao", conversation="c").handover
    assert handover is not None
    assert (handover.topic, handover.team, handover.priority) == ("injury", "safety", "urgent")


def test_a_topic_for_a_guide_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    shop = shop_with(tmp_path, "", '[handover.guide_topics]\n"Nobody wrote this" = "press"')
    with pytest.raises(ShopError, match="Nobody wrote this") as caught:
        Agent.open(shop, storage="memory:")
    assert caught.value.code == "handover-guide"
