"""YAML text → plain data with the place of every key, without YAML's surprises.

Read are strings, whole and decimal numbers, `true`, `false`, `null`, lists and mappings, as YAML 1.2's core schema has them.
So `on`, `no` and `12:30` are texts, a postcode such as 01067 keeps its zero, a moment stays as it was written, a key that
stands twice is a fault, and a tag such as `!!python/object` means nothing. The text is read event by event: deep nesting and
aliases that blow up are refused before they cost anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from convagent.errors import Place
from convagent.evals.faults import CaseFault

__all__ = ["KeyPath", "Source", "read_yaml", "read_yaml_file"]

KeyPath = tuple[str | int, ...]

MAX_BYTES = 20_000_000
MAX_DEPTH = 40
MAX_VALUES = 1_000_000

_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")  # "12E5" is a number of an order, say
_LITERALS: Mapping[str, bool | None] = {
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
}  # fmt: skip


@dataclass
class Source:
    """What a file came to.

    Attributes:
        file: Its name.
        data: Plain data; None where it can't be read.
        places: Line and column, from 1, by the path of keys and numbers that leads there.
        faults: Everything that is wrong with its syntax.
    """

    file: str
    data: Any = None
    places: dict[KeyPath, tuple[int, int]] = field(default_factory=dict)
    faults: list[CaseFault] = field(default_factory=list)

    def place(self, path: KeyPath) -> Place:
        """The place of the key at `path`, or of the nearest one that it stands in."""
        for end in range(len(path), -1, -1):
            if (found := self.places.get(path[:end])) is not None:
                return Place(self.file, *found)
        return Place(self.file, 1, 1)


def read_yaml_file(path: Path, *, name: str | None = None) -> Source:
    """Reads a file; one that can't be read has a fault that says why."""
    source = Source(name or str(path))
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            source.faults.append(
                CaseFault(
                    "eval-file",
                    Place(source.file),
                    f"the file has {size:,} bytes, more than {MAX_BYTES:,}",
                    "Split it.",
                )
            )
            return source
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        told = f"the file is not UTF-8: byte {error.start} can't be read"
        source.faults.append(CaseFault("eval-file", Place(source.file), told, "Save it as UTF-8."))
        return source
    except OSError as error:
        told = f"the file can't be read: {error.strerror or error}"
        source.faults.append(CaseFault("eval-file", Place(source.file), told, "Check its name and who may read it."))
        return source
    return read_yaml(text, file=source.file)


def read_yaml(text: str, *, file: str) -> Source:
    """Reads one document of YAML."""
    builder = _Builder(Source(file))
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if not builder.take(event):
                break
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        told = " ".join(part for part in (error.context, error.problem) if part)
        builder.fault(mark, f"this is no YAML: {told}", "Look at quotes, colons and indentation here and just above.")
    except yaml.YAMLError as error:
        builder.fault(
            None, f"this is no YAML: {' '.join(str(error).split())}", "Take out characters that can't be seen."
        )
    return builder.source


@dataclass
class _Open:
    """A list or mapping that is being read."""

    value: list[Any] | dict[str, Any]
    path: KeyPath
    anchor: str | None
    begun: int
    key: str | None = None
    awaits_key: bool = True
    skips: bool = False


