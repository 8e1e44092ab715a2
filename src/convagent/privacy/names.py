"""Names that people introduce themselves or others with. Names that the shop knows are handed in as such."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["COMMON_WORDS", "said_name_places"]

_NAME = r"[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ'’]+(?:-[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+)?"
_FULL = rf"({_NAME}(?: (?:(?:van|von|de|der|den|du|la|le|di|O['’]|Mc|Mac) ?){{0,2}}{_NAME}){{0,2}})"
_SAID = re.compile(
    r"(?i:\bmy (?:full |first |last |maiden )?name(?: is|['’]s|:)|\bname(?:'s|:)|\bi am called|"
    r"\bmein (?:voller )?(?:vor|nach)?name(?: ist|:| lautet)|"
    r"\bich heiße|\bich heisse|\bname:|\bje m['’]appelle|\bmon nom(?: est|:| de famille est)|\bnom ?:|\bau nom de|"
    r"\bauf den namen|"
    rf"\bin the name of|\bunder the name(?: of)?) (?:(?i:mr|mrs|ms|dr|herr|frau|madame|monsieur|m|mme)\.? )?{_FULL}"
)
_TITLED = re.compile(rf"\b(?:Mr|Mrs|Ms|Dr|Herrn?|Frau|Madame|Monsieur|Mme|Mlle)\b\.? {_FULL}")
_SIGNED = re.compile(
    r"(?i:(?:kind |best |warm )?regards|sincerely|yours|cheers|thanks|many thanks|best wishes|"
    r"(?:mit )?freundlichen? grüßen?|(?:viele|liebe|beste) grüße|"
    rf"mfg|lg|vg|cordialement|bien cordialement|salutations|bonne journée),?[ \t]*\n+[ \t]*{_FULL}[ \t]*(?=\n|$)"
)

_CALLING = re.compile(
    rf"(?:^|(?<=[.!?] )|(?<=\n))(?:[Hh](?:i|ello|allo),? )?(?:[Tt]his is|[Hh]ier (?:ist |spricht )?|"
    rf"[Ii]ci) ?({_NAME} {_NAME})(?=[,.;:!\n]| (?:here|from|von|de)\b|$)"
)
_GREETED = re.compile(
    r"(?i:regards|sincerely|cheers|thanks(?: a lot| so much)?|thank you|best wishes|grüßen?|grüsse|mfg|lg|cordialement|"
    rf"salutations|bonne journée|merci(?: beaucoup| d['’]avance)?)[,.!] ?{_FULL}[ \t.]*(?=\n|$)"
)

_CLOSINGS = (
    "regards", "sincerely", "yours", "cheers", "thank", "wishes", "grüße", "grüsse", "mfg", "lg", "vg", "cordialement",
    "salutations", "bonne journée", "merci",
)  # fmt: skip
_TITLES = ("Mr", "Ms", "Dr", "Herr", "Frau", "Madame", "Monsieur", "Mme", "Mlle")
_PATTERNS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (_SAID, ("name", "i am called", "ich hei", "appelle", "nom")),
    (_SIGNED, _CLOSINGS),
    (_CALLING, ("this is", "hier", "ici")),
    (_GREETED, _CLOSINGS),
)
"""Each with words of which a text holds one where it can be found: telling that takes no time."""

COMMON_WORDS = frozenset(
    """
    Will May Mark Rose Grace Hope Faith Bill Art Rich Sunny Summer April June August Jack Chase Grant Max Sage Dawn Joy Ivy
    Olive Violet Ruby Amber Pearl Jade Daisy Lily Iris Heather Holly Ginger Penny Drew Frank Victor Miles Young Long White Black
    Brown Green Small Baker Price Stone Gift Gray Grey King Cook Day Field Wood Case Page Rice Rich Sharp Short Still Sweet Best
    Groß Gross Klein Lang Weiß Weiss Schwarz Braun Kurz Neu Alt Jung Kaiser König Winter Sommer Herbst Frühling Koch Ernst Kraft
    Petit Grand Blanc Roux Noir Rouge Vert Bleu Blanche Pierre Claire Juste Bon Prix Colin Marine Fleur Or Ange Rosé Prune
    """.split()
)
"""Names that are words besides: alone, they are hidden only where somebody is introduced."""


def said_name_places(text: str) -> Iterator[tuple[int, int]]:
    """Where names stand that somebody is introduced with, addressed by with a title, or signs with."""
    lower = text.lower()
    if any(title in text for title in _TITLES):
        for found in _TITLED.finditer(text):
            yield found.span(1)
    for pattern, words in _PATTERNS:
        if any(word in lower for word in words):
            for found in pattern.finditer(text):
                yield found.span(1)
