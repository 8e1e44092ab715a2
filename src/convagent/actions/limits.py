"""How often, and for how much, an action may be done: data that `@action` declares and the ledger holds it to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from convagent.errors import ActionError

__all__ = ["Limit", "Per"]

Per = Literal["customer", "conversation", "action"]
"""Whose effects are counted: one customer's, one conversation's, or everybody's."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` effects of an action within a time.

    The ledger counts what was begun and not refused or known to have failed: an effect that may have happened counts.

    Attributes:
        count: How many at most, 0 or more.
        within: The time that is looked back over, above 0; None looks back to the beginning.
        per: Whose effects are counted. Where the customer is not known, `customer` counts the conversation's own.

    Raises:
        ActionError: `action-limit` for a negative count or a time that isn't above 0.
    """

    count: int
    within: timedelta | None = None
    per: Per = "customer"

    def __post_init__(self) -> None:
        if isinstance(self.count, bool) or not isinstance(self.count, int) or self.count < 0:
            raise ActionError(
                f"a limit of {self.count!r} effects", code="action-limit", remedy="count is a whole number, 0 or more."
            )
        if self.within is not None and (not isinstance(self.within, timedelta) or self.within <= timedelta(0)):
            raise ActionError(
                f"a limit within {self.within!r}", code="action-limit", remedy="within is a timedelta above 0, or None."
            )
        if self.per not in ("customer", "conversation", "action"):
            raise ActionError(
                f"a limit per {self.per!r}", code="action-limit", remedy="per is customer, conversation or action."
            )
