"""Figures that no source has and that follow from those it has: the customer's own, held against a bound; sums; shares.

"€60 is below €80, so delivery costs €7.50" has a figure of the customer's. It may be said where it is compared with a figure of
the shop's, the comparison is true, and what follows from it is told on the right side of the bound. "Ten days in all" may be said
where two spans of the sources come to it, and "€220" where the customer named €200 and a source says 10% more.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from itertools import combinations
from typing import Literal

from convagent.answering.figures_said import Figure, figures_in
from convagent.answering.operators import bound_before, operators_in
from convagent.answering.source_units import SourceUnit
from convagent.answering.stated_terms import content_terms, covered

__all__ = ["figures_that_follow", "what_follows"]

Relation = Literal["below", "within", "above", "reaches"]

_MEASURED = frozenset({"money", "span", "number", "percent"})
_MOST_ADDED = 3
"""Figures that a sum is told of; of more, some would always come to it."""
_MOST_LOOKED_AT = 12
_CENT = 0.005
_PIECE = re.compile(r"[;:]\s|,\s|(?<=[.!?])\s|\s(?:and|und|et|but|aber|mais)\s")
_FEW_WORDS = 3
_THEN = re.compile(r"^\W*(?:(?:so|and|therefore|hence|also|deshalb|daher|darum|und|donc|et|alors)\s)?", re.IGNORECASE)
_FROM = re.compile(r"(?:from|starting at|ab|à partir de|dès)\s*$", re.IGNORECASE)


def figures_that_follow(
    sentence: str, missing: Sequence[Figure], units: Sequence[SourceUnit], question: str, language: str
) -> tuple[Figure, ...]:
    """Those of a sentence's figures that stand in no source and still may be said.

    Args:
        sentence: In the sources' language.
        missing: Its figures that stand in no source, see `missing_figures`.
        units: Of all sources.
        question: The customer's words.
        language: Of all of them, ISO 639 without a region.
    """
    asked = figures_in(question)
    found: list[Figure] = []
    for figure in missing:
        if figure.kind not in _MEASURED:
            continue
        if any(_alike(figure, other) for other in asked):
            if _is_rightly_compared(sentence, figure, units, missing, language) or any(
                _is_share(sentence, other, figure, units) for other in missing if other is not figure
            ):
                found.append(figure)
        elif _is_sum(sentence, figure, units, language) or any(
            _is_share(sentence, figure, base, units) for base in asked
        ):
            found.append(figure)
    return tuple(found)


def what_follows(sentence: str, follows: Sequence[Figure]) -> tuple[str, frozenset[str]]:
    """What a sentence says of a case that it has found to be on one side of a bound, and what the bound's figure denotes.

    Args:
        sentence: As for `figures_that_follow`.
        follows: What that gave.

    Returns:
        The sentence itself and nothing where nothing is compared in it, or nothing follows.
    """
    for figure in follows:
        end = figure.start + len(figure.words)
        for bound in figures_in(sentence):
            if bound.start >= end and _comparable(figure, bound) and _relation(sentence[end : bound.start]) is not None:
                rest = _THEN.sub("", sentence[bound.start + len(bound.words) :])
                return (rest, bound.values) if len(rest.split()) >= _FEW_WORDS else (sentence, frozenset())
    return sentence, frozenset()


def _number(figure: Figure) -> float | None:
    """What a figure comes to, where it can only mean one number."""
    if len(figure.values) != 1:
        return None
    try:
        return float(next(iter(figure.values)))
    except ValueError:
        return None


def _alike(one: Figure, other: Figure) -> bool:
    """Whether two figures are the same, one of them perhaps without its unit: "150" and "150 pictures"."""
    return bool(one.values & other.values) and (one.unit == other.unit or "number" in {one.kind, other.kind})


def _comparable(one: Figure, other: Figure) -> bool:
    return one.kind == other.kind and one.unit == other.unit


# ---- the customer's figure and the shop's bound
def _is_rightly_compared(
    sentence: str, figure: Figure, units: Sequence[SourceUnit], missing: Sequence[Figure], language: str
) -> bool:
    """Whether a figure of the customer's is compared with one of the sources, truly, and with the right consequence."""
    end = figure.start + len(figure.words)
    for bound in figures_in(sentence):
        if bound.start < end or bound in missing or not _comparable(figure, bound):
            continue
        ours, theirs, relation = _number(figure), _number(bound), _relation(sentence[end : bound.start])
        if ours is None or theirs is None or relation is None or not _holds(ours, theirs, relation):
            continue
        rest = sentence[bound.start + len(bound.words) :]
        if not content_terms(rest, language):
            rest = sentence[: figure.start]
        return any(_agrees(rest, ours, theirs, bound, unit, language) for unit in units)
    return False


def _relation(between: str) -> Relation | None:
    """How what stands between two figures compares the first with the second: by its last word that does."""
    best: tuple[int, Relation] | None = None
    for name, pattern in _comparing().items():
        for match in pattern.finditer(between.replace("’", "'")):
            if best is None or match.end() > best[0]:
                best = match.end(), name
    return best[1] if best is not None else None


