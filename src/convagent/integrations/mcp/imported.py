"""Tools of an MCP server as actions, under the preconditions that the shop declares.

A tool that isn't declared is not taken. The schemas of those that are stand in a file beside the declaration, which
`pin_tools` writes and a person reads before it counts; a server whose tools have changed since is not called.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import os
from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from convagent.actions import ActionFailedError, CallContext, action
from convagent.errors import ActionError, ConvagentError
from convagent.integrations.mcp.declared import Declaration, DeclaredServer, DeclaredTool, read_declaration
from convagent.integrations.mcp.extra import needed

__all__ = ["McpTools", "mcp_actions", "pin_tools"]

MAX_TOOLS = 1_000
"""Tools of a server that are read."""

_TYPES: Mapping[str, Any] = {
    "string": str,
    "integer": int,
    "number": Decimal,
    "boolean": bool,
    "object": dict[str, Any],
}


class McpTools:
    """The declared tools of one server: every attribute is an action. A shop's file offers it as its `actions`.

    Args:
        declared: Which tools, and under which preconditions.
        pinned: Each tool's description and schema, as `pin_tools` keeps them.
        place: What errors name.
    """

    def __init__(self, declared: Declaration, pinned: Mapping[str, Any], *, place: Path) -> None:
        for tool, terms in declared.tools.items():
            if tool not in pinned:
                raise ActionError(
                    f"the tool {tool} is declared and not pinned", code="mcp-pin", place=place,
                    remedy="Run `convagent actions pin` on the declaration, and read what it wrote.",
                )  # fmt: skip
            made = _as_action(tool, terms, declared.server, pinned[tool], place)
            setattr(self, terms.name or tool, made)


def mcp_actions(path: str | Path) -> McpTools:
    """The tools that a declaration names, as actions. Nothing is called yet.

        # actions/warehouse.py
        def actions(shop_folder: Path) -> McpTools:
            return mcp_actions(shop_folder / "mcp" / "warehouse.toml")

    Args:
        path: The declaration.

    Raises:
        ActionError: `mcp-declaration` or `mcp-pin`: the declaration or what is pinned for it can't be used.
    """
    declaration = Path(path)
    declared, pins = read_declaration(declaration), _pins(declaration)
    try:
        pinned = json.loads(pins.read_text(encoding="utf-8"))["tools"]
    except (OSError, ValueError, KeyError, TypeError):
        raise ActionError(
            "the schemas of these tools are not pinned, or can't be read", code="mcp-pin", place=pins,
            remedy=f"Run `convagent actions pin {declaration.name}`, and read what it wrote.",
        ) from None  # fmt: skip
    return McpTools(declared, pinned, place=declaration)


async def pin_tools(path: str | Path) -> Path:
    """Asks the server for the schemas of the declared tools and writes them beside the declaration.

    Args:
        path: The declaration.

    Returns:
        The file that was written.

    Raises:
        ActionError: `mcp-declaration`; `mcp-tool` for a tool that the server doesn't have, `mcp-server` when it can't be
            reached.
        MissingExtraError: The package `mcp` isn't installed.
    """
    declaration = Path(path)
    declared = read_declaration(declaration)
    try:
        async with _client(declared.server) as client:
            tools = await _tools(client)
    except ConvagentError:
        raise
    except Exception as error:
        raise ActionError(
            f"the server can't be asked: {type(error).__name__}", code="mcp-server", place=declaration
        ) from error
    if missing := sorted(set(declared.tools) - set(tools)):
        raise ActionError(
            f"the server has no tool {', '.join(missing)}", code="mcp-tool", place=declaration,
            remedy=f"It has {', '.join(sorted(tools)[:30]) or 'none'}.",
        )  # fmt: skip
    kept = {name: tools[name] for name in sorted(declared.tools)}
    pins = _pins(declaration)
    pins.write_text(json.dumps({"tools": kept}, indent=2, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    return pins


def _pins(declaration: Path) -> Path:
    return declaration.with_suffix(".pinned.json")


def _client(server: DeclaredServer) -> Any:
    """A connection that ends with its block."""
    mcp = needed("mcp")
    if server.url is not None:
        if server.token is None:
            return mcp.Client(server.url, read_timeout_seconds=server.timeout_seconds)
        httpx, http = needed("httpx2"), needed("mcp.client.streamable_http")
        headers = {"Authorization": f"Bearer {_variable(server.token)}"}
        transport = http.streamable_http_client(server.url, http_client=httpx.AsyncClient(headers=headers))
        return mcp.Client(transport, read_timeout_seconds=server.timeout_seconds)
    stdio = needed("mcp.client.stdio")
    environment = {**stdio.get_default_environment(), **{name: _variable(name) for name in server.env}}
    started = mcp.StdioServerParameters(command=server.command, args=list(server.args), env=environment)
    return mcp.Client(started, read_timeout_seconds=server.timeout_seconds)


def _variable(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise ActionError(f"{name} is missing in the environment", code="mcp-secret")
    return value


async def _tools(client: Any) -> dict[str, dict[str, Any]]:
    """Description and schema of every tool, by name."""
    found: dict[str, dict[str, Any]] = {}
    cursor: str | None = None
    while len(found) < MAX_TOOLS:
        page = await client.list_tools(cursor=cursor)
        for tool in page.tools:
            found[tool.name] = {"description": tool.description or "", "inputSchema": tool.input_schema}
        cursor = page.next_cursor
        if cursor is None:
            break
    return found


def _as_action(tool: str, terms: DeclaredTool, server: DeclaredServer, pinned: Any, place: Path) -> Callable[..., Any]:
    """A function with the tool's parameters, declared as an action under the shop's terms."""
    try:
        schema, description = pinned["inputSchema"], str(pinned["description"])
        properties, required = dict(schema.get("properties", {})), set(schema.get("required", ()))
    except (TypeError, KeyError, AttributeError, ValueError):
        raise ActionError(f"what is pinned for {tool} can't be read", code="mcp-pin", place=_pins(place)) from None
    parameters = [inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=CallContext)]
    for name, part in properties.items():
        if name == terms.key:
            continue
        if not name.isidentifier() or name == "context":
            raise ActionError(f"{tool}: guidance can't write the parameter {name}", code="mcp-schema", place=place)
        annotation = _annotation(part)
        default = inspect.Parameter.empty if name in required else None
        annotation = annotation if name in required else annotation | None
        told = str(part.get("description", "")) if isinstance(part, Mapping) else ""
        parameters.append(
            inspect.Parameter(
                name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[annotation, told]
            )
        )
    mark = _mark(pinned)

    async def call(*, context: CallContext, **arguments: Any) -> Any:
        given = {name: _json(value) for name, value in arguments.items() if value is not None}
        if terms.key is not None:
            given[terms.key] = context.idempotency_key
        answer = None
        async with _client(server) as client:  # nothing is raised within: a connection that breaks off hides the cause
            now = (await _tools(client)).get(tool)
            if now is not None and _mark(now) == mark:
                answer = await client.call_tool(tool, given)
        if answer is None:
            raise ActionFailedError(f"{tool} is not what it was when it was pinned", code="mcp-changed")
        return _result(tool, terms, answer)

    function: Any = call
    function.__name__ = terms.name or tool
    function.__doc__ = description.strip().split("\n")[0] or tool
    function.__signature__ = inspect.Signature(parameters)
    function.__annotations__ = {**{each.name: each.annotation for each in parameters}, "return": Any}
    if terms.key is not None and terms.key not in properties:
        raise ActionError(f"{tool} has no argument {terms.key} for the key", code="mcp-schema", place=place)
    write = terms.kind == "write"
    declared: Callable[[Callable[..., Awaitable[Any]]], Any] = action(
        kind=terms.kind, name=terms.name or tool, requires=terms.requires, confirm=terms.confirm, own=terms.own,
        timeout_seconds=server.timeout_seconds, limits=[each.as_limit() for each in terms.limits],
        amounts=[each.as_limit() for each in terms.amounts], idempotent=write and terms.key is not None,
    )  # fmt: skip
    made: Callable[..., Any] = declared(function)
    return made


def _annotation(schema: Any) -> Any:
    """The type of a parameter; anything where the schema says nothing that we could hold it to."""
    if not isinstance(schema, Mapping):
        return Any
    if isinstance(schema.get("enum"), list) and schema["enum"] and all(isinstance(v, str) for v in schema["enum"]):
        values = tuple(schema["enum"])
        return Literal[values]
    kind = schema.get("type")
    if kind == "array":
        items: Any = _annotation(schema.get("items"))
        return tuple[items, ...]
    return _TYPES.get(kind, Any) if isinstance(kind, str) else Any


def _json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (list, tuple)):
        return [_json(part) for part in value]
    return {key: _json(part) for key, part in value.items()} if isinstance(value, Mapping) else value


def _mark(tool: Mapping[str, Any]) -> str:
    """A hash of what a tool says of itself. Its description counts: models and people act on it."""
    text = json.dumps([tool.get("description"), tool.get("inputSchema")], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


def _result(tool: str, terms: DeclaredTool, result: Any) -> Any:
    """What a tool gave: its structured content, else its text."""
    if result.is_error:
        if terms.kind == "lookup" or terms.errors == "not done":
            raise ActionFailedError(f"{tool} says that it failed")
        raise RuntimeError(tool)  # it may have been done
    if result.structured_content is not None:
        return result.structured_content
    texts = [part.text for part in result.content if getattr(part, "type", "") == "text"]
    return "\n".join(texts)
