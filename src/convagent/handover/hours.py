"""Opening hours: who is there at a moment, when somebody is there again, and when working hours will have passed.

Hours are wall-clock times in the shop's zone; everything is reckoned on absolute time, so that a night in which the clocks
change counts the hours it has. A day's hours belong to the day on which they begin: hours past midnight are closed with
it. Touching and overlapping hours are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from convagent.errors import FactsError, ShopError
from convagent.facts import WEEKDAYS, OpeningHours

__all__ = ["check_hours", "expected_by", "is_open", "next_opening", "zone_of"]

HORIZON_DAYS = 400
"""How far ahead is looked: a shop that doesn't open within it never opens."""

_TIME = re.compile(r"^([01]?\d|2[0-4]):([0-5]\d)$", re.ASCII)
_COUNTRY = re.compile(r"^([A-Za-z]{2})(?:-([A-Za-z0-9]{1,4}))?$", re.ASCII)
_MIDNIGHT = 24 * 60


def is_open(hours: OpeningHours, moment: datetime, zone: tzinfo | None = None) -> bool:
    """Whether somebody is there at `moment`; the moment of closing is closed.

    Args:
        hours: Hours of a team or shop.
        moment: With a time zone.
        zone: The zone that the hours are meant in; the moment's own when it is left out.

    Raises:
        ShopError: The hours can't be read.
        FactsError: The moment has no time zone.
    """
    start, end = next(_from(hours, moment, zone), (None, None))
    return start is not None and end is not None and start <= moment < end


def next_opening(hours: OpeningHours, moment: datetime, zone: tzinfo | None = None) -> datetime | None:
    """The first moment after `moment` at which somebody comes, None when nobody does within 400 days.

    While it is open, that is the opening after the next closing. Arguments and errors as in `is_open`.
    """
    opening = next((start for start, _end in _from(hours, moment, zone) if start > moment), None)
    return None if opening is None else _wall(opening, zone or moment.tzinfo)


def expected_by(
    hours: OpeningHours, moment: datetime, working_hours: Decimal | int, zone: tzinfo | None = None
) -> datetime | None:
    """When `working_hours` will have passed, counted while it is open alone.

    The answer lies in opening hours, or on a moment of closing when the hours are used up just then.

    Args:
        hours: Hours of a team or shop.
        moment: From when on it is counted, with a time zone.
        working_hours: 0 or more; 0 is the moment itself, or the next opening.
        zone: As in `is_open`; the answer is in it.

    Returns:
        The moment; None when there are not that many hours within 400 days.

    Raises:
        ShopError: The hours can't be read.
        FactsError: The moment has no time zone.
    """
    left = timedelta(microseconds=int(max(Decimal(working_hours), Decimal(0)) * 3_600_000_000))
    for start, end in _from(hours, moment, zone):
        begin = max(start, moment.astimezone(UTC))
        if begin + left <= end:
            return _wall(begin + left, zone or moment.tzinfo)
        left -= end - begin
    return None


def check_hours(hours: OpeningHours) -> None:
    """Reads hours once, so that a fault is found when the shop is opened and not when a customer waits.

    Raises:
        ShopError: A weekday, a time or the country of the holidays can't be read.
    """
    _week(tuple(sorted((day, tuple(times)) for day, times in hours.days.items())))
    if hours.holidays is not None:
        _public_holidays(hours.holidays, 2026)  # any year tells whether the country is known


def zone_of(name: str) -> ZoneInfo:
    """The time zone with an IANA name such as Europe/Dublin.

    Raises:
        ShopError: There is none of this name.
    """
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError) as error:
        raise ShopError(
            f"there is no time zone {name[:60]!r}", code="time-zone", remedy="Use an IANA name such as Europe/Dublin."
        ) from error


def _wall(moment: datetime, zone: tzinfo | None) -> datetime:
    return moment.astimezone(zone)


