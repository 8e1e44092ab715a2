"""A shop and its cases between two saves: which cases a save has to do with, what came of them, what is still to be run."""

from __future__ import annotations

import gc
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from convagent.cli.guidance_watch import Stamps, stamps, told_changes
from convagent.cli.output import console
from convagent.errors import ConvagentError, GuidanceError

if TYPE_CHECKING:
    from collections import Counter

    from convagent.evals import Bench, Case, CaseResult
    from convagent.shop import OpenShop

__all__ = ["Rerun", "WatchedCases"]

ANSWER_SECONDS = 0.75
"""So long after a save its author hears how the cases stand, however many there are. The last one may take a little longer."""

_RED = frozenset({"fail", "error"})
_SHOWN = 5


@dataclass
class Rerun:
    """What a save has run again.

    Attributes:
        first: Whether it isn't a save but the beginning, when all is waited for and what is red is named, not shown.
        started: By `time.perf_counter`.
        concerned: Cases that the save has to do with, without those whose results stand.
        standing: Cases that it has to do with and in which customers are understood as before.
        others: Cases that may come out otherwise all the same, and those whose results stand for now.
        run: How many of the concerned, then of the others, were run.
        red: How many became red.
        mended: How many were red and aren't any more.
    """

    first: bool
    started: float = field(default_factory=time.perf_counter)
    concerned: int = 0
    standing: int = 0
    others: int = 0
    run: int = 0
    red: int = 0
    mended: int = 0


