"""Words of a shop's customers: which mean the same, and which carry little. Read once from `concepts.toml`."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

from convagent.understanding.normal import normalise

__all__ = ["canonical_words", "concepts_of", "function_words", "is_function_word", "known_words", "words_of_concept"]

_LONGEST_PHRASE = 5


class _Concepts(NamedTuple):
    words: dict[str, tuple[str, ...]]  # whole words and phrases
    beginnings: dict[str, tuple[str, ...]]  # what a word or a phrase may begin with
    first_words: frozenset[str]  # first words of phrases
    longest: int  # characters of the longest beginning
    function_words: frozenset[str]


def canonical_words(text: str, *, stemmer: str = "english") -> list[str]:
    """The words of a normalised text, synonyms replaced by their concept and the other words stemmed.

    Args:
        text: A text as `convagent.understanding.normal.normalise` makes it.
        stemmer: Snowball algorithm for words outside the concepts.

    Returns:
        Concepts written `=refund`, and stems; a word of two concepts gives both.
    """
    concepts = _concepts()
    words = text.split()
    out: list[str] = []
    position = 0
    while position < len(words):
        found: tuple[str, ...] = ()
        length = 1
        if words[position] in concepts.first_words:
            found, length = _phrase(words, position, concepts)
        if not found:
            found, length = _single(words[position]), 1
        if found:
            out.extend(f"={name}" for name in found)
        else:
            out.append(_stem(words[position], stemmer))
        position += length
    return out


def is_function_word(stem: str) -> bool:
    """Whether a word or stem of `canonical_words` is an article, pronoun, auxiliary or the like."""
    return stem in _concepts().function_words


def concepts_of(word: str) -> tuple[str, ...]:
    """The concepts that a single normalised word stands for; none for most words."""
    return _single(word)


@lru_cache(maxsize=128)
def words_of_concept(concept: str) -> tuple[str, ...]:
    """The single words of a concept, as `concepts.toml` writes them, what may have any ending without it."""
    return tuple(form.rstrip("*") for form in _source()["concepts"].get(concept, ()) if " " not in form)


def known_words() -> frozenset[str]:
    """The single words of all concepts, normalised; of those with any ending only what is a word by itself can be told."""
    return frozenset(form for form in _concepts().words if " " not in form)


@lru_cache(maxsize=8)
def function_words(language: str) -> frozenset[str]:
    """The articles, pronouns, auxiliaries and the like of a language, normalised; empty for one without a list."""
    return frozenset(normalise(word) for word in _source()["function_words"].get(language, ()))


def _phrase(words: list[str], position: int, concepts: _Concepts) -> tuple[tuple[str, ...], int]:
    for length in range(min(_LONGEST_PHRASE, len(words) - position), 1, -1):
        phrase = " ".join(words[position : position + length])
        found = concepts.words.get(phrase)
        if found is None:
            # A phrase with a star lets only its last word vary.
            head, last = phrase.rsplit(" ", 1)
            for end in range(len(last), 2, -1):
                found = concepts.beginnings.get(f"{head} {last[:end]}")
                if found:
                    break
        if found:
            return found, length
    return (), 1


@lru_cache(maxsize=20_000)
def _single(word: str) -> tuple[str, ...]:
    concepts = _concepts()
    found = concepts.words.get(word)
    if found is not None:
        return found
    for end in range(min(len(word), concepts.longest), 2, -1):
        found = concepts.beginnings.get(word[:end])
        if found is not None:
            return found
    return ()


@lru_cache(maxsize=20_000)
def _stem(word: str, algorithm: str) -> str:
    from Stemmer import Stemmer

    # PyStemmer refuses what UTF-8 can't hold, and its objects may not be shared between threads.
    if len(word) > 60 or not word.isascii():
        return word
    return str(Stemmer(algorithm).stemWord(word))


@lru_cache(maxsize=1)
def _source() -> dict[str, Any]:
    source = resources.files("convagent.understanding").joinpath("concepts.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _concepts() -> _Concepts:
    data = _source()
    words: dict[str, list[str]] = {}
    beginnings: dict[str, list[str]] = {}
    for concept, forms in data["concepts"].items():
        for form in forms:
            target = beginnings if form.endswith("*") else words
            target.setdefault(normalise(form), []).append(concept)
    function_words = {normalise(word) for group in data["function_words"].values() for word in group}
    function_words |= {_stem(word, "english") for word in function_words}
    phrases = [form for form in (*words, *beginnings) if " " in form]
    return _Concepts(
        words={form: tuple(sorted(set(names))) for form, names in words.items()},
        beginnings={form: tuple(sorted(set(names))) for form, names in beginnings.items()},
        first_words=frozenset(form.split()[0] for form in phrases),
        longest=max(len(form) for form in beginnings),
        function_words=frozenset(function_words),
    )
