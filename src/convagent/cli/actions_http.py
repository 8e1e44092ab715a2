"""`convagent actions check`, `schema`, `add`: HTTP actions that stand in TOML files."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.text import Text

from convagent.cli.output import JsonOption, ShopOption, console, print_json
from convagent.errors import ActionError, ShopError
from convagent.settings import read_settings
from convagent.shop import http_action_files, read_actions

__all__ = ["add", "check", "schema"]

_PACKS = Path(__file__).parents[1] / "integrations" / "packs"


def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="PATH…", help="TOML files; the shop's own by default.")
    ] = None,
    as_json: JsonOption = False,
    shop: ShopOption = Path(),
) -> None:
    """Find every fault of every file of HTTP actions: where, why, how to mend it. Nothing is called.

    Without PATH the shop's other actions are loaded as well, so that names that are taken twice are found. Exit code 1 when
    there is an error, 0 when there are warnings at most.
    """
    from convagent.actions.http import load_http_actions

    settings = None if paths else read_settings(shop / "convagent.toml")
    files = tuple(paths or []) if settings is None else http_action_files(shop, settings)
    found = load_http_actions(files, base=shop)
    errors = [fault for fault in found.faults if fault.severity == "error"]
    if as_json:
        print_json([_as_json(fault) for fault in found.faults])
    else:
        for fault in found.faults:
            style = "red" if fault.severity == "error" else "yellow"
            console.print(Text.assemble((str(fault.place), "bold"), " ", (fault.code, style), f" {fault.message}"))
            if fault.remedy:
                console.print(Text(f"    → {fault.remedy}"))
        counts = Counter(fault.severity for fault in found.faults)
        told = ", ".join(f"{count} {name}{'s' if count != 1 else ''}" for name, count in sorted(counts.items()))
        lookups = sum(spec.kind == "lookup" for spec in found.specs)
        told = told or f"Nothing to mend: {lookups} look-ups, {len(found.specs) - lookups} writes."
        console.print(Text(told, style="" if found.faults else "green"))
    sys.stdout.flush()
    if errors:
        raise typer.Exit(1)
    if settings is not None:
        read_actions(shop, settings)


def schema() -> None:
    """Print the JSON Schema of a file of HTTP actions, for editors."""
    from convagent.actions.http import json_schema

    print_json(json_schema())


def add(
    name: Annotated[str, typer.Argument(help="aftership, loop or recharge.")],
    shop: ShopOption = Path(),
) -> None:
    """Copy a pack of HTTP actions into the shop's actions/, to be changed there."""
    known = sorted(path.stem for path in _PACKS.glob("*.toml"))
    if name not in known:
        raise ActionError(f"there is no pack {name}", code="action-pack", remedy=f"There is: {', '.join(known)}.")
    if not (shop / "convagent.toml").is_file():
        raise ShopError(
            "this folder is no shop", code="shop-missing", place=shop, remedy="Name its folder with --shop DIR."
        )
    target = shop / "actions" / f"{name}.toml"
    if target.exists():
        raise ActionError("this file is there already", code="action-pack", place=target, remedy="Remove it first.")
    target.parent.mkdir(exist_ok=True)
    target.write_bytes((_PACKS / f"{name}.toml").read_bytes())
    console.print(f"wrote {escape(str(target))}; `convagent actions check` says which secrets it needs")


def _as_json(fault: Any) -> dict[str, Any]:
    place = fault.place
    return {
        "code": fault.code, "severity": fault.severity, "file": place.file, "line": place.line, "column": place.column,
        "message": fault.message, "remedy": fault.remedy,
    }  # fmt: skip
