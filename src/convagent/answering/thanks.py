"""Thanks that state nothing: for what the customer gave or did. "Thank you for your full refund" is a claim like any other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from convagent.word_tables import read_table

__all__ = ["only_thanks"]

_THANKS = re.compile(
    r"\W*(?:(?:many |warm )?thanks|thank you(?: (?:so|very) much)?|(?:vielen|herzlichen|besten|lieben) dank|"
    r"danke(?: (?:sehr|schön))?|(?:un grand )?merci(?: beaucoup)?)"
    r"(?: (?:for|fürs?|pour|de|d['’])\s?(?P<what>(?:[^\s\d,;:]+ ?){1,6}?))?\s?[.!]\W*",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def only_thanks(sentence: str, names: Iterable[str] = ()) -> bool:
    """Whether a sentence is thanks and says nothing: "Thank you for your patience." is, and so is "Merci de nous le dire !".

    English, German and French.

    Args:
        sentence: One sentence.
        names: The shop's own, which customers are thanked for choosing.
    """
    found = _THANKS.fullmatch(sentence)
    if found is None:
        return False
    own = {word for name in names for word in _WORDS.findall(name.casefold())}
    return all(word in _thanked_for() or word in own for word in _WORDS.findall((found["what"] or "").casefold()))


@cache
def _thanked_for() -> frozenset[str]:
    table = read_table(Path(__file__).parent / "thanked_for.toml")
    return frozenset(word for lists in table.values() for word in lists["words"].split())
