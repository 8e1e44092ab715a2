"""Sizes by the system that they are counted in, with keys for comparison."""

from __future__ import annotations

import re
from decimal import Decimal

from convagent.catalog.attributes.ages import read_ages
from convagent.catalog.attributes.measures import read_measures
from convagent.catalog.attributes.model import Size, SizeSystem
from convagent.catalog.sizes import size_key

__all__ = ["read_size"]

_LETTER = re.compile(r"(?:x{1,4}s|xs|s|m|l|xl|x{2,4}l|[2-6]xl)(?:\s*/\s*(?:x{1,4}s|xs|s|m|l|xl|x{2,4}l|[2-6]xl))?")
_SYSTEM = re.compile(r"(uk|eu|us|fr|it|de)\s*([0-9]{1,3}(?:[.,]5)?)(?:\s*[-–/]\s*([0-9]{1,3}(?:[.,]5)?))?")
_NUMBER = re.compile(r"([0-9]{1,3}(?:[.,][0-9]|½)?)(?:\s*[-–/]\s*([0-9]{1,3}(?:[.,]5)?))?")
_JEANS = re.compile(r"w\s*([0-9]{2})\s*[/x ]?\s*l\s*([0-9]{2})")
_NAMES = frozenset(
    "one size|einheitsgröße|taille unique|single|double|king|super king|queen|twin|full|adult|child|kinder|round|oval|square".split(  # noqa: E501
        "|"
    )
)
_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")


def read_size(text: str, *, system: str | None = None, for_children: bool = False) -> Size | None:
    """A size.

    A number without a system stays a "number": 38 may be European, German or Italian. Double sizes from 50 upwards that are six
    apart ("104/110"), and lone ones of children's clothes from 50, are heights in centimetres.

    Args:
        text: As the shop writes it.
        system: The system that the product says elsewhere ("EU").
        for_children: Whether the product is for children.

    Returns:
        The size; None when it can't be read.
    """
    key = size_key(_BRACKETS.sub("", text[:200])).replace("–", "-")
    if not key:
        return None
    if _LETTER.fullmatch(key):
        return Size(text, "letters", re.sub(r"\s", "", key))
    jeans = _JEANS.fullmatch(key)
    if jeans:
        return Size(text, "waist and length", f"{jeans[1]}/{jeans[2]}", Decimal(jeans[1]), Decimal(jeans[2]))
    named = _SYSTEM.fullmatch(key)
    if named:
        return _numbered(text, named[1].upper(), named[2], named[3])
    number = _NUMBER.fullmatch(key)
    if number:
        low, high = number[1], number[2]
        if high is not None and high.isdigit() and low.isdigit() and int(low) >= 50 and int(high) - int(low) == 6:
            return _numbered(text, "height", low, high)
        if high is None and for_children and low.isdigit() and 50 <= int(low) <= 188:
            return _numbered(text, "height", low, None)
        return _numbered(text, (system or "").upper(), low, high)
    if re.search(r"\b(?:years?|months?|jahre?n?|monate?n?|ans|mois)\b|[0-9]y\b", text.casefold()):
        ages, unread = read_ages(text)
        if ages and not unread:
            low_age, high_age = ages[0].low, ages[0].high
            return Size(
                text,
                "age",
                key,
                None if low_age is None else Decimal(low_age),
                None if high_age is None else Decimal(high_age),
            )
    if re.sub(r"\s+", " ", key) in _NAMES or key in {"s", "m", "l"}:
        return Size(text, "name", key)
    measures, unread = read_measures(text)
    return Size(text, "measure", key) if measures and not unread else None


def _numbered(text: str, system: str, low: str, high: str | None) -> Size:
    known: dict[str, SizeSystem] = {
        "UK": "UK",
        "EU": "EU",
        "US": "US",
        "FR": "FR",
        "IT": "IT",
        "DE": "DE",
        "height": "height",
    }
    first = Decimal(low.replace(",", ".").replace("½", ".5"))
    last = Decimal(high.replace(",", ".")) if high else first
    found = known.get(system, "number")
    key = f"{first.normalize():f}" + (f"/{last.normalize():f}" if last != first else "")
    return Size(text, found, key, first, last)
