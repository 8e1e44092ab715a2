"""Words that say the same in a shop's texts, and words that say nothing of it: what a rewording may exchange or add.

Data by language, in `alike_words.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from convagent.search import Tokeniser

__all__ = ["class_of", "light_terms", "phrase_terms", "polite_terms"]


def class_of(term: str, language: str) -> str:
    """What a term and those that say the same are known by; the term itself where nothing says the same.

    Args:
        term: Stemmed, as a `Tokeniser` gives it.
        language: ISO 639 code without a region.
    """
    return _classes(language).get(term, term)


@cache
def polite_terms(language: str) -> frozenset[str]:
    """Terms that state nothing of a shop's."""
    return frozenset(Tokeniser(language).terms(_data()["polite"].get(language, "")))


@cache
def light_terms(language: str) -> frozenset[str]:
    """Terms that any statement may be put with, not in their classes: they say nothing that would need a source by itself."""
    return frozenset(Tokeniser(language).terms(_data()["light"].get(language, "")))


def phrase_terms(text: str, language: str) -> frozenset[str]:
    """The terms of single words that phrases of a text stand for: "pay it back" for "refund"."""
    plain = text.casefold()
    return frozenset(term for pattern, term in _phrases(language) if pattern.search(plain))


@cache
def _phrases(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    tokeniser = Tokeniser(language)
    return tuple(
        (re.compile(rf"(?<!\w)(?:{pattern})(?!\w)"), class_of(term, language))
        for pattern, word in _data()["phrases"].get(language, ())
        for term in tokeniser.terms(word)
    )


@cache
def _classes(language: str) -> Mapping[str, str]:
    tokeniser = Tokeniser(language)
    found: dict[str, str] = {}
    for words in _data()["alike"].get(language, ()):
        terms = tokeniser.terms(words)
        for term in terms:
            found.setdefault(term, f"={terms[0]}")
    return found


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(
        resources.files("convagent.answering").joinpath("alike_words.toml").read_text(encoding="utf-8")
    )
