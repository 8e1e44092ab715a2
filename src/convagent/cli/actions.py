"""`convagent actions …`: what a shop may look up and do, and what each of it demands."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from convagent.actions import ActionRegistry, ActionSpec
from convagent.cli import actions_http
from convagent.cli.output import JsonOption, ShopOption, console, error_console, print_json
from convagent.errors import ActionError
from convagent.settings import read_settings

__all__ = ["app"]

app = typer.Typer(
    name="actions",
    help=(
        "What the shop may look up and do, and what each of it demands.\n\n"
        "An action is a typed function with @action above it, in a file that [bold]\\[actions] python[/bold] in "
        "convagent.toml names, or an HTTP request that a file such as [bold]actions/parcels.toml[/bold] describes. A "
        "[bold]lookup[/bold] only reads. A [bold]write[/bold] runs only for a verified customer who said yes to exactly its "
        "arguments, within its limits, and is written into the ledger before it is issued."
    ),
    no_args_is_help=True,
    rich_markup_mode="rich",
)

_FORMS = ("json-schema", "openai", "openai-responses", "mcp")


@app.callback()
def _group() -> None:
    """What the shop may look up and do, and what each of it demands."""


app.command("check")(actions_http.check)
app.command("schema")(actions_http.schema)
app.command("add")(actions_http.add)


@app.command("list")
def list_(as_json: JsonOption = False, shop: ShopOption = Path()) -> None:
    """List every action: what it takes, whom it needs, whether it asks for a yes first.

    Begin here when guidance can't find an action: what isn't listed can't be named by a guide.
    """
    registry = _registry(shop)
    if as_json:
        print_json([_summary(spec) for spec in registry])
        return
    table = Table(box=None, pad_edge=False)
    for head in ("action", "kind", "needs", "confirmed", "takes"):
        table.add_column(head, overflow="fold")
    for spec in registry:
        row = _summary(spec)
        table.add_row(spec.name, spec.kind, spec.requires, row["confirm"], ", ".join(row["takes"]))
    console.print(table)
    if not len(registry):
        console.print("There are none: name a Python file under \\[actions] python in convagent.toml.")


@app.command("show")
def show(
    name: Annotated[str, typer.Argument(metavar="ACTION", help="As guidance writes it.")],
    as_json: JsonOption = False,
    shop: ShopOption = Path(),
) -> None:
    """Show one action: its parameters, preconditions, limits, retries and what would undo it.

    The lines read as the engine checks them: top to bottom, and the first that doesn't hold refuses the call.
    """
    from convagent.actions.export import demands, parameters_schema
    from convagent.guidance.language.slips import suggest

    registry = _registry(shop)
    spec = registry.get(name)
    if spec is None:
        meant = suggest(name, [each.name for each in registry])
        raise ActionError(
            f"there is no action called {name}" + (f"; did you mean {meant}?" if meant else ""), code="action-unknown",
            remedy="`convagent actions list` names them all.",
        )  # fmt: skip
    if as_json:
        print_json(
            {"name": spec.name, "description": spec.description, "parameters": parameters_schema(spec), **demands(spec)}
        )
        return
    console.print(Text.assemble((spec.name, "bold"), f"  {spec.kind}"))
    console.print(Text(f"  {spec.description}" if spec.description else "  (no description: write a docstring)"))
    for parameter in spec.parameters:
        needed = "" if parameter.required else " (optional)"
        console.print(Text(f"  · {parameter.name}{needed}: {parameter.description or _type(parameter.annotation)}"))
    for line in _lines(spec):
        console.print(Text(f"  {line}"))


@app.command("export")
def export(
    form: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="json-schema, openai, openai-responses or mcp.")
    ] = "json-schema",
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="ACTION", help="This one; may be repeated.")
    ] = None,
    shop: ShopOption = Path(),
) -> None:
    """Print the actions as other programs describe tools, in JSON.

    json-schema: one schema that every call fits, with what each action demands under x-convagent. openai: tools for Chat
    Completions, openai-responses: for the Responses API, both strict (closed objects; what is optional may be null). mcp:
    tools of the Model Context Protocol. A description gives nobody a right: calls still go through the preconditions.
    """
    from convagent.actions.export import json_schema, mcp_tools, openai_tools

    if form not in _FORMS:
        error_console.print(f"[red]✗[/red] --format is {', '.join(_FORMS[:-1])} or {_FORMS[-1]}")
        raise typer.Exit(2)
    registry = _registry(shop)
    unknown = sorted(set(only or ()) - {spec.name for spec in registry})
    if unknown:
        raise ActionError(f"there is no action called {', '.join(unknown)}", code="action-unknown")
    specs = [spec for spec in registry if not only or spec.name in only]
    made: Any = (
        json_schema(specs) if form == "json-schema"
        else mcp_tools(specs) if form == "mcp"
        else openai_tools(specs, api="responses" if form == "openai-responses" else "chat")
    )  # fmt: skip
    print_json(made)


@app.command("pin")
def pin(
    declaration: Annotated[Path, typer.Argument(metavar="FILE", help="A declaration such as mcp/warehouse.toml.")],
) -> None:
    """Fetch the schemas of another server's tools (MCP) that a declaration names, and keep them beside it.

    Read the file before you commit it: from then on the tools are called only as long as they stay as they are there.
    """
    from convagent.integrations.mcp import pin_tools

    console.print(f"pinned in {escape(str(asyncio.run(pin_tools(declaration))))}")


def _registry(shop: Path) -> ActionRegistry:
    from convagent.shop import read_actions

    return read_actions(shop, read_settings(shop / "convagent.toml"))


def _summary(spec: ActionSpec) -> dict[str, Any]:
    takes = [parameter.name if parameter.required else f"[{parameter.name}]" for parameter in spec.parameters]
    above = spec.confirm_above
    confirm = (
        f"above {above.amount}" if above else "always" if spec.confirm else "never" if spec.kind == "write" else ""
    )
    return {"name": spec.name, "kind": spec.kind, "requires": spec.requires, "confirm": confirm, "takes": takes,
            "description": spec.description}  # fmt: skip


def _type(annotation: Any) -> str:
    return getattr(annotation, "__name__", str(annotation))


def _lines(spec: ActionSpec) -> list[str]:
    """What it demands, in words, in the order in which it is checked."""
    lines = [f"needs {'nobody in particular' if spec.requires == 'anonymous' else f'a {spec.requires} customer'}"]
    lines += [f"{name} must be one of the customer's own {field}" for name, field in spec.own.items()]
    lines += [
        f"{each.parameter} is at most {each.at_most} in "
        + (f"{each.within} per {each.per}" if each.within else "a call")
        for each in spec.amounts
    ]
    summary = _summary(spec)["confirm"]
    if summary:
        lines.append(f"confirmed by the customer: {summary}")
    lines += [f"at most {each.count} times in {each.within or 'all'} per {each.per}" for each in spec.limits]
    attempts = spec.retry.attempts if spec.retry else 1
    lines.append(f"takes at most {spec.timeout_seconds:g} seconds, tried {attempts} time{'s' if attempts > 1 else ''}")
    if spec.kind == "write":
        lines.append(
            "its receiver honours the idempotency key" if spec.idempotent else "its receiver knows no idempotency key"
        )
    if spec.once_per:
        lines.append(f"done once for each {', '.join(spec.once_per)}")
    if spec.compensation is not None:
        lines.append(f"undone by {spec.compensation.action}, when a guide or a person says so")
    if spec.proves:
        lines.append("proves who writes")
    return lines
