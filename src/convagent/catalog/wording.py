"""How well products' words meet those of a wish, with other words for the same things."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from convagent.catalog.wishes.lexicon import LANGUAGES, Concept, the_lexicon
from convagent.catalog.wishes.reading import Group
from convagent.search import LexicalIndex, Tokeniser
from convagent.search.lexical import Query

__all__ = ["terms_of_group", "word_scores"]

_SAME, _NARROWER, _WIDER, _PART, _MODIFIER = 0.85, 0.6, 0.3, 0.45, 0.6
"""What other words are worth: for the same, for one of its kinds, for what it is one of, for a part of it,
and for the same where it is a kind that only describes another ("denim skirt")."""

_MOST = 40
"""Words that one thing may have."""


def word_scores(lexical: LexicalIndex, groups: Sequence[Group], language: str) -> NDArray[np.float64]:
    """How well each product meets the words, from 0 (none) to about 1.

    It is TF-IDF over the words and others for the same, times how much of what was asked a product has at all.

    Args:
        lexical: The products' words.
        groups: What was asked.
        language: The language of the question.
    """
    asked: list[tuple[float, Query]] = []
    known: list[tuple[float, Query]] = []
    missing = 0.0
    for group in groups:
        terms = terms_of_group(group, lexical.tokeniser, language)
        terms = {term: worth for term, worth in terms.items() if lexical.has(term)}
        if not terms:
            if not group.concepts and not group.refused:
                missing += 0.5 * group.weight
            continue
        query = lexical.query(Counter(terms.keys()))
        # The terms come back in the order in which they were given.
        worth = np.array(list(terms.values()))
        single = [rarity for rarity, value in zip(query.rarity.tolist(), worth.tolist(), strict=True) if value >= 0.8]
        weight = group.weight * float(min(single) if single else query.rarity.max())
        weighted = Query(query.term_ids, worth, np.ones(len(worth), dtype=np.bool_), 0.0, query.rarity)
        known.append((weight, weighted))
        asked.append((weight, weighted))
    if not known:
        return np.zeros(len(lexical))
    norm = float(np.sqrt(sum(weight * weight for weight, _ in asked)))
    whole = Query(
        np.concatenate([query.term_ids for _, query in known]),
        np.concatenate([weight * query.weights / norm for weight, query in known]),
        np.concatenate([query.words for _, query in known]),
        0.0,
        np.concatenate([query.rarity for _, query in known]),
    )
    scores = lexical.scores(whole)
    if len(known) == 1 and not missing:
        return np.minimum(scores, 1.0)
    covered = np.zeros(len(scores))
    total = sum(weight for weight, _ in known)
    for weight, query in known:
        covered += weight * _had(lexical, query)
    covered /= total + missing * total / len(known)
    return np.asarray(np.minimum(scores, 1.0) * (0.4 + 0.6 * covered), dtype=np.float64)


def _had(lexical: LexicalIndex, query: Query) -> NDArray[np.float64]:
    """How much of one thing each product has: its words' worth together, at most 1."""
    part = Query(query.term_ids, query.weights, query.words, 0.0, query.rarity)
    total = float(query.weights.sum())
    return np.minimum(lexical.coverage(part) * total, 1.0)


@lru_cache(maxsize=2_000)
def _terms_of_concept(
    concept: Concept, tokeniser: Tokeniser, *, head: bool, same: float, foreign: bool
) -> dict[str, float]:
    """The terms for what a word means, in the language of the products."""
    found: dict[str, float] = defaultdict(float)
    own = tokeniser.language if tokeniser.language in LANGUAGES else "en"
    for word in concept.words.get(own, ()):
        _phrase(found, word, same, tokeniser, parts=word == concept.name and foreign)
    if head:
        for narrower in _all_below(concept):
            for word in narrower.words.get(own, ()):
                _phrase(found, word, same * _NARROWER, tokeniser, parts=False)
        for wider in the_lexicon().wider(concept):
            names = wider.words.get(own, ())
            _phrase(found, names[0] if names else "", _WIDER, tokeniser, parts=False)
    return dict(found)


def terms_of_group(group: Group, tokeniser: Tokeniser, language: str) -> dict[str, float]:
    """The terms for one thing that was asked, and what each is worth: 1 for the word itself.

    Args:
        group: What was asked.
        tokeniser: The index's.
        language: The language of the question.
    """
    found: dict[str, float] = defaultdict(float)
    foreign = language != tokeniser.language
    if not group.concepts or not foreign:
        _phrase(found, group.text, 1.0, tokeniser, parts=True)
    same = 1.0 if foreign else _SAME
    for concept in group.concepts:
        same = _MODIFIER if concept.sort == "kind" and not group.head and not foreign else same
        for term, worth in _terms_of_concept(concept, tokeniser, head=group.head, same=same, foreign=foreign).items():
            found[term] = max(found[term], worth)
    kept = sorted(found.items(), key=lambda each: -each[1])[:_MOST]
    return dict(kept)


def _all_below(concept: Concept) -> list[Concept]:
    lexicon = the_lexicon()
    return [each for narrower in lexicon.narrower(concept) for each in (narrower, *lexicon.narrower(narrower))]


def _phrase(found: dict[str, float], phrase: str, worth: float, tokeniser: Tokeniser, *, parts: bool) -> None:
    """Notes a word, or a phrase as the pairs of its words."""
    terms = tokeniser.terms(phrase)
    if len(terms) == 1:
        # "out in the rain" is waterproof, "rain" is not: what is left of other words for a thing says less than they do.
        if parts or " " not in phrase:
            found[terms[0]] = max(found[terms[0]], worth)
        return
    for pair in itertools.pairwise(terms):
        key = " ".join(pair)
        found[key] = max(found[key], worth)
    if parts:
        for term in terms:
            found[term] = max(found[term], worth * _PART)
