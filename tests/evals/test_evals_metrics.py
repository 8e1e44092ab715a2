"""The figures, against hand-computed values and scipy's."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, bootstrap  # type: ignore[import-untyped]
from tests.evals.conftest import handed, result, turn

from convagent.evals import METRICS, CaseResult, measure
from convagent.evals.intervals import bootstrap_mean, pass_hat_k, percentile, wilson


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_s_interval_is_scipy_s(pair: tuple[int, int]) -> None:
    hits, count = pair
    ours = wilson(hits, count)
    theirs = binomtest(hits, count).proportion_ci(confidence_level=0.95, method="wilson")
    assert ours == pytest.approx((theirs.low, theirs.high), abs=1e-12)
    assert 0 <= ours[0] <= hits / count <= ours[1] <= 1


def test_the_bootstrap_is_the_same_each_time_and_near_scipy_s() -> None:
    values = [float(value) for value in np.random.default_rng(1).exponential(2, 80)]
    ours = bootstrap_mean(values)
    assert ours == bootstrap_mean(values)
    theirs = bootstrap(
        (values,), np.mean, method="percentile", n_resamples=20_000, rng=np.random.default_rng(2)
    ).confidence_interval
    assert ours == pytest.approx((theirs.low, theirs.high), abs=0.05)
    assert bootstrap_mean([3.0, 3.0]) == (3.0, 3.0)


def test_pass_hat_k_by_hand() -> None:
    assert pass_hat_k(3, 4, 1) == 0.75
    assert pass_hat_k(3, 4, 2) == pytest.approx(3 / 6)
    assert pass_hat_k(3, 4, 4) == 0
    assert pass_hat_k(4, 4, 4) == 1
    for wrong in ((3, 4, 5), (5, 4, 1), (0, 4, 0)):
        with pytest.raises(ValueError, match="can't be told"):
            pass_hat_k(*wrong)
    assert percentile([1, 2, 3, 4], 0.5) == 2.5


def value(name: str, results: list[CaseResult]) -> tuple[float, int]:
    metric = measure(results)[name]
    return round(metric.value, 4), metric.count


ANSWERED, ASKED, PERSON = {"outcome": "Answered"}, {"outcome": "Asked"}, {"outcome": "HandedOver"}


def some() -> list[CaseResult]:
    """Six conversations whose figures can be told by heart."""
    reply = {"text": "Done.", "language": "en"}
    spam = turn(outcome="Silent", outcome_details={"why": "spam"})
    held = turn(outcome="Silent", outcome_details={"why": "person_in_charge"})
    return [
        result([turn(reply=reply)], [ANSWERED], id="right"),
        result([turn(reply=reply)], [{"outcome": "HandedOver", "reason": "guidance"}], id="wrongly settled"),
        result([handed("upset_customer")], [{"reason": "guidance"}], id="other reason"),
        result([handed("guidance")], [ANSWERED], id="premature"),
        result([handed("guidance"), held], [{"reason": "guidance"}, {"outcome": "Silent"}], id="person in charge"),
        result([spam], [{"outcome": "Silent", "why": "spam"}], id="spam"),
    ]  # fmt: skip


def test_conversations_by_hand() -> None:
    assert value("resolved", some()) == (0.5, 6)  # right, wrongly settled, spam
    assert value("resolved_well", some()) == (round(2 / 6, 4), 6)
    assert value("wrong_resolve_rate", some()) == (round(1 / 3, 4), 3)
    assert value("zero_touch", some()) == (0.5, 6)
    assert value("billable", some()) == (round(2 / 6, 4), 6)
    assert value("pass_rate", some()) == (0.5, 6)


def test_a_colleague_who_writes_ends_resolved_and_zero_touch() -> None:
    person = turn(message={"author": "person", "text": "hello"}, outcome="Silent", outcome_details={"why": "thanks"})
    made = [result([turn(reply={"text": "x"}), person], [ANSWERED, {}])]
    assert value("resolved", made) == (0, 1)
    assert value("zero_touch", made) == (0, 1)


def test_handovers_by_hand() -> None:
    # expected: wrongly settled, other reason, person in charge; came: other reason, premature, person in charge
    assert value("handover_precision", some()) == (round(2 / 3, 4), 3)
    assert value("handover_recall", some()) == (round(2 / 3, 4), 3)
    assert value("handover_f1", some()) == (round(2 / 3, 4), 4)
    assert value("premature_handovers", some()) == (0.25, 4)
    assert value("missed_handovers", some()) == (round(1 / 3, 4), 3)
    assert value("handover_reason_accuracy", some()) == (0.5, 2)
    by_reason = measure(some())["handover_precision"].detail
    assert by_reason["guidance"] == {
        "expected": 3,
        "came": 2,
        "right": 1,
        "precision": 0.5,
        "recall": 0.333333,
        "f1": 0.4,
    }
    assert by_reason["upset_customer"] == {"expected": 0, "came": 1, "right": 0, "precision": 0.0, "f1": 0.0}


def test_guides_by_hand() -> None:
    def read(title: str) -> dict[str, Any]:
        return {"trace": [{"kind": "guide", "data": {"guide": title}}]}

    made = [
        result([turn(**read("A")), turn(**read("B")), turn()], [{"guide": "A"}, {"guide": "A"}, {"guide": "A"}]),
        result([turn(**read("B"))], [{"guide": None}]),
    ]  # fmt: skip
    assert value("guide_accuracy", made) == (0.25, 4)
    assert measure(made)["guide_accuracy"].detail["confusion"] == {
        "(no guide)": {"B": 1},
        "A": {"(no guide)": 1, "A": 1, "B": 1},
    }


def test_actions_by_hand() -> None:
    write = {"action": "refund", "kind": "write", "status": "done", "arguments": {"sum": "5"}}
    made = [
        result([turn(actions=[write])], [{"actions": {"action": "refund", "arguments": {"sum": 5}}}]),
        result([turn(actions=[write])], [{"actions": {"action": "refund", "arguments": {"sum": 6}}}]),
        result([turn()], [{"actions": "refund"}]),
    ]  # fmt: skip
    assert value("action_accuracy", made) == (round(2 / 3, 4), 3)
    assert value("argument_accuracy", made) == (0.5, 2)
    assert value("unsafe_writes", made) == (round(1 / 3, 4), 3)


def test_questions_and_circles_by_hand() -> None:
    def asks(*needs: str, text: str = "?") -> dict[str, Any]:
        return {"outcome": "Asked", "outcome_details": {"needs": needs}, "reply": {"text": text}}

    made = [
        result([turn(**asks("email")), turn(**asks("email")), turn(**asks("confirm:1", text="Sure?"))], [{}, {}, {}])
    ]
    assert value("clarification_rate", made) == (round(2 / 3, 4), 3)
    assert value("repeated_questions", made) == (0.5, 2)
    assert value("loops", made) == (1, 1)


def test_citations_languages_and_cost_by_hand() -> None:
    reply = {"text": "x", "language": "de", "citations": [{"article_id": "a", "title": "A", "passage": "p"}]}
    made = [
        result([turn(reply=reply, usage={"seconds": 0.5, "model_calls": 2})], [{"cites": ["a", "b"], "language": "de"}])
    ]
    assert value("citation_accuracy", made) == (0.5, 2)
    assert value("language_match", made) == (1, 1)
    assert value("model_calls", made) == (2, 1)
    assert value("latency_p95_seconds", made) == (0.5, 1)


def test_pass_hat_k_of_trials() -> None:
    good, bad = result([turn()], [ANSWERED]), result([turn()], [ASKED])
    assert "pass_hat_k" not in measure([good])
    metric = measure([good, bad.model_copy(update={"trial": 1, "case": good.case})])["pass_hat_k"]
    assert (metric.value, dict(metric.detail)) == (0, {"1": 0.5, "2": 0})


def test_every_metric_has_a_definition_and_nothing_is_told_of_nothing() -> None:
    assert all((formula.__doc__ or "").strip() for formula in METRICS.values())
    assert measure([]) == {}
    for metric in measure(some()).values():
        assert math.isfinite(metric.value)
        assert metric.low is None or metric.high is None or metric.low <= metric.value <= metric.high
