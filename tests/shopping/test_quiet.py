"""Nobody is spoken to too often, at night, in a checkout, in the middle of a conversation, or while upset."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.shopping.events import StorefrontEvent
from convagent.shopping.moment_replay import replay
from convagent.shopping.moment_rules import MomentRules, ShownMoment, Visitor, shown
from convagent.shopping.moments import considered, moment_for
from convagent.shopping.quiet import QUIET_REASONS

DUBLIN = ZoneInfo("Europe/Dublin")
START = datetime(2026, 6, 16, 10, 0, tzinfo=DUBLIN)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def did(seconds: float, name: str, *products: str, **rest: Any) -> StorefrontEvent:
    return StorefrontEvent.read({"name": name, "at": at(seconds), "session": "s", "product_ids": products, **rest})


VIEW = did(0, "product_viewed", "teapot")


def quiet(
    *events: StorefrontEvent, now: datetime | None = None, rules: MomentRules | None = None,
    before: tuple[ShownMoment, ...] = (), **visitor: Any,
) -> str | None:  # fmt: skip
    told = considered(rules or MomentRules(), events or [VIEW], now or at(50), before, visitor=Visitor(**visitor))
    assert told, "there is no occasion at all"
    return told[0].quiet


def earlier(ago: timedelta, **rest: Any) -> ShownMoment:
    return ShownMoment(trigger="comparing", at=at(50) - ago, session=rest.pop("session", "other"), **rest)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ({"conversation_open": True}, "conversation_open"),
        ({"upset": True}, "upset"),
        ({"waits_for_person": True}, "waits_for_person"),
        ({"in_holdout": True}, "holdout"),
        ({}, None),
    ],
)
def test_some_visitors_are_left_alone(state: dict[str, Any], reason: str | None) -> None:
    assert quiet(**state) == reason


def test_a_checkout_is_not_disturbed_and_neither_is_who_has_just_bought() -> None:
    step = did(-60, "checkout_started", "mug")
    assert (
        quiet(step, did(-50, "page_viewed"), did(0, "page_left"), did(-90, "product_viewed", "mug"), now=at(1))
        == "in_checkout"
    )
    assert quiet(step, VIEW) is None  # looks at goods again
    assert quiet(did(-3_000, "checkout_completed"), VIEW) == "just_bought"
    assert quiet(did(-90_000, "checkout_completed"), VIEW) is None
    assert quiet(did(-3_000, "checkout_completed"), VIEW, rules=MomentRules(quiet_after_purchase_hours=0)) is None


def test_quiet_hours_go_by_the_clock_of_the_moment_handed_in() -> None:
    night = MomentRules(quiet_hours=("09:30", "10:30"))
    assert quiet(rules=night) == "quiet_hours"
    assert quiet(rules=night, now=at(50).astimezone(ZoneInfo("Asia/Tokyo"))) is None
    over_midnight = MomentRules(quiet_hours=("21:00", "10:01"))
    assert quiet(rules=over_midnight) == "quiet_hours"
    assert quiet(rules=MomentRules(quiet_hours=("21:00", "10:00"))) is None  # the end is no longer quiet
    assert quiet(rules=MomentRules(quiet_hours=None)) is None


def test_after_a_dismissal_it_is_quiet_for_as_long_as_the_rules_say() -> None:
    closed = earlier(timedelta(hours=71), response="dismissed")
    assert quiet(before=(closed,)) == "dismissed"
    assert quiet(before=(earlier(timedelta(hours=73), response="dismissed"),)) is None
    late = earlier(timedelta(hours=100), response="dismissed", responded_at=at(-3_600))
    assert quiet(before=(late,)) == "dismissed"


def test_visits_days_and_customers_have_their_caps() -> None:
    assert quiet(before=(earlier(timedelta(minutes=30), session="s"),)) == "per_session"
    today = tuple(earlier(timedelta(hours=hours), session=str(hours)) for hours in (1, 2))
    assert quiet(before=today) == "per_day"
    assert quiet(before=today[:1]) is None
    month = tuple(earlier(timedelta(days=days), session=str(days)) for days in range(2, 8))
    assert quiet(before=month) == "per_customer"
    assert quiet(before=month[1:]) is None
    assert quiet(before=(earlier(timedelta(minutes=9)),)) == "too_soon"
    assert quiet(rules=MomentRules(per_day=0)) == "per_day"
    assert quiet(rules=MomentRules(per_session=0)) == "per_session"


def test_nobody_is_spoken_to_about_the_same_product_twice() -> None:
    about = ShownMoment(trigger="lingering", at=at(50) - timedelta(days=3), session="x", product_ids=("teapot",))
    assert quiet(before=(about,)) == "shown_before"
    assert quiet(before=(about.model_copy(update={"product_ids": ("mug",)}),)) is None


def test_a_moment_that_was_shown_isn_t_shown_again() -> None:
    moment = moment_for(MomentRules(), [VIEW], at(50))
    assert moment is not None
    loose = MomentRules(per_session=9, per_day=9, minutes_between=0)
    assert moment_for(loose, [VIEW], at(51), [shown(moment)]) is None
    assert moment_for(loose, [VIEW], at(51)) == moment.model_copy(
        update={"at": at(51), "seconds": 51.0, "why": "51 seconds on teapot"}
    )


def test_every_reason_is_told_in_words() -> None:
    assert all(words and words[0].islower() for words in QUIET_REASONS.values())


steps = st.lists(
    st.tuples(
        st.sampled_from(["product_viewed", "page_left", "page_viewed", "product_added_to_cart", "checkout_started"]),
        st.integers(0, 200_000), st.sampled_from("abcd"), st.sampled_from("stu"),
    ),
    max_size=25,
)  # fmt: skip


@given(steps, st.integers(0, 3), st.integers(0, 3))
def test_the_caps_hold_whatever_happens(steps: Any, per_session: int, per_day: int) -> None:
    rules = MomentRules(per_session=per_session, per_day=per_day, minutes_between=15)
    events = [did(second, name, product, session=session, customer="7") for name, second, product, session in steps]
    told = replay(rules, events, zone="Europe/Dublin", visitor=Visitor(accepts_messages=True))
    said = sorted((each.moment for each in told if each.quiet is None), key=lambda each: each.at)
    for session in "stu":
        assert sum(each.session == session for each in said) <= per_session
    for day in {each.at.date() for each in said}:
        assert sum(each.at.date() == day for each in said) <= per_day
    assert all(b.at - a.at >= timedelta(minutes=15) for a, b in pairwise(said))
    for each in said:
        clock = each.at.strftime("%H:%M")
        assert "08:00" <= clock < "21:30"
