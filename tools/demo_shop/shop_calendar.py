"""Wrenfold's days: the demo's moment, working days in Ireland, and when parcels leave."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

__all__ = ["DUBLIN", "NOW", "SALE_OPENS", "add_working_days", "is_working_day", "leaves_on", "wake", "waking_minutes"]

DUBLIN = ZoneInfo("Europe/Dublin")
NOW = datetime(2026, 6, 16, 10, 30, tzinfo=DUBLIN)
"""The moment from which the demo shop is seen."""
SALE_OPENS = datetime(2026, 6, 12, 12, 0, tzinfo=DUBLIN)
"""From here on the goods tagged `midsummer-sale` cost less."""

_CUT_OFF = time(14, 0)
_FIRST_HOUR = 7
_WAKING_HOURS = 16
_FIRST_DAY = date(2026, 1, 1)


@cache
def _holidays(year: int) -> frozenset[date]:
    from holidays import country_holidays

    return frozenset(country_holidays("IE", years=year))


def is_working_day(day: date) -> bool:
    """Whether it is Monday to Friday and no public holiday in Ireland."""
    return day.weekday() < 5 and day not in _holidays(day.year)


def add_working_days(day: date, count: int) -> date:
    """The working day that lies `count` working days after `day`."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def leaves_on(placed: datetime, *, making_days: int = 0) -> date:
    """The day a parcel leaves: the same working day when ordered before 14:00, else the next; later when made to order."""
    day = placed.date()
    if not is_working_day(day) or placed.time() >= _CUT_OFF:
        day = add_working_days(day, 1)
    return add_working_days(day, making_days)


def waking_minutes(moment: datetime) -> int:
    """Minutes since New Year, counting only those between 7:00 and 23:00, when people order things."""
    since_first_hour = (moment.hour - _FIRST_HOUR) * 60 + moment.minute
    within = min(max(since_first_hour, 0), _WAKING_HOURS * 60 - 1)
    return (moment.date() - _FIRST_DAY).days * _WAKING_HOURS * 60 + within


def wake(minutes: int) -> datetime:
    """The moment that `waking_minutes` counts as `minutes`."""
    days, within = divmod(minutes, _WAKING_HOURS * 60)
    day = _FIRST_DAY + timedelta(days=days)
    return datetime.combine(day, time(_FIRST_HOUR + within // 60, within % 60), DUBLIN)
