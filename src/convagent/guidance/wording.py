"""How values read in a text for the customer: money, days, lists and records, by language (Unicode CLDR through Babel)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from convagent.facts import Address, Customer, LineItem, Money, Order, PaymentMethod, Product, Subscription, Variant
from convagent.guidance.status_words import STATUS_WORDS, status_in
from convagent.guidance.values import UNKNOWN, Duration, Line, Percent, unwrap

__all__ = ["FILTERS", "Wording", "aliases", "label"]


@dataclass(frozen=True, slots=True)
class Wording:
    """The language, zone and moment that texts are worded for.

    Attributes:
        language: ISO 639 code; unknown ones fall back to English.
        now: The turn's moment, in the shop's zone.
        familiar: Whether the customer is addressed as du and tu, where the language has both.
    """

    language: str
    now: datetime
    familiar: bool = False

    @property
    def locale(self) -> str:
        """The locale that Babel knows for the language."""
        return _LOCALES.get(self.language.split("-")[0].lower(), "en_IE")

    def money(self, value: Any) -> str:
        """€12.50, 12,50 €: as the language writes it."""
        value = unwrap(value)
        return _money(value.minor, value.currency, self.locale) if isinstance(value, Money) else self.text(value)

    def number(self, value: Any) -> str:
        """1,234.5, 1.234,5: as the language writes it."""
        from babel.numbers import format_decimal

        value = unwrap(value)
        return _plain(format_decimal(value, locale=self.locale)) if isinstance(value, Decimal) else self.text(value)

    def date(self, value: Any) -> str:
        """18 June 2026, 18. Juni 2026."""
        from babel.dates import format_date

        value = self._day(value)
        return format_date(value, format="long", locale=self.locale) if isinstance(value, date) else self.text(value)

    def day(self, value: Any) -> str:
        """Thursday 18 June, Donnerstag, 18. Juni: a day that is near."""
        from babel.dates import format_date

        value = self._day(value)
        if not isinstance(value, date):
            return self.text(value)
        pattern = {"en": "EEEE d MMMM", "de": "EEEE, d. MMMM"}.get(self.locale.split("_")[0], "EEEE d MMMM")
        return format_date(value, pattern, locale=self.locale)

    def time(self, value: Any) -> str:
        """14:30."""
        from babel.dates import format_time

        value = unwrap(value)
        if not isinstance(value, datetime):
            return self.text(value)
        here = value if value.tzinfo is None else value.astimezone(self.now.tzinfo)
        return format_time(here, format="short", locale=self.locale)

    def relative(self, value: Any) -> str:
        """3 days ago, in 14 days, to the day; today, tomorrow and yesterday by name."""
        from babel.dates import format_timedelta

        day = self._day(value)
        if not isinstance(day, date):
            return self.text(value)
        days = (day - self.now.date()).days
        words = _NEAR_DAYS.get(self.locale.split("_")[0], _NEAR_DAYS["en"])
        if days in words:
            return words[days]
        return format_timedelta(
            timedelta(days=days), granularity="day", threshold=math.inf, add_direction=True, locale=self.locale
        )

    def percent(self, value: Percent) -> str:
        """12.5%, 12,5 %: as the language writes it."""
        from babel.numbers import format_percent

        return _plain(format_percent(value.value / 100, locale=self.locale, decimal_quantization=False))

    def duration(self, value: Duration) -> str:
        """3 days, 3 Tage, 3 jours ouvrés."""
        from babel.units import format_unit

        days = _SHOP_DAYS.get(self.locale.split("_")[0], _SHOP_DAYS["en"]).get(value.unit)
        if days is not None:
            return f"{self.number(value.count)} {days[0] if value.count == 1 else days[1]}"
        return _plain(format_unit(value.count, f"duration-{value.unit.removesuffix('s')}", locale=self.locale))

    def list(self, value: Any) -> str:
        """The jacket and the shirt: a list with its last conjunction."""
        from babel.lists import format_list

        items = value if isinstance(value, tuple) else (value,)
        return format_list([self.text(item) for item in items], locale=self.locale) if items else ""

    def either(self, value: Any) -> str:
        """The jacket or the shirt: what can be chosen from, with "or" before the last."""
        from babel.lists import format_list

        items = value if isinstance(value, tuple) else (value,)
        return format_list([self.text(item) for item in items], style="or", locale=self.locale) if items else ""

    def lines(self, value: Any) -> str:
        """One element a line, each with a dash."""
        items = value if isinstance(value, tuple) else (value,)
        return "\n".join(f"- {self.text(item)}" for item in items)

    def pairs(self, value: Any, name: str = "replacement") -> str:
        """Each element with what replaces it, one a line: the lamp → the brighter lamp."""
        items = value if isinstance(value, tuple) else (value,)
        pairs = []
        for item in items:
            other = item.extras.get(name) if isinstance(item, Line) else None
            pairs.append(self.text(item) if other is None else f"{self.text(item)} → {self.text(other)}")
        return "\n".join(f"- {pair}" for pair in pairs) if len(pairs) > 1 else "".join(pairs)

    def count(self, value: Any) -> str:
        """How many elements a list has."""
        return str(len(value)) if isinstance(value, tuple) else "1"

    def order_status(self, status: str) -> str:
        """Processing, in Bearbeitung, en préparation: where an order stands, to be read behind “is”."""
        return STATUS_WORDS["Order"].get(self.locale.split("_")[0], {}).get(status, status)

    def status(self, record: Any, status: str) -> str:
        """Where an order, a parcel, a return, a refund … stands, to be read behind “is”."""
        return status_in(self.locale.split("_")[0], record, status)

    def text(self, value: Any) -> str:
        """Any value as a customer would read it."""
        if isinstance(value, str):
            return value
        value = unwrap(value)
        if isinstance(value, Money):
            return self.money(value)
        if isinstance(value, datetime):
            return f"{self.date(value)}, {self.time(value)}"
        if isinstance(value, date):
            return self.date(value)
        if isinstance(value, Decimal):
            return self.number(value)
        if isinstance(value, tuple):
            return self.list(value)
        if isinstance(value, Percent):
            return self.percent(value)
        if isinstance(value, Duration):
            return self.duration(value)
        if isinstance(value, Subscription) and value.items:
            return self.list(value.items)
        if isinstance(value, bool):
            return _YES_NO.get(self.locale.split("_")[0], _YES_NO["en"])[value]
        return label(value)

    def _day(self, value: Any) -> Any:
        value = unwrap(value)
        if isinstance(value, datetime):
            return (value if value.tzinfo is None else value.astimezone(self.now.tzinfo)).date()
        return value


_LOCALES = {
    "en": "en_IE", "de": "de", "fr": "fr", "es": "es", "it": "it", "pt": "pt", "nl": "nl", "pl": "pl", "sv": "sv", "da": "da",
}  # fmt: skip
_NEAR_DAYS: Mapping[str, Mapping[int, str]] = {
    "en": {-1: "yesterday", 0: "today", 1: "tomorrow"},
    "de": {-1: "gestern", 0: "heute", 1: "morgen"},
    "fr": {-1: "hier", 0: "aujourd'hui", 1: "demain"},
    "es": {-1: "ayer", 0: "hoy", 1: "mañana"},
    "it": {-1: "ieri", 0: "oggi", 1: "domani"},
    "pt": {-1: "ontem", 0: "hoje", 1: "amanhã"},
    "nl": {-1: "gisteren", 0: "vandaag", 1: "morgen"},
}

_YES_NO: Mapping[str, Mapping[bool, str]] = {
    "en": {True: "yes", False: "no"},
    "de": {True: "ja", False: "nein"},
    "fr": {True: "oui", False: "non"},
    "es": {True: "sí", False: "no"},
    "it": {True: "sì", False: "no"},
    "pt": {True: "sim", False: "não"},
    "nl": {True: "ja", False: "nee"},
    "pl": {True: "tak", False: "nie"},
    "sv": {True: "ja", False: "nej"},
    "da": {True: "ja", False: "nej"},
}
_SHOP_DAYS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "en": {"business days": ("business day", "business days"), "calendar days": ("calendar day", "calendar days")},
    "de": {"business days": ("Werktag", "Werktage"), "calendar days": ("Kalendertag", "Kalendertage")},
    "fr": {"business days": ("jour ouvré", "jours ouvrés"), "calendar days": ("jour calendaire", "jours calendaires")},
    "es": {"business days": ("día laborable", "días laborables"), "calendar days": ("día natural", "días naturales")},
    "it": {"business days": ("giorno lavorativo", "giorni lavorativi"), "calendar days": ("giorno", "giorni")},
    "pt": {"business days": ("dia útil", "dias úteis"), "calendar days": ("dia de calendário", "dias de calendário")},
    "nl": {"business days": ("werkdag", "werkdagen"), "calendar days": ("kalenderdag", "kalenderdagen")},
}


def _plain(text: str) -> str:
    """The text with ordinary blanks, so that it can be compared with what was typed."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


