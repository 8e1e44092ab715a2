"""Parts of a sentence mixed up: "white while it charges" where the source has "amber while it charges, white when full".

Every word stands in the source, near the others. A source that says several things in a row is read part by part: a
sentence that takes something of one part and something of another, and leaves something of each, says what neither does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from convagent.answering.source_units import SourceUnit
from convagent.answering.stated_terms import content_terms, covered

__all__ = ["parts_mixed"]

_PART = re.compile(r";\s|,?\s(?:and|but|und|aber|et|mais)\s", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n")


def parts_mixed(sentence: str, close: Sequence[SourceUnit], language: str) -> Iterator[tuple[str, str]]:
    """Where a sentence says of one thing what its source says of another beside it.

    Args:
        sentence: That has most of its words from its sources.
        close: The units that it is nearest to.
        language: Of both.
    """
    ours = _parts(sentence, language)
    terms = frozenset().union(*ours) if ours else frozenset()
    mixed = ""
    for text in dict.fromkeys(each for unit in close for each in _SENTENCE.split(unit.text)):
        theirs = _parts(text, language)
        known = frozenset().union(*theirs) if theirs else frozenset()
        if not terms or not all(covered(term, known) for term in terms):
            continue
        if len(theirs) < 2 or not any(_mixes(said, theirs) for said in ours):
            return  # one that has all of it, in no other way
        mixed = mixed or text.strip()
    if mixed:
        yield "unsupported", f"parts of “{mixed}” are mixed up"


def _mixes(said: frozenset[str], parts: Sequence[frozenset[str]]) -> bool:
    """Whether a part of a sentence takes something of several parts of a text, and all of none."""
    taken = [(part, frozenset(term for term in part if covered(term, said))) for part in _exclusive(parts)]
    partly = [part for part, some in taken if some and len(some) < len(part)]
    wholly = [part for part, some in taken if len(part) > 1 and len(some) == len(part)]
    return len(partly) > 1 and not wholly


def _exclusive(parts: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    """Of each part what no other has; the first one's subject is the others', too."""
    return [
        part - frozenset().union(*(other for place, other in enumerate(parts) if place != at))
        for at, part in enumerate(parts)
    ]


@lru_cache(maxsize=4_096)
def _parts(text: str, language: str) -> tuple[frozenset[str], ...]:
    pieces = _PART.split(text)
    subject = next((terms for word in pieces[0].split() if (terms := content_terms(word, language))), frozenset())
    found = (content_terms(piece, language) - subject for piece in pieces)
    return tuple(terms for terms in found if terms)
