"""The report on sales as one HTML page: no script, no network, no other file. What the log says is text and stays text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from convagent.evals.metrics.metric import Metric
from convagent.insights.selling.report import SellingReport, figure_words, figures_shown
from convagent.insights.selling.uplift import Difference

__all__ = ["to_html"]

WIDTH, HEIGHT = 260, 18
_MOST_PROBLEMS = 200
_METHODS = {
    "link": "by a click on a recommendation", "code": "by an offered code", "product": "by a recommended product",
    "none": "without the assistant",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Bar:
    """A figure with its interval as places on paper, 0 to `WIDTH`."""

    low: float
    value: float
    high: float
    zero: float | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    title: str
    words: str
    value: str
    low: str
    high: str
    count: int
    bar: _Bar | None


@dataclass(frozen=True, slots=True)
class _Compared:
    title: str
    assistant: str
    holdout: str
    difference: str
    low: str
    high: str
    verdict: str
    bar: _Bar


def to_html(report: SellingReport, *, title: str = "What the assistant sold") -> str:
    """The report as a page.

    Args:
        report: As `selling_report` gives it.
        title: What stands above it.
    """
    largest = max((each.paid for each in report.totals), default=Decimal(0))
    return _environment().get_template("report.html.jinja").render(
        title=title, report=report, width=WIDTH, height=HEIGHT,
        rows=[_row(name, metric, report.currency) for name, metric in report.figures.items()],
        compared=_compared(report),
        methods=[
            (_METHODS[each.method], each.orders, f"{each.paid:,} {report.currency}", _length(each.paid, largest))
            for each in report.totals
        ],
        problems=report.problems[:_MOST_PROBLEMS], more_problems=max(0, len(report.problems) - _MOST_PROBLEMS),
    )  # fmt: skip


def _length(paid: Decimal, largest: Decimal) -> float:
    return round(float(WIDTH * paid / largest), 1) if largest else 0.0


def _row(name: str, metric: Metric, currency: str) -> _Row:
    title, words = figure_words(name)
    value, low, high = (
        figures_shown(name, each, currency=currency) for each in (metric.value, metric.low, metric.high)
    )
    share = all(each is not None and 0 <= each <= 1 for each in (metric.value, metric.low, metric.high))
    bar = None
    if share and value.endswith("%"):
        bar = _Bar(*(round(WIDTH * (each or 0.0), 1) for each in (metric.low, metric.value, metric.high)))
    return _Row(name, title, words, value, low, high, metric.count, bar)


def _compared(report: SellingReport) -> Sequence[_Compared]:
    if report.uplift is None:
        return ()
    return (
        _difference("Visitors who bought", report.uplift.conversion, "conversion_rate", report.currency),
        _difference("Revenue of a visitor", report.uplift.revenue, "aov_with", report.currency),
    )


def _difference(title: str, found: Difference, name: str, currency: str) -> _Compared:
    reach = max(abs(found.low), abs(found.high), abs(found.value), 1e-12) * 1.1
    left, value, right = (
        round(WIDTH * (each + reach) / (2 * reach), 1) for each in (found.low, found.value, found.high)
    )
    verdict = "can't be told from none yet"
    if found.is_sure:
        verdict = "more with the assistant" if found.value > 0 else "less with the assistant"
    assistant, holdout, difference, low, high = (
        figures_shown(name, each, currency=currency)
        for each in (found.assistant, found.holdout, found.value, found.low, found.high)
    )
    bar = _Bar(left, value, right, zero=WIDTH / 2)
    return _Compared(title, assistant, holdout, difference, low, high, verdict, bar)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("convagent.insights.selling", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
