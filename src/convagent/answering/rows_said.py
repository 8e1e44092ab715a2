"""Tables and lists of cases: what stands in one row said of another, or said without the case that its row is for.

A row has a label and what holds there: "Unopened: exchange it", "Express: €9.90". A sentence that names one row must not say what
stands in another, and one that says what holds in a case alone must name the case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from convagent.answering.figures_said import figures_in
from convagent.answering.operators import operators_in, opposed
from convagent.answering.source_units import SourceUnit
from convagent.answering.stated_terms import common_share, content_terms, covered, known_terms

__all__ = ["rows_mistaken"]

_LABELLED = re.compile(r"^(?:[-•]\s*|\d+\.\s*)?(?P<label>[^:.!?]{2,80}): (?P<told>.+)$", re.DOTALL)
_NAMED, _TOLD, _UNTOLD = 0.5, 0.75, 0.4
_KINDS = frozenset({"money", "percent", "span", "time"})


class _Row(NamedTuple):
    """A row: its label's words, those that no other row's label has, what it says, and its text."""

    label: str
    own: frozenset[str]
    told: frozenset[str]
    text: str


def rows_mistaken(
    sentence: str, units: Sequence[SourceUnit], language: str, *, asked: frozenset[str] = frozenset()
) -> Iterator[tuple[str, str]]:
    """What a sentence takes from a row that it isn't about.

    Args:
        sentence: That has most of its words from its sources.
        units: All units of its sources.
        language: Of both.
        asked: Terms of the question.
    """
    terms = content_terms(sentence, language)
    for table in _tables(units, language):
        named = [row for row in table if row.own and common_share(row.own, terms) >= _NAMED]
        if len(named) > 1 and len(valued := [row for row in named if _values(row.text)]) == 1:
            named = valued  # the row of column names is none that anything is said of
        if len(named) == 1:
            yield from _cell_denied(sentence, terms, named[0], language)
            yield from _of_another(sentence, terms, named, [row for row in table if row not in named], language)
        elif not named:
            yield from _without_case(sentence, terms, table, asked)


def _of_another(
    sentence: str, terms: frozenset[str], named: Sequence[_Row], others: Sequence[_Row], language: str
) -> Iterator[tuple[str, str]]:
    labels = frozenset().union(*(known_terms(row.label, language) for row in named))
    said = frozenset(term for term in terms if not covered(term, labels))
    here = frozenset().union(*(row.told for row in named))
    for row in others:
        only = frozenset(term for term in row.told if not covered(term, here))
        if (
            len(said) > 1
            and common_share(said, row.told) >= _TOLD
            and common_share(said, here) <= _UNTOLD
            and len(only) > 1
        ):
            yield "unsupported", f"{named[0].label} isn't {row.label}"
            return
    values = frozenset().union(*(_values(row.text) for row in named))
    comparable = any(_values(row.text) or operators_in(row.text).concepts & {"free"} for row in named)
    figures = [figure for figure in figures_in(sentence) if figure.kind in _KINDS]
    if comparable and len(figures) == 1 and not figures[0].values & values:
        known = frozenset().union(*(_values(row.text) for row in others))
        if figures[0].values & known:
            yield "figure", f"{figures[0].words} is said of something else"


def _cell_denied(sentence: str, terms: frozenset[str], row: _Row, language: str) -> Iterator[tuple[str, str]]:
    """Where the row has "No" in a column, or "Yes", and the sentence says the other."""
    negated = operators_in(sentence).negated
    for cell in row.text.partition(": ")[2].split("; "):
        found = _CELL.match(cell)
        column = known_terms(found["column"], language) if found else frozenset()
        if found is not None and column and common_share(column, terms) >= _TOLD and negated == (found["no"] is None):
            yield "negation", cell


_CELL = re.compile(r"(?P<column>.{3,60}?) (?:(?P<no>no|nein|non)|yes|ja|oui)\W*$", re.IGNORECASE)


def _without_case(
    sentence: str, terms: frozenset[str], table: Sequence[_Row], asked: frozenset[str]
) -> Iterator[tuple[str, str]]:
    ours = operators_in(sentence)
    for row in table:
        told = operators_in(row.text)
        if len(row.told) < 2 or common_share(terms, row.told) < _TOLD or common_share(row.told, terms) < _TOLD:
            continue
        if any(covered(term, asked | terms) for term in row.own) or ours.negated != told.negated:
            continue
        for other in table:
            label, against = operators_in(row.label), operators_in(other.label)
            if other is not row and (opposed(label, against) or label.negated != against.negated):
                yield "restriction", f"left out: {row.label}"
                return


def _values(text: str) -> frozenset[str]:
    return frozenset(value for figure in figures_in(text) if figure.kind in _KINDS for value in figure.values)


def _tables(units: Sequence[SourceUnit], language: str) -> Iterator[tuple[_Row, ...]]:
    runs: dict[tuple[int, frozenset[str]], list[str]] = {}
    for unit in units:
        if _LABELLED.match(unit.text) and unit.language == language:
            above = unit.clauses[0].around if unit.clauses else frozenset[str]()
            runs.setdefault((unit.number, above), []).append(unit.text)
    yield from (_table(tuple(run), language) for run in runs.values() if len(run) > 1)


@lru_cache(maxsize=1_024)
def _table(texts: tuple[str, ...], language: str) -> tuple[_Row, ...]:
    rows = [(found["label"], found["told"]) for text in texts if (found := _LABELLED.match(text)) is not None]
    labels = [known_terms(label, language) for label, _ in rows]
    return tuple(
        _Row(
            label,
            own - frozenset().union(*(labels[:at] + labels[at + 1 :])),
            known_terms(told, language),
            f"{label}: {told}",
        )
        for at, ((label, told), own) in enumerate(zip(rows, labels, strict=True))
    )
