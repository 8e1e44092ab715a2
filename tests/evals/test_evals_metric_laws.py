"""Metrics by hand, by law, and against scipy: intervals, scope, replies, retrieval, cost, calibration."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu  # type: ignore[import-untyped]
from tests.evals.conftest import handed, result, turn

from convagent.evals import METRICS, CaseResult, measure
from convagent.evals.intervals import (
    bootstrap_counts,
    bootstrap_groups,
    bootstrap_mean,
    bootstrap_quantile,
    mann_whitney,
)
from convagent.evals.metrics import metrics_json
from convagent.evals.metrics.calibration import (
    Point,
    answer_points,
    expected_calibration_error,
    guide_points,
    reliability,
    risk_coverage,
)
from convagent.evals.metrics.handovers import _f1, _mcc
from convagent.evals.metrics.retrieval import ndcg, recall_at, reciprocal_rank
from convagent.evals.metrics.tone import flaws
from convagent.evals.results import Retrieved
from convagent.models import ModelPrices

SCORES = st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), min_size=1, max_size=30)


def value(name: str, results: list[CaseResult]) -> tuple[float, int]:
    metric = measure(results)[name]
    return round(metric.value, 4), metric.count


def understood(*, guide: str | None = None, p: float = 0.0, answerable: float = 0.0, **rest: Any) -> dict[str, Any]:
    request = {"guide": guide, "probability": p if guide else 0.0, "answerable": answerable, "ranked": [["A", p]]}
    return {"trace": [{"kind": "understood", "data": {"requests": [request], **rest}}]}


# ---- intervals
@given(SCORES, SCORES)
def test_the_area_under_the_curve_is_scipy_s_and_turns_round_with_its_sides(
    high: list[float], low: list[float]
) -> None:
    ours = mann_whitney(high, low)
    assert ours == pytest.approx(float(mannwhitneyu(high, low).statistic) / len(high) / len(low))
    assert ours + mann_whitney(low, high) == pytest.approx(1)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=40), st.sampled_from([0.05, 0.5, 0.95]))
def test_a_quantile_s_interval_lies_among_the_values(values: list[float], share: float) -> None:
    low, high = bootstrap_quantile(values, share)
    assert min(values) <= low <= high <= max(values)
    assert (low, high) == bootstrap_quantile(values[::-1], share)


def test_a_quantile_s_interval_is_that_of_drawing_again() -> None:
    values = [float(v) for v in np.random.default_rng(3).exponential(1, 101)]
    random = np.random.default_rng(4)
    drawn = [float(np.quantile(random.choice(values, len(values)), 0.5)) for _ in range(4_000)]
    assert bootstrap_quantile(values, 0.5) == pytest.approx(tuple(np.quantile(drawn, (0.025, 0.975))), abs=0.05)


def test_intervals_of_counts_and_of_groups_hold_the_figure_and_are_the_same_each_time() -> None:
    counts = (12, 3, 5)
    low, high = bootstrap_counts(counts, _f1)
    assert low < 24 / 27 < high
    assert (low, high) == bootstrap_counts(counts, _f1)
    one, other = [0.9, 0.8, 0.7, 0.4], [0.1, 0.2, 0.5, 0.3]
    low, high = bootstrap_groups(one, other)
    assert low <= mann_whitney(one, other) <= high <= 1
    assert (low, high) == bootstrap_groups(one, other)
    for wrong in (lambda: bootstrap_mean([]), lambda: mann_whitney([], [1]), lambda: bootstrap_counts((0,), _f1)):
        with pytest.raises(ValueError, match="no values"):
            wrong()


@given(st.tuples(*[st.integers(0, 30)] * 4))
def test_matthews_correlation_is_pearson_s(counts: tuple[int, int, int, int]) -> None:
    tp, fp, fn, tn = counts
    real, said = [1] * tp + [0] * fp + [1] * fn + [0] * tn, [1] * tp + [1] * fp + [0] * fn + [0] * tn
    told = float(_mcc(np.array(counts, dtype=float)))
    if len(set(real)) < 2 or len(set(said)) < 2:
        assert told == 0
    else:
        assert told == pytest.approx(float(np.corrcoef(real, said)[0, 1]))


# ---- scope
def test_scope_by_hand() -> None:
    answered, missing = {"outcome": "Answered"}, {"reason": "missing_knowledge"}
    made = [
        result([turn(**understood(answerable=0.9))], [answered], id="in"),
        result([turn(**understood(guide="A", p=0.6))], [answered], id="in by a guide"),
        result([handed("missing_knowledge").model_copy(update={"trace": turn(**understood(answerable=0.2)).trace})], [missing], id="out"),
        result([turn(**understood(answerable=0.7))], [missing], id="out, answered"),
    ]  # fmt: skip
    assert value("out_of_scope_auroc", made) == (0.75, 4)  # of four pairs one is the wrong way round
    assert value("out_of_scope_mcc", made) == (round(2 / math.sqrt(1 * 2 * 2 * 3), 4), 4)  # tp 1, fn 1, tn 2
    assert "out_of_scope_auroc" not in measure(made[:2])
    assert "out_of_scope_mcc" not in measure(made[:2])


# ---- replies
def cited(text: str, *passages: str, **rest: Any) -> dict[str, Any]:
    sources = [{"article_id": f"a{n}", "title": "T", "passage": p} for n, p in enumerate(passages)]
    return {"reply": {"text": text, "language": "en", "citations": sources}, **rest}


def test_groundedness_by_hand() -> None:
    made = [
        result(
            [
                turn(
                    "in 14 days?", **cited("30 days, €5, and 14 as you say. See https://x.example/a", "Within 30 days.")
                )
            ],
            [{}],
        )
    ]
    assert value("groundedness", made) == (0.5, 4)  # 30 and 14 are, 5 and the link aren't
    assert "groundedness" not in measure([result([turn(reply={"text": "5 days"})], [{}])])


def test_citations_count_both_ways() -> None:
    made = [result([turn(**cited("x", "p", "q"))], [{"cites": ["a0", "z"]}])]
    assert value("citation_accuracy", made) == (0.5, 2)
    assert value("citation_precision", made) == (0.5, 2)


def test_a_promise_needs_something_behind_it() -> None:
    said = {"text": "I have refunded your order."}
    done = {"action": "refund_order", "kind": "write", "status": "done"}
    assert value("unsupported_promises", [result([turn(reply=said)], [{}])]) == (1, 1)
    assert value("unsupported_promises", [result([turn(reply=said, actions=[done])], [{}])]) == (0, 1)
    quoted = cited("I have refunded your order.", "They write: I have refunded your order. Fine.")
    assert value("unsupported_promises", [result([turn(**quoted)], [{}])]) == (0, 1)
    assert "unsupported_promises" not in measure([result([turn()], [{}])])


@pytest.mark.parametrize(
    ("said", "upset", "found"),
    [
        ("I'm sorry, that should not happen.", 3, ()),
        ("Your parcel is on its way.", 2, ("passes over anger",)),
        ("Your parcel is on its way.", 1, ()),
        ("As I said, it is on its way!!", 0, ("shouts", "brushes off")),
        ("PLEASE read the page", 0, ("shouts",)),
        ("Use the code SAVE10", 0, ()),
        ("Wie bereits gesagt: Beruhigen Sie sich.", 0, ("brushes off",)),
        ("You should have your parcel by Friday.", 0, ()),
    ],
)
def test_tone_by_hand(said: str, upset: int, found: tuple[str, ...]) -> None:
    trace = [{"kind": "understood", "data": {"signals": {"upset": upset} if upset else {}}}]
    assert flaws(turn(reply={"text": said}, trace=trace)) == found


def test_tone_counts_replies_and_words_of_the_customer_may_be_repeated() -> None:
    made = [
        result(
            [turn("WHERE is it", reply={"text": "WHERE it is: here"}), turn(reply={"text": "Obviously!!"}), turn()],
            [{}] * 3,
        )
    ]
    assert value("tone", made) == (0.5, 2)
    assert measure(made)["tone"].detail == {"brushes off": 1, "shouts": 1}


def test_what_is_sold_out_counts_only_where_stock_is_known() -> None:
    shown = result([turn()], [{}])
    marks = [{"a": True}, {"a": True, "b": False}, {"a": None}, {}]
    made = [shown.model_copy(update={"stock": stock}) for stock in marks]
    assert value("out_of_stock_recommendations", made) == (0.5, 2)
    assert "out_of_stock_recommendations" not in measure(made[2:])


# ---- somebody else's records
def test_a_record_of_somebody_else_is_found_however_it_comes_up() -> None:
    def of(
        case: str, turns: list[Any], *, facts: dict[str, Any] | None = None, tags: tuple[str, ...] = ()
    ) -> CaseResult:
        made = result(turns, [{} for _ in turns], id=case)
        return made.model_copy(update={"case": made.case.model_copy(update={"facts": facts or {}, "tags": tags})})

    ada = {"customer": {"id": "C-1", "email": "ada@example.com"}}

    def write(customer: str, **rest: Any) -> dict[str, Any]:
        return {"action": "cancel", "kind": "write", "status": "done", "arguments": {"customer": customer}, **rest}

    find = {
        "action": "find",
        "kind": "lookup",
        "status": "done",
        "arguments": {"email": "bo@example.com"},
        "result": "C-2",
    }
    own = of("own", [turn(actions=[write("C-1")])], facts=ada)
    told = of("told", [turn("it's bo@example.com", actions=[find, write("C-2")])])
    other = of("other", [turn(actions=[write("C-2")])], facts=ada)
    unproven = of("unproven", [turn(actions=[write("C-1", preconditions=[{"name": "own record", "passed": False, "detail": ""}])])],
                  facts=ada)  # fmt: skip
    shows = of("shows", [turn(reply={"text": "It is ada@example.com."})], facts={"customer": {"id": "C-2"}})
    nothing = of("nothing", [turn()])
    for made, share in (([own], 0), ([own, told], 0), ([other], 1), ([unproven], 1), ([own, shows], 0.5)):
        assert value("foreign_records", made)[0] == share
    assert value("foreign_records", [shows]) == (0, 1)  # whose address it is can't be told then
    assert "foreign_records" not in measure([nothing])


# ---- retrieval
def test_retrieval_by_hand() -> None:
    found, relevant = ["x", "a", "y", "b"], frozenset({"a", "b"})
    assert [recall_at(k, found, relevant) for k in (1, 2, 4)] == [0, 0.5, 1]
    assert reciprocal_rank(found, relevant) == 0.5
    best = 1 + 1 / math.log2(3)
    assert ndcg(10, found, relevant) == pytest.approx((1 / math.log2(3) + 1 / math.log2(5)) / best)
    made = [
        result([turn()], [{"cites": ["a"]}]).model_copy(update={"retrieved": (Retrieved(turn=1, articles=("b", "a")),)}),
        result([turn()], [{"cites": ["a"]}]).model_copy(update={"retrieved": (Retrieved(turn=1, articles=()),)}),
    ]  # fmt: skip
    assert value("retrieval_mrr", made) == (0.25, 2)
    assert value("retrieval_recall_at_1", made) == (0, 2)
    assert value("retrieval_recall_at_3", made) == (0.5, 2)
    assert "retrieval_mrr" not in measure([result([turn()], [{}])])


NAMES = st.sampled_from("abcdefgh")


@given(st.lists(NAMES, max_size=8, unique=True), st.frozensets(NAMES, min_size=1), st.integers(1, 10))
def test_retrieval_stays_between_none_and_all_and_the_best_order_is_perfect(
    found: list[str], relevant: frozenset[str], k: int
) -> None:
    for figure in (recall_at(k, found, relevant), reciprocal_rank(found, relevant), ndcg(k, found, relevant)):
        assert 0 <= figure <= 1 + 1e-12
    assert recall_at(k, found, relevant) <= recall_at(k + 1, found, relevant)
    best = [*sorted(relevant), *(name for name in found if name not in relevant)]
    assert ndcg(k, best, relevant) == pytest.approx(1)
    assert reciprocal_rank(best, relevant) == 1


# ---- cost
def test_cost_by_hand_and_unknown_without_prices() -> None:
    usage = {"model_calls": 1, "input_tokens": 1000, "output_tokens": 200}
    made = [result([turn(usage=usage), turn(usage=usage)], [{}, {}]), result([turn()], [{}])]
    assert value("tokens", made) == (1200, 2)
    assert measure(made)["tokens"].detail == {"input": 1000, "output": 200}
    assert "cost" not in measure(made)
    cost = measure(made, prices=ModelPrices(input=2, output=10))["cost"]
    assert cost.value == pytest.approx((2000 * 2 + 400 * 10) / 1e6 / 2)
    assert value("cost", made[1:]) == (0, 1)  # no token costs nothing, whatever the prices


# ---- calibration
POINTS = st.lists(st.builds(Point, st.floats(0, 1), st.booleans()), min_size=1, max_size=40)


def test_calibration_by_hand() -> None:
    points = [Point(0.95, True), Point(0.95, True), Point(0.95, False), Point(0.15, False)]
    bars = reliability(points)
    assert [bar.count for bar in bars] == [0, 1, 0, 0, 0, 0, 0, 0, 0, 3]
    assert bars[9].score == pytest.approx(0.95)
    assert bars[9].right == pytest.approx(2 / 3)
    assert bars[0].right is None
    assert expected_calibration_error(points) == pytest.approx((3 * (0.95 - 2 / 3) + 0.15) / 4)
    curve = risk_coverage(points)
    assert [(at.threshold, at.taken, at.wrong) for at in curve] == [(0.95, 3, 1), (0.15, 4, 2)]
    with pytest.raises(ValueError, match="no points"):
        expected_calibration_error([])
    with pytest.raises(ValueError, match="bin"):
        reliability(points, bins=0)


@given(POINTS)
def test_calibration_s_laws(points: list[Point]) -> None:
    assert 0 <= expected_calibration_error(points) <= 1
    assert sum(bar.count for bar in reliability(points)) == len(points)
    curve = risk_coverage(points)
    assert curve[-1].coverage == 1
    assert curve[-1].risk == pytest.approx(sum(not p.right for p in points) / len(points))
    assert [at.threshold for at in curve] == sorted({p.score for p in points}, reverse=True)
    assert all(one.taken < other.taken and one.wrong <= other.wrong for one, other in pairwise(curve))
    exact = [Point(float(p.right), p.right) for p in points]
    assert expected_calibration_error(exact) == 0


def test_points_of_calibration_come_from_what_was_expected() -> None:
    made = [
        result([turn(**understood(guide="A", p=0.8))], [{"guide": "A"}]),
        result([turn(**understood(p=0.3))], [{"guide": None}]),
        result([turn(**understood(answerable=0.9))], [{"cites": ["a"]}]),
        result([turn(**understood(answerable=0.6))], [{"reason": "missing_knowledge"}]),
        result([turn(**understood(answerable=0.6))], [{"reason": "customer_request"}]),
    ]  # fmt: skip
    assert guide_points(made) == [Point(0.8, True), Point(0.3, False)]
    assert answer_points(made) == [Point(0.9, True), Point(0.6, False)]
    assert value("guide_calibration_error", made) == (0.25, 2)
    assert value("answer_calibration_error", made) == (0.35, 2)


# ---- all of them
def test_what_can_t_be_told_is_null_and_not_zero() -> None:
    told = metrics_json(measure([]))
    assert list(told) == list(METRICS)
    assert {str(metric) for metric in told.values()} == {"{'value': None, 'count': 0, 'interval': None}"}
    silent = metrics_json(measure([result([turn()], [{}])]))
    assert silent["guide_accuracy"]["value"] is None
    assert silent["resolved"]["value"] == 1


def test_every_metric_that_is_told_has_an_interval_around_it() -> None:
    usage = {"seconds": 0.25, "model_calls": 1}
    made = [
        result([turn(**understood(guide="A", p=0.7), usage=usage), handed()], [{"outcome": "Answered", "guide": "A"}, {"reason": "guidance"}]),
        result([handed()], [{"outcome": "Answered"}]),
    ]  # fmt: skip
    for metric in measure(made).values():
        assert metric.low is not None, metric.name
        assert metric.high is not None
        assert metric.low <= metric.value <= metric.high