def _holds(ours: float, theirs: float, relation: Relation) -> bool:
    match relation:
        case "below":
            return ours < theirs
        case "within":
            return ours <= theirs
        case "above":
            return ours > theirs
        case "reaches":
            return ours >= theirs


def _agrees(rest: str, ours: float, theirs: float, bound: Figure, unit: SourceUnit, language: str) -> bool:
    """Whether a consequence is what a source says of figures on that side of its bound."""
    pieces = [piece for piece in _PIECE.split(unit.text) if piece.strip()]
    for at, piece in enumerate(pieces):
        for figure in figures_in(piece):
            if not (_comparable(figure, bound) and figure.values & bound.values):
                continue
            side = _side(piece, figure)
            if not side:
                return False
            meets = ours >= theirs if side == "lower" else ours <= theirs
            others = [value for other in pieces[:at] + pieces[at + 1 :] for value in _values(other)]
            own = {value for value in _values(piece) if value not in figure.values}
            return _follows(rest, piece, own, frozenset(others) - own, language, meets=meets)
    return False


def _side(piece: str, figure: Figure) -> str:
    if _FROM.search(piece[: figure.start]):
        return "lower"
    return bound_before(piece, figure.start, figure.start + len(figure.words))


def _follows(rest: str, piece: str, own: set[str], others: frozenset[str], language: str, *, meets: bool) -> bool:
    """Whether a consequence says of a case what its source says: the same where the bound is met, something else where not."""
    if not content_terms(rest, language) and not figures_in(rest):
        return True
    said, told = operators_in(rest), operators_in(piece)
    values = _values(rest)
    free, is_free = "free" in said.concepts, "free" in told.concepts
    elsewhere = bool(values & others) and not values & own
    if meets:
        return said.negated == told.negated and free == is_free and not elsewhere
    return said.negated != told.negated or (is_free and not free and elsewhere) or (elsewhere and free == is_free)


def _values(text: str) -> frozenset[str]:
    return frozenset(value for figure in figures_in(text) for value in figure.values)


# ---- sums and shares
def _is_sum(sentence: str, figure: Figure, units: Sequence[SourceUnit], language: str) -> bool:
    """Whether a figure is told as the sum of two or three of the sources, of each of which the sentence says something."""
    total = _number(figure)
    if total is None or figure.kind == "percent" or not _total().search(sentence.casefold()):
        return False
    terms = content_terms(_without_figures(sentence), language)
    added = [
        (value, shared) for unit in units for piece in _PIECE.split(unit.text)
        if (shared := _shared(terms, piece, language))
        for other in figures_in(piece)
        if _comparable(figure, other) and (value := _number(other)) is not None
    ]  # fmt: skip
    return any(
        abs(sum(value for value, _ in some) - total) < _CENT and len({shared for _, shared in some}) == count
        for count in range(2, _MOST_ADDED + 1)
        for some in combinations(added[:_MOST_LOOKED_AT], count)
    )


def _shared(terms: frozenset[str], piece: str, language: str) -> frozenset[str]:
    """What a sentence and a part of a source both say, apart from figures and their units."""
    theirs = content_terms(_without_figures(piece), language)
    return frozenset(term for term in terms if covered(term, theirs))


def _without_figures(text: str) -> str:
    for figure in reversed(figures_in(text)):
        text = f"{text[: figure.start]} {text[figure.start + len(figure.words) :]}"
    return text


def _is_share(sentence: str, figure: Figure, base: Figure, units: Sequence[SourceUnit]) -> bool:
    """Whether a price is the customer's, with so much percent more or less as the sentence and a source have it."""
    price, whole = _number(figure), _number(base)
    if price is None or whole is None or figure.kind != "money" or not _comparable(figure, base):
        return False
    percents = {value for other in figures_in(sentence) if other.kind == "percent" for value in other.values}
    return any(abs(whole * factor - price) < _CENT for factor in _factors(percents, units))


def _factors(percents: set[str], units: Sequence[SourceUnit]) -> Iterator[float]:
    """What a price is multiplied by where a source gives so much percent more, or less; none where it says neither or both."""
    more, less = _share()
    for unit in units:
        for piece in _PIECE.split(unit.text):
            for other in figures_in(piece):
                if other.kind != "percent" or not other.values & percents or (value := _number(other)) is None:
                    continue
                adds, takes = bool(more.search(piece.casefold())), bool(less.search(piece.casefold()))
                if adds != takes:
                    yield 1 + value / 100 if adds else 1 - value / 100


@cache
def _comparing() -> dict[Relation, re.Pattern[str]]:
    data = _data()["compares"]
    relations: tuple[Relation, ...] = ("below", "within", "above", "reaches")
    return {name: _any(data[name]) for name in relations}


@cache
def _total() -> re.Pattern[str]:
    return _any(_data()["total"]["words"])


@cache
def _share() -> tuple[re.Pattern[str], re.Pattern[str]]:
    data = _data()["share"]
    return _any(data["more"]), _any(data["less"])


def _any(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(words, key=len, reverse=True))})(?!\w)", re.IGNORECASE)


@cache
def _data() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(resources.files("convagent.answering").joinpath("reckoning.toml").read_text(encoding="utf-8"))
