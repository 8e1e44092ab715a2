"""How alike messages are to known texts, all told: in their characters, in their words, and, with an embedder, in meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convagent.search.embedder import Embedder
from convagent.search.tokenise import base_language
from convagent.understanding.language import detect_language
from convagent.understanding.meaning import Embedded, MeaningView
from convagent.understanding.normal import normalise
from convagent.understanding.similarity import TfidfView

__all__ = ["Likeness", "Written", "languages_of", "mostly_english", "read_texts"]

Matrix = NDArray[np.float64]

_CHARS, _WORDS = 0.4, 0.6
# With an embedder, chosen on parts of CLINC150's training and validation data and of the mattress shop's training data
# with whole labels left out: flat for the share of meaning from 0.5 to 0.8.
_MEANING = 0.7
# exp(K) in place of K: pairs that are very alike count more (tried 0 to 4).
_SHARPNESS, _SHARPNESS_OF_WORDS = 1.5, 1.0


class Written(NamedTuple):
    """A text.

    Attributes:
        plain: Its plain form, for words and characters.
        text: As written, for its meaning.
    """

    plain: str
    text: str


def read_texts(texts: Iterable[str]) -> list[Written]:
    """Texts with their plain forms; one that has none, or the same as one before, is left out."""
    out: dict[str, Written] = {}
    for text in texts:
        if plain := normalise(text):
            out.setdefault(plain, Written(plain, text))
    return list(out.values())


def languages_of(texts: Sequence[Written], languages: Sequence[str]) -> list[str]:
    """The language of each text, as far as it is one of those that are expected; else the first of these."""
    usual = languages[0] if languages else "en"
    if len(languages) < 2:
        return [usual] * len(texts)
    found = [_language(text.text, usual) for text in texts]
    return [language if language in languages else usual for language in found]


def mostly_english(texts: Iterable[str], languages: Sequence[str]) -> bool:
    """Whether at least half of the examples are English: else English messages are held against them as any others are.

    Args:
        texts: Examples of guides.
        languages: What they may be written in, the likeliest first.
    """
    found = [base_language(language) for language in languages_of(read_texts(texts), languages)]
    return 2 * found.count("en") >= len(found)


@lru_cache(maxsize=4096)
def _language(text: str, usual: str) -> str:
    """Remembered, since what one edit of the guides leaves alone is learnt from again after the next."""
    return detect_language(text, default=usual)


class Likeness:
    """Compares messages with known texts. Immutable, so that threads may share it.

    Make one with `Likeness.fit`.
    """

    def __init__(
        self, chars: TfidfView, words: TfidfView, meaning: MeaningView | None, *, all_kept: bool = False
    ) -> None:
        self._chars = chars
        self._words = words
        self._meaning = meaning
        self._all_kept = all_kept

    @classmethod
    def fit(cls, texts: Sequence[Written], keep: NDArray[np.int64], embedded: Embedded | None) -> Likeness:
        """Learn from texts what is rare, and keep those at the indices `keep` to compare with."""
        plain = [text.plain for text in texts]
        return cls(
            TfidfView.fit("chars", plain, keep=keep),
            TfidfView.fit("words", plain, keep=keep),
            MeaningView.fit(embedded, [texts[index].text for index in keep]) if embedded is not None else None,
            all_kept=np.array_equal(keep, np.arange(len(texts))),
        )

    @property
    def by_meaning(self) -> bool:
        """Whether texts are compared by their meaning too."""
        return self._meaning is not None

    def of(self, texts: Sequence[Written], *, language: str) -> Matrix:
        """How alike messages in a language are to the known texts: shape (texts, known), about 0 to 1.

        When the embedder fails, words alone have to do.
        """
        meaning = (
            self._meaning.similarities([text.text for text in texts], language=language) if self._meaning else None
        )
        plain = [text.plain for text in texts]
        return self._blend(self._chars.similarities(plain), self._words.similarities(plain), meaning)

    def among(self, texts: Sequence[Written], embedded: Embedded | None, languages: Sequence[str]) -> Matrix:
        """How alike the texts learnt from, each in its language, would be as messages: shape (texts, known).

        Args:
            texts: Those learnt from, in their order; others may follow.
            embedded: All of these with their vectors.
            languages: The language of each.
        """
        plain = [text.plain for text in texts]
        chars, words = (
            view.among(plain) if self._all_kept else view.similarities(plain) for view in (self._chars, self._words)
        )
        if self._meaning is None or embedded is None:
            return self._blend(chars, words, None)
        meaning = self._meaning.among(embedded.of([text.text for text in texts]), languages)
        return self._blend(chars, words, meaning)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """All there is to keep, none of it an object array."""
        kept = {"chars": self._chars.to_arrays(), "words": self._words.to_arrays()}
        if self._meaning is not None:
            kept["meaning"] = self._meaning.to_arrays()
        return {f"{name}_{key}": array for name, arrays in kept.items() for key, array in arrays.items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], embedder: Embedder | None) -> Likeness:
        """What `to_arrays` kept.

        Raises:
            KeyError, ValueError: It is something else, or was made with another embedder.
        """
        meaning = _named("meaning", arrays)
        if embedder is not None and not meaning:
            raise ValueError("there are no vectors")
        return cls(
            TfidfView.from_arrays(_named("chars", arrays)),
            TfidfView.from_arrays(_named("words", arrays)),
            MeaningView.from_arrays(meaning, embedder) if meaning else None,
        )

    def _blend(
        self, chars: NDArray[np.float32], words: NDArray[np.float32], meaning: NDArray[np.float32] | None
    ) -> Matrix:
        alike = _CHARS * chars.astype(np.float64) + _WORDS * words.astype(np.float64)
        if meaning is not None:
            alike = (1 - _MEANING) * alike + _MEANING * meaning
        sharpness = _SHARPNESS_OF_WORDS if self._meaning is None else _SHARPNESS
        return np.asarray(np.expm1(sharpness * alike) / np.expm1(sharpness))


def _named(name: str, arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    prefix = f"{name}_"
    return {key.removeprefix(prefix): array for key, array in arrays.items() if key.startswith(prefix)}
