"""Days as the shop counts them: in Dublin, without weekends and public holidays."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from holidays import country_holidays

from convagent.actions import CallContext

__all__ = ["DUBLIN", "is_working_day", "months_later", "today_of", "working_days", "working_days_later"]

DUBLIN = ZoneInfo("Europe/Dublin")


def today_of(context: CallContext) -> date:
    """The day of the turn, in Dublin."""
    return context.now.astimezone(DUBLIN).date()


@cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(country_holidays("IE", years=year))


def is_working_day(day: date) -> bool:
    """Whether the shop works on a day."""
    return day.weekday() < 5 and day not in _holidays(day.year)


def working_days(start: date, end: date) -> int:
    """Working days after `start` up to `end`; 0 when `end` isn't later."""
    return sum(is_working_day(start + timedelta(days=n)) for n in range(1, min((end - start).days, 4_000) + 1))


def months_later(day: date, months: int) -> date:
    """The same day some months later, or the month's last."""
    index = day.month - 1 + months
    first = date(day.year + index // 12, index % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return min(first + timedelta(days=day.day - 1), last)


def working_days_later(day: date, days: int) -> date:
    """The working day that comes so many working days after a day; with 0 the day itself, or the next working day."""
    while days > 0 or not is_working_day(day):
        day += timedelta(days=1)
        if is_working_day(day):
            days -= 1
    return day
