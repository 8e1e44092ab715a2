"""How sure a figure is: intervals for shares and for means, and pass^k."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "bootstrap_counts",
    "bootstrap_groups",
    "bootstrap_mean",
    "bootstrap_quantile",
    "mann_whitney",
    "pass_hat_k",
    "percentile",
    "wilson",
]

Z_95 = 1.959963984540054
"""The 97.5% quantile of the standard normal distribution: intervals cover 95%."""

RESAMPLES = 2_000
SEED = 20_260_616
_AT_ONCE = 1_000_000
"""Values that are drawn in one go."""


def wilson(hits: int, count: int, *, z: float = Z_95) -> tuple[float, float]:
    """The score interval of a share.

    Centre (p + z²/2n) / (1 + z²/n), half width z/(1 + z²/n) · √(p(1-p)/n + z²/4n²), with p = hits/count. E. B. Wilson,
    “Probable inference, the law of succession, and statistical inference”, JASA 22 (1927). It stays within 0 and 1 and
    holds for few cases and for shares near the ends, where the usual p ± z·√(p(1-p)/n) doesn't.

    Args:
        hits: 0 to `count`.
        count: 1 or more.
        z: Quantile of the normal distribution.

    Raises:
        ValueError: The numbers can't be.
    """
    if count < 1 or not 0 <= hits <= count:
        raise ValueError(f"{hits} of {count} is no share")
    share, over = hits / count, 1 + z * z / count
    centre = (share + z * z / (2 * count)) / over
    half = z / over * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return (0.0 if hits == 0 else max(0.0, centre - half), 1.0 if hits == count else min(1.0, centre + half))


def bootstrap_mean(values: Sequence[float], *, resamples: int = RESAMPLES, seed: int = SEED) -> tuple[float, float]:
    """The percentile bootstrap interval of a mean.

    The values are drawn again with replacement, as many as there are; of the means of all drawings, the 2.5% and 97.5%
    quantiles are taken. B. Efron, “Bootstrap methods: another look at the jackknife”, Annals of Statistics 7 (1979). The
    seed is fixed: the same values give the same interval.

    Raises:
        ValueError: There is no value.
    """
    if not values:
        raise ValueError("no values")
    data = np.asarray(values, dtype=np.float64)
    if len(data) == 1 or np.all(data == data[0]):
        return float(data[0]), float(data[0])
    random = np.random.default_rng(seed)
    means = np.empty(resamples)
    step = max(1, _AT_ONCE // len(data))
    for start in range(0, resamples, step):
        rows = min(step, resamples - start)
        means[start : start + rows] = data[random.integers(0, len(data), (rows, len(data)))].mean(axis=1)
    return _ends(means)


def bootstrap_counts(
    counts: Sequence[int],
    formula: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> tuple[float, float]:
    """The percentile bootstrap interval of a figure that is reckoned from how often each of a few things happened.

    To draw as many things again with replacement is to draw their counts from the multinomial distribution. Drawings for
    which the formula gives NaN are left out.

    Args:
        counts: How often each happened, at least one of them above 0.
        formula: From counts in the last axis to figures.
        resamples: How many drawings.
        seed: Of the drawings.

    Raises:
        ValueError: Nothing happened.
    """
    given = np.asarray(counts, dtype=np.int64)
    if given.sum() < 1:
        raise ValueError("no values")
    drawn = np.random.default_rng(seed).multinomial(given.sum(), given / given.sum(), size=resamples)
    figures = formula(drawn.astype(np.float64))
    return _ends(figures[~np.isnan(figures)])


def mann_whitney(high: Sequence[float], low: Sequence[float]) -> float:
    """The probability that one of `high` is above one of `low`, ties counting half: U / (n·m).

    H. B. Mann and D. R. Whitney, Annals of Mathematical Statistics 18 (1947). It is the area under the ROC curve.

    Raises:
        ValueError: Either is empty.
    """
    if not high or not low:
        raise ValueError("no values")
    below = np.sort(np.asarray(low, dtype=np.float64))
    left = np.searchsorted(below, high, side="left")
    right = np.searchsorted(below, high, side="right")
    return float((left + right).sum() / 2 / len(high) / len(low))


def bootstrap_groups(
    high: Sequence[float], low: Sequence[float], *, resamples: int = RESAMPLES, seed: int = SEED
) -> tuple[float, float]:
    """The percentile bootstrap interval of `mann_whitney`, each group drawn again by itself.

    Raises:
        ValueError: Either is empty.
    """
    random = np.random.default_rng(seed)
    above, below = np.asarray(high, dtype=np.float64), np.asarray(low, dtype=np.float64)
    if not len(above) or not len(below):
        raise ValueError("no values")
    drawn = (
        (above[random.integers(0, len(above), len(above))], below[random.integers(0, len(below), len(below))])
        for _ in range(resamples)
    )
    return _ends(np.array([mann_whitney([*one], [*other]) for one, other in drawn]))


def bootstrap_quantile(
    values: Sequence[float], share: float, *, resamples: int = RESAMPLES, seed: int = SEED
) -> tuple[float, float]:
    """The percentile bootstrap interval of a quantile.

    The k-th smallest of n values drawn again is the value at rank ⌈n·B⌉ with B from Beta(k, n + 1 - k), since the k-th
    smallest of n uniform numbers has that distribution: nothing has to be drawn value by value, nor sorted again.

    Raises:
        ValueError: There is no value.
    """
    if not values:
        raise ValueError("no values")
    data = np.sort(np.asarray(values, dtype=np.float64))
    rank = min(len(data), max(1, math.ceil(share * (len(data) - 1)) + 1))
    drawn = np.random.default_rng(seed).beta(rank, len(data) + 1 - rank, size=resamples)
    return _ends(data[np.minimum(len(data) - 1, np.floor(drawn * len(data)).astype(np.int64))])


def _ends(figures: NDArray[np.float64]) -> tuple[float, float]:
    low, high = np.quantile(figures, (0.025, 0.975))
    return float(low), float(high)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which a share of the values lies, linear between ranks (numpy's default, Hyndman and Fan's type 7).

    Raises:
        ValueError: There is no value.
    """
    if not values:
        raise ValueError("no values")
    return float(np.quantile(np.asarray(values, dtype=np.float64), share))


def pass_hat_k(passed: int, trials: int, k: int) -> float:
    """The probability that k trials of a case all pass, estimated without bias from more trials: C(passed, k) / C(trials, k).

    S. Yao et al., “τ-bench: a benchmark for tool-agent-user interaction in real-world domains” (2024), section 3.

    Raises:
        ValueError: k is not between 1 and `trials`, or more passed than were tried.
    """
    if not 1 <= k <= trials or not 0 <= passed <= trials:
        raise ValueError(f"pass^{k} can't be told from {passed} of {trials}")
    return math.comb(passed, k) / math.comb(trials, k)
