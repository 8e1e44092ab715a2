"""Proactive moments: when what a visitor does in the storefront is an occasion to speak first. Pure, and seldom.

moment = moment_for(rules, events, now, shown_before)
if moment is not None:
    print(moment.trigger, moment.why)
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from convagent.errors import ConvagentError, FactsError
from convagent.shopping.events import CHECKOUT_EVENTS, StorefrontEvent, in_order
from convagent.shopping.moment_rules import Moment, MomentRules, ShownMoment, Trigger, Visitor
from convagent.shopping.quiet import QUIET_REASONS, QuietReason, quiet_reason

__all__ = ["Consideration", "KindOf", "cart_of", "considered", "moment_for", "next_look"]

KindOf = Callable[[str], str | None]
"""What kind of product an id is of, such as Teapot; None where it isn't known."""

MAX_EVENTS = 5_000
"""Of so many, the latest, a visitor's events are looked at."""

_SAME_PAGE = timedelta(seconds=2)
"""Storefronts tell of a page and of the product on it within so long."""

_AT_ONCE = timedelta(seconds=30)
"""Who left the page longer ago can't be spoken to there."""

_SHOWN_PRODUCTS = 4
_STILL_LOOKING = frozenset({"search_submitted", "page_viewed", "collection_viewed"})
_TOUCHES_CART = CHECKOUT_EVENTS | {"product_added_to_cart", "product_removed_from_cart", "cart_viewed"}


@dataclass(frozen=True, slots=True)
class Consideration:
    """A trigger that was looked at.

    Attributes:
        moment: What it would bring about.
        quiet: Why it is held back; None when it may be shown.
    """

    moment: Moment
    quiet: QuietReason | None

    def __str__(self) -> str:
        """One line for the shop's people."""
        told = f"held back: {QUIET_REASONS[self.quiet]}" if self.quiet else "may be shown"
        return f"{self.moment.trigger}: {self.moment.why}; {told}"


@dataclass(frozen=True, slots=True)
class _Visit:
    """What a visitor did, seen from a moment."""

    events: tuple[StorefrontEvent, ...]
    now: datetime
    rules: MomentRules
    kind_of: KindOf | None

    @property
    def last(self) -> StorefrontEvent:
        return self.events[-1]

    @property
    def session(self) -> tuple[StorefrontEvent, ...]:
        """The events of the visit that is going on."""
        return tuple(event for event in self.events if event.session == self.last.session)

    @property
    def is_there(self) -> bool:
        away = self.now - self.last.at
        return self.last.name != "page_left" and away <= timedelta(minutes=self.rules.present_minutes)

    def within(self, minutes: float) -> tuple[StorefrontEvent, ...]:
        return tuple(event for event in self.session if self.now - event.at <= timedelta(minutes=minutes))


def moment_for(
    rules: MomentRules, events: Sequence[StorefrontEvent], now: datetime, shown_before: Sequence[ShownMoment] = (), *,
    visitor: Visitor | None = None, kind_of: KindOf | None = None,
) -> Moment | None:  # fmt: skip
    """The moment at which to speak to a visitor unasked, if this is one.

    Args:
        rules: The shop's.
        events: One visitor's, in any order; what lies after `now` isn't looked at.
        now: The moment, in the zone whose clock and calendar the caps and quiet hours go by.
        shown_before: What this visitor was shown so far, by `shown`.
        visitor: What is known of them besides: an open conversation, their mood, their consent.
        kind_of: Kinds of products; with them only products of one kind count as compared.

    Returns:
        The first of the rules' triggers that isn't held back; None when there is no occasion, or a reason to keep quiet. The
        same input gives the same moment, with the same id.

    Raises:
        FactsError: `event-visitors`: the events are those of several customers.
        ConvagentError: `moment-zone`: `now` has no time zone.
    """
    found = considered(rules, events, now, shown_before, visitor=visitor, kind_of=kind_of)
    return next((each.moment for each in found if each.quiet is None), None)


def considered(
    rules: MomentRules, events: Sequence[StorefrontEvent], now: datetime, shown_before: Sequence[ShownMoment] = (), *,
    visitor: Visitor | None = None, kind_of: KindOf | None = None,
) -> tuple[Consideration, ...]:  # fmt: skip
    """Every trigger that what happened sets off, in the rules' order, with the reason where it is held back.

    Args:
        rules: The shop's.
        events: One visitor's.
        now: The moment.
        shown_before: What was shown so far.
        visitor: What is known besides.
        kind_of: Kinds of products.

    Raises:
        FactsError: `event-visitors`.
        ConvagentError: `moment-zone`.
    """
    visit = _visit(rules, events, now, kind_of)
    if visit is None:
        return ()
    known = visitor or Visitor()
    moments = (_TRIGGERS[trigger](visit) for trigger in rules.triggers)
    return tuple(
        Consideration(moment, quiet_reason(rules, moment, visit.events, now, shown_before, known))
        for moment in moments
        if moment is not None
    )


