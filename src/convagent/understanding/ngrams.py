"""Texts to hashed n-grams: characters inside words, and words put into their concepts. numpy only, no vocabulary."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convagent.understanding.lexicon import canonical_words, is_function_word

__all__ = ["Features", "char_ngrams", "forget_many", "word_ngrams"]

_MULTIPLIER = (
    0x9E3779B97F4A7C15  # the odd fraction of the golden ratio: spreads consecutive values (Knuth, TAOCP 3, 6.4)
)
_MASK = 0xFFFFFFFFFFFFFFFF
_SPACE = 32


class Features(NamedTuple):
    """Distinct n-grams of texts, sorted by text and hash.

    Attributes:
        row: Which text, counted from 0.
        ngram: The n-gram, hashed to an unsigned 64-bit number.
        times: How often it occurs in the text.
        worth: What the n-gram weighs before IDF, 1 unless said otherwise.
    """

    row: NDArray[np.int64]
    ngram: NDArray[np.uint64]
    times: NDArray[np.float64]
    worth: NDArray[np.float64]


def char_ngrams(texts: Sequence[str], *, shortest: int = 2, longest: int = 4) -> Features:
    """The n-grams of characters inside words, each word standing between blanks.

    Args:
        texts: Normalised texts.
        shortest: Fewest characters of an n-gram.
        longest: Most characters of an n-gram.

    Returns:
        The features of all texts. One pass of a polynomial hash over all characters at once.
    """
    if _are_few(texts):
        return _joined(texts, lambda text: _chars_of(text, shortest, longest))
    return _chars_of_many(tuple(texts), shortest, longest)


def _char_ngrams(texts: Sequence[str], shortest: int, longest: int) -> Features:
    padded = [f" {text} " for text in texts]
    codes = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    row = np.repeat(np.arange(len(padded)), [len(text) for text in padded])
    blank = codes == _SPACE
    blanks_before = np.concatenate([[0], np.cumsum(blank)])
    rows: list[NDArray[np.int64]] = []
    hashes: list[NDArray[np.uint64]] = []
    for size in range(shortest, longest + 1):
        starts = len(codes) - size + 1
        if starts < 1:
            break
        value = np.full(starts, size, dtype=np.uint64)
        for offset in range(size):
            value = value * np.uint64(_MULTIPLIER) + codes[offset : offset + starts]
        # No blank strictly inside, the first and the last of one text, and not two blanks alone.
        fits = (blanks_before[size - 1 : size - 1 + starts] == blanks_before[1 : 1 + starts]) & (
            row[:starts] == row[size - 1 :]
        )
        if size == 2:
            fits &= ~(blank[:starts] & blank[1:])
        rows.append(row[:starts][fits])
        hashes.append(_mixed(value[fits]))
    if not rows:
        return _features(np.zeros(0, np.int64), np.zeros(0, np.uint64), None, len(texts))
    return _features(np.concatenate(rows), np.concatenate(hashes), None, len(texts))


def word_ngrams(texts: Sequence[str], *, stemmer: str = "english") -> Features:
    """Words and pairs of neighbouring words, after synonyms became one concept and the rest was stemmed.

    A concept counts one and a half times, a function word half, a pair 0.7 times the geometric mean of its words.
    The weights were chosen on parts of CLINC150's training data; see `benchmarks/matching.py`.

    Args:
        texts: Normalised texts.
        stemmer: Snowball algorithm for words outside the concepts.

    Returns:
        The features of all texts.
    """
    if _are_few(texts):
        return _joined(texts, lambda text: _words_of(text, stemmer))
    return _words_of_many(tuple(texts), stemmer)


def forget_many() -> None:
    """Lets the n-grams go that are kept of the many texts looked at last, since what learns from texts compares them too."""
    _chars_of_many.cache_clear()
    _words_of_many.cache_clear()


@lru_cache(maxsize=2)
def _chars_of_many(texts: tuple[str, ...], shortest: int, longest: int) -> Features:
    """Put together from those of each text; remembered, as an edit of the guides leaves most texts alone."""
    if texts and all(len(text) <= _SHORT for text in texts):
        return _joined(texts, lambda text: _chars_remembered(text, shortest, longest))
    return _char_ngrams(texts, shortest, longest)


@lru_cache(maxsize=8_192)
def _chars_remembered(text: str, shortest: int, longest: int) -> Features:
    return _char_ngrams([text], shortest, longest)


@lru_cache(maxsize=2)
def _words_of_many(texts: tuple[str, ...], stemmer: str) -> Features:
    return _word_ngrams(texts, stemmer)


def _word_ngrams(texts: Sequence[str], stemmer: str) -> Features:
    hashes, weights = array("Q"), array("d")
    lengths: list[int] = []
    for text in texts:
        of_text = (_weighed if len(text) <= _SHORT else _weighed.__wrapped__)(text, stemmer)
        hashes += of_text[0]
        weights += of_text[1]
        lengths.append(len(of_text[0]))
    row = np.repeat(np.arange(len(texts)), lengths)
    return _features(row, np.array(hashes, dtype=np.uint64), np.array(weights, dtype=np.float64), len(texts))


@lru_cache(maxsize=8_192)
def _weighed(text: str, stemmer: str) -> tuple[array[int], array[float]]:
    """The hashes and weights of a text's words and pairs; remembered, as an edit of the guides leaves most texts alone."""
    hashes, weights = array("Q"), array("d")
    previous: tuple[int, float] | None = None
    for word in canonical_words(text, stemmer=stemmer):
        value, weight = _word_hash(word), _word_weight(word)
        hashes.append(value)
        weights.append(weight)
        if previous is not None:
            hashes.append((previous[0] * 3 + value * _MULTIPLIER + 7) & _MASK)
            weights.append(0.7 * (previous[1] * weight) ** 0.5)
        previous = (value, weight)
    return hashes, weights


