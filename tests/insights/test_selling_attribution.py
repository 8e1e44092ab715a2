"""An order counts once, for what led to it within the window, whatever order the log is in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from convagent.facts import Money
from convagent.insights.selling import ReadLog, attribute, people_of, selling_log, selling_report
from convagent.settings import AttributionSettings
from convagent.shopping.selling_events import SellingEvent

START = datetime(2026, 6, 1, 12, tzinfo=UTC)
RULES = AttributionSettings()


def event(kind: str, hours: float = 0.0, **rest: Any) -> SellingEvent:
    return SellingEvent.read({"kind": kind, "at": START + timedelta(hours=hours), **rest})


def bought(order: str, hours: float, *products: str, total: str = "100.00 EUR", **rest: Any) -> SellingEvent:
    lines = [{"product": each, "amount": "30.00 EUR"} for each in products]
    return event("purchased", hours, order=order, total=total, lines=lines, **({"customer": "ada"} | rest))


def log(*events: SellingEvent) -> ReadLog:
    return selling_log(events)


def methods(*events: SellingEvent, rules: AttributionSettings = RULES) -> list[str | None]:
    return [order.touch.method if order.touch else None for order in attribute(log(*events).events, rules)]


CLICK = event("clicked", customer="ada", products=["pot"])
SHOWN = event("recommended", customer="ada", products=["pot"])
CODE = event("discount_offered", customer="ada", code="SAVE10")


def test_an_order_is_attributed_by_link_by_code_or_by_product() -> None:
    assert methods(SHOWN, CLICK, bought("1", 5, "pot")) == ["link"]
    assert methods(SHOWN, bought("1", 5, "pot")) == ["product"]
    assert methods(CODE, bought("1", 5, "mug", codes=["save10"])) == ["code"]
    assert methods(CLICK, SHOWN, CODE, bought("1", 5, "mug")) == [None]
    assert methods(SHOWN, CLICK, bought("1", 5, "pot", customer="bob")) == [None]


def test_of_several_the_strongest_method_counts_and_within_it_the_last_touch() -> None:
    order = bought("1", 20, "pot", "mug", codes=["SAVE10"])
    assert methods(CLICK, SHOWN, CODE, order) == ["link"]
    assert methods(CLICK, SHOWN, CODE, order, rules=AttributionSettings(methods=("code", "link"))) == ["code"]
    assert methods(SHOWN, order, rules=AttributionSettings(methods=("link", "code"))) == [None]
    later = event("clicked", 3, customer="ada", products=["mug"])
    both = event("recommended", -1, customer="ada", products=["pot", "mug"])
    (found,) = attribute(log(both, CLICK, later, order).events, RULES)
    assert found.touch is not None
    assert (found.touch.what, found.touch.at) == ("mug", later.at)


@pytest.mark.parametrize(
    ("what", "method", "days"), [(CLICK, "link_days", 3), (CODE, "code_days", 3), (SHOWN, "product_days", 1)]
)
def test_the_window_ends_to_the_second(what: SellingEvent, method: str, days: int) -> None:
    second = timedelta(seconds=1) / timedelta(hours=1)
    order: dict[str, Any] = {"codes": ["SAVE10"]} if what is CODE else {}
    if what is CLICK:  # recommended long ago
        what = event("clicked", customer="ada", products=["pot"])
        before_it = [event("recommended", -100, customer="ada", products=["pot"])]
    else:
        before_it = []
    inside = methods(*before_it, what, bought("1", days * 24, "pot", **order))
    outside = methods(*before_it, what, bought("1", days * 24 + second, "pot", **order))
    before = methods(*before_it, what, bought("1", -second, "pot", **order))
    assert (inside != [None], outside, before) == (True, [None], [None])
    shorter = AttributionSettings.model_validate({method: 2})
    assert methods(*before_it, what, bought("1", 48, "pot", **order), rules=shorter) != [None]
    assert methods(*before_it, what, bought("1", 48 + second, "pot", **order), rules=shorter) == [None]


def test_a_click_on_what_nobody_recommended_is_none_of_the_assistant_s() -> None:
    assert methods(CLICK, bought("1", 5, "pot")) == [None]
    assert methods(CLICK, event("recommended", 1, customer="ada", products=["pot"]), bought("1", 80, "pot")) == [None]


def test_windows_are_one_to_three_days() -> None:
    for bad in ({"link_days": 0}, {"code_days": 4}, {"product_days": 30}, {"methods": ["link", "link"]}, {"days": 1}):
        with pytest.raises(ValidationError):
            AttributionSettings.model_validate(bad)


def test_a_conversation_a_visit_and_a_customer_are_one_person() -> None:
    events = log(
        event("conversation_started", conversation="c", session="s"),
        event("recommended", 1, conversation="c", products=["pot"]),
        event("visited", 2, session="s", customer="ada"),
        bought("1", 3, "pot"),
    )
    assert [order.touch.method if order.touch else None for order in attribute(events.events, RULES)] == ["product"]


def test_a_shared_device_doesn_t_make_two_people_one() -> None:
    events = log(
        event("visited", session="s", customer="ada"),
        event("visited", 1, session="s", customer="bob"),
        event("recommended", 2, session="s", products=["pot"]),
        bought("1", 3, "pot"),
    ).events
    assert set(people_of(events).values()) == {"customer:ada", "customer:bob", "session:s"}
    assert attribute(events, RULES)[0].touch is None


def test_what_is_paid_back_and_what_wasn_t_recommended_doesn_t_count() -> None:
    refund = event("refunded", 9, order="1", amount="25.00 EUR")
    foreign = event("refunded", 9, order="1", amount="25.00 USD")
    (found,) = attribute(log(SHOWN, CLICK, bought("1", 5, "pot", "mug"), refund, foreign).events, RULES)
    assert found.paid == Money.of(75, "EUR")
    assert found.recommended == Money.of(30, "EUR")
    too_much = event("refunded", 9, order="1", amount="900.00 EUR")
    (found,) = attribute(log(SHOWN, bought("1", 5, "pot"), too_much).events, RULES)
    assert (found.paid.minor, found.recommended.minor) == (0, 0)


def test_an_order_that_is_told_of_twice_counts_once_and_is_reported() -> None:
    read = log(
        bought("1", 5, "pot", total="10.00 EUR"),
        bought("1", 4, "pot", total="99.00 EUR"),
        bought("1", 4, "pot", total="99.00 EUR"),
    )
    assert [str(order.paid) for order in attribute(read.events, RULES)] == ["99.00 EUR"]
    assert (read.twice, [(each.row, each.code) for each in read.problems]) == (2, [(1, "order-twice")])


people = st.sampled_from(["ada", "bob", "eve"])
products = st.lists(st.sampled_from(["pot", "mug", "jug"]), min_size=1, max_size=3, unique=True)
hours = st.integers(0, 120)
codes = st.lists(st.sampled_from(["A", "B"]), max_size=2)
touch = st.one_of(
    st.builds(lambda kind, who, hour, what: event(kind, hour, customer=who, products=what),
              st.sampled_from(["clicked", "recommended", "added"]), people, hours, products),
    st.builds(lambda who, hour, code: event("discount_offered", hour, customer=who, code=code), people, hours, st.sampled_from("AB")),
    st.builds(lambda who, hour: event("conversation_started", hour, customer=who, conversation=f"c{who}"), people, hours),
    st.builds(lambda who, hour, group: event("visited", hour, customer=who, group=group), people, hours,
              st.sampled_from(["assistant", "holdout", None])),
)  # fmt: skip
order = st.builds(
    lambda number, who, hour, what, total, used: bought(
        str(number), hour, *what, total=f"{total}.00 EUR", customer=who, codes=used
    ),
    st.integers(1, 5), people, hours, products, st.integers(0, 500), codes,
)  # fmt: skip
refund = st.builds(
    lambda number, amount: event("refunded", 200, order=str(number), amount=f"{amount}.00 EUR"),
    st.integers(1, 5),
    st.integers(0, 300),
)
logs = st.lists(st.one_of(touch, touch, order, refund), max_size=25)


@settings(max_examples=150)
@given(logs, st.randoms(use_true_random=False))
def test_the_order_of_lines_is_of_no_account(events: list[SellingEvent], random: Any) -> None:
    shuffled = list(events)
    random.shuffle(shuffled)
    one, other = selling_report(log(*events)).to_json(), selling_report(log(*shuffled)).to_json()
    for each in (one, other):
        each["problems"] = sorted((problem["code"], problem["message"]) for problem in each["problems"])
    assert one == other


@given(logs)
def test_an_order_is_attributed_once_by_something_of_its_own_person_within_the_window(
    events: list[SellingEvent],
) -> None:
    read = log(*events)
    found = attribute(read.events, RULES)
    assert sorted(each.order for each in found) == sorted(
        {each.order or "" for each in events if each.kind == "purchased"}
    )
    days = {"link": RULES.link_days, "code": RULES.code_days, "product": RULES.product_days}
    for each in found:
        if each.touch is None:
            continue
        assert timedelta(0) <= each.at - each.touch.at <= timedelta(days=days[each.touch.method])
        kinds = {"link": "clicked", "code": "discount_offered", "product": "recommended"}
        assert any(
            event.kind == kinds[each.touch.method]
            and event.at == each.touch.at
            and f"customer:{event.customer}" == each.person
            for event in read.events
        )
        held = {line.product for line in each.event.lines} | {code.casefold() for code in each.event.codes}
        assert each.touch.what in held


@given(logs)
def test_the_totals_add_up_and_nothing_is_counted_twice(events: list[SellingEvent]) -> None:
    read = log(*events)
    report = selling_report(read, currency="EUR")
    assert sum(each.orders for each in report.totals) == len(report.orders)
    assert sum(each.paid for each in report.totals) * 100 == sum(order.paid.minor for order in report.orders)
    influenced = sum(order.paid.minor for order in report.orders if order.touch is not None)
    if report.orders:
        assert report.figures["revenue_influenced"].value == pytest.approx(influenced / 100)
    assert all(0 <= order.recommended.minor <= order.paid.minor for order in report.orders)
    assert selling_report(log(*events, *events), currency="EUR").to_json()["figures"] == report.to_json()["figures"]


@given(logs)
def test_every_figure_lies_within_its_interval_and_shares_within_0_and_1(events: list[SellingEvent]) -> None:
    report = selling_report(log(*events))
    for name, metric in report.figures.items():
        assert metric.low is not None
        assert metric.high is not None
        assert metric.low - 1e-9 <= metric.value <= metric.high + 1e-9, name
        if name in {
            "conversion_rate",
            "ctr",
            "add_through",
            "buy_through",
            "discount_usage",
            "revenue_influenced_share",
        }:
            assert 0 <= metric.value <= 1
    if report.uplift is not None:
        for each in (report.uplift.conversion, report.uplift.revenue):
            assert each.low - 1e-9 <= each.value <= each.high + 1e-9


@given(logs, st.integers(1, 3), st.integers(1, 3))
def test_a_longer_window_never_attributes_less(events: list[SellingEvent], one: int, other: int) -> None:
    read = log(*events).events
    short, long = sorted((one, other))

    def sold(days: int) -> int:
        rules = AttributionSettings(link_days=days, code_days=days, product_days=days)
        return sum(each.touch is not None for each in attribute(read, rules))

    assert sold(short) <= sold(long)
