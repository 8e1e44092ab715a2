"""Intervals of means and ratios: the same for the same values, and no jump where very many values are reckoned otherwise."""

from __future__ import annotations

import numpy as np
import pytest

from convagent.insights.selling.intervals import mean_interval, ratio_interval


def test_very_many_pairs_get_the_interval_that_the_bootstrap_gives() -> None:
    random = np.random.default_rng(2)
    pairs = [(float(a * b), float(b)) for a, b in zip(random.random(10_050), random.gamma(2, 20, 10_050), strict=True)]
    low, high = ratio_interval(pairs)
    few_low, few_high = ratio_interval(pairs[:10_000])
    assert (high - low) == pytest.approx(few_high - few_low, rel=0.1)
    assert low < sum(a for a, _ in pairs) / sum(b for _, b in pairs) < high
    values = [a for a, _ in pairs]
    width, few = mean_interval(values), mean_interval(values[:10_000])
    assert (width[1] - width[0]) == pytest.approx(few[1] - few[0], rel=0.1)


def test_the_order_of_values_is_of_no_account_and_nothing_below_the_line_is_refused() -> None:
    pairs = [(1.0, 2.0), (0.0, 0.0), (5.0, 4.0)]
    assert ratio_interval(pairs) == ratio_interval(pairs[::-1])
    assert mean_interval([3.0, 1.0]) == mean_interval([1.0, 3.0])
    with pytest.raises(ValueError, match="below the line"):
        ratio_interval([(1.0, 0.0)])
    with pytest.raises(ValueError, match="no values"):
        mean_interval([])
