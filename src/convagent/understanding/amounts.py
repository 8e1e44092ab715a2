"""Money, percentages, spans of time, quantities and bare numbers in a message."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from convagent.understanding.number_words import NUMBER, NUMBER_WORDS, amount, whole_number
from convagent.understanding.slot import Slot

if TYPE_CHECKING:
    from convagent.guidance.values import Unit

__all__ = ["durations", "money", "numbers", "percentages", "quantities"]

_SIGNS: Mapping[str, str] = {"€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "zł": "PLN"}
_DOLLARS = frozenset({"AUD", "CAD", "HKD", "NZD", "SGD", "USD"})
_CODES = "EUR|USD|GBP|CHF|PLN|SEK|DKK|NOK|CZK|HUF|JPY|AUD|CAD|NZD|INR"
_WORDS: Mapping[str, str] = {
    "euro": "EUR", "euros": "EUR", "pound": "GBP", "pounds": "GBP", "quid": "GBP", "sterling": "GBP", "pfund": "GBP",
    "livres": "GBP", "franken": "CHF", "francs": "CHF", "rupees": "INR", "yen": "JPY", "zloty": "PLN",
}  # fmt: skip
_MONEY = re.compile(
    rf"(?<![\w.,])(?:(?P<sign>[€$£¥₹])[ ]?(?P<after>{NUMBER})(?:,-|[.,]–)?"
    rf"|(?P<code>{_CODES})[ ]?(?P<coded>{NUMBER})"
    rf"|(?P<before>{NUMBER})(?:,-|[.,]–)?[ \u00a0]?(?:(?P<sign2>[€$£¥₹]|zł)|(?P<code2>{_CODES})(?!\w)"
    rf"|(?P<word>euros?|pounds?|quid|sterling|dollars?|bucks|pfund|livres|franken|francs|rupees|yen|zloty)(?!\w)))",
    re.IGNORECASE,
)
_BARE_PRICE = re.compile(
    r"\b(?:cost|costs|paid|pay|charged|charge|refund|refunded|price|worth|total|kostet|kostete|bezahlt|preis|betrag|coûte|coûté|payé"
    r"|prix|montant)\b[^\d\n]{0,15}(?<![\w.,])(?P<amount>\d{1,5}[.,]\d{2})(?![\w%]|[.,]\d)",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    r"(?<![\w.,])(\d{1,3}(?:[.,]\d{1,2})?)[ ]?(?:%|percent\b|per cent\b|prozent\b|pour ?cent\b)", re.IGNORECASE
)
_UNITS: Mapping[str, Unit] = {
    "minute": "minutes", "minutes": "minutes", "min": "minutes", "mins": "minutes", "minuten": "minutes",
    "hour": "hours", "hours": "hours", "stunde": "hours", "stunden": "hours", "heure": "hours", "heures": "hours",
    "day": "days", "days": "days", "tag": "days", "tage": "days", "tagen": "days", "jour": "days", "jours": "days",
    "night": "days", "nights": "days", "week": "weeks", "weeks": "weeks", "woche": "weeks", "wochen": "weeks",
    "semaine": "weeks", "semaines": "weeks", "fortnight": "weeks", "month": "months", "months": "months",
    "monat": "months", "monate": "months", "monaten": "months", "mois": "months", "year": "years", "years": "years",
    "jahr": "years", "jahre": "years", "jahren": "years", "an": "years", "ans": "years", "année": "years",
    "werktage": "business days", "werktagen": "business days", "arbeitstage": "business days", "arbeitstagen": "business days",
}  # fmt: skip
_COUNT = r"\d{1,4}|" + "|".join(sorted(map(re.escape, NUMBER_WORDS), key=len, reverse=True)) + r"|half a|anderthalb"
_DURATION = re.compile(
    rf"(?<![\w.,/])(?P<count>{_COUNT})(?:[ -]?(?:of|de|full|more|volle|ganze))?[ -]?"
    rf"(?P<kind>(?:business|working|calendar)[ ])?(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})"
    r"(?P<open>[ ]ouvr(?:és|ables))?(?!\w)",
    re.IGNORECASE,
)
_OLD = re.compile(r"[ -]?(?:old|alt|ago\b)", re.IGNORECASE)
_THINGS = (
    r"of (?:them|these|those|each|the)|pairs?(?: of)?|pieces?(?: of)?|items?|units?|copies|packs?(?: of)?|bottles?(?: of)?"
    r"|boxes|sets?(?: of)?|(?:davon|paar|stück|stücke|mal)\b|d'entre (?:eux|elles)|paires?(?: de)?|pièces?|exemplaires?|fois\b"
)
_QUANTITY = re.compile(
    rf"(?<![\w.,#/-])(?:(?P<count>\d{{1,3}}|{'|'.join(sorted((w for w in NUMBER_WORDS), key=len, reverse=True))})[ ]?"
    rf"(?P<thing>{_THINGS})(?!\w)|(?P<times>\d{{1,3}})[ ]?[x×](?![\w])(?![ ]?\d)"
    r"|(?<!\d)(?<!\d[ ])[x×][ ]?(?P<after>\d{1,3})(?![\w]|[ ]?[x×]))",
    re.IGNORECASE,
)
_ARTICLES = frozenset({"a", "an", "ein", "eine", "einen", "einem", "einer", "un", "une"})
_COUNT_BEFORE = re.compile(r"(?<![\w.,#/€$£-])(?P<count>\d{1,3}|[^\W\d_]{2,8})[ ](?:of (?:the|my)[ ])?(?:the |my )?$")
_NUMBER = re.compile(r"(?<![\w.,:#/€$£+-])\d{1,6}(?![\w%€$£/-]|[.,:]\d|[ ]?[x×]\d)")
_LARGEST_QUANTITY = 500


def money(text: str, *, currency: str) -> Iterator[Slot]:
    """Amounts with a sign, code or word of a currency, and prices with two decimals after a word such as "paid".

    Args:
        text: The message.
        currency: What an amount without a sign, and a dollar where it is one, is in.
    """
    for found in _MONEY.finditer(text):
        figures = found.group("after") or found.group("coded") or found.group("before")
        sign = (found.group("sign") or found.group("sign2") or "").lower()
        code = (found.group("code") or found.group("code2") or "").upper()
        word = (found.group("word") or "").lower()
        if sign == "$" or word in ("dollar", "dollars", "bucks"):
            code = currency if currency in _DOLLARS else "USD"
        slot = _money_slot(found.group(), figures, code or _SIGNS.get(sign) or _WORDS.get(word, ""), found.start())
        if slot is not None:
            yield slot
    for found in _BARE_PRICE.finditer(text):
        slot = _money_slot(found.group("amount"), found.group("amount"), currency, found.start("amount"))
        if slot is not None:
            yield slot


def percentages(text: str) -> Iterator[Slot]:
    """Percentages."""
    from convagent.guidance.values import Percent

    for found in _PERCENT.finditer(text):
        yield Slot("percent", Percent(Decimal(found.group(1).replace(",", "."))), found.group(), *found.span())


def durations(text: str) -> Iterator[Slot]:
    """Spans of time: "3 weeks", "two days", "zwei Wochen", "5 working days". Ages ("3 years old") are none."""
    from convagent.guidance.values import Duration

    for found in _DURATION.finditer(text):
        if _OLD.match(text, found.end()):
            continue
        word = found.group("count").casefold()
        count = Decimal("0.5") if word == "half a" else Decimal("1.5") if word == "anderthalb" else whole_number(word)
        name = found.group("unit").casefold()
        unit: Unit = _UNITS[name]
        if count is None or (unit == "years" and name == "an" and word not in ("un", "1")):
            continue
        if name == "fortnight":
            count = Decimal(count) * 2
        kind = (found.group("kind") or "").strip().casefold()
        if unit == "days" and (found.group("open") or kind in ("business", "working")):
            unit = "business days"
        elif unit == "days" and kind == "calendar":
            unit = "calendar days"
        yield Slot("duration", Duration(Decimal(count), unit), found.group(), *found.span())


def quantities(text: str, *, nouns: frozenset[str], starts: Iterable[int] = ()) -> Iterator[Slot]:
    """How many: "two of them", "3 pairs", "2x", "x 3", and a number before a word that products are called by.

    Args:
        text: The message.
        nouns: Words that products are called by, singular and plural, in lower case.
        starts: Where products are named.
    """
    for found in _QUANTITY.finditer(text):
        word = found.group("count") or found.group("times") or found.group("after")
        value = whole_number(word)
        thing = (found.group("thing") or "").casefold()
        if value is None or not 0 < value <= _LARGEST_QUANTITY:
            continue
        if word.casefold() in _ARTICLES or (word.casefold() == "one" and thing in ("mal", "fois", "item")):
            continue
        if word.casefold() in ("pair", "couple") and not thing.startswith("of"):
            continue
        yield Slot("quantity", value, found.group().strip(), found.start(), found.start() + len(found.group().rstrip()))
    named = [found.start() for found in re.finditer(r"[^\W\d_]{3,30}", text) if found.group().casefold() in nouns]
    for start in sorted({*named, *starts}):
        before = _COUNT_BEFORE.search(text, max(0, start - 24), start)
        if before is None or before["count"].casefold() in _ARTICLES:
            continue
        value = whole_number(before["count"])
        if value is not None and 0 < value <= _LARGEST_QUANTITY:
            yield Slot("quantity", value, before["count"], *before.span("count"))


def numbers(text: str) -> Iterator[Slot]:
    """Whole numbers in figures that are nothing else."""
    for found in _NUMBER.finditer(text):
        if found.group().isascii():
            yield Slot("number", Decimal(found.group()), found.group(), *found.span())


def _money_slot(written: str, figures: str, currency: str, start: int) -> Slot | None:
    from convagent.facts import Money

    value = amount(figures)
    if value is None or not currency:
        return None
    try:
        return Slot("money", Money.of(value, currency), written, start, start + len(written))
    except ValueError:
        return None
