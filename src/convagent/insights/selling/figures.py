"""What selling is measured by: each figure with its formula, its source and its 95% interval."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from convagent.evals.metrics.metric import Metric, share
from convagent.insights.selling.attribution import AttributedOrder
from convagent.insights.selling.intervals import mean_interval, ratio_interval
from convagent.insights.selling.log import people_of
from convagent.settings import AttributionSettings
from convagent.shopping.selling_events import SellingEvent, SellingKind

__all__ = ["FIGURES", "Figure", "Sales", "figures"]

Key = tuple[str, str]


@dataclass(frozen=True)
class Sales:
    """A log with its orders attributed: what figures are reckoned from.

    Attributes:
        events: As `selling_log` gives them.
        orders: As `attribute` gives them.
        rules: The section `[attribution]`.
        currency: In which money is summed; orders in another one count wherever no money does.
    """

    events: tuple[SellingEvent, ...]
    orders: tuple[AttributedOrder, ...]
    rules: AttributionSettings
    currency: str

    @cached_property
    def people(self) -> Mapping[int, str]:
        """Whose each event is."""
        return people_of(self.events)

    @cached_property
    def placed(self) -> Mapping[str, tuple[AttributedOrder, ...]]:
        """Orders by person."""
        found: dict[str, list[AttributedOrder]] = {}
        for order in self.orders:
            if order.person is not None:
                found.setdefault(order.person, []).append(order)
        return {who: tuple(orders) for who, orders in found.items()}

    @cached_property
    def counted(self) -> tuple[AttributedOrder, ...]:
        """The orders in the currency."""
        return tuple(order for order in self.orders if order.paid.currency == self.currency)

    def of_kind(self, kind: SellingKind) -> Mapping[str, tuple[SellingEvent, ...]]:
        """Events of a kind by person, in the order of time."""
        found: dict[str, list[SellingEvent]] = {}
        for place, event in enumerate(self.events):
            if event.kind == kind and (who := self.people.get(place)) is not None:
                found.setdefault(who, []).append(event)
        return {who: tuple(events) for who, events in found.items()}

    def first_of(self, kind: SellingKind) -> Mapping[Key, tuple[datetime, ...]]:
        """When each person met each product in a way, all times in order."""
        found: dict[Key, list[datetime]] = {}
        for who, events in self.of_kind(kind).items():
            for event in events:
                for product in event.products:
                    found.setdefault((who, product), []).append(event.at)
        return {key: tuple(times) for key, times in found.items()}


Figure = Callable[[Sales], Metric | None]
"""Reckons a figure; None where the log holds nothing to reckon it from."""


def conversion_rate(sales: Sales) -> Metric | None:
    """Of the people who talked with the assistant, those who ordered within `conversation_days` after a conversation began.

    Buyers / people with a conversation, Wilson's interval. Who talks may want to buy anyhow: `uplift` tells what the assistant
    adds.
    """
    window = timedelta(days=sales.rules.conversation_days)
    talked = sales.of_kind("conversation_started")
    return share(
        "conversion_rate",
        [
            any(
                timedelta(0) <= order.at - event.at <= window for order in sales.placed.get(who, ()) for event in events
            )
            for who, events in talked.items()
        ],
    )


def conversion_rate_without(sales: Sales) -> Metric | None:
    """Of the visitors who never talked with the assistant, those who ordered after they came.

    Buyers / people with a `visited` event and no conversation, Wilson's interval. It is no measure of what the assistant adds.
    """
    talked = set(sales.of_kind("conversation_started"))
    visits = {who: events[0].at for who, events in sales.of_kind("visited").items() if who not in talked}
    return share(
        "conversion_rate_without",
        [any(order.at >= since for order in sales.placed.get(who, ())) for who, since in visits.items()],
    )


def aov_with(sales: Sales) -> Metric | None:
    """The average value of orders that are attributed to the assistant, less what was paid back.

    Sum of what was paid / orders. Interval: the percentile bootstrap of the mean (Efron, 1979).
    """
    return _mean("aov_with", [_amount(order) for order in sales.counted if order.touch is not None])


def aov_without(sales: Sales) -> Metric | None:
    """The average value of all other orders, less what was paid back.

    Sum of what was paid / orders. Interval: the percentile bootstrap of the mean (Efron, 1979).
    """
    return _mean("aov_without", [_amount(order) for order in sales.counted if order.touch is None])


def revenue_influenced(sales: Sales) -> Metric | None:
    """What was paid for orders that are attributed to the assistant, less what was paid back.

    The sum over orders, each once (last touch, see `attribute`). Interval: the number of orders times the bootstrap interval of
    what an order adds to the sum, nothing where it isn't attributed.
    """
    return _sum("revenue_influenced", [_amount(order) if order.touch else 0.0 for order in sales.counted])


def revenue_recommended(sales: Sales) -> Metric | None:
    """What was paid for the recommended products themselves, in orders placed within the windows.

    The sum over lines whose product was recommended or clicked on; the rest of the order doesn't count. Never more than the order
    itself. Interval as for `revenue_influenced`.
    """
    return _sum("revenue_recommended", [float(order.recommended.amount) for order in sales.counted])


def revenue_influenced_share(sales: Sales) -> Metric | None:
    """Revenue influenced / revenue of all orders in the log.

    A ratio of sums. Interval: orders drawn again with replacement (Efron and Tibshirani, 1993, chapter 8).
    """
    return _ratio(
        "revenue_influenced_share",
        [(_amount(order) if order.touch else 0.0, _amount(order)) for order in sales.counted],
    )


def ctr(sales: Sales) -> Metric | None:
    """Of the recommendations, those that were clicked on within `link_days`.

    A recommendation is a product shown to a person, however often: clicked / shown, Wilson's interval. The click-through rate
    of P. Farris et al., “Marketing Metrics” (2nd edition, 2010), chapter 9, with people and products in the place of impressions.
    """
    return _through("ctr", sales, "clicked", timedelta(days=sales.rules.link_days))


def add_through(sales: Sales) -> Metric | None:
    """Of the recommendations, those that went into the cart within `link_days`.

    Put into the cart / recommended, each product once a person, Wilson's interval.
    """
    return _through("add_through", sales, "added", timedelta(days=sales.rules.link_days))


def buy_through(sales: Sales) -> Metric | None:
    """Of the recommendations, those that were bought within `link_days`.

    Bought / recommended, each product once a person, Wilson's interval.
    """
    return _through("buy_through", sales, None, timedelta(days=sales.rules.link_days))


def moment_open_rate(sales: Sales) -> Metric | None:
    """Of the proactive moments that were shown, those that were opened.

    Opened / shown, a person's openings never counting for more than what they were shown; Wilson's interval.
    """
    return _answered("moment_open_rate", sales, "moment_shown", "moment_opened")


def question_ask_rate(sales: Sales) -> Metric | None:
    """Of the times that suggested questions were shown, those at which one was asked.

    Asked / shown, a person's questions never counting for more than what they were shown; Wilson's interval.
    """
    return _answered("question_ask_rate", sales, "question_shown", "question_asked")


def discount_usage(sales: Sales) -> Metric | None:
    """Of the discounts that were offered, those that were used within `code_days`.

    Used / offered, a code once a person, Wilson's interval: the redemption rate of P. Farris et al.,
    “Marketing Metrics” (2nd edition, 2010), chapter 8.
    """
    offered = {(who, (e.code or "").casefold()) for who, es in sales.of_kind("discount_offered").items() for e in es}
    used = {(order.person, code) for order in sales.orders for code in order.codes}
    return share("discount_usage", [each in used for each in sorted(offered)])


def discount_return(sales: Sales) -> Metric | None:
    """What was paid for orders that used an offered discount, for each unit of money that was taken off.

    Sum paid / sum taken off. Interval: orders drawn again with replacement. It takes for granted that none of these orders would
    have come without the discount, and so is the most that the discounts can have brought.
    """
    return _ratio("discount_return", [(_amount(order), off) for order, off in _discounted(sales)])


def discount_roi(sales: Sales) -> Metric | None:
    """What offered discounts earned beyond what they cost, for each unit of money that was taken off.

    (gross margin · list price - discount) / discount, summed over the orders that used one, with list price = paid + discount
    and the setting `gross_margin`. The return on marketing investment of P. Farris et al., “Marketing Metrics” (2nd edition,
    2010), chapter 10. The same reservation as for `discount_return`; without the margin it isn't told. Interval: orders drawn
    again with replacement.
    """
    margin = sales.rules.gross_margin
    if margin is None:
        return None
    return _ratio("discount_roi", [(margin * (_amount(order) + off) - off, off) for order, off in _discounted(sales)])


FIGURES: Mapping[str, Figure] = {
    figure.__name__: figure
    for figure in (
        conversion_rate, conversion_rate_without, aov_with, aov_without, revenue_influenced, revenue_influenced_share,
        revenue_recommended, ctr, add_through, buy_through, moment_open_rate, question_ask_rate, discount_usage,
        discount_return, discount_roi,
    )
}  # fmt: skip
"""Every figure by its name; its docstring says what it is."""


def figures(sales: Sales) -> dict[str, Metric]:
    """All figures that the log tells something of.

    Args:
        sales: The log with its orders attributed.
    """
    found = ((name, figure(sales)) for name, figure in FIGURES.items())
    return {name: metric for name, metric in found if metric is not None}


# ---- how
def _amount(order: AttributedOrder) -> float:
    return float(order.paid.amount)


def _discounted(sales: Sales) -> list[tuple[AttributedOrder, float]]:
    """Orders that used an offered code, with what was taken off; those of which nobody said how much are left out."""
    told: dict[str, int] = {}
    for event in sales.events:
        if event.kind == "discount_used" and event.order and event.amount and event.amount.currency == sales.currency:
            told[event.order] = told.get(event.order, 0) + event.amount.minor
    found = []
    for order in sales.counted:
        whole = order.event.amount
        minor = told.get(order.order, whole.minor if whole is not None and whole.currency == sales.currency else 0)
        if order.codes and minor > 0:
            found.append((order, float(order.paid.model_copy(update={"minor": minor}).amount)))
    return found


def _through(name: str, sales: Sales, kind: SellingKind | None, window: timedelta) -> Metric | None:
    shown = sales.first_of("recommended")
    if kind is not None:
        done: Mapping[Key, Sequence[datetime]] = sales.first_of(kind)
    else:
        bought: dict[Key, list[datetime]] = {}
        for who, orders in sales.placed.items():
            for order in orders:
                for product in {line.product for line in order.event.lines}:
                    bought.setdefault((who, product), []).append(order.at)
        done = bought
    return share(
        name,
        [_followed(times, done.get(key, ()), window) for key, times in sorted(shown.items(), key=lambda each: each[0])],
    )


def _followed(before: Sequence[datetime], after: Sequence[datetime], window: timedelta) -> bool:
    """Whether one of the later times follows one of the earlier within the window; both in order."""
    place = 0
    for time in after:
        while place + 1 < len(before) and before[place + 1] <= time:
            place += 1
        if timedelta(0) <= time - before[place] <= window:
            return True
    return False


def _answered(name: str, sales: Sales, shown: SellingKind, done: SellingKind) -> Metric | None:
    openings = sales.of_kind(done)
    marks: list[bool] = []
    for who, events in sales.of_kind(shown).items():
        opened = min(len(events), len(openings.get(who, ())))
        marks += [True] * opened + [False] * (len(events) - opened)
    return share(name, marks)


def _mean(name: str, values: Sequence[float]) -> Metric | None:
    if not values:
        return None
    value = math.fsum(values) / len(values)
    low, high = mean_interval(values)
    return Metric(name, value, min(low, value), max(high, value), len(values))


def _sum(name: str, values: Sequence[float]) -> Metric | None:
    if not values:
        return None
    value, (low, high) = math.fsum(values), mean_interval(values)
    count = len(values)
    return Metric(name, value, min(low * count, value), max(high * count, value), count)


def _ratio(name: str, pairs: Iterable[tuple[float, float]]) -> Metric | None:
    listed = list(pairs)
    below = math.fsum(pair[1] for pair in listed)
    if below <= 0:
        return None
    value, (low, high) = math.fsum(pair[0] for pair in listed) / below, ratio_interval(listed)
    return Metric(name, value, min(low, value), max(high, value), len(listed))
