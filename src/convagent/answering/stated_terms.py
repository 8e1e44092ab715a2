"""The words of a sentence as they are compared: stemmed, without politeness and figures, those alike as one."""

from __future__ import annotations

import re
from functools import lru_cache

from convagent.answering.alike_words import class_of, light_terms, polite_terms
from convagent.answering.number_words import NUMBERS
from convagent.search import Tokeniser, base_language

__all__ = ["common_share", "content_terms", "covered", "known_terms", "weighty_terms"]


_IDIOM = re.compile(
    r"(?<!\w)(?:as (?:long|soon|far|well) as|no longer|any longer|so lange|so bald)(?!\w)", re.IGNORECASE
)
"""Words of a conjunction say nothing by themselves."""


def content_terms(sentence: str, language: str) -> frozenset[str]:
    """The terms of a sentence that state something: neither figures nor politeness."""
    base = base_language(language)
    polite = polite_terms(base)
    return frozenset(
        class_of(term, base)
        for term in _tokeniser(base).terms(_IDIOM.sub(" ", sentence))
        if term not in polite and not _is_figure(term, base)
    )


def weighty_terms(sentence: str, language: str) -> frozenset[str]:
    """The same without light words, which any statement may be put with."""
    base = base_language(language)
    light, polite = light_terms(base), polite_terms(base)
    return frozenset(
        class_of(term, base)
        for term in _tokeniser(base).terms(_IDIOM.sub(" ", sentence))
        if term not in light and term not in polite and not _is_figure(term, base)
    )


def common_share(terms: frozenset[str] | set[str], known: frozenset[str] | set[str]) -> float:
    """How much of the terms is known, longer words weighing a little more."""
    if not terms:
        return 0.0
    weight = sum(_weight(term) for term in terms)
    return sum(_weight(term) for term in terms if covered(term, known)) / weight


def _weight(term: str) -> float:
    return 1.0 if len(term) > 3 else 0.6


def covered(term: str, known: frozenset[str] | set[str]) -> bool:
    """Whether a term is known, in a form that stemming leaves apart or within a compound too."""
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


@lru_cache(maxsize=8_192)
def known_terms(text: str, language: str) -> frozenset[str]:
    """All terms of a source, politeness among them, figures not."""
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
