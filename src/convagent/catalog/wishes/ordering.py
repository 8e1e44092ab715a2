"""In which order a shopper wants to see what fits: "the cheapest tent", "das teuerste Kleid", "le moins cher"."""

from __future__ import annotations

import re
from typing import Literal

__all__ = ["read_order"]

_LOWEST = re.compile(
    r"\b(?:cheapest|least\s+expensive|lowest[- ]priced?|most\s+affordable|(?:am\s+)?(?:günstigste|billigste|preiswerteste)[nrs]?|"
    r"les?\s+moins\s+ch[eè]re?s?|la\s+moins\s+chère)(?![\w'’])",
    re.IGNORECASE,
)
_HIGHEST = re.compile(
    r"\b(?:most\s+expensive|priciest|dearest(?=\s+(?:one|product|thing))|(?:am\s+)?teuerste[nrs]?|les?\s+plus\s+ch[eè]re?s?|"
    r"la\s+plus\s+chère)(?![\w'’])",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:not|isn['’]t|nicht|pas)\s+(?:necessarily\s+|unbedingt\s+|forcément\s+)?(?:the\s+|de[rnm]\s+|die\s+|das\s+)?$",
    re.IGNORECASE,
)


def read_order(text: str) -> tuple[Literal["", "lowest", "highest"], tuple[tuple[int, int], ...]]:
    """Whether the lowest or the highest price is wanted first, and where the text says so.

    Args:
        text: In English, German or French.
    """
    for order, pattern in (("lowest", _LOWEST), ("highest", _HIGHEST)):
        spans = tuple(match.span() for match in pattern.finditer(text) if not _NOT.search(text[: match.start()]))
        if spans:
            return order, spans  # type: ignore[return-value]
    return "", ()
