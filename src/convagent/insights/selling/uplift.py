"""What the assistant really brings about: visitors who may meet it beside a group drawn by lot who don't."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from convagent.insights.selling.attribution import AttributedOrder
from convagent.insights.selling.intervals import bootstrap_difference, newcombe
from convagent.insights.selling.log import people_of
from convagent.settings import AttributionSettings
from convagent.shopping.holdout import in_holdout
from convagent.shopping.selling_events import SellingEvent

__all__ = ["Difference", "Uplift", "uplift"]


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of both groups, and how far they lie apart.

    Attributes:
        assistant: Of the visitors who may meet the assistant.
        holdout: Of those who don't.
        low: The lower end of the 95% interval of assistant - holdout.
        high: The upper end.
    """

    assistant: float
    holdout: float
    low: float
    high: float

    @property
    def value(self) -> float:
        """How far the groups lie apart."""
        return self.assistant - self.holdout

    @property
    def is_sure(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "assistant": round(self.assistant, 6), "holdout": round(self.holdout, 6), "difference": round(self.value, 6),
            "interval": [round(self.low, 6), round(self.high, 6)],
        }  # fmt: skip


@dataclass(frozen=True)
class Uplift:
    """What an experiment shows.

    Attributes:
        assistant: Visitors who may meet the assistant.
        holdout: Visitors who don't.
        mixed: Visitors of both groups, who count in neither.
        met: Visitors of the hold-out who met the assistant all the same. They count there: to leave them out would flatter.
        conversion: Shares of visitors who bought.
        revenue: What a visitor brings, those who bought nothing included.
    """

    assistant: int
    holdout: int
    mixed: int
    met: int
    conversion: Difference
    revenue: Difference

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "visitors": {"assistant": self.assistant, "holdout": self.holdout, "mixed": self.mixed,
                         "holdout_met_assistant": self.met},
            "conversion": self.conversion.to_json(), "revenue_per_visitor": self.revenue.to_json(),
        }  # fmt: skip


def uplift(
    events: Sequence[SellingEvent], orders: Sequence[AttributedOrder], rules: AttributionSettings, *, currency: str
) -> Uplift | None:
    """Conversion and revenue per visitor with the assistant and without it, by intention to treat.

    Everybody counts in the group that they were drawn into, whether or not they talked with the assistant: who talks wants to
    buy anyhow, so that conversion with and without a conversation says little. R. Kohavi, D. Tang and Y. Xu,
    “Trustworthy online controlled experiments” (2020).

    A visitor is a person with a `visited` event. Its `group` counts; where it has none, the lot that `in_holdout` draws.

    Args:
        events: As `selling_log` gives them.
        orders: As `attribute` gives them; what a person paid counts, whatever it is attributed to, from the first visit on.
        rules: The section `[attribution]`, with the share and the salt.
        currency: Of the revenue; orders in another one count for conversion alone.

    Returns:
        None where nobody visited, or one of the groups is empty.
    """
    people = people_of(events)
    groups: dict[str, set[str]] = {}
    since: dict[str, Any] = {}
    met: set[str] = set()
    for place, event in enumerate(events):
        who = people.get(place)
        if who is None:
            continue
        if event.kind == "visited":
            since.setdefault(who, event.at)
            if (group := _group(event, who, rules)) is not None:
                groups.setdefault(who, set()).add(group)
        elif event.kind in {"conversation_started", "moment_shown", "recommended"}:
            met.add(who)
    placed = {who: next(iter(told)) for who, told in groups.items() if len(told) == 1}
    spent: dict[str, float] = dict.fromkeys(placed, 0.0)
    bought: set[str] = set()
    for order in orders:
        if order.person in placed and order.at >= since[order.person]:
            bought.add(order.person)
            if order.paid.currency == currency:
                spent[order.person] += float(order.paid.amount)
    sides: Mapping[str, list[str]] = {
        side: sorted(who for who, group in placed.items() if group == side) for side in ("assistant", "holdout")
    }
    ours, theirs = sides["assistant"], sides["holdout"]
    if not ours or not theirs:
        return None
    hits, other = sum(who in bought for who in ours), sum(who in bought for who in theirs)
    conversion = Difference(hits / len(ours), other / len(theirs), *newcombe(hits, len(ours), other, len(theirs)))
    paid, without = [spent[who] for who in ours], [spent[who] for who in theirs]
    mean, other_mean = math.fsum(paid) / len(paid), math.fsum(without) / len(without)
    low, high = bootstrap_difference(paid, without)
    revenue = Difference(mean, other_mean, min(low, mean - other_mean), max(high, mean - other_mean))
    return Uplift(len(ours), len(theirs), len(groups) - len(placed), len(met & set(theirs)), conversion, revenue)


def _group(event: SellingEvent, who: str, rules: AttributionSettings) -> str | None:
    if event.group is not None:
        return event.group
    if rules.holdout_share <= 0:
        return "assistant"
    drawn = event.customer or event.session or who
    return "holdout" if in_holdout(drawn, rules.holdout_share, rules.holdout_salt) else "assistant"
