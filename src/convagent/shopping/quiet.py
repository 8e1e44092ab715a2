"""When a visitor is left alone: caps, quiet hours, and everything that goes before selling. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Literal

from convagent.shopping.events import CHECKOUT_EVENTS, StorefrontEvent
from convagent.shopping.moment_rules import Moment, MomentRules, ShownMoment, Visitor

__all__ = ["QUIET_REASONS", "QuietReason", "quiet_reason"]

QuietReason = Literal[
    "holdout", "upset", "waits_for_person", "conversation_open", "in_checkout", "just_bought", "quiet_hours", "dismissed",
    "per_session", "per_day", "per_customer", "too_soon", "shown_before", "no_consent",
]  # fmt: skip

QUIET_REASONS: dict[QuietReason, str] = {
    "holdout": "the visitor belongs to the group that meets no assistant",
    "upset": "the visitor is upset: nothing is offered until that is settled",
    "waits_for_person": "the visitor waits for a person: their question goes first",
    "conversation_open": "a conversation is open: the assistant speaks there",
    "in_checkout": "the visitor is in the checkout, where nothing should distract",
    "just_bought": "the visitor has just bought something",
    "quiet_hours": "it is within the quiet hours",
    "dismissed": "the visitor closed a moment not long ago",
    "per_session": "this visit had as many moments as one may have",
    "per_day": "the visitor had as many moments today as a day may have",
    "per_customer": "the visitor had as many moments as a customer may have",
    "too_soon": "the last moment was only a little while ago",
    "shown_before": "the visitor was spoken to about this before",
    "no_consent": "the visitor is gone and didn't agree to messages",
}
"""Why a visitor is left alone, in the order in which it is looked at."""


def quiet_reason(
    rules: MomentRules, moment: Moment, events: Sequence[StorefrontEvent], now: datetime,
    shown_before: Sequence[ShownMoment], visitor: Visitor,
) -> QuietReason | None:  # fmt: skip
    """Why a moment is held back; None when it may be shown.

    Args:
        rules: The shop's.
        moment: What would be shown.
        events: The visitor's, in the order of time, none after `now`.
        now: The moment, in the zone whose clock and calendar count.
        shown_before: What this visitor was shown, in any order.
        visitor: What is known of them besides.
    """
    return (
        _state(visitor)
        or _course(rules, events, now)
        or ("quiet_hours" if within(rules.quiet_hours, now.time()) else None)
        or _caps(rules, moment, now, shown_before)
        or ("no_consent" if moment.place == "away" and not visitor.accepts_messages else None)
    )


def within(hours: tuple[str, str] | None, clock: time) -> bool:
    """Whether a time of day lies from the first of two times until the second, which may be on the next day."""
    if hours is None:
        return False
    begin, end = time.fromisoformat(hours[0]), time.fromisoformat(hours[1])
    plain = clock.replace(tzinfo=None)
    return begin <= plain < end if begin <= end else plain >= begin or plain < end


def _state(visitor: Visitor) -> QuietReason | None:
    if visitor.in_holdout:
        return "holdout"
    if visitor.upset:
        return "upset"
    if visitor.waits_for_person:
        return "waits_for_person"
    return "conversation_open" if visitor.conversation_open else None


def _course(rules: MomentRules, events: Sequence[StorefrontEvent], now: datetime) -> QuietReason | None:
    """In a checkout, or just out of one. Pages are viewed in a checkout too; who looks at goods again has left it."""
    step: datetime | None = None
    bought: datetime | None = None
    for event in events:
        if event.name in CHECKOUT_EVENTS:
            step = event.at
        elif event.name == "checkout_completed":
            step, bought = None, event.at
        elif event.name not in {"page_viewed", "page_left"}:
            step = None
    if step is not None and now - step < timedelta(minutes=rules.checkout_minutes):
        return "in_checkout"
    if bought is not None and now - bought < timedelta(hours=rules.quiet_after_purchase_hours):
        return "just_bought"
    return None


def _caps(rules: MomentRules, moment: Moment, now: datetime, shown_before: Sequence[ShownMoment]) -> QuietReason | None:
    """What was shown at a moment that lies ahead counts as shown just now: clocks of several machines differ a little."""
    for each in shown_before:
        if each.response == "dismissed" and now - (each.responded_at or each.at) < timedelta(
            hours=rules.quiet_after_dismissal_hours
        ):
            return "dismissed"
    of_visit = sum(each.session is not None and each.session == moment.session for each in shown_before)
    if rules.per_session == 0 or (moment.session is not None and of_visit >= rules.per_session):
        return "per_session"
    today = now.date()
    if sum(each.at.astimezone(now.tzinfo).date() >= today for each in shown_before) >= rules.per_day:
        return "per_day"
    lately = timedelta(days=rules.customer_days)
    if sum(now - each.at < lately for each in shown_before) >= rules.per_customer:
        return "per_customer"
    if any(now - each.at < timedelta(minutes=rules.minutes_between) for each in shown_before):
        return "too_soon"
    about = set(moment.product_ids)
    for each in shown_before:
        same = each.trigger == moment.trigger and about & set(each.product_ids)
        if (each.id is not None and each.id == moment.id) or (same and now - each.at < lately):
            return "shown_before"
    return None