class _Builder:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.stack: list[_Open] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.count = 0
        self.documents = 0

    def fault(self, mark: Any, message: str, remedy: str, *, code: str = "eval-yaml") -> None:
        place = Place(self.source.file, mark.line + 1, mark.column + 1) if mark is not None else Place(self.source.file)
        self.source.faults.append(CaseFault(code, place, message, remedy))

    def take(self, event: Any) -> bool:
        """Takes the next event; False when nothing more is to be read."""
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self.fault(event.start_mark, "a second document begins here", "Put it into a file of its own.")
                return False
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
            return self._begin(event)
        elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            done = self.stack.pop()
            if done.anchor is not None:
                self.anchors[done.anchor] = (done.value, self.count - done.begun)
        if self.count > MAX_VALUES:
            self.fault(event.start_mark, f"the file holds more than {MAX_VALUES:,} values", "Split it.")
            self.source.data = None
            return False
        return True

    def _begin(self, event: Any) -> bool:
        if len(self.stack) >= MAX_DEPTH:
            self.fault(event.start_mark, f"nested deeper than {MAX_DEPTH} levels", "Nothing in a case needs that.")
            self.source.data = None
            return False
        value: list[Any] | dict[str, Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        if self._awaits_key():
            self.fault(event.start_mark, "a key is a word, not a list or mapping", "Put it in quotes if it is a text.")
            self.stack[-1].key, self.stack[-1].awaits_key, self.stack[-1].skips = "", False, True
            self.stack.append(_Open(value, self.stack[-1].path, None, self.count))
            self.stack[-2].awaits_key = False
            return True
        self._tagged(event)
        path = self._put(value, event)
        self.stack.append(_Open(value, path, event.anchor, self.count))
        return True

    def _awaits_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].value, dict) and self.stack[-1].awaits_key

    def _scalar(self, event: Any) -> None:
        if self._awaits_key():
            self._key(event)
            return
        self._tagged(event)
        value = _plain(event.value) if event.implicit[0] and event.style in {None, ""} else event.value
        self._put(value, event)
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, 1)

    def _key(self, event: Any) -> None:
        parent = self.stack[-1]
        key = str(event.value)
        parent.key, parent.awaits_key = key, False
        parent.skips = key in parent.value
        if parent.skips:
            first = self.source.places.get((*parent.path, key), (0, 0))[0]
            self.fault(
                event.start_mark, f"the key “{key}” stands here twice; line {first} has it already", "Keep one of them."
            )
        else:
            mark = event.start_mark
            self.source.places[(*parent.path, key)] = (mark.line + 1, mark.column + 1)

    def _alias(self, event: Any) -> None:
        if self._awaits_key():
            self.fault(event.start_mark, "an alias can't be a key", "Write the key out.")
            self.stack[-1].key, self.stack[-1].awaits_key, self.stack[-1].skips = "", False, True
            return
        known = self.anchors.get(event.anchor)
        if known is None:
            self.fault(
                event.start_mark, f"*{event.anchor} stands for nothing that ended above", "Define it first with &."
            )
            self._put(None, event)
            return
        value, size = known
        self.count += size
        parent = self.stack[-1] if self.stack else None
        if parent is not None and isinstance(parent.value, dict) and parent.key == "<<" and isinstance(value, dict):
            for key, each in value.items():
                parent.value.setdefault(key, each)
            parent.awaits_key = True
            return
        self._put(value, event)

    def _put(self, value: Any, event: Any) -> KeyPath:
        """Puts a value where it belongs, and gives its path."""
        self.count += 1
        mark = (event.start_mark.line + 1, event.start_mark.column + 1)
        if not self.stack:
            self.source.data = value
            self.source.places.setdefault((), mark)
            return ()
        parent = self.stack[-1]
        if isinstance(parent.value, list):
            parent.value.append(value)
            path = (*parent.path, len(parent.value) - 1)
            self.source.places[path] = mark
            return path
        key, parent.awaits_key = parent.key or "", True
        if not parent.skips:
            parent.value[key] = value
        return (*parent.path, key)

    def _tagged(self, event: Any) -> None:
        if event.tag is not None and event.tag != "!":
            self.fault(event.start_mark, f"the tag {event.tag} means nothing here", "Leave it out.")


def _plain(text: str) -> Any:
    """An unquoted word as YAML 1.2 reads it, but for `12E5`, which may be the number of an order: a text."""
    if text in _LITERALS:
        return _LITERALS[text]
    if _INT.fullmatch(text) and len(text) <= 18:
        return int(text)
    if _FLOAT.fullmatch(text) and not _leading_zero(text) and len(text) <= 18:
        return float(text)
    return text


def _leading_zero(text: str) -> bool:
    digits = text.lstrip("+-")
    return len(digits) > 1 and digits[0] == "0" and digits[1].isdigit()
