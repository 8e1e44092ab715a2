"""Whether a sentence says what its sources say: its words stand there, near in meaning, and nothing is turned round.

Lexical entailment first: the content words of the sentence must stand in the few units (sentences, list lines,
rows) that it is
nearest to, stemmed, or words that say the same. Where enough do, but not nearly all,
the encoder must find the sentence near to
one of them in meaning. Then what turns statements round is compared: negation clause by clause, only, except,
always, free,
before and after, opposites, what a figure bounds and what it is said of.

A source in another language is compared by meaning, figures and operators alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from convagent.answering.alike_words import class_of, polite_terms
from convagent.answering.figures_said import Figure, figures_in
from convagent.answering.number_words import NUMBERS
from convagent.answering.operators import Operators, bound_before, operators_in, opposed
from convagent.answering.units import units_of
from convagent.search import Embedder, Tokeniser, base_language

__all__ = [
    "LEAST",
    "NEAR",
    "NEAR_ACROSS",
    "PLAIN",
    "SourceUnit",
    "Support",
    "content_terms",
    "source_units",
    "support_of",
]

PLAIN = 0.8
"""From this share of its words on, a sentence is supported without asking for its meaning."""

LEAST = 0.6
"""With fewer of its words in the sources it isn't, however near it is. Measured,
as `PLAIN`: docs/model-composing.md."""

NEAR = 0.55
"""So near in meaning, where the words alone don't decide."""

NEAR_ACROSS = 0.66
"""The same for a source in another language, whose words can't be compared."""

Faults: TypeAlias = Iterable[tuple[str, str]]

_CLOSE = 0.75
"""A unit is held against a sentence when it has this share of the words that the best one has."""


class Clause(NamedTuple):
    """A clause of a source.

    Attributes:
        terms: What it says.
        around: What its heading, the line that leads to it and the title say.
        negated: Whether it is denied.
    """

    terms: frozenset[str]
    around: frozenset[str]
    negated: bool


@dataclass(frozen=True, slots=True)
class SourceUnit:
    """A sentence, list line or row of a source.

    Attributes:
        text: As it stands there.
        number: Which source, from 0.
        language: Its language.
        terms: What it says, stemmed, with its heading and the line that leads to it.
        operators: What turns statements round in it.
        clauses: What it says, clause by clause,
        and whether it is denied; with what its heading asks where it answers that.
        figures: What its figures denote.
        own: What it says by itself.
    """

    text: str
    number: int
    language: str
    terms: frozenset[str]
    operators: Operators
    clauses: tuple[Clause, ...] = ()
    figures: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Support:
    """How a sentence stands to its sources.

    Attributes:
        faults: What is wrong: kind and words.
        units: What it rests on, best first.
        share: Of its words that stand there.
        nearness: In meaning; None where it wasn't asked for.
    """

    faults: tuple[tuple[str, str], ...] = ()
    units: tuple[SourceUnit, ...] = ()
    share: float = 0.0
    nearness: float | None = None


@lru_cache(maxsize=1_024)
def source_units(text: str, frame: str, number: int, language: str) -> tuple[SourceUnit, ...]:
    """The units of a source.

    Args:
        text: Its text.
        frame: Title and headings above it.
        number: Which source it is.
        language: Its language.
    """
    base = base_language(language)
    found: list[SourceUnit] = []
    above = _terms(frame, base)
    heading: str | None = None
    for unit in units_of(text):
        lines = unit.text.split("\n") if unit.is_list else [unit.text]
        lead = lines[0] if len(lines) > 1 and lines[0].endswith(":") else ""
        around = frozenset(above | _terms(f"{unit.heading} {lead}", base))
        opens = unit.heading != heading
        heading = unit.heading
        for line in lines:
            clauses = _clauses_of(line, unit.heading or frame, around, base, opens=opens or unit.is_list)
            terms = frozenset(_terms(line, base) | around)
            figures = frozenset(value for figure in figures_in(line) for value in figure.values)
            own = frozenset().union(*(clause.terms for clause in clauses))
            found.append(SourceUnit(line, number, base, terms, operators_in(line), clauses, figures, own))
    return tuple(found)


def _clauses_of(line: str, heading: str, around: frozenset[str], language: str, *, opens: bool) -> tuple[Clause, ...]:
    """The clauses of a line. Under "What don't you accept?" each item is denied; "Yes" and "No" answer the heading."""
    asked = heading.rstrip().endswith("?")
    question = re.split(r"(?<=[.!?])\s", heading.strip())[-1]
    answer = _ANSWER.match(line)
    denies = asked and operators_in(question).negated and opens and answer is None
    found = [
        Clause(frozenset(_terms(clause, language)), around, operators_in(clause).negated or denies)
        for clause in _clauses(line)
    ]
    if answer is not None:
        denied = answer["no"] is not None
        row = answer["row"]
        if row is not None:
            found = [Clause(frozenset(_terms(row, language)), around, denied), *found[1:]]
        elif asked and opens:
            found.append(Clause(frozenset(_terms(question, language)), around, denied))
    return tuple(clause for clause in found if clause.terms)


