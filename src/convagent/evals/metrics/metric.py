"""What a metric is, and how shares, means and other figures become one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convagent.evals.intervals import bootstrap_counts, bootstrap_mean, wilson
from convagent.evals.results import CaseResult

__all__ = ["Formula", "Metric", "mean", "of_counts", "share"]


@dataclass(frozen=True)
class Metric:
    """One figure.

    Attributes:
        name: Its name.
        value: The figure.
        low: The lower end of its 95% interval, where it has one.
        high: The upper end.
        count: How many conversations, turns or whatever it is of there are.
        detail: What it is made of: by reason, by guide.
    """

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    count: int = 0
    detail: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As it stands in the log; figures rounded to six places."""
        known = self.low is not None and self.high is not None
        data: dict[str, Any] = {
            "value": round(self.value, 6), "count": self.count,
            "interval": [round(self.low or 0.0, 6), round(self.high or 0.0, 6)] if known else None,
        }  # fmt: skip
        return {**data, "detail": dict(self.detail)} if self.detail else data


Formula = Callable[[Sequence[CaseResult]], Metric | None]
"""Reckons a metric; None where no result holds anything to reckon it from."""


def share(name: str, marks: Iterable[bool | None], *, detail: Mapping[str, Any] | None = None) -> Metric | None:
    """Hits / all, of those that can be told, with Wilson's interval."""
    told = [mark for mark in marks if mark is not None]
    if not told:
        return None
    low, high = wilson(sum(told), len(told))
    return Metric(name, sum(told) / len(told), low, high, len(told), detail or {})


def mean(name: str, values: Sequence[float], *, detail: Mapping[str, Any] | None = None) -> Metric | None:
    """The mean, with the bootstrap's interval."""
    if not values:
        return None
    low, high = bootstrap_mean(values)
    value = sum(values) / len(values)
    return Metric(name, value, min(low, value), max(high, value), len(values), detail or {})


def of_counts(
    name: str,
    counts: Sequence[int],
    formula: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    *,
    size: int | None = None,
) -> Metric | None:
    """A figure of how often each of a few things happened, such as F1, with the bootstrap's interval.

    Args:
        name: Its name.
        counts: How often each happened.
        formula: From counts, the last axis of the array, to figures; NaN where there is none.
        size: What the metric tells as its count; the sum by default.

    Returns:
        The metric, None where the formula gives none.
    """
    if not sum(counts):
        return None
    value = float(formula(np.asarray(counts, dtype=np.float64)))
    if np.isnan(value):
        return None
    low, high = bootstrap_counts(counts, formula)
    return Metric(name, value, min(low, value), max(high, value), sum(counts) if size is None else size)
