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

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from convagent.answering.figures_said import figures_in
from convagent.answering.near_copies import near_copies_turned
from convagent.answering.operators import with_free_in_a_word
from convagent.answering.source_units import SourceUnit
from convagent.answering.stated_terms import common_share, content_terms, covered, known_terms
from convagent.answering.turned_round import concepts_turned, turned_round
from convagent.search import Embedder, base_language

__all__ = ["LEAST", "NEAR", "NEAR_ACROSS", "PLAIN", "Support", "share_of", "support_of"]

PLAIN = 0.8
"""From this share of its words on, a sentence is supported without asking for its meaning."""

LEAST = 0.6
"""With fewer of its words in the sources it isn't, however near it is. Measured,
as `PLAIN`: docs/model-composing.md."""

NEAR = 0.55
"""So near in meaning, where the words alone don't decide."""

NEAR_ACROSS = 0.66
"""The same for a source in another language, whose words can't be compared."""

_CLOSE = 0.75
"""A unit is held against a sentence when it has this share of the words that the best one has."""


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


def support_of(
    sentence: str, units: Sequence[SourceUnit], *, language: str, asked: frozenset[str] = frozenset(),
    embedder: Embedder | None = None, names: frozenset[str] = frozenset(),
) -> Support:  # fmt: skip
    """How a sentence that states something stands to the units of its sources.

    Args:
        sentence: In the reply's language.
        units: Of all sources that it may rest on.
        language: The reply's.
        asked: Terms of the question, which a sentence may take up without a source's having them.
        embedder: Says how near two texts are in meaning; without one, words alone decide.
        names: What the shop and its agent are called.
    """
    base = base_language(language)
    own = [unit for unit in units if unit.language == base]
    if own:
        return _in_one_language(sentence, own, base, asked, embedder, names)
    return _across(sentence, units, base, embedder)


def _in_one_language(
    sentence: str, units: Sequence[SourceUnit], language: str, asked: frozenset[str], embedder: Embedder | None,
    names: frozenset[str],
) -> Support:  # fmt: skip
    terms = content_terms(with_free_in_a_word(sentence, language), language)
    figures = {value for figure in figures_in(sentence) for value in figure.values}
    shares = [common_share(terms, unit.terms) for unit in units]
    fit = [
        each + 0.5 * common_share(terms, unit.own) + (0.25 if figures & unit.figures else 0.0)
        for each, unit in zip(shares, units, strict=True)
    ]
    best = max(shares, default=0.0)
    if not terms or best <= 0:
        return Support((("unsupported", sentence.strip()),))
    ranked = sorted(range(len(units)), key=lambda at: (-fit[at], at))
    close = [units[at] for at in ranked if shares[at] >= _CLOSE * best][:4]
    first = units[ranked[0]]
    said = _stated(terms, asked, first.terms)
    second = max(units, key=lambda unit: common_share(said, first.terms | unit.terms))
    both = first.terms | second.terms
    share = common_share(said, both)
    used = (first,) if common_share(said, first.terms) >= share else (first, second)
    nearness: float | None = None
    if share < PLAIN and embedder is not None and share >= LEAST:
        nearness = _nearness(sentence, [*close, second, *used], language, embedder)
    if share < LEAST or (share < PLAIN and (nearness is None or nearness < NEAR)):
        return Support((("unsupported", sentence.strip()),), used, share, nearness)
    near = [*close, *used]
    faults = tuple(turned_round(sentence, near, units, language, asked=asked, names=names))
    if faults and (alike := [one for one in near if _says_the_same(sentence, terms, figures, one, language)]):
        # what others say of something else beside it doesn't matter
        faults = tuple(turned_round(sentence, alike, alike, language, asked=asked, names=names))
    faults = faults or tuple(near_copies_turned(sentence, units, language))
    return Support(faults, used, share, nearness)


def _says_the_same(sentence: str, terms: frozenset[str], figures: Set[str], unit: SourceUnit, language: str) -> bool:
    """Whether a unit has every word of a sentence and every figure, and no others."""
    said, known = content_terms(unit.text, language), known_terms(sentence, language)
    return (
        figures == unit.figures
        and all(covered(term, unit.own) for term in terms)
        and all(covered(term, known) for term in said)
    )


def _stated(terms: frozenset[str], asked: frozenset[str], known: frozenset[str]) -> frozenset[str]:
    """The terms that need a source: what the customer said may be taken up, as long as something else is stated."""
    needed = frozenset(term for term in terms if term not in asked or covered(term, known))
    return needed if len(needed) >= 2 and needed - asked else terms


def _across(sentence: str, units: Sequence[SourceUnit], language: str, embedder: Embedder | None) -> Support:
    if embedder is None or not units:
        return Support((("unsupported", sentence.strip()),))
    by_language = {unit.language for unit in units}
    # An English query is read by the English model alone, which knows nothing of a passage in another language.
    read_as = min(by_language) if language == "en" else language
    vector = embedder.embed([sentence.strip()], kind="query", language=read_as)[0]
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
    return Support(tuple(concepts_turned(sentence, close, close, language)), (units[ranked[0]],), 0.0, best)


def _nearness(sentence: str, units: Iterable[SourceUnit], language: str, embedder: Embedder) -> float:
    texts = list(dict.fromkeys(unit.text for unit in units))
    vector = embedder.embed([sentence.strip()], kind="query", language=language)[0]
    return float((embedder.embed(texts, kind="passage", language=language) @ vector).max())


def share_of(text: str, other: str, language: str) -> float:
    """How much of what a text says stands in another of the same language, 0 to 1; 1 where it says nothing."""
    terms = content_terms(text, language)
    return common_share(terms, known_terms(other, base_language(language))) if terms else 1.0
