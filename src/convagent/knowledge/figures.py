"""The figures of a passage and what they are said of: days, prices, percentages, phone numbers, opening hours.

Read by rules, in English, German and French, a clause at a time: "Standard 4.90, Express 12.90" are two statements. A
statement's words are what the figure is said of; its frame is the passage's title and headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from convagent.knowledge.article import Passage
from convagent.search import Tokeniser, base_language

__all__ = ["Statement", "opposed", "statements_of"]

MAX_STATEMENTS = 200
"""Of one passage; a price list of more is a table for people."""

_NUMBER_WORDS = {
    word: number
    for number, words in {
        1: "one ein eine einen einem einer un une", 2: "two zwei deux", 3: "three drei trois", 4: "four vier quatre",
        5: "five fünf cinq", 6: "six sechs", 7: "seven sieben sept", 8: "eight acht huit", 9: "nine neun neuf",
        10: "ten zehn dix", 12: "twelve zwölf douze", 14: "fourteen vierzehn quatorze", 30: "thirty dreißig trente",
        60: "sixty sechzig soixante", 90: "ninety neunzig",
    }.items()
    for word in words.split()
}  # fmt: skip
_NUMBERS = {word.casefold(): number for word, number in _NUMBER_WORDS.items()}
_NUMBER = rf"(?:\d+(?:[.,]\d+)?|{'|'.join(sorted(_NUMBER_WORDS, key=len, reverse=True))})"
_UNITS = {
    "hour": r"hours?|stunden?|heures?",
    "working day": r"(?:working|business)[ -]days?|werktag(?:en?)?|arbeitstag(?:en?)?|jours? (?:ouvrés?|ouvrables?)",
    "day": r"(?:calendar )?days?|tag(?:en?)?|jours?",
    "week": r"weeks?|wochen?|semaines?",
    "month": r"months?|monat(?:en?)?|mois",
    "year": r"years?|jahr(?:en?)?|ans?|années?",
}
_UNIT_NAMES = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _UNITS.items()}
_DURATION = re.compile(
    rf"\b(?P<low>{_NUMBER})(?:\s*(?:-|–|to|bis|à|or|oder|ou)\s*(?P<high>{_NUMBER}))?[\s-]+"
    rf"(?P<unit>{'|'.join(_UNITS.values())})\b",
    re.IGNORECASE,
)
_CURRENCIES = {"€": "EUR", "$": "USD", "£": "GBP"}
_SIGN = r"€|\$|£|\b(?:EUR|USD|GBP|CHF|SEK|DKK|PLN)\b"
_AMOUNT = r"\d{1,3}(?:[.,\u2009\u00a0 ]\d{3})*(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_MONEY = re.compile(
    rf"(?P<before>{_SIGN})\s?(?P<one>{_AMOUNT})(?!\d)|(?<![\d.,])(?P<two>{_AMOUNT})\s?(?P<after>{_SIGN})"
)
_PERCENT = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:[.,]\d+)?)\s?(?:%|percent\b|per cent\b|prozent\b|pour cent\b)", re.IGNORECASE
)
_PHONE = re.compile(r"(?<![\w#/.-])(?:\+|00|0|\(0)\d[\d ()/.-]{5,16}\d(?!\w)")
_HOURS = re.compile(
    r"(?<!\d)(\d{1,2})(?:[:.h](\d{2})|\s?h)?\s?(am|pm|uhr)?\s?(?:-|–|to|bis|à|until)\s?(\d{1,2})(?:[:.h](\d{2})|\s?h)?\s?(am|pm|uhr)?(?![\d%])",
    re.IGNORECASE,
)
# In this order: what a kind has read is taken away before the next looks.
_KINDS = {"hours": _HOURS, "phone": _PHONE, "money": _MONEY, "percent": _PERCENT, "duration": _DURATION}
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"\w+")
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(_NUMBER_WORDS)})\b", re.IGNORECASE)
_CLAUSE = re.compile(
    r"[.!?…;]\s+|\n+|(?:(?<=\D),\s+|,\s+(?=[^\W\d]))(?:and |but |und |aber |et |mais )?|\s(?:but|aber|mais|whereas)\s"
)
_LEAD = re.compile(r"^(?:[-•]\s*|\d+\.\s*)?([^:;]{2,80}): (?=.)")


@dataclass(frozen=True, slots=True)
class Statement:
    """Figures of one kind in one clause.

    Attributes:
        passage: Where it stands.
        text: The clause.
        kind: `duration`, `money`, `percent`, `phone` or `hours`.
        unit: `working day`, `EUR`; empty where the kind says it.
        values: As they stand, normalised: `30`, `3-6`, `4.9`.
        words: Terms of the clause without its figures.
        frame: Terms of title and headings.
    """

    passage: Passage
    text: str
    kind: str
    unit: str
    values: tuple[str, ...]
    words: frozenset[str]
    frame: frozenset[str]


def statements_of(passage: Passage) -> tuple[Statement, ...]:
    """The statements of a passage, in its order; at most 200."""
    tokeniser = _tokeniser(base_language(passage.language))
    frame = frozenset(tokeniser.terms(passage.breadcrumbs))
    found: list[Statement] = []
    for clause, lead in _clauses(passage.text):
        for kind, unit, values, rest in _figures(clause):
            words = frozenset(
                term for term in tokeniser.terms(f"{lead} {rest}") if not term.isdigit() and term not in _GENERIC
            )
            found.append(Statement(passage, clause, kind, unit, values, words, frame))
            if len(found) >= MAX_STATEMENTS:
                return tuple(found)
    return tuple(found)


SAME = 0.58
"""How much of what two statements are said of must be shared before they can contradict each other. Chosen on the demo
shop's articles and on pairs written for the tests: lower values name pairs that speak of different things."""


