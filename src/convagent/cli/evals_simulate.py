"""`convagent eval simulate`: customers who explore."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from convagent.cli.model_options import BaseUrlOption, CustomerOption, ModelOption, RecordOption, ReplayOption
from convagent.cli.output import console, error_console, print_json

if TYPE_CHECKING:
    from convagent.evals.simulate import Persona, SimulatedRun

__all__ = ["simulate"]

DEFAULT = "evals/personas.yaml"


def simulate(
    personas: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]…", help="YAML files of personas; evals/personas.yaml by default."),
    ] = None,
    shop: Annotated[Path, typer.Option("--shop", metavar="DIR", help="The shop's folder.")] = Path(),
    runs: Annotated[
        int, typer.Option("--runs", "-n", metavar="N", min=1, max=100_000, help="How often each persona.")
    ] = 3,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Of the first; the same gives the same.")] = 0,
    only: Annotated[
        list[str] | None, typer.Option("--persona", metavar="NAME", help="This one only. Repeatable.")
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option("--save", metavar="FILE", help="Write the conversations as cases, for you to read and mend."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print every conversation as JSON.")] = False,
    show: Annotated[int, typer.Option("--show", metavar="N", min=0, help="Show at most so many conversations.")] = 5,
    customer: CustomerOption = "",
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    record: RecordOption = None,
    replay: ReplayOption = None,
) -> None:
    """Let simulated customers talk to the shop: they have a goal, know some things, and lose patience.

    They go by rules, or a chat model plays them (--customer), and explore: what they come upon is for you to read, nothing
    fails for it. A fault is the agent's (asked again for what it was told, the same reply twice, the goal not reached …) or
    the simulator's (the persona knows no answer, the model made a number up), and a conversation that the simulator spoilt
    counts neither way. Exit code 0, or 2 when the personas or the shop can't be used.

    [dim]convagent eval simulate --runs 20 --save evals/found.yaml[/dim]
    """
    from convagent.evals import Bench, to_yaml
    from convagent.evals.faults import as_error
    from convagent.evals.model_use import ModelUse
    from convagent.evals.simulate import as_case, read_personas
    from convagent.evals.simulate import simulate as run_all

    found, faults = read_personas(personas or [shop / DEFAULT])
    if faults:
        raise as_error(faults, of="personas")
    chosen = _chosen(found, only or [])
    use = ModelUse(model=model, base_url=base_url, customer=customer, record=record, replay=replay)
    bench = Bench.open(shop, model=use)
    done: list[SimulatedRun] = []
    total = len(chosen) * runs
    with error_console.status("") as status:
        for run in run_all(chosen, bench, runs=runs, seed=seed, model=bench.models.customer):
            done.append(run)
            status.update(f"{len(done)} of {total} conversations")
    if save is not None:
        from convagent.cli.evals_files import write_file

        write_file(save, to_yaml([as_case(run) for run in done], suite=save.stem).encode("utf-8", "replace"), new=True)
    if as_json:
        print_json([run.to_json() for run in done])
        return
    _shown(done, show)
    if save is not None:
        console.print(f"cases: {escape(str(save))}", style="dim", soft_wrap=True)


def _chosen(found: tuple[Persona, ...], only: list[str]) -> list[Persona]:
    from convagent.errors import EvalError
    from convagent.guidance.language.slips import suggest

    names = [each.name for each in found]
    for name in only:
        if name not in names:
            meant = suggest(name, names)
            raise EvalError(
                f"there is no persona {name}", code="eval-empty",
                remedy=f"Did you mean {meant}?" if meant else f"There is: {', '.join(names)}.",
            )  # fmt: skip
    return [each for each in found if not only or each.name in only]


def _shown(done: list[SimulatedRun], limit: int) -> None:
    troubled = [run for run in done if run.faults]
    for run in troubled[:limit]:
        console.print(
            f"[bold]{escape(run.persona.name)}[/bold] (seed {run.seed}): {escape(run.persona.goal)}", soft_wrap=True
        )
        for turn in run.result.turns:
            said = " ".join(turn.reply.text.split()) if turn.reply is not None else f"({turn.outcome.name})"
            console.print(f"  customer  {escape(turn.message.text)}", soft_wrap=True, highlight=False)
            console.print(f"  agent     {escape(said)}", style="dim", soft_wrap=True, highlight=False)
        for fault in run.faults:
            style = "red" if fault.side == "agent" else "yellow"
            console.print(f"  [{style}]{escape(str(fault))}[/{style}]", soft_wrap=True, highlight=False)
        console.print()
    if len(troubled) > limit:
        console.print(
            f"… and {len(troubled) - limit} more with faults; --show {len(troubled)} shows them.", style="dim"
        )
    table = Table(box=None, pad_edge=False)
    table.add_column("persona", no_wrap=True)
    for column in ("runs", "reached", "not", "open", "endings", "agent's faults", "simulator's"):
        table.add_column(column)
    for name in dict.fromkeys(run.persona.name for run in done):
        mine = [run for run in done if run.persona.name == name]
        endings = Counter(run.ending.replace("_", " ") for run in mine)
        table.add_row(
            name, str(len(mine)), *(str(sum(run.reached is value for run in mine)) for value in (True, False, None)),
            ", ".join(f"{count} {ending}" for ending, count in endings.most_common()),
            *(str(sum(len(run.faults_of(side)) for run in mine)) for side in ("agent", "simulator")),
        )  # fmt: skip
    console.print(table)
