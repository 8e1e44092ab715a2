"""How alike texts are in meaning: cosines of an embedder's vectors, less what all texts of a shop have in common."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convagent.errors import ConvagentError
from convagent.search.embedder import Embedder, Vectors
from convagent.search.kept_vectors import embed_kept
from convagent.search.small_products import rows_times
from convagent.search.tokenise import base_language
from convagent.understanding.word_lists import word_lists

__all__ = ["Embedded", "MeaningView", "embed_examples", "everyday_messages", "harmless_messages", "unrelated_messages"]

_log = logging.getLogger(__name__)

_ANY_LANGUAGE = "en"
"""What examples are embedded as: it has the package's own encoder fill both halves of a vector, so that messages of every
language can be held against them."""

MOST_EMBEDDED = 24
"""So many parts of one message are embedded; a longer one is told by its first parts, and by the words of the rest."""


@dataclass(frozen=True, eq=False)
class Embedded:
    """Examples with their vectors.

    Attributes:
        embedder: What made them.
        vectors: By the text as written.
        mean: What they have in common: the mean over the examples and the everyday messages of the package.
        by_english: Whether an English message is compared as English. Where the examples are in another language it is
            compared as messages of all other languages are: an encoder for English knows nothing of German examples.
    """

    embedder: Embedder
    vectors: Mapping[str, Vectors]
    mean: Vectors
    by_english: bool = True

    def of(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts that are among the examples."""
        if not texts:
            return np.zeros((0, len(self.mean)), dtype=np.float32)
        return np.stack([self.vectors[text] for text in texts])


def everyday_messages() -> tuple[str, ...]:
    """The everyday messages that come with the package."""
    return tuple(word_lists("everyday")["everyday"]["messages"])


def harmless_messages() -> tuple[str, ...]:
    """Messages that come with the package and only sound near to something grave."""
    return tuple(word_lists("everyday")["harmless"]["messages"])


def unrelated_messages() -> tuple[str, ...]:
    """Messages that come with the package and that no guide of a shop is about."""
    return tuple(word_lists("everyday")["unrelated"]["messages"])


def embed_examples(
    embedder: Embedder | None, texts: Sequence[str], *, folder: Path | None = None, by_english: bool = True
) -> Embedded | None:
    """Embed the examples of a shop.

    Args:
        embedder: What embeds them.
        texts: The examples.
        folder: Where their vectors are kept between runs.
        by_english: Whether English messages are compared as English, see `Embedded`.

    Returns:
        The examples with their vectors. None without an embedder, and, told in the log, with one that fails: words alone
        have to do then.
    """
    if embedder is None:
        return None
    common = dict.fromkeys((*everyday_messages(), *texts))
    beside = dict.fromkeys((*unrelated_messages(), *harmless_messages()))
    everything = [*common, *(text for text in beside if text not in common)]
    try:
        vectors = embed_kept(embedder, everything, folder=folder, languages=[_ANY_LANGUAGE] * len(everything))
    except (ConvagentError, OSError) as error:
        _log.warning("messages are understood by their words alone: %s", error)
        return None
    mean = vectors[: len(common)].mean(axis=0, dtype=np.float32)
    return Embedded(embedder, dict(zip(everything, vectors, strict=True)), mean, by_english)


