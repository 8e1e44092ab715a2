"""`convagent guidance watch`: checks on save, runs the cases that a changed guide has to do with, tells what is red now."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from convagent.cli.evals_files import SuiteArgument, suite_paths
from convagent.cli.guidance_watch import Stamps, on_save, stamps, told_changes
from convagent.cli.output import ShopOption, console
from convagent.errors import GuidanceError

if TYPE_CHECKING:
    from collections import Counter

    from convagent.evals import Bench, Case, CaseResult
    from convagent.shop import OpenShop

__all__ = ["watch"]

_RED = frozenset({"fail", "error"})
_SHOWN = 5
_THREADS = "OPENBLAS_NUM_THREADS"
_MANY = 50
"""Cases whose litter is collected while they run."""


def watch(
    suites: SuiteArgument = None,
    shop: ShopOption = Path(),
    tag: Annotated[
        list[str] | None,
        typer.Option("--tag", metavar="TAG", help="Cases with this tag, or without it: -TAG. May be repeated."),
    ] = None,
) -> None:
    """Check on every save, run the cases that reach a changed guide, and tell what is red now and what is mended.

    Which cases reach a guide is told by the logs that `convagent eval run` and `convagent guidance coverage` keep in the shop,
    and by what cases expect. Cases that neither tells of are run once at the start. When settings, actions, articles,
    translations or rules for the whole shop change, all cases are run. Ctrl-C ends it with exit code 0; 2 when the shop or
    the cases can't be found.
    """
    from convagent.settings import read_settings

    _on_one_thread()
    read_settings(shop / "convagent.toml")
    paths = suite_paths(suites, shop)
    roots = [shop, *(path for path in paths if not path.resolve().is_relative_to(shop.resolve()))]
    watched = _Watched(shop, paths, tuple(tag or ()), roots)
    on_save(roots, watched.look)


def _on_one_thread() -> None:
    """Has matrices multiplied on one thread, unless somebody set how many: two wait for each other longer than they save.

    After an edited example the matcher is learnt in 0.8 s of CPU time so, and in 1.1 to 2.1 s with two threads.
    """
    if "numpy" not in sys.modules and not {"OMP_NUM_THREADS", _THREADS} & os.environ.keys():
        os.environ[_THREADS] = "1"


class _Watched:
    """A shop and its cases between two saves.

    Args:
        shop: Its folder.
        suites: Files and folders of cases.
        tags: Which of the cases.
        roots: What is watched.
    """

    def __init__(self, shop: Path, suites: Sequence[Path], tags: Sequence[str], roots: Sequence[Path]) -> None:
        self.shop, self.suites, self.tags, self.roots = shop, suites, tags, roots
        self.last: dict[str, CaseResult] = {}
        self.before: Counter[tuple[str, str, str]] | None = None
        self._opened: OpenShop | None = None
        self._bench: Bench | None = None
        self._cases: tuple[Case, ...] | None = None
        self._files: Stamps = frozenset()
        self._digests: dict[str, str] = {}
        self._pending: set[str] = set()
        """Cases whose last result is of an older shop: a run that an error or the next save cut short."""

    def look(self) -> None:
        """Checks and runs what a save has to do with, then tidies up while nobody waits."""
        if self._opened is not None:
            gc.disable()  # to look through all that was opened takes longer than to check it
        try:
            self._look()
        finally:
            gc.enable()
        console.file.flush()
        if self._opened is not None:
            self._opened.guidance.keep()  # for the next command
        gc.collect()

    def _look(self) -> None:
        from convagent.evals import Bench, load_cases, with_tags

        started = time.perf_counter()
        files = stamps(self.roots)
        first = self._opened is None
        saved = [Path(name) for name, _, _ in files ^ self._files]
        try:
            opened = self._open(saved)
        except GuidanceError as error:
            if not error.findings:
                raise
            from convagent.guidance.findings.finding import Finding

            told_changes([each for each in error.findings if isinstance(each, Finding)], None, ending="")
            return
        if self._cases is None or any(map(self._is_case, saved)):
            self._cases = None  # a file at fault is told again with the next save, whatever that is of
            self._cases = tuple(with_tags(load_cases(self.suites, base=Path.cwd()), self.tags))
        cases = self._cases
        if first:
            self._known(opened)
        affected = self._affected(cases, opened, [] if first else saved)
        self._files, self._opened = files, opened
        self._pending = {case.id for case in affected}
        found = tuple(dict.fromkeys((*opened.check(), *opened.findings)))
        self.before = told_changes(found, self.before, ending="")
        if affected:
            self._bench = Bench.of(opened, after=self._bench)
            self._run(affected, self._bench, cases, started, first=first)
        elif first:
            self._tell_red(cases)
        else:
            console.print(Text("No case has to do with it.", style="dim"))
        if first:
            console.print(Text("Watching; end with Ctrl-C.", style="dim"))

    def _open(self, saved: Sequence[Path]) -> OpenShop:
        """The shop as it is now."""
        from convagent.reopening import reopen_shop
        from convagent.shop import open_shop

        known = self._opened
        return (
            open_shop(self.shop)
            if known is None
            else reopen_shop(known, [path for path in saved if not self._is_case(path)])
        )

    def _is_guide(self, path: Path) -> bool:
        known = self._opened
        return known is not None and path.suffix == ".md" and path.is_relative_to(
            self.shop / known.settings.guidance.folder
        )  # fmt: skip

    def _is_case(self, path: Path) -> bool:
        return any(path == suite or path.is_relative_to(suite) for suite in self.suites)

    def _known(self, opened: OpenShop) -> None:
        """Takes over what the kept logs say of the cases."""
        from convagent.evals.reached import read_reached

        found = read_reached(opened.index_dir)
        self.last, self._digests = dict(found.results), dict(found.digests)

    def _affected(self, cases: Sequence[Case], opened: OpenShop, saved: Sequence[Path]) -> list[Case]:
        """Cases to run, those that are red first."""
        from convagent.evals.reached import cases_of_guides
        from convagent.evals.run import guide_digests

        now, then = guide_digests(opened.files), self._digests
        self._digests = now
        known = self._opened
        whole = known is not None and (
            opened.kernel.nevers != known.kernel.nevers
            or not all(self._is_guide(path) or self._is_case(path) for path in saved)
        )
        changed = {title for title in {*now, *then} if now.get(title) != then.get(title)}
        reach = {case.id for case in cases_of_guides(cases, changed, self.last)} | self._pending
        chosen = [
            case for case in cases
            if whole or case.id in reach or case.id not in self.last or self.last[case.id].case.digest != case.digest
        ]  # fmt: skip
        return sorted(chosen, key=lambda case: case.id not in self.last or self.last[case.id].verdict not in _RED)

    def _run(
        self, affected: Sequence[Case], bench: Bench, cases: Sequence[Case], started: float, *, first: bool
    ) -> None:
        from convagent.cli.evals_show import show_failures
        from convagent.evals import RunSettings
        from convagent.evals.run import run_cases

        red: list[CaseResult] = []
        mended = 0
        if len(affected) > _MANY:
            gc.enable()
        for result in run_cases([(case, 0) for case in affected], bench, RunSettings()):
            name = result.case.id
            before = self.last.get(name)
            self.last[name] = result
            self._pending.discard(name)
            was = before is not None and before.verdict in _RED
            if result.verdict in _RED and not was:
                red.append(result)
            elif result.verdict not in _RED and was:
                mended += 1
                console.print(Text.assemble(("✓ mended ", "green"), (name, "bold")))
        if not first:
            show_failures(red, limit=_SHOWN, explain=False)
        took = time.perf_counter() - started
        console.print(
            f"{_count(len(affected))} run in {took:.1f} s: {len(red)} newly red, {mended} mended.", soft_wrap=True
        )
        self._tell_red(cases)

    def _tell_red(self, cases: Sequence[Case]) -> None:
        red = [case.id for case in cases if case.id in self.last and self.last[case.id].verdict in _RED]
        if not red:
            console.print(Text(f"Nothing is red of {_count(len(cases))}.", style="green"))
            return
        more = f" and {len(red) - _SHOWN} more" if len(red) > _SHOWN else ""
        console.print(
            Text(f"Red of {_count(len(cases))}: {', '.join(red[:_SHOWN])}{more}.", style="red"), soft_wrap=True
        )


def _count(cases: int) -> str:
    return f"{cases} case{'s' if cases != 1 else ''}"
