"""Actions as others describe tools: JSON Schema, OpenAI's tool definitions, MCP's tools."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import TypeAdapter
from pydantic.errors import PydanticInvalidForJsonSchema, PydanticSchemaGenerationError

from convagent.actions.spec import ActionSpec
from convagent.errors import ActionError

__all__ = ["arguments_from_strict", "json_schema", "mcp_tools", "openai_tools", "parameters_schema"]

Api = Literal["chat", "responses"]

_TOOL_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_MONEY = {
    "type": "object",
    "description": "An amount of money, exact to the currency's smallest unit",
    "properties": {
        "amount": {"type": "string", "description": "In major units, such as 12.50", "pattern": r"^-?\d{1,13}(\.\d{1,4})?$"},
        "currency": {"type": "string", "description": "ISO 4217, such as EUR", "pattern": "^[A-Z]{3}$"},
    },
    "required": ["amount", "currency"],
    "additionalProperties": False,
}  # fmt: skip
"""Money as people write it, instead of as it is kept."""

_NOT_STRICT = frozenset(
    {"title", "default", "examples", "minLength", "maxLength", "uniqueItems", "contentMediaType", "known_values", "null",
     "in_effect", "deprecated"}
)  # fmt: skip
"""Keywords that strict mode does not take; what they say is checked when the action is called."""

_FORMATS = frozenset({"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"})
"""Formats that strict mode takes."""


def parameters_schema(spec: ActionSpec) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of an action's arguments. What isn't named in it is refused.

    Raises:
        ActionError: `action-export` when the type of a parameter has no schema.
    """
    properties: dict[str, Any] = {}
    definitions: dict[str, Any] = {}
    for parameter in spec.parameters:
        schema = _schema_of(parameter.adapter, f"{parameter.name} of {spec.name}", mode="validation")
        definitions.update(schema.pop("$defs", {}))
        schema.pop("title", None)
        if parameter.description:
            schema["description"] = parameter.description
        if not parameter.required:
            schema.setdefault("default", _default(parameter.default))
        properties[parameter.name] = schema
    required = [parameter.name for parameter in spec.parameters if parameter.required]
    out: dict[str, Any] = {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
    if "Money" in definitions:
        definitions["Money"] = _MONEY
    return {**out, "$defs": definitions} if definitions else out


def json_schema(specs: Iterable[ActionSpec]) -> dict[str, Any]:
    """One schema that a call of any of the actions fits: `{"action": …, "arguments": {…}}`.

    What an action demands stands beside its arguments, under `x-convagent`.
    """
    calls, definitions = [], {}
    for spec in specs:
        arguments = parameters_schema(spec)
        definitions.update(arguments.pop("$defs", {}))
        calls.append({
            "type": "object", "title": spec.name, "description": spec.description,
            "properties": {"action": {"const": spec.name}, "arguments": arguments},
            "required": ["action", "arguments"], "additionalProperties": False, "x-convagent": demands(spec),
        })  # fmt: skip
    out = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A call of one of the shop's actions"}
    return {**out, "oneOf": calls, **({"$defs": definitions} if definitions else {})}


def openai_tools(specs: Iterable[ActionSpec], *, api: Api = "chat") -> list[dict[str, Any]]:
    """The actions as tools of OpenAI's APIs, in strict mode wherever a schema can be strict.

    Strict mode wants every object closed and every property required; what is optional may be null instead, which
    `arguments_from_strict` takes away again. A schema that it can't express (a mapping with free keys, a value of any
    type) is given as it is, with `"strict": false`.

    Args:
        specs: The actions.
        api: `chat` for Chat Completions, `responses` for the Responses API, whose tools are flat.

    Raises:
        ActionError: `action-export` for a name that OpenAI doesn't take, or a type without a schema.
    """
    tools: list[dict[str, Any]] = []
    for spec in specs:
        if _TOOL_NAME.fullmatch(spec.name) is None:
            raise ActionError(
                f"{spec.name} can't be the name of a tool", code="action-export",
                remedy="Name it with at most 64 letters of a to z, digits and underscores.",
            )  # fmt: skip
        plain = parameters_schema(spec)
        try:
            schema, strict = _strict(plain), True
        except _NotStrictError:
            schema, strict = plain, False
        tool = {"name": spec.name, "description": _told(spec), "parameters": schema, "strict": strict}
        tools.append({"type": "function", "function": tool} if api == "chat" else {"type": "function", **tool})
    return tools


def arguments_from_strict(spec: ActionSpec, arguments: Mapping[str, Any] | str) -> dict[str, Any]:
    """What a model gave for a strict tool, as `call_action` takes it: a null that means "left out" is left out.

    Args:
        spec: The action.
        arguments: A mapping, or the JSON of one.

    Raises:
        ActionError: `action-arguments` when they are no JSON object.
    """
    try:
        data = json.loads(arguments) if isinstance(arguments, str) else dict(arguments)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise ActionError(f"the arguments of {spec.name} are no JSON object", code="action-arguments")
    optional = {parameter.name for parameter in spec.parameters if not parameter.required}
    return {name: value for name, value in data.items() if value is not None or name not in optional}


def mcp_tools(specs: Iterable[ActionSpec]) -> list[dict[str, Any]]:
    """The actions as tools of the Model Context Protocol (revision 2025-11-25), in its own JSON."""
    return [
        {
            "name": spec.name, "description": _told(spec), "inputSchema": parameters_schema(spec),
            "annotations": {
                "readOnlyHint": spec.kind == "lookup", "destructiveHint": spec.kind == "write",
                "idempotentHint": spec.kind == "lookup" or spec.idempotent, "openWorldHint": False,
            },
        }
        for spec in specs
    ]  # fmt: skip


def demands(spec: ActionSpec) -> dict[str, Any]:
    """What an action demands and how it runs, in JSON."""
    above, undo = spec.confirm_above, spec.compensation
    confirm: Any = spec.confirm
    if above is not None:
        confirm = {"parameter": above.parameter, "above": str(above.amount)}
    limits = [
        {"count": each.count, "within_seconds": each.within.total_seconds() if each.within else None, "per": each.per}
        for each in spec.limits
    ]
    amounts = [
        {
            "parameter": each.parameter, "at_most": str(each.at_most), "per": each.per if each.within else "call",
            "within_seconds": each.within.total_seconds() if each.within else None,
        }
        for each in spec.amounts
    ]  # fmt: skip
    try:
        result = _schema_of(spec.adapter, f"what {spec.name} gives", mode="serialization")
    except ActionError:
        result = {}
    out: dict[str, Any] = {
        "kind": spec.kind, "requires": spec.requires, "confirm": confirm, "own": dict(spec.own), "limits": limits,
        "amounts": amounts, "idempotent": spec.idempotent, "once_per": list(spec.once_per),
        "timeout_seconds": spec.timeout_seconds, "attempts": spec.retry.attempts if spec.retry else 1,
        "undone_by": undo.action if undo else None, "proves": spec.proves, "provides": spec.provides, "result": result,
    }  # fmt: skip
    return out


def _told(spec: ActionSpec) -> str:
    """The description with what a caller has to know."""
    if spec.kind == "lookup":
        needs = "" if spec.requires == "anonymous" else f" Needs a {spec.requires} customer."
        return f"{spec.description}{needs}".strip()
    confirmed = spec.confirm or spec.confirm_above is not None
    asks = " The customer must confirm exactly these arguments." if confirmed else ""
    return f"{spec.description} Changes something; needs a {spec.requires} customer.{asks}".strip()


def _schema_of(adapter: TypeAdapter[Any], what: str, *, mode: Literal["validation", "serialization"]) -> dict[str, Any]:
    try:
        return adapter.json_schema(mode=mode)
    except (PydanticInvalidForJsonSchema, PydanticSchemaGenerationError) as error:
        raise ActionError(
            f"the type of {what} has no JSON Schema", code="action-export", remedy="Give it a type of plain data."
        ) from error


def _default(value: Any) -> Any:
    try:
        return TypeAdapter(type(value)).dump_python(value, mode="json")
    except Exception:  # noqa: BLE001 - a default of a type without JSON is left to the action
        return None


class _NotStrictError(Exception):
    """Strict mode can't express a schema."""


def _strict(schema: Any) -> Any:
    """A schema as strict mode takes it.

    Raises:
        _NotStrictError: It can't be one.
    """
    if isinstance(schema, list):
        return [_strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    out: dict[str, Any] = {}
    for name, value in schema.items():
        if name in ("properties", "$defs"):
            out[name] = {key: _strict(part) for key, part in value.items()}
        elif name == "oneOf":
            out["anyOf"] = _strict(value)
        elif name == "format":
            if value in _FORMATS:
                out[name] = value
        elif name in ("enum", "const", "required", "description", "pattern", "type", "$ref"):
            out[name] = value
        elif name == "discriminator" or name in _NOT_STRICT:
            continue
        else:
            out[name] = _strict(value)
    if not {"type", "anyOf", "$ref", "enum", "const"} & set(out):
        raise _NotStrictError
    if "prefixItems" in out or "allOf" in out or "patternProperties" in out or "not" in out:
        raise _NotStrictError
    if out.get("type") == "object":
        if "properties" not in out and schema.get("additionalProperties") is not False:
            raise _NotStrictError
        names = out.setdefault("properties", {})
        optional = set(names) - set(schema.get("required", ()))
        out["properties"] = {name: _or_null(part) if name in optional else part for name, part in names.items()}
        out["required"], out["additionalProperties"] = list(names), False
    if "$ref" in out:  # nothing may stand beside a reference
        return {"$ref": out["$ref"]}
    return out


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema that null fits too."""
    kinds = schema.get("type")
    if kinds == "null" or (isinstance(kinds, list) and "null" in kinds):
        return schema
    if any(part.get("type") == "null" for part in schema.get("anyOf", ())):
        return schema
    if isinstance(kinds, str) and "enum" not in schema and "const" not in schema:
        return {**schema, "type": [kinds, "null"]}
    description = {"description": schema["description"]} if "description" in schema else {}
    rest = {name: value for name, value in schema.items() if name != "description"}
    if "anyOf" in rest:
        return {**description, **rest, "anyOf": [*rest["anyOf"], {"type": "null"}]}
    return {**description, "anyOf": [rest, {"type": "null"}]}
