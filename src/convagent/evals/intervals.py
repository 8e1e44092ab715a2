"""How sure a figure is: intervals for shares and for means, and pass^k."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

__all__ = ["bootstrap_mean", "pass_hat_k", "percentile", "wilson"]

Z_95 = 1.959963984540054
"""The 97.5% quantile of the standard normal distribution: intervals cover 95%."""

RESAMPLES = 2_000
SEED = 20_260_616


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
    for number in range(resamples):
        means[number] = data[random.integers(0, len(data), len(data))].mean()
    low, high = np.quantile(means, (0.025, 0.975))
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
