"""Feasts that customers name a day by, those that move with Easter among them, in English, German and French."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

__all__ = ["FEASTS", "feast_in"]

_FIXED: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "christmas eve": (12, 24), "heiligabend": (12, 24), "heiligabends": (12, 24), "la veille de noël": (12, 24),
        "christmas day": (12, 25), "christmas": (12, 25), "xmas": (12, 25), "weihnachten": (12, 25), "noël": (12, 25),
        "noel": (12, 25), "boxing day": (12, 26), "new year's eve": (12, 31), "new years eve": (12, 31), "silvester": (12, 31),
        "new year's day": (1, 1), "new year's": (1, 1), "new year": (1, 1), "neujahr": (1, 1), "le nouvel an": (1, 1),
        "halloween": (10, 31), "valentine's day": (2, 14), "valentines day": (2, 14), "valentine's": (2, 14),
        "valentinstag": (2, 14), "la saint-valentin": (2, 14), "nikolaus": (12, 6), "st patrick's day": (3, 17),
    }
)  # fmt: skip
"""Month and day of those that have the same each year."""

_FROM_EASTER: Mapping[str, int] = MappingProxyType(
    {
        "good friday": -2, "karfreitag": -2, "vendredi saint": -2, "easter": 0, "easter sunday": 0, "ostern": 0,
        "ostersonntag": 0, "pâques": 0, "paques": 0, "easter monday": 1, "ostermontag": 1, "le lundi de pâques": 1,
        "ascension day": 39, "christi himmelfahrt": 39, "himmelfahrt": 39, "l'ascension": 39, "whitsun": 49, "pentecost": 49,
        "pfingsten": 49, "pfingstsonntag": 49, "la pentecôte": 49, "pfingstmontag": 50, "fronleichnam": 60,
    }
)  # fmt: skip
"""How many days those that move lie behind Easter Sunday."""

FEASTS: Mapping[str, object] = MappingProxyType({**_FIXED, **_FROM_EASTER})
"""All feasts by name."""


def feast_in(name: str, year: int) -> date | None:
    """The day of a feast in a year; None for a year that the calendar doesn't have.

    Args:
        name: One of `FEASTS`.
        year: The year, 1 to 9999.
    """
    try:
        if name in _FIXED:
            return date(year, *_FIXED[name])
        return _easter(year) + timedelta(days=_FROM_EASTER[name])
    except (ValueError, OverflowError):
        return None


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm in Meeus, Astronomical Algorithms, chapter 8)."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leaps, of_four = divmod(century, 4)
    moon = (19 * golden + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * of_four + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
