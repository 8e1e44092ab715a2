"""Conditions: what a sentence makes something depend on must be what its sources make it depend on.

"If you don't answer, we send it again" has its condition from one place and its consequence from another; "after the wrong
one has reached us" is a condition that the source of the rest doesn't have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from convagent.answering.figures_said import figures_in
from convagent.answering.operators import operators_in, told_in_order
from convagent.answering.source_units import SourceUnit
from convagent.answering.stated_terms import common_share, content_terms, covered, known_terms, weighty_terms

__all__ = ["conditions_turned"]

_IF = (
    r"(?:if|when|whenever|once(?! (?:per|a|an|in|more|and|or|only|for)\b)|"
    r"as soon as|as long as|while|unless|until|before|after|wenn|falls|sobald|solange|sofern|"
    r"bevor|nachdem|bis|si|lorsque?|quand|tant que|dès que|après que|avant que|jusqu'à ce que)"
)
_FIRST = re.compile(rf"^\s*(?P<condition>{_IF}\s[^,;]{{3,120}}),\s(?P<main>.{{3,}})$", re.IGNORECASE | re.DOTALL)
_LAST = re.compile(rf"^(?P<main>.{{3,}}?),?\s(?P<condition>{_IF}\s[^,;]{{3,120}})[.!]?\s*$", re.IGNORECASE | re.DOTALL)
_AFTER = re.compile(
    r"(?<!\w)(?:after(?:wards)?|once(?! (?:per|a|an|in|more|and|or|only|for)\b)|"
    r"as soon as|nachdem|sobald|erst (?:nach|wenn)|après(?: que)?|dès que|une fois)\s",
    re.IGNORECASE,
)
_SEQUENCE = re.compile(
    r"(?<!\w)(?:after\w*|once|as soon as|when\w*|if|then|from|since|upon|on|later|next|follow\w*|first|only|start\w*|"
    r"nach\w*|sobald|wenn|dann|ab|seit|erst|danach|später|après|dès|lorsque?|quand|si|puis|ensuite|une fois|à partir)(?!\w)",
    re.IGNORECASE,
)
_MERE_IF = re.compile(r"(?:if|when|wenn|falls|sofern|si)\s", re.IGNORECASE)
_GOES_ON = re.compile(r"^(?:otherwise|or else|if not|sonst|andernfalls|ansonsten|sinon)(?!\w)", re.IGNORECASE)
_OWN = re.compile(rf"(?<!\w)(?:{_IF})\s", re.IGNORECASE)
_ALL, _ALIKE = 0.9, 0.75
_THERE, _HERE, _ELSEWHERE = 0.7, 0.8, 0.5


def conditions_turned(
    sentence: str, close: Sequence[SourceUnit], units: Sequence[SourceUnit], language: str
) -> Iterator[tuple[str, str]]:
    """Conditions of a sentence that its sources make something else depend on.

    Args:
        sentence: That has most of its words from its sources.
        close: The units that it is nearest to.
        units: All units of its sources.
        language: Of both.
    """
    sentence = told_in_order(sentence)
    starts = [figure.start for figure in figures_in(sentence)]
    events = [match for match in _AFTER.finditer(sentence) if not any(0 <= at - match.end() < 4 for at in starts)]
    if events and not any(_SEQUENCE.search(unit.text) for unit in close):
        yield "order", events[0][0].strip()
    found = _FIRST.match(sentence) or _LAST.match(sentence)
    if found is None:
        return
    condition = weighty_terms(found["condition"], language)
    main = content_terms(found["main"], language)
    if not condition or not main:
        return
    places = _places(tuple(unit for unit in units if unit.language == language), language)
    values = frozenset(value for figure in figures_in(found["condition"]) for value in figure.values)
    scored = [
        (common_share(condition, place.own), common_share(main, place.own | place.around), place) for place in places
    ]
    if not scored:
        return
    here = max(scored, key=lambda each: (each[1], each[0]))
    if here[1] < _HERE:
        return
    told = f"depends on something else: {found['condition'].strip()}"
    if _otherwise(found["condition"], condition, here[2].text, language):
        yield "negation", found["condition"].strip()
        return
    lacking = frozenset(term for term in condition if not covered(term, here[2].own))
    for share, less, place in scored:
        if less >= _ELSEWHERE or place is here[2]:
            continue
        if values and values <= place.values and not values & here[2].values and share >= _THERE:
            yield "restriction", told
            return
        differs = here[0] < _ELSEWHERE and _OWN.search(here[2].text) is not None
        if differs and len(condition) > 1 and share >= _ALL and _MERE_IF.match(found["condition"]):
            yield "restriction", told
            return
        if not _MERE_IF.match(found["condition"]):
            continue
        shared = frozenset(term for term in condition - lacking if covered(term, place.own))
        if here[0] >= _ELSEWHERE and lacking and shared and all(covered(term, place.own) for term in lacking):
            yield "restriction", told
            return


def _otherwise(ours: str, terms: frozenset[str], text: str, language: str) -> bool:
    """Whether a source has the same condition, but denied where ours isn't, or the other way round."""
    for sentence in _SENTENCE.split(text):
        found = _FIRST.match(sentence) or _LAST.match(sentence)
        if found is None or _TURNS.search(ours) or _TURNS.search(found["condition"]):
            continue
        known = known_terms(found["condition"], language)
        if common_share(terms, known) >= _ELSEWHERE and common_share(known, terms) >= _ALIKE:
            return operators_in(ours).negated != operators_in(found["condition"]).negated
    return False


_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n")
_TURNS = re.compile(
    r"^(?:as long as|unless|until|before|solange|bis|bevor|tant que|jusqu|avant)|\b(?:without|only|ohne|nur|sans|seulement)\b",
    re.IGNORECASE,
)


class _Place(NamedTuple):
    """What a unit says by itself, what stands around it, its figures, its text."""

    own: frozenset[str]
    around: frozenset[str]
    values: frozenset[str]
    text: str


def _places(units: tuple[SourceUnit, ...], language: str) -> list[_Place]:
    """What each unit says; a question within a text is read with what answers it."""
    found: list[_Place] = []
    asked, values = frozenset[str](), frozenset[str]()
    for unit in units:
        own = known_terms(unit.text, language)
        if _GOES_ON.match(unit.text) and found:
            last = found.pop()
            found.append(
                _Place(last.own | own, last.around | unit.terms, last.values | unit.figures, f"{last.text} {unit.text}")
            )
            continue
        if unit.text.rstrip().endswith("?"):
            asked, values = own, unit.figures
            continue
        found.append(_Place(own | asked, unit.terms, unit.figures | values, unit.text))
        asked, values = frozenset(), frozenset()
    return found
