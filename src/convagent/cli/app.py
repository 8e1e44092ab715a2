"""The `convagent` command. Exit codes: 0 fine, 1 findings or a gate not met, 2 usage or a broken set-up."""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import Annotated

import typer

from convagent.cli import (
    actions,
    ask,
    catalog,
    chat,
    demo,
    draft,
    evals,
    guidance,
    index,
    init,
    knowledge,
    ledger,
    overdue,
    quality,
    replay,
    selling,
    storage,
)
from convagent.cli.output import fail
from convagent.errors import ConvagentError

__all__ = ["app", "main"]

app = typer.Typer(
    name="convagent",
    help="The engine behind a shop's support agent. Begin with [bold]convagent demo[/bold], then [bold]convagent init[/bold].",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo")(demo.demo)
app.command("init")(init.init)
app.command("index")(index.index)
app.command("chat")(chat.chat)
app.command("ask")(ask.ask)
app.command("draft")(draft.draft)
app.command("drafts")(draft.drafts)
app.command("overdue")(overdue.overdue)
app.command("qa")(quality.qa)
app.command("replay")(replay.replay)
app.add_typer(guidance.app, name="guidance")
app.add_typer(actions.app, name="actions")
app.add_typer(knowledge.app, name="knowledge")
app.add_typer(catalog.app, name="catalog")
app.add_typer(evals.app, name="eval")
app.add_typer(selling.app, name="selling")
app.add_typer(ledger.app, name="ledger")
app.add_typer(storage.app, name="storage")


def _version(value: bool) -> None:
    if value:
        typer.echo(f"convagent {version('convagent')}")
        raise typer.Exit


@app.callback()
def _options(
    _version_flag: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """The options of all commands."""


def main() -> None:
    """Runs the command line; errors are told in words, never as a stack trace."""
    try:
        app()
    except ConvagentError as error:
        fail(error)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
