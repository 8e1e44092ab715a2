"""Words, names and values of fields in one form: "28-inch", '28"' and "28 Zoll" are the same, and "washed" is "washing"."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from convagent.search.stop_words import STOP_WORDS

__all__ = [
    "STOPS",
    "Figures",
    "Token",
    "alternatives_of",
    "canonical",
    "figures_of",
    "key_of",
    "pieces_of",
    "plain_of",
    "telling_words",
    "tokens_of",
    "unit_of",
]

_TOKEN = re.compile(r"[0-9]+/[0-9]+|[0-9]+(?:[.,][0-9]+)?|[^\W\d_]+[0-9]*|[\"″”°%]")
_SPLIT = re.compile(r"\s*[;|]\s*|\s*,(?!\d)\s*|\s+/\s+")
_UNITS = {
    word: (unit, Decimal(factor))
    for unit, factor, words in (
        ("in", "1", '" ″ ” in inch inches zoll pouce pouces'),
        ("mm", "1", "mm millimetre millimetres millimeter millimeters millimètre millimètres"),
        ("mm", "10", "cm centimetre centimetres centimeter centimeters zentimeter centimètre centimètres"),
        ("mm", "1000", "m metre metres meter meters mètre mètres"),
        ("g", "1", "g gram grams gramm gramme grammes"),
        ("g", "1000", "kg kilo kilos kilogram kilograms kilogramm kilogramme kilogrammes"),
        ("ml", "1", "ml millilitre millilitres milliliter milliliters"), ("ml", "10", "cl"),
        ("ml", "1000", "l litre litres liter liters"),
        ("v", "1", "v volt volts"), ("w", "1", "w watt watts"), ("lm", "1", "lm lumen lumens"), ("mah", "1", "mah"),
        ("mah", "1000", "ah"), ("hz", "1", "hz hertz"), ("bar", "1", "bar bars"),
        ("db", "1", "db dezibel décibels decibel decibels"),
        ("min", "1", "min mins minute minutes minuten"), ("min", "60", "h hour hours hr hrs std stunde stunden heure heures"),
        ("month", "1", "month months monat monate monaten mois"),
        ("month", "12", "year years jahr jahre jahren an ans année années"),
        ("°", "1", "° celsius degree degrees grad degré degrés"), ("%", "1", "% percent prozent"),
    )
    for word in words.split()
}  # fmt: skip
_ENDINGS = ("ungen", "ings", "ing", "ung", "ies", "ied", "ed", "ly", "en", "em", "er", "es", "e", "s", "n", "y")
_SHORTEST = 4
_ALTERNATIVES = re.compile(r"\s+(?:to|or|and|bis|oder|und|à|ou|et)\s+|\s*[/&]\s*", re.IGNORECASE)
_DIGIT = re.compile(r"[0-9]")
_REFUSING = frozenset("not no without except free frei nicht kein keine ohne pas sans sauf".split())
STOPS = frozenset().union(*STOP_WORDS.values())
"""Words of all languages that say nothing by themselves."""

_RANGE = re.compile(
    r"(?P<low>[-−]?[0-9]+(?:[.,][0-9]+)?)\s*(?P<one>[^\W\d_]+|[\"″”°%])?\s*(?:[-–—]|to|bis|à)\s*(?P<high>[-−]?[0-9]+(?:[.,][0-9]+)?)\s*"
    r"(?P<unit>[^\W\d_]+|[\"″”°%])?(?:\s*[cCfF])?\s*",
)
_ONE = re.compile(
    r"(?P<low>[-−]?[0-9]+(?:[.,][0-9]+)?)(?:\s*(?:of|von|sur)\s*[0-9]+|\s*\+)?\s*(?P<unit>[^\W\d_]+|[\"″”°%])?(?:\s*[cCfF])?\s*"
)


class Token(NamedTuple):
    """A word of a text.

    Args:
        key: In the form in which it is compared.
        start: Where it begins.
        end: Where it ends.
        says_nothing: Whether it is a stop word of some language.
    """

    key: str
    start: int
    end: int
    says_nothing: bool = False


class Figures(NamedTuple):
    """A figure, or a range.

    Args:
        low: The smallest.
        high: The largest.
        unit: In `_UNITS`' words; empty without one, and the word itself for any other ("pages").
    """

    low: Decimal
    high: Decimal
    unit: str


def plain_of(word: str) -> str:
    """A word in lower case, without accents."""
    folded = unicodedata.normalize("NFKD", word.casefold().replace("ß", "ss"))
    return "".join(sign for sign in folded if not unicodedata.combining(sign))


@lru_cache(maxsize=50_000)
def key_of(word: str) -> str:
    """A word without case, accents and endings of three languages: "gebundenes" is "gebunden", and "shady" is "shade".

    Both sides of a comparison are shortened alike, so that no stem need be a word. At least four letters stay, three before
    the "s" of a plural.

    Args:
        word: A single word, a number or a sign.
    """
    known = _UNITS.get(word.casefold())
    if known is not None and known[1] == 1 and word.casefold() not in {"in", "an", "m", "l", "v", "w", "h"}:
        return known[0]
    plain = plain_of(word)
    if not plain.isalpha():
        return plain
    while True:
        for ending in _ENDINGS:
            left = len(plain) - len(ending)
            if plain.endswith(ending) and left >= (3 if ending == "s" and not plain.endswith("ss") else _SHORTEST):
                plain = plain[:left]
                break
        else:
            return plain


def tokens_of(text: str) -> list[Token]:
    """The words, numbers and signs of a text, in their order.

    Args:
        text: Any.
    """
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        word = match[0]
        if word in '"″”' and not (found and found[-1].key[-1:].isdigit() and found[-1].end == match.start()):
            continue  # a quotation mark
        if word in "xX" and found and found[-1].key[-1:].isdigit() and text[match.end() :].lstrip()[:1].isdigit():
            continue  # "44 x 68" is written as "44 × 68"
        key = word.replace(",", ".") if word[0].isdigit() else key_of(word)
        if found and word.casefold() in {"in", "m", "l", "v", "w", "h"} and found[-1].end == match.start():
            key = _UNITS[word.casefold()][0]  # "28in", "12V": a unit stands right behind its number
        if key:
            found.append(Token(key, match.start(), match.end(), word.casefold() in STOPS))
    return found


@lru_cache(maxsize=50_000)
def canonical(text: str) -> tuple[str, ...]:
    """The words of a name or a value as they are compared.

    Args:
        text: Such as "Whole beans" or '28"'.
    """
    return tuple(token.key for token in tokens_of(text[:200]))


@lru_cache(maxsize=50_000)
def alternatives_of(value: str) -> tuple[tuple[str, ...], ...]:
    """A value as it is compared, and what lies within it: "sun to half shade" is sun and half shade, "filter or espresso" both.

    Args:
        value: One value of a field.
    """
    parts = _ALTERNATIVES.split(value)
    found = (
        (canonical(value), *map(canonical, parts))
        if 1 < len(parts) <= 4 and not _DIGIT.search(value)
        else (canonical(value),)
    )
    return tuple(dict.fromkeys(each for each in found if each))


@lru_cache(maxsize=50_000)
def telling_words(text: str) -> tuple[str, ...]:
    """Likewise without the words that tell nothing by themselves, of three languages; none at all of what refuses something.

    Args:
        text: A name or a value.
    """
    words = [match[0].casefold() for match in _TOKEN.finditer(text[:200])]
    if not _REFUSING.isdisjoint(words):
        return ()
    return tuple(dict.fromkeys(key_of(word) for word in words if word not in STOPS))


@lru_cache(maxsize=50_000)
def pieces_of(text: str) -> tuple[str, ...]:
    """The single values of a field that lists several: "filter; espresso".

    Args:
        text: The field's text.
    """
    return tuple(dict.fromkeys(piece for part in _SPLIT.split(text) if (piece := " ".join(part.split()))))


def unit_of(word: str) -> tuple[str, Decimal]:
    """A unit as it is compared, and what one of the word's is in it; any other word is a unit of its own.

    Args:
        word: Such as "cm", "Zoll", "pages".
    """
    return _UNITS.get(word.casefold(), (key_of(word), Decimal(1)))


@lru_cache(maxsize=50_000)
def figures_of(value: str) -> Figures | None:
    """A value that is a figure or a range, with its unit: "19–25 mm", "300 lumens", "4 of 5", "12"; None for any other.

    Args:
        value: One value of a field.
    """
    match = _RANGE.fullmatch(value) or _ONE.fullmatch(value)
    if match is None or len(value) > 40:
        return None
    said = match.groupdict()
    unit, factor = (
        unit_of(said["unit"] or said.get("one") or "") if said["unit"] or said.get("one") else ("", Decimal(1))
    )
    low = _number(said["low"]) * factor
    high = _number(said["high"]) * factor if said.get("high") else low
    return Figures(min(low, high), max(low, high), unit)


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ".").replace("−", "-"))
