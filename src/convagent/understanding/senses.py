"""What the words of a text are about: broad fields of meaning, read once from `senses.toml`, and how alike texts are in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import combinations, product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convagent.search.small_products import rows_times
from convagent.understanding.normal import normalise
from convagent.understanding.word_lists import word_lists

__all__ = ["SenseView", "find_senses"]

_LONGEST_PHRASE = 6
_PAIR = 0.7  # what two fields together weigh, against one alone
_LONE = 3.0  # added to a text's length: one that touches a single field is never quite like others
_MOST_PAIRED = 12
_NEGATIONS = frozenset(
    "not no never dont doesnt didnt isnt arent wasnt werent without wont cant cannot aint hardly nicht kein keine keinen "
    "nie ohne pas aucun aucune jamais sans".split()
)
_NEGATION_REACH = 2
_SHORT = 400  # characters of a text whose fields are remembered: a message is asked for them several times


class _Senses(NamedTuple):
    exact: dict[tuple[str, ...], tuple[str, ...]]  # whole words and phrases
    beginnings: dict[tuple[str, ...], tuple[str, ...]]  # the last word goes on in any way
    first_words: frozenset[str]  # first words of phrases of several words
    starts: dict[int, frozenset[str]]  # lengths of beginnings of single words


def find_senses(text: str) -> tuple[str, ...]:
    """The fields of meaning that a text touches, sorted, each once.

    A field whose word follows a negation closely ("no hurry") is given as `not-haste` in place of `haste`; a phrase that
    holds its own negation ("can't wait") counts as it is.

    Args:
        text: A text as `convagent.understanding.normal.normalise` makes it.
    """
    return _remembered(text) if len(text) <= _SHORT else _found_in(text)


@lru_cache(maxsize=4096)
def _remembered(text: str) -> tuple[str, ...]:
    return _found_in(text)


def _found_in(text: str) -> tuple[str, ...]:
    senses = _senses()
    words = text.split()
    found: set[str] = set()
    for at, word in enumerate(words):
        names = _single(word)
        if word in senses.first_words:
            for length in range(2, min(_LONGEST_PHRASE, len(words) - at) + 1):
                run = tuple(words[at : at + length])
                names += senses.exact.get(run, ()) + _open_ended(run, senses)
        if names:
            negated = any(before in _NEGATIONS for before in words[max(0, at - _NEGATION_REACH) : at])
            found.update(f"not-{name}" if negated else name for name in names)
    return tuple(sorted(found))


def _open_ended(run: tuple[str, ...], senses: _Senses) -> tuple[str, ...]:
    head, last = run[:-1], run[-1]
    return tuple(name for end in range(2, len(last) + 1) for name in senses.beginnings.get((*head, last[:end]), ()))


@lru_cache(maxsize=20_000)
def _single(word: str) -> tuple[str, ...]:
    senses = _senses()
    names = senses.exact.get((word,), ())
    for length, starts in senses.starts.items():
        if word[:length] in starts and len(word) >= length:
            names += senses.beginnings[(word[:length],)]
    return names


def _is_plain(word: str) -> bool:
    return word.isascii() and word.isalpha() and word.islower()


@lru_cache(maxsize=1)
def _senses() -> _Senses:
    exact: dict[tuple[str, ...], set[str]] = {}
    beginnings: dict[tuple[str, ...], set[str]] = {}
    for name, forms in word_lists("senses")["senses"].items():
        for form in forms:
            for words in product(*(word.split("|") for word in form.split())):
                target = beginnings if words[-1].endswith("*") else exact
                run = (*words[:-1], words[-1].rstrip("*"))
                if not all(map(_is_plain, run)):  # a word may fall apart in its plain form, as "a&e" does
                    run = tuple(normalise(" ".join(run)).split())
                if run:
                    target.setdefault(run, set()).add(name)
    lengths: dict[int, set[str]] = {}
    for run in beginnings:
        if len(run) == 1:
            lengths.setdefault(len(run[0]), set()).add(run[0])
    return _Senses(
        exact={run: tuple(sorted(names)) for run, names in exact.items()},
        beginnings={run: tuple(sorted(names)) for run, names in beginnings.items()},
        first_words=frozenset(run[0] for run in (*exact, *beginnings) if len(run) > 1),
        starts={length: frozenset(starts) for length, starts in sorted(lengths.items())},
    )


class SenseView:
    """Cosine of the fields of meaning that texts touch, alone and in pairs, weighted by how rare they are.

    Args:
        fields: The fields that known texts touch, one for each column.
        worth: What each of them weighs.
        known: The known texts' vectors, shape (texts, fields).
    """

    def __init__(self, fields: Sequence[str], worth: NDArray[np.float64], known: NDArray[np.float32]) -> None:
        self._column = {field: number for number, field in enumerate(fields)}
        self._worth = worth
        self._known = known

    @classmethod
    def fit(cls, texts: Sequence[str]) -> SenseView:
        """Learn from normalised texts what is rare, and keep them to compare with."""
        rows = [_fields(text) for text in texts]
        fields = sorted({field for row in rows for field in row})
        column = {field: number for number, field in enumerate(fields)}
        counts = np.zeros(len(fields))
        for row in rows:
            counts[[column[field] for field in row]] += 1
        view = cls(fields, np.log((1 + len(texts)) / (1 + counts)) + 1, np.zeros((0, len(fields)), dtype=np.float32))
        view._known = view._vectors(rows)
        return view

    def similarities(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """How alike each normalised text is to each known text: shape (texts, known), from 0 to 1."""
        return np.asarray(rows_times(self._vectors([_fields(text) for text in texts]), self._known), dtype=np.float32)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """The fields, what they weigh, and the known texts' vectors."""
        fields = np.frombuffer("\n".join(self._column).encode(), dtype=np.uint8)
        return {"fields": fields, "worth": self._worth, "known": self._known}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> SenseView:
        """The view that `to_arrays` kept.

        Raises:
            KeyError, ValueError: It is something else.
        """
        fields = bytes(arrays["fields"]).decode().split("\n") if len(arrays["fields"]) else []
        if arrays["known"].shape[1:] != (len(fields),) or arrays["worth"].shape != (len(fields),):
            raise ValueError("these are not the arrays of such a view")
        return cls(fields, arrays["worth"], arrays["known"])

    def _vectors(self, rows: Sequence[tuple[str, ...]]) -> NDArray[np.float32]:
        out = np.zeros((len(rows), len(self._column)), dtype=np.float32)
        for number, row in enumerate(rows):
            for field in row:
                column = self._column.get(field)
                if column is not None:
                    out[number, column] = self._worth[column] * (_PAIR if "+" in field else 1.0)
        length = np.sqrt((out**2).sum(axis=1, keepdims=True) + _LONE**2)
        return np.asarray(out / length, dtype=np.float32)


def _fields(text: str) -> tuple[str, ...]:
    senses = find_senses(text)
    return (*senses, *(f"{one}+{two}" for one, two in combinations(senses[:_MOST_PAIRED], 2)))
