"""The figures of a text in one notation: prices, percentages, dates, times, spans, numbers, codes, links, addresses.

However it is written: "two days" and "2 days", "1.299,00 €" and "€1,299.00", "18 June 2026" and "2026-06-18", "2 pm"
and "14:00" are one figure. What stands in one text is held against what stands in others (`missing_figures`). English,
German and French.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from convagent.answering.number_words import DAYS, MONTHS, NUMBERS, UNITS, WEEKDAYS

__all__ = ["Figure", "figures_in", "missing_figures"]

Kind = Literal["link", "email", "phone", "code", "date", "day", "time", "money", "percent", "span", "number"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a text.

    Attributes:
        kind: What it is; `span` is a number with a unit of time, `day` a weekday, a month, or tomorrow.
        values: What it may denote, in one notation: "1.299" is 1299 or 1.299. Of a date that leaves the year out,
        `-06-18`.
        words: As the text has it.
        start: Where.
        unit: Currency, or unit of time.
    """

    kind: Kind
    values: frozenset[str]
    words: str
    start: int
    unit: str = ""


_LINK = re.compile(
    r"(?:https?|ftp|mailto|tel|javascript|data):[^\s<>\"“”)\]]+|\bwww\.[^\s<>\"“”)\]]+"
    r"|(?<![\w@.-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:com|net|org|example|test|eu|de|fr|ie|at|ch|uk|io|shop|"
    r"store|info|biz|"
    r"co|app|dev|ly|me|be|nl|it|es)\b(?:/[^\s<>\"“”)\]]*)?",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w#/.,-])(?:\+\d|00\d|0\d|\(0\d|1-8\d\d)[\d ()/.-]{4,16}\d(?!\w)")
_CODE = re.compile(
    r"(?<![\w-])(?!\d+-[^\W\d_]+(?![\w-]))(?=[\w-]*\d)(?=[\w-]*[^\W\d_])(?!\d+(?:st|nd|rd|th|er|re|e|è?me|h\d*|x|s|"
    r"am|pm)(?![\w]))[\w]+(?:-\w+)*"
)
_ORDER = re.compile(r"#\s?\w*\d\w*")
_NUMBER = r"\d{1,3}(?:[.,'’\u2009\u00a0\u202f ]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)?"
_SIGNS = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP",
    "pfund": "GBP", "livres": "GBP", "$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD", "chf": "CHF",
    "franken": "CHF", "sek": "SEK", "dkk": "DKK", "pln": "PLN", "nok": "NOK", "czk": "CZK", "¥": "JPY", "jpy": "JPY",
}  # fmt: skip
_SIGN = r"[€£$¥]|(?<![^\W\d_])(?:" + "|".join(key for key in _SIGNS if len(key) > 1) + r")(?![^\W\d_])"
_WORD_NUMBER = "|".join(sorted(NUMBERS, key=len, reverse=True))
_ANY = rf"{_NUMBER}|(?<!\w)(?:{_WORD_NUMBER})(?:[- ](?:{_WORD_NUMBER}))*(?!\w)"
_TO = r"\s?(?:-|–|—|to|bis|à|and|und|et|or|oder|ou)\s?"
_MONEY = re.compile(
    rf"(?P<before>{_SIGN})\s?(?P<one>{_NUMBER})|(?P<low>{_ANY})(?:{_TO}(?P<two>{_ANY}))?[\s-]?(?P<after>{_SIGN})",
    re.IGNORECASE,
)
_CENTS = re.compile(rf"(?P<one>{_ANY})[\s-]?(?:cents?|pence)\b", re.IGNORECASE)
_PERCENT = re.compile(
    rf"(?P<low>{_ANY})(?:{_TO}(?P<two>{_ANY}))?[\s-]?(?:%|percent\b|per cent\b|prozent\w*|pour ?cent\b)", re.IGNORECASE
)
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_DAY_MONTH = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|\.)?(?:{_TO}(\d{{1,2}})(?:st|nd|rd|th|er|\.)?)?(?: of| de)?\s"
    rf"(?P<month>{_MONTH})\b\.?(?:,?\s(\d{{4}}))?",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    rf"\b(?P<month>{_MONTH})\.?\s(\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?\s(\d{{4}}))?", re.IGNORECASE
)
_NUMERIC = re.compile(r"(?<![\d.,/])(\d{1,2})([./])(\d{1,2})\2(\d{4}|\d{2})?(?![\d])")
_TIME = re.compile(
    r"(?<![\d.,:])(\d{1,2})(?:[:.](\d{2}))?\s?(?P<half>a\.?m\b\.?|p\.?m\b\.?)|(?<![\d.,:])(\d{1,2})[:](\d{2})(?!\d)"
    r"|(?<![\d.,:])(\d{1,2})(?:\.(\d{2}))?\s?uhr\b|(?<![\d.,:])(\d{1,2})\s?h(?:\s?(\d{2}))?\b(?!ours?)",
    re.IGNORECASE,
)
_UNIT = "|".join(pattern for _, pattern in UNITS)
_UNIT_NAMES = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in UNITS)
_ONE = r"(?<!\w)(?:one|ein|eine|einem|einen|einer|eines|un|une)(?!\w)"
_SPAN = re.compile(
    rf"(?P<low>{_ANY}|{_ONE})(?:{_TO}(?P<two>{_ANY}))?[\s-]+(?:\w+ ){{0,1}}?(?P<unit>{_UNIT})\b", re.IGNORECASE
)
_DAYS = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(DAYS, key=len, reverse=True))})(?!\w)", re.IGNORECASE)
_WEEKDAY = re.compile(rf"(?<!\w)(?P<day>{'|'.join(sorted(WEEKDAYS, key=len, reverse=True))})s?(?!\w)", re.IGNORECASE)
_CAPITAL_MONTH = re.compile(
    rf"(?<!\w)(?P<month>{'|'.join(month for month in sorted(MONTHS, key=len, reverse=True) if len(month) > 3)})(?!\w)",
    re.IGNORECASE,
)
_AMBIGUOUS = frozenset({"mars", "may", "march", "mai", "sept"})
_DATE_WORD = "|".join((*MONTHS, *WEEKDAYS, *DAYS))
_MAY_HAVE_ONE = re.compile(
    rf"\d|@|://|\w\.\w|\w:\w|[€£$¥]|(?<!\w)(?:{_WORD_NUMBER}|{_UNIT}|{_DATE_WORD})s?(?!\w)", re.IGNORECASE
)
"""Most sentences have no figure, and are told by one look."""