class MeaningView:
    """Cosines of messages to known texts, after the mean of the shop's texts was taken from both.

    Without that, everything that customers write to one shop is alike. A query that fills one half of its vector, as the
    package's own encoder has it, is compared with that half alone.

    Args:
        embedder: What embeds messages.
        known: Vectors of the known texts, shape (known, dim).
        mean: What is taken from all vectors.
        by_english: Whether an English message is compared as English, see `Embedded`.
    """

    def __init__(self, embedder: Embedder, known: Vectors, mean: Vectors, *, by_english: bool = True) -> None:
        self._embedder = embedder
        self._known = known
        self._mean = mean
        self._by_english = by_english
        self._centred: dict[tuple[bool, bool], Vectors] = {}

    @classmethod
    def fit(cls, embedded: Embedded, texts: Sequence[str]) -> MeaningView:
        """A view that compares with some of the embedded examples."""
        return cls(embedded.embedder, embedded.of(texts), embedded.mean, by_english=embedded.by_english)

    def similarities(self, texts: Sequence[str], *, language: str) -> NDArray[np.float32] | None:
        """How alike each text is to each known text: shape (texts, known), from -1 to 1.

        Args:
            texts: As written. From the twenty-fifth on they are not looked at: alike to nothing.
            language: Their language.

        Returns:
            The cosines; None when the embedder fails, which is told in the log.
        """
        out = np.zeros((len(texts), len(self._known)), dtype=np.float32)
        try:
            vectors = self._embedder.embed(texts[:MOST_EMBEDDED], kind="query", language=self._as_compared(language))
        except (ConvagentError, OSError) as error:
            _log.warning("a message was understood by its words alone: %s", error)
            return None
        for row, vector in enumerate(vectors):
            out[row] = self._cosines(vector)
        return out

    def among(self, vectors: Vectors, languages: Sequence[str]) -> NDArray[np.float32]:
        """How alike embedded examples, each in its language, would be to the known texts as messages.

        Raises:
            ConvagentError: The embedder can't be used.
        """
        out = np.zeros((len(vectors), len(self._known)), dtype=np.float32)
        parts = {
            language: self._halves(
                self._embedder.embed(["hello"], kind="query", language=self._as_compared(language))[0]
            )
            for language in sorted(set(languages))
        }
        # Rows that fill the same halves at once: a tenth of the time, for cosines that differ in the seventh digit.
        half = len(self._mean) // 2
        filled = np.stack([vectors[:, :half].any(axis=1), vectors[:, half:].any(axis=1)], axis=1)
        filled &= np.array([parts[language] for language in languages], dtype=bool).reshape(-1, 2)
        for halves in ((True, False), (False, True), (True, True)):
            rows = np.flatnonzero((filled == halves).all(axis=1))
            if len(rows):
                part = self._part(halves)
                out[rows] = _unit(vectors[rows, part] - self._mean[part]) @ self._known_in(halves).T
        return out

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """The vectors, the stamp of the embedder that they belong to, and how English is compared."""
        stamp = np.array(self._embedder.stamp)
        return {"known": self._known, "mean": self._mean, "stamp": stamp, "by_english": np.array(self._by_english)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], embedder: Embedder | None) -> MeaningView:
        """The view that `to_arrays` kept.

        Raises:
            ValueError: The embedder is not the one that made the vectors.
        """
        if embedder is None or embedder.stamp != str(arrays["stamp"]):
            raise ValueError("the vectors were made by another embedder")
        return cls(embedder, arrays["known"], arrays["mean"], by_english=bool(arrays["by_english"]))

    def _as_compared(self, language: str) -> str | None:
        """The language that a message is embedded in; None for any but English."""
        return language if self._by_english or base_language(language) != "en" else None

    def _cosines(self, vector: Vectors) -> NDArray[np.float32]:
        halves = self._halves(vector)
        if halves == (False, False):
            return np.zeros(len(self._known), dtype=np.float32)
        # One at a time, so that a message has the same cosines whatever stands beside it.
        message = self._unit_from_mean(vector, self._part(halves))
        return np.asarray(rows_times(message, self._known_in(halves)), dtype=np.float32)

    def _known_in(self, halves: tuple[bool, bool]) -> Vectors:
        """The known texts as messages that fill these halves are compared with them."""
        known = self._centred.get(halves)
        if known is None:
            # Two threads may both make it; they make the same.
            centred = _unit((self._known - self._mean) * self._mask(halves))
            known = self._centred[halves] = np.ascontiguousarray(centred[:, self._part(halves)])
        return known

    def _unit_from_mean(self, vector: Vectors, part: slice) -> Vectors:
        message = vector[part] - self._mean[part]
        return np.asarray(message / max(float(np.linalg.norm(message)), 1e-9), dtype=np.float32)

    def _part(self, halves: tuple[bool, bool]) -> slice:
        """What is left of a vector without a half of zeros."""
        half = len(self._mean) // 2
        return slice(0 if halves[0] else half, len(self._mean) if halves[1] else half)

    def _mask(self, halves: tuple[bool, bool]) -> NDArray[np.float32]:
        half = len(self._mean) // 2
        return np.repeat(np.array(halves, dtype=np.float32), [half, len(self._mean) - half])

    def _halves(self, vector: Vectors) -> tuple[bool, bool]:
        half = len(self._mean) // 2
        return bool(vector[:half].any()), bool(vector[half:].any())


def _unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), dtype=np.float32)
