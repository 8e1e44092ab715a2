"""Who calls an action, when, and under which key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from convagent.facts import Customer

__all__ = ["CallContext"]


@dataclass(frozen=True, slots=True)
class CallContext:
    """Who calls, when, and under which key. An action's function may take it.

    Attributes:
        conversation: The conversation's id.
        customer: Who writes, with their level of verification.
        now: The turn's moment.
        confirmed: Whether the customer confirmed exactly these arguments.
        idempotency_key: The same for every retry of one effect; hand it on to systems that honour it.
        facts: Root facts, for rules of the shop.
    """

    conversation: str
    customer: Customer | None
    now: datetime
    confirmed: bool = False
    idempotency_key: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