class WatchedCases:
    """A shop and its cases between two saves.

    Once nothing is saved and `go_on` gives false, every case's last result is what running all of them on the shop as it is
    would give.

    Args:
        shop: Its folder.
        suites: Files and folders of cases.
        tags: Which of the cases.
        roots: What is watched.
    """

    def __init__(self, shop: Path, suites: Sequence[Path], tags: Sequence[str], roots: Sequence[Path]) -> None:
        from convagent.evals.hearing_again import Standing

        self.shop, self.suites, self.tags, self.roots = shop, suites, tags, roots
        self.last: dict[str, CaseResult] = {}
        self.before: Counter[tuple[str, str, str]] | None = None
        self.opened: OpenShop | None = None
        self._bench: Bench | None = None
        self._cases: tuple[Case, ...] | None = None
        self._files: Stamps = frozenset()
        self._digests: dict[str, str] = {}
        self._apart: tuple[Any, ...] = ()
        """What tells the guides of `opened` apart."""
        self._same: set[str] = set()
        """Cases whose last result is of what they say now."""
        self._concerned: set[str] = set()
        self._others: set[str] = set()
        """Cases to run whose last result is of an older shop: since they have to do with an edit, or might."""
        self._queue: deque[Case] = deque()
        """Those that the save has to do with, then those of the others in which a customer may be understood otherwise."""
        self._unheard: deque[Case] = deque()
        """Others, in which nobody has looked yet whether customers are understood as before."""
        self._sure: deque[Case] = deque()
        """Others in which customers are understood as before: they are run last."""
        self._standing = Standing()
        self._untidy = False
        self.rerun = Rerun(first=True)
        self._ready = False
        """Whether all was done beforehand that a save would else have to wait for."""
        self._rehearsal = self._made_ready()

    def look(self) -> None:
        """Checks and runs what a save has to do with, as far as that is quick; `go_on` does the rest while nobody waits."""
        if self.opened is not None:
            gc.disable()  # to look through all that was opened takes longer than to check it
        self._untidy = True
        self._look()

    def waits(self) -> bool:
        """Whether cases are left that the author waits for: the save has to do with them."""
        return bool(self._queue) and self.rerun.run < self.rerun.concerned

    @property
    def left_standing(self) -> frozenset[str]:
        """Cases whose last result is taken for what running them would give, as customers are understood in them as before."""
        return frozenset(case.id for case in self._sure)

    def _tidy(self) -> None:
        """Keeps what was opened and lets go what isn't any more, once the author has been told all there is to wait for."""
        console.file.flush()
        self._untidy = False
        if self.opened is not None:
            self.opened.guidance.keep()  # for the next command
        gc.unfreeze()
        gc.enable()
        gc.collect()
        gc.freeze()  # what was opened stays: the collector need not look through it while cases run

    def go_on(self) -> bool:
        """Runs one more of the cases that are left, or makes ready for the first save; false when neither is left to do."""
        bench = self._bench
        if self._untidy and not self.waits():
            self._tidy()
        if self._queue and bench is not None:
            self._step(self._queue.popleft(), bench)
            return True
        if self._unheard and bench is not None:
            case = self._unheard.popleft()
            (self._sure if self._stands(case, bench) else self._queue).append(case)
            return True
        if self._sure and bench is not None:
            self._step(self._sure.popleft(), bench)
            return True
        if self._ready or self.opened is None:
            return False
        try:
            self._ready = next(self._rehearsal, True) is not None
        except ConvagentError:  # what can't be used is told by the save that needs it
            self._ready = True
        return not self._ready

    def _made_ready(self) -> Iterator[None]:
        """Does once what a save has done, in small steps, so that the first one takes no longer than the next."""
        from convagent.evals import Bench
        from convagent.evals.rehearsal import rehearse

        if self.opened is None or self._cases is None:
            return
        if self._bench is None:
            self._bench = _listening(Bench.of(self.opened))
            yield
        yield from rehearse(self._bench, self._cases, self.last)
        for case in self._cases:
            if case.id not in self._standing and self._bench is not None:  # a save may have run it meanwhile
                self._noted(case, self._bench)
                yield
        gc.collect()
        gc.freeze()

    def _look(self) -> None:
        from convagent.evals import Bench, load_cases, with_tags

        first = self.opened is None
        self.rerun = Rerun(first)
        for queue in (self._queue, self._unheard, self._sure):
            queue.clear()  # what is left of them is still noted down as to be run
        files = stamps(self.roots)
        saved = [Path(name) for name, _, _ in files ^ self._files]
        try:
            opened = self._open(saved)
        except GuidanceError as error:
            if not error.findings:
                raise
            from convagent.guidance.findings.finding import Finding

            unusable = told_changes([each for each in error.findings if isinstance(each, Finding)], None, ending="")
            if self.before is not None:  # what is mended with the next save is told as gone
                self.before |= unusable
            console.print(Text("No case runs until the errors are mended.", style="dim"))
            return
        if self._cases is None or any(map(self._is_case, saved)):
            self._cases = None  # a file at fault is told again with the next save, whatever that is of
            self._cases = tuple(with_tags(load_cases(self.suites, base=Path.cwd()), self.tags))
            self._same.clear()
        if first:
            self._known(opened)
        self._note(self._cases, opened, [] if first else saved)
        self._files, self.opened = files, opened
        found = tuple(dict.fromkeys((*opened.check(), *opened.findings)))
        self.before = told_changes(found, self.before, ending="")
        if self._queue or self._unheard:
            self._bench = _listening(Bench.of(opened, after=self._bench))
            if first:
                gc.freeze()
                gc.enable()
            self._leave_standing(self._bench)
            self._run_quickly(self._bench)
        if not self.rerun.concerned:
            if first:
                self._tell_red()
            elif self.rerun.standing:
                self._tell_standing()
                self._tell_red()
            else:
                console.print(Text("No case has to do with it.", style="dim"))
        if self.rerun.others:
            told = f"{_count(self.rerun.others, 'other case')} follow{'s' * (self.rerun.others == 1)}"
            console.print(Text(f"It also changed what tells guides apart: {told}.", style="dim"), soft_wrap=True)
        if first:
            console.print(Text("Watching; end with Ctrl-C.", style="dim"))

    def _open(self, saved: Sequence[Path]) -> OpenShop:
        """The shop as it is now."""
        from convagent.reopening import reopen_shop
        from convagent.shop import open_shop

        known = self.opened
        return (
            open_shop(self.shop)
            if known is None
            else reopen_shop(known, [path for path in saved if not self._is_case(path)])
        )

    def _is_guide(self, path: Path) -> bool:
        known = self.opened
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

    def _note(self, cases: Sequence[Case], opened: OpenShop, saved: Sequence[Path]) -> None:
        """Notes down which cases are to be run, and in which order: those that the save has to do with, then the others."""
        from convagent.evals.concerned import likeliest_first, told_apart_by
        from convagent.evals.reached import cases_of_guides
        from convagent.evals.run import guide_digests

        now, then = guide_digests(opened.files), self._digests
        self._digests = now
        known = self.opened
        whole = known is not None and (
            opened.kernel.nevers != known.kernel.nevers
            or not all(self._is_guide(path) or self._is_case(path) for path in saved)
        )
        changed = {title for title in {*now, *then} if now.get(title) != then.get(title)}
        concerned = {case.id for case in cases if whole or case.id in self._concerned or not self._is_known(case)}
        if changed:
            concerned |= {case.id for case in cases_of_guides(cases, changed, self.last)}
        others = set(self._others)
        apart, before = told_apart_by(opened.kernel), self._apart
        self._apart = apart
        if whole:
            self._standing.forget()
        self._standing.look_at(opened.kernel, apart)
        if known is not None and not whole and apart != before:
            others = {case.id for case in cases}
        self._concerned = concerned
        self._others = {case.id for case in cases if case.id in others and case.id not in concerned}
        self.rerun.concerned, self.rerun.others = len(concerned), len(self._others)
        if concerned:
            self._queue.extend(likeliest_first([case for case in cases if case.id in concerned], changed, self.last))
        self._unheard.extend(case for case in cases if case.id in self._others)

    def _is_known(self, case: Case) -> bool:
        """Whether there is a result of what a case says now."""
        if case.id in self._same:
            return True
        if case.id not in self.last or self.last[case.id].case.digest != case.digest:
            return False
        self._same.add(case.id)
        return True

    def _stands(self, case: Case, bench: Bench) -> bool:
        """Whether running a case again would give what it last gave, by what is understood in it now."""
        return self._standing.stands(case, self.last.get(case.id), bench.agent)

    def _leave_standing(self, bench: Bench) -> None:
        """Puts off cases whose results stand though the save has to do with them."""
        rerun = self.rerun
        standing = [case for case in self._queue if self._stands(case, bench)]
        names = {case.id for case in standing}
        if names:
            self._queue = deque(case for case in self._queue if case.id not in names)
        self._sure.extend(standing)
        self._concerned -= names
        self._others |= names
        rerun.standing = len(names)
        rerun.concerned, rerun.others = len(self._concerned), len(self._others)

    def _run_quickly(self, bench: Bench) -> None:
        """Runs the cases that the save has to do with, no longer than an author should have to wait."""
        rerun = self.rerun
        while rerun.run < rerun.concerned:
            self._step(self._queue.popleft(), bench)
            left = rerun.concerned - rerun.run
            if left and not rerun.first and time.perf_counter() - rerun.started > ANSWER_SECONDS:
                console.print(
                    f"{rerun.run} of {_count(rerun.concerned)} run in {self._took()}: {self._came()}; "
                    f"the other{'s' * (left > 1)} follow{'s' * (left == 1)}.",
                    soft_wrap=True,
                )
                return

    def _step(self, case: Case, bench: Bench) -> None:
        """Runs a case and tells what changed; after the last one, what came of all of them."""
        rerun = self.rerun
        self._noted(case, bench)
        rerun.run += 1
        if rerun.run == rerun.concerned:
            console.print(f"{_count(rerun.concerned)} run in {self._took()}: {self._came()}.", soft_wrap=True)
            if rerun.standing:
                self._tell_standing()
            self._tell_red()
        elif rerun.run == rerun.concerned + rerun.others:
            console.print(f"With {_count(rerun.others, 'other')}, in {self._took()}: {self._came()}.", soft_wrap=True)
            self._tell_red()

    def _noted(self, case: Case, bench: Bench) -> None:
        """Runs a case and tells whether it became red, or isn't any more."""
        from convagent.cli.evals_show import show_failures

        rerun, name = self.rerun, case.id
        result = bench.run(case)
        before = self.last.get(name)
        self.last[name] = result
        self._standing.note(result, bench.hearings or ())
        self._same.add(name)
        self._concerned.discard(name)
        self._others.discard(name)
        was = before is not None and before.verdict in _RED
        if result.verdict in _RED and not was:
            rerun.red += 1
            if not rerun.first and rerun.red <= _SHOWN:
                show_failures([result], limit=1, explain=False)
        elif result.verdict not in _RED and was:
            rerun.mended += 1
            console.print(Text.assemble(("✓ mended ", "green"), (name, "bold")))

    def _took(self) -> str:
        return f"{time.perf_counter() - self.rerun.started:.1f} s"

    def _tell_standing(self) -> None:
        """Why cases that the save has to do with weren't run, and what they are taken for until they are."""
        rerun = self.rerun
        more = "more " if rerun.concerned else ""
        within, stand = ("it", "its result stands") if rerun.standing == 1 else ("them", "their results stand")
        has = "have" if rerun.standing > 1 else "has"
        console.print(
            Text(
                f"{_count(rerun.standing, more + 'case')} {has} to do with it; customers are understood in {within} as before, "
                f"so {stand}.",
                style="dim",
            ),
            soft_wrap=True,
        )  # fmt: skip

    def _came(self) -> str:
        return f"{self.rerun.red} newly red, {self.rerun.mended} mended"

    def _tell_red(self) -> None:
        cases = self._cases or ()
        red = [case.id for case in cases if case.id in self.last and self.last[case.id].verdict in _RED]
        if not red:
            console.print(Text(f"Nothing is red of {_count(len(cases))}.", style="green"))
            return
        more = f" and {len(red) - _SHOWN} more" if len(red) > _SHOWN else ""
        console.print(
            Text(f"Red of {_count(len(cases))}: {', '.join(red[:_SHOWN])}{more}.", style="red"), soft_wrap=True
        )


def _listening(bench: Bench) -> Bench:
    bench.listen()
    return bench


def _count(number: int, what: str = "case") -> str:
    return f"{number} {what}{'s' if number != 1 else ''}"