_BARE = re.compile(rf"(?P<one>{_ANY})", re.IGNORECASE)


def missing_figures(text: str, sources: Iterable[str]) -> tuple[Figure, ...]:
    """The figures of a text that stand in none of the sources.

    A number without a unit stands there as any number does; a price, a percentage, a span only with its currency,
    sign or
    unit. A price with cents stands there without a currency, too, as tables have it.

    Args:
        text: What is to be sent.
        sources: What it may rest on.
    """
    found = figures_in(text)
    if not found:
        return ()
    known = [figure for source in sources for figure in figures_in(source)]
    return tuple(figure for figure in found if not any(_same(figure, other) for other in known))


def _same(figure: Figure, other: Figure) -> bool:
    shared = figure.values & other.values
    if not shared:
        return False
    if figure.kind == other.kind == "date" and len(figure.values) == len(other.values) == 2:
        return len(shared) == 2  # both name the year
    if figure.kind == other.kind:
        return figure.unit == other.unit
    if {figure.kind, other.kind} == {"number", "code"}:  # order 1042, #1042
        return True
    if figure.kind == "number":  # "4" of "4.90 EUR" is no figure of its own; "4.90" is
        return other.kind in {"money", "percent", "span", "number"}
    return other.kind == "number" and figure.kind == "money" and any("." in value for value in shared)


