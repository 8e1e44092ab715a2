"""Topics that go to a person: some always, whatever the guides say; some unless the shop lets the agent handle them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

__all__ = ["KEPT_TOPICS", "SENSITIVE_TOPICS", "TOPIC_PRIORITY", "KeptTopic", "Priority", "SensitiveTopic", "Topic"]

Priority = Literal["low", "normal", "high", "urgent"]

SensitiveTopic = Literal[
    "self_harm",
    "violence",
    "injury",
    "legal_threat",
    "medical",
    "payment_card_data",
    "account_data",
    "fraud",
    "chargeback",
    "press",
    "controversial",
]
"""A closed set, gravest first: when a message touches several, the first of them decides team and words."""

SENSITIVE_TOPICS: tuple[SensitiveTopic, ...] = SensitiveTopic.__args__  # type: ignore[attr-defined]

KeptTopic = Literal["vip_complaint", "refund_exception", "billing_problem", "technical_fault"]
"""Topics that a shop keeps for people by default, gravest first; `handover.kept_topics` says otherwise."""

KEPT_TOPICS: tuple[KeptTopic, ...] = KeptTopic.__args__  # type: ignore[attr-defined]

Topic = SensitiveTopic | KeptTopic

TOPIC_PRIORITY: Mapping[Topic, Priority] = {
    "self_harm": "urgent",
    "violence": "urgent",
    "injury": "urgent",
    "legal_threat": "urgent",
    "medical": "high",
    "payment_card_data": "high",
    "account_data": "high",
    "fraud": "high",
    "chargeback": "high",
    "press": "normal",
    "controversial": "low",
    "vip_complaint": "high",
    "refund_exception": "normal",
    "billing_problem": "high",
    "technical_fault": "normal",
}
"""How soon a person must look.

Urgent is kept for somebody at risk of harm and for what runs against a deadline: whoever answers those must never have to look
for them among others. A question of health asks before anything happened, so it is high: `injury` is what has happened.
Card data is high as well: the number has to leave the conversation the same day (PCI DSS 4.0, 12.10.7), but nobody is
harmed while the note masks it, and it goes to whoever answers customers, not to those who look into fraud. A journalist can
wait for opening hours.
"""
