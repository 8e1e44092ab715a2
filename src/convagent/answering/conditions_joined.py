"""A condition and what hangs on it must come from one place, and the condition must be the one that the place gives.

"We send it again if it is unworn" has its main clause from one part of an article and its condition from another, where it limits
something else. "While it is processing you can change it" has its condition from the sentence beside, where its source says
"While it is pending". Both have every word of theirs in the sources.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from convagent.answering.operators import operators_in
from convagent.answering.source_units import SourceUnit
from convagent.answering.stated_terms import common_share, content_terms, covered, known_terms, weighty_terms

__all__ = ["conditions_apart"]

_IF = (
    r"(?:(?<!\w)(?:if|when|whenever|as soon as|as long as|while|unless|until|once(?! (?:per|a|an|in|more)\b)|"
    r"provided(?: that)?|wenn|falls|sobald|solange|sofern|bevor|nachdem|si|lorsque?|quand|tant que|dès que)(?!\w)|"
    r"(?<!\w)(?:s|lorsqu|tant qu|dès qu)')"
)
_LEAD = r"^\W*(?:(?:yes|no|but|and|then|ja|nein|aber|und|oui|non|mais|et)\W+)*"
_FIRST = re.compile(rf"{_LEAD}(?P<condition>{_IF}\s?[^,;]{{3,120}}?),\s(?P<main>.{{3,}})$", re.IGNORECASE | re.DOTALL)
_LAST = re.compile(
    rf"^(?P<main>.{{3,}}?),?\s(?P<condition>{_IF}\s?[^,;]{{3,120}}?)[.!]?\s*$", re.IGNORECASE | re.DOTALL
)
_OPEN = re.compile(
    rf"{_LEAD}(?P<condition>(?:{_IF})\s(?:\w+\s){{2,5}}?\w+?)\s(?P<main>(?:you|we|sie|wir|vous|nous)\s.+)$",
    re.IGNORECASE,
)
_SOMEWHERE = 0.6
"""Condition and main clause have so much of their words in some place each."""
_TOGETHER = 0.55
"""So much of both must stand in one place, a sentence with those beside it. Chosen on the tuned halves of the replies in
`benchmarks/data`, where right sentences have more."""
_HALF = 0.5
_SAME = 0.8
"""A main clause that has so much of the other's words is the same."""


class _Conditional(NamedTuple):
    """What a sentence says, and what it makes it depend on."""

    condition: str
    main: str


def conditions_apart(sentence: str, units: Sequence[SourceUnit], language: str) -> Iterator[tuple[str, str]]:
    """Conditions of a sentence that its sources don't put with what hangs on them.

    Args:
        sentence: That has most of its words from its sources.
        units: All units of its sources.
        language: Of both.
    """
    found = _parted(sentence)
    own = [unit for unit in units if unit.language == language]
    if found is None or not own:
        return
    condition, main = weighty_terms(found.condition, language), content_terms(found.main, language)
    if not condition or not main:
        return
    places = [_with_those_beside(own, at) for at in range(len(own))]
    shares = [(common_share(condition, place), common_share(main, place)) for place in places]
    apart = min(max(share for share, _ in shares), max(share for _, share in shares))
    together = max(min(each) for each in shares)
    if apart >= _SOMEWHERE and together <= _TOGETHER and together < apart and not _is_put_so(condition, main, own):
        yield "restriction", f"depends on something else: {found.condition.strip()}"
    elif _is_of_another_state(found, main, own, language):
        yield "restriction", f"depends on another state: {found.condition.strip()}"


@lru_cache(maxsize=4_096)
def _parted(sentence: str) -> _Conditional | None:
    plain = sentence.strip().replace("’", "'")
    found = _FIRST.match(plain) or _OPEN.match(plain) or _LAST.match(plain)
    return _Conditional(found["condition"], found["main"]) if found is not None else None


def _with_those_beside(units: Sequence[SourceUnit], at: int) -> frozenset[str]:
    """The terms of a unit with its heading, and of those before and behind it below the same heading."""
    beside = (units[place] for place in (at - 1, at + 1) if 0 <= place < len(units))
    return units[at].terms.union(*(unit.own for unit in beside if _above(unit) == _above(units[at])))


def _above(unit: SourceUnit) -> tuple[int, frozenset[str]]:
    return unit.number, unit.clauses[0].around if unit.clauses else frozenset()


def _is_put_so(condition: frozenset[str], main: frozenset[str], units: Sequence[SourceUnit]) -> bool:
    """Whether a source has the very condition, and about half of what hangs on it."""
    for unit in units:
        told = _parted(unit.text)
        if told is None or common_share(main, unit.terms) < _HALF:
            continue
        if common_share(condition, known_terms(told.condition, unit.language)) >= _SAME:
            return True
    return False


def _is_of_another_state(found: _Conditional, main: frozenset[str], units: Sequence[SourceUnit], language: str) -> bool:
    """Whether the sources say the same of another state only, and name this state elsewhere: processing for pending."""
    ours = content_terms(found.condition, language)
    known = frozenset().union(*(unit.own for unit in units))
    others = False
    for unit in units:
        told = _parted(unit.text)
        if told is None or operators_in(told.condition).negated or operators_in(found.condition).negated:
            continue
        if common_share(main, known_terms(told.main, language)) < _SAME:
            continue
        theirs = content_terms(told.condition, language)
        if all(covered(term, theirs) for term in ours):
            return False
        lacking = [term for term in ours if not covered(term, theirs)]
        replaced = [term for term in theirs if not covered(term, ours)]
        others |= len(lacking) == len(replaced) == 1 and covered(lacking[0], known)
    return others
