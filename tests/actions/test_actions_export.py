"""Actions as JSON Schema, OpenAI tools and MCP tools: what fits the schema fits the action, strict where it can be."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pytest
from tests.guidance.reader import NOW
from typer.testing import CliRunner

from convagent.actions import ActionRegistry, CallContext, action, call_action
from convagent.actions.export import arguments_from_strict
from convagent.cli.app import app
from convagent.errors import ActionError
from convagent.facts import Address, Customer, Money
from convagent.settings import read_settings
from convagent.shop import read_actions


@action(kind="write", own={"order": "orders"}, requires="verified")
def send(
    order: str, to: Address, speed: Literal["slow", "fast"] = "slow", fee: Money | None = None, pieces: tuple[int, ...] = (),
    weight: Decimal = Decimal(1),
) -> str:  # fmt: skip
    """Sends it.

    Args:
        order: Its number.
        to: Where it goes.
    """
    return "sent"


@action(kind="write")
def keep(values: dict[str, Any]) -> None:
    """Keeps anything."""


jsonschema = pytest.importorskip("jsonschema")
REGISTRY = ActionRegistry([send, keep])


def closed(schema: Any) -> None:
    """Every object of a strict schema is closed, and everything in it is required."""
    if isinstance(schema, list):
        for part in schema:
            closed(part)
    elif isinstance(schema, dict):
        if schema.get("type") == "object":
            assert schema["additionalProperties"] is False
            assert schema["required"] == list(schema["properties"])
        assert not {"default", "oneOf", "allOf", "prefixItems", "minLength"} & set(schema)
        for name, part in schema.items():
            if name in ("properties", "$defs"):
                for inner in part.values():
                    closed(inner)
            elif name not in ("required", "enum", "type"):
                closed(part)


def test_strict_tools_are_closed_and_what_cannot_be_strict_says_so() -> None:
    tools = {tool["function"]["name"]: tool["function"] for tool in REGISTRY.to_openai_tools()}
    assert tools["send"]["strict"] is True
    closed(tools["send"]["parameters"])
    assert tools["keep"]["strict"] is False
    assert "confirm" in tools["send"]["description"]
    flat = REGISTRY.to_openai_tools(api="responses")
    assert {(tool["type"], tool["name"]) for tool in flat} == {("function", "send"), ("function", "keep")}


def test_what_a_model_gives_for_a_strict_tool_runs() -> None:
    tool = next(tool["function"] for tool in REGISTRY.to_openai_tools() if tool["function"]["name"] == "send")
    place = dict.fromkeys(("name", "line1", "line2", "postcode", "city", "region", "country"))
    given = {"order": "#1", "to": {**place, "city": "Cork"}, "speed": None, "pieces": [1], "weight": None,
             "fee": {"amount": "4.90", "currency": "EUR"}}  # fmt: skip
    jsonschema.validate(given, tool["parameters"])
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**given, "extra": 1}, tool["parameters"])
    spec = REGISTRY.get("send")
    assert spec is not None
    ada = Customer.model_validate({"id": "C1", "verified": True, "orders": [{"id": "#1", "status": "pending"}]})
    done = call_action(spec, arguments_from_strict(spec, json.dumps(given)), CallContext("c", ada, NOW, True, "k"))
    assert done.result.value == "sent", done.result.error
    for odd in ("[]", "nothing", '"x"', "[" * 100_000):
        with pytest.raises(ActionError):
            arguments_from_strict(spec, odd)


def test_one_schema_takes_every_call_and_tells_what_it_demands() -> None:
    schema = REGISTRY.to_json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    check = jsonschema.Draft202012Validator(schema)
    assert check.is_valid({"action": "send", "arguments": {"order": "#1", "to": {"city": "Cork"}}})
    assert not check.is_valid({"action": "send", "arguments": {"order": "#1"}})
    assert not check.is_valid({"action": "send", "arguments": {"order": "#1", "to": {}, "x": 1}})
    assert not check.is_valid({"action": "gone", "arguments": {}})
    demands = {call["title"]: call["x-convagent"] for call in schema["oneOf"]}
    assert (demands["send"]["requires"], demands["send"]["own"]) == ("verified", {"order": "orders"})


def test_mcp_tools_say_what_they_change() -> None:
    tool = next(tool for tool in REGISTRY.to_mcp_tools() if tool["name"] == "send")
    assert tool["inputSchema"]["additionalProperties"] is False
    assert (tool["annotations"]["readOnlyHint"], tool["annotations"]["destructiveHint"]) == (False, True)


@pytest.mark.parametrize("shop", [".", "examples/clothing-shop", "examples/retail"])
def test_every_shop_here_can_be_exported(root: Path, shop: str) -> None:
    registry = read_actions(root / shop, read_settings(root / shop / "convagent.toml"))
    for tool in registry.to_openai_tools():
        if tool["function"]["strict"]:
            closed(tool["function"]["parameters"])
    jsonschema.Draft202012Validator.check_schema(registry.to_json_schema())
    assert len(registry.to_mcp_tools()) == len(registry)


def test_a_name_that_no_tool_may_have_is_told() -> None:
    @action(kind="lookup", name="größe")
    def size() -> str:
        """Size."""
        return "M"

    with pytest.raises(ActionError, match="can't be the name of a tool"):
        ActionRegistry([size]).to_openai_tools()


def test_the_commands_list_show_and_export(root: Path) -> None:
    def run(*words: str) -> str:
        done = CliRunner().invoke(app, ["actions", *words, "--shop", str(root)])
        assert done.exit_code == 0, done.output
        return done.output

    assert "cancel_order" in run("list")
    assert any(each["name"] == "cancel_order" for each in json.loads(run("list", "--json")))
    shown = run("show", "cancel_order")
    assert "needs a verified customer" in shown
    assert "one of the customer's own orders" in shown
    assert json.loads(run("show", "cancel_order", "--json"))["requires"] == "verified"
    assert [
        tool["function"]["name"] for tool in json.loads(run("export", "--format", "openai", "--only", "cancel_order"))
    ] == ["cancel_order"]
    assert json.loads(run("export", "--format", "mcp"))[0]["inputSchema"]
    assert "oneOf" in json.loads(run("export"))
    assert CliRunner().invoke(app, ["actions", "export", "--format", "xml", "--shop", str(root)]).exit_code == 2
    assert CliRunner().invoke(app, ["actions", "show", "cancel_ordr", "--shop", str(root)]).exception is not None