def next_look(rules: MomentRules, events: Sequence[StorefrontEvent], now: datetime) -> datetime | None:
    """When time alone may bring a moment about: to look again then is enough, unless an event comes first.

    Args:
        rules: The shop's.
        events: One visitor's.
        now: The moment.

    Returns:
        A moment after `now`; None when nothing is to be waited for.

    Raises:
        FactsError: `event-visitors`.
        ConvagentError: `moment-zone`.
    """
    visit = _visit(rules, events, now, None)
    if visit is None:
        return None
    waits: list[datetime] = []
    if "lingering" in rules.triggers and (view := _standing_view(visit)) is not None:
        waits.append(view.at + timedelta(seconds=rules.linger_seconds))
    cart, touched = cart_of(visit.events)
    if "abandoned_cart" in rules.triggers and cart and touched is not None:
        after = timedelta(minutes=rules.abandoned_after_minutes)
        waits += [touched + after, visit.last.at + after]
    return min((wait for wait in waits if wait > now), default=None)


def cart_of(events: Sequence[StorefrontEvent]) -> tuple[tuple[str, ...], datetime | None]:
    """The products that lie in the cart by what the events tell, and when it was last touched.

    A cart that is shown with its products, or as worth nothing, is believed; what was bought is no longer in it.

    Args:
        events: One visitor's, in the order of time.
    """
    cart: dict[str, None] = {}
    touched: datetime | None = None
    for event in events:
        if event.name == "checkout_completed":
            cart, touched = {}, None
        elif event.name in _TOUCHES_CART:
            touched = event.at
            if event.name == "product_added_to_cart":
                cart |= dict.fromkeys(event.product_ids)
            elif event.name == "product_removed_from_cart":
                cart = {each: None for each in cart if each not in event.product_ids}
            elif event.product_ids or (event.value is not None and event.value.minor == 0):
                cart = dict.fromkeys(event.product_ids)
    return tuple(cart), touched


def _visit(
    rules: MomentRules, events: Sequence[StorefrontEvent], now: datetime, kind_of: KindOf | None
) -> _Visit | None:
    if now.tzinfo is None:
        raise ConvagentError(
            "this moment has no time zone", code="moment-zone", remedy="Hand in one such as `agent.now()`."
        )
    customers = {event.customer for event in events if event.customer is not None}
    if len(customers) > 1:
        raise FactsError(
            f"these are events of {len(customers)} customers", code="event-visitors",
            remedy="Hand in the events of one visitor: what somebody looks at is nobody else's business.",
        )  # fmt: skip
    past = in_order(event for event in events if event.at <= now)[-MAX_EVENTS:]
    return _Visit(past, now, rules, kind_of) if past else None


# ---- triggers
def _leaving(visit: _Visit) -> Moment | None:
    last, session = visit.last, visit.session
    if last.name != "page_left" or visit.now - last.at > _AT_ONCE:
        return None
    lasted = (last.at - session[0].at).total_seconds()
    cart, _ = cart_of(visit.events)
    viewed = _viewed(session)
    if lasted < visit.rules.leave_after_seconds or not (cart or viewed):
        return None
    products = cart or viewed[-1:]
    what = f"with {_count(len(cart), 'product')} in the cart" if cart else f"after looking at {viewed[-1]}"
    return _moment(visit, "leaving", f"about to leave {what}", last, products=products, seconds=lasted)


def _searching(visit: _Visit) -> Moment | None:
    if visit.last.name not in _STILL_LOOKING or not visit.is_there:
        return None
    searches: list[StorefrontEvent] = []
    for event in visit.within(visit.rules.search_minutes):
        if event.name == "search_submitted":
            searches.append(event)
        elif event.name == "product_added_to_cart":
            searches = []  # what was looked for is found
    if not searches:
        return None
    last = searches[-1]
    empty = {_said(event) for event in searches if event.results == 0}
    queries = {_said(event) for event in searches}
    if last.results == 0 and len(empty) >= visit.rules.empty_searches:
        why = f"{_count(len(empty), 'search', 'searches')} found nothing, the last for “{last.query}”"
    elif len(queries) >= visit.rules.searches:
        why = f"{len(queries)} searches within {visit.rules.search_minutes:g} minutes, the last for “{last.query}”"
    else:
        return None
    return _moment(visit, "searching", why, last, query=last.query)


