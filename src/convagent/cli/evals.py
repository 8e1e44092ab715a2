"""`convagent eval …`: run suites of cases, import them, print their schema."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from typer.core import TyperGroup

from convagent.cli.evals_diff import diff
from convagent.cli.evals_finding import matching, retrieval
from convagent.cli.evals_report import (
    CoverageOption,
    GitHubOption,
    HtmlOption,
    JUnitOption,
    MarkdownOption,
    ReportFiles,
    coverage,
    report,
)
from convagent.cli.evals_simulate import simulate
from convagent.cli.evals_tune import tune
from convagent.cli.output import ShopOption, console, error_console, print_json
from convagent.errors import EvalError

if TYPE_CHECKING:
    from convagent.evals import Case, CaseFault, CaseResult, ImportedSuite
    from convagent.shop import OpenShop

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


SuiteArgument = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[SUITE]…", help="YAML files or folders; the shop's evals/ by default.", show_default=False),
]


@app.command("run")
def run(
    suites: SuiteArgument = None,
    shop: ShopOption = Path(),
    workers: Annotated[
        int, typer.Option("--workers", "-j", metavar="N", min=0, max=256, help="Processes; 0 is one for each core.")
    ] = 1,
    ray: Annotated[
        bool,
        typer.Option(
            "--ray",
            help="Run on the Ray cluster that RAY_ADDRESS names, or on one of this machine's own; --workers at once.",
        ),
    ] = False,
    log: Annotated[
        str | None,
        typer.Option(
            "--json", metavar="FILE", help="Write the log of results, JSON Lines, there as well; - prints it."
        ),
    ] = None,
    junit: JUnitOption = None,
    html: HtmlOption = None,
    markdown: MarkdownOption = None,
    github: GitHubOption = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FOLDER", help="Where results.jsonl is kept.", show_default="the shop's .convagent/evals"
        ),
    ] = None,
    tag: Annotated[
        list[str] | None,
        typer.Option("--tag", metavar="TAG", help="Cases with this tag, or without it: -TAG. May be repeated."),
    ] = None,
    failed: Annotated[
        bool, typer.Option("--only-failed", help="What failed or erred in the last run kept in --out, and what is new.")
    ] = False,
    changed: Annotated[
        str | None,
        typer.Option(
            "--changed",
            metavar="SINCE",
            help="Cases of guides that changed since a git revision, or since a results.jsonl.",
        ),
    ] = None,
    trials: Annotated[
        int,
        typer.Option(
            "--trials",
            metavar="K",
            min=1,
            max=1000,
            help="Run each case so often, for agents that use a model; tells pass^k.",
        ),
    ] = 1,
    base: Annotated[
        Path | None,
        typer.Option(
            "--base", metavar="LOG", help="The log that gates on drops compare with.", show_default="the settings' own"
        ),
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Don't go on from what an interrupted run left.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain/--no-explain", help="Show how each turn at fault came about.")
    ] = True,
    show: Annotated[int, typer.Option("--show", metavar="N", min=0, help="Show at most so many failures.")] = 10,
    with_coverage: CoverageOption = False,
) -> None:
    r"""Run suites of cases, and show what failed.

    Each case runs in a storage and a back office of its own. A case passes, fails, errs (the engine or the harness broke, or
    its time was up), or is unscored (something can't be told). What must be reached stands below \[evals.gates] in
    convagent.toml; without it nothing may fail. Exit code 0: every gate is met; 1: one isn't; 2: the cases or the shop can't be
    used, no case is left to run, or every case is an error.

    An interrupted run goes on where it stopped. Reports can also be made afterwards, from the log: convagent eval report.

    [dim]convagent eval run evals/support.yaml -j 2 --tag returns[/dim]
    """
    from convagent.cli.evals_gates import base_of, base_path, show_gates
    from convagent.cli.evals_report import as_plain_log, show_coverage, summary_of, write_reports
    from convagent.cli.evals_show import progress, show_failures, show_summary
    from convagent.evals import RunSettings, run_suite
    from convagent.evals.coverage import coverage_metrics, coverage_of
    from convagent.evals.gates import exit_code, judge_gates
    from convagent.evals.run import LOG, default_workers
    from convagent.shop import open_shop

    cases = _cases(suites, shop)
    opened = open_shop(shop)
    folder = out or opened.index_dir / "evals"
    cases = _selected(cases, opened, folder / LOG, tags=tag or [], failed=failed, changed=changed)
    wanted = opened.settings.evals.gates
    before = base_of(wanted, base, shop)
    settings = RunSettings(workers=workers or default_workers(), ray=ray, trials=trials, out=folder, resume=not fresh)
    with progress(len(cases) * trials) as told:
        done = run_suite(cases, shop, settings=settings, opened=opened, progress=told)
    reached = coverage_of(done.results, done.outline) if done.outline is not None else None
    figures = {**done.metrics, **(coverage_metrics(reached) if reached is not None else {})}
    gates = judge_gates(
        done.results, figures, wanted, base=before, selected=bool(tag or failed or changed),
        prices=opened.settings.evals.prices,
    )  # fmt: skip
    files = ReportFiles(html, junit, markdown, github)
    if log == "-" and done.log is not None:
        sys.stdout.buffer.write(done.log.read_bytes())
        sys.stdout.buffer.flush()
    else:
        if log is not None and done.log is not None:
            write_file(Path(log), done.log.read_bytes())
        with as_plain_log(active=files.annotates):
            show_failures(done.results, limit=show, explain=explain)
            show_summary(done)
            if with_coverage and reached is not None:
                show_coverage(reached, show=show)
        show_gates(gates)
        if done.resumed:
            console.print(
                f"{done.resumed} of them are of the run that was interrupted; --fresh runs them again.", style="dim"
            )
        console.print(f"log: {escape(str(done.log))}", style="dim", soft_wrap=True)
    if files.wanted:
        write_reports(summary_of(done, gates, base_path(wanted, base, shop)), files, quiet=log == "-")
    raise typer.Exit(exit_code(gates, done.results))


app.command("diff")(diff)
app.command("tune")(tune)
app.command("simulate")(simulate)
app.command("retrieval")(retrieval)
app.command("matching")(matching)
app.command("report")(report)
app.command("coverage")(coverage)


@app.command("score")
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
    cases = {case.id: case for case in (_cases(suites, shop) if suites or (shop / "evals").is_dir() else ())}
    judged = rescored(results, cases=cases)
    done = RunResult(tuple(judged), measure(judged), judged[0].stamp if judged else "", log)
    if as_json:
        print_json(done.summary())
    else:
        show_failures(done.results, limit=show, explain=False)
        show_summary(done)
    raise typer.Exit(0 if done.ok else 1)


@app.command("check")
def check(suites: SuiteArgument = None, shop: ShopOption = Path()) -> None:
    """Find every fault of every file of cases: where, why, how to mend it. Nothing is run. Exit code 1 when there is one."""
    from convagent.evals import read_cases

    cases, faults = read_cases(_paths(suites, shop), base=Path.cwd())
    _tell(faults)
    if faults:
        raise typer.Exit(1)
    console.print(f"Nothing to mend: {len(cases)} cases.", style="green")


@app.command("schema")
def schema(
    personas: Annotated[bool, typer.Option("--personas", help="Of files of personas, for `eval simulate`.")] = False,
) -> None:
    """Print the JSON Schema of a file of cases, for editors.

    [dim]convagent eval schema > evals/cases.schema.json[/dim]

    Then begin a file with: # yaml-language-server: $schema=cases.schema.json
    """
    from convagent.evals import json_schema

    print_json(json_schema("personas" if personas else "cases"))


@app.command("import")
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
    _tell(found.faults)
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


def _paths(suites: list[Path] | None, shop: Path) -> list[Path]:
    return suites or [shop / "evals"]


def _cases(suites: list[Path] | None, shop: Path) -> list[Case]:
    from convagent.evals import load_cases

    return list(load_cases(_paths(suites, shop), base=Path.cwd()))


def _selected(
    cases: list[Case], opened: OpenShop, last: Path, *, tags: list[str], failed: bool, changed: str | None
) -> list[Case]:  # fmt: skip
    from convagent.evals import changed_guides, only_failed, read_log, with_changed, with_tags

    chosen = with_tags(cases, tags)
    before: list[CaseResult] = read_log(last)[0] if (failed or changed) and last.is_file() else []
    if failed:
        if not last.is_file():
            raise EvalError(
                "there is no last run", code="eval-log", place=last, remedy="Run without --only-failed first."
            )
        chosen = only_failed(chosen, before)
    if changed is not None:
        titles = changed_guides(opened, changed)
        shown = ", ".join(sorted(titles)) or "none"
        error_console.print(f"guides that changed: {escape(shown)}", style="dim", soft_wrap=True)
        chosen = with_changed(chosen, titles, before)
    return chosen


def _tell(faults: tuple[CaseFault, ...]) -> None:
    for fault in faults:
        error_console.print(f"[red]✗[/red] {escape(str(fault))}", soft_wrap=True)


def write_file(path: Path, data: bytes, *, new: bool = False) -> None:
    """Writes a file.

    Raises:
        EvalError: `eval-unwritable`: it can't be written, or is there already.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb" if new else "wb") as file:
            file.write(data)
    except OSError as error:
        raise EvalError(
            f"the file can't be written: {error.strerror or error}",
            code="eval-unwritable",
            place=path,
            remedy="Name another.",
        ) from None
