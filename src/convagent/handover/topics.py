"""Topics that always go to a person, whatever the guides say, and how soon."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

__all__ = ["SENSITIVE_TOPICS", "TOPIC_PRIORITY", "Priority", "SensitiveTopic"]

Priority = Literal["low", "normal", "high", "urgent"]

SensitiveTopic = Literal[
    "self_harm",
    "violence",
    "legal_threat",
    "medical",
    "payment_card_data",
    "fraud",
    "chargeback",
    "press",
]
"""A closed set, gravest first: when a message touches several, the first of them decides team and words."""

SENSITIVE_TOPICS: tuple[SensitiveTopic, ...] = SensitiveTopic.__args__  # type: ignore[attr-defined]

TOPIC_PRIORITY: Mapping[SensitiveTopic, Priority] = {
    "self_harm": "urgent",
    "violence": "urgent",
    "legal_threat": "urgent",
    "medical": "high",
    "payment_card_data": "high",
    "fraud": "high",
    "chargeback": "high",
    "press": "normal",
}
"""How soon a person must look: life and legal deadlines first; a journalist can wait for opening hours."""
