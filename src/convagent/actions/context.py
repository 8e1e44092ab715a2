"""Who calls an action, when, and under which key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from convagent.actions.confirmation import CONFIRMATION_LASTS, Confirmation
from convagent.facts import Customer

if TYPE_CHECKING:
    from convagent.storage import Storage

__all__ = ["CallContext"]


@dataclass(frozen=True, slots=True)
class CallContext:
    """Who calls, when, and under which key. An action's function may take it.

    Attributes:
        conversation: The conversation's id.
        customer: Who writes, with their level of verification.
        now: The turn's moment.
        confirmed: The customer's yes to exactly these arguments. True is the caller's own word that this one call was
            confirmed just now; the agent always hands in a `Confirmation`.
        idempotency_key: The same for every retry of one effect; hand it on to systems that honour it.
        facts: Root facts, for rules of the shop.
        confirmation_lasts: For how long a yes counts from the moment its question was shown.
        seconds: What the turn has left for this call, retries included; None sets no bound of its own.
        storage: Where proofs of identity count their tries; without it they prove nothing.
    """

    conversation: str
    customer: Customer | None
    now: datetime
    confirmed: Confirmation | bool = False
    idempotency_key: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    confirmation_lasts: timedelta = CONFIRMATION_LASTS
    seconds: float | None = None
    storage: Storage | None = field(default=None, repr=False, compare=False)

    @property
    def confirmation(self) -> Confirmation | None:
        """Who confirmed and when; None for the caller's bare word, and where nobody did."""
        return self.confirmed if isinstance(self.confirmed, Confirmation) else None
