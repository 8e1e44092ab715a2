"""Vectors that are kept on disk by what was embedded, so that only new texts are embedded again.

A folder holds `vectors.npy`, one row a text, and `keys.npy`, 16 bytes a text: a hash of the embedder's stamp, the text's kind,
its language and the text itself. Vectors have 32 bits a number or, where there are many of them, 16: whole numbers, with what
each row is multiplied with in `scales.npy`.
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

from convagent.npy_files import map_array
from convagent.search.embedder import Embedder, Kind, Vectors

__all__ = ["KEY", "KeptVectors", "embed_kept", "swapped", "text_key"]

KEY = 16
"""Bytes of a key."""

AT_ONCE = 256
"""Texts that are embedded between two calls of `progress`."""

PRECISIONS = {16: np.int16, 32: np.float32}
"""Bits of a number, and its type."""

LARGEST = 32_767
"""What the largest number of a row becomes in 16 bits."""


@dataclass(frozen=True, slots=True, eq=False)
class KeptVectors:
    """Vectors by the keys of their texts, in the order of the texts.

    Attributes:
        keys: (texts, 16), uint8.
        vectors: (texts, dimensions), float32, or int16 where there are scales.
        fresh: How many texts had to be embedded.
        scales: What each row is multiplied with, float32.
    """

    keys: NDArray[np.uint8]
    vectors: NDArray[Any]
    fresh: int = 0
    scales: Vectors | None = None

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
            bits: Of each number, 16 or 32. In 16 bits it is right to a part in 65,000 of the row's largest.

        Raises:
            ValueError: There are not as many languages as texts.
            ConvagentError: The embedder can't be used.
        """
        kind_of_number = PRECISIONS[bits]
        keys = [text_key(embedder, kind, language, text) for text, language in zip(texts, languages, strict=True)]
        vectors: NDArray[Any] = np.zeros((len(texts), embedder.dim), dtype=kind_of_number)
        scales = np.zeros(len(texts), dtype=np.float32) if bits == 16 else None
        places: dict[bytes, int] = {}
        if before is not None and before.vectors.shape[1] == embedder.dim and before.vectors.dtype == kind_of_number:
            places = {row.tobytes(): place for place, row in enumerate(before.keys)}
        missing: dict[str | None, list[int]] = {}
        old = [(number, places[key]) for number, key in enumerate(keys) if key in places]
        if before is not None and old:
            rows, from_rows = (list(column) for column in zip(*old, strict=True))
            vectors[rows] = before.vectors[from_rows]
            if scales is not None and before.scales is not None:
                scales[rows] = before.scales[from_rows]
        for number, (key, language) in enumerate(zip(keys, languages, strict=True)):
            if key not in places:
                missing.setdefault(language, []).append(number)
        wanted = sum(map(len, missing.values()))
        done = 0
        for language, numbers in missing.items():
            for begin in range(0, len(numbers), AT_ONCE):
                chosen = numbers[begin : begin + AT_ONCE]
                found = embedder.embed([texts[number] for number in chosen], kind=kind, language=language)
                if scales is None:
                    vectors[chosen] = found
                else:
                    vectors[chosen], scales[chosen] = _in_whole_numbers(found)
                done += len(chosen)
                if progress is not None:
                    progress(done, wanted)
        packed = np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(-1, KEY)
        return cls(packed, vectors, wanted, scales)

    def renewed(self, places: NDArray[np.int64], added: KeptVectors) -> KeptVectors:
        """Some of these vectors and others.

        Args:
            places: Of each text its place among these, or -1 where the next of the others comes.
            added: The others, by the same embedder and in the same precision.

        Raises:
            ValueError: The others are of another kind, or there are not as many of them as places for them.
        """
        kept, new = places >= 0, places < 0
        alike = self.vectors.dtype == added.vectors.dtype and self.vectors.shape[1] == added.vectors.shape[1]
        if not alike or int(np.count_nonzero(new)) != len(added.vectors):
            raise ValueError("the vectors don't fit those that were kept")

        def joined(ours: NDArray[Any], others: NDArray[Any]) -> NDArray[Any]:
            rows = np.empty((len(places), *ours.shape[1:]), dtype=ours.dtype)
            rows[kept], rows[new] = ours[places[kept]], others
            return rows

        scales = None
        if self.scales is not None and added.scales is not None:
            scales = joined(self.scales, added.scales)
        return KeptVectors(joined(self.keys, added.keys), joined(self.vectors, added.vectors), added.fresh, scales)

    def save(self, folder: Path) -> None:
        """Write `vectors.npy`, `keys.npy` and, where there are any, `scales.npy` into a folder, which is made if need be.

        Raises:
            OSError: The folder can't be written.
        """
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "vectors.npy", self.vectors, allow_pickle=False)
        np.save(folder / "keys.npy", self.keys, allow_pickle=False)
        if self.scales is not None:
            np.save(folder / "scales.npy", self.scales, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> KeptVectors:
        """What `save` wrote; the vectors are memory-mapped.

        Raises:
            OSError: There is nothing.
            ValueError: It is damaged.
        """
        keys = map_array(folder / "keys.npy")
        # A plain view of the map: slices of a memmap are slow to make.
        vectors = np.asarray(map_array(folder / "vectors.npy"))
        halved = vectors.dtype == np.int16
        scales = np.asarray(map_array(folder / "scales.npy")) if halved else None
        fits = (
            keys.ndim == vectors.ndim == 2
            and keys.dtype == np.uint8
            and vectors.dtype in PRECISIONS.values()
            and len(keys) == len(vectors)
            and keys.shape[1] == KEY
            and (scales is None or (scales.dtype == np.float32 and scales.shape == keys.shape[:1]))
        )
        if not fits:
            raise ValueError(f"the vectors in {folder} don't fit their keys")
        return cls(keys, vectors, scales=scales)


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
        with contextlib.suppress(OSError), swapped(folder) as fresh:
            kept.save(fresh)
    return kept.vectors.astype(np.float32, copy=False)


@contextlib.contextmanager
def swapped(folder: Path) -> Iterator[Path]:
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


def _in_whole_numbers(vectors: Vectors) -> tuple[NDArray[np.int16], Vectors]:
    """Vectors in 16 bits and what each is multiplied with; what is no number becomes 0."""
    vectors = np.nan_to_num(np.asarray(vectors, dtype=np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    scales: Vectors = (np.abs(vectors).max(axis=1, initial=0.0) / LARGEST).astype(np.float32)
    whole = np.rint(vectors / np.where(scales > 0, scales, 1.0)[:, None])
    return np.clip(whole, -LARGEST, LARGEST).astype(np.int16), scales


def text_key(embedder: Embedder, kind: Kind, language: str | None, text: str) -> bytes:
    """What a text's vector is kept under: 16 bytes, others for another embedder, kind, language or text.

    Args:
        embedder: What embeds it.
        kind: What it is.
        language: Its language.
        text: The text.
    """
    parts = "\0".join((embedder.stamp, kind, language or "", text))
    return hashlib.blake2b(parts.encode("utf-8", "surrogatepass"), digest_size=KEY).digest()
