"""What kind of figure a question wants: money, a time, a number; the sentence that answers has one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

__all__ = ["Figure", "gives", "wanted_figure"]

Figure = Literal["money", "time", "number"]

_WANTED: Mapping[Figure, re.Pattern[str]] = {
    "money": re.compile(
        r"\b(?:how (?:much|expensive|dear)|cost|costs|price|prices|fee|fees|free|charge|amounts?|pay(?: (?:for|"
        r"customs))?|discount|"
        r"kostet|kosten|teuer|preis|gebühr|kostenlos|gratis|umsonst|wie viel|wieviel|"
        r"coût\w*|prix|frais|gratuit\w*|payant\w*|combien (?:ça|est-ce|coûte))\b",
        re.IGNORECASE,
    ),
    "time": re.compile(
        r"\b(?:how (?:long|soon|fast|quickly|late|often)|(?:un)?till? when|when|what (?:time|day)|by when|"
        r"how many (?:days|weeks|months|hours)|"
        r"deadline|today|(?:bis |ab |seit )?wann|wie (?:lange|schnell|oft)|frist|(?:jusqu'à )?quand|"
        r"combien de (?:temps|jours)|délai)\b",
        re.IGNORECASE,
    ),
    "number": re.compile(
        r"\b(?:how (?:many|big|large|tall|hot|far)|which size|wie viele|wie gro(?:ß|ss)|combien de)\b", re.IGNORECASE
    ),
}  # fmt: skip
_GIVEN: Mapping[Figure, re.Pattern[str]] = {
    "money": re.compile(
        r"[€$£]\s?\d|\d\s?[€$£%]|\d (?:%|euro)|\b(?:free|nothing|no (?:charge|fee|customs|cost)|kostenlos|gratis|"
        r"nichts|gratuit\w*|rien)\b",
        re.IGNORECASE,
    ),
    "time": re.compile(
        r"\b\d{1,2}[:.h]\d{2}\b|\b(?:\d+|one|two|three|six|twelve|zwei|drei|deux|trois)\s+(?:to \d+ |bis \d+ |"
        r"à \d+ )?(?:working )?"
        r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|Sekunden?|Minuten?|Stunden?|Tagen?|Arbeitstagen?|"
        r"Wochen?|Monaten?|"
        r"Jahren?|secondes?|heures?|jours?|semaines?|mois|ans?)\b|\bat once\b|\bsofort\b|\bdaily\b|"
        r"\b\d{1,2}\.? (?:January|February|March|April|May|June|July|August|September|October|November|December|"
        r"Januar|Dezember)\b",
        re.IGNORECASE,
    ),
    "number": re.compile(r"\d"),
}


def wanted_figure(question: str) -> Figure | None:
    """The kind of figure that a question wants, the narrowest; None where it wants none."""
    found: dict[int, Figure] = {}
    for kind, pattern in _WANTED.items():
        if (match := pattern.search(question)) is not None:
            found.setdefault(match.start(), kind)
    return found[min(found)] if found else None


def gives(text: str, figure: Figure) -> bool:
    """Whether a text has a figure of a kind."""
    return _GIVEN[figure].search(text) is not None
