"""Ids in a message: recognising that one is named which is not among the choices."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

__all__ = ["ids_in", "other_ids", "without_ids"]

_TOKEN = re.compile(r"(?<![\w.,@#])#?\w[\w-]*(?![\w@])")
_FEWEST_DIGITS = 5
_REMEMBERED = 400
"""Characters of a text whose ids are remembered: names of records are shown again and again."""

_Shape = tuple[str, bool, int]


def ids_in(text: str) -> tuple[str, ...]:
    """Ids that stand in a text, without a leading # and in lower case: `w1234567`, `credit_card_1234567`, `7706410293`.

    An id is one word with five figures or more, or with three behind a #.
    """
    return _remembered(text) if len(text) <= _REMEMBERED else _looked_for(text)


@lru_cache(maxsize=2_048)
def _remembered(text: str) -> tuple[str, ...]:
    return _looked_for(text)


def _looked_for(text: str) -> tuple[str, ...]:
    return tuple(
        token.lstrip("#").casefold()
        for token in _TOKEN.findall(text)
        if sum(map(str.isdigit, token)) >= (3 if token.startswith("#") else _FEWEST_DIGITS)
    )


def other_ids(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """Ids in a text that look like those of the choices and are none of them.

    They look alike when they have the same signs between words, and as many figures where they are figures only:
    `gift_card_1234567` and `paypal_7654321`, but not the number of an order and of an item.

    Args:
        text: What the customer wrote.
        names: Names and ids of all choices.
    """
    if not (own := ids_in(text)):
        return ()
    known = {name for words in names for name in ids_in(words)}
    shapes = {_shape(name) for name in known}
    return tuple(name for name in dict.fromkeys(own) if name not in known and _shape(name) in shapes)


def without_ids(text: str, names: Iterable[str]) -> str:
    """The text without the ids that stand in some names."""
    if not any(map(str.isdigit, text)):
        return text
    taken = {name for words in names for name in ids_in(words)}
    if not taken:
        return text
    return _TOKEN.sub(lambda found: " " if found.group().lstrip("#").casefold() in taken else found.group(), text)


def _shape(name: str) -> _Shape:
    signs = "".join(sorted({char for char in name if not char.isalnum()}))
    return signs, any(char.isalpha() for char in name), len(name) if name.isdigit() else 0
