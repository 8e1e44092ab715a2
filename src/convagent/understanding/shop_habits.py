"""Whether a question asks what a shop does for anybody: "do you ship to Norway?", "nehmt ihr PayPal?", "livrez-vous à Gand ?".

Such a question sounds like the guides for orders ("can you deliver it to Norway instead?") and is for none of them: nobody need
say who they are to be told where a shop ships.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from convagent.understanding.phrases import compile_phrases, fold
from convagent.understanding.word_lists import word_lists

__all__ = ["asks_what_the_shop_does"]

_MOST_WORDS = 25
_FIGURES = re.compile(r"\d")


class _Phrases(NamedTuple):
    asks: re.Pattern[str]
    unless: re.Pattern[str]
    places: re.Pattern[str]


def asks_what_the_shop_does(text: str) -> bool:
    """Whether a text asks what the shop does for anybody, of nothing that the customer has ordered or points at.

    English, German and French.

    Args:
        text: A message or a part of one; one of more than 25 words, or with figures, tells of something of its own.
    """
    if len(text.split()) > _MOST_WORDS or _FIGURES.search(text) is not None:
        return False
    phrases = _phrases()
    folded = phrases.places.sub("there ", fold(text))
    return phrases.asks.search(folded) is not None and phrases.unless.search(folded) is None


@lru_cache(maxsize=1)
def _phrases() -> _Phrases:
    lists = word_lists("shop_habits")["asks"]
    return _Phrases(*(compile_phrases(lists[name]) for name in ("find", "unless", "places")))
