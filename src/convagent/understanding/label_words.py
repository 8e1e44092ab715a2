"""The words that shown things are called by, prepared once: the same records and products are shown again and again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache

from rapidfuzz.distance import OSA

from convagent.understanding.colours import COLOURS
from convagent.understanding.normal import normalise
from convagent.understanding.vocabulary import singular, tokens_of

__all__ = ["COLOUR_NAMES", "LabelWords", "Shown", "label_words", "root_of", "run_of"]

Shown = tuple[str, tuple[str, ...], tuple[str, ...]]
"""A shown thing: its key, its labels, its aliases."""

COLOUR_NAMES: Mapping[str, str] = {normalise(word): name for word, name in COLOURS.items()}
"""The plain names of colours by what they are called."""

_LONGEST_NAME = 40  # words of a label that are compared
_SHORTEST_SLIP = 4  # letters of a word that a slip of the keyboard is looked for in


class LabelWords:
    """The words of the labels of what is shown. What it holds never changes, so that threads may share it.

    Attributes:
        keys: Of everything that is shown.
        names: Keys by the words of a whole name.
        pieces: Keys by a name of one word that is part of a longer one.
        spelt: Each key with each name as it is written.
        carriers: Keys by each word that stands in one of their names.
        longest: Words of the longest name.
    """

    def __init__(self, shown: Iterable[Shown]) -> None:
        self.names: dict[tuple[str, ...], set[str]] = {}
        self.pieces: dict[tuple[str, ...], set[str]] = {}
        self.spelt: list[tuple[str, str]] = []
        carriers: dict[str, set[str]] = {}
        for key, labels, aliases in shown:
            names = [*labels, *aliases]
            if sum(map(str.isalnum, key)) > 2 and any(map(str.isdigit, key)):
                names.append(key)
            first = run_of(labels[0]) if labels else ()
            for name in names:
                run = run_of(name)
                if run:
                    self.names.setdefault(run, set()).add(key)
                    if len(run) == 1 < len(first) and run[0] in first:
                        self.pieces.setdefault(run, set()).add(key)
                self.spelt.append((key, name))
                for word in (*run, *(COLOUR_NAMES[word] for word in run if word in COLOUR_NAMES)):
                    carriers.setdefault(word, set()).add(key)
        self.carriers = {word: frozenset(keys) for word, keys in carriers.items()}
        self.keys = frozenset(key for key, _ in self.spelt)
        self.longest = max((len(run) for run in self.names), default=0)
        self._roots: dict[str, list[str]] = {}
        self._initials: dict[str, list[str]] = {}
        for word in self.carriers:
            self._roots.setdefault(root_of(word), []).append(word)
            if len(word) >= _SHORTEST_SLIP:
                self._initials.setdefault(word[0], []).append(word)
        self._begun: dict[str, list[tuple[tuple[str, ...], set[str]]]] = {}
        for run, keys in self.names.items():
            if len(run) > 1:
                self._begun.setdefault(run[0], []).append((run, keys))
        self._marks: tuple[date | None, Mapping[str, frozenset[str]]] | None = None

    def of_root(self, root: str) -> Sequence[str]:
        """The words with a root."""
        return self._roots.get(root, ())

    def near(self, word: str, slips: int) -> list[tuple[int, str]]:
        """The words that are a slip of the keyboard away, or two, each with how many; they begin alike."""
        return [
            (distance, other)
            for other in self._initials.get(word[0], ())
            if (distance := OSA.distance(word, other, score_cutoff=slips)) <= slips
        ]

    def has_a_whole_name(self, words: set[str], among: frozenset[str]) -> bool:
        """Whether all words of a longer name of one of some keys are among these."""
        return any(keys & among and words.issuperset(run) for word in words for run, keys in self._begun.get(word, ()))

    def marks(self, today: date | None, read: Callable[[str], Iterable[str]]) -> Mapping[str, frozenset[str]]:
        """Keys by the days and prices that their names tell, on a day; what was read for the last day is remembered.

        Args:
            today: The day.
            read: What reads days and prices from a name.
        """
        if self._marks is None or self._marks[0] != today:
            found: dict[str, frozenset[str]] = {}
            for key, name in self.spelt:
                for mark in read(name):
                    found[mark] = found.get(mark, frozenset()) | {key}
            self._marks = today, found
        return self._marks[1]


@lru_cache(maxsize=32)
def label_words(shown: tuple[Shown, ...]) -> LabelWords:
    """The words of what is shown, in the order in which it is shown."""
    return LabelWords(shown)


def run_of(name: str) -> tuple[str, ...]:
    """The words of a name in plain form, the first forty."""
    return _run_of(name[:400])


@lru_cache(maxsize=2_048)
def _run_of(text: str) -> tuple[str, ...]:
    return tuple(singular(token.plain) for token in tokens_of(text)[:_LONGEST_NAME])


_ENDING = re.compile(r"(?:ment|ing|ed|es|s|e)$")


@lru_cache(maxsize=4_096)
def root_of(word: str) -> str:
    """A word without its endings: replac of replace and of replacement."""
    while len(shorter := _ENDING.sub("", word)) >= 4 and shorter != word:
        word = shorter
    return word
