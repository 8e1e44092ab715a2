"""`convagent eval check`, `schema`, `import` and `score`: files of cases, and a log judged by them; nothing is run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from convagent.cli.evals_files import SuiteArgument, cases_of, suite_paths, tell_faults, write_file
from convagent.cli.output import ShopOption, console, print_json
from convagent.errors import EvalError

if TYPE_CHECKING:
    from convagent.evals import ImportedSuite

__all__ = ["check", "import_", "schema", "score"]


def score(
    log: Annotated[Path, typer.Argument(metavar="LOG", help="A results.jsonl.")],
    suites: SuiteArgument = None,
    shop: ShopOption = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
    show: Annotated[int, typer.Option("--show", metavar="N", min=0, help="Show at most so many failures.")] = 10,
) -> None:
    """Judge a log again by the expectations as they stand now. Nothing is run.

    Without SUITE the shop's evals/ count, where there are any. Exit codes are those of `run`.
    """
    from convagent.cli.evals_show import show_failures, show_summary
    from convagent.evals import RunResult, measure, read_log, rescored

    results, _ = read_log(log)
    cases = {case.id: case for case in (cases_of(suites, shop) if suites or (shop / "evals").is_dir() else ())}
    judged = rescored(results, cases=cases)
    done = RunResult(tuple(judged), measure(judged), judged[0].stamp if judged else "", log=log)
    if as_json:
        print_json(done.summary())
    else:
        show_failures(done.results, limit=show, explain=False)
        show_summary(done)
    raise typer.Exit(0 if done.ok else 1)


def check(suites: SuiteArgument = None, shop: ShopOption = Path()) -> None:
    """Find every fault of every file of cases: where, why, how to mend it. Nothing is run. Exit code 1 when there is one."""
    from convagent.evals import read_cases

    cases, faults = read_cases(suite_paths(suites, shop), base=Path.cwd())
    tell_faults(faults)
    if faults:
        raise typer.Exit(1)
    console.print(f"Nothing to mend: {len(cases)} cases.", style="green")


def schema(
    personas: Annotated[bool, typer.Option("--personas", help="Of files of personas, for `eval simulate`.")] = False,
) -> None:
    """Print the JSON Schema of a file of cases, for editors.

    [dim]convagent eval schema > evals/cases.schema.json[/dim]

    Then begin a file with: # yaml-language-server: $schema=cases.schema.json
    """
    from convagent.evals import json_schema

    print_json(json_schema("personas" if personas else "cases"))


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .csv or .tsv of cases, or .jsonl of past tickets.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="A YAML file that isn't there yet; printed by default.")
    ] = None,
    form: Annotated[
        str | None, typer.Option("--format", metavar="FORMAT", help="csv or tickets; by the file's name by default.")
    ] = None,
    suite: Annotated[str | None, typer.Option("--suite", metavar="NAME", help="The suite's name.")] = None,
) -> None:
    """Make cases of a spreadsheet, or of past tickets.

    docs/evals.md lists the columns of a spreadsheet and shows a ticket. What can't be read is told with its line, the rest is
    written; exit code 1 then. Tickets expect nothing yet: such cases are unscored until somebody says how they should end.
    """
    from convagent.evals import from_csv, from_tickets, to_yaml

    kind = form or {".csv": "csv", ".tsv": "csv", ".jsonl": "tickets", ".ndjson": "tickets"}.get(
        file.suffix.casefold(), ""
    )
    if kind not in {"csv", "tickets"}:
        raise EvalError(
            f"what {file.name} holds can't be told by its name",
            code="eval-import",
            place=file,
            remedy="Say --format csv or tickets.",
        )
    found: ImportedSuite = from_csv(file) if kind == "csv" else from_tickets(file)
    text = to_yaml(found.cases, suite=suite)
    tell_faults(found.faults)
    if found.cases and out is not None:
        write_file(out, text.encode("utf-8", "replace"), new=True)
        console.print(f"wrote {len(found.cases)} cases: {escape(str(out))}", soft_wrap=True)
    elif found.cases:
        sys.stdout.write(text.encode("utf-8", "replace").decode("utf-8"))
    if not found.cases:
        raise EvalError(
            "there is no case in this file", code="eval-import", place=file, remedy="docs/evals.md shows one."
        )
    raise typer.Exit(1 if found.faults else 0)
