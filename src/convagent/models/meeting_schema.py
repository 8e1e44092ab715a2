"""Whether a value meets a JSON Schema: the part of the standard that structured calls are written in.

Source of the keywords: JSON Schema 2020-12, Validation. Read here are `type`, `enum`, `const`, `properties`, `required`,
`additionalProperties`, `items`, `minItems`, `maxItems`, `minLength`, `maxLength`, `pattern`, `minimum`, `maximum`,
`exclusiveMinimum`, `exclusiveMaximum`, `anyOf`, `oneOf`, `allOf` and references inside the schema; any other demands nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

__all__ = ["schema_faults"]

_DEEPEST = 100
"""A schema that refers to itself without end is left at this depth."""

_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, Mapping),
    "array": lambda value: isinstance(value, Sequence) and not isinstance(value, str | bytes),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: (
        not isinstance(value, bool) and (isinstance(value, int) or (isinstance(value, float) and value.is_integer()))
    ),
}

_LIMITS: Mapping[str, tuple[str, Callable[[Any, Any], bool], str]] = {
    "minLength": ("string", lambda value, limit: len(value) >= limit, "is shorter than"),
    "maxLength": ("string", lambda value, limit: len(value) <= limit, "is longer than"),
    "minItems": ("array", lambda value, limit: len(value) >= limit, "has fewer entries than"),
    "maxItems": ("array", lambda value, limit: len(value) <= limit, "has more entries than"),
    "minimum": ("number", lambda value, limit: value >= limit, "is below"),
    "maximum": ("number", lambda value, limit: value <= limit, "is above"),
    "exclusiveMinimum": ("number", lambda value, limit: value > limit, "is not above"),
    "exclusiveMaximum": ("number", lambda value, limit: value < limit, "is not below"),
}


def schema_faults(value: Any, schema: Mapping[str, Any]) -> tuple[str, ...]:
    """What keeps a value of JSON from meeting a schema, each with its place, such as `$.guides[0]: …`; empty where it does."""
    return tuple(_faults(value, schema, "$", schema, 0))


def _faults(value: Any, schema: Any, at: str, root: Mapping[str, Any], depth: int) -> Iterator[str]:
    if schema is False:
        yield f"{at}: nothing may stand here"
    if not isinstance(schema, Mapping) or depth > _DEEPEST:
        return
    if isinstance(reference := schema.get("$ref"), str):
        yield from _faults(value, _referred(reference, root), at, root, depth + 1)
    wanted = schema.get("type")
    names = [wanted] if isinstance(wanted, str) else list(wanted or ())
    if names and not any(_TYPES.get(name, lambda _: True)(value) for name in names):
        yield f"{at}: {_shown(value)} is not of type {' or '.join(names)}"
        return
    if "const" in schema and not _same(value, schema["const"]):
        yield f"{at}: {_shown(value)} is not {_shown(schema['const'])}"
    if "enum" in schema and not any(_same(value, each) for each in schema["enum"]):
        yield f"{at}: {_shown(value)} is none of {', '.join(_shown(each) for each in schema['enum'])}"
    for keyword, (kind, holds, words) in _LIMITS.items():
        if keyword in schema and _TYPES[kind](value) and not holds(value, schema[keyword]):
            yield f"{at}: {_shown(value)} {words} {schema[keyword]}"
    if "pattern" in schema and isinstance(value, str) and not re.search(schema["pattern"], value):
        yield f"{at}: {_shown(value)} does not match {schema['pattern']}"
    if isinstance(value, Mapping):
        yield from _of_object(value, schema, at, root, depth)
    if _TYPES["array"](value) and "items" in schema:
        for index, each in enumerate(value):
            yield from _faults(each, schema["items"], f"{at}[{index}]", root, depth + 1)
    yield from _of_combinations(value, schema, at, root, depth)


def _of_object(
    value: Mapping[str, Any], schema: Mapping[str, Any], at: str, root: Mapping[str, Any], depth: int
) -> Iterator[str]:
    properties = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{at}: {name} is missing"
    for name, each in value.items():
        if name in properties:
            yield from _faults(each, properties[name], f"{at}.{name}", root, depth + 1)
        elif schema.get("additionalProperties") is False:
            yield f"{at}: {name} is not in the schema"
        else:
            yield from _faults(each, schema.get("additionalProperties"), f"{at}.{name}", root, depth + 1)


def _of_combinations(
    value: Any, schema: Mapping[str, Any], at: str, root: Mapping[str, Any], depth: int
) -> Iterator[str]:
    for each in schema.get("allOf", ()):
        yield from _faults(value, each, at, root, depth + 1)
    for keyword in ("anyOf", "oneOf"):
        if keyword not in schema:
            continue
        tried = [tuple(_faults(value, each, at, root, depth + 1)) for each in schema[keyword]]
        met = sum(not faults for faults in tried)
        if not met:
            yield f"{at}: {_shown(value)} meets none of {len(tried)} forms: " + "; or ".join(
                faults[0] for faults in tried if faults
            )
        elif keyword == "oneOf" and met > 1:
            yield f"{at}: {_shown(value)} meets {met} forms, and must meet one"


def _referred(reference: str, root: Mapping[str, Any]) -> Any:
    found: Any = root
    for part in reference.removeprefix("#").split("/"):
        if not part:
            continue
        name = part.replace("~1", "/").replace("~0", "~")
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _same(value: Any, other: Any) -> bool:
    """Equal as JSON, where true is not 1."""
    return isinstance(value, bool) is isinstance(other, bool) and bool(value == other)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