def _comparing(visit: _Visit) -> Moment | None:
    if not visit.is_there:
        return None
    views: list[StorefrontEvent] = []
    for event in visit.within(visit.rules.compare_minutes):
        if event.name == "product_viewed" and (not views or views[-1].product_ids[0] != event.product_ids[0]):
            views.append(event)
        elif event.name == "product_added_to_cart":
            views = []  # decided
    if visit.kind_of is not None and views:
        kind = visit.kind_of(views[-1].product_ids[0])
        views = [each for each in views if kind is not None and visit.kind_of(each.product_ids[0]) == kind]
    ids = [event.product_ids[0] for event in views]
    distinct = tuple(dict.fromkeys(reversed(ids)))[:_SHOWN_PRODUCTS][::-1]
    returned = len(distinct) > 1 and ids.count(ids[-1]) > 1
    if len(set(ids)) < visit.rules.compare_products and not returned:
        return None
    why = f"{len(set(ids))} products by turns" + (f", back to {ids[-1]}" if returned else "")
    return _moment(visit, "comparing", why, views[-1], products=distinct)


def _lingering(visit: _Visit) -> Moment | None:
    view = _standing_view(visit)
    if view is None:
        return None
    seconds = (visit.now - view.at).total_seconds()
    longest = max(visit.rules.present_minutes * 60, visit.rules.linger_seconds + 60)
    if not visit.rules.linger_seconds <= seconds <= longest:
        return None
    why = f"{seconds:.0f} seconds on {view.product_ids[0]}"
    return _moment(visit, "lingering", why, view, products=view.product_ids[:1], seconds=seconds)


def _abandoned(visit: _Visit) -> Moment | None:
    cart, touched = cart_of(visit.events)
    if not cart or touched is None:
        return None
    after, idle = timedelta(minutes=visit.rules.abandoned_after_minutes), visit.now - touched
    if not after <= idle <= timedelta(hours=visit.rules.abandoned_within_hours):
        return None
    away = visit.now - visit.last.at >= after
    if not away and not visit.is_there:
        return None  # neither here nor long gone
    last = next(event for event in reversed(visit.events) if event.name in _TOUCHES_CART)
    why = f"{_count(len(cart), 'product')} in a cart that nobody touched for {idle.total_seconds() / 60:.0f} minutes"
    moment = _moment(visit, "abandoned_cart", why, last, products=cart, seconds=idle.total_seconds())
    return moment.model_copy(update={"place": "away"}) if away else moment


_TRIGGERS: dict[Trigger, Callable[[_Visit], Moment | None]] = {
    "leaving": _leaving, "searching": _searching, "comparing": _comparing, "lingering": _lingering,
    "abandoned_cart": _abandoned,
}  # fmt: skip


def _standing_view(visit: _Visit) -> StorefrontEvent | None:
    """The product that the visitor has been looking at ever since."""
    views = [event for event in visit.session if event.name == "product_viewed"]
    if not views:
        return None
    since = [event for event in visit.events if event.at >= views[-1].at and event is not views[-1]]
    same_page = all(event.name == "page_viewed" and event.at - views[-1].at <= _SAME_PAGE for event in since)
    return views[-1] if same_page else None


def _viewed(events: Sequence[StorefrontEvent]) -> tuple[str, ...]:
    return tuple(event.product_ids[0] for event in events if event.name == "product_viewed")


def _said(event: StorefrontEvent) -> str:
    return " ".join((event.query or "").casefold().split())


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _moment(
    visit: _Visit, trigger: Trigger, why: str, event: StorefrontEvent, *, products: tuple[str, ...] = (),
    query: str | None = None, seconds: float = 0.0,
) -> Moment:  # fmt: skip
    customer = next((each.customer for each in reversed(visit.events) if each.customer is not None), None)
    rest = (visit.last.session or customer or "", trigger, event.name, event.at.isoformat(), *products, query or "")
    return Moment(
        id=hashlib.sha256("\0".join(rest).encode("utf-8", "replace")).hexdigest()[:16], trigger=trigger, why=why,
        at=visit.now, event=event.name, seconds=round(seconds, 3), product_ids=products[:500], query=query,
        session=visit.last.session, customer=customer,
    )  # fmt: skip
