"""Front matter: YAML between two lines of hyphens at the top of a file."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

__all__ = ["FrontMatterError", "read_front_matter"]

MAX_CHARACTERS = 20_000
MAX_DEPTH = 10
_LARGEST = 10**18


class FrontMatterError(Exception):
    """Front matter that can't be used: `line` counts from 1 within it."""

    def __init__(self, message: str, line: int, remedy: str) -> None:
        super().__init__(message)
        self.message, self.line, self.remedy = message, line, remedy


def read_front_matter(text: str) -> dict[str, Any]:
    """The values of front matter by their keys.

    Anchors and aliases are refused (a few lines of them stand for gigabytes), and so are keys that stand twice, which
    YAML would let win silently. Keys are named as they are written: `on`, which YAML takes for true, is `on`.

    Raises:
        FrontMatterError: It is no YAML, no list of `key: value` lines, or holds what it must not.
    """
    import yaml

    if len(text) > MAX_CHARACTERS:
        raise FrontMatterError(f"front matter of {len(text):,} characters", 1, "Keep it short.")
    try:
        written = _look_through(text)
        data = yaml.load(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, TypeError, OverflowError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "it is not YAML"
        raise FrontMatterError(
            f"the front matter can't be read: {problem}",
            mark.line + 1 if mark else 1,
            "Write it as `key: value` lines.",
        ) from None
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise FrontMatterError("the front matter is not a list of `key: value` lines", 1, "Write `key: value`.")
    if len(data) != len(written):
        raise FrontMatterError("a key stands twice, written in two ways", 1, "Keep one of the lines.")
    named = dict(zip(written, data.values(), strict=True))
    if not _plain(named):
        raise FrontMatterError(
            "the front matter holds a value that is no text, number, day, truth or list", 1, "Write plain values."
        )
    return named


def _look_through(text: str) -> list[str]:
    """Refuses what would cost more than it says: aliases, deep nesting, keys that stand twice.

    Returns:
        The keys of the outermost mapping as they are written.
    """
    import yaml

    keys: list[set[str] | None] = []
    """For each open mapping its keys, None for a list."""
    expect_key: list[bool] = []
    written: list[str] = []
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise FrontMatterError("the front matter names a part of itself (& or *)", line, "Write the value out.")
        if isinstance(event, yaml.ScalarEvent) and event.tag and not any(event.implicit):
            raise FrontMatterError("the front matter holds a tag (!)", line, "Write plain values.")
        if isinstance(event, (yaml.CollectionStartEvent)) and event.tag and not event.implicit:
            raise FrontMatterError("the front matter holds a tag (!)", line, "Write plain values.")
        if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            keys.pop()
            expect_key.pop()
            continue
        if isinstance(event, (yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            if keys and keys[-1] is not None:
                if expect_key[-1] and isinstance(event, yaml.ScalarEvent):
                    if event.value in keys[-1]:
                        raise FrontMatterError(f"`{event.value[:40]}` stands twice", line, "Keep one of the lines.")
                    keys[-1].add(event.value)
                    if len(keys) == 1:
                        written.append(event.value)
                expect_key[-1] = not expect_key[-1]
            if not isinstance(event, yaml.ScalarEvent):
                keys.append(set() if isinstance(event, yaml.MappingStartEvent) else None)
                expect_key.append(True)
                if len(keys) > MAX_DEPTH:
                    raise FrontMatterError("the front matter is nested too deeply", line, "Keep it flat.")
    return written


def _plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, (str, int, bool, date)) and _plain(part) for key, part in value.items())
    if isinstance(value, list):
        return all(_plain(part) for part in value)
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, int):
        return abs(value) < _LARGEST
    return value is None or isinstance(value, (str, date))
