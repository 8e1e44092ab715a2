"""Days of the calendar and of business, counted on the shop's calendar; plain `days` are spans of 24 hours."""

from __future__ import annotations

from collections.abc import Container
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from convagent.facts import WEEKDAYS, OpeningHours
from convagent.guidance.values import CALENDAR_UNITS, UNKNOWN, Duration, Unknown

__all__ = ["in_days_of", "stepped"]

MOST_DAYS = 3_660
"""Ten years: longer spans of business days are unknown, since each day is looked at."""


def stepped(start: date, step: Duration, hours: Any, *, back: bool = False) -> date | Unknown:
    """The day or moment so many calendar or business days after another.

    A moment keeps its time of day. From a day without business, the next one with business is one business day away.

    Args:
        start: A day, or a moment in the shop's zone.
        step: In `calendar days` or `business days`.
        hours: The shop's opening hours, `OpeningHours`; without them business days are unknown.
        back: Before instead of after.

    Returns:
        UNKNOWN for parts of days, spans beyond ten years and days outside the calendar.
    """
    count = int(step.count)
    if count != step.count or abs(count) > MOST_DAYS:
        return UNKNOWN
    days = -count if back else count
    try:
        if step.unit == "calendar days":
            return _moved(start, days)
        calendar = _calendar(hours)
        if calendar is None:
            return UNKNOWN
        end, left = _day(start), abs(days)
        for _ in range(3 * MOST_DAYS):
            if left == 0:
                return _moved(start, (end - _day(start)).days)
            end += timedelta(days=1 if days > 0 else -1)
            left -= _is_business(end, calendar)
    except OverflowError:
        return UNKNOWN
    return UNKNOWN


def in_days_of(span: Duration, unit: str, hours: Any) -> Duration | Unknown:
    """The span between two days or moments in calendar or business days: how many such days begin within it.

    Args:
        span: A difference, with the two ends that it lies between.
        unit: `calendar days` or `business days`.
        hours: As for `stepped`.
    """
    if span.between is None:
        return UNKNOWN
    later, earlier = (_day(end) for end in span.between)
    whole = (later - earlier).days
    if abs(whole) > MOST_DAYS:
        return UNKNOWN
    if unit == "business days":
        calendar = _calendar(hours)
        if calendar is None:
            return UNKNOWN
        first = min(later, earlier)
        count = sum(_is_business(first + timedelta(days=n), calendar) for n in range(1, abs(whole) + 1))
        whole = count if whole >= 0 else -count
    from decimal import Decimal

    return Duration(Decimal(whole), unit) if unit in CALENDAR_UNITS else UNKNOWN  # type: ignore[arg-type]


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _moved(start: date, days: int) -> date:
    """The same time of day so many days on; a time that a clock change skips is moved by it."""
    moved = start + timedelta(days=days)
    if isinstance(moved, datetime) and moved.tzinfo is not None:
        return moved.astimezone(UTC).astimezone(moved.tzinfo)
    return moved


Calendar = tuple[frozenset[int], frozenset[date], str | None]


def _calendar(hours: Any) -> Calendar | None:
    """Open weekdays, single days that are closed, and the country whose holidays are kept."""
    if not isinstance(hours, OpeningHours):
        return None
    weekdays = frozenset(number for number, name in enumerate(WEEKDAYS) if name in hours.days)
    return (weekdays, frozenset(hours.closed_on), hours.holidays) if weekdays else None


def _is_business(day: date, calendar: Calendar) -> bool:
    weekdays, closed, country = calendar
    if day.weekday() not in weekdays or day in closed:
        return False
    return country is None or day not in _holidays(country, day.year)


@lru_cache(maxsize=64)
def _holidays(country: str, year: int) -> Container[date]:
    """Public holidays of a country in a year; none for a country that is not known."""
    from holidays import country_holidays

    code, _, region = country.partition("-")
    try:
        return frozenset(country_holidays(code, subdiv=region or None, years=year))
    except (NotImplementedError, KeyError):
        return frozenset()
