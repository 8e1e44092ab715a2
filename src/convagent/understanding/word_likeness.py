"""How alike texts are to those that judgements were learnt from: in characters, in words, and in fields of meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convagent.understanding.senses import SenseView
from convagent.understanding.similarity import TfidfView

__all__ = ["WordLikeness"]

_CHARS, _WORDS, _SENSES = 0.2, 0.3, 0.5


class WordLikeness:
    """Compares normalised texts with known ones. Immutable, so that threads may share it.

    Make one with `WordLikeness.fit`, or with `WordLikeness.from_arrays` from what `to_arrays` gave.
    """

    def __init__(self, chars: TfidfView, words: TfidfView, senses: SenseView) -> None:
        self._chars = chars
        self._words = words
        self._senses = senses

    @classmethod
    def fit(cls, known: Sequence[str]) -> WordLikeness:
        """Learn from normalised texts what is rare, and keep them to compare with."""
        return cls(TfidfView.fit("chars", known), TfidfView.fit("words", known), SenseView.fit(known))

    def of(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """How alike each normalised text is to each known text: shape (texts, known), from 0 to 1."""
        chars, words, senses = (
            view.similarities(texts).astype(np.float64) for view in (self._chars, self._words, self._senses)
        )
        return np.asarray(chars * _CHARS + words * _WORDS + senses * _SENSES)

    def among(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """What `of` gives for the texts learnt from, in their order; in less time."""
        chars, words = (view.among(texts).astype(np.float64) for view in (self._chars, self._words))
        senses = self._senses.similarities(texts).astype(np.float64)
        return np.asarray(chars * _CHARS + words * _WORDS + senses * _SENSES)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """All there is to keep, none of it an object array."""
        kept = {
            "chars": self._chars.to_arrays(), "words": self._words.to_arrays(), "senses": self._senses.to_arrays()
        }  # fmt: skip
        return {f"{name}_{key}": array for name, arrays in kept.items() for key, array in arrays.items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> WordLikeness:
        """What `to_arrays` kept; arrays of other names are left alone.

        Raises:
            KeyError, ValueError: It is something else.
        """
        kept: dict[str, dict[str, NDArray[Any]]] = {"chars": {}, "words": {}, "senses": {}}
        for name, array in arrays.items():
            view, _, key = name.partition("_")
            if view in kept:
                kept[view][key] = array
        return cls(
            TfidfView.from_arrays(kept["chars"]),
            TfidfView.from_arrays(kept["words"]),
            SenseView.from_arrays(kept["senses"]),
        )
