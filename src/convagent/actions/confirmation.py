"""A customer's yes: to exactly which call, by whom, shown and given when, and until when it counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from convagent.guidance.codec import canonical, digest

__all__ = ["CONFIRMATION_LASTS", "Confirmation", "call_hash"]

CONFIRMATION_LASTS = timedelta(minutes=30)
"""How long a yes counts from the moment at which its question was shown, where the shop says nothing else."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A yes to one call.

        Confirmation.of("refund", {"order": "#1042", "amount": "20.00 EUR"}, by="ada@example.com", at=now)

    Attributes:
        by: Who said it: the customer's id, their e-mail address, or the conversation.
        at: When it was said.
        call: `call_hash` of the action and the arguments that were shown.
        shown_at: When the question was shown, `at` by default. The time in which it counts begins here.
        open: Names of arguments that no one could show, since an action ahead of the call gives them.
    """

    by: str
    at: datetime
    call: str
    shown_at: datetime | None = None
    open: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, action: str, arguments: Mapping[str, Any], *, by: str, at: datetime, shown_at: datetime | None = None
    ) -> Self:
        """The yes to a call with these arguments, as they will be handed to `call_action`."""
        return cls(by, at, call_hash(action, arguments), shown_at)

    @classmethod
    def of_shown(
        cls, action: str, shown: Mapping[str, str | None], *, by: str, at: datetime, shown_at: datetime | None
    ) -> Self:
        """The yes to a call whose arguments were kept in canonical JSON, None for one that was not known yet."""
        known = {name: text for name, text in shown.items() if text is not None}
        return cls(by, at, _hash(action, known), shown_at, frozenset(set(shown) - set(known)))

    def fault(self, action: str, arguments: Mapping[str, Any], *, now: datetime, lasts: timedelta) -> str | None:
        """Why this is no yes to the call at this moment, None when it is one.

        A clock that stands before the moment of the question or of the answer expires it: nothing says how old it is.

        Args:
            action: What would be done.
            arguments: As they were handed in.
            now: The turn's moment.
            lasts: For how long it counts.
        """
        if call_hash(action, arguments, without=self.open) != self.call:
            return "something else was confirmed"
        shown = self.shown_at or self.at
        try:
            if not shown <= self.at <= now:
                return "it was confirmed at a moment that has not come"
            if now - shown > lasts:
                return f"the confirmation is older than {_minutes(lasts)}"
        except TypeError:  # one moment names its zone, the other doesn't
            return "the moments of the confirmation can't be compared"
        return None


def call_hash(action: str, arguments: Mapping[str, Any], *, without: Iterable[str] = ()) -> str:
    """The same for the same call, in every process.

    Args:
        action: The action's name.
        arguments: By name.
        without: Names that are left out.
    """
    left_out = frozenset(without)
    return _hash(action, {name: canonical(value) for name, value in arguments.items() if name not in left_out})


def _hash(action: str, shown: Mapping[str, str]) -> str:
    return digest(f"{action}:{canonical(dict(shown))}")


def _minutes(lasts: timedelta) -> str:
    minutes = lasts.total_seconds() / 60
    return f"{minutes:g} minute{'' if minutes == 1 else 's'}"
