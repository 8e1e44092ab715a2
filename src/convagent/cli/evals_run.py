"""`convagent eval run`: suites of cases on the shop, and what failed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from convagent.cli.evals_files import SuiteArgument, all_tags, cases_of, is_whole, selected, write_file
from convagent.cli.evals_report import (
    CoverageOption,
    GitHubOption,
    HtmlOption,
    JUnitOption,
    MarkdownOption,
    ReportFiles,
)
from convagent.cli.model_options import BaseUrlOption, JudgeOption, ModelOption, RecordOption, ReplayOption
from convagent.cli.output import ShopOption, console

__all__ = ["run"]


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
    guide: Annotated[
        list[str] | None,
        typer.Option(
            "--guide",
            metavar="TITLE",
            help="Cases that read this guide when they last ran, or name it. May be repeated.",
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
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    judge: JudgeOption = None,
    record: RecordOption = None,
    replay: ReplayOption = None,
) -> None:
    r"""Run suites of cases, and show what failed.

    Each case runs in a storage and a back office of its own. A case passes, fails, errs (the engine or the harness broke, or
    its time was up), or is unscored (something can't be told). What must be reached stands below \[evals.gates] in
    convagent.toml; without it nothing may fail. What a part of the suites covers is not judged. Cases with a tag that
    \[evals] leave_out names run only where --tag names it.

    Exit code 0: every gate is met; 1: one isn't; 2: the cases or the shop can't be used, no case is left to run, or every
    case is an error.

    A chat model serves the agent where the shop's settings or --model name one. --record keeps what it was asked and answered,
    and --replay runs the same suite again without it.

    An interrupted run goes on where it stopped. Reports can also be made afterwards, from the log: convagent eval report.

    [dim]convagent eval run evals/support.yaml -j 2 --tag returns[/dim]
    """
    from convagent.cli.evals_gates import base_of, base_path, show_gates
    from convagent.cli.evals_report import as_plain_log, show_coverage, summary_of, write_reports
    from convagent.cli.evals_show import progress, show_failures, show_judged, show_summary
    from convagent.evals import RunSettings, run_suite
    from convagent.evals.coverage import coverage_metrics, coverage_of
    from convagent.evals.gates import exit_code, judge_gates
    from convagent.evals.model_use import ModelUse
    from convagent.evals.run import LOG, default_workers
    from convagent.shop import open_shop

    cases = cases_of(suites, shop)
    opened = open_shop(shop)
    folder = out or opened.index_dir / "evals"
    left_out = opened.settings.evals.leave_out
    cases = selected(
        cases, opened, folder / LOG, tags=all_tags(tag, left_out), failed=failed, changed=changed, guides=guide
    )
    wanted = opened.settings.evals.gates
    chosen = bool(tag or failed or changed or guide)
    whole = is_whole(cases, suites, shop, opened.settings.evals) if chosen or suites else True
    before = base_of(wanted, base, shop)
    use = ModelUse(
        model=model, base_url=base_url, judge=judge, record=record and record.resolve(),
        replay=replay and replay.resolve(),
    )  # fmt: skip
    settings = RunSettings(
        workers=workers or default_workers(), ray=ray, trials=trials, out=folder, resume=not fresh, model=use
    )
    with progress(len(cases) * trials) as told:
        done = run_suite(cases, shop, settings=settings, opened=opened, progress=told)
    reached = coverage_of(done.results, done.outline) if done.outline is not None else None
    figures = {**done.metrics, **(coverage_metrics(reached) if reached is not None else {})}
    gates = judge_gates(
        done.results, figures, wanted, base=before, selected=chosen and not whole, whole=whole,
        prices=opened.settings.prices,
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
            show_judged(done.results, limit=show)
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
