"""Two logs, paired case by case; what can't be compared is refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from convagent.errors import EvalError
from convagent.evals.compare.changes import CaseChange, change_of
from convagent.evals.compare.significance import Difference, differences, mcnemar
from convagent.evals.results import CaseResult, read_log

__all__ = ["Comparison", "Run", "compare", "read_run"]

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Run:
    """A complete run.

    Attributes:
        results: In the order of the log.
        stamp: The shop that decided.
        guides: A hash of each guide by its title.
        name: What it is called: the log's path.
    """

    results: tuple[CaseResult, ...]
    stamp: str = ""
    guides: tuple[tuple[str, str], ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two runs of the same cases come to.

    Attributes:
        base: The run before.
        new: The run now.
        changes: Of each result, in the order of the new run.
        p_value: Of McNemar's exact test over cases that broke and cases that were mended.
        moved: Metrics, each before and now, with the interval of the difference.
        changed_guides: Titles of guides that are new, gone or worded otherwise.
        left_out: Ids of cases that were not compared, because only one run has them or in other words.
    """

    base: Run
    new: Run
    changes: tuple[CaseChange, ...]
    p_value: float
    moved: tuple[Difference, ...]
    changed_guides: tuple[str, ...]
    left_out: tuple[str, ...] = ()

    @property
    def broken(self) -> tuple[CaseChange, ...]:
        """What is newly broken: errors first, then what fails."""
        return (*self._of("errs"), *self._of("broken"))

    @property
    def broken_alike(self) -> tuple[tuple[CaseChange, ...], ...]:
        """What is newly broken, with what broke in the same way together, in the order of the first of each."""
        groups: dict[tuple[str, ...], list[CaseChange]] = {}
        for change in self.broken:
            groups.setdefault(change.cause, []).append(change)
        return tuple(map(tuple, groups.values()))

    @property
    def mended(self) -> tuple[CaseChange, ...]:
        """What is newly mended."""
        return self._of("mended")

    @property
    def different(self) -> tuple[CaseChange, ...]:
        """What comes out otherwise, though no better and no worse."""
        return self._of("differs")

    def _of(self, kind: str) -> tuple[CaseChange, ...]:
        return tuple(change for change in self.changes if change.kind == kind)

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "base": {"log": self.base.name, "stamp": self.base.stamp},
            "new": {"log": self.new.name, "stamp": self.new.stamp}, "results": len(self.changes),
            "broken": [change.to_json() for change in self.broken],
            "mended": [change.to_json() for change in self.mended],
            "different": [change.to_json() for change in self.different], "p_value": round(self.p_value, 6),
            "metrics": {moved.name: moved.to_json() for moved in self.moved},
            "changed_guides": list(self.changed_guides), "left_out": list(self.left_out),
        }  # fmt: skip


def read_run(path: Path) -> Run:
    """A complete run from its log.

    Raises:
        EvalError: `eval-log`: it can't be read, or is of another version; `eval-compare`: the run was not complete.
    """
    results, summary = read_log(path)
    if summary is None:
        raise EvalError(
            "this log is of a run that was not complete: it has no last line with the summary", code="eval-compare",
            place=path, remedy="Run the suite again; an interrupted run goes on where it stopped.",
        )  # fmt: skip
    guides = summary.get("guides")
    digests = tuple(sorted((str(k), str(v)) for k, v in guides.items())) if isinstance(guides, dict) else ()
    return Run(tuple(results), str(summary.get("stamp", "")), digests, str(path))


def compare(base: Run, new: Run, *, common_only: bool = False) -> Comparison:
    """Compares two runs of the same cases.

    Args:
        base: Before.
        new: Now.
        common_only: Compares what both runs have in the same words, and leaves out the rest.

    Raises:
        EvalError: `eval-compare`: the runs are not of the same cases, or have none in common.
    """
    before = {result.key: result for result in base.results}
    now = {result.key: result for result in new.results}
    alone = {key[0] for key in before.keys() ^ now.keys()}
    reworded = {key[0] for key in before.keys() & now.keys() if before[key].case.digest != now[key].case.digest}
    if not common_only:
        _refuse(before.keys() - now.keys(), "only the base has", new=False)
        _refuse(now.keys() - before.keys(), "only the new run has", new=True)
        if reworded:
            raise EvalError(
                f"the runs are not of the same cases: {_named(reworded)} say something else by now", code="eval-compare",
                remedy="Run today's cases on the shop as it was, or compare what both have alike with --common.",
            )  # fmt: skip
    keys = [key for key in now if key in before and key[0] not in reworded]
    if not keys:
        raise EvalError(
            "the runs have no case in common", code="eval-compare", remedy="Name two logs of the same suites."
        )
    pairs = [(before[key], now[key]) for key in keys]
    changes = tuple(change_of(one, other) for one, other in pairs)
    broken = sum(change.kind in {"broken", "errs"} for change in changes)
    mended = sum(change.kind == "mended" for change in changes)
    then, today = dict(base.guides), dict(new.guides)
    return Comparison(
        base, new, changes, mcnemar(broken, mended),
        differences([one for one, _ in pairs], [other for _, other in pairs]),
        tuple(sorted(title for title in {*then, *today} if then.get(title) != today.get(title))),
        tuple(sorted(alone | reworded)),
    )  # fmt: skip


def _refuse(keys: Iterable[tuple[str, int]], who: str, *, new: bool) -> None:
    lost = sorted({key[0] for key in keys})
    if lost:
        raise EvalError(
            f"the runs are not of the same cases: {who} {_named(lost)}", code="eval-compare",
            remedy=("Run them on the shop as it was, too" if new else "Run the same suites again")
            + ", or compare what both have alike with --common.",
        )  # fmt: skip


def _named(names: Iterable[str]) -> str:
    every: Sequence[str] = sorted(names)
    more = f" and {len(every) - _NAMED} more" if len(every) > _NAMED else ""
    return ", ".join(every[:_NAMED]) + more
