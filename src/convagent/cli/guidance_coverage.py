"""`convagent guidance coverage`: which guides, branches and conditions suites or past tickets reach."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from convagent.cli.evals_files import SuiteArgument, tell_faults
from convagent.cli.output import JsonOption, ShopOption, console, print_json
from convagent.errors import EvalError

if TYPE_CHECKING:
    from convagent.evals import CaseFault

__all__ = ["coverage"]


def coverage(
    suites: SuiteArgument = None,
    tickets: Annotated[
        Path | None,
        typer.Option("--tickets", metavar="FILE", help="Past conversations (.jsonl) in the place of suites."),
    ] = None,
    tag: Annotated[
        list[str] | None,
        typer.Option("--tag", metavar="TAG", help="Cases with this tag, or without it: -TAG. May be repeated."),
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", "-j", metavar="N", min=0, max=256, help="Processes; 0 is one for each core.")
    ] = 1,
    shop: ShopOption = Path(),
    as_json: JsonOption = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown for a pull request.")] = False,
    show: Annotated[
        int, typer.Option("--show", metavar="N", min=0, help="Show at most so much of what is missing.")
    ] = 40,
) -> None:
    """Run suites or past tickets, and tell which guides, branches and conditions they reach and which none does.

    A guide is reached when it is read, a branch when it opens, a condition when it was seen both to hold and not to; how many
    were also seen unknown is told beside. Whether cases pass is not looked at. What was run is kept in the shop's .convagent
    for editors and `watch`; of a log that is there already `convagent eval coverage LOG` tells the same without running.

    Exit code 0: everything was reached; 1: something wasn't, or a ticket can't be read; 2: nothing could be run.

    [dim]convagent guidance coverage --tickets tickets.jsonl -j 2[/dim]
    """
    from convagent.cli.evals_files import all_tags, cases_of
    from convagent.cli.evals_report import show_coverage
    from convagent.cli.evals_show import progress
    from convagent.evals import RunSettings, run_suite, with_tags
    from convagent.evals.coverage import coverage_of
    from convagent.evals.reached import COVERAGE_FOLDER
    from convagent.evals.replay import cases_of_tickets
    from convagent.evals.run import default_workers
    from convagent.settings import read_settings
    from convagent.shop import open_shop

    if as_json and markdown:
        raise EvalError("--json and --markdown exclude one another", code="usage", remedy="Leave one of them out.")
    if tickets is not None and (suites or tag):
        raise EvalError(
            "--tickets stands in the place of suites", code="usage", remedy="Leave the suites and --tag out."
        )
    faults: tuple[CaseFault, ...] = ()
    if tickets is not None:
        past, faults = cases_of_tickets(tickets)
        cases = list(past)
        tell_faults(faults)
        if not cases:
            raise EvalError(
                "there is no ticket that can be read", code="eval-empty", place=tickets, remedy="docs/evals.md shows one."
            )  # fmt: skip
    else:
        left_out = read_settings(shop / "convagent.toml").evals.leave_out
        cases = with_tags(cases_of(suites, shop), all_tags(tag, left_out))
    opened = open_shop(shop)
    # Tickets say nothing about cases: what they reached is told and not kept.
    out = opened.index_dir / COVERAGE_FOLDER if tickets is None else None
    with progress(len(cases)) as told:
        done = run_suite(
            cases, shop, settings=RunSettings(workers=workers or default_workers(), out=out), opened=opened,
            progress=told,
        )  # fmt: skip
    assert done.outline is not None  # noqa: S101 - a run that was just made has one
    found = coverage_of(done.results, done.outline).of_guidance()
    if as_json:
        print_json(found.to_json())
    elif markdown:
        from convagent.cli.guidance_coverage_markdown import to_markdown

        typer.echo(to_markdown(found, show=show), nl=False)
    else:
        show_coverage(found, show=show)
        seen = [sum(getattr(each, told) > 0 for each in found.conditions) for told in ("yes", "no", "unknown")]
        console.print(
            f"conditions seen to hold: {seen[0]}, not to: {seen[1]}, unknown: {seen[2]}, of {len(found.conditions)}",
            soft_wrap=True,
        )
        if done.log is not None:
            console.print(f"log: {escape(str(done.log))}", style="dim", soft_wrap=True)
    raise typer.Exit(1 if faults or any(True for _ in found.gaps()) else 0)