@lru_cache(maxsize=2_048)
def figures_in(text: str) -> tuple[Figure, ...]:
    """The figures of a text, in order."""
    if _MAY_HAVE_ONE.search(text) is None:
        return ()
    found = list(_read(text))
    return tuple(sorted(found, key=lambda figure: figure.start))


def _read(text: str) -> Iterator[Figure]:
    rest = text
    for pattern, kind in ((_EMAIL, "email"), (_LINK, "link")):
        for match in pattern.finditer(rest):
            value = match[0].rstrip(".,;:!?…»'’").casefold()
            value = re.sub(r"^(?:https?://)?(?:www\.)?", "", value).rstrip("/")
            yield Figure("email" if kind == "email" else "link", frozenset({value}), match[0], match.start())
        rest = pattern.sub(_blank, rest)
    for match in _PHONE.finditer(rest):
        digits = re.sub(r"\D", "", match[0])
        if 7 <= len(digits) <= 15 and not _NUMERIC.fullmatch(match[0].strip()):
            yield Figure("phone", frozenset({digits, digits.lstrip("0"), digits[-9:]}), match[0], match.start())
            rest = rest[: match.start()] + " " * len(match[0]) + rest[match.end() :]
    for dates in (_iso, _written, _numeric):
        for figure, match in list(dates(rest)):
            yield figure
            rest = rest[: match.start()] + _blank(match) + rest[match.end() :]
    for match in _TIME.finditer(rest):
        if (minutes := _minutes(match)) is not None:
            yield Figure("time", frozenset({minutes}), match[0], match.start())
            rest = rest[: match.start()] + _blank(match) + rest[match.end() :]
    for pattern, kind_of in ((_MONEY, "money"), (_CENTS, "money"), (_PERCENT, "percent"), (_SPAN, "span")):
        for match in pattern.finditer(rest):
            yield from _measured(match, kind_of)
        rest = pattern.sub(_blank, rest)
    for pattern in (_ORDER, _CODE):
        for match in pattern.finditer(rest):
            yield Figure("code", frozenset({re.sub(r"[\s#]", "", match[0]).casefold()}), match[0], match.start())
        rest = pattern.sub(_blank, rest)
    yield from _days(rest)
    for match in _BARE.finditer(rest):
        yield Figure("number", _values(match["one"]), match["one"], match.start())


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _measured(match: re.Match[str], kind: str) -> Iterator[Figure]:
    groups = match.groupdict()
    numbers = [groups[name] for name in ("one", "low", "two") if groups.get(name)]
    unit = ""
    factor = 1.0
    if kind == "money":
        sign = groups.get("before") or groups.get("after") or ""
        unit, factor = _SIGNS.get(sign.casefold(), "?"), 1.0 if sign else 0.01
    elif kind == "span":
        unit = next(name for name, pattern in _UNIT_NAMES if pattern.fullmatch(match["unit"]))
        unit, factor = ("day", 7.0) if unit == "week" else (unit, 1.0)
    name: Kind = "money" if kind == "money" else "percent" if kind == "percent" else "span"
    for number in numbers:
        values = frozenset(_plain(float(value) * factor) for value in _values(number, thousands=kind == "money"))
        yield Figure(name, values, match[0], match.start(), "EUR" if unit == "?" else unit)


def _values(number: str, *, thousands: bool = False) -> frozenset[str]:
    """What a number may denote: 1.299 is 1299, or a little more than one where it is no price."""
    if not number[0].isdigit():
        return frozenset({_plain(_in_words(number))})
    bare = re.sub(r"[\s\u2009\u00a0\u202f'’]", "", number)
    marks = [char for char in bare if char in ".,"]
    if not marks:
        return frozenset({_plain(float(bare))})
    whole, mark, rest = bare.rpartition(marks[-1])
    if len(rest) == 3 and len(set(marks)) == 1:
        grouped = _plain(float(re.sub("[.,]", "", bare)))
        if thousands or len(marks) > 1:
            return frozenset({grouped})
        return frozenset({grouped, _plain(float(f"{whole}.{rest}"))})
    return frozenset({_plain(float(f"{re.sub('[.,]', '', whole)}.{rest}"))}) if mark else frozenset()


