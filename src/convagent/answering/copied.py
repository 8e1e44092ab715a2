"""What a sentence has word for word from its sources: it is true there, whatever else they say beside it.

What turns statements round is read from words, and no reading of words is right about every sentence. Whoever repeats a whole
sentence, or a whole line of a list, as it stands can have turned nothing round, unless what stands above it denies it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from convagent.answering.source_units import MARK, SourceUnit

__all__ = ["copied"]

_WORD = re.compile(
    r"(?<!\w)[-−+]\d+(?:[.,:/]\d+)*|\d+(?:[.,:/]\d+)*|\w+[+]*|[€$£¥%<>≤≥±]|(?<=\bno)[,:]|(?<=\bnon)[,:]|(?<=\bnein)[,:]"
)
"""A comma behind "no" makes another sentence of it: "No, children are allowed"."""

_FEWEST, _OF_SOMETHING = 3, 6
"""Words of a sentence that says something by itself, and of one that says it of what stood before."""

_IT = re.compile(
    r"^(?:it|they|this|that|these|those|he|she|es|das|dies\w*|er|il|elle|ils|elles|ce|cela|ça|c'est)(?!\w)",
    re.IGNORECASE,
)


def copied(sentence: str, units: Iterable[SourceUnit], *, lead: str = "") -> tuple[SourceUnit, ...]:
    """The units that say a sentence in the same words and the same order; none where they may mean something else there.

    "Can't" and "cannot" are the same, and so is a sentence with a "please" and without.

    Args:
        sentence: One sentence or list line, without citations.
        units: Of the sources in its language.
        lead: What leads to it, where something does: then the source must have the same lead above it.
    """
    words, led = _words(sentence), _words(lead)
    if len(words) < (_OF_SOMETHING if _IT.match(sentence.strip()) else _FEWEST):
        return ()
    if led:
        return tuple(unit for unit in units if _words(unit.lead) == led and _words(unit.text) == words)
    return tuple(unit for unit in units if any(_words(said) == words for said in unit.statements))


_SHORT = tuple(
    (re.compile(short), whole)
    for short, whole in (
        (r"\bcan(?:'t|not)\b", "can not"), (r"\bwon't\b", "will not"), (r"n't\b", " not"), (r"'re\b", " are"),
        (r"'ll\b", " will"), (r"'ve\b", " have"), (r"\bi'm\b", "i am"), (r"\b(it|that|there|what|he|she)'s\b", r"\1 is"),
        (r"\b(?:please|bitte|s'il vous plaît)\b", " "),
    )
)  # fmt: skip
"""What may be said short or in full, and politely or not."""


@lru_cache(maxsize=8_192)
def _words(text: str) -> tuple[str, ...]:
    plain = MARK.sub("", text, count=1).replace("’", "'").casefold()
    for short, whole in _SHORT:
        plain = short.sub(whole, plain)
    return tuple(_WORD.findall(plain))
