"""The encoder that ships with the package: two small models, English and multilingual, on onnxruntime.

A text's vector has two halves where a shop has more than one language: `[English | multilingual]`. English passages fill
both, passages in other languages the multilingual half alone. A query fills one: the English half when it is English,
else the multilingual one. So one dot product serves, it is always the cosine of one of the two models, and a query costs
one model. Multilingual cosines are smaller, of texts that belong together and of those that don't; a passage's
multilingual half is longer by as much, so that one threshold serves both. A shop in English alone has the English half
only, and never opens the other model.

`tools/encoder/` builds the models, docs/encoder.md tells what they are and what they reach.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from convagent.errors import ConvagentError, MissingExtraError
from convagent.npy_files import read_npz
from convagent.search.embedder import Kind, Vectors, clean
from convagent.search.tokenise import base_language
from convagent.search.unigram import UnigramPieces
from convagent.search.wordpiece import WordPieces

__all__ = ["DATA", "HALF", "EmbeddedEncoder", "known_key"]

DATA = Path(__file__).with_name("encoder_data")
HALF = 384
"""Dimensions of each model."""

STRETCH = 1.6
"""Length of a passage's multilingual half: on the demo shop's questions, answerable or not, English cosines are 1.6 to 1.7 times
the multilingual ones (`benchmarks/encoder.py`)."""

TOKENS: Mapping[Kind, int] = {"query": 256, "example": 256, "passage": 160}
"""Tokens of a text that are read; what follows is left out. Passages are found no better by more of them
(docs/encoder.md), and cost more."""

MANY = 32
"""From this many texts on they are shared among threads."""

REMEMBERED = 4_096
"""Vectors that the process keeps, since one message is looked at by several parts of the engine."""


_PIECES: Mapping[str, type[WordPieces] | type[UnigramPieces]] = {"english": WordPieces, "multilingual": UnigramPieces}


class _Opened(NamedTuple):
    session: Any
    pieces: WordPieces | UnigramPieces


class _Model:
    """One of the two models, opened at its first use and again in a forked process."""

    def __init__(self, name: str, folder: Path, prefix: str, digest: str) -> None:
        self._name = name
        self._folder = folder
        self._prefix = prefix
        self._digest = digest
        self._known: dict[bytes, Vectors] | None = None
        # By process: a session that was opened before a fork is not used after it. No lock is held across a fork either,
        # since there is none: at worst two threads open the model at once, and one of the two is dropped.
        self._opened: dict[int, _Opened] = {}
        self._recent: dict[tuple[str, int], Vectors] = {}

    def embed(self, texts: Sequence[str], kind: Kind, threads: int) -> Vectors:
        """A unit vector for each text; zeros for one that says nothing."""
        limit = TOKENS[kind]
        vectors = np.zeros((len(texts), HALF), dtype=np.float32)
        missing: dict[str, list[int]] = {}
        for number, text in enumerate(map(clean, texts)):
            known = self._recent.get((text, limit))
            if known is None and text and kind == "passage":
                known = self._come_along().get(known_key(self._digest, text))
            if known is not None:
                vectors[number] = known
            elif text:
                missing.setdefault(text, []).append(number)
        for (text, numbers), vector in zip(missing.items(), self._run(list(missing), limit, threads), strict=True):
            vectors[numbers] = vector
            if len(self._recent) >= REMEMBERED:
                self._recent = {}
            self._recent[text, limit] = vector
        return vectors

    def _run(self, texts: Sequence[str], limit: int, threads: int) -> Iterable[Vectors]:
        # One text at a time: activations are rounded to 8 bits with one scale for a batch, so that a text's vector would
        # depend on those beside it. Batches of passages would not be faster on one thread.
        if not texts:
            return []
        opened = self._open()

        def one(text: str) -> Vectors:
            return _vector(opened, self._prefix + text, limit)

        if len(texts) < MANY or threads < 2:
            return [one(text) for text in texts]
        with ThreadPoolExecutor(threads, "convagent-encoder") as pool:
            return list(pool.map(one, texts))

    def _come_along(self) -> dict[bytes, Vectors]:
        """Vectors that come with the package: those of the demo shop's articles, which then opens at once."""
        if self._known is None:
            known: dict[bytes, Vectors] = {}
            # Without the file, or with a damaged one, they are computed like all others.
            with contextlib.suppress(Exception):
                arrays = read_npz(self._folder / "known.npz", (f"{self._name}_keys", self._name))
                keys, rows = arrays[f"{self._name}_keys"], arrays[self._name].astype(np.float32)
                known = {key.tobytes(): row for key, row in zip(keys, rows, strict=True)}
            self._known = known
        return self._known

    def _open(self) -> _Opened:
        process = os.getpid()
        opened = self._opened.get(process)
        if opened is None:
            opened = _opened(self._name, self._folder)
            self._opened = {process: opened}
        return opened


