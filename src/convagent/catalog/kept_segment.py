"""A large catalog's segment on disk, beside its vectors: opening it again reads no product and builds no index.

    products/
      main/  since/        the products' vectors, see `convagent.catalog.vectors`
      segment/
        manifest           its own hash, then what it was made of and by which rules, what was wrong, and each file's hash
        products/          the products, packed, and where each begins
        columns/           price, stock, sizes, colours, attributes, the shop's own fields
        names/  words/     ids, SKUs and titles; the lexical index
        keys/              what the products' vectors are kept under

The folder is swapped as a whole, as that of the vectors is: whoever reads sees the old one or the new one. Nothing is believed
without its hash. What was made of another file, with other settings or by other rules (`rules_stamp`) is built anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from convagent.catalog.kept_parts import read_parts, write_parts
from convagent.catalog.problems import CatalogProblem
from convagent.catalog.reading_rules import rules_stamp
from convagent.catalog.segment import Segment
from convagent.errors import CatalogError
from convagent.search.kept_vectors import swapped

if TYPE_CHECKING:
    from convagent.catalog.vectors import VectorSource

__all__ = ["KeptSegment", "keep_segment", "load_segment"]

_FORMAT = 1
_MANIFEST = "manifest"

_ONE_BY_ONE = Lock()
"""Threads load one after the other: Python 3.11 parses what stands at the head of an array wrongly in two threads at once."""


class KeptSegment(NamedTuple):
    """What `keep_segment` kept.

    Args:
        segment: The products with all that finds them.
        about: What it was made of, as JSON can say it.
        problems: What was wrong with the data.
        stamp: Of the products, see `Catalog.stamp`; None where it wasn't reckoned.
    """

    segment: Segment
    about: Mapping[str, object]
    problems: tuple[CatalogProblem, ...] = ()
    stamp: int | None = None


def keep_segment(folder: Path, kept: KeptSegment, *, source: VectorSource | None) -> None:
    """Puts a segment of many products in the place of the one that was kept.

    Args:
        folder: Its folder.
        kept: The segment, and what is told of it; no product was replaced in it yet.
        source: What embeds the products' texts.

    Raises:
        OSError: The folder can't be written; what was kept stays.
    """
    with swapped(folder) as fresh:
        kept.segment.save(fresh)
        keys = kept.segment.vectors.keys if kept.segment.vectors is not None else None
        if keys is not None and source is not None:
            write_parts(fresh / "keys", {"keys": keys}, source.stamp)
        manifest = {
            "settings": _settings(kept.segment.language),
            "about": kept.about,
            "problems": [asdict(problem) for problem in kept.problems],
            "stamp": None if kept.stamp is None else f"{kept.stamp:064x}",
            "files": {
                path.relative_to(fresh).as_posix(): _digest(path) for path in sorted(fresh.rglob("*")) if path.is_file()
            },
        }
        told = json.dumps(manifest, sort_keys=True).encode()
        (fresh / _MANIFEST).write_bytes(hashlib.sha256(told).hexdigest().encode() + b"\n" + told)


def load_segment(folder: Path, *, language: str, source: VectorSource | None) -> KeptSegment | None:
    """The segment in a folder; None where there is none that was made by the same rules.

    Args:
        folder: Its folder.
        language: Language of the products' texts.
        source: What embeds them.

    Raises:
        CatalogError: It is damaged (`index-damaged`).
    """
    while (place := _place(folder)) is not None:
        # Another process may put its own there meanwhile: then what was read is of neither.
        try:
            with _ONE_BY_ONE:
                found = _load(folder, _settings(language), source)
            if place == _place(folder):
                return found
        except Exception as error:  # damaged bytes raise whatever they lead to
            if place == _place(folder):
                raise CatalogError(
                    f"the kept index of products is damaged and is built anew: {type(error).__name__}: {error}",
                    code="index-damaged", place=folder,
                    remedy="Nothing need be done; if it comes back, look after the disk.",
                ) from error  # fmt: skip
    return None


def _load(folder: Path, settings: Mapping[str, object], source: VectorSource | None) -> KeptSegment | None:
    digest, _, told = (folder / _MANIFEST).read_bytes().partition(b"\n")
    if hashlib.sha256(told).hexdigest().encode() != digest:
        raise ValueError(f"{_MANIFEST} isn't what was written")
    manifest = json.loads(told)
    if manifest["settings"] != settings:
        return None
    for name, expected in manifest["files"].items():
        if _digest(folder / name) != expected:
            raise ValueError(f"{name} isn't what was written")
    keys = None
    if source is not None and (folder / "keys").is_dir():
        arrays, stamp = read_parts(folder / "keys")
        keys = arrays["keys"] if stamp == source.stamp else None
    segment = Segment.load(folder, language=manifest["settings"]["language"], source=source, keys=keys)
    if keys is not None and len(keys) != len(segment.store):
        raise ValueError("the keys don't fit the products")
    stamp = manifest["stamp"]
    return KeptSegment(
        segment, manifest["about"], tuple(CatalogProblem(**each) for each in manifest["problems"]),
        None if stamp is None else int(stamp, 16),
    )  # fmt: skip


def _settings(language: str) -> dict[str, object]:
    """Everything that decides what a segment holds, besides the products."""
    return {"format": _FORMAT, "rules": rules_stamp(), "language": language}


def _place(folder: Path) -> tuple[int, int] | None:
    """Which folder it is: another after each swap; None where there is none."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_ino, found.st_ctime_ns


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
