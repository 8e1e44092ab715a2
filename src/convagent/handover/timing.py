"""How the time of an expected answer is worded: "tomorrow, 10:30 (Dublin time)"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from convagent.guidance.wording import Wording

__all__ = ["worded_moment"]

_STEP_MINUTES: Final = 5
"""Times are told to five minutes, rounded up: nobody is promised an answer earlier than it is due."""

_DAYS: Final[Mapping[str, str]] = {"en": "EEEE d MMMM", "de": "EEEE, d. MMMM", "fr": "EEEE d MMMM"}
_TODAY: Final[Mapping[str, str]] = {
    "en": "{time} today",
    "de": "heute, {time} Uhr",
    "fr": "aujourd'hui à {time}",
}
_OTHER: Final[Mapping[str, str]] = {"en": "{day}, {time}", "de": "{day}, {time} Uhr", "fr": "{day} à {time}"}
_ZONE: Final[Mapping[str, str]] = {"en": "({place} time)", "de": "(Ortszeit {place})", "fr": "(heure locale : {place})"}
_PLAIN: Final = "{day}, {time}"
_NEAR: Final = frozenset({"en", "de", "fr", "es", "it", "pt", "nl"})
"""Languages in which today and tomorrow have their names; the others give the whole date."""


def worded_moment(moment: datetime, *, now: datetime, language: str, names_zone: bool = False) -> str:
    """A moment that is near, as one would say it: today and tomorrow by name, else the weekday and date.

    Args:
        moment: With a time zone; it is worded in this zone and rounded up to five minutes.
        now: The turn's moment.
        language: ISO 639; English for languages that `Wording` doesn't know.
        names_zone: Whether the zone is named, for readers who live in another one.
    """
    from babel.dates import format_date

    moment = _rounded_up(moment)
    here = now.astimezone(moment.tzinfo)
    wording = Wording(language, here)
    base = wording.locale.split("_", maxsplit=1)[0]
    time = wording.time(moment)
    days = (moment.date() - here.date()).days
    if days == 0 and base in _TODAY:
        told = _TODAY[base].format(time=time)
    else:
        is_near = days in {0, 1} and base in _NEAR
        whole = format_date(moment.date(), _DAYS.get(base, "full"), locale=wording.locale)
        told = _OTHER.get(base, _PLAIN).format(day=wording.relative(moment.date()) if is_near else whole, time=time)
    place = _place(moment, wording.locale) if names_zone else ""
    return f"{told} {_ZONE.get(base, '({place})').format(place=place)}" if place else told


def _rounded_up(moment: datetime) -> datetime:
    whole = moment.replace(second=0, microsecond=0)
    if whole < moment:
        whole += timedelta(minutes=1)
    return whole + timedelta(minutes=-whole.minute % _STEP_MINUTES)


def _place(moment: datetime, locale: str) -> str:
    """The city that an IANA zone is named for, else the zone's own short name."""
    key = getattr(moment.tzinfo, "key", "")
    if "/" not in key or key.startswith("Etc/"):
        return moment.tzname() or ""
    from babel.dates import get_timezone_location

    return get_timezone_location(moment.tzinfo, locale=locale, return_city=True)
