"""Whether a sentence turns round what its sources say: denied, unrestricted, bounded the other way, said of something else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TypeAlias

from convagent.answering.actors_said import actors_turned
from convagent.answering.alike_words import light_terms
from convagent.answering.conditions_joined import conditions_apart
from convagent.answering.conditions_said import conditions_turned
from convagent.answering.denials import is_denied_there
from convagent.answering.figures_said import Figure, figures_in
from convagent.answering.junctions import junctions_turned
from convagent.answering.limits_said import limits_lost
from convagent.answering.obligations import obligations_turned
from convagent.answering.operators import bound_before, operators_in, opposed
from convagent.answering.parts_mixed import parts_mixed
from convagent.answering.rows_said import rows_mistaken
from convagent.answering.source_units import (
    CONDITION,
    IS_CONDITION,
    SourceUnit,
    clauses_of,
    denials_in,
    with_condition_apart,
)
from convagent.answering.stated_terms import common_share, content_terms, known_terms

__all__ = ["Faults", "concepts_turned", "turned_round"]


Faults: TypeAlias = Iterable[tuple[str, str]]
_Said: TypeAlias = tuple[frozenset[str], frozenset[str], frozenset[bool], float]
"""What a clause says, what stands around it, whether it is denied, and by how much it counts less."""


def turned_round(
    sentence: str,
    close: Sequence[SourceUnit],
    units: Sequence[SourceUnit],
    language: str,
    *,
    asked: frozenset[str] = frozenset(),
    names: frozenset[str] = frozenset(),
) -> Faults:
    """What a sentence turns round.

    Args:
        sentence: That has most of its words from its sources.
        close: The units that it is nearest to, best first.
        units: All units of its sources.
        language: Of both.
        asked: Terms of the question.
        names: What the shop and its agent are called.
    """
    yield from concepts_turned(sentence, close, units, language)
    yield from _negation_turned(sentence, close, language)
    yield from _denied_alone(sentence, units, language)
    yield from obligations_turned(sentence, units, language)
    yield from limits_lost(sentence, close, units, language, asked=asked)
    yield from actors_turned(sentence, close, units, language, names=names)
    yield from conditions_turned(sentence, close, units, language)
    yield from conditions_apart(sentence, units, language)
    yield from junctions_turned(sentence, close, language)
    yield from parts_mixed(sentence, close, language)
    yield from rows_mistaken(sentence, units, language, asked=asked)
    yield from _figures_turned(sentence, units, language)


def concepts_turned(sentence: str, close: Sequence[SourceUnit], units: Sequence[SourceUnit], language: str) -> Faults:
    """Restrictions that are added or left out, what is free, always or all, before for after, opposites."""
    ours = operators_in(sentence)
    for clause in clauses_of(sentence):
        own = operators_in(clause).concepts & {"free", "all", "always", "only", "except", "without"}
        terms = content_terms(clause, language)
        if not own or not (terms or "free" in own):
            continue
        near = [*close, *_nearest(terms, units)]
        known = {concept for unit in near for concept in unit.operators.concepts}
        denied = any(said.negated for unit in near for said in unit.clauses)
        for concept in sorted(own - known):
            if concept in {"only", "except", "without"} and (denied or known & {"only", "except", "without"}):
                continue
            if concept == "only" and _ONLY_WHEN.search(clause) and common_share(terms, close[0].terms) >= _EVENT_TOLD:
                continue  # what changes with an event doesn't change before
            yield "free" if concept == "free" else "restriction", concept
    if not ours.concepts & {"only", "except"} and not ours.negated and _takes_up_limits(sentence, close[0], language):
        yield "restriction", "left out: only, except"
    known = {concept for unit in close for concept in operators_in(_unbounded(unit.text)).concepts}
    order = operators_in(_unbounded(sentence))
    for concept, other in (("before", "after"), ("after", "before")):
        if concept in order.concepts and other not in ours.concepts and concept not in known and other in known:
            yield "order", concept
    if opposed(order, operators_in(_unbounded(close[0].text))):
        yield "opposite", sentence.strip()


_ONLY_WHEN = re.compile(
    r"(?<!\w)(?:only (?:\w+ )?(?:with|when|after|once|from|upon)|(?:nur|erst) (?:\w+ )?(?:mit|wenn|nach|ab|sobald)|"
    r"(?:seulement|uniquement|qu')\s?(?:avec|quand|lorsque|après|dès|une fois))(?!\w)",
    re.IGNORECASE,
)
_EVENT_TOLD = 0.8
"""The first unit must have so much of such a clause."""


def _takes_up_limits(sentence: str, unit: SourceUnit, language: str) -> bool:
    """Whether a sentence says something of the clause that its source limits by "only" or "except"."""
    if not unit.operators.concepts & {"only", "except"}:
        return False
    terms = content_terms(sentence, language)
    for clause in clauses_of(unit.text):
        if operators_in(clause).concepts & {"only", "except"}:
            known = known_terms(clause, language)
            if not known or common_share(known, terms) >= _TAKEN_UP:
                return True
    return False


_TAKEN_UP = 0.2
"""This share of the words of a limited clause."""


@lru_cache(maxsize=1_024)
def _unbounded(sentence: str) -> str:
    """A sentence without the figures that a "before" or "after" may stand with, and that word: bounds are held by themselves."""
    for figure in reversed(figures_in(sentence)):
        before = _BOUND.sub("", sentence[: figure.start])
        sentence = before + sentence[figure.start + len(figure.words) :]
    return sentence


_BOUND = re.compile(
    r"(?:before|until|till|after|up to|since|vor|bis(?: zu)?|nach|ab|seit|avant|jusqu'(?:à|au)|après|dès)\s(?:\w+\s){0,2}$",
    re.IGNORECASE,
)


def _nearest(terms: frozenset[str], units: Sequence[SourceUnit]) -> list[SourceUnit]:
    """The units that have nearly as many of some terms as the one that has most."""
    scores = [common_share(terms, unit.terms) for unit in units]
    best = max(scores, default=0.0)
    return [unit for unit, score in zip(units, scores, strict=True) if best and score >= 0.95 * best]


def _negation_turned(sentence: str, close: Sequence[SourceUnit], language: str) -> Faults:
    """Clauses that are denied here and not there, or the other way round. What a condition says is not stated."""
    theirs: list[_Said] = []
    for unit in dict.fromkeys(close):
        theirs += [(clause.terms, clause.around, frozenset({clause.negated}), 0.0) for clause in unit.clauses]
        if len(unit.clauses) > 1:  # "if you have ordered before, it doesn't work": no clause has all of it
            whole = frozenset().union(*(clause.terms for clause in unit.clauses))
            either = frozenset(clause.negated for clause in unit.clauses)
            theirs.append((whole, unit.clauses[0].around, either, _WHOLE))
    for clause in clauses_of(sentence):
        split = with_condition_apart(clause)
        parts = [
            part
            for part in split
            if not (CONDITION.fullmatch(part) or (len(part) < len(sentence) and IS_CONDITION.match(part)))
        ]
        apart = [part for part in parts if _is_turned(part, theirs, close, language)]
        together = len(split) > 1 and _is_turned(clause, theirs, close, language)
        # where the condition is told there too, with its clause or by itself: "but not if it is wet"
        condition = content_terms(split[-1], language)
        told = not condition or any(common_share(condition, unit.own) >= _TOLD for unit in close)
        if (apart and (len(split) == 1 or together)) or (not told and (apart or together)):
            yield "negation", (apart or [clause])[0].strip()


def _is_turned(clause: str, theirs: Sequence[_Said], close: Sequence[SourceUnit], language: str) -> bool:
    """Whether a clause is denied and what is nearest to it isn't, or the other way round."""
    terms = content_terms(clause, language)
    if not terms:
        return False
    scores = [
        common_share(terms, known) + 0.5 * common_share(terms, known | around) + 0.3 * common_share(known, terms) - less
        for known, around, _, less in theirs
    ]
    best = max(scores, default=0.0)
    if best < _TOLD:
        return False
    found = {
        said for (_, _, both, _), score in zip(theirs, scores, strict=True) if score >= 0.93 * best for said in both
    }
    denied = operators_in(clause).negated
    if not denied and True in found and "except" in operators_in(clause).concepts and _DENIES.search(clause):
        return False  # "these are excluded" denies without a negation
    return denied not in found and not (denied and is_denied_there(clause, close, language))


