"""`convagent guidance lsp`: the language server that editors start."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Annotated

import typer
from rich.text import Text

from convagent.cli.output import error_console

__all__ = ["lsp"]


def lsp(
    actions: Annotated[
        bool,
        typer.Option(
            "--actions/--no-actions",
            help="Load the shop's Python files to learn its actions; without, actions are not checked.",
        ),
    ] = True,
) -> None:
    """Serve an editor: findings while you type, completion, hover, definitions, renaming, layout, coverage by cases.

    Editors start it and speak the language server protocol on its standard input and output; docs/guidance/editor.md
    shows how VS Code, Neovim, Helix and Emacs are set up. Needs the extra `editor`. Exit code 2 without it.
    """
    if find_spec("pygls") is None:
        error_console.print("[red]✗[/red] the language server needs pygls, which is not installed")
        error_console.print(Text('  → pip install "convagent[editor]"'))
        raise typer.Exit(2)
    from convagent.evals.guide_cases import CaseDesk
    from convagent.guidance_editor.server import serve

    serve(load_actions=actions, open_cases=CaseDesk)
