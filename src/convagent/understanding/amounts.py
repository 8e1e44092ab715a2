"""Money, percentages, spans of time and bare numbers in a message."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from convagent.understanding.lazy_pattern import LazyPattern
from convagent.understanding.number_words import (
    GERMAN_HUNDREDS,
    NUMBER,
    NUMBER_WORDS,
    SPELT_NUMBERS,
    amount,
    holds_number,
    spelt_number,
    whole_number,
)
from convagent.understanding.slot import Slot

if TYPE_CHECKING:
    from convagent.guidance.values import Unit

__all__ = ["durations", "money", "numbers", "percentages"]

_SIGNS: Mapping[str, str] = {"€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "zł": "PLN"}
_DOLLARS = frozenset({"AUD", "CAD", "HKD", "NZD", "SGD", "USD"})
_CODES = "EUR|USD|GBP|CHF|PLN|SEK|DKK|NOK|CZK|HUF|JPY|AUD|CAD|NZD|INR"
_WORDS: Mapping[str, str] = {
    "euro": "EUR", "euros": "EUR", "euronen": "EUR", "pound": "GBP", "pounds": "GBP", "quid": "GBP", "sterling": "GBP",
    "pfund": "GBP", "livres": "GBP", "franken": "CHF", "stutz": "CHF", "fr": "CHF", "sfr": "CHF",
    "francs": "CHF", "rupees": "INR", "yen": "JPY", "zloty": "PLN",
}  # fmt: skip
_WORD = (
    r"euro(?:s|nen)?|pounds?(?!\sof\b)|quid|sterling|dollars?|bucks|pfund|livres|franken|stutz|s?fr(?!\.?[ ]?\d)|francs"
    r"|rupees|yen|zloty"
)
_SPELT = f"{GERMAN_HUNDREDS}|" + "|".join(
    re.escape(word).replace(r"\ ", " ")
    for word in sorted(SPELT_NUMBERS, key=len, reverse=True)
    if word not in ("pair", "couple", "beide", "beiden", "a couple", "a", "an", "ein", "eine", "un", "une")
)
_MONEY = LazyPattern(
    rf"(?<![\w.,])(?:S?Fr\.?[ ]?(?P<francs>{NUMBER})(?P<whole>[.,][-–])?(?![\w.]|,\d)"
    rf"|(?P<sign>(?:US|CA|AU|NZ|HK)?\$|[€£¥₹])[ ]?(?P<after>{NUMBER})(?P<k>[ ]?k(?!\w))?(?:,-|\.-|[.,]–)?"
    rf"|(?P<code>{_CODES})[ ]?(?P<coded>{NUMBER})"
    rf"|(?P<before>{NUMBER})(?P<k2>[ ]?k(?!\w))?(?:,-|\.-|[.,]–)?[ \u00a0\u202f]?(?:(?P<sign2>[€$£¥₹]"
    rf"|zł)(?P<cents>\d{{2}}(?!\d))?"
    rf"|(?P<code2>{_CODES})(?!\w)|(?P<word>{_WORD})(?!\w)(?:[ ](?P<cents2>\d{{2}})(?=[ ]*(?:$|[.,;!?)]|cents?\b)))?)"
    rf"|(?P<spelt>{_SPELT})[ ](?P<word2>{_WORD})(?!\w))",
    re.IGNORECASE,
)
_FRACTIONS: Mapping[str, str] = {
    "cent": "", "cents": "", "centime": "", "centimes": "", "pence": "GBP", "p": "GBP", "rappen": "CHF",
}  # fmt: skip
_SMALL = LazyPattern(
    r"(?<![\w.,€$£])(?P<count>\d{1,2})[ ]?(?P<word>cents?|centimes?|pence|p|rappen)(?!\w)", re.IGNORECASE
)
# "20-50 €" and "between 20 and 50 euros": the currency of one goes for both.
_TO_BEFORE = LazyPattern(
    rf"(?<![\w.,#])(?:(?P<among>\b(?:between|zwischen|entre)[ ]))?(?P<amount>{NUMBER})[ ]?(?P<mark>-|–|to|bis|à|a|and"
    r"|und|et|or|oder|ou)[ ]?$",
    re.IGNORECASE,
)
_TO_AFTER = LazyPattern(
    rf"[ ]?(?:-|–|to|bis|à)[ ]?(?P<amount>{NUMBER})(?![\w%€$£]|[ ](?:€|eur|{_WORD}))", re.IGNORECASE
)
_DOLLAR_CODES: Mapping[str, str] = {"us$": "USD", "ca$": "CAD", "au$": "AUD", "nz$": "NZD", "hk$": "HKD"}
_BARE_PRICE = LazyPattern(
    r"\b(?:cost|costs|paid|pay|charged|charge|refund|refunded|price|worth|total|kostet|kostete|bezahlt|preis|betrag"
    r"|coûte|coûté|payé"
    r"|prix|montant)\b[^\d\n]{0,15}(?<![\w.,])(?P<amount>\d{1,5}[.,]\d{2})(?![\w%]|[.,]\d)"
    r"|(?<![\w.,])(?P<amount3>\d{1,5})(?=,(?:-{1,2}|–|—)(?!\w))"
    r"|(?<![\w.,])(?P<amount2>\d{1,5}[.,]\d{2})(?=[ ](?:gekostet|bezahlt|gezahlt|abgebucht|berechnet)\b)",
    re.IGNORECASE,
)
_PERCENT_WORD = r"percent\b|per cent\b|prozent\b|pour ?cent\b"
_PERCENT = LazyPattern(
    rf"(?<![\w.,])(?:(\d{{1,3}}(?:[.,]\d{{1,2}})?)[ ]?(?:%|{_PERCENT_WORD})|(?P<spelt>{_SPELT})[ ](?:{_PERCENT_WORD}))",
    re.IGNORECASE,
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
_HALVES: Mapping[str, Decimal] = {
    "half a": Decimal("0.5"), "ein halbes": Decimal("0.5"), "einem halben": Decimal("0.5"), "halbes": Decimal("0.5"),
    "une demi": Decimal("0.5"), "anderthalb": Decimal("1.5"), "eineinhalb": Decimal("1.5"), "zweieinhalb": Decimal("2.5"),
    "dreieinhalb": Decimal("3.5"),
}  # fmt: skip
_COUNT = "|".join([*_HALVES, r"\d{1,4}", *sorted(map(re.escape, NUMBER_WORDS), key=len, reverse=True)])
_DURATION = LazyPattern(
    rf"(?<![\w.,/])(?P<count>{_COUNT})(?:[ -]?(?:of|de|full|more|volle|ganze))?[ -]?"
    rf"(?P<kind>(?:business|working|calendar)[ ])?(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})"
    r"(?P<open>[ ]ouvr(?:és|ables))?(?!\w)",
    re.IGNORECASE,
)
_OLD = LazyPattern(r"[ -]?(?:old|alt|ago\b)", re.IGNORECASE)
_NUMBER = LazyPattern(r"(?<![\w.,:#/€$£+-])\d{1,6}(?![\w%€$£/-]|[.,:]\d|[ ]?[x×]\d)")


def money(text: str, *, currency: str) -> Iterator[Slot]:
    """Amounts with a sign, code or word of a currency, and prices with two decimals after a word such as "paid".

    Args:
        text: The message.
        currency: What an amount without a sign, and a dollar where it is one, is in.
    """
    if not holds_number(text):
        return
    for found in _MONEY.finditer(text):
        if found["francs"] and not _is_a_price(found, currency):
            continue
        figures = found["francs"] or found["after"] or found["coded"] or found["before"] or found["spelt"]
        code = _code_of(found, currency)
        value = Decimal(spelt_number(figures) or 0) if found["spelt"] else amount(figures)
        if value is None:
            continue
        if found["k"] or found["k2"]:
            value *= 1000
        if (cents := found["cents"] or found["cents2"]) and value == value.to_integral_value():
            value += Decimal(cents) / 100
        if (slot := _money_slot(found.group(), value, code, found.start())) is None:
            continue
        yield slot
        yield from _range(text, found, code)
    for found in _SMALL.finditer(text):
        code = _FRACTIONS[found["word"].lower()] or currency
        if found["word"].lower() != "p" or currency == "GBP":
            yield from _priced(found.group(), Decimal(found["count"]) / 100, code, found.start())
    for found in _BARE_PRICE.finditer(text):
        name = next(name for name in ("amount", "amount2", "amount3") if found[name])
        yield from _priced(found[name], amount(found[name]), currency, found.start(name))


def _is_a_price(found: re.Match[str], currency: str) -> bool:
    """Whether "Fr." before a number is the franc: it is short for Friday too, and "Fr. 15.05" may be a day."""
    cents = re.search(r"[.,](\d\d)$", found["francs"])
    return bool(found["whole"]) or (cents is not None and (currency == "CHF" or not 1 <= int(cents[1]) <= 12))


def _code_of(found: re.Match[str], currency: str) -> str:
    """The currency that an amount names; a dollar is the shop's where the shop has one."""
    if found["francs"]:
        return "CHF"
    sign = (found["sign"] or found["sign2"] or "").lower()
    word = (found["word"] or found["word2"] or "").lower()
    if sign == "$" or word in ("dollar", "dollars", "bucks"):
        return currency if currency in _DOLLARS else "USD"
    code: str = found["code"] or found["code2"] or ""
    return code.upper() or _DOLLAR_CODES.get(sign) or _SIGNS.get(sign) or _WORDS.get(word, "")


