"""Values in JSON and back without loss: what a conversation remembers between turns."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from types import NoneType
from typing import Any

from pydantic import BaseModel

import convagent.facts as facts
from convagent.guidance.values import UNKNOWN, Duration, Line, Percent

__all__ = ["canonical", "digest", "from_json", "to_json"]

_FACTS: Mapping[str, type[BaseModel]] = {
    name: kind
    for name in facts.__all__
    if isinstance(kind := getattr(facts, name), type) and issubclass(kind, BaseModel)
}


_OWN = frozenset(kind for name, kind in _FACTS.items() if kind.__name__ == name)
_AS_THEY_ARE = frozenset({NoneType, bool, str})
_canonical = json.JSONEncoder(sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode


def to_json(value: Any) -> Any:
    """A value as JSON; what isn't a plain text, truth or absence carries its kind under `$`."""
    kind = type(value)  # the kinds that nearly all values are of, without asking for each of them in turn
    if kind in _AS_THEY_ARE:
        return value
    if kind in _OWN:
        return {"$": kind.__name__, "v": value.model_dump(mode="json", exclude_unset=True)}
    if kind is tuple or kind is list:
        return [to_json(item) for item in value]
    if kind is dict:
        return {"$": "record", "v": {str(key): to_json(part) for key, part in value.items()}}
    return _less_usual(value)


def _less_usual(value: Any) -> Any:
    """The same for the other kinds, and for kinds made from the usual ones."""
    match value:
        case None | bool() | str():
            return value
        case Decimal():
            return {"$": "number", "v": str(value)}
        case int() | float():
            return {"$": "number", "v": repr(value)}
        case Duration():
            ends = [to_json(end) for end in value.between or ()]
            return {"$": "duration", "v": [str(value.count), value.unit, *ends]}
        case Percent():
            return {"$": "percent", "v": str(value.value)}
        case Line():
            return {
                "$": "line",
                "v": to_json(value.value),
                "extras": {key: to_json(part) for key, part in value.extras.items()},
            }
        case BaseModel():
            # a shop's own record comes back as one without its class, its parts with their types; what it doesn't know
            # is left out, since a record without the field doesn't know it either
            known = {name for name in type(value).model_fields if facts.knows(value, name)}
            fields = {*known, *(value.model_extra or {})}
            return {"$": "record", "v": {name: to_json(getattr(value, name)) for name in sorted(fields)}}
        case datetime():
            return {"$": "moment", "v": value.isoformat()}
        case date():
            return {"$": "date", "v": value.isoformat()}
        case list() | tuple():
            return [to_json(item) for item in value]
        case Mapping():
            return {"$": "record", "v": {str(key): to_json(part) for key, part in value.items()}}
    if value is UNKNOWN:
        return {"$": "unknown"}
    return {"$": "text", "v": str(value)}


def from_json(data: Any) -> Any:
    """The value that `to_json` wrote. Kinds that are no longer known come back as records."""
    if type(data) in _AS_THEY_ARE:
        return data
    if isinstance(data, list):
        return tuple([from_json(item) for item in data])
    if not isinstance(data, Mapping):
        return data
    value: Any = data.get("v")
    kind = data.get("$")
    if isinstance(kind, str) and kind in _FACTS:
        return _FACTS[kind].model_validate(value)
    match kind:
        case "number":
            number = Decimal(value)
            return number if number.is_finite() else UNKNOWN
        case "duration":
            between = tuple(from_json(end) for end in value[2:])
            return Duration(Decimal(value[0]), value[1], between if len(between) == 2 else None)
        case "percent":
            return Percent(Decimal(value))
        case "line":
            return Line(from_json(value), {key: from_json(part) for key, part in data.get("extras", {}).items()})
        case "moment":
            return datetime.fromisoformat(value)
        case "date":
            return date.fromisoformat(value)
        case "unknown":
            return UNKNOWN
        case "text":
            return value
        case "record":
            return {key: from_json(part) for key, part in value.items()}
    return value


def canonical(value: Any) -> str:
    """The same bytes for the same value, for keys and hashes."""
    return _canonical(to_json(value))


def digest(text: str) -> str:
    """A short hash for keys; the same in every process."""
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:20]
