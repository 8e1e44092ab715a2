"""The figures of a run, each with its formula and how sure it is.

Shares have Wilson's interval, everything else the bootstrap's, with a fixed seed. A metric that the results hold nothing to
reckon from is left out of `measure`, and null in a log: nothing is known of it, and that is not 0. Errors count as
conversations that were not resolved; unscored cases count where they say nothing else. A conversation ends with its last
turn: whether the customer came back on the same request can't be seen in a case, only in production.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from convagent.evals.metrics import calibration, conversations, cost, course, guidance, handovers, replies, retrieval
from convagent.evals.metrics.cost import cost_of
from convagent.evals.metrics.metric import Formula, Metric
from convagent.evals.results import CaseResult
from convagent.models import ModelPrices

__all__ = ["METRICS", "Formula", "Metric", "measure", "metrics_json"]

METRICS: Mapping[str, Formula] = {
    **conversations.FORMULAS, **handovers.FORMULAS, **guidance.FORMULAS, **replies.FORMULAS, **retrieval.FORMULAS,
    **calibration.FORMULAS, **course.FORMULAS, **cost.FORMULAS,
}  # fmt: skip
"""Every metric by its name; the docstring is its definition."""


def measure(results: Sequence[CaseResult], *, prices: ModelPrices | None = None) -> dict[str, Metric]:
    """All metrics of a run that can be told, by name, in the order of `METRICS`.

    Args:
        results: Of a run or a log.
        prices: Of the chat model, for `cost`.
    """
    made = {name: cost_of(results, prices) if name == "cost" else formula(results) for name, formula in METRICS.items()}
    return {name: metric for name, metric in made.items() if metric is not None}


def metrics_json(metrics: Mapping[str, Metric]) -> dict[str, dict[str, object]]:
    """Every metric as the log has it, in the order of `METRICS`: null where it isn't known."""
    unknown: dict[str, object] = {"value": None, "count": 0, "interval": None}
    return {name: metrics[name].to_json() if name in metrics else dict(unknown) for name in METRICS}
