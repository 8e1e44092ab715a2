"""What a shop adds to the vocabulary: a mapping of names to types in words, as `vocabulary.yaml` holds it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from convagent.errors import GuidanceError
from convagent.guidance.schema import types as t
from convagent.guidance.schema.records import FieldType, RecordType
from convagent.guidance.schema.type_words import read_type
from convagent.guidance.schema.vocabulary import Vocabulary

__all__ = ["added_facts"]

MAX_DEPTH = 8
"""Records within records, at most."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def added_facts(
    vocabulary: Vocabulary, mapping: Mapping[str, Any], place: str
) -> tuple[dict[str, FieldType], dict[str, RecordType]]:
    """Roots and records of the vocabulary with those of the mapping.

    Raises:
        GuidanceError: Types or names at fault, all of them.
    """
    reader = _Reader(vocabulary)
    reader.read(mapping)
    if reader.faults:
        raise GuidanceError(
            "the vocabulary can't be read: " + "; ".join(reader.faults[:20]), code="vocabulary", place=place,
            remedy="Types are text, number, money, money in EUR, days, percent, yes or no, date, moment, any, "
            'list of …, one of "a", "b", and the names of records.',
        )  # fmt: skip
    return reader.roots, reader.records


class _Reader:
    def __init__(self, vocabulary: Vocabulary) -> None:
        self.known = vocabulary.records
        self.roots = dict(vocabulary.roots)
        self.records = dict(vocabulary.records)
        self.names = dict(vocabulary.record_names)
        self.faults: list[str] = []

    def read(self, mapping: Any) -> None:
        if not isinstance(mapping, Mapping):
            self.faults.append(f"it is a {type(mapping).__name__}, not a list of `name: type` lines")
            return
        # names first, so that records may speak of each other whatever their order
        homes = {name: self.home(str(name)) for name, value in mapping.items() if isinstance(value, Mapping)}
        for name, value in mapping.items():
            key = str(name)
            if not _NAME.fullmatch(key):
                self.faults.append(f"`{key}` can't be a name: letters, digits and _ only")
            elif isinstance(value, Mapping):
                record = homes[name]
                self.extend(record, value, key, 1)
                if record == key and key not in self.roots and key not in self.known:
                    self.roots[key] = FieldType(t.Record(record), optional=True)
            else:
                found = self.type(value, key)
                if found is not None:
                    self.roots[key] = found

    def home(self, name: str) -> str:
        """The record that a name's fields belong to; a new one when there is none yet."""
        root = self.roots.get(name)
        if root is not None and isinstance(root.type, t.Record):
            return root.type.name
        known = self.names.get(name.replace("_", " ").lower())
        if known is not None:
            return known
        self.records[name] = RecordType(name)
        self.names[t.record_words(name)] = name
        return name

    def extend(self, record: str, fields: Mapping[str, Any], path: str, depth: int) -> None:
        if depth > MAX_DEPTH:
            self.faults.append(f"`{path}` lies more than {MAX_DEPTH} deep")
            return
        known = self.records.get(record, RecordType(record))
        added = dict(known.fields)
        for name, value in fields.items():
            key = str(name)
            if not _NAME.fullmatch(key):
                self.faults.append(f"`{path}.{key}` can't be a name: letters, digits and _ only")
            elif isinstance(value, Mapping):
                found = known.fields.get(key)
                inner = found.type.name if found is not None and isinstance(found.type, t.Record) else f"{record}.{key}"
                self.records.setdefault(inner, RecordType(inner))
                self.extend(inner, value, f"{path}.{key}", depth + 1)
                added[key] = FieldType(t.Record(inner), optional=True)
            else:
                kind = self.type(value, f"{path}.{key}")
                if kind is not None:
                    added[key] = kind
        latest = self.records.get(record, known)  # its own fields may have extended it meanwhile
        self.records[record] = replace(latest, fields={**latest.fields, **added})

    def type(self, words: Any, path: str) -> FieldType | None:
        found = read_type(words, self.names) if isinstance(words, str) else None
        if found is None:
            self.faults.append(f"`{path}` has no type that is known: {words!r}"[:200])
        return found
