"""What the report's pictures show, as places on paper; the template draws them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from convagent.evals import measures as m
from convagent.evals.metrics.calibration import (
    Point,
    answer_points,
    expected_calibration_error,
    guide_points,
    reliability,
    risk_coverage,
)
from convagent.evals.results import CaseResult

__all__ = ["Bar", "Calibration", "Matrix", "calibrations", "guide_matrix", "reason_matrix"]

SIDE = 240
"""Of the square in which a picture is drawn."""

_MOST_POINTS = 200
_CLOSE = 0.03
_WAYS = {True: "surer than it should be", False: "less sure than it could be"}
_MOST_ROWS = 30
_NONE = "(no handover)"
_OTHERS = "(others)"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a reliability diagram, in the picture's own units, y downwards.

    Attributes:
        x: Its left edge.
        width: Its width.
        top: Where it ends.
        low: Where the interval ends at the bottom.
        high: Where it ends at the top.
        told: The bar in words.
    """

    x: float
    width: float
    top: float
    low: float
    high: float
    told: str


@dataclass(frozen=True, slots=True)
class Calibration:
    """Whether a kind of decision is as sure as it should be.

    Attributes:
        title: Which decisions.
        question: What is asked of them.
        count: How many.
        error: Expected calibration error.
        verdict: What that means, in a sentence.
        bars: Of the reliability diagram.
        curve: Points of the risk-coverage curve, as `x,y x,y …`.
        highest: The risk at the upper edge of that picture.
        steps: Of the same curve, a few to read as a table: threshold, coverage, risk.
    """

    title: str
    question: str
    count: int
    error: float
    verdict: str
    bars: tuple[Bar, ...]
    curve: str
    highest: float
    steps: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """What was expected against what came.

    Attributes:
        rows: What was expected, and how often each column came.
        columns: What came.
        left_out: Rows without a mistake that are not shown.
        right: How many are as expected.
        total: How many there are.
    """

    rows: tuple[tuple[str, tuple[int, ...]], ...]
    columns: tuple[str, ...]
    left_out: int
    right: int
    total: int

    @property
    def mistakes(self) -> tuple[tuple[str, str, int], ...]:
        """What was expected, what came instead and how often, the most frequent first."""
        found = [
            (row, column, count)
            for row, counts in self.rows
            for column, count in zip(self.columns, counts, strict=True)
            if count and row != column
        ]
        return tuple(sorted(found, key=lambda each: (-each[2], each[0], each[1])))


def calibrations(results: Sequence[CaseResult]) -> tuple[Calibration, ...]:
    """The kinds of decisions of which something is known."""
    made = (
        _calibration("Choosing a guide", "When it is so sure of a guide, how often is it the right one?", guide_points(results)),
        _calibration(
            "Answering from an article", "When it is so sure that an article answers, how often does one?", answer_points(results)
        ),
    )  # fmt: skip
    return tuple(each for each in made if each is not None)


def _calibration(title: str, question: str, points: Sequence[Point]) -> Calibration | None:
    if not points:
        return None
    error, curve = expected_calibration_error(points), risk_coverage(points)
    right = sum(point.right for point in points) / len(points)
    sure = sum(point.score for point in points) / len(points)
    way = "as sure as it should be" if abs(sure - right) < _CLOSE else _WAYS[sure > right]
    verdict = (
        f"On average it is {sure:.0%} sure and right {right:.0%} of the time: {way}. "
        f"Its figures are off by {error:.0%} on average."
    )
    bars = []
    for each in reliability(points):
        if each.count and each.right is not None and each.score is not None and each.interval is not None:
            told = (
                f"{each.low:.0%} to {each.high:.0%} sure: {each.count} decisions, {each.right:.0%} right "
                f"(likely between {each.interval[0]:.0%} and {each.interval[1]:.0%})"
            )
            bars.append(
                Bar(
                    _at(each.low), _at(each.high - each.low), _down(each.right), _down(each.interval[0]),
                    _down(each.interval[1]), told,
                )
            )  # fmt: skip
    every = max(1, len(curve) // _MOST_POINTS)
    drawn = [*curve[::every], *(() if (len(curve) - 1) % every == 0 else curve[-1:])]
    highest = max(1, math.ceil(max(each.risk for each in curve) * 10)) / 10
    path = " ".join(f"{_at(each.coverage)},{_down(each.risk / highest)}" for each in drawn)
    wanted = [next(each for each in curve if each.coverage >= share - 1e-9) for share in (0.25, 0.5, 0.75, 1.0)]
    steps = tuple(
        (f"{each.threshold:.0%}", f"{each.coverage:.0%}", f"{each.risk:.1%}") for each in dict.fromkeys(wanted)
    )
    return Calibration(title, question, len(points), error, verdict, tuple(bars), path, highest, steps)


def guide_matrix(results: Sequence[CaseResult]) -> Matrix | None:
    """Guides that were expected against guides that were read; None where no turn expects one."""
    pairs = [(wanted or m.NO_GUIDE, got or m.NO_GUIDE) for wanted, got, _ in m.guides(results)]
    return _matrix(pairs)


def reason_matrix(results: Sequence[CaseResult]) -> Matrix | None:
    """Reasons of handovers that were expected against those that came; None where no turn says anything of it."""
    pairs = []
    for wanted, got in m.reasons(results):
        came = got or _NONE
        pairs.append((came if came in wanted else wanted[0] if wanted else _NONE, came))
    return _matrix(pairs)


def _matrix(pairs: Sequence[tuple[str, str]]) -> Matrix | None:
    if not pairs:
        return None
    counts: dict[str, dict[str, int]] = {}
    for wanted, got in pairs:
        row = counts.setdefault(wanted, {})
        row[got] = row.get(got, 0) + 1
    right = sum(row.get(name, 0) for name, row in counts.items())
    mixed = {name for name, row in counts.items() if set(row) != {name}}
    mixed |= {got for row in counts.values() for got in row if got not in counts}
    mixed |= {got for name, row in counts.items() for got in row if got != name}
    shown = sorted((name for name in counts if name in mixed), key=lambda name: (-_wrong(name, counts[name]), name))
    shown = sorted(shown[:_MOST_ROWS])
    kept = sorted({got for name in shown for got in counts[name]} | set(shown))
    frequent = sorted(kept, key=lambda got: (got not in shown, -sum(counts[n].get(got, 0) for n in shown), got))
    columns = sorted(frequent[:_MOST_ROWS])
    others = set(kept) - set(columns)
    rows = []
    for name in shown:
        figures = [counts[name].get(column, 0) for column in columns]
        rows.append((name, (*figures, sum(counts[name].get(o, 0) for o in others)) if others else tuple(figures)))
    names = (*columns, _OTHERS) if others else tuple(columns)
    return Matrix(tuple(rows), names, len(counts) - len(shown), right, len(pairs))


def _wrong(name: str, row: Mapping[str, int]) -> int:
    return sum(count for got, count in row.items() if got != name)


def _at(share: float) -> float:
    return round(share * SIDE, 2)


def _down(share: float) -> float:
    return round((1 - share) * SIDE, 2)