FILTERS: Mapping[str, Callable[..., str]] = {
    "count": Wording.count,
    "date": Wording.date,
    "day": Wording.day,
    "either": Wording.either,
    "lines": Wording.lines,
    "list": Wording.list,
    "money": Wording.money,
    "number": Wording.number,
    "pairs": Wording.pairs,
    "relative": Wording.relative,
    "time": Wording.time,
}
"""The filters of templates, by name."""


@lru_cache(maxsize=4_096)
def _money(minor: int, currency: str, locale: str) -> str:
    """An amount as a language writes it; the same few amounts are worded again and again."""
    from babel.numbers import format_currency

    return _plain(format_currency(Money(minor=minor, currency=currency).amount, currency, locale=locale))


def label(value: Any) -> str:
    """What a customer calls a thing: an order's number, a line's name with its size, the card's last digits."""
    value = unwrap(value)
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return f"{value.normalize():f}"
        case Money() | Duration() | Percent():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case LineItem():
            name = f"{value.name} ({value.variant})" if value.variant else value.name
            return f"{value.quantity} × {name}" if (value.quantity or 1) > 1 else name
        case Variant():
            return value.title or " / ".join(value.options.values()) or value.id
        case Product():
            return value.title
        case PaymentMethod():
            return value.label or value.kind
        case Order():
            return value.id
        case Address():
            town = " ".join(filter(None, (value.postcode, value.city)))
            if value.region:
                town = ", ".join(filter(None, (value.city, " ".join(filter(None, (value.region, value.postcode))))))
            parts = (value.line1, value.line2, town, value.country)
            return ", ".join(part for part in parts if part)
        case Subscription():
            return " and ".join(label(item) for item in value.items) or value.id
        case Customer():
            return " ".join(filter(None, (value.first_name, value.last_name))) or value.email or ""
        case tuple():
            return ", ".join(label(item) for item in value)
        case Mapping():
            named = next((value[key] for key in ("label", "title", "name", "id") if value.get(key)), None)
            return (
                str(named) if named is not None else ", ".join(f"{key}: {label(part)}" for key, part in value.items())
            )
    if value is UNKNOWN:
        return "?"
    named = next((getattr(value, key) for key in ("label", "title", "name", "id") if getattr(value, key, None)), None)
    return str(named) if named is not None else str(value)


def aliases(value: Any) -> tuple[str, ...]:
    """What else a customer may call a thing: an order by what is in it, a line by its size or number."""
    value = unwrap(value)
    names: tuple[str | None, ...] = ()
    match value:
        case Order():
            names = tuple(item.name for item in value.items)
        case LineItem():
            names = (value.name, value.variant, *_telling(value.options), value.sku, value.id, value.variant_id)
        case Variant():
            names = (value.title, *_telling(value.options), value.sku, value.id)
        case PaymentMethod():
            names = (value.kind, value.id)
        case Product():
            names = (value.kind, value.handle, value.id)
        case Subscription():
            names = (*(item.name for item in value.items), value.id)
        case Mapping():
            names = tuple(str(part) for part in value.values() if isinstance(part, str))
    return tuple(dict.fromkeys(name for name in names if name))


def _telling(options: Mapping[str, str]) -> tuple[str, ...]:
    """Values of options that name a thing by themselves: "waterproof: yes" is not called "yes"."""
    return tuple(value for value in options.values() if value.casefold() not in {"yes", "no"})