_ANSWER = re.compile(
    r"^(?:[-•]\s*|(?P<row>[^:;|]{2,80}): )?(?:(?P<no>no|nein|non)|(?P<yes>yes|ja|oui))(?:[.,:;!]|\s*$)", re.IGNORECASE
)


def content_terms(sentence: str, language: str) -> frozenset[str]:
    """The terms of a sentence that state something: neither figures nor politeness."""
    base = base_language(language)
    polite = polite_terms(base)
    return frozenset(
        class_of(term, base)
        for term in _tokeniser(base).terms(sentence)
        if term not in polite and not _is_figure(term, base)
    )


def support_of(
    sentence: str, units: Sequence[SourceUnit], *, language: str, asked: frozenset[str] = frozenset(),
    embedder: Embedder | None = None,
) -> Support:  # fmt: skip
    """How a sentence that states something stands to the units of its sources.

    Args:
        sentence: In the reply's language.
        units: Of all sources that it may rest on.
        language: The reply's.
        asked: Terms of the question, which a sentence may take up without a source's having them.
        embedder: Says how near two texts are in meaning; without one, words alone decide.
    """
    base = base_language(language)
    own = [unit for unit in units if unit.language == base]
    if own:
        return _in_one_language(sentence, own, base, asked, embedder)
    return _across(sentence, units, base, embedder)


def _in_one_language(
    sentence: str, units: Sequence[SourceUnit], language: str, asked: frozenset[str], embedder: Embedder | None
) -> Support:
    terms = content_terms(sentence, language)
    figures = {value for figure in figures_in(sentence) for value in figure.values}
    shares = [_share(terms, unit.terms) for unit in units]
    fit = [
        share + 0.5 * _share(terms, unit.own) + (0.25 if figures & unit.figures else 0.0)
        for share, unit in zip(shares, units, strict=True)
    ]
    best = max(shares, default=0.0)
    if not terms or best <= 0:
        return Support((("unsupported", sentence.strip()),))
    ranked = sorted(range(len(units)), key=lambda at: (-fit[at], at))
    close = [units[at] for at in ranked if shares[at] >= _CLOSE * best][:4]
    first = units[ranked[0]]
    said = _stated(terms, asked, first.terms)
    second = max(units, key=lambda unit: _share(said, first.terms | unit.terms))
    both = first.terms | second.terms
    share = _share(said, both)
    used = (first,) if _share(said, first.terms) >= share else (first, second)
    nearness: float | None = None
    if share < PLAIN and embedder is not None and share >= LEAST:
        nearness = _nearness(sentence, [*close, second, *used], language, embedder)
    if share < LEAST or (share < PLAIN and (nearness is None or nearness < NEAR)):
        return Support((("unsupported", sentence.strip()),), used, share, nearness)
    faults = tuple(_turned_round(sentence, [*close, *used], units, language))
    return Support(faults, used, share, nearness)


def _stated(terms: frozenset[str], asked: frozenset[str], known: frozenset[str]) -> frozenset[str]:
    """The terms that need a source: what the customer said may be taken up, as long as something else is stated."""
    needed = frozenset(term for term in terms if term not in asked or _covered(term, known))
    return needed if len(needed) >= 2 else terms


def _across(sentence: str, units: Sequence[SourceUnit], language: str, embedder: Embedder | None) -> Support:
    if embedder is None or not units:
        return Support((("unsupported", sentence.strip()),))
    vector = embedder.embed([sentence.strip()], kind="query", language=language)[0]
    by_language = {unit.language for unit in units}
    scores = dict.fromkeys(range(len(units)), 0.0)
    for other in by_language:
        places = [at for at, unit in enumerate(units) if unit.language == other]
        vectors = embedder.embed([units[at].text for at in places], kind="passage", language=other)
        scores |= {at: float(vectors[place] @ vector) for place, at in enumerate(places)}
    ranked = sorted(scores, key=lambda at: (-scores[at], at))
    best = scores[ranked[0]]
    if best < NEAR_ACROSS:
        return Support((("unsupported", sentence.strip()),), (units[ranked[0]],), 0.0, best)
    close = [units[at] for at in ranked[:3] if scores[at] >= 0.9 * best]
    return Support(tuple(_concepts_turned(sentence, close, close, language)), (units[ranked[0]],), 0.0, best)


