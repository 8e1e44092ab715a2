"""A stamp of everything that decides what products are read as: this package's rules and word lists, and what they rest on."""

from __future__ import annotations

import hashlib
import sys
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

__all__ = ["rules_stamp"]

_ROOMS = ("catalog", "facts", "search")
_SUFFIXES = (".py", ".toml", ".txt")
_DATA = ("encoder_data", "__pycache__")
"""Folders without rules: what vectors depend on stands in their own keys."""


@lru_cache(maxsize=1)
def rules_stamp() -> str:
    """A hash of the files of the rooms that read products, and of the libraries' versions: 64 hexadecimal digits.

    A number that somebody raises by hand is forgotten one day; the index of a large catalog would then answer by rules that
    are no more.
    """
    import Stemmer

    found = hashlib.sha256()
    libraries = [f"{name} {version(name)}" for name in ("pydantic", "pydantic-core", "selectolax", "numpy")]
    for told in (*libraries, Stemmer.version(), unicodedata.unidata_version, sys.version, sys.byteorder):
        found.update(f"{told}\0".encode())
    for room in _ROOMS:
        for name, file in _files(files("convagent") / room, room):
            found.update(f"{name}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()


def _files(folder: Traversable, name: str) -> Iterator[tuple[str, Traversable]]:
    for each in sorted(folder.iterdir(), key=lambda each: each.name):
        if each.is_dir():
            if each.name not in _DATA:
                yield from _files(each, f"{name}/{each.name}")
        elif each.name.endswith(_SUFFIXES):
            yield f"{name}/{each.name}", each
