"""`convagent eval report` and `coverage`, and the reports that `convagent eval run` writes."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from convagent.cli.evals_files import is_whole
from convagent.cli.output import JsonOption, ShopOption, console, error_console, print_json
from convagent.errors import EvalError

if TYPE_CHECKING:
    from convagent.evals.compare import Comparison, Run
    from convagent.evals.coverage import Coverage
    from convagent.evals.gates import Gate
    from convagent.evals.reports import RunSummary
    from convagent.evals.results import CaseResult
    from convagent.evals.run import RunResult
    from convagent.evals.starters import Starter

__all__ = [
    "CoverageOption", "GitHubOption", "HtmlOption", "JUnitOption", "MarkdownOption", "ReportFiles", "against",
    "as_plain_log", "coverage", "report", "show_coverage", "summary_of", "write_reports",
]  # fmt: skip

HtmlOption = Annotated[
    Path | None,
    typer.Option("--html", metavar="FILE", help="Write a report for people: one file that needs no network."),
]
JUnitOption = Annotated[
    Path | None, typer.Option("--junit", metavar="FILE", help="Write JUnit XML, for GitLab or Jenkins.")
]
MarkdownOption = Annotated[
    Path | None, typer.Option("--markdown", metavar="FILE", help="Write a short report for a pull request.")
]
GitHubOption = Annotated[
    bool | None,
    typer.Option(
        "--github/--no-github", help="Print GitHub annotations.", show_default="where GITHUB_ACTIONS is true"
    ),
]  # fmt: skip
CoverageOption = Annotated[
    bool, typer.Option("--coverage", help="Show which guides, branches, conditions and articles were reached.")
]


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """Which reports are wanted.

    Attributes:
        html: The file of the report for people.
        junit: That of JUnit XML.
        markdown: That of the report for a pull request.
        github: Whether annotations are printed; None: where GitHub runs this.
    """

    html: Path | None = None
    junit: Path | None = None
    markdown: Path | None = None
    github: bool | None = None

    @property
    def wanted(self) -> bool:
        """Whether there is anything to make."""
        return self.annotates or any(file is not None for file in (self.html, self.junit, self.markdown))

    @property
    def annotates(self) -> bool:
        """Whether annotations are printed."""
        return os.environ.get("GITHUB_ACTIONS") == "true" if self.github is None else self.github


def report(
    log: Annotated[Path, typer.Argument(metavar="LOG", help="A results.jsonl.")],
    html: HtmlOption = None,
    junit: JUnitOption = None,
    markdown: MarkdownOption = None,
    github: GitHubOption = None,
    base: Annotated[
        Path | None, typer.Option("--base", metavar="LOG", help="A log to compare with: tells what is newly broken.")
    ] = None,
    shop: Annotated[
        Path | None,
        typer.Option("--shop", metavar="DIR", help="Also judge the gates of this shop's convagent.toml."),
    ] = None,
) -> None:
    """Make reports from a log. Nothing is run.

    Exit code 0: they are made, whatever they tell; 2: the log can't be read, or a file can't be written.

    [dim]convagent eval report .convagent/evals/results.jsonl --html report.html[/dim]
    """
    from convagent.cli.evals_gates import base_of
    from convagent.evals import measure, read_log
    from convagent.evals.compare import Run
    from convagent.evals.coverage import coverage_metrics, coverage_of_log
    from convagent.evals.gates import Gate, judge_gates
    from convagent.evals.reports import summarise
    from convagent.settings import read_settings

    files = ReportFiles(html, junit, markdown, github)
    if not files.wanted:
        raise EvalError("no report is asked for", code="usage", remedy="Say --html, --junit or --markdown with a file.")
    results, summary = read_log(log)
    metrics, gates = measure(results), tuple[Gate, ...]()
    if shop is not None:
        settings = read_settings(shop / "convagent.toml")
        wanted, prices = settings.evals, settings.prices
        metrics = measure(results, prices=prices)
        reached = coverage_metrics(coverage_of_log(results, summary)) if summary and summary.get("outline") else {}
        before = base_of(wanted.gates, base, shop)
        whole = is_whole((result.case for result in results), None, shop, wanted)
        gates = judge_gates(results, {**metrics, **reached}, wanted.gates, base=before, whole=whole, prices=prices)
    stamp, guides = str((summary or {}).get("stamp") or ""), (summary or {}).get("guides") or {}
    now = Run(tuple(results), stamp, tuple(sorted((str(k), str(v)) for k, v in guides.items())), str(log))
    comparison = against(base, now) if base is not None else None
    write_reports(summarise(results, summary, metrics=metrics, gates=gates, comparison=comparison), files)


def coverage(
    log: Annotated[Path, typer.Argument(metavar="LOG", help="A results.jsonl.")],
    as_json: JsonOption = False,
    show: Annotated[
        int, typer.Option("--show", metavar="N", min=0, help="Show at most so much of what is missing.")
    ] = 40,
    write: Annotated[
        Path | None,
        typer.Option("--write", metavar="FILE", help="Write a case to start from for each branch that is missing."),
    ] = None,
    shop: ShopOption = Path(),
) -> None:
    """Tell which guides, branches, conditions and articles the conversations of a log reached, and which none did.

    A condition is covered when it was seen both to hold and not to. With --write, each branch and condition that is missing
    gets a case, tried on the shop: with a customer whom the prover finds (where the extra `prove` is installed), else from the
    conversation that came closest. What doesn't come there is tagged `open` and says what is missing. FILE must be new.

    Exit code 0; 2 when the log or the shop can't be read, or FILE can't be written.

    [dim]convagent eval coverage .convagent/evals/results.jsonl --write evals/missing.yaml[/dim]
    """
    from convagent.evals import read_log
    from convagent.evals.coverage import coverage_of_log

    results, summary = read_log(log)
    found = coverage_of_log(results, summary)
    made = _write_starters(found, results, write, shop) if write is not None else []
    if as_json:
        cases = {"cases": [starter.to_json() for starter in made]} if write is not None else {}
        print_json({**found.to_json(), **cases})
        return
    show_coverage(found, show=show)
    if write is not None:
        there = sum(starter.reached for starter in made)
        console.print(
            f"{len(made)} cases to start from: {escape(str(write))}; {there} of them come there as they are",
            soft_wrap=True,
        )


def _write_starters(found: Coverage, results: Sequence[CaseResult], path: Path, shop: Path) -> list[Starter]:
    from convagent.cli.evals_files import write_file
    from convagent.evals.bench import Bench
    from convagent.evals.starters import starters, starters_yaml

    if path.exists():
        raise EvalError("this file is there already", code="eval-unwritable", place=path, remedy="Name another.")
    bench = Bench.open(shop)
    try:
        made = list(starters(found, results, bench))
    finally:
        bench.agent.close()
    write_file(path, starters_yaml(made).encode(), new=True)
    return made


def show_coverage(found: Coverage, *, show: int) -> None:
    """The shares, then what no case reached, with file and line."""
    table = Table(box=None, pad_edge=False)
    for name in ("covered", "reached", "of", "share"):
        table.add_column(name, justify="left" if name == "covered" else "right")
    for name, (reached, of) in found.shares.items():
        if of:
            table.add_row(name.partition(".")[2], str(reached), str(of), f"{reached / of:.1%}")
    console.print(table)
    gaps = list(found.gaps())
    for gap in gaps[:show]:
        place = f"{gap.file}:{gap.line}" if gap.file else gap.name
        console.print(Text.assemble((place, "bold"), f"  {gap.name}: {gap.told}"), soft_wrap=True)
    if len(gaps) > show:
        console.print(Text(f"… and {len(gaps) - show} more; --show says how many, --json has them all", "dim"))


def against(base: Path, now: Run) -> Comparison | None:
    """The comparison with a base log, over what both have in the same words; None, and a word, where there is nothing."""
    from convagent.evals.compare import compare, read_run

    try:
        return compare(read_run(base), now, common_only=True)
    except EvalError as error:
        error_console.print(
            f"[yellow]not compared with {escape(str(base))}: {escape(error.message)}[/yellow]", soft_wrap=True
        )
        return None


def summary_of(done: RunResult, gates: Sequence[Gate], base: Path | None) -> RunSummary:
    """What reports tell of a run that was just made.

    Args:
        done: The run.
        gates: As they were judged.
        base: A log to compare with.
    """
    from convagent.evals.compare import Run
    from convagent.evals.reports import summarise

    now = Run(done.results, done.stamp, tuple(sorted(done.guides.items())), str(done.log or ""))
    comparison = against(base, now) if base is not None else None
    return summarise(done.results, done.summary(), metrics=done.metrics, gates=gates, comparison=comparison)


def write_reports(run: RunSummary, files: ReportFiles, *, quiet: bool = False) -> None:
    """Writes what is wanted, and prints annotations where they are.

    Args:
        run: What to tell.
        files: What is wanted.
        quiet: Whether standard output belongs to something else: nothing is printed.

    Raises:
        EvalError: `eval-unwritable`.
    """
    from convagent.cli.evals_files import write_file
    from convagent.evals.reports import to_annotations, to_html, to_junit, to_markdown

    if files.html is not None:
        write_file(files.html, to_html(run).encode("utf-8", "replace"))
    if files.junit is not None:
        write_file(files.junit, to_junit(run).encode("utf-8", "replace"))
    if files.markdown is not None:
        write_file(files.markdown, to_markdown(run).encode("utf-8", "replace"))
    if quiet:
        return
    for path in (files.html, files.junit, files.markdown):
        if path is not None:
            console.print(f"report: {escape(str(path))}", style="dim", soft_wrap=True)
    if files.annotates:
        root = os.environ.get("GITHUB_WORKSPACE")
        for line in to_annotations(run, root=Path(root) if root else None):
            typer.echo(line)


@contextmanager
def as_plain_log(*, active: bool) -> Iterator[None]:
    """What is printed inside is text for GitHub, whatever customers wrote: a line of theirs can be no workflow command.

    Args:
        active: Whether GitHub reads along.
    """
    if not active:
        yield
        return
    # A word that nobody who writes to the shop can know; it is printed to the log alone, and kept in no result.
    word = secrets.token_hex(16)
    typer.echo(f"::stop-commands::{word}")
    try:
        yield
    finally:
        typer.echo(f"::{word}::")