def _denied_alone(sentence: str, units: Sequence[SourceUnit], language: str) -> Faults:
    """Clauses that affirm something of what the sources only ever name in denying it."""
    denied = _only_denied(tuple(unit.text for unit in units), language)
    for clause in clauses_of(sentence):
        ours = operators_in(clause)
        if ours.negated or ours.concepts & _LIMITING or CONDITION.fullmatch(clause) or _DENIES.search(clause):
            continue
        told = content_terms(clause, language) & denied
        if told - light_terms(language) or (told and not figures_in(clause)):
            yield "negation", clause.strip()


@lru_cache(maxsize=256)
def _only_denied(texts: tuple[str, ...], language: str) -> frozenset[str]:
    """The terms that stand in denied clauses alone; not those that others stand for, which may say it of something else."""
    said: dict[bool, set[str]] = {False: set(), True: set()}
    for text in texts:
        for clause in clauses_of(text):
            for words, negated in denials_in(clause):
                said[negated] |= known_terms(words, language)
    return frozenset(term for term in said[True] - said[False] if not term.startswith("="))


_LIMITING = frozenset({"only", "except", "without", "free"})
_DENIES = re.compile(
    r"\b(?:refus\w*|declin\w*|reject\w*|forbid\w*|prohibit\w*|banned|ends?|lapse\w*|expire\w*|too late|"
    r"ablehn\w*|verboten|untersagt|"
    r"ausgeschlossen|endet|verfällt|verfallen|zu spät|interdit\w*|exclu\w*|expir\w*|trop tard)\b",
    re.IGNORECASE,
)
"""A clause may deny without a negation."""

