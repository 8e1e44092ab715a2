"""Makes the pages that come from the code: settings and commands. `--check` changes nothing and tells what is stale.

python tools/make_docs.py [--check]
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from convagent.settings import Settings

ROOT = Path(__file__).parents[1]
COMMANDS = (
    (), ("demo",), ("init",), ("index",), ("ask",), ("chat",), ("guidance",), ("guidance", "check"), ("guidance", "format"),
)  # fmt: skip


def settings_page() -> str:
    """`docs/settings.md`: every setting with its default."""
    out = ["# Settings", "", "Everything that `convagent.toml` may hold. Made from the code by `make docs`.", ""]
    for name, field in Settings.model_fields.items():
        shown = field.alias or name
        model = _model(field.annotation)
        if model is None:
            out += [f"## `[{shown}]`", "", field.description or "", ""]
            continue
        several = "dict" in str(field.annotation)
        out += [f"## `[{shown}{'.NAME' if several else ''}]`", "", "| setting | default | meaning |", "|---|---|---|"]
        for key, setting in model.model_fields.items():
            out.append(f"| `{key}` | {_default(setting)} | {_cell(setting.description or '')} |")
        out.append("")
    return "\n".join(out)


def _model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model(part)) is not None), None)


def _default(setting: Any) -> str:
    if setting.is_required():
        return "required"
    value = setting.default_factory() if setting.default_factory is not None else setting.default
    if value is None or value is PydanticUndefined or value in ({}, ()):
        return "-"
    return f"`{value}`"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def commands_page() -> str:
    """`docs/commands.md`: the help of every command."""
    out = ["# Commands", "", "What `--help` prints. Made from the code by `make docs`.", ""]
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb", "PYTHONIOENCODING": "utf-8"}
    for command in COMMANDS:
        done = subprocess.run(
            [sys.executable, "-m", "convagent", *command, "--help"],
            capture_output=True,
            text=True,
            env=environment,
            check=True,
        )
        lines = [line.rstrip() for line in done.stdout.replace("python -m convagent", "convagent").strip().splitlines()]
        out += [f"## `{' '.join(('convagent', *command))}`", "", "```text", *lines, "```", ""]
    return "\n".join(out)


def main() -> int:
    """Writes the pages, or with --check compares them."""
    pages = {"docs/settings.md": settings_page(), "docs/commands.md": commands_page()}
    stale = [
        name
        for name, text in pages.items()
        if not (ROOT / name).is_file() or (ROOT / name).read_text(encoding="utf-8") != text
    ]
    if "--check" in sys.argv[1:]:
        for name in stale:
            print(f"{name} is stale: run `make docs`")
        return 1 if stale else 0
    for name in stale:
        (ROOT / name).write_text(pages[name], encoding="utf-8")
        print(f"made {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
