"""And for or: "the code or an identity document" where the source asks for both, "both" where it leaves the choice.

Where something may be done, "by card or PayPal" and "by card and PayPal" say the same. Where it must be, they don't: only
what is told to do or asked for is compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal

from convagent.answering.obligations import obliges
from convagent.answering.source_units import SourceUnit
from convagent.answering.stated_terms import content_terms, covered

__all__ = ["junctions_turned"]

_WORDS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[,.;:!?]")
_AND = frozenset({"and", "und", "et", "plus", "sowie"})
_OR = frozenset({"or", "oder", "ou", "either", "beziehungsweise", "soit"})
_TOGETHER = re.compile(
    r"(?<!\w)(?:both|together|as well as|beides?|zusammen|sowohl|les deux|ensemble|à la fois)(?!\w)", re.IGNORECASE
)
_REACH = 4

_Junction = tuple[Literal["and", "or"], frozenset[str], frozenset[str]]


def junctions_turned(sentence: str, close: Sequence[SourceUnit], language: str) -> Iterator[tuple[str, str]]:
    """Where a sentence joins by "and" what its source leaves to choose, or by "or" what it asks for together.

    Args:
        sentence: That has most of its words from its sources.
        close: The units that it is nearest to.
        language: Of both.
    """
    ours = obliges(sentence)
    both = _TOGETHER.search(sentence) is not None
    for kind, left, right in _junctions(sentence, language):
        theirs = {
            (other, obliges(unit.text))
            for unit in close
            for other, one, two in _junctions(unit.text, language)
            if (_meets(left, one) and _meets(right, two)) or (_meets(left, two) and _meets(right, one))
        }
        if kind == "or" and not theirs and ours == "must" and not any(_has(unit, left, right) for unit in close):
            yield "unsupported", "an alternative that no source gives"
        if not theirs or any(other == kind for other, _ in theirs):
            continue
        if kind == "or" and any(told in {"tells", "must"} for _, told in theirs):
            yield "restriction", "a choice where both are asked for"
        if kind == "and" and (both or ours == "must"):
            yield "restriction", "both where there is a choice"


def _has(unit: SourceUnit, left: frozenset[str], right: frozenset[str]) -> bool:
    return _meets(left, unit.terms) and _meets(right, unit.terms)


def _meets(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    return any(covered(term, theirs) for term in ours)


@lru_cache(maxsize=4_096)
def _junctions(text: str, language: str) -> tuple[_Junction, ...]:
    words = _WORDS.findall(text)
    found: list[_Junction] = []
    for at, word in enumerate(words):
        kind: Literal["and", "or"] | None = (
            "and" if word.casefold() in _AND else "or" if word.casefold() in _OR else None
        )
        if kind is None:
            continue
        left = _first(reversed(words[max(0, at - _REACH) : at]), language)
        right = _first(iter(words[at + 1 : at + 1 + _REACH]), language)
        if left and right:
            found.append((kind, left, right))
    return tuple(found)


def _first(words: Iterator[str], language: str) -> frozenset[str]:
    """The nearest word that says anything."""
    return next((terms for word in words if (terms := content_terms(word, language))), frozenset())