def _plain(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _in_words(words: str) -> float:
    """twenty-five, two hundred: as they are read one after the other."""
    total = current = 0.0
    for word in re.split(r"[- ]", words.casefold()):
        number = 1.0 if re.fullmatch(_ONE, word) else float(NUMBERS[word])
        if number in {100.0, 1000.0, 1_000_000.0}:
            current = (current or 1.0) * number
        else:
            current += number
    return total + current


def _iso(text: str) -> Iterator[tuple[Figure, re.Match[str]]]:
    for match in _ISO.finditer(text):
        yield _date(match, match[1], int(match[2]), int(match[3])), match


def _written(text: str) -> Iterator[tuple[Figure, re.Match[str]]]:
    for match in _DAY_MONTH.finditer(text):
        month = MONTHS[match["month"].casefold()]
        for day in filter(None, (match[1], match[2])):
            yield _date(match, match[4], month, int(day)), match
    for match in _MONTH_DAY.finditer(_DAY_MONTH.sub(_blank, text)):
        yield _date(match, match[3], MONTHS[match["month"].casefold()], int(match[2])), match


def _numeric(text: str) -> Iterator[tuple[Figure, re.Match[str]]]:
    for match in _NUMERIC.finditer(text):
        day, month = int(match[1]), int(match[3])
        if match[2] == "/" and not match[4]:
            continue
        if 1 <= month <= 12 and 1 <= day <= 31:
            yield _date(match, match[4], month, day), match


def _date(match: re.Match[str], year: str | None, month: int, day: int) -> Figure:
    """A date with a year denotes the day of any year, too: a source may leave out what is plain."""
    values = {f"-{month:02}-{day:02}"}
    if year:
        full = year if len(year) == 4 else f"20{year}"
        values = {f"{full}-{month:02}-{day:02}"} | values
    return Figure("date", frozenset(values), match[0], match.start(), "")


def _minutes(match: re.Match[str]) -> str | None:
    parts = [group for group in match.groups() if group and group.isdigit()]
    hour, minute = int(parts[0]), int(parts[1]) if len(parts) > 1 else 0
    half = (match["half"] or "").casefold()
    if half.startswith("p") and hour != 12:
        hour += 12
    elif half.startswith("a") and hour == 12:
        hour = 0
    return f"{hour:02}:{minute:02}" if hour <= 24 and minute < 60 else None


def _days(text: str) -> Iterator[Figure]:
    for match in _WEEKDAY.finditer(text):
        if match["day"][0].isupper() or match["day"].casefold() in WEEKDAYS.keys() - {
            "sun",
            "sat",
            "mon",
            "fri",
            "so",
            "mar",
        }:
            yield Figure("day", frozenset({f"weekday {WEEKDAYS[match['day'].casefold()]}"}), match[0], match.start())
    for match in _CAPITAL_MONTH.finditer(text):
        word = match["month"]
        if word[0].isupper() if word.casefold() in _AMBIGUOUS else True:
            if word.casefold() == "may" and not re.search(
                r"(?:in|of|until|since|by|before|after|from|to|early|late)\s$", text[: match.start()]
            ):
                continue
            yield Figure("day", frozenset({f"month {MONTHS[word.casefold()]}"}), match[0], match.start())
    for match in _DAYS.finditer(text):
        if match[0] != "Morgen":  # the time of day
            yield Figure("day", frozenset({f"day {DAYS[match[0].casefold()]}"}), match[0], match.start())
