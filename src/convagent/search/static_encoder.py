"""The static tier of the encoder that ships with the package: a vector for each piece of a word, and a text's is their sum.

No network is run: a text is cut into the pieces that the two models of `EmbeddedEncoder` know, the pieces' rows are looked
up in a memory-mapped table and added. Word order is lost, and with it part of what a sentence means; a text costs a
twentieth to a fortieth of what the models cost. The halves of a vector are those of `EmbeddedEncoder`: English alone, or
`[English | multilingual]` where a shop has other languages.

A row of the table has 16 bits for its length and 4 for each number, which stands for one of 16 levels. `tools/encoder/static.py`
makes the tables, docs/encoder.md tells what they are and what they reach.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convagent.errors import ConvagentError
from convagent.npy_files import map_array
from convagent.search.embedded_encoder import DATA
from convagent.search.embedder import Kind, Vectors, clean
from convagent.search.tokenise import base_language
from convagent.search.unigram import UnigramPieces
from convagent.search.wordpiece import WordPieces

__all__ = ["FORMAT", "LENGTH_BYTES", "MANIFEST", "PIECES_READ", "StaticEncoder"]

MANIFEST = "static.json"
FORMAT = 1
LENGTH_BYTES = 2
"""Of a row, for its length, as a 16-bit floating point number; low byte first."""

PIECES_READ = 512
"""Of a text; 2,000 characters of ordinary text hold about as many."""

_PIECES: Mapping[str, type[WordPieces] | type[UnigramPieces]] = {"english": WordPieces, "multilingual": UnigramPieces}


class _Opened(NamedTuple):
    pieces: WordPieces | UnigramPieces
    rows: NDArray[np.uint8]


class _Table:
    """One of the two tables, opened at its first use. What is opened is never changed, and a fork may share it."""

    def __init__(self, name: str, folder: Path, levels: Vectors, dim: int, passages: float) -> None:
        self._name = name
        self._folder = folder
        # Of each byte its two numbers, so that a row is read in one step.
        self._pairs = np.stack([np.repeat(levels, 16), np.tile(levels, 16)], axis=1)
        self._dim = dim
        self._passages = passages
        self._opened: _Opened | None = None

    def embed(self, texts: Sequence[str], kind: Kind) -> Vectors:
        """A vector for each text, of length 1, or of another for passages; zeros for one that says nothing."""
        opened = self._open()
        vectors = np.zeros((len(texts), self._dim), dtype=np.float32)
        length = np.float32(self._passages if kind == "passage" else 1.0)
        for number, text in enumerate(map(clean, texts)):
            if text:
                vector = self._sum(opened, text)
                norm = np.sqrt(np.square(vector).sum())
                if 0 < norm < np.inf:
                    vectors[number] = vector * (length / norm)
        return vectors

    def _sum(self, opened: _Opened, text: str) -> Vectors:
        found = opened.rows[opened.pieces.encode(text, PIECES_READ)[1:-1]]
        lengths = found[:, :LENGTH_BYTES].copy().view("<f2").astype(np.float32)
        numbers = self._pairs[found[:, LENGTH_BYTES:]].reshape(len(found), self._dim)
        total: Vectors = (numbers * lengths).sum(axis=0)
        return total

    def _open(self) -> _Opened:
        # Two threads may both open it at first; they open the same.
        if self._opened is None:
            try:
                pieces = _PIECES[self._name].load(self._folder / f"{self._name}.pieces.txt")
                rows = map_array(self._folder / f"static.{self._name}.npy")
            except (OSError, ValueError, EOFError) as error:
                raise _missing(self._folder, error) from error
            if rows.dtype != np.uint8 or rows.shape != (len(pieces), LENGTH_BYTES + self._dim // 2):
                raise _missing(self._folder, ValueError(f"the table {self._name} has the shape {rows.shape}"))
            self._opened = _Opened(pieces, rows)
        return self._opened


class StaticEncoder:
    """The static tier. Safe to share between threads and across a fork; opens nothing before its first use.

    Args:
        languages: Languages of the texts; English alone leaves the multilingual table out.
        folder: The tables' folder.

    Raises:
        ConvagentError: The folder holds no tables (`encoder-missing`).
    """

    name = "static"

    def __init__(self, languages: Sequence[str] = ("en",), *, folder: Path = DATA) -> None:
        self._two = any(base_language(language) != "en" for language in languages)
        try:
            raw = (folder / MANIFEST).read_bytes()
            manifest = json.loads(raw)
            self._half, levels = _layout(manifest)
            self._english, self._multilingual = (
                _Table(name, folder, levels, self._half, float(manifest[name]["passages"]))
                for name in ("english", "multilingual")
            )
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise _missing(folder, error) from error
        self.dim = 2 * self._half if self._two else self._half
        self.stamp = f"static-{hashlib.sha256(raw + f'{PIECES_READ} {self.dim}'.encode()).hexdigest()[:16]}"

    def embed(self, texts: Sequence[str], *, kind: Kind = "passage", language: str | None = None) -> Vectors:
        """A vector for each text, see `Embedder.embed`.

        Raises:
            ConvagentError: A table is missing or damaged (`encoder-missing`).
        """
        if not self._two:
            return self._english.embed(texts, kind)
        english = language is not None and base_language(language) == "en"
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        if english:
            vectors[:, : self._half] = self._english.embed(texts, kind)
        if not english or kind != "query":
            vectors[:, self._half :] = self._multilingual.embed(texts, kind)
        return vectors


def _layout(manifest: Mapping[str, Any]) -> tuple[int, Vectors]:
    """Dimensions of a half, and the 16 levels."""
    dimensions, levels = int(manifest["dimensions"]), np.array(manifest["levels"], dtype=np.float32)
    if manifest["format"] != FORMAT or levels.shape != (16,) or dimensions < 2 or dimensions % 2:
        raise ValueError(f"{MANIFEST} is of another format")
    return dimensions, levels


def _missing(folder: Path, error: Exception) -> ConvagentError:
    return ConvagentError(
        f"the static encoder's files can't be used: {type(error).__name__}: {str(error)[:300]}",
        code="encoder-missing",
        place=folder,
        remedy="Install the package again, or build them with tools/encoder/static.py.",
    )
