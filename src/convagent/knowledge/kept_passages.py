"""Passages that stay on disk, read one by one when they are found.

A search gives a dozen passages of a hundred thousand; as objects all of them would weigh more than their text. They are read
rather than mapped, since a map brings sixteen pages into memory for each that is looked at.
"""

from __future__ import annotations

import json
import os
import weakref
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, overload

import numpy as np

from convagent.knowledge.article import Link, Passage

__all__ = ["KeptPassages", "write_passages"]

REMEMBERED = 2_048
"""Passages that are held once they were read; then all are let go."""


class KeptPassages(Sequence[Passage]):
    """The passages that `write_passages` wrote. Immutable, and safe to share between threads.

    Args:
        folder: Where they are.

    Raises:
        OSError: There are none.
        ValueError: They are damaged.
    """

    def __init__(self, folder: Path) -> None:
        self._starts = np.asarray(np.load(folder / "passages.npy", mmap_mode="r", allow_pickle=False))
        # Held open: whoever puts a newer index in force removes this one while it is still searched.
        self._file = os.open(folder / "passages.jsonl", os.O_RDONLY | getattr(os, "O_BINARY", 0))
        weakref.finalize(self, os.close, self._file)
        starts, size = self._starts, os.fstat(self._file).st_size
        fits = starts.ndim == 1 and starts.dtype == np.int64 and len(starts) > 0 and starts[0] == 0
        if not fits or starts[-1] != size or bool((np.diff(starts) <= 0).any()):
            raise ValueError("the passages don't fit their places")
        self._recent: dict[int, Passage] = {}

    def __len__(self) -> int:
        """How many."""
        return len(self._starts) - 1

    @overload
    def __getitem__(self, number: int) -> Passage: ...
    @overload
    def __getitem__(self, number: slice) -> tuple[Passage, ...]: ...
    def __getitem__(self, number: int | slice) -> Passage | tuple[Passage, ...]:
        """One passage, or some."""
        if isinstance(number, slice):
            return tuple(self._read(one) for one in range(len(self))[number])
        place = range(len(self))[number]
        found = self._recent.get(place)
        if found is None:
            if len(self._recent) >= REMEMBERED:
                self._recent = {}
            found = self._recent[place] = self._read(place)
        return found

    def __eq__(self, other: object) -> bool:
        """Whether the other sequence has the same passages in the same order."""
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and all(one == two for one, two in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def _read(self, place: int) -> Passage:
        begin, end = int(self._starts[place]), int(self._starts[place + 1])
        # By place: threads, and processes after a fork, share the file's position.
        return _passage(json.loads(os.pread(self._file, end - begin, begin)))


def write_passages(folder: Path, passages: Iterable[Passage]) -> None:
    """Write `passages.jsonl`, a line each, and `passages.npy`, where each begins.

    Raises:
        OSError: The folder can't be written.
    """
    starts = [0]
    with (folder / "passages.jsonl").open("wb") as file:
        for passage in passages:
            starts.append(starts[-1] + file.write(json.dumps(_plain(passage)).encode() + b"\n"))
    np.save(folder / "passages.npy", np.array(starts, dtype=np.int64), allow_pickle=False)


def _plain(passage: Passage) -> list[Any]:
    return [
        passage.article_id,
        passage.title,
        passage.text,
        passage.heading,
        passage.position,
        passage.language,
        passage.audience,
        passage.url,
        [(link.text, link.target) for link in passage.links],
        passage.line,
    ]


def _passage(data: list[Any]) -> Passage:
    article_id, title, text, heading, position, language, audience, url, links, line = data
    return Passage(
        article_id=article_id,
        title=title,
        text=text,
        heading=tuple(heading),
        position=position,
        language=language,
        audience=audience,
        url=url,
        links=tuple(Link(*link) for link in links),
        line=line,
    )