def _range(text: str, found: re.Match[str], code: str) -> Iterator[Slot]:
    """The other end of a range whose one end is an amount: "20-50 €", "€20 to 50"."""
    if found["sign"] or found["code"]:
        if (other := _TO_AFTER.match(text, found.end())) is not None:
            yield from _priced(other["amount"], amount(other["amount"]), code, other.start("amount"))
        return
    start = max(0, found.start() - 40)
    other = _TO_BEFORE.search(text, start, found.start())
    if other is not None and (other["among"] or other["mark"].lower() not in ("and", "und", "et", "a")):
        yield from _priced(other["amount"], amount(other["amount"]), code, other.start("amount"))


def _priced(written: str, value: Decimal | None, code: str, start: int) -> Iterator[Slot]:
    slot = None if value is None else _money_slot(written, value, code, start)
    if slot is not None:
        yield slot


def percentages(text: str) -> Iterator[Slot]:
    """Percentages."""
    from convagent.guidance.values import Percent

    for found in _PERCENT.finditer(text):
        value = Decimal(spelt_number(found["spelt"]) or 0) if found["spelt"] else Decimal(found[1].replace(",", "."))
        yield Slot("percent", Percent(value), found.group(), *found.span())


def durations(text: str) -> Iterator[Slot]:
    """Spans of time: "3 weeks", "two days", "zwei Wochen", "5 working days". Ages ("3 years old") are none."""
    from convagent.guidance.values import Duration

    for found in _DURATION.finditer(text):
        if _OLD.match(text, found.end()):
            continue
        word = found.group("count").casefold()
        count = _HALVES[word] if word in _HALVES else whole_number(word)
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


def numbers(text: str) -> Iterator[Slot]:
    """Whole numbers in figures that are nothing else."""
    for found in _NUMBER.finditer(text):
        if found.group().isascii():
            yield Slot("number", Decimal(found.group()), found.group(), *found.span())


def _money_slot(written: str, value: Decimal, currency: str, start: int) -> Slot | None:
    from convagent.facts import Money

    if not currency:
        return None
    try:
        return Slot("money", Money.of(value, currency), written, start, start + len(written))
    except ValueError:
        return None
