"""Confidence thresholds for a chosen rate of wrong resolutions, from what a suite of cases comes to without them.

For one threshold after the other the suite is run once with the threshold at zero, so that nothing is held back by it. Each
decision that it would have been asked about is then a point: how sure the engine was, and whether the turn came out as
expected. The lowest score is proposed from which on, of what is taken, no more is wrong than was chosen. What it would change
is not reckoned but run: the suite with the thresholds proposed, compared with the suite as it is.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from convagent.errors import EvalError
from convagent.evals.bench import Bench
from convagent.evals.cases import Case
from convagent.evals.compare import Comparison, Run, compare
from convagent.evals.intervals import SEED, wilson
from convagent.evals.metrics import Metric, measure
from convagent.evals.metrics.calibration import Point, risk_coverage
from convagent.evals.results import CaseResult
from convagent.shop import OpenShop

__all__ = ["THRESHOLDS", "Proposal", "Tuning", "propose", "tune"]

Threshold = Literal["guide_from", "answer_from"]

THRESHOLDS: tuple[Threshold, ...] = ("guide_from", "answer_from")
"""Settings of `[agent]`: from which probability on a guide is read, an article answers."""

_RESAMPLES = 500
_PLACES = 3

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A threshold.

    Attributes:
        name: The setting of `[agent]`.
        now: What it is.
        proposed: What it should be; None where no score is high enough, or nothing was there to learn from.
        interval: Of the proposed one, by the bootstrap.
        points: How many decisions it is learnt from.
        coverage: The share of them that is taken.
        risk: The share of these that is wrong.
        risk_interval: Wilson's.
    """

    name: Threshold
    now: float
    proposed: float | None = None
    interval: tuple[float, float] | None = None
    points: int = 0
    coverage: float = 0.0
    risk: float | None = None
    risk_interval: tuple[float, float] | None = None

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "now": self.now, "proposed": self.proposed, "points": self.points, "coverage": round(self.coverage, 6),
            "interval": _rounded(self.interval), "risk": None if self.risk is None else round(self.risk, 6),
            "risk_interval": _rounded(self.risk_interval),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tuning:
    """What tuning came to.

    Attributes:
        wrong_resolve_rate: The rate that was chosen.
        proposals: One for each threshold.
        before: Metrics as it is.
        after: Metrics with what is proposed; the same where nothing is.
        comparison: What it would change; None where nothing is proposed.
    """

    wrong_resolve_rate: float
    proposals: tuple[Proposal, ...]
    before: Mapping[str, Metric]
    after: Mapping[str, Metric]
    comparison: Comparison | None

    @property
    def changes(self) -> dict[str, float]:
        """The settings of `[agent]` that would change."""
        return {p.name: p.proposed for p in self.proposals if p.proposed is not None and p.proposed != p.now}

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        rates = {
            when: metrics["wrong_resolve_rate"].to_json() if "wrong_resolve_rate" in metrics else None
            for when, metrics in (("before", self.before), ("after", self.after))
        }
        return {
            "wrong_resolve_rate": {"chosen": self.wrong_resolve_rate, **rates},
            "thresholds": {proposal.name: proposal.to_json() for proposal in self.proposals},
            "comparison": self.comparison.to_json() if self.comparison is not None else None,
        }  # fmt: skip


def tune(
    cases: Sequence[Case], shop: OpenShop, *, wrong_resolve_rate: float = 0.02, progress: Progress | None = None
) -> Tuning:
    """Proposes thresholds.

    Args:
        cases: To learn from.
        shop: Opened; nothing is written to it.
        wrong_resolve_rate: Of what is taken, at most so much may be wrong, 0 to 1.
        progress: Called with how many cases are done, and how many there are at most.

    Raises:
        EvalError: `eval-empty`: there is no case; `eval-tune`: the rate is none.
    """
    if not 0 <= wrong_resolve_rate <= 1:
        raise EvalError("the wrong-resolve rate is a share: 0 to 1", code="eval-tune", remedy="Write 0.02 for 2%.")
    if not cases:
        raise EvalError("there is no case to learn from", code="eval-empty", remedy="Name suites of cases.")
    total, done = len(cases) * (2 + len(THRESHOLDS)), 0

    def run(settings: Mapping[str, float]) -> list[CaseResult]:
        nonlocal done
        bench, results = Bench.of(_with(shop, settings)), []
        for case in cases:
            results.append(bench.run(case))
            done += 1
            if progress is not None:
                progress(done, total)
        return results

    before, proposals = run({}), []
    changes: dict[str, float] = {}
    for name in THRESHOLDS:
        # What one threshold lets go of is the next one's to decide: each is learnt with those before it in place.
        points = list(_POINTS[name](run({**changes, name: 0.0})))
        now = float(getattr(shop.settings.agent, name))
        proposals.append(propose(name, now, points, wrong_resolve_rate=wrong_resolve_rate))
        proposed = proposals[-1].proposed
        if proposed is not None and proposed != now:
            changes[name] = proposed
    after = run(changes) if changes else before
    found = compare(Run(tuple(before), name="as it is"), Run(tuple(after), name="as proposed")) if changes else None
    return Tuning(wrong_resolve_rate, tuple(proposals), measure(before), measure(after), found)


