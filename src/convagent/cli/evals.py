"""`convagent eval …`: the commands of evaluations."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from convagent.cli.evals_cases import check, import_, schema, score
from convagent.cli.evals_diff import diff
from convagent.cli.evals_finding import matching, retrieval
from convagent.cli.evals_report import coverage, report
from convagent.cli.evals_run import run
from convagent.cli.evals_simulate import simulate
from convagent.cli.evals_tune import tune

__all__ = ["app"]


class _RunByDefault(TyperGroup):
    """`convagent eval evals/tour.yaml` is `convagent eval run evals/tour.yaml`."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Takes what is no command as an argument of `run`."""
        return super().resolve_command(ctx, args if args and args[0] in self.commands else ["run", *args])

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Options before any command are those of `run`, but for help."""
        if not args or (args[0].startswith("-") and args[0] not in {"-h", "--help"}):
            args = ["run", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    name="eval",
    cls=_RunByDefault,
    help=(
        "Know before customers do: run conversations on the shop, and see which end otherwise than they should.\n\n"
        "Cases stand in YAML files in [bold]evals/[/bold]; docs/evals.md shows how to write them. Everything runs here, "
        "without a network and without a key, and comes out the same each time. [bold]convagent eval PATH…[/bold] is short "
        "for [bold]convagent eval run PATH…[/bold]."
    ),
    rich_markup_mode="rich",
)  # fmt: skip


@app.callback()
def _group() -> None:
    """Know before customers do: run conversations on the shop, and see which end otherwise than they should."""


app.command("run")(run)
app.command("diff")(diff)
app.command("tune")(tune)
app.command("simulate")(simulate)
app.command("retrieval")(retrieval)
app.command("matching")(matching)
app.command("report")(report)
app.command("coverage")(coverage)
app.command("score")(score)
app.command("check")(check)
app.command("schema")(schema)
app.command("import")(import_)
