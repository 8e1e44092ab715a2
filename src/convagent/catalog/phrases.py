"""Phrases and lists as they stand in a text: "the next four words", "black, navy or grey"."""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["Mention", "ReadOne", "phrases_at", "read_list"]

Mention = tuple[int, int, tuple[str, ...]]
"""Where something stands in a text, and what it names."""

ReadOne = Callable[[str, int], "tuple[str, int] | None"]
"""Reads one thing at a place of a text: what it is and where it ends."""

_NEXT = re.compile(r"[^\s,;!?]*[^\s,;.!?]")
_SPACE = re.compile(r"[ \t]+")
_LINK = re.compile(
    r"\s*(?:,\s*(?:or|and|oder|und|ou|et)\b|,|/|&|\b(?:or|and|nor|oder|und|noch|ou|et|ni)\b)\s*(?:(?:in|en|not)\s+)?",
    re.IGNORECASE,
)


def phrases_at(text: str, at: int, *, longest: int = 4) -> list[tuple[str, int]]:
    """The next words with the place where they end, the longest phrase first.

    Args:
        text: A text.
        at: Where the phrases begin.
        longest: How many words at most.
    """
    ends: list[int] = []
    start = at
    while len(ends) < longest and (word := _NEXT.match(text, at)):
        ends.append(word.end())
        space = _SPACE.match(text, word.end())
        if not space:
            break
        at = space.end()
    return [(text[start:end], end) for end in reversed(ends)]


def read_list(text: str, at: int, read_one: ReadOne) -> tuple[tuple[str, ...], int]:
    """One or more things, joined by commas or "or".

    Args:
        text: A text.
        at: Where the first one begins.
        read_one: Reads one of them.

    Returns:
        The things, none when not even the first can be read, and where the last one ends.
    """
    found: list[str] = []
    one = read_one(text, at)
    while one:
        found.append(one[0])
        at = one[1]
        link = _LINK.match(text, at)
        one = read_one(text, link.end()) if link else None
    return tuple(found), at
