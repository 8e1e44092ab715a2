"""Figures that a description gives with a unit that leaves no doubt: lumens, watts, persons, degrees, years of guarantee."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["described_measures"]

_N = r"[0-9]{1,3}(?:[.,][0-9]{3})+|[0-9]{1,5}(?:[.,][0-9])?"
_COUNTS = "one two three four five six seven eight ein zwei drei vier fünf sechs un deux trois quatre cinq six".split()
_NUMBER = {word: str(at % 8 + 1) for at, word in enumerate(_COUNTS[:8])}
_NUMBER |= {word: str(at + 1) for at, word in enumerate(_COUNTS[8:14])}
_NUMBER |= {word: str(at + 1) for at, word in enumerate(_COUNTS[14:])}
_WORDS = "|".join(_NUMBER)
_TEXTS: tuple[tuple[str, str, str], ...] = (
    ("brightness_lumens", "{} lumens", rf"(?<![\w.,])(?P<n>{_N})\s*(?:lumens?|lm)\b"),
    ("power_watts", "{} W", rf"(?<![\w.,])(?P<n>{_N})\s*(?:watts?|W)\b"),
    ("battery_mah", "{} mAh", rf"(?<![\w.,])(?P<n>{_N})\s*mAh\b"),
    (
        "battery_hours", "{}",
        rf"(?<![\w.,])(?P<n>{_N})\s*(?:hours?|stunden|heures)\s+(?:of\s+)?(?:battery|play|runtime|akku|laufzeit|d['’]autonomie)",
    ),
    ("persons", "{}", rf"\b(?P<n>[1-9][0-9]?|{_WORDS})(?:[- ](?:person|man|people)\b|\s+(?:persons|personen|personnes)\b)"),
    ("temperature", "{} °C", r"(?<![\w.,])(?P<n>[-−–]?\s?[0-9]{1,3})\s?°\s?C\b"),
    ("fill_power", "{}", r"\b(?P<n>[4-9][0-9]{2})[- ](?:fill|cuin)\b"),
    ("spf", "{}", r"\b(?:SPF|LSF|FPS)\s?(?P<n>[0-9]{1,2})\b"),
    ("thread_count", "{}", rf"\bthread count(?:\s+of)?\s+(?P<n>{_N})"),
    ("water_column_mm", "{} mm", rf"(?<![\w.,])(?P<n>{_N})\s*mm\s+(?:water\s?column|hydrostatic|wassersäule|colonne d['’]eau)"),
    ("warranty", "{} years", r"\b(?P<n>[1-9][0-9]?)[- ]?(?:years?|jahren?|jahre)\s+(?:of\s+)?(?:warranty|guarantee|garantie)\b"),
    ("warranty", "{} years", r"\bgarantie\s+(?:de\s+)?(?P<n>[1-9][0-9]?)\s+ans\b"),
)  # fmt: skip
"""Fields with how their figure is shown and what says it."""

_PATTERNS = tuple((name, shown, re.compile(pattern, re.IGNORECASE)) for name, shown, pattern in _TEXTS)
_DIGIT_OR_WORD = re.compile(rf"[0-9]|\b(?:{_WORDS})\b", re.IGNORECASE)


def described_measures(description: str) -> Iterator[tuple[str, str]]:
    """What a description measures, each as a field's name and its text; what it gives two figures for is left out.

    Args:
        description: As plain text; the first 4,000 characters are read.
    """
    text = description[:4_000]
    if _DIGIT_OR_WORD.search(text) is None:
        return
    for name, shown, pattern in _PATTERNS:
        found = dict.fromkeys(_figure(match) for match in pattern.finditer(text))
        if len(found) == 1:
            yield name, shown.format(*found)


def _figure(match: re.Match[str]) -> str:
    said = match["n"].strip()
    return _NUMBER.get(said.casefold(), re.sub(r"^[−–]\s?", "-", said))
