"""Shades of what is worn on the skin: undertone and depth, from words of their own or in brackets behind a shade's name."""

from __future__ import annotations

import re

from convagent.catalog.attributes.model import Shade, Undertone

__all__ = ["DEPTHS", "read_depths", "read_shade", "read_undertones"]

DEPTHS: dict[str, int] = {
    "fair": 1, "very light": 1, "porcelain": 1, "sehr hell": 1, "très clair": 1, "light": 2, "hell": 2, "clair": 2, "medium": 3,
    "mittel": 3, "moyen": 3, "tan": 4, "mat": 4, "gebräunt": 4, "hâlé": 4, "deep": 5, "dark": 5, "dunkel": 5, "foncé": 5,
    "profond": 5,
}  # fmt: skip
"""Words for depths: 1 (fair), 2 (light), 3 (medium), 4 (tan), 5 (deep)."""

_UNDERTONES: dict[str, Undertone] = {
    "cool": "cool", "cold": "cool", "pink": "cool", "kühl": "cool", "kalt": "cool", "froid": "cool", "warm": "warm",
    "golden": "warm", "yellow": "warm", "chaud": "warm", "neutral": "neutral", "neutre": "neutral",
}  # fmt: skip
_WHOLE = re.compile(r"\(([^()]*)\)\s*$")


def _words(text: str) -> list[str]:
    pieces = (
        " ".join(each.split()).casefold() for each in re.split(r"[;,/|\n]|\b(?:and|or|und|oder|et|ou)\b", text[:500])
    )
    return [re.sub(r"\s*(?:undertones?|unterton|depth|skin|haut|sous-ton)$", "", each) for each in pieces if each]


def read_undertones(text: str) -> tuple[frozenset[Undertone], tuple[str, ...]]:
    """The undertones that a text lists, and the words that are none.

    Args:
        text: Such as "cool; warm; neutral".
    """
    words = _words(text)
    return frozenset(_UNDERTONES[word] for word in words if word in _UNDERTONES), tuple(
        word for word in words if word not in _UNDERTONES
    )


def read_depths(text: str) -> tuple[frozenset[int], tuple[str, ...]]:
    """The depths that a text lists, from 1 (fair) to 5 (deep), and the words that are none.

    Args:
        text: Such as "fair; light; medium".
    """
    words = _words(text)
    return frozenset(DEPTHS[word] for word in words if word in DEPTHS), tuple(
        word for word in words if word not in DEPTHS
    )


def read_shade(text: str) -> Shade | None:
    """The shade whose undertone or depth stands in brackets behind its name; None where neither does.

    Args:
        text: Such as "Acorn (tan, neutral)".
    """
    bracket = _WHOLE.search(text)
    words = _words(bracket[1]) if bracket else []
    undertones = [_UNDERTONES[word] for word in words if word in _UNDERTONES]
    depths = [DEPTHS[word] for word in words if word in DEPTHS]
    if bracket is None or not (undertones or depths) or len(undertones) > 1 or len(depths) > 1:
        return None
    return Shade(text[: bracket.start()].strip() or text, next(iter(undertones), None), next(iter(depths), None))