def _nearness(sentence: str, units: Iterable[SourceUnit], language: str, embedder: Embedder) -> float:
    texts = list(dict.fromkeys(unit.text for unit in units))
    vector = embedder.embed([sentence.strip()], kind="query", language=language)[0]
    return float((embedder.embed(texts, kind="passage", language=language) @ vector).max())


def _turned_round(sentence: str, close: Sequence[SourceUnit], units: Sequence[SourceUnit], language: str) -> Faults:
    yield from _concepts_turned(sentence, close, units, language)
    yield from _negation_turned(sentence, close, language)
    yield from _figures_turned(sentence, units, language)


def _concepts_turned(sentence: str, close: Sequence[SourceUnit], units: Sequence[SourceUnit], language: str) -> Faults:
    ours, first = operators_in(sentence), close[0].operators
    for clause in _clauses(sentence):
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
            yield "free" if concept == "free" else "restriction", concept
    if first.concepts & {"only", "except"} and not ours.concepts & {"only", "except"} and not ours.negated:
        yield "restriction", "left out: only, except"
    known = {concept for unit in close for concept in unit.operators.concepts}
    for concept, other in (("before", "after"), ("after", "before")):
        if concept in ours.concepts and other not in ours.concepts and concept not in known and other in known:
            yield "order", concept
    if opposed(ours, first):
        yield "opposite", sentence.strip()


def _nearest(terms: frozenset[str], units: Sequence[SourceUnit]) -> list[SourceUnit]:
    """The units that have nearly as many of some terms as the one that has most."""
    scores = [_share(terms, unit.terms) for unit in units]
    best = max(scores, default=0.0)
    return [unit for unit, score in zip(units, scores, strict=True) if best and score >= 0.95 * best]


def _negation_turned(sentence: str, close: Sequence[SourceUnit], language: str) -> Faults:
    """Clauses that are denied here and not there, or the other way round. What a condition says is not stated."""
    theirs: list[tuple[frozenset[str], frozenset[str], frozenset[bool], float]] = []
    for unit in dict.fromkeys(close):
        theirs += [(clause.terms, clause.around, frozenset({clause.negated}), 0.0) for clause in unit.clauses]
        if len(unit.clauses) > 1:  # "if you have ordered before, it doesn't work": no clause has all of it
            whole = frozenset().union(*(clause.terms for clause in unit.clauses))
            either = frozenset(clause.negated for clause in unit.clauses)
            theirs.append((whole, unit.clauses[0].around, either, _WHOLE))
    for clause in _clauses(sentence):
        terms = content_terms(clause, language)
        if not terms or _CONDITION.fullmatch(clause):
            continue
        scores = [
            _share(terms, known) + 0.5 * _share(terms, known | around) + 0.3 * _share(known, terms) - less
            for known, around, _, less in theirs
        ]
        best = max(scores, default=0.0)
        if best < _TOLD:
            continue
        found = {
            said for (_, _, both, _), score in zip(theirs, scores, strict=True) if score >= 0.93 * best for said in both
        }
        if operators_in(clause).negated not in found:
            yield "negation", clause.strip()


_WHOLE = 0.2
"""So much more a sentence must have in common with a clause's whole sentence than with the clause."""

_TOLD = 0.75
"""A clause that has less in common with every clause of the sources says nothing of them, denied or not."""


def _figures_turned(sentence: str, units: Sequence[SourceUnit], language: str) -> Faults:
    figures = [figure for figure in figures_in(sentence) if figure.kind in {"money", "percent", "span", "time", "date"}]
    for figure in figures:
        about = _about(sentence, figure, language)
        terms = content_terms(about, language) or content_terms(sentence, language)
        having, lacking, bounds = 0.0, 0.0, list[tuple[float, str]]()
        for unit in units:
            for _, piece in _pieces(unit.text, language):
                alike = [other for other in figures_in(piece) if (other.kind, other.unit) == (figure.kind, figure.unit)]
                same = [other for other in alike if other.values & figure.values]
                if not alike:
                    continue
                around = unit.clauses[0].around if unit.clauses else unit.terms
                whole = _share(terms, unit.terms)
                share = _share(terms, _known_terms(piece, language) | around | _known_terms(_lead(unit.text), language))
                share += _ELIDED * max(0.0, whole - share)
                if same:
                    having = max(having, share)
                    bounds += [
                        (share, bound_before(piece, other.start, other.start + len(other.words))) for other in same
                    ]
                else:
                    lacking = max(lacking, share)
        if lacking > having + 0.2:
            yield "figure", f"{figure.words} is said of something else"
        ours = bound_before(sentence, figure.start, figure.start + len(figure.words))
        known = {bound for share, bound in bounds if share >= 0.8 * having}
        if known and ours not in {"", *known} and (ours == "lower" or "" not in known):  # "30 days" is within 30 days
            yield "quantity", figure.words


