"""Whether probabilities mean what they say: reliability, expected calibration error, risk against coverage.

A point is one decision: how sure the engine was, and whether it was right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convagent.conversation import Turn
from convagent.evals import measures as m
from convagent.evals.cases import Expect
from convagent.evals.intervals import RESAMPLES, SEED, wilson
from convagent.evals.metrics.metric import Metric
from convagent.evals.results import CaseResult

__all__ = [
    "FORMULAS",
    "BinOfScores",
    "Point",
    "RiskAtCoverage",
    "answer_points",
    "calibration_metric",
    "expected_calibration_error",
    "guide_points",
    "reliability",
    "risk_coverage",
]

BINS = 10
_AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True)
class Point:
    """One decision.

    Attributes:
        score: How sure, 0 to 1.
        right: Whether it was right.
    """

    score: float
    right: bool


@dataclass(frozen=True, slots=True)
class BinOfScores:
    """One bar of a reliability diagram.

    Attributes:
        low: Where the bin begins; it belongs to it.
        high: Where it ends; it belongs to the next, 1 to the last.
        count: Points in it.
        score: Their mean score; None where there is none.
        right: The share that is right; None where there is none.
        interval: Wilson's, of that share.
    """

    low: float
    high: float
    count: int
    score: float | None = None
    right: float | None = None
    interval: tuple[float, float] | None = None

    def to_json(self) -> dict[str, Any]:
        """For logs and reports."""
        return {
            "low": round(self.low, 6), "high": round(self.high, 6), "count": self.count,
            "score": None if self.score is None else round(self.score, 6),
            "right": None if self.right is None else round(self.right, 6),
            "interval": None if self.interval is None else [round(end, 6) for end in self.interval],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class RiskAtCoverage:
    """One point of a risk-coverage curve.

    Attributes:
        threshold: What scores as much or more is taken.
        taken: How many points that are.
        wrong: How many of these are wrong.
        coverage: taken / all.
        risk: wrong / taken.
    """

    threshold: float
    taken: int
    wrong: int
    coverage: float
    risk: float


def reliability(points: Sequence[Point], *, bins: int = BINS) -> tuple[BinOfScores, ...]:
    """The bars of a reliability diagram: bins of equal width, each with its mean score and the share that is right.

    M. H. DeGroot and S. E. Fienberg, “The comparison and evaluation of forecasters”, The Statistician 32 (1983).

    Raises:
        ValueError: There is less than one bin.
    """
    if bins < 1:
        raise ValueError("there must be a bin")
    groups: list[list[Point]] = [[] for _ in range(bins)]
    for point in points:
        groups[_bin(point.score, bins)].append(point)
    made = []
    for number, group in enumerate(groups):
        low, high, count = number / bins, (number + 1) / bins, len(group)
        if not count:
            made.append(BinOfScores(low, high, 0))
            continue
        right = sum(point.right for point in group)
        score = sum(point.score for point in group) / count
        made.append(BinOfScores(low, high, count, score, right / count, wilson(right, count)))
    return tuple(made)


def expected_calibration_error(points: Sequence[Point], *, bins: int = BINS) -> float:
    """Σ over bins of (points in it / all) · |share that is right - mean score|: 0 is perfect, 1 the worst.

    M. P. Naeini, G. F. Cooper and M. Hauskrecht, “Obtaining well calibrated probabilities using Bayesian binning”, AAAI (2015);
    with bins of equal width as in C. Guo et al., “On calibration of modern neural networks”, ICML (2017).

    Raises:
        ValueError: There is no point.
    """
    if not points:
        raise ValueError("no points")
    bars = reliability(points, bins=bins)
    return sum(b.count * abs((b.right or 0) - (b.score or 0)) for b in bars) / len(points)


def risk_coverage(points: Sequence[Point]) -> tuple[RiskAtCoverage, ...]:
    """Risk against coverage at each score, from the surest on.

    Coverage is the share of points that are taken at a threshold, risk the share of these that is wrong. R. El-Yaniv and
    Y. Wiener, JMLR 11 (2010); Y. Geifman and R. El-Yaniv, “Selective classification for deep neural networks”, NIPS (2017).
    Points of one score are taken together.
    """
    ordered = sorted(points, key=lambda point: -point.score)
    curve, wrong = [], 0
    for taken, point in enumerate(ordered, 1):
        wrong += not point.right
        if taken == len(ordered) or ordered[taken].score != point.score:
            curve.append(RiskAtCoverage(point.score, taken, wrong, taken / len(ordered), wrong / taken))
    return tuple(curve)


# ---- the points of a run
def guide_points(results: Iterable[CaseResult]) -> list[Point]:
    """Of each turn that expects a guide, or none: how sure the likeliest guide was, and whether it is the one."""
    found = []
    for expect, _, request in _requests(results):
        if "guide" in expect.model_fields_set and request.get("ranked"):
            title, score = request["ranked"][0][0], request["ranked"][0][1]
            sure = max(float(score), float(request.get("probability") or 0) if request.get("guide") == title else 0.0)
            found.append(Point(min(1.0, max(0.0, sure)), title == expect.guide))
    return found


def answer_points(results: Iterable[CaseResult]) -> list[Point]:
    """Of each turn that no guide took: how sure it was that an article answers, and whether one is expected to.

    One is where citations are expected; none is where a handover is for want of knowledge, or because it is out of scope.
    """
    found = []
    for expect, _, request in _requests(results):
        outside = bool(expect.reason) and set(expect.reason) <= m.OUT_OF_SCOPE
        if (expect.cites or outside) and request.get("guide") is None and request.get("answerable") is not None:
            found.append(Point(min(1.0, max(0.0, float(request["answerable"]))), bool(expect.cites)))
    return found


def _requests(results: Iterable[CaseResult]) -> Iterator[tuple[Expect, Turn, dict[str, Any]]]:
    """The single request of each turn that was read as one, with what was expected of the turn."""
    for result in results:
        for wanted, turn in zip(result.case.turns, result.turns, strict=False):
            events = [event for event in turn.trace if event.kind == "understood"]
            requests: Sequence[dict[str, Any]] = (events[0].data.get("requests") or ()) if events else ()
            if len(requests) == 1:
                yield wanted.expect, turn, requests[0]


# ---- metrics
def guide_calibration_error(results: Sequence[CaseResult]) -> Metric | None:
    """Expected calibration error of guides' probabilities over turns that expect a guide or none; bars in the detail.

    Σ over ten bins of (turns in it / all) · |share that is right - mean probability|; M. P. Naeini et al., AAAI (2015).
    """
    return calibration_metric("guide_calibration_error", guide_points(results))


def answer_calibration_error(results: Sequence[CaseResult]) -> Metric | None:
    """Expected calibration error of articles' probabilities over turns that no guide took; bars in the detail.

    Right is an article where citations are expected, and none where `missing_knowledge` or `outside_scope` is.
    """
    return calibration_metric("answer_calibration_error", answer_points(results))


def calibration_metric(name: str, points: Sequence[Point]) -> Metric | None:
    """The expected calibration error of points as a metric, with the bootstrap's interval; the bars in the detail."""
    if not points:
        return None
    value = expected_calibration_error(points)
    low, high = _interval(points)
    bars = [bar.to_json() for bar in reliability(points) if bar.count]
    return Metric(name, value, min(low, value), max(high, value), len(points), {"bins": bars})


def _interval(points: Sequence[Point]) -> tuple[float, float]:
    """The percentile bootstrap's: points drawn again."""
    count = len(points)
    bins = np.array([_bin(point.score, BINS) for point in points])
    gaps = np.array([float(point.right) - point.score for point in points])
    sums: NDArray[np.float64] = np.zeros((count, BINS))
    sums[np.arange(count), bins] = gaps
    random, errors = np.random.default_rng(SEED), np.empty(RESAMPLES)
    step = max(1, _AT_ONCE // count)
    for start in range(0, RESAMPLES, step):
        rows = min(step, RESAMPLES - start)
        drawn = random.multinomial(count, np.full(count, 1 / count), size=rows)
        errors[start : start + rows] = np.abs(drawn @ sums).sum(axis=1) / count
    low, high = np.quantile(errors, (0.025, 0.975))
    return float(low), float(high)


def _bin(score: float, bins: int) -> int:
    return min(bins - 1, max(0, int(score * bins)))


FORMULAS = {formula.__name__: formula for formula in (guide_calibration_error, answer_calibration_error)}