class EmbeddedEncoder:
    """The encoder of the package. Safe to share between threads and across a fork; opens nothing before its first use.

    Args:
        languages: Languages of the texts; English alone leaves the multilingual model out.
        threads: At most so many texts are worked on at once; a single one always takes one thread. None takes the
            machine's processors, at most four.
        folder: The models' folder.

    Raises:
        ConvagentError: The folder holds no models (`encoder-missing`).
    """

    name = "embedded"
    remembers = True
    """A text that was embedded a while ago costs nothing: see `convagent.understanding.foresight`."""

    def __init__(self, languages: Sequence[str] = ("en",), *, threads: int | None = None, folder: Path = DATA) -> None:
        self._two = any(base_language(language) != "en" for language in languages)
        self._threads = min(4, os.cpu_count() or 1) if threads is None else max(1, threads)
        try:
            raw = (folder / "encoder.json").read_bytes()
            manifest = json.loads(raw)
            models = {
                name: _shared(name, folder, str(manifest[name]["prefix"]), str(manifest["files"][f"{name}.onnx"]))
                for name in ("english", "multilingual")
            }
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise _missing(folder, error) from error
        self._english, self._multilingual = models["english"], models["multilingual"]
        self.dim = 2 * HALF if self._two else HALF
        layout = f"{sorted(TOKENS.items())} {self.dim} passages {STRETCH}".encode()
        self.stamp = f"embedded-{hashlib.sha256(raw + layout).hexdigest()[:16]}"

    def embed(self, texts: Sequence[str], *, kind: Kind = "passage", language: str | None = None) -> Vectors:
        """A vector for each text, see `Embedder.embed`.

        Raises:
            ConvagentError: A model's file is missing or damaged (`encoder-missing`).
            MissingExtraError: onnxruntime isn't installed.
        """
        if not self._two:
            return self._english.embed(texts, kind, self._threads)
        english = language is not None and base_language(language) == "en"
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        if english:
            vectors[:, :HALF] = self._english.embed(texts, kind, self._threads)
        if not english or kind != "query":
            vectors[:, HALF:] = self._multilingual.embed(texts, kind, self._threads)
        if kind == "passage":
            vectors[:, HALF:] *= STRETCH
        return vectors


def known_key(digest: str, text: str) -> bytes:
    """The key of a text's vector among those that come with the package.

    Args:
        digest: Of the model's file: another model knows none of them.
        text: The text, cleaned.
    """
    return hashlib.blake2b(f"{digest}\0{text}".encode(), digest_size=16).digest()


_models: dict[tuple[str, Path], _Model] = {}


def _shared(name: str, folder: Path, prefix: str, digest: str) -> _Model:
    """The model of a folder: the shops of one process share it."""
    return _models.setdefault((name, folder.resolve()), _Model(name, folder, prefix, digest))


def _opened(name: str, folder: Path) -> _Opened:
    try:
        import onnxruntime
    except ImportError as error:
        raise MissingExtraError(
            f"the embedded encoder needs {error.name}",
            remedy='pip install onnxruntime, or set [knowledge] embedder = "none".',
        ) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        pieces = _PIECES[name].load(folder / f"{name}.pieces.txt")
        path = str(folder / f"{name}.onnx")
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except (
        Exception
    ) as error:  # the runtime raises plain exceptions of many kinds for a file that isn't what it should be
        raise _missing(folder, error) from error
    return _Opened(session, pieces)


def _vector(opened: _Opened, text: str, limit: int) -> Vectors:
    ids = np.array([opened.pieces.encode(text, limit)], dtype=np.int64)
    (vectors,) = opened.session.run(None, {"ids": ids})
    vector: Vectors = vectors[0]
    return vector


def _missing(folder: Path, error: Exception) -> ConvagentError:
    return ConvagentError(
        f"the embedded encoder's files can't be used: {type(error).__name__}: {str(error)[:300]}",
        code="encoder-missing",
        place=folder,
        remedy="Install the package again, or build them with tools/encoder/build.py.",
    )