_ELIDED = 0.5
"""What a part of a sentence leaves to the rest of it: "it takes 2 days and costs 5 EUR" has one subject."""

_CLAUSE = re.compile(
    r"[;:]\s|\s[–—-]\s|,\s(?=(?:but|and|so|or|while|aber|und|sondern|oder|mais|et|ou|sinon|sonst|otherwise|"
    r"tandis)\b)|\s(?=(?:but|"
    r"aber|sondern|mais)\s)|[.!?]\s"
)
_PIECE = re.compile(r"[;]\s|,\s|\s(?:and|und|et|but|aber|mais|while|or|oder|ou)\s(?=.*\d)")
_LEAD = re.compile(r"^(?:[-•]\s*|\d+\.\s*)?([^:;]{2,80}): ")


def _lead(text: str) -> str:
    found = _LEAD.match(text)
    return found[1] if found else ""


def _clauses(text: str) -> list[str]:
    found: list[str] = []
    for clause in _CLAUSE.split(text):
        condition = _CONDITION.match(clause or "")
        if condition is not None:
            found += [clause[: condition.end()], clause[condition.end() :]]
        elif clause:
            found.append(clause)
    return [clause for clause in found if clause.strip()]


_CONDITION = re.compile(
    r"\s*(?:if|once|when|while|unless|as soon as|wenn|falls|sobald|solange|nachdem|si|lorsque|quand|dès que|"
    r"tant que|une fois)\b"
    r"[^,]{3,120},\s",
    re.IGNORECASE,
)


@lru_cache(maxsize=4_096)
def _pieces(text: str, language: str) -> tuple[tuple[int, str], ...]:
    """The parts of a text that have figures of their own and say something, each with its place."""
    starts = [0, *(found.end() for found in _PIECE.finditer(text))]
    found: list[tuple[int, str]] = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        piece = text[start:end]
        if found and not (figures_in(piece) and _known_terms(piece, language)):
            found[-1] = found[-1][0], text[found[-1][0] : end]
        else:
            found.append((start, piece))
    return tuple(found)


def _about(sentence: str, figure: Figure, language: str) -> str:
    """The part of a sentence that a figure stands in, where several parts have figures of their own."""
    return next((piece for start, piece in reversed(_pieces(sentence, language)) if start <= figure.start), sentence)


def _share(terms: frozenset[str] | set[str], known: frozenset[str] | set[str]) -> float:
    """How much of the terms is known, longer words weighing a little more."""
    if not terms:
        return 0.0
    weight = sum(_weight(term) for term in terms)
    return sum(_weight(term) for term in terms if _covered(term, known)) / weight


def _weight(term: str) -> float:
    return 1.0 if len(term) > 3 else 0.6


def _covered(term: str, known: frozenset[str] | set[str]) -> bool:
    if term in known:
        return True
    if len(term) < 5 or term.startswith("="):
        return False
    return any(_akin(term, other) for other in known if len(other) >= 5)


@lru_cache(maxsize=65_536)
def _akin(one: str, other: str) -> bool:
    """Forms of a word that stemming leaves apart, and the parts of compounds."""
    if one.startswith("=") or other.startswith("="):
        return False
    short, long = sorted((one, other), key=len)
    if long.startswith(short) or long.endswith(short):
        return True
    shared = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(short))
    return shared >= 5 and shared >= 0.7 * len(long)


def _terms(text: str, language: str) -> set[str]:
    return set(_known_terms(text, language))


@lru_cache(maxsize=8_192)
def _known_terms(text: str, language: str) -> frozenset[str]:
    return frozenset(
        class_of(term, language) for term in _tokeniser(language).terms(text) if not _is_figure(term, language)
    )


def _is_figure(term: str, language: str) -> bool:
    return term in _number_terms(language) or any(char.isdigit() for char in term)


@lru_cache(maxsize=16)
def _number_terms(language: str) -> frozenset[str]:
    return frozenset(_tokeniser(language).terms(f"{' '.join(NUMBERS)} {_CURRENCIES}"))


_CURRENCIES = "eur euro euros usd dollar dollars gbp pound pounds pfund livres chf franken cent cents percent prozent"


@lru_cache(maxsize=16)
def _tokeniser(language: str) -> Tokeniser:
    return Tokeniser(language)


def share_of(text: str, other: str, language: str) -> float:
    """How much of what a text says stands in another of the same language, 0 to 1; 1 where it says nothing."""
    terms = content_terms(text, language)
    return _share(terms, _known_terms(other, base_language(language))) if terms else 1.0
