"""The hold-out group: drawn once for good, and what it tells of the assistant, with an honest interval."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.errors import ConvagentError
from convagent.insights.selling import (
    Uplift,
    bootstrap_difference,
    in_holdout,
    newcombe,
    selling_log,
    selling_report,
)
from convagent.settings import AttributionSettings
from convagent.shopping.selling_events import SellingEvent

START = datetime(2026, 6, 1, 12, tzinfo=UTC)


def event(kind: str, hours: float = 0.0, **rest: Any) -> SellingEvent:
    return SellingEvent.read({"kind": kind, "at": START + timedelta(hours=hours), **rest})


def measured(*events: SellingEvent, **rules: Any) -> Uplift | None:
    return selling_report(selling_log(events), AttributionSettings.model_validate(rules)).uplift


def group(side: str, visitors: int, buyers: int, *, value: int = 50) -> list[SellingEvent]:
    found = [event("visited", customer=f"{side}{n}", group=side) for n in range(visitors)]
    return found + [
        event("purchased", 1, customer=f"{side}{n}", order=f"{side}{n}", total=f"{value}.00 EUR") for n in range(buyers)
    ]


def test_newcombe_s_interval_is_that_of_his_paper() -> None:
    # R. G. Newcombe (1998), table II, method 10: 56/70 and 48/80; 9/10 and 3/10; 10/10 and 0/10
    for numbers, low, high in (
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((10, 10, 0, 10), 0.6075, 1.0),
    ):
        found = newcombe(*numbers)
        assert (round(found[0], 4), round(found[1], 4)) == (low, high)


@given(st.integers(1, 400), st.integers(1, 400), st.data())
def test_newcombe_s_interval_holds_the_difference_and_turns_with_the_groups(n: int, m: int, data: Any) -> None:
    a, b = data.draw(st.integers(0, n)), data.draw(st.integers(0, m))
    low, high = newcombe(a, n, b, m)
    assert -1 <= low <= a / n - b / m <= high <= 1
    assert list(newcombe(b, m, a, n)) == pytest.approx([-high, -low])


def test_the_bootstrap_s_interval_is_the_normal_one_for_many_values() -> None:
    random = np.random.default_rng(1)
    ours = np.where(random.random(4_000) < 0.1, random.gamma(2, 30, 4_000), 0.0)
    theirs = np.where(random.random(1_000) < 0.1, random.gamma(2, 30, 1_000), 0.0)
    low, high = bootstrap_difference(list(ours), list(theirs))
    spread = 1.96 * np.sqrt(ours.var() / len(ours) + theirs.var() / len(theirs))
    assert high - low == pytest.approx(2 * spread, rel=0.1)
    assert (low + high) / 2 == pytest.approx(ours.mean() - theirs.mean(), abs=spread / 4)
    assert bootstrap_difference(list(ours[::-1]), list(theirs)) == (low, high)
    assert bootstrap_difference([0, 0], [0]) == (0, 0)
    with pytest.raises(ValueError, match="no values"):
        bootstrap_difference([], [1.0])


def test_a_real_effect_is_found_and_none_is_not() -> None:
    found = measured(*group("assistant", 1_000, 120), *group("holdout", 1_000, 60))
    assert found is not None
    assert found.conversion.value == pytest.approx(0.06)
    assert found.conversion.is_sure
    assert found.revenue.value == pytest.approx(3.0)
    assert found.revenue.is_sure
    same = measured(*group("assistant", 1_000, 60), *group("holdout", 1_000, 60))
    assert same is not None
    assert not same.conversion.is_sure
    assert not same.revenue.is_sure


def test_everybody_counts_in_the_group_they_were_drawn_into() -> None:
    talks = event("conversation_started", 0.5, customer="holdout0", conversation="c")
    both = event("visited", 3, customer="assistant5", group="holdout")
    found = measured(*group("assistant", 10, 2), *group("holdout", 10, 1), talks, both)
    assert found is not None
    assert (found.assistant, found.holdout, found.mixed, found.met) == (9, 10, 1, 1)
    assert found.conversion.holdout == pytest.approx(0.1)


def test_orders_before_the_visit_and_of_strangers_don_t_count() -> None:
    early = event("purchased", -1, customer="holdout3", order="early", total="10.00 EUR")
    stranger = event("purchased", 1, customer="stranger", order="x", total="10.00 EUR")
    found = measured(*group("assistant", 10, 2), *group("holdout", 10, 1), early, stranger)
    assert found is not None
    assert found.conversion.holdout == pytest.approx(0.1)


def test_without_a_group_in_the_log_the_lot_of_the_settings_is_drawn_again() -> None:
    visits = [event("visited", customer=f"c{n}") for n in range(400)]
    assert measured(*visits) is None
    found = measured(*visits, holdout_share=0.25, holdout_salt="autumn")
    assert found is not None
    assert found.holdout == sum(in_holdout(f"c{n}", 0.25, "autumn") for n in range(400))
    assert found.holdout + found.assistant == 400


@given(st.text(min_size=1), st.floats(0, 1), st.floats(0, 1), st.text())
def test_the_lot_is_drawn_once_and_a_larger_share_takes_nobody_out(
    who: str, one: float, other: float, salt: str
) -> None:
    small, large = sorted((one, other))
    assert in_holdout(who, small, salt) == in_holdout(who, small, salt)
    assert in_holdout(who, large, salt) or not in_holdout(who, small, salt)
    assert not in_holdout(who, 0, salt)
    assert in_holdout(who, 1, salt)


def test_the_group_has_its_share_and_another_salt_draws_another_one() -> None:
    ids = [f"customer-{n}" for n in range(20_000)]
    first, second = ([in_holdout(each, 0.1, salt) for each in ids] for salt in ("a", "b"))
    assert sum(first) == pytest.approx(2_000, abs=150)
    together = sum(a and b for a, b in zip(first, second, strict=True))
    assert together == pytest.approx(200, abs=60)  # independent: a tenth of a tenth


@pytest.mark.parametrize(
    ("who", "share", "code"),
    [("", 0.1, "holdout-id"), ("c", 1.5, "holdout-share"), ("c", float("nan"), "holdout-share")],
)
def test_no_id_or_an_impossible_share_is_refused(who: str, share: float, code: str) -> None:
    with pytest.raises(ConvagentError) as raised:
        in_holdout(who, share, "x")
    assert raised.value.code == code
