"""How near single words are in meaning: within a language, and across languages.

By the static tier of the shipped encoder: a word is looked up in a table, no network runs. Synonyms ("bike" and "bicycle",
"Preis" and "price") stand well apart from words that merely belong to the same shop.
"""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np

from convagent.errors import ConvagentError
from convagent.search import base_language
from convagent.search.embedder import Vectors
from convagent.search.static_encoder import StaticEncoder

__all__ = ["nearest"]

_MOST = 400
"""Words of a source that are looked at."""


def nearest(word: str, others: tuple[str, ...], *, language: str, other_language: str | None = None) -> float:
    """How near a word is to the nearest of others, -1 to 1; 0 where there are none, or where no tables are installed.

    Args:
        word: One word, as it is written.
        others: Words, as they are written.
        language: Of the word.
        other_language: Of the others; None: the same.
    """
    one, other = base_language(language), base_language(other_language or language)
    table = "english" if one == other == "en" else "multilingual"
    if not others or _encoder() is None:
        return 0.0
    return float((_matrix(others[:_MOST], table) @ _vector(word, table)).max())


@cache
def _encoder() -> StaticEncoder | None:
    try:
        encoder = StaticEncoder(("en", "de"))
        encoder.embed(["word"], kind="passage", language="en")
    except ConvagentError:  # the tables are part of the package; who leaves them out compares words by their letters
        return None
    return encoder


@lru_cache(maxsize=16_384)
def _vector(word: str, table: str) -> Vectors:
    encoder = _encoder()
    if encoder is None:
        return np.zeros(1, dtype=np.float32)
    whole = encoder.embed([word.lower()], kind="passage", language="en" if table == "english" else "de")[0]
    half = len(whole) // 2
    vector = whole[:half] if table == "english" else whole[half:]
    length = np.float32(np.linalg.norm(vector)) or np.float32(1.0)
    return np.asarray(vector / length, dtype=np.float32)


@lru_cache(maxsize=1_024)
def _matrix(words: tuple[str, ...], table: str) -> Vectors:
    return np.stack([_vector(word, table) for word in words])
