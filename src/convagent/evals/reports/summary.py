"""What every report is made of: the results of a run or a log, with figures, gates, coverage and, if wanted, a base."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from convagent.errors import EvalError
from convagent.evals.compare import Comparison
from convagent.evals.coverage import Coverage, coverage_of_log
from convagent.evals.gates import Gate
from convagent.evals.metrics import Metric, measure
from convagent.evals.reports.words import check_story
from convagent.evals.results import CaseResult

__all__ = ["Group", "RunSummary", "groups_of_failures", "severity", "story_of", "summarise"]

_ORDER = {"error": 0, "fail": 1, "unscored": 2, "pass": 3}


@dataclass(frozen=True)
class RunSummary:
    """What a report tells.

    Attributes:
        results: In the order of the suites.
        metrics: By name.
        gates: What had to be reached; empty where that isn't known.
        coverage: What was reached of the shop; None where the log doesn't say what there was to reach.
        comparison: With a base, where one was given.
        complete: Whether the run came to its end.
        stamp: The shop that decided.
    """

    results: tuple[CaseResult, ...]
    metrics: Mapping[str, Metric]
    gates: tuple[Gate, ...] = ()
    coverage: Coverage | None = None
    comparison: Comparison | None = None
    complete: bool = True
    stamp: str = ""
    counts: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        """Counts verdicts once."""
        counts = dict.fromkeys(("pass", "fail", "error", "unscored"), 0)
        for result in self.results:
            counts[result.verdict] += 1
        object.__setattr__(self, "counts", counts)

    @property
    def bad(self) -> tuple[CaseResult, ...]:
        """What fails or errs: errors first, each in the order of the suites."""
        return tuple(sorted((r for r in self.results if r.verdict in {"fail", "error"}), key=severity))

    @property
    def headline(self) -> str:
        """The whole in one sentence."""
        return headline(self.counts, len(self.results))


def headline(counts: Mapping[str, int], total: int) -> str:
    """The verdicts in one sentence."""
    if not total:
        return "Nothing was run."
    if counts["pass"] == total:
        return f"All {total} cases pass." if total > 1 else "The one case passes."
    told = [f"{counts['fail']} of {total} cases fail" if counts["fail"] else ""]
    told.append(f"{counts['error']} could not be judged because something broke" if counts["error"] else "")
    told.append(f"{counts['unscored']} can't be told" if counts["unscored"] else "")
    text = ", ".join(each for each in told if each)
    return f"{text}, {counts['pass']} pass." if counts["pass"] else f"{text}."


def summarise(
    results: Sequence[CaseResult], summary: Mapping[str, Any] | None, *, metrics: Mapping[str, Metric] | None = None,
    gates: Sequence[Gate] = (), comparison: Comparison | None = None,
) -> RunSummary:  # fmt: skip
    """What a report tells of a run or a log.

    Args:
        results: In the order of the suites.
        summary: The last line of the log; None where the run did not come to its end.
        metrics: Reckoned from the results where they aren't given.
        gates: What had to be reached.
        comparison: With a base.
    """
    try:
        coverage = coverage_of_log(results, summary)
    except EvalError:
        coverage = None
    return RunSummary(
        tuple(results), metrics if metrics is not None else measure(results), tuple(gates), coverage, comparison,
        summary is not None, str((summary or {}).get("stamp") or ""),
    )  # fmt: skip


def severity(result: CaseResult) -> int:
    """Where a result stands in a list that tells the worst first."""
    return _ORDER[result.verdict]


@dataclass(frozen=True, slots=True)
class Group:
    """Cases in which the same thing went wrong first.

    Attributes:
        story: What went wrong, in words that follow “the agent”.
        results: The cases, in the order of the suites.
    """

    story: str
    results: tuple[CaseResult, ...]


def groups_of_failures(results: Sequence[CaseResult]) -> tuple[Group, ...]:
    """What went wrong first in each case that fails or errs: what broke and what was changed unasked, then by how often."""
    found: dict[str, list[CaseResult]] = {}
    for result in results:
        if story := story_of(result):
            found.setdefault(story, []).append(result)
    grave = {check_story("error"), check_story("other writes")}
    made = [Group(story, tuple(cases)) for story, cases in found.items()]
    return tuple(sorted(made, key=lambda group: (group.story not in grave, -len(group.results), group.story)))


def story_of(result: CaseResult) -> str:
    """What went wrong first, in words that follow “the agent”; empty where nothing did. A write unasked for is told first."""
    if result.verdict == "error":
        return check_story("error")
    if result.verdict != "fail" or not result.failures:
        return ""
    failures = sorted(result.failures, key=lambda check: check.turn if check.turn is not None else 1_000)
    check = next((check for check in failures if check.name == "other writes"), failures[0])
    got = check.got.partition(" ")[0].rstrip(",")
    if check.name == "outcome" and check.expected in _ENDINGS and got in _ENDINGS:
        return f"{_ENDINGS[got]} where it should have {_ENDINGS[check.expected]}"
    return check_story(check.name)


_ENDINGS = {
    "Answered": "answered", "Asked": "asked the customer something", "HandedOver": "handed over", "Silent": "stayed silent",
}  # fmt: skip
