"""Proactive moments: what brings one about, what it says, and that it is the same for the same events."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from convagent.errors import ConvagentError, FactsError
from convagent.settings import Settings
from convagent.shopping.events import EVENT_NAMES, StorefrontEvent
from convagent.shopping.moment_replay import replay
from convagent.shopping.moment_rules import TRIGGERS, Moment, MomentRules, Visitor, shown
from convagent.shopping.moment_words import opening_of
from convagent.shopping.moments import cart_of, considered, moment_for, next_look

START = datetime(2026, 6, 16, 10, 0, tzinfo=UTC)
RULES = MomentRules()


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def did(seconds: float, name: str, *products: str, **rest: Any) -> StorefrontEvent:
    return StorefrontEvent.read({"name": name, "at": at(seconds), "session": "s", "product_ids": products, **rest})


def found(*events: StorefrontEvent, now: float, rules: MomentRules = RULES, **rest: Any) -> Moment | None:
    return moment_for(rules, events, at(now), **rest)


def test_lingering_on_a_product_is_a_moment_once_it_has_lasted() -> None:
    events = [did(0, "page_viewed"), did(1, "product_viewed", "teapot"), did(1.2, "page_viewed")]
    assert found(*events, now=45.9) is None
    moment = found(*events, now=46)
    assert moment is not None
    assert (moment.trigger, moment.event, moment.seconds, moment.product_ids) == (
        "lingering", "product_viewed", 45.0, ("teapot",),
    )  # fmt: skip
    assert moment.why == "45 seconds on teapot"
    assert found(*events, now=1_000) is None  # the tab was forgotten
    assert found(*events, did(20, "cart_viewed"), now=60) is None  # went on
    assert found(*events, did(20, "page_viewed"), now=60) is None


def test_searching_again_and_again_is_a_moment_and_so_is_finding_nothing() -> None:
    searches = [did(n * 30, "search_submitted", query=query) for n, query in enumerate(("jug", "tea jug", "kettle"))]
    assert found(*searches[:2], now=61) is None
    moment = found(*searches, now=61)
    assert moment is not None
    assert (moment.trigger, moment.query) == ("searching", "kettle")
    assert "3 searches within 10 minutes" in moment.why
    empty = found(did(0, "search_submitted", query="kettle", results=0), now=2)
    assert empty is not None
    assert "1 search found nothing, the last for “kettle”" in empty.why


def test_the_same_search_again_or_one_that_led_to_a_purchase_is_no_searching_in_vain() -> None:
    same = [did(n * 30, "search_submitted", query=query) for n, query in enumerate(("jug", " JUG", "Jug"))]
    assert found(*same, now=61) is None
    three = [did(n * 30, "search_submitted", query=query) for n, query in enumerate(("jug", "tea jug", "kettle"))]
    assert found(*three[:2], did(50, "product_added_to_cart", "jug"), three[2], now=61) is None
    assert found(*three, now=2_000) is None  # long ago
    assert (
        found(did(0, "search_submitted", query="x", results=0), did(5, "search_submitted", query="y", results=9), now=6)
        is None
    )


def test_looking_at_several_products_by_turns_is_a_comparison() -> None:
    views = [did(n * 20, "product_viewed", product) for n, product in enumerate("abc")]
    moment = found(*views, now=45)
    assert moment is not None
    assert (moment.trigger, moment.product_ids) == ("comparing", ("a", "b", "c"))
    back = found(*views[:2], did(40, "product_viewed", "a"), now=45)
    assert back is not None
    assert back.why == "2 products by turns, back to a"
    assert found(*views[:2], now=25) is None
    assert found(*views[:1], did(5, "product_viewed", "a"), now=8) is None  # a page that was loaded again
    assert found(*views, did(42, "product_added_to_cart", "c"), now=45) is None  # decided


def test_with_kinds_only_products_of_one_kind_are_compared() -> None:
    views = [did(n * 20, "product_viewed", product) for n, product in enumerate(("pot-1", "mug-1", "pot-2"))]
    kinds = {"pot-1": "pot", "pot-2": "pot", "mug-1": "mug"}
    assert found(*views, now=41, kind_of=kinds.get) is None
    moment = found(*views, did(50, "product_viewed", "pot-3"), now=51, kind_of={**kinds, "pot-3": "pot"}.get)
    assert moment is not None
    assert moment.product_ids == ("pot-1", "pot-2", "pot-3")


def test_leaving_is_a_moment_at_once_and_only_for_who_had_something_in_mind() -> None:
    visit = [did(0, "page_viewed"), did(5, "product_viewed", "teapot"), did(30, "page_left")]
    moment = found(*visit, now=31)
    assert moment is not None
    assert (moment.trigger, moment.why) == ("leaving", "about to leave after looking at teapot")
    assert found(*visit, now=90) is None  # gone
    assert found(did(0, "page_viewed"), did(30, "page_left"), now=31) is None
    assert found(*visit[:2], did(10, "page_left"), now=11) is None  # hardly there
    cart = found(did(0, "page_viewed"), did(2, "product_added_to_cart", "mug"), did(30, "page_left"), now=31)
    assert cart is not None
    assert (cart.why, cart.product_ids) == ("about to leave with 1 product in the cart", ("mug",))


def test_an_abandoned_cart_is_a_moment_on_the_page_for_who_comes_back_and_a_message_only_with_consent() -> None:
    left = [did(0, "product_added_to_cart", "mug"), did(10, "page_left")]
    assert found(*left, now=3_599) is None
    assert found(*left, now=3_700) is None  # gone, and never agreed to messages
    away = found(*left, now=3_700, visitor=Visitor(accepts_messages=True))
    assert away is not None
    assert (away.trigger, away.place, away.product_ids) == ("abandoned_cart", "away", ("mug",))
    back = found(*left, did(7_200, "page_viewed", session="t"), now=7_210)
    assert back is not None
    assert (back.place, back.session) == ("page", "t")
    assert found(*left, did(300_000, "page_viewed"), now=300_001) is None  # two days later


def test_what_was_taken_out_or_bought_is_no_cart() -> None:
    added = did(0, "product_added_to_cart", "mug", "pot")
    assert cart_of([added, did(1, "product_removed_from_cart", "mug")])[0] == ("pot",)
    assert cart_of([added, did(1, "cart_viewed", "pot")])[0] == ("pot",)
    assert cart_of([added, did(1, "cart_viewed")])[0] == ("mug", "pot")
    assert cart_of([added, did(1, "cart_viewed", value="0.00 EUR")])[0] == ()
    assert cart_of([added, did(1, "checkout_completed")]) == ((), None)


def test_the_triggers_stand_in_the_order_of_the_rules_and_only_those_count() -> None:
    events = [*(did(n * 10, "product_viewed", product) for n, product in enumerate("abc"))]
    both = considered(RULES, events, at(70))
    assert [each.moment.trigger for each in both] == ["comparing", "lingering"]
    turned = considered(MomentRules(triggers=("lingering", "comparing")), events, at(70))
    assert [each.moment.trigger for each in turned] == ["lingering", "comparing"]
    assert considered(MomentRules(triggers=()), events, at(70)) == ()


def test_what_is_held_back_makes_room_for_the_next() -> None:
    events = [*(did(n * 10, "product_viewed", product) for n, product in enumerate("abc"))]
    rules = MomentRules(per_session=9, minutes_between=0)
    first = moment_for(rules, events, at(70))
    assert first is not None
    second = moment_for(rules, events, at(70), [shown(first)])
    assert (first.trigger, second.trigger if second else None) == ("comparing", "lingering")


def test_events_of_two_customers_and_a_moment_without_a_zone_are_refused() -> None:
    two = [did(0, "page_viewed", customer="1"), did(1, "page_viewed", customer="2")]
    with pytest.raises(FactsError) as raised:
        moment_for(RULES, two, at(2))
    assert raised.value.code == "event-visitors"
    with pytest.raises(ConvagentError) as zone:
        moment_for(RULES, two[:1], datetime(2026, 6, 16))
    assert zone.value.code == "moment-zone"


def test_time_alone_is_waited_for_as_long_as_it_takes() -> None:
    events = [did(0, "product_viewed", "teapot")]
    assert next_look(RULES, events, at(1)) == at(45)
    assert next_look(RULES, events, at(50)) is None
    cart = [did(0, "product_added_to_cart", "mug"), did(100, "page_viewed")]
    assert next_look(RULES, cart, at(101)) == at(3_600)
    assert next_look(RULES, cart, at(3_600)) == at(3_700)
    assert next_look(RULES, [], at(0)) is None


def test_a_replay_tells_what_would_have_been_said_and_what_not() -> None:
    events = [
        did(0, "product_viewed", "a"), did(60, "page_viewed"),
        did(0, "product_viewed", "b", session="t"), did(10, "page_left", session="t"),
    ]  # fmt: skip
    told = replay(RULES, events)
    assert [(each.moment.session, each.moment.trigger, each.quiet) for each in told] == [("s", "lingering", None)]
    assert told[0].moment.at == at(45)
    cart = replay(RULES, [did(0, "product_added_to_cart", "mug")])
    assert [(each.moment.trigger, each.quiet) for each in cart] == [("abandoned_cart", "no_consent")]
    assert str(cart[0]).endswith("held back: the visitor is gone and didn't agree to messages")


@pytest.mark.parametrize("language", ["en", "de", "fr"])
@pytest.mark.parametrize("trigger", TRIGGERS)
def test_what_is_said_first_names_the_products_and_never_what_isn_t_known(trigger: Any, language: str) -> None:
    titles = {"a": "The Sunday  Teapot", "b": "The Monday Mug"}
    ids = ("a", "b") if trigger == "comparing" else ("a",)
    moment = Moment(id="1", trigger=trigger, why="", at=START, event="x", product_ids=ids, query="<b>")
    said = opening_of(moment, language=language, title_of=titles.get)
    unknown = opening_of(moment, language=language)
    assert said.endswith(("?", "."))
    assert "{" not in said + unknown
    assert "<b>" not in said
    assert ("The Sunday Teapot" in said) == (trigger != "searching")
    assert "Teapot" not in unknown
    if trigger != "searching":
        assert said != unknown
    assert opening_of(moment, language="xx", title_of=titles.get) == opening_of(moment, title_of=titles.get)


def test_the_rules_are_a_section_of_the_settings() -> None:
    data = tomllib.loads('[shop]\nname = "S"\n[moments]\nlinger_seconds = 30\nquiet_hours = ["20:00", "09:00"]\n')
    assert Settings.model_validate(data).moments.linger_seconds == 30
    for bad in (
        {"linger_seconds": 0},
        {"quiet_hours": ["25:00", "8"]},
        {"triggers": ["lingering"] * 2},
        {"lingers": 3},
    ):
        with pytest.raises(ValidationError):
            MomentRules.model_validate(bad)


steps = st.lists(
    st.tuples(st.sampled_from(EVENT_NAMES), st.integers(0, 400), st.sampled_from("abc"), st.sampled_from([0, 3])),
    max_size=12,
)


@given(steps, st.integers(0, 8_000), st.randoms(use_true_random=False))
def test_the_same_events_in_any_order_give_the_same_moment(steps: Any, now: int, random: Any) -> None:
    events = [
        did(second, name, product, query=f"q{second}", results=results) for name, second, product, results in steps
    ]
    shuffled = list(events)
    random.shuffle(shuffled)
    first = considered(RULES, events, at(now))
    assert first == considered(RULES, shuffled, at(now))
    for each in first:
        assert each.moment.trigger in RULES.triggers
        assert each.moment.why
        assert each.moment.at == at(now)
    later = [event for event in events if event.at <= at(now)]
    assert first == considered(RULES, later, at(now))  # what lies ahead isn't looked at
