"""Figures of selling, each against what a person reckons by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from convagent.evals.intervals import wilson
from convagent.insights.selling import FIGURES, SellingReport, figure_words, figures_shown, selling_log, selling_report
from convagent.settings import AttributionSettings
from convagent.shopping.selling_events import SellingEvent

START = datetime(2026, 6, 1, 12, tzinfo=UTC)


def event(kind: str, hours: float = 0.0, **rest: Any) -> SellingEvent:
    return SellingEvent.read({"kind": kind, "at": START + timedelta(hours=hours), **rest})


def bought(order: str, hours: float, who: str, total: int, *products: str, **rest: Any) -> SellingEvent:
    lines = [{"product": each, "amount": "10.00 EUR"} for each in products]
    return event("purchased", hours, order=order, total=f"{total}.00 EUR", lines=lines, customer=who, **rest)


def talked(who: str, hours: float = 0.0, *products: str) -> list[SellingEvent]:
    begun = event("conversation_started", hours, customer=who, conversation=f"c-{who}")
    return [begun, event("recommended", hours, conversation=f"c-{who}", products=products)] if products else [begun]


def reported(*events: SellingEvent, **rules: Any) -> SellingReport:
    return selling_report(selling_log(events), AttributionSettings.model_validate(rules))


WEEK = (
    *talked("ada", 0, "pot", "mug"), *talked("bob", 0, "pot"), *talked("eve"), event("visited", customer="dan"),
    event("visited", customer="ada"),
    event("clicked", 1, customer="ada", products=["pot"]), event("clicked", 2, customer="ada", products=["pot"]),
    event("clicked", 2, customer="dan", products=["jug"]), event("added", 3, customer="ada", products=["pot", "lid"]),
    event("discount_offered", 3, conversation="c-ada", code="A"), event("discount_offered", 3, conversation="c-bob", code="B"),
    bought("1", 5, "ada", 90, "pot", "lid", codes=["a"], amount="10.00 EUR"),
    bought("2", 80, "ada", 40, "jug"), bought("3", 6, "dan", 60, "jug"), bought("4", 100, "bob", 30, "pot", codes=["B"]),
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "count"),
    [
        ("conversion_rate", 1 / 3, 3),  # ada within three days; bob after four, eve never
        ("conversion_rate_without", 1.0, 1),  # dan
        ("aov_with", 90.0, 1),
        ("aov_without", (40 + 60 + 30) / 3, 3),
        ("revenue_influenced", 90.0, 4),
        ("revenue_influenced_share", 90 / 220, 4),
        ("revenue_recommended", 10.0, 4),  # the pot, not the lid
        ("ctr", 1 / 3, 3),  # ada's pot of her pot, her mug and bob's pot; dan's click is none of ours
        ("add_through", 1 / 3, 3),
        ("buy_through", 1 / 3, 3),  # bob bought his pot too late
        ("discount_usage", 1 / 2, 2),
        ("discount_return", 90 / 10, 1),
        ("discount_roi", (0.5 * 100 - 10) / 10, 1),
    ],
)
def test_figures_are_what_a_person_reckons(name: str, value: float, count: int) -> None:
    metric = reported(*WEEK, gross_margin=0.5).figures[name]
    assert metric.value == pytest.approx(value)
    assert metric.count == count


def test_rates_have_wilson_s_interval_and_every_figure_has_one() -> None:
    found = reported(*WEEK, gross_margin=0.5).figures
    assert (found["ctr"].low, found["ctr"].high) == wilson(1, 3)
    for name, metric in found.items():
        assert metric.low is not None, name
        assert metric.high is not None, name
        assert metric.low <= metric.value <= metric.high


def test_a_return_on_discounts_needs_the_margin() -> None:
    assert "discount_roi" not in reported(*WEEK).figures
    assert reported(*WEEK, gross_margin=0.05).figures["discount_roi"].value < 0


def test_what_a_discount_took_off_may_be_told_of_its_own_event() -> None:
    used = event("discount_used", 5, order="1", code="A", amount="20.00 EUR")
    assert reported(*WEEK, used).figures["discount_return"].value == pytest.approx(90 / 20)
    unsaid = [each for each in WEEK if each.order != "1"]
    assert "discount_return" not in reported(*unsaid, bought("1", 5, "ada", 90, "pot", codes=["a"])).figures


def test_moments_and_questions_are_counted_for_each_person_apart() -> None:
    events = [event("moment_shown", hour, customer="ada") for hour in range(3)]
    events += [event("moment_opened", hour, customer="bob") for hour in range(3)]
    events += [event("moment_opened", 1.5, customer="ada"), event("moment_shown", 4, customer="bob")]
    events += [event("question_shown", 1, session="s"), event("question_asked", 2, session="s")]
    found = reported(*events).figures
    assert (found["moment_open_rate"].value, found["moment_open_rate"].count) == (2 / 4, 4)
    assert found["question_ask_rate"].value == 1.0


def test_money_is_summed_in_one_currency_and_orders_in_others_count_for_rates() -> None:
    dollars = event("purchased", 5, order="9", total="999.00 USD", customer="bob", lines=[{"product": "pot"}])
    found = reported(*WEEK, dollars)
    assert (found.currency, found.other_currencies) == ("EUR", 1)
    assert found.figures["revenue_influenced"].value == 90.0
    assert found.figures["conversion_rate"].value == pytest.approx(2 / 3)
    other = selling_report(selling_log([*WEEK, dollars]), currency="USD")
    assert (other.currency, other.other_currencies) == ("USD", 4)
    assert other.figures["aov_with"].value == 999.0


def test_an_empty_log_has_no_figures_and_no_crash() -> None:
    found = selling_report(selling_log([]))
    assert (found.figures, found.uplift, found.first) == ({}, None, None)
    assert sum(each.orders for each in found.totals) == 0


def test_very_many_orders_get_an_interval_of_the_same_width_at_once() -> None:
    def of(count: int) -> SellingReport:
        orders = [bought(str(n), 5, f"c{n}", 10 + n % 50, amount="1.00 EUR") for n in range(count)]
        return reported(*orders)

    few, many = of(9_900).figures["aov_without"], of(10_100).figures["aov_without"]
    assert few.high is not None
    assert few.low is not None
    assert many.high is not None
    assert many.low is not None
    assert (many.high - many.low) == pytest.approx(few.high - few.low, rel=0.1)


def test_every_figure_has_a_title_and_a_definition_with_its_formula() -> None:
    for name, figure in FIGURES.items():
        title, words = figure_words(name)
        assert title
        assert words.endswith(".")
        assert (
            "/" in (figure.__doc__ or "")
            or "sum" in (figure.__doc__ or "").casefold()
            or "Sum" in (figure.__doc__ or "")
        )


def test_figures_are_shown_as_people_read_them() -> None:
    assert figures_shown("ctr", 0.1234, currency="EUR") == "12.3%"
    assert figures_shown("aov_with", 1234.5, currency="EUR") == "1,234.50 EUR"
    assert figures_shown("discount_roi", 3.0, currency="EUR") == "3.00"
    assert figures_shown("ctr", None, currency="EUR") == "–"
