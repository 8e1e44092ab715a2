"""Which orders the assistant had a part in: by link, by code, by product, each within its window, and each order once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from convagent.facts import Money
from convagent.insights.selling.log import people_of
from convagent.settings import AttributionMethod, AttributionSettings
from convagent.shopping.selling_events import SellingEvent

__all__ = ["AttributedOrder", "Touch", "attribute"]


@dataclass(frozen=True, slots=True)
class Touch:
    """What the assistant did that an order is attributed to.

    Attributes:
        method: link: a click on a recommended product; code: an offered discount; product: a recommendation.
        at: When.
        what: The product, or the code.
        conversation: Where, if that is known.
    """

    method: AttributionMethod
    at: datetime
    what: str
    conversation: str | None


@dataclass(frozen=True, slots=True)
class AttributedOrder:
    """An order, and what of it is the assistant's.

    Attributes:
        order: Its number.
        at: When it was placed.
        person: Whose it is; None where nobody can be told.
        paid: What was paid, less what was paid back since.
        touch: What it is attributed to; None where it isn't the assistant's.
        recommended: What was paid for its lines with products that were recommended or clicked on within the window.
        codes: Codes that it uses and that its person was offered within the window, in lower case.
        event: As it stands in the log.
    """

    order: str
    at: datetime
    person: str | None
    paid: Money
    touch: Touch | None
    recommended: Money
    codes: tuple[str, ...]
    event: SellingEvent


def attribute(events: Sequence[SellingEvent], rules: AttributionSettings) -> tuple[AttributedOrder, ...]:
    """Every order of a log with the one thing it is attributed to, in the order of time.

    An order is attributed when the same person, not more than the method's days before it, clicked on a recommended product
    that the order holds (link), was offered a code that it uses (code), or was recommended a product that it holds
    (product). The first of the rules' methods that fits decides; within it what was last before the order, as in last-touch
    attribution. So an order counts once, whatever led to it. What comes after an order never counts for it, and neither does a
    click on something that its person was not recommended before.

    Args:
        events: As `selling_log` gives them.
        rules: The section `[attribution]`.
    """
    people = people_of(events)
    touches: dict[tuple[str, AttributionMethod, str], list[Touch]] = {}
    known: set[tuple[str, str]] = set()
    for place, event in enumerate(events):
        if (who := people.get(place)) is None:
            continue
        if event.kind == "recommended":
            known |= {(who, product) for product in event.products}
        for touch in _touches(event):
            if touch.method == "link" and (who, touch.what) not in known:
                continue
            touches.setdefault((who, touch.method, touch.what), []).append(touch)
    back: dict[str, int] = {}
    orders = [(place, event) for place, event in enumerate(events) if event.kind == "purchased"]
    currency = {event.order: event.total.currency for _, event in orders if event.total is not None}
    for event in events:
        if event.kind != "refunded" or event.amount is None or event.order is None:
            continue
        if currency.get(event.order) == event.amount.currency:
            back[event.order] = back.get(event.order, 0) + event.amount.minor
    return tuple(_attributed(event, people.get(place), touches, back, rules) for place, event in orders)


def _touches(event: SellingEvent) -> Iterable[Touch]:
    if event.kind == "discount_offered" and event.code:
        yield Touch("code", event.at, event.code.casefold(), event.conversation)
    elif event.kind in {"clicked", "recommended"}:
        method: AttributionMethod = "link" if event.kind == "clicked" else "product"
        for product in event.products:
            yield Touch(method, event.at, product, event.conversation)


def _attributed(
    event: SellingEvent, who: str | None, touches: Mapping[tuple[str, AttributionMethod, str], Sequence[Touch]],
    back: Mapping[str, int], rules: AttributionSettings,
) -> AttributedOrder:  # fmt: skip
    total, number = event.total or Money(minor=0, currency="XXX"), event.order or ""
    paid = Money(minor=max(0, total.minor - back.get(number, 0)), currency=total.currency)
    days: dict[AttributionMethod, int] = {
        "link": rules.link_days, "code": rules.code_days, "product": rules.product_days,
    }  # fmt: skip
    bought = tuple(dict.fromkeys(line.product for line in event.lines))
    used = tuple(dict.fromkeys(code.casefold() for code in event.codes))
    last: dict[AttributionMethod, list[Touch]] = {
        method: [
            touch
            for each in (used if method == "code" else bought)
            if (touch := _last(touches.get((who or "", method, each), ()), event.at, timedelta(days=window)))
        ]
        for method, window in days.items()
    }
    deciding = next((last[method] for method in rules.methods if last[method]), [])
    shown = {touch.what for touch in (*last["link"], *last["product"])}
    lines = [
        line.amount.minor
        for line in event.lines
        if line.amount is not None and line.amount.currency == total.currency and line.product in shown
    ]
    recommended = Money(minor=max(0, min(sum(lines), paid.minor)), currency=total.currency)
    return AttributedOrder(
        number, event.at, who, paid, max(deciding, key=lambda touch: (touch.at, touch.what), default=None), recommended,
        tuple(touch.what for touch in last["code"]), event,
    )  # fmt: skip


def _last(touches: Sequence[Touch], at: datetime, window: timedelta) -> Touch | None:
    """The last of some touches in the order of time that isn't after a moment, nor longer before it than the window."""
    place = bisect_right(touches, at, key=lambda touch: touch.at)
    return touches[place - 1] if place and at - touches[place - 1].at <= window else None
