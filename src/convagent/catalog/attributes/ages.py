"""Ages in months: "from 18 months", "3 to 6 years", "ab 3 Jahren", "birth to about 3 years", "8+"."""

from __future__ import annotations

import re

from convagent.catalog.attributes.model import AgeRange

__all__ = ["GROUPS", "read_ages"]

GROUPS: dict[str, AgeRange] = {
    "newborn": AgeRange(0, 3),
    "infant": AgeRange(3, 12),
    "toddler": AgeRange(12, 60),
    "kids": AgeRange(60, 156),
    "adult": AgeRange(156),
}
"""Age groups of Google's product data specification, https://support.google.com/merchants/answer/6324463."""

_YEAR = r"(?:years?|yrs?|y|jahren?|jahre|j|ans?)\b(?:[ -]olds?)?"
_MONTH = r"(?:months?|mths?|monaten?|monate|monat|mois|m)\b"
_N = r"[0-9]{1,3}(?:[.,]5|½)?"
_BIRTH = r"(?:birth|newborn|geburt(?: an)?|(?:la )?naissance)"
_ABOUT = r"(?:about|around|circa|ca\.?|etwa|environ)?\s*"
_ADULT = r"(?:adults?|erwachsene|erwachsen|adultes?|l'âge adulte)"
_FROM = r"(?:from|ab(?: der)?|dès|à partir de|ages?|for ages?|von|de|as of)"
_TO = r"(?:\s*(?:[-–—]|to|bis(?: zu)?|à|until|jusqu'à)\s*)"
_RANGE = re.compile(
    rf"(?:\b{_FROM}\s*)?(?:(?P<birth>\b{_BIRTH})|\b(?P<low>{_N})\s*(?P<low_unit>{_YEAR}|{_MONTH})?)\s*(?:\([^()]*\)\s*)?{_TO}"
    rf"{_ABOUT}(?:(?P<adult>{_ADULT})|(?P<high>{_N})\s*(?P<unit>{_YEAR}|{_MONTH}))",
    re.IGNORECASE,
)
_FROM_ONLY = re.compile(
    rf"\b{_FROM}\s+(?:(?P<birth>{_BIRTH})|(?P<low>{_N})\s*(?P<unit>{_YEAR}|{_MONTH})(?:\s+(?:and|or)\s+(?:up|over|older))?)"
    rf"|\b(?P<over>{_N})\s*(?:(?P<over_unit>{_YEAR}|{_MONTH})\s*)?(?:\+|(?:and|or)\s+(?:up|over|older)|und älter|et plus)"
    rf"|(?P<not_under>(?:\bnot\s+(?:suitable\s+)?for\s+(?:children|babies)\s+under|\bnicht\s+für\s+kinder\s+unter|"
    rf"\bne convient pas aux enfants de moins de))\s+(?P<under>{_N})\s*(?P<under_unit>{_YEAR}|{_MONTH})",
    re.IGNORECASE,
)
_UP_TO = re.compile(
    rf"\b(?:up to|until|bis(?: zu)?|jusqu'à)\s+{_ABOUT}(?P<high>{_N})\s*(?P<unit>{_YEAR}|{_MONTH})", re.IGNORECASE
)
_WEIGHT_END = re.compile(
    rf"\b(?P<birth>{_BIRTH}){_TO}[0-9]{{1,3}}\s*kg\s*,\s*{_ABOUT}(?P<high>{_N})\s*(?P<unit>{_YEAR}|{_MONTH})",
    re.IGNORECASE,
)
_BARE_BIRTH = re.compile(rf"\b(?:from |ab |dès |von )?{_BIRTH}\b", re.IGNORECASE)
_ADULTS = re.compile(rf"^\s*(?:for |nur für |pour )?{_ADULT}\s*$", re.IGNORECASE)


def read_ages(text: str, *, unit: str | None = None) -> tuple[tuple[AgeRange, ...], tuple[str, ...]]:
    """The ages that a text says.

    Args:
        text: In English, German or French; also an age group of Google's specification.
        unit: "years" or "months" for numbers without one, where the field's name says it.

    Returns:
        The ages, and the pieces that hold a number or no age at all and couldn't be read.
    """
    text = text[:1_000].replace("’", "'")
    group = GROUPS.get(text.strip().casefold())
    if group:
        return (group,), ()
    if re.search(r"\b(?:not (?:from|before|until)|nicht ab|pas dès)\b", text, re.IGNORECASE):
        return (), (text.strip(),)
    if _ADULTS.match(text):
        return (AgeRange(216),), ()
    if unit:
        text = re.sub(rf"(?<![0-9])({_N})(?![0-9]|\s*(?:{_YEAR}|{_MONTH}))", rf"\1 {unit}", text)
    found: list[tuple[int, AgeRange]] = []
    rest = text
    for pattern in (_WEIGHT_END, _RANGE, _FROM_ONLY, _UP_TO, _BARE_BIRTH):
        while match := pattern.search(rest):
            groups = match.groupdict()
            low, high = _bounds(groups)
            if low is not None or high is not None:
                found.append((match.start(), AgeRange(low, high, _of(rest, match))))
            rest = f"{rest[: match.start()]}{'¦' * (match.end() - match.start())}{rest[match.end() :]}"
    outside = re.sub(r"[0-9]+\s*[×x]\s*[0-9]+\s*cm|¦+", " ", rest)
    unread = tuple(part.strip() for part in re.split(r"[;,]", outside) if re.search(r"[0-9]", part))
    if not found and not unread:
        unread = (text.strip(),)
    return tuple(age for _, age in sorted(found, key=lambda each: each[0])), unread


def _bounds(groups: dict[str, str | None]) -> tuple[int | None, int | None]:
    if groups.get("over"):
        return _months(groups["over"], groups.get("over_unit") or "years"), None
    if groups.get("under"):
        return _months(groups["under"], groups.get("under_unit")), None
    high = _months(groups["high"], groups.get("unit")) if groups.get("high") else None
    if groups.get("low"):
        return _months(groups["low"], groups.get("low_unit") or groups.get("unit") or "years"), high
    low = None if "birth" in groups and not groups["birth"] else 0
    return (None, high) if "birth" not in groups and high is not None else (low, high)


def _months(number: str | None, unit: str | None) -> int:
    value = (number or "0").replace("½", ".5").replace(",", ".")
    months = (unit or "years").casefold().startswith("m")
    return int(float(value) * (1 if months else 12))


def _of(text: str, match: re.Match[str]) -> str | None:
    """What is for that age: the words before it in its clause, else those in brackets behind it."""
    before = re.split(r"[;,()¦]", text[: match.start()])[-1].strip(" :-")
    behind = re.match(r"\s*\(([^()]{1,60})\)", text[match.end() :])
    words = before or (behind[1].strip() if behind else "")
    return words.casefold()[:60] or None
