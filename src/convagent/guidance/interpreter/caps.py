"""How often a guide may run for a customer: `At most once a day`, counted by the clock that the turn is handed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.world import Ran

__all__ = ["LONGEST_SPAN", "SPANS", "counts_by_the_clock", "runs_within"]

SPANS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30), "year": timedelta(days=365)}
"""Spans that end now, as long as the language's own `days`, `weeks`, `months` and `years`."""

LONGEST_SPAN = max(SPANS.values())
"""Runs that are older count for nothing any more."""


def counts_by_the_clock(guide: k.Guide) -> bool:
    """Whether a guide's runs count beyond the conversation."""
    return guide.at_most is not None and guide.at_most.per in SPANS


def runs_within(guide: k.Guide, ran: Iterable[Ran], now: datetime, *, before: str = "") -> int:
    """How many runs of a guide count at a moment.

    A run counts from its beginning until its span is over, not until the day on the calendar is. One that lies ahead of
    the clock counts too: a clock that was set back allows nothing more.

    Args:
        guide: With an `At most` that counts by the clock.
        ran: Runs of any guides for this customer.
        now: The turn's moment.
        before: A run of the conversation at hand: only others count, and of them those that began no later.
    """
    if guide.at_most is None or guide.at_most.per not in SPANS:
        return 0
    span, title = SPANS[guide.at_most.per], guide.title.casefold()
    runs = {(one.conversation, one.run): one.at for one in ran if one.guide.casefold() == title}
    latest = runs.pop(("", before), None) if before else None
    return sum(now - at < span and (latest is None or at <= latest) for at in runs.values())
