"""What the commands of `convagent eval` share: which cases are meant, what is wrong with their files, writing a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from convagent.cli.output import error_console
from convagent.errors import EvalError

if TYPE_CHECKING:
    from convagent.evals import Case, CaseFault, CaseResult
    from convagent.settings import EvalsSettings
    from convagent.shop import OpenShop

__all__ = ["SuiteArgument", "all_tags", "cases_of", "is_whole", "selected", "suite_paths", "tell_faults", "write_file"]

SuiteArgument = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[SUITE]…", help="YAML files or folders; the shop's evals/ by default.", show_default=False),
]


def suite_paths(suites: list[Path] | None, shop: Path) -> list[Path]:
    """The suites that are named, else the shop's own folder of them."""
    return suites or [shop / "evals"]


def cases_of(suites: list[Path] | None, shop: Path) -> list[Case]:
    """The cases of suites.

    Raises:
        EvalError: They have faults.
    """
    from convagent.evals import load_cases

    return list(load_cases(suite_paths(suites, shop), base=Path.cwd()))


def all_tags(tags: Sequence[str] | None, leave_out: Sequence[str]) -> list[str]:
    """The tags that choose cases: those that are named, without what the shop leaves out unless it is named.

    Args:
        tags: With these tags, or without: -TAG.
        leave_out: `[evals] leave_out` of the shop's settings.
    """
    named = list(tags or ())
    return named + [f"-{tag}" for tag in leave_out if not {tag, f"-{tag}"} & set(named)]


def is_whole(ran: Iterable[Case], suites: list[Path] | None, shop: Path, evals: EvalsSettings) -> bool | None:
    """Whether all cases of a shop ran that it doesn't leave out; None where no gate asks for it.

    Args:
        ran: The cases that ran.
        suites: The suites that were named; they may be all that there are.
        shop: The shop's folder. One without a folder of suites has no cases of its own: those named are all there are.
        evals: Its settings.

    Raises:
        EvalError: The shop's own suites have faults.
    """
    from convagent.evals import load_cases, with_tags
    from convagent.evals.coverage import COVERAGE_METRICS

    bounds = {*evals.gates.minimum, *evals.gates.maximum} if evals.gates is not None else set()
    if not bounds & COVERAGE_METRICS.keys():
        return None
    own = suite_paths(None, shop)
    if not own[0].is_dir():
        own = suites or []
    cases = with_tags(load_cases(own, base=Path.cwd()), all_tags(None, evals.leave_out))
    return {case.id for case in cases} <= {case.id for case in ran}


def selected(
    cases: list[Case], opened: OpenShop, last: Path, *, tags: list[str], failed: bool, changed: str | None,
    guides: list[str] | None = None,
) -> list[Case]:  # fmt: skip
    """Those of the cases that options choose.

    Args:
        cases: All.
        opened: The shop, to tell which of its guides changed.
        last: The log of the last run.
        tags: With these tags, or without: -TAG.
        failed: What failed in the last run.
        changed: Cases of guides that changed since this revision or log.
        guides: Cases that have to do with these guides, by the kept logs and by what they expect.

    Raises:
        EvalError: There is no last run, or no such revision.
    """
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
    if guides:
        from convagent.evals.reached import cases_of_guides, read_reached

        chosen = cases_of_guides(chosen, guides, read_reached(opened.index_dir).results)
    return chosen


def tell_faults(faults: Iterable[CaseFault]) -> None:
    """Each fault on a line of its own, on standard error."""
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
