"""The vocabulary as JSON Schema, for editors and for whoever hands in facts."""

from __future__ import annotations

from typing import Any

from convagent.guidance.schema import types as t
from convagent.guidance.schema.records import FieldType
from convagent.guidance.schema.vocabulary import ActionSignature, Vocabulary

__all__ = ["json_schema"]

_MONEY = {
    "type": "object",
    "properties": {
        "amount": {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
    },
    "required": ["amount", "currency"],
}


def json_schema(vocabulary: Vocabulary) -> dict[str, Any]:
    """Roots as properties, records under `$defs`, actions and look-ups under `x-actions`; keys in a stable order."""
    definitions: dict[str, Any] = {"Money": _MONEY}
    for name, record in sorted(vocabulary.records.items()):
        definitions[name] = {
            "type": "object",
            **({"description": record.description} if record.description else {}),
            "properties": {key: _field(part) for key, part in sorted(record.fields.items())},
        }
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Facts that guidance speaks of",
        "type": "object",
        "properties": {name: _field(root) for name, root in sorted(vocabulary.roots.items())},
        "$defs": dict(sorted(definitions.items())),
        "x-actions": {name: _action(action) for name, action in sorted((vocabulary.actions or {}).items())},
    }
    if vocabulary.events is not None:
        schema["x-events"] = list(vocabulary.events)
    return schema


def _field(part: FieldType) -> dict[str, Any]:
    schema = _type(part.type)
    if part.optional and schema:
        schema = {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "description": part.description} if part.description else schema


def _type(kind: t.Type) -> dict[str, Any]:
    match kind:
        case t.Text():
            return {"type": "string"}
        case t.OneOf(values=values, closed=closed):
            return {"type": "string", "enum" if closed else "examples": list(values)}
        case t.Number() | t.Percent():
            return {"type": "number", **({"x-unit": "percent"} if isinstance(kind, t.Percent) else {})}
        case t.YesNo():
            return {"type": "boolean"}
        case t.Day():
            return {"type": "string", "format": "date"}
        case t.Moment():
            return {"type": "string", "format": "date-time"}
        case t.DurationType():
            return {"type": "number", "x-unit": "days"}
        case t.MoneyType(currency=currency):
            return {"$ref": "#/$defs/Money", **({"x-currency": currency} if currency else {})}
        case t.Record(name=name):
            return {"$ref": f"#/$defs/{name}"}
        case t.ListOf(item=item):
            return {"type": "array", "items": _type(item)}
        case t.MapOf(item=item):
            return {"type": "object", "additionalProperties": _type(item)}
        case t.Line(item=item):
            return _type(item)
        case t.Nothing():
            return {"type": "null"}
    return {}


def _action(action: ActionSignature) -> dict[str, Any]:
    parameters = {
        parameter.name: {**_type(parameter.type), **({"description": parameter.description} if parameter.description else {})}
        for parameter in action.parameters
    }  # fmt: skip
    return {
        "kind": action.kind,
        **({"description": action.description} if action.description else {}),
        "parameters": {
            "type": "object",
            "properties": parameters,
            "required": [parameter.name for parameter in action.parameters if parameter.required],
            "additionalProperties": False,
        },
        "result": _field(FieldType(action.result, action.may_find_nothing)),
        "requires": action.requires,
        "confirm": action.kind == "write" and action.confirm,
    }