def _from(hours: OpeningHours, moment: datetime, zone: tzinfo | None) -> Iterator[tuple[datetime, datetime]]:
    """Stretches in UTC that end after `moment`, in order, none touching the next."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise FactsError(
            f"{moment.isoformat()} has no time zone", code="moment-zone", remedy="Hand in an aware datetime."
        )
    try:
        now, today = moment.astimezone(UTC), moment.astimezone(zone or moment.tzinfo).date()
    except OverflowError as error:
        raise FactsError(f"{moment.isoformat()} lies outside the calendar", code="moment-zone") from error
    held: tuple[datetime, datetime] | None = None
    for start, end in _stretches(hours, today, zone or moment.tzinfo):
        if end <= now:
            continue
        if held is None:
            held = (start, end)
        elif start <= held[1]:
            held = (held[0], max(held[1], end))
        else:
            yield held
            held = (start, end)
    if held is not None:
        yield held


def _stretches(hours: OpeningHours, today: date, zone: tzinfo) -> Iterator[tuple[datetime, datetime]]:
    week = _week(tuple(sorted((day, tuple(times)) for day, times in hours.days.items())))
    if not week:
        return
    for ahead in range(-2, HORIZON_DAYS):
        try:
            day = today + timedelta(days=ahead)
            span = None if _is_closed(hours, day) else week.get(day.weekday())
            if span is None:
                continue
            start, end = _absolute(day, span[0], zone), _absolute(day, span[1], zone)
        except OverflowError:  # the calendar ends with the year 9999
            continue
        if start < end:  # hours that lie wholly in the hour that the clocks skip don't exist
            yield start, end


def _absolute(day: date, minutes: int, zone: tzinfo) -> datetime:
    """A wall-clock time as absolute time: of two the first; one that the clocks skip is the moment they change."""
    day += timedelta(days=minutes // _MIDNIGHT)
    hour, minute = divmod(minutes % _MIDNIGHT, 60)
    wall = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
    late, early = wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
    if early >= late:
        return late
    new_offset = late.astimezone(zone).utcoffset()  # PEP 495: in a gap the first fold lies after the change
    while late - early > timedelta(minutes=1):
        middle = early + (late - early) // 2
        if middle.astimezone(zone).utcoffset() == new_offset:
            late = middle
        else:
            early = middle
    return late.replace(second=0, microsecond=0)


def _is_closed(hours: OpeningHours, day: date) -> bool:
    if day in hours.closed_on:
        return True
    return hours.holidays is not None and day in _public_holidays(hours.holidays, day.year)


@lru_cache(maxsize=128)
def _week(days: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[int, tuple[int, int]]:
    """Minutes from midnight by weekday, Monday 0; an end past midnight is over 1440."""
    week: dict[int, tuple[int, int]] = {}
    for name, (opens, closes) in days:
        if name.lower() not in WEEKDAYS:
            raise _unreadable(f"{name!r} is no weekday", f"Weekdays are {', '.join(WEEKDAYS)}.")
        start, end = _minutes(opens), _minutes(closes)
        if start in {end, _MIDNIGHT}:
            raise _unreadable(f"{name}: {opens} to {closes} is no time at all", 'A whole day is "00:00" to "24:00".')
        week[WEEKDAYS.index(name.lower())] = (start, end if end > start else end + _MIDNIGHT)
    return week


def _minutes(text: str) -> int:
    found = _TIME.match(text.strip())
    minutes = int(found[1]) * 60 + int(found[2]) if found else _MIDNIGHT + 1
    if minutes > _MIDNIGHT:
        raise _unreadable(f"{text[:20]!r} is no time of day", 'Write "09:00" to "24:00".')
    return minutes


@lru_cache(maxsize=256)
def _public_holidays(country: str, year: int) -> frozenset[date]:
    import holidays

    found = _COUNTRY.match(country.strip())
    if found is None:
        raise _unreadable(f"{country[:20]!r} is no country", "Write IE, or DE-BY for a part of it.")
    try:
        known = holidays.country_holidays(found[1].upper(), subdiv=found[2] and found[2].upper(), years=year)
    except NotImplementedError as error:
        raise _unreadable(f"the public holidays of {country} are not known", "List the days in closed_on.") from error
    return frozenset(known)


def _unreadable(found: str, remedy: str) -> ShopError:
    return ShopError(f"opening hours: {found}", code="opening-hours", remedy=remedy)
