"""What a log of sales comes to, as data: figures, orders by method, the uplift, and what could not be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from convagent.evals.metrics.metric import Metric
from convagent.facts import minor_digits
from convagent.insights.selling.attribution import AttributedOrder, attribute
from convagent.insights.selling.figures import FIGURES, Sales, figures
from convagent.insights.selling.log import LogProblem, ReadLog
from convagent.insights.selling.uplift import Uplift, uplift
from convagent.settings import AttributionSettings
from convagent.shopping.selling_events import SELLING_KINDS

__all__ = ["MethodTotal", "SellingReport", "figure_words", "figures_shown", "selling_report"]

_MONEY = frozenset({"aov_with", "aov_without", "revenue_influenced", "revenue_recommended"})
_TIMES = frozenset({"discount_return", "discount_roi"})
_TITLES: Mapping[str, str] = {
    "conversion_rate": "Conversion after a conversation",
    "conversion_rate_without": "Conversion of all other visitors",
    "aov_with": "Order value with the assistant",
    "aov_without": "Order value without",
    "revenue_influenced": "Revenue influenced",
    "revenue_influenced_share": "… of all revenue",
    "revenue_recommended": "Revenue of recommended products",
    "ctr": "Recommendations clicked on",
    "add_through": "Recommendations put into the cart",
    "buy_through": "Recommendations bought",
    "moment_open_rate": "Proactive moments opened",
    "question_ask_rate": "Suggested questions asked",
    "discount_usage": "Discounts used",
    "discount_return": "Paid for each unit taken off",
    "discount_roi": "Return on discounts",
}


@dataclass(frozen=True, slots=True)
class MethodTotal:
    """The orders that are attributed by one method, or by none.

    Attributes:
        method: link, code, product, or none.
        orders: How many.
        paid: What was paid for them, in the main unit of the report's currency, exact.
    """

    method: str
    orders: int
    paid: Decimal


@dataclass(frozen=True)
class SellingReport:
    """What a log comes to.

    Attributes:
        currency: Of all amounts.
        first: The first event; None in an empty log.
        last: The last.
        kinds: How many events of each kind there are.
        orders: All orders, each attributed once or not at all.
        totals: By method, in the rules' order, `none` last; together they are all orders in the currency.
        other_currencies: Orders in another currency: they count wherever no money is summed.
        figures: By name.
        uplift: What the hold-out shows; None where there is none.
        problems: Lines that can't be used.
        twice: Events that were delivered again.
    """

    currency: str
    first: datetime | None
    last: datetime | None
    kinds: Mapping[str, int]
    orders: tuple[AttributedOrder, ...]
    totals: tuple[MethodTotal, ...]
    other_currencies: int
    figures: Mapping[str, Metric]
    uplift: Uplift | None
    problems: tuple[LogProblem, ...]
    twice: int

    def to_json(self) -> dict[str, Any]:
        """For programs. Amounts of figures are in the currency's main unit."""
        return {
            "currency": self.currency,
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
            "events": dict(self.kinds),
            "orders": {"all": len(self.orders), "in_other_currencies": self.other_currencies},
            "attributed": {each.method: {"orders": each.orders, "paid": str(each.paid)} for each in self.totals},
            "figures": {name: metric.to_json() for name, metric in self.figures.items()},
            "uplift": self.uplift.to_json() if self.uplift else None,
            "problems": [
                {"row": each.row, "code": each.code, "message": each.message, "remedy": each.remedy}
                for each in self.problems
            ],
            "twice": self.twice,
        }


def selling_report(
    log: ReadLog, rules: AttributionSettings | None = None, *, currency: str | None = None
) -> SellingReport:
    """Reckons everything that a log tells.

    Args:
        log: As `read_selling_log` or `selling_log` give it.
        rules: The section `[attribution]`; its defaults without it.
        currency: In which money is summed; that of most orders by default.
    """
    settings = rules or AttributionSettings()
    orders = attribute(log.events, settings)
    known = Counter(order.paid.currency for order in orders)
    counted = currency or min(known, key=lambda each: (-known[each], each), default="EUR")
    sales = Sales(log.events, orders, settings, counted)
    kinds = Counter(event.kind for event in log.events)
    return SellingReport(
        currency=counted,
        first=log.events[0].at if log.events else None,
        last=log.events[-1].at if log.events else None,
        kinds={kind: kinds[kind] for kind in SELLING_KINDS if kinds[kind]},
        orders=orders,
        totals=tuple(_total(method, sales) for method in (*settings.methods, "none")),
        other_currencies=len(orders) - len(sales.counted),
        figures=figures(sales),
        uplift=uplift(log.events, orders, settings, currency=counted),
        problems=log.problems,
        twice=log.twice,
    )


def _total(method: str, sales: Sales) -> MethodTotal:
    mine = [order for order in sales.counted if (order.touch.method if order.touch else "none") == method]
    minor = Decimal(sum(order.paid.minor for order in mine))
    return MethodTotal(method, len(mine), minor.scaleb(-minor_digits(sales.currency)))


def figures_shown(name: str, value: float | None, *, currency: str) -> str:
    """A figure's value as people read it: 12.5%, 48.20 EUR, 3.1.

    Args:
        name: The figure's.
        value: None shows a dash.
        currency: Of amounts.
    """
    if value is None:
        return "–"
    if name in _MONEY:
        return f"{value:,.2f} {currency}"
    return f"{value:,.2f}" if name in _TIMES else f"{value:.1%}"


def figure_words(name: str) -> tuple[str, str]:
    """A figure's title and what it is, in a line.

    Args:
        name: One of `FIGURES`.
    """
    return _TITLES[name], " ".join((FIGURES[name].__doc__ or "").split("\n\n")[0].replace("`", "").split())
