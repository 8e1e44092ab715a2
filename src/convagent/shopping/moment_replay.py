"""Past events run through the rules of proactive moments: to see what they would do before anybody meets them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from convagent.shopping.events import StorefrontEvent, in_order
from convagent.shopping.moment_rules import MomentRules, ShownMoment, Visitor, shown
from convagent.shopping.moments import Consideration, considered, next_look

__all__ = ["replay"]

MAX_LOOKS = 2_000
"""Of one visitor; who does more is a machine, and the rest isn't looked at."""

_RECENT = 500
"""So many events back each look goes."""


def replay(
    rules: MomentRules | None, events: Iterable[StorefrontEvent], *, zone: str = "UTC", visitor: Visitor | None = None
) -> tuple[Consideration, ...]:
    """Every moment that events would have brought about, and every one held back, each occasion once, in the order of time.

    The rules are asked after each event and whenever time alone may bring a moment about. A moment that may be shown counts as
    shown and passed over.

    Args:
        rules: The shop's; the defaults without them.
        events: Of any number of visitors, told apart by customer, else by session.
        zone: IANA name of the zone whose clock and calendar count.
        visitor: What is known of all of them besides.
    """
    settings, clock = rules or MomentRules(), ZoneInfo(zone)
    of_visitor: dict[str, list[StorefrontEvent]] = {}
    listed = in_order(events)
    customers: dict[str, set[str]] = {}
    for event in listed:
        if event.customer and event.session:
            customers.setdefault(event.session, set()).add(event.customer)
    for event in listed:
        known = customers.get(event.session or "", set())
        who = event.customer or (next(iter(known)) if len(known) == 1 else None)
        of_visitor.setdefault(f"customer {who}" if who else f"session {event.session}", []).append(event)
    found = [each for mine in of_visitor.values() for each in _of_one(settings, mine, clock, visitor or Visitor())]
    return tuple(sorted(found, key=lambda each: (each.moment.at, each.moment.session or "", each.moment.trigger)))


def _of_one(rules: MomentRules, events: list[StorefrontEvent], zone: ZoneInfo, visitor: Visitor) -> list[Consideration]:
    found: dict[tuple[str, str | None], Consideration] = {}
    before: list[ShownMoment] = []
    for now, so_far in _looks(rules, events):
        recent = events[max(0, so_far - _RECENT) : so_far]
        for each in considered(rules, recent, now.astimezone(zone), before, visitor=visitor):
            if each.quiet is None:
                before.append(shown(each.moment))
            key = (each.moment.trigger, each.moment.product_ids[0] if each.moment.product_ids else each.moment.query)
            if key not in found or (found[key].quiet is not None and each.quiet is None):
                found[key] = each
            if each.quiet is None:
                break
    return list(found.values())


def _looks(rules: MomentRules, events: list[StorefrontEvent]) -> Iterator[tuple[datetime, int]]:
    """When to ask, and after how many events: at each event, and when time alone may bring something about before the next."""
    looks = 0
    for place, event in enumerate(events):
        then = events[place + 1].at if place + 1 < len(events) else None
        wait: datetime | None = event.at
        while wait is not None and (wait == event.at or then is None or wait < then):
            if looks == MAX_LOOKS:
                return
            looks += 1
            yield wait, place + 1
            wait = next_look(rules, events[max(0, place + 1 - _RECENT) : place + 1], wait)
