"""How sure it is that two runs of the same cases differ: McNemar's exact test, and the paired bootstrap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from convagent.evals.intervals import RESAMPLES, SEED
from convagent.evals.metrics import METRICS
from convagent.evals.results import CaseResult

__all__ = ["Difference", "differences", "mcnemar"]

_RATIOS = (
    "pass_rate", "resolved", "resolved_well", "wrong_resolve_rate", "zero_touch", "billable", "handover_precision",
    "handover_recall", "handover_reason_accuracy", "premature_handovers", "missed_handovers", "guide_accuracy",
    "action_accuracy", "argument_accuracy", "unsafe_writes", "citation_accuracy", "citation_precision", "groundedness",
    "language_match", "tone", "retrieval_recall_at_5", "retrieval_mrr", "clarification_rate", "repeated_questions", "loops",
    "turns_per_conversation", "model_calls",
)  # fmt: skip
"""Metrics that are a sum over conversations over another: those that can be drawn again conversation by conversation."""

_AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True)
class Difference:
    """How far a metric moved.

    Attributes:
        name: The metric.
        base: Its value before.
        new: Its value now.
        low: The lower end of the 95% interval of new - base.
        high: The upper end.
    """

    name: str
    base: float
    new: float
    low: float
    high: float

    @property
    def is_sure(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {"base": round(self.base, 6), "new": round(self.new, 6), "difference": round(self.new - self.base, 6),
                "interval": [round(self.low, 6), round(self.high, 6)]}  # fmt: skip


def mcnemar(broken: int, mended: int) -> float:
    """The exact two-sided p-value of as many broken and mended cases, if either were as likely: min(1, 2·P(X ≤ min(b, m))).

    X is binomial with n = broken + mended and p = 1/2. Q. McNemar, “Note on the sampling error of the difference between
    correlated proportions”, Psychometrika 12 (1947), in its exact form. 1 where nothing changed.

    Raises:
        ValueError: A number is negative.
    """
    if broken < 0 or mended < 0:
        raise ValueError("counts can't be negative")
    count = broken + mended
    below = sum(math.comb(count, k) for k in range(min(broken, mended) + 1))
    return float(min(1.0, 2 * below / 2**count))


def differences(
    base: Sequence[CaseResult], new: Sequence[CaseResult], *, resamples: int = RESAMPLES, seed: int = SEED
) -> tuple[Difference, ...]:
    """How far each metric moved, with the paired percentile bootstrap's interval.

    Conversations are drawn again with replacement, each with its result before and its result now, so that what is hard in
    both runs doesn't blur the difference. B. Efron and R. Tibshirani, “An introduction to the bootstrap” (1993), chapter 8; for
    systems on the same test set P. Koehn, “Statistical significance tests for machine translation evaluation”, EMNLP (2004).

    Args:
        base: Results before.
        new: Results of the same cases, in the same order.
        resamples: How many drawings.
        seed: Of the drawings.
    """
    if len(base) != len(new):
        raise ValueError("these results are not of the same cases")
    found = []
    for name in _RATIOS:
        sums = np.array([[*_parts(name, one), *_parts(name, other)] for one, other in zip(base, new, strict=True)])
        whole = sums.sum(axis=0) if len(sums) else np.zeros(4)
        if not whole[1] or not whole[3]:
            continue
        before, after = float(whole[0] / whole[1]), float(whole[2] / whole[3])
        low, high = _interval(sums, resamples, seed)
        found.append(Difference(name, before, after, min(low, after - before), max(high, after - before)))
    return tuple(found)


def _parts(name: str, result: CaseResult) -> tuple[float, float]:
    """What one conversation adds above and below the line of a ratio."""
    metric = METRICS[name]([result])
    return (0.0, 0.0) if metric is None else (metric.value * metric.count, float(metric.count))


def _interval(sums: Any, resamples: int, seed: int) -> tuple[float, float]:
    if np.array_equal(sums[:, :2], sums[:, 2:]):
        return 0.0, 0.0
    random, count = np.random.default_rng(seed), len(sums)
    drawn = np.empty(resamples)
    step = max(1, _AT_ONCE // count)
    for start in range(0, resamples, step):
        rows = min(step, resamples - start)
        totals = random.multinomial(count, np.full(count, 1 / count), size=rows) @ sums
        with np.errstate(invalid="ignore", divide="ignore"):
            drawn[start : start + rows] = totals[:, 2] / totals[:, 3] - totals[:, 0] / totals[:, 1]
    low, high = np.quantile(drawn[np.isfinite(drawn)], (0.025, 0.975)) if np.isfinite(drawn).any() else (0.0, 0.0)
    return float(low), float(high)