def propose(name: Threshold, now: float, points: Sequence[Point], *, wrong_resolve_rate: float) -> Proposal:
    """The lowest threshold at which at most the chosen share of what is taken is wrong.

    It stands half way between the last score that is taken and the next below it. The interval says how much chance is in it:
    the middle 95% of the thresholds of as many points drawn again.

    Args:
        name: The setting.
        now: Its value.
        points: Decisions made without it.
        wrong_resolve_rate: The chosen share.
    """
    best = _threshold(points, wrong_resolve_rate)
    if best is None:
        return Proposal(name, now, points=len(points))
    threshold, taken, wrong = best
    random, drawn = np.random.default_rng(SEED), []
    for _ in range(_RESAMPLES):
        again = _threshold([points[int(i)] for i in random.integers(0, len(points), len(points))], wrong_resolve_rate)
        drawn.append(1.0 if again is None else again[0])
    low, high = (float(end) for end in np.quantile(np.asarray(drawn), (0.025, 0.975)))
    return Proposal(
        name, now, threshold, (min(low, threshold), max(high, threshold)), len(points),
        taken / len(points), wrong / taken, wilson(wrong, taken),
    )  # fmt: skip


def _threshold(points: Sequence[Point], rate: float) -> tuple[float, int, int] | None:
    """The threshold, how many points it takes, how many of these are wrong."""
    curve = risk_coverage(points)
    good = [place for place, at in enumerate(curve) if at.risk <= rate]
    if not good:
        return None
    at = curve[good[-1]]
    below = curve[good[-1] + 1].threshold if good[-1] + 1 < len(curve) else 0.0
    middle = round((at.threshold + below) / 2, _PLACES)
    return middle if below < middle <= at.threshold else at.threshold, at.taken, at.wrong


# ---- points
def _of_guides(results: Sequence[CaseResult]) -> Iterator[Point]:
    for request, right in _opened(results):
        if request.get("guide") is not None:
            yield Point(float(request.get("probability") or 0), right)


def _of_articles(results: Sequence[CaseResult]) -> Iterator[Point]:
    for request, right in _opened(results):
        if request.get("guide") is None and request.get("answerable") is not None:
            yield Point(float(request["answerable"]), right)


_POINTS: Mapping[Threshold, Callable[[Sequence[CaseResult]], Iterator[Point]]] = {
    "guide_from": _of_guides,
    "answer_from": _of_articles,
}


def _opened(results: Sequence[CaseResult]) -> Iterator[tuple[dict[str, Any], bool]]:
    """The first turn of each case that is read as one request, and whether all that it expects came."""
    for result in results:
        if not result.turns or result.error is not None:
            continue
        checks = [check.passed for check in result.checks if check.turn == 1]
        told = [passed for passed in checks if passed is not None]
        events = [event for event in result.turns[0].trace if event.kind == "understood"]
        requests: Sequence[dict[str, Any]] = (events[0].data.get("requests") or ()) if events else ()
        if told and len(requests) == 1 and result.turns[0].outcome.name != "Silent":
            yield requests[0], all(told)


def _with(shop: OpenShop, agent: Mapping[str, float]) -> OpenShop:
    """The opened shop with other thresholds; what was read of it is shared."""
    other = copy.copy(shop)
    settings = shop.settings
    other.settings = settings.model_copy(update={"agent": settings.agent.model_copy(update=dict(agent))})
    other.__dict__.pop("stamp", None)
    return other


def _rounded(ends: tuple[float, float] | None) -> list[float] | None:
    return None if ends is None else [round(end, 6) for end in ends]
