"""A storefront's events are checked as they come in, and stand in the order of time whatever order they came in."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.errors import FactsError
from convagent.facts import Money
from convagent.shopping.events import EVENT_NAMES, StorefrontEvent, in_order, read_events

NOW = datetime(2026, 6, 16, 9, 30, tzinfo=UTC)


def event(name: str = "product_viewed", **rest: Any) -> dict[str, Any]:
    data: dict[str, Any] = {"name": name, "at": NOW.isoformat(), "session": "s-1"}
    if name.startswith("product_"):
        data["product_ids"] = ["teapot"]
    if name == "search_submitted":
        data["query"] = "teapot"
    return data | rest


@pytest.mark.parametrize("name", EVENT_NAMES)
def test_every_standard_event_is_read(name: str) -> None:
    assert StorefrontEvent.read(event(name)).name == name


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (event("product_view"), "there is no 'product_view', did you mean product_viewed?"),
        (event(product_ids=[]), "product_viewed needs product_ids"),
        (event("search_submitted", query="  "), "search_submitted needs the query"),
        (event(session=None), "needs a session or a customer"),
        (event(at="2026-06-16T09:30:00"), "a moment needs a time zone"),
        (event(at="yesterday"), "at:"),
        (event(product_ids=["x" * 201]), "a product's id has 1 to 200 characters"),
        (event(results=-1), "results:"),
        (event(value="12.345 EUR"), "finer than the currency's smallest unit"),
        (event(value=12.5), "value:"),
        ([], "an event is an object, not a list"),
    ],
)
def test_a_bad_event_says_what_is_wrong_with_it(data: Any, told: str) -> None:
    with pytest.raises(FactsError) as raised:
        StorefrontEvent.read(data)
    assert raised.value.code == "event-shape"
    assert told in raised.value.message
    assert "docs/storefront.md" in (raised.value.remedy or "")


def test_what_a_storefront_adds_is_kept_and_texts_are_printable() -> None:
    found = StorefrontEvent.read(event("search_submitted", query="tea\x00pot\ud800 blue", theme={"name": "a\ud800"}))
    assert found.query == "tea pot  blue"
    assert found.model_extra == {"theme": {"name": "a"}}
    assert len(StorefrontEvent.read(event("search_submitted", query="x" * 9_000)).query or "") == 500


def test_bad_lines_are_told_by_their_row_and_the_rest_is_read() -> None:
    lines = [
        json.dumps(event()),
        "",
        "{",
        json.dumps(event("product_vewed")),
        "[" * 100_000,
        json.dumps(event("page_left")),
    ]
    found, problems = read_events(lines)
    assert [each.name for each in found] == ["product_viewed", "page_left"]
    assert [(each.row, each.code) for each in problems] == [(3, "event-json"), (4, "event-shape"), (5, "event-json")]
    assert str(problems[1]).startswith("row 4: this event can't be used: name: there is no 'product_vewed'")


names = st.sampled_from(EVENT_NAMES)
events = st.lists(
    st.builds(
        lambda name, second, product, number: StorefrontEvent.read(
            event(name, at=NOW + timedelta(seconds=second), product_ids=[product], id=number)
        ),
        names, st.integers(0, 3), st.sampled_from("ab"), st.sampled_from([None, "1", "2"]),
    ),
    max_size=8,
)  # fmt: skip


@given(events, st.randoms(use_true_random=False))
def test_the_order_in_which_events_come_is_of_no_account(given: list[StorefrontEvent], random: Any) -> None:
    shuffled = list(given)
    random.shuffle(shuffled)
    assert [each.at for each in in_order(given)] == sorted(each.at for each in in_order(given))
    first, second = in_order(given), in_order(shuffled)
    # of two deliveries under one id with different contents one stays, the same in each order
    assert first == second


def test_an_event_that_is_delivered_twice_stands_once() -> None:
    twice = [StorefrontEvent.read(event(id="7")), StorefrontEvent.read(event(id="7"))]
    assert len(in_order(twice)) == 1
    assert len(in_order([StorefrontEvent.read(event()), StorefrontEvent.read(event())])) == 2


def test_money_of_an_event_is_money() -> None:
    assert StorefrontEvent.read(event("cart_viewed", value="42.00 EUR")).value == Money.of("42.00", "EUR")
