"""Limits that a sentence loses: the condition or the span that its source bounds the same statement by; and "without".

A sentence that says what the main clause of its source says, and leaves out the "within 14 days" or "as long as it is pending",
promises more than the source does, though every word of it stands there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from convagent.answering.figures_said import figures_in
from convagent.answering.obligations import obliges
from convagent.answering.operators import operators_in
from convagent.answering.source_units import SourceUnit
from convagent.answering.stated_terms import common_share, content_terms, known_terms

__all__ = ["limits_lost"]

_IF = (
    r"(?:if|when|whenever|once(?! (?:per|a|an|in|more)\b)|while|as long as|as soon as|until|unless|provided|only|before|"
    r"wenn|falls|sobald|solange|sofern|bis|bevor|nur|si|lorsque?|quand|tant que|dès que|avant|seulement|à condition)(?!\w)|"
    r"(?:tant qu|dès qu|jusqu|lorsqu)'"
)
_REST = r"(?:[^,;:.!?]|(?<=\d)[.,:](?=\d))"
_CONDITION = re.compile(
    rf"(?:^|(?<=[\s(,]))(?:{_IF}){_REST}{{3,140}}|"
    r"(?:^|(?<=[\s(,]))(?P<within>(?:within|inside|during|up to|innerhalb(?: von)?|binnen|bis zu|jusqu'à|dans les|"
    rf"dans un délai de|sous|pendant)\s{_REST}{{2,80}})|"
    rf"^[A-ZÄÖÜ][a-zäöüß]+e?n Sie\s{_REST}{{3,140}}(?=,)",
    re.IGNORECASE,
)
_BOUNDS = re.compile(
    rf"(?<!\w)(?:(?:{_IF})|(?:within|innerhalb|binnen|under|unter|up to|bis zu|jusqu'à|dans les|sous|pendant|during)(?!\w))",
    re.IGNORECASE,
)
_WITHOUT = re.compile(r"(?<!\w)(?:without|ohne|sans)\s(?P<what>[^,;:.!?]{3,60})", re.IGNORECASE)
_PARTS = re.compile(r"[,;:]\s|\s(?:and|but|or|und|aber|oder|et|mais|ou)\s", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n")
_MUCH, _MOST = 0.8, 0.75
_KEPT, _TOUCHED = 0.5, 0.3
_LEAST_TERMS = 2


class _Limited(NamedTuple):
    """A sentence of a source.

    Attributes:
        main: What it says, apart from what limits it.
        limits: What limits it, each as it stands there, with what the part of the sentence says in which it stands; nothing
            where it stands first or by itself, and so limits all of it.
    """

    main: frozenset[str]
    limits: tuple[tuple[str, frozenset[str]], ...]


def limits_lost(
    sentence: str,
    close: Sequence[SourceUnit],
    units: Sequence[SourceUnit],
    language: str,
    *,
    asked: frozenset[str] = frozenset(),
) -> Iterator[tuple[str, str]]:
    """The conditions and spans that a sentence leaves out, and what it does without that its source asks for.

    Args:
        sentence: That has most of its words from its sources.
        close: The units that it is nearest to, best first.
        units: All units of its sources.
        language: Of both.
        asked: Terms of the question: a condition that the customer meets needn't be said again.
    """
    terms = content_terms(sentence, language)
    if len(terms) >= _LEAST_TERMS and not operators_in(sentence).negated and obliges(sentence) != "tells":
        told = [each for unit in dict.fromkeys(close) for each in _limited(unit.text, language)]
        lost = [_lost(sentence, terms | asked, each, language) for each in told if _says_most_of(terms, each, language)]
        if lost and all(lost):
            yield "restriction", f"left out: {lost[0]}"
    if (without := _WITHOUT.search(sentence)) is not None:
        needed = content_terms(without["what"], language)
        said = [text for unit in units for text in _SENTENCE.split(unit.text) if needed <= known_terms(text, language)]
        if needed and said and not any(_leaves_out(text) for text in said):
            yield "restriction", without[0]


def _says_most_of(terms: frozenset[str], told: _Limited, language: str) -> bool:
    """Whether a sentence is its source's main clause with some of its limits, or nearly all of it."""
    limits = [known_terms(limit, language) for limit, _ in told.limits]
    kept = told.main.union(*(limit for limit in limits if common_share(limit, terms) >= _KEPT))
    return common_share(terms, kept) >= _MUCH and common_share(kept, terms) >= _MOST


@lru_cache(maxsize=4_096)
def _limited(text: str, language: str) -> tuple[_Limited, ...]:
    found = []
    for sentence in _SENTENCE.split(text.replace("’", "'")):
        main, limits = sentence, []
        for match in _CONDITION.finditer(sentence):
            if match["within"] is None or figures_in(match["within"]):
                limits.append((match[0].strip(), known_terms(_beside(sentence, match), language)))
                main = main.replace(match[0], " ")
        found.append(_Limited(known_terms(main, language), tuple(limits)))
    return tuple(found)


def _beside(sentence: str, limit: re.Match[str]) -> str:
    """What stands in the same part of a sentence as what limits it."""
    before = _PARTS.split(sentence[: limit.start()])[-1]
    behind = _PARTS.split(sentence[limit.end() :])[0] if before.strip() else ""
    return f"{before} {behind}"


def _lost(sentence: str, terms: frozenset[str], told: _Limited, language: str) -> str:
    """What limits a source's sentence and isn't in ours; empty where nothing is lost."""
    values, bounds = _values(sentence), len(_BOUNDS.findall(sentence.replace("’", "'")))
    for limit, beside in told.limits:
        if beside and common_share(beside, terms) < _KEPT:
            continue
        spans = _spans(limit)
        if spans and not spans & values:
            return limit
        known = known_terms(limit, language)
        if not spans and common_share(known, terms) < _TOUCHED and bounds < len(told.limits):
            return limit
    return ""


def _values(text: str) -> frozenset[str]:
    return frozenset(value for figure in figures_in(text) for value in figure.values)


def _spans(text: str) -> frozenset[str]:
    """How long, until when: a price within a condition bounds nothing."""
    return frozenset(
        value for figure in figures_in(text) if figure.kind in {"span", "date", "time"} for value in figure.values
    )


def _leaves_out(text: str) -> bool:
    found = operators_in(text)
    return found.negated or "without" in found.concepts or "free" in found.concepts
