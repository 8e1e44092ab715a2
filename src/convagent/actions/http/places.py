"""Where each key of a TOML text stands. `tomllib` reads values but forgets places."""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from contextlib import suppress

__all__ = ["Path", "nearest", "places_of", "written"]

Path = tuple[str | int, ...]


def places_of(text: str) -> Mapping[Path, tuple[int, int]]:
    """Line and column, from 1, of every key of a TOML text that `tomllib` accepts.

    Tables of an array are numbered from 0. What isn't understood is left out: a place serves people, nothing else rests
    on it.
    """
    scanner = _Scanner(text)
    with suppress(IndexError, RecursionError, ValueError):  # not the TOML that it expects
        scanner.run()
    return scanner.found


def nearest(places: Mapping[Path, tuple[int, int]], path: Path) -> tuple[int, int]:
    """The place of a path, or of the nearest thing around it; parts that are nowhere written are passed over."""
    at = written(places, path)
    while at and at not in places:
        inside = [place for known, place in places.items() if known[: len(at)] == at]
        if inside:
            return min(inside)
        at = at[:-1]
    return places.get(at, (1, 1))


def written(places: Mapping[Path, tuple[int, int]], path: Path) -> Path:
    """A path without the parts that are nowhere written: names of forms that something may have."""
    at: Path = ()
    for part in path:
        longer = (*at, part)
        if any(known[: len(longer)] == longer for known in places):
            at = longer
    return at


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n") + "\n"
        self.at = 0
        self.found: dict[Path, tuple[int, int]] = {}
        self._counts: dict[Path, int] = {}
        self._lines = [0]
        for position, char in enumerate(self.text):
            if char == "\n":
                self._lines.append(position + 1)

    def run(self) -> None:
        table: Path = ()
        while True:
            self._blank(newlines=True)
            if self.at >= len(self.text):
                return
            start = self.at
            if self.text[self.at] == "[":
                double = self.text.startswith("[[", self.at)
                self.at += 2 if double else 1
                keys = self._key()
                self.at += 2 if double else 1
                table = self._resolve(keys, new_item=double)
                self._note(table, start)
            else:
                keys = self._key()
                self.at += 1  # the equals sign
                path = (*table, *keys)
                self._note(path, start)
                self._value(path)

    def _resolve(self, keys: list[str], *, new_item: bool) -> Path:
        path: Path = ()
        for position, key in enumerate(keys):
            path = (*path, key)
            if position == len(keys) - 1 and new_item:
                self._counts[path] = self._counts.get(path, -1) + 1
            if path in self._counts:
                path = (*path, self._counts[path])
        return path

    def _note(self, path: Path, start: int) -> None:
        line = bisect_right(self._lines, start)
        self.found.setdefault(path, (line, start - self._lines[line - 1] + 1))

    def _blank(self, *, newlines: bool) -> None:
        while self.at < len(self.text):
            char = self.text[self.at]
            if char == "#":
                self.at = self.text.index("\n", self.at)
            elif char in " \t" or (newlines and char == "\n"):
                self.at += 1
            else:
                return

    def _key(self) -> list[str]:
        keys: list[str] = []
        while True:
            self._blank(newlines=False)
            start = self.at
            if self.text[self.at] in "\"'":
                self._string()
                keys.append(_unquoted(self.text[start : self.at]))
            else:
                while self.text[self.at].isalnum() or self.text[self.at] in "-_":
                    self.at += 1
                if self.at == start:
                    raise IndexError
                keys.append(self.text[start : self.at])
            self._blank(newlines=False)
            if self.text[self.at] != ".":
                return keys
            self.at += 1

    def _string(self) -> None:
        quote = self.text[self.at]
        mark = quote * 3 if self.text.startswith(quote * 3, self.at) else quote
        self.at += len(mark)
        while not self.text.startswith(mark, self.at):
            self.at += 2 if quote == '"' and self.text[self.at] == "\\" else 1
            if self.at >= len(self.text):
                raise IndexError
        self.at += len(mark)
        while len(mark) == 3 and self.text[self.at] == quote:
            self.at += 1

    def _value(self, path: Path) -> None:
        self._blank(newlines=False)
        char = self.text[self.at]
        if char in "\"'":
            self._string()
        elif char == "[":
            self._array(path)
        elif char == "{":
            self._inline(path)
        else:
            start = self.at
            while self.text[self.at] not in ",]}#\n":
                self.at += 1
            if self.at == start:  # no value: whoever reads on would come here for ever
                raise ValueError

    def _array(self, path: Path) -> None:
        self.at += 1
        index = 0
        while True:
            self._blank(newlines=True)
            char = self.text[self.at]
            if char == "]":
                self.at += 1
                return
            if char == ",":
                self.at += 1
                continue
            self._note((*path, index), self.at)
            self._value((*path, index))
            index += 1

    def _inline(self, path: Path) -> None:
        self.at += 1
        while True:
            self._blank(newlines=True)
            char = self.text[self.at]
            if char == "}":
                self.at += 1
                return
            if char == ",":
                self.at += 1
                continue
            start = self.at
            keys = self._key()
            self.at += 1
            self._note((*path, *keys), start)
            self._value((*path, *keys))


def _unquoted(text: str) -> str:
    value: str = tomllib.loads(f"key = {text}")["key"]
    return value