CONTRASTED = 0.8
"""The same where each has a word that the other lacks: "the Pip warranty", "the Sprig warranty" are two things."""

# Stems of words that say nothing of what a figure is said of.
_GENERIC = frozenset("item thing product articl accept possibl pleas artikel ding produkt moglich produit".split())


def opposed(one: Statement, other: Statement) -> bool:
    """Whether two statements say different figures of the same thing.

    They are of one kind and unit, name equally many figures, differ in them, and share nearly all that the figures are
    said of, title and headings included.
    """
    if (one.kind, one.unit, len(one.values)) != (other.kind, other.unit, len(other.values)):
        return False
    if one.values == other.values:
        return False
    contrast = one.words - other.words - other.frame and other.words - one.words - one.frame
    return likeness(one, other) >= (CONTRASTED if contrast else SAME)


def likeness(one: Statement, other: Statement) -> float:
    """How much two statements are said of the same thing, 0 to 1.

    Words of one clause that the other's title or headings have count as shared. With fewer than two words in common
    nothing is known.
    """
    ours, theirs = one.words, other.words
    shared = (ours & theirs) | (ours & other.frame) | (theirs & one.frame)
    if len(shared) < 2 or not ours & theirs:
        return 0.0
    clauses = len(shared) / len(ours | theirs)
    frames = len(one.frame & other.frame) / max(1, min(len(one.frame), len(other.frame)))
    return 0.75 * clauses + 0.25 * frames


def _clauses(text: str) -> Iterator[tuple[str, str]]:
    """Clauses with the head of the line that they stand in: of "Ireland: Standard 4.90; Express 12.90" each has Ireland."""
    for line in text.split("\n"):
        lead = _LEAD.match(line)
        for clause in _CLAUSE.split(line):
            if clause.strip():
                yield clause.strip(), lead.group(1) if lead and not clause.startswith(lead.group(0)) else ""


def _figures(clause: str) -> Iterator[tuple[str, str, tuple[str, ...], str]]:
    """Kind, unit, values and the clause without any figure, for each kind and unit in a clause."""
    has_digit = _DIGIT.search(clause) is not None
    if not has_digit and not _has_number_word(clause):
        return
    found: dict[tuple[str, str], list[str]] = {}
    rest = clause
    for kind, pattern in _KINDS.items():
        if not (has_digit or kind == "duration"):
            continue
        for match in pattern.finditer(rest):
            unit, value = _read(kind, match)
            if value:
                found.setdefault((kind, unit), []).append(value)
        rest = pattern.sub(" ", rest) if kind != "hours" else _HOURS.sub(_blank_hours, rest)
    for (kind, unit), values in found.items():
        yield kind, unit, tuple(values), rest


def _has_number_word(clause: str) -> bool:
    """Whether a word of a clause is a number; of one in ASCII the words are looked up, in a quarter of the time."""
    if not clause.isascii():
        return _NUMBER_WORD.search(clause) is not None
    return not _NUMBERS.keys().isdisjoint(_WORD.findall(clause.lower()))


def _read(kind: str, match: re.Match[str]) -> tuple[str, str]:
    if kind == "money":
        sign = match["before"] or match["after"]
        return _CURRENCIES.get(sign, sign.upper()), _amount(match["one"] or match["two"])
    if kind == "percent":
        return "", _plain(match.group(1))
    if kind == "phone":
        digits = re.sub(r"\D", "", match.group())
        return "", digits if 7 <= len(digits) <= 15 else ""
    if kind == "hours":
        return "", _hours(match)
    unit = next(name for name, pattern in _UNIT_NAMES.items() if pattern.fullmatch(match["unit"]))
    high = match["high"]
    return unit, _plain(match["low"]) + (f"-{_plain(high)}" if high else "")


def _plain(number: str) -> str:
    told = _NUMBERS.get(number.casefold())
    return str(told) if told is not None else f"{float(number.replace(',', '.')):g}"


def _amount(text: str) -> str:
    """`1,234.50`, `1.234,50` and `1 234,50` are one amount."""
    text = re.sub(r"[\s\u2009\u00a0]", "", text)
    whole, mark, cents = text[:-3], text[-3:-2], text[-2:]
    if len(text) > 3 and mark in {".", ","}:
        return f"{float(re.sub('[.,]', '', whole) + '.' + cents):g}"
    if len(text) > 2 and text[-2] in {".", ","}:
        return f"{float(re.sub('[.,]', '', text[:-2]) + '.' + text[-1]):g}"
    return f"{float(re.sub('[.,]', '', text)):g}"


def _hours(match: re.Match[str]) -> str:
    """Times of day as `09:00-18:00`; nothing where a bare "3 to 6" says no time."""
    from_hour, from_minute, from_half, to_hour, to_minute, to_half = match.groups()
    if not (from_minute or to_minute or from_half or to_half):
        return ""
    ends = []
    for hour, minute, half in ((from_hour, from_minute, from_half or to_half), (to_hour, to_minute, to_half)):
        number = int(hour) % 12 + 12 if (half or "").lower() == "pm" and int(hour) != 12 else int(hour)
        if number > 24 or int(minute or 0) > 59:
            return ""
        ends.append(f"{number:02}:{int(minute or 0):02}")
    return "-".join(ends)


def _blank_hours(match: re.Match[str]) -> str:
    return " " if _hours(match) else match.group()


@lru_cache(maxsize=16)
def _tokeniser(language: str) -> Tokeniser:
    return Tokeniser(language)
