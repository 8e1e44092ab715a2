"""Vectors that are kept on disk by what was embedded, so that only new texts are embedded again.

A folder holds `vectors.npy`, one row a text, and `keys.npy`, 16 bytes a text: a hash of the embedder's stamp, the text's kind,
its language and the text itself. Vectors have 32 bits a number, or 16 where there are many of them.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convagent.search.embedder import Embedder, Kind, Vectors

__all__ = ["KeptVectors", "embed_kept"]

KEY = 16
"""Bytes of a key."""

AT_ONCE = 256
"""Texts that are embedded between two calls of `progress`."""

PRECISIONS = {16: np.float16, 32: np.float32}
"""Bits of a number, and its type."""

LARGEST = 60_000.0
"""The largest number that is kept in 16 bits: vectors are of length 1 or so."""


@dataclass(frozen=True, slots=True, eq=False)
class KeptVectors:
    """Vectors by the keys of their texts, in the order of the texts.

    Attributes:
        keys: (texts, 16), uint8.
        vectors: (texts, dimensions), float32 or float16.
        fresh: How many texts had to be embedded.
    """

    keys: NDArray[np.uint8]
    vectors: NDArray[np.floating]
    fresh: int = 0

    @classmethod
    def of(
        cls,
        embedder: Embedder,
        texts: Sequence[str],
        *,
        kind: Kind,
        languages: Sequence[str | None],
        before: KeptVectors | None = None,
        progress: Callable[[int, int], None] | None = None,
        bits: int = 32,
    ) -> KeptVectors:
        """The vectors of texts; those that `before` has are taken from there.

        Args:
            embedder: What embeds them.
            texts: The texts.
            kind: What they are.
            languages: The language of each.
            before: Vectors kept earlier, by whatever embedder.
            progress: Called with the texts done and the texts to do.
            bits: Of each number, 16 or 32. Numbers in 16 bits are right to one part in 2,000.

        Raises:
            ValueError: There are not as many languages as texts.
            ConvagentError: The embedder can't be used.
        """
        kind_of_number = PRECISIONS[bits]
        keys = [_key(embedder, kind, language, text) for text, language in zip(texts, languages, strict=True)]
        vectors: NDArray[Any] = np.zeros((len(texts), embedder.dim), dtype=kind_of_number)
        places: dict[bytes, int] = {}
        if before is not None and before.vectors.shape[1] == embedder.dim and before.vectors.dtype == kind_of_number:
            places = {row.tobytes(): place for place, row in enumerate(before.keys)}
        missing: dict[str | None, list[int]] = {}
        old = [(number, places[key]) for number, key in enumerate(keys) if key in places]
        if before is not None and old:
            rows, from_rows = (list(column) for column in zip(*old, strict=True))
            vectors[rows] = before.vectors[from_rows]
        for number, (key, language) in enumerate(zip(keys, languages, strict=True)):
            if key not in places:
                missing.setdefault(language, []).append(number)
        wanted = sum(map(len, missing.values()))
        done = 0
        for language, numbers in missing.items():
            for begin in range(0, len(numbers), AT_ONCE):
                chosen = numbers[begin : begin + AT_ONCE]
                found = embedder.embed([texts[number] for number in chosen], kind=kind, language=language)
                vectors[chosen] = found if bits == 32 else np.clip(found, -LARGEST, LARGEST)
                done += len(chosen)
                if progress is not None:
                    progress(done, wanted)
        packed = np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(-1, KEY)
        return cls(packed, vectors, wanted)

    def save(self, folder: Path) -> None:
        """Write `vectors.npy` and `keys.npy` into a folder, which is made if need be.

        Raises:
            OSError: The folder can't be written.
        """
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "vectors.npy", self.vectors, allow_pickle=False)
        np.save(folder / "keys.npy", self.keys, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> KeptVectors:
        """What `save` wrote; the vectors are memory-mapped.

        Raises:
            OSError: There is nothing.
            ValueError: It is damaged.
        """
        keys = np.lib.format.open_memmap(folder / "keys.npy", mode="r")
        vectors = np.lib.format.open_memmap(folder / "vectors.npy", mode="r")
        fits = (
            keys.ndim == vectors.ndim == 2
            and keys.dtype == np.uint8
            and vectors.dtype in PRECISIONS.values()
            and len(keys) == len(vectors)
            and keys.shape[1] == KEY
        )
        if not fits:
            raise ValueError(f"the vectors in {folder} don't fit their keys")
        return cls(keys, vectors)


def embed_kept(
    embedder: Embedder,
    texts: Sequence[str],
    *,
    folder: Path | None,
    kind: Kind = "example",
    languages: Sequence[str | None] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Vectors:
    """The vectors of a few thousand short texts, kept in a folder between runs: only new texts are embedded.

    The folder is swapped as a whole, so that a reader sees the old vectors or the new ones. What is damaged is made anew,
    and what can't be written is not kept; neither is an error.

    Args:
        embedder: What embeds them.
        texts: The texts, in any order; the same order comes back.
        folder: Where they are kept, such as a folder in the shop's index folder; None for nowhere.
        kind: What they are.
        languages: The language of each; None takes them for texts of no language in particular.
        progress: Called with the texts done and the texts to do.

    Raises:
        ValueError: There are not as many languages as texts.
        ConvagentError: The embedder can't be used.
    """
    before = None
    if folder is not None:
        with contextlib.suppress(OSError, ValueError, EOFError):
            before = KeptVectors.load(folder)
    of_each = [None] * len(texts) if languages is None else languages
    kept = KeptVectors.of(embedder, texts, kind=kind, languages=of_each, before=before, progress=progress)
    same = before is not None and len(before.keys) == len(kept.keys)
    if folder is not None and (kept.fresh or not same):
        with contextlib.suppress(OSError), _swapped(folder) as fresh:
            kept.save(fresh)
    return kept.vectors.astype(np.float32, copy=False)


@contextlib.contextmanager
def _swapped(folder: Path) -> Iterator[Path]:
    """A new folder beside the one named, which takes its place at the end."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield fresh
        old = fresh.with_name(f"{fresh.name}-old")
        with contextlib.suppress(FileNotFoundError):
            folder.rename(old)
        # Another process may have put its own there in between; both say the same.
        with contextlib.suppress(OSError):
            fresh.replace(folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _key(embedder: Embedder, kind: Kind, language: str | None, text: str) -> bytes:
    parts = "\0".join((embedder.stamp, kind, language or "", text))
    return hashlib.blake2b(parts.encode("utf-8", "surrogatepass"), digest_size=KEY).digest()
