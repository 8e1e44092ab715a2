"""How sure the figures of selling are: intervals of means, of ratios, and of differences between two groups."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from convagent.evals.intervals import RESAMPLES, SEED, Z_95, bootstrap_mean, wilson

__all__ = ["bootstrap_difference", "mean_interval", "newcombe", "ratio_interval"]

_MANY = 10_000
"""From so many values on means are as good as normal, and the interval is reckoned from their standard error."""

_AT_ONCE = 1_000_000


def mean_interval(values: Sequence[float]) -> tuple[float, float]:
    """The 95% interval of a mean: the percentile bootstrap's, of very many values the normal one, which is then the same.

    Args:
        values: At least one, in any order.

    Raises:
        ValueError: There is no value.
    """
    if len(values) <= _MANY:
        return bootstrap_mean(sorted(values))
    data = np.asarray(sorted(values))
    half = Z_95 * float(data.std(ddof=1)) / math.sqrt(len(data))
    return float(data.mean()) - half, float(data.mean()) + half


def ratio_interval(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The 95% interval of a ratio of sums, with the pairs drawn again; of very many, the delta method's normal one.

    B. Efron and R. Tibshirani, “An introduction to the bootstrap” (1993), chapter 8. The seed is fixed.

    Args:
        pairs: What each adds above and below the line, in any order.

    Raises:
        ValueError: The sum below the line isn't above zero.
    """
    data = np.asarray(sorted(pairs), dtype=np.float64).reshape(-1, 2)
    below = float(data[:, 1].sum())
    if below <= 0:
        raise ValueError("nothing is below the line")
    value = float(data[:, 0].sum()) / below
    if len(data) > _MANY:
        spread = float((data[:, 0] - value * data[:, 1]).std(ddof=1)) / math.sqrt(len(data)) / (below / len(data))
        return value - Z_95 * spread, value + Z_95 * spread
    random, drawn = np.random.default_rng(SEED), np.empty(RESAMPLES)
    step = max(1, _AT_ONCE // len(data))
    for start in range(0, RESAMPLES, step):
        rows = min(step, RESAMPLES - start)
        sums = data[random.integers(0, len(data), (rows, len(data)))].sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            drawn[start : start + rows] = sums[:, 0] / sums[:, 1]
    low, high = np.quantile(drawn[np.isfinite(drawn)], (0.025, 0.975))
    return float(low), float(high)


def newcombe(hits: int, count: int, other_hits: int, other_count: int) -> tuple[float, float]:
    """The 95% hybrid score interval of the difference of two independent shares, p1 - p2.

    d - √((p1 - l1)² + (u2 - p2)²) to d + √((u1 - p1)² + (p2 - l2)²), with Wilson's interval (l, u) of each share.
    R. G. Newcombe, “Interval estimation for the difference between independent proportions: comparison of eleven methods”,
    Statistics in Medicine 17 (1998), 873-890, method 10.

    Args:
        hits: Of the first group.
        count: Its size, 1 or more.
        other_hits: Of the second group.
        other_count: Its size, 1 or more.

    Raises:
        ValueError: The numbers can't be.
    """
    (low, high), (other_low, other_high) = wilson(hits, count), wilson(other_hits, other_count)
    share, other = hits / count, other_hits / other_count
    down = math.hypot(share - low, other_high - other)
    up = math.hypot(high - share, other - other_low)
    return max(-1.0, share - other - down), min(1.0, share - other + up)


def bootstrap_difference(
    values: Sequence[float], other: Sequence[float], *, resamples: int = RESAMPLES, seed: int = SEED
) -> tuple[float, float]:
    """The 95% percentile bootstrap interval of the difference of two means, each group drawn again by itself.

    B. Efron and R. Tibshirani, “An introduction to the bootstrap” (1993), chapter 8. Most visitors bring nothing: how many of a
    drawing do is drawn from the binomial distribution, and only those values are drawn one by one, which is the same.

    Args:
        values: Of the first group, at least one.
        other: Of the second.
        resamples: How many drawings.
        seed: Of the drawings; the same values give the same interval, in whatever order they stand.

    Raises:
        ValueError: A group is empty.
    """
    if not len(values) or not len(other):
        raise ValueError("no values")
    random = np.random.default_rng(seed)
    means = _means(np.sort(np.asarray(values, dtype=np.float64)), resamples, random)
    others = _means(np.sort(np.asarray(other, dtype=np.float64)), resamples, random)
    low, high = np.quantile(means - others, (0.025, 0.975))
    return float(low), float(high)


def _means(data: NDArray[np.float64], resamples: int, random: np.random.Generator) -> NDArray[np.float64]:
    worth = data[data != 0]
    if not len(worth):
        return np.zeros(resamples)
    counts = random.binomial(len(data), len(worth) / len(data), size=resamples)
    sums = np.zeros(resamples)
    begin = 0
    while begin < resamples:
        end = begin + 1
        drawn = int(counts[begin])
        while end < resamples and drawn + counts[end] <= _AT_ONCE:
            drawn += int(counts[end])
            end += 1
        values = worth[random.integers(0, len(worth), drawn)]
        owner = np.repeat(np.arange(end - begin), counts[begin:end])
        sums[begin:end] = np.bincount(owner, weights=values, minlength=end - begin)
        begin = end
    return sums / len(data)
