"""Verification: every figure, price, date and link of a reply stands in what it was made from."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["claims_of", "unsupported"]

_LINK = re.compile(r"https?://[^\s)>\]]+")
_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")


def claims_of(text: str) -> tuple[str, ...]:
    """The links and figures of a text, in order."""
    links = tuple(link.rstrip(".,;:!?") for link in _LINK.findall(text))
    return links + tuple(_FIGURE.findall(_LINK.sub(" ", text)))


def unsupported(text: str, sources: Iterable[str]) -> tuple[str, ...]:
    """Links and figures of `text` that stand in none of the sources.

    Args:
        text: A reply.
        sources: What it was made from: passages, worded facts, results, a guide's texts.
    """
    known: set[str] = set()
    for source in sources:
        known.update(claims_of(source))
    return tuple(claim for claim in claims_of(text) if claim not in known)