_WHOLE = 0.2
"""So much more a sentence must have in common with a clause's whole sentence than with the clause."""


_TOLD = 0.75
"""A clause that has less in common with every clause of the sources says nothing of them, denied or not."""


def _figures_turned(sentence: str, units: Sequence[SourceUnit], language: str) -> Faults:
    figures = [figure for figure in figures_in(sentence) if figure.kind in {"money", "percent", "span", "time", "date"}]
    tells_free = "free" in operators_in(sentence).concepts
    for figure in figures:
        about = _about(sentence, figure, language)
        terms = content_terms(about, language) or content_terms(sentence, language)
        having, lacking, bounds, free_of_it, said_so = 0.0, 0.0, list[tuple[float, str]](), False, 0.0
        for unit in units:
            for _, piece in _pieces(unit.text, language):
                alike = [other for other in figures_in(piece) if (other.kind, other.unit) == (figure.kind, figure.unit)]
                same = [other for other in alike if other.values & figure.values]
                costs_nothing = figure.kind == "money" and not alike and _is_free(unit)
                if not alike and not costs_nothing:
                    continue
                around = unit.clauses[0].around if unit.clauses else unit.terms
                whole = common_share(terms, unit.terms)
                share = common_share(
                    terms, known_terms(piece, language) | around | known_terms(_lead(unit.text), language)
                )
                share += _ELIDED * max(0.0, whole - share)
                if (
                    costs_nothing
                    and not tells_free
                    and whole >= _FREE_TOLD
                    and common_share(terms, unit.own) >= _FREE_TOLD
                ):
                    free_of_it = True
                if same:
                    having = max(having, share)
                    said_so = max(said_so, common_share(terms, known_terms(piece, language)))
                    bounds += [
                        (share, bound_before(piece, other.start, other.start + len(other.words))) for other in same
                    ]
                else:
                    lacking = max(lacking, share)
        if lacking > having + 0.2 or (free_of_it and said_so < _FREE_TOLD):
            yield "figure", f"{figure.words} is said of something else"
        ours = bound_before(sentence, figure.start, figure.start + len(figure.words))
        known = {bound for share, bound in bounds if share >= 0.8 * having}
        if known and ours not in {"", *known} and (ours == "lower" or "" not in known):  # "30 days" is within 30 days
            yield "quantity", figure.words


def _is_free(unit: SourceUnit) -> bool:
    """Whether a unit says that something costs nothing, and of nothing what it costs: as good as a price."""
    return "free" in unit.operators.concepts and all(figure.kind != "money" for figure in figures_in(unit.text))


_FREE_TOLD = 0.5
"""With so much of what is said in a sentence that says it is free, a price of another sentence isn't its price."""

_ELIDED = 0.5
"""What a part of a sentence leaves to the rest of it: "it takes 2 days and costs 5 EUR" has one subject."""


_PIECE = re.compile(r"[;]\s|,\s|\s(?:and|und|et|but|aber|mais|while|or|oder|ou)\s(?=.*\d)")


_LEAD = re.compile(r"^(?:[-•]\s*|\d+\.\s*)?([^:;]{2,80}): ")


def _lead(text: str) -> str:
    found = _LEAD.match(text)
    return found[1] if found else ""


@lru_cache(maxsize=4_096)
def _pieces(text: str, language: str) -> tuple[tuple[int, str], ...]:
    """The parts of a text that have figures of their own and say something, each with its place."""
    whole = [(figure.start, figure.start + len(figure.words)) for figure in figures_in(text)]
    ends = (found.end() for found in _PIECE.finditer(text))
    starts = [0, *(at for at in ends if not any(start < at < end for start, end in whole))]  # "2 or 3 months" is one
    found: list[tuple[int, str]] = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        piece = text[start:end]
        if found and not (figures_in(piece) and known_terms(piece, language)):
            found[-1] = found[-1][0], text[found[-1][0] : end]
        else:
            found.append((start, piece))
    return tuple(found)


def _about(sentence: str, figure: Figure, language: str) -> str:
    """The part of a sentence that a figure stands in, where several parts have figures of their own."""
    return next((piece for start, piece in reversed(_pieces(sentence, language)) if start <= figure.start), sentence)