_FEW, _SHORT = 24, 400
"""Texts, and characters of each: the parts of a message, whose n-grams are remembered, since several views compare it."""


def _are_few(texts: Sequence[str]) -> bool:
    return 0 < len(texts) <= _FEW and all(len(text) <= _SHORT for text in texts)


@lru_cache(maxsize=256)
def _chars_of(text: str, shortest: int, longest: int) -> Features:
    """What `_char_ngrams` gives for a text of its own, put together from its words: most of them were met before."""
    words = text.split(" ")
    # A blank alone belongs to no word, and what is no word (an address, a line of code) comes once.
    if shortest < 2 or max(map(len, words)) > _LONGEST_WORD:
        return _char_ngrams([text], shortest, longest)
    hashes = array("Q")
    for word in words:
        if word:
            hashes += _of_word(word, shortest, longest)
    value = np.array(hashes, dtype=np.uint64)
    value.sort()
    starts = np.flatnonzero(np.concatenate([[True], value[1:] != value[:-1]])) if len(value) else np.zeros(0, np.int64)
    count = np.diff(np.append(starts, len(value))).astype(np.float64)
    return Features(np.zeros(len(starts), np.int64), value[starts], count, np.ones(len(starts)))


_LONGEST_WORD = 40
"""Characters of a word whose n-grams are remembered."""


@lru_cache(maxsize=16_384)
def _of_word(word: str, shortest: int, longest: int) -> array[int]:
    """The hashes of a word's n-grams, between its blanks."""
    codes = (_SPACE, *map(ord, word), _SPACE)
    hashes = array("Q")
    for size in range(shortest, min(longest, len(codes)) + 1):
        for start in range(len(codes) - size + 1):
            value = size
            for code in codes[start : start + size]:
                value = (value * _MULTIPLIER + code) & _MASK
            hashes.append(_mixed_number(value))
    return hashes


@lru_cache(maxsize=256)
def _words_of(text: str, stemmer: str) -> Features:
    return _word_ngrams([text], stemmer)


def _joined(texts: Sequence[str], of: Callable[[str], Features]) -> Features:
    """The features of texts, put together from those of each: what all of them at once would give."""
    each = [of(text) for text in texts]
    row = np.repeat(np.arange(len(each)), [len(features.row) for features in each])
    ngram, times, worth = (np.concatenate([features[place] for features in each]) for place in (1, 2, 3))
    return Features(row, ngram, times, worth)


def _word_hash(word: str) -> int:
    data = word.encode("utf-8", "surrogatepass")
    return (zlib.crc32(data) << 32) | zlib.adler32(data)


def _word_weight(word: str) -> float:
    if word.startswith("="):
        return 1.5
    return 0.5 if is_function_word(word) else 1.0


def _mixed(value: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Hashes with their high bits spread over the low ones (the finaliser of SplitMix64, Steele et al. 2014)."""
    value = value ^ (value >> np.uint64(30))
    value = value * np.uint64(0xBF58476D1CE4E5B9)
    return value ^ (value >> np.uint64(27))


def _mixed_number(value: int) -> int:
    """The same for one hash."""
    value ^= value >> 30
    value = (value * 0xBF58476D1CE4E5B9) & _MASK
    return value ^ (value >> 27)


def _features(
    row: NDArray[np.int64], value: NDArray[np.uint64], weight: NDArray[np.float64] | None, texts: int
) -> Features:
    """Occurrences in so many texts, counted: sorted by text and hash, each pair once."""
    order = value.argsort(kind="stable") if texts == 1 else np.lexsort((value, row))
    row, value = row[order], value[order]
    first = np.ones(len(row), dtype=bool)
    first[1:] = (row[1:] != row[:-1]) | (value[1:] != value[:-1])
    starts = np.flatnonzero(first)
    count = np.diff(np.append(starts, len(row))).astype(np.float64)
    worth = np.ones(len(starts)) if weight is None else weight[order][starts]
    return Features(row[starts], value[starts], count, worth)
