"""The figures of a run, each with its formula and how sure it is.

Shares have Wilson's interval, means the bootstrap's; counts, quantiles and F1 have none. A metric whose denominator is
zero is left out: nothing is known of it. Errors count as conversations that were not resolved; unscored cases count where
they say nothing else. A conversation ends with its last turn: whether the customer came back on the same request can't be seen in
a case, only in production.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from convagent.evals import measures as m
from convagent.evals.intervals import bootstrap_mean, pass_hat_k, percentile, wilson
from convagent.evals.results import CaseResult

__all__ = ["METRICS", "Metric", "measure"]


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
        data: dict[str, Any] = {"value": round(self.value, 6), "count": self.count}
        if self.low is not None and self.high is not None:
            data["interval"] = [round(self.low, 6), round(self.high, 6)]
        return {**data, "detail": dict(self.detail)} if self.detail else data


def measure(results: Sequence[CaseResult]) -> dict[str, Metric]:
    """All metrics of a run, by name, in the order of `METRICS`."""
    made = {name: formula(results) for name, formula in METRICS.items()}
    return {name: metric for name, metric in made.items() if metric is not None}


Formula = Callable[[Sequence[CaseResult]], "Metric | None"]


def _share(name: str, marks: Iterable[bool | None], *, detail: Mapping[str, Any] | None = None) -> Metric | None:
    """Hits / all, of those that can be told."""
    told = [mark for mark in marks if mark is not None]
    if not told:
        return None
    low, high = wilson(sum(told), len(told))
    return Metric(name, sum(told) / len(told), low, high, len(told), detail or {})


def _mean(name: str, values: Sequence[float]) -> Metric | None:
    if not values:
        return None
    low, high = bootstrap_mean(values)
    return Metric(name, sum(values) / len(values), low, high, len(values))


# ---- conversations
def pass_rate(results: Sequence[CaseResult]) -> Metric | None:
    """Passed / (passed + failed + errors)."""
    return _share("pass_rate", (r.verdict == "pass" for r in results if r.verdict != "unscored"))


def resolved(results: Sequence[CaseResult]) -> Metric | None:
    """Resolved conversations / all. Resolved: the last turn is Answered or Silent, nobody else wrote, no person is in charge.

    The share covers what the agent settled, rightly or wrongly: read it beside `wrong_resolve_rate`.
    """
    return _share("resolved", map(m.is_resolved, results))


def resolved_well(results: Sequence[CaseResult]) -> Metric | None:
    """Resolved conversations in which every expectation holds / all that have a verdict."""
    return _share(
        "resolved_well", (m.is_resolved(r) and r.verdict == "pass" for r in results if r.verdict != "unscored")
    )


def zero_touch(results: Sequence[CaseResult]) -> Metric | None:
    """Conversations in which no person took part and none was called / all."""
    return _share("zero_touch", map(m.is_zero_touch, results))


def billable(results: Sequence[CaseResult]) -> Metric | None:
    """Billable conversations / all. Billable: resolved, with a reply of the agent, neither spam nor left unanswered."""
    return _share("billable", map(m.is_billable, results))


def wrong_resolve_rate(results: Sequence[CaseResult]) -> Metric | None:
    """Resolved conversations in which an expectation fails / resolved conversations that have a verdict."""
    scored = (r for r in results if r.verdict in {"pass", "fail"} and m.is_resolved(r))
    return _share("wrong_resolve_rate", (r.verdict == "fail" for r in scored))


# ---- handovers
def handover_precision(results: Sequence[CaseResult]) -> Metric | None:
    """Handovers that were expected / handovers, over turns whose outcome is expected; by reason in the detail.

    For a reason r: handovers for r where r is expected / handovers for r, over turns that expect a reason or no handover.
    Precision, recall and F1 as in C. J. van Rijsbergen, “Information retrieval”, 2nd ed. (1979), chapter 7.
    """
    pairs = m.handovers(results)
    return _share("handover_precision", (wanted for wanted, got in pairs if got), detail=m.by_reason(results))


def handover_recall(results: Sequence[CaseResult]) -> Metric | None:
    """Expected handovers that came / expected handovers."""
    return _share("handover_recall", (got for wanted, got in m.handovers(results) if wanted))


def handover_f1(results: Sequence[CaseResult]) -> Metric | None:
    """2 · precision · recall / (precision + recall) of handovers = 2·tp / (2·tp + fp + fn)."""
    pairs = m.handovers(results)
    right, other = sum(w and g for w, g in pairs), sum(w != g for w, g in pairs)
    count = sum(w or g for w, g in pairs)
    return Metric("handover_f1", 2 * right / (2 * right + other), count=count) if count else None


def handover_reason_accuracy(results: Sequence[CaseResult]) -> Metric | None:
    """Handovers for the expected reason / handovers that came where a reason is expected."""
    return _share("handover_reason_accuracy", (got in wanted for wanted, got in m.reasons(results) if wanted and got))


def premature_handovers(results: Sequence[CaseResult]) -> Metric | None:
    """Turns that were handed over though something else is expected / turns that expect something else."""
    return _share("premature_handovers", (got for wanted, got in m.handovers(results) if not wanted))


def missed_handovers(results: Sequence[CaseResult]) -> Metric | None:
    """Turns that were not handed over though it is expected / turns that expect it."""
    return _share("missed_handovers", (not got for wanted, got in m.handovers(results) if wanted))


# ---- guidance and actions
def guide_accuracy(results: Sequence[CaseResult]) -> Metric | None:
    """Turns answered by the expected guide / turns that expect one; the detail is the confusion matrix, expected → got."""
    pairs = m.guides(results)
    matrix: dict[str, dict[str, int]] = {}
    for wanted, got, _ in pairs:
        row = matrix.setdefault(wanted or m.NO_GUIDE, {})
        row[got or m.NO_GUIDE] = row.get(got or m.NO_GUIDE, 0) + 1
    detail = {name: dict(sorted(row.items())) for name, row in sorted(matrix.items())}
    return _share("guide_accuracy", (right for _, _, right in pairs), detail={"confusion": detail} if detail else None)


def action_accuracy(results: Sequence[CaseResult]) -> Metric | None:
    """Expected calls whose action was called with the expected status / expected calls, whatever the arguments."""
    return _share("action_accuracy", (named for named, _ in m.calls(results)))


def argument_accuracy(results: Sequence[CaseResult]) -> Metric | None:
    """Expected calls with the expected arguments / expected calls whose action was called and that name arguments."""
    return _share("argument_accuracy", (right for named, right in m.calls(results) if named))


def unsafe_writes(results: Sequence[CaseResult]) -> Metric | None:
    """Conversations with a write that may have had an effect and that no expectation names / all. The aim is 0."""
    return _share("unsafe_writes", map(m.wrote_unsafely, results))


# ---- replies
def citation_accuracy(results: Sequence[CaseResult]) -> Metric | None:
    """Expected citations that are there / expected citations."""
    return _share("citation_accuracy", (c.passed for r in results for c in r.checks if c.name == "cites"))


def language_match(results: Sequence[CaseResult]) -> Metric | None:
    """Replies in the expected language / replies whose language is expected."""
    return _share("language_match", (c.passed for r in results for c in r.checks if c.name == "language"))


def clarification_rate(results: Sequence[CaseResult]) -> Metric | None:
    """Turns in which the agent asks for something other than a yes / turns of customers."""
    return _share("clarification_rate", map(m.clarifies, m.customer_turns(results)))


def repeated_questions(results: Sequence[CaseResult]) -> Metric | None:
    """Turns that ask for what an earlier turn of the conversation asked for / turns that ask for something but a yes."""
    return _share("repeated_questions", (again for r in results for again in m.asked_again(r)))


def loops(results: Sequence[CaseResult]) -> Metric | None:
    """Conversations in which two replies in a row have the same words / conversations of two replies or more."""
    return _share("loops", (m.goes_in_circles(r) for r in results))


# ---- cost
def turns_per_conversation(results: Sequence[CaseResult]) -> Metric | None:
    """Turns of customers / conversations, the mean."""
    return _mean("turns_per_conversation", [float(len(list(m.customer_turns([r])))) for r in results if r.turns])


def model_calls(results: Sequence[CaseResult]) -> Metric | None:
    """Calls of a chat model / conversation, the mean."""
    return _mean("model_calls", [float(sum(t.usage.model_calls for t in r.turns)) for r in results if r.turns])


def _latency(share: float) -> Formula:
    name = f"latency_p{share * 100:g}_seconds"

    def formula(results: Sequence[CaseResult]) -> Metric | None:
        seconds = [turn.usage.seconds for result in results for turn in result.turns]
        return Metric(name, percentile(seconds, share), count=len(seconds)) if seconds else None

    formula.__doc__ = f"The {share:.0%} quantile of the time that a turn takes inside the engine."
    return formula


def _pass_hat(results: Sequence[CaseResult]) -> Metric | None:
    """pass^k for the trials that were made: the mean over cases of C(passed, k) / C(trials, k), by k in the detail."""
    by_case: dict[str, list[bool]] = {}
    for result in results:
        if result.verdict != "unscored":
            by_case.setdefault(result.case.id, []).append(result.verdict == "pass")
    trials = min((len(marks) for marks in by_case.values()), default=0)
    if trials < 2:
        return None
    every = {
        str(k): sum(pass_hat_k(sum(marks), len(marks), k) for marks in by_case.values()) / len(by_case)
        for k in range(1, trials + 1)
    }
    low, high = bootstrap_mean([pass_hat_k(sum(marks), len(marks), trials) for marks in by_case.values()])
    return Metric("pass_hat_k", every[str(trials)], low, high, len(by_case), {k: round(v, 6) for k, v in every.items()})


METRICS: Mapping[str, Formula] = {
    **{
        formula.__name__: formula
        for formula in (
            pass_rate, resolved, resolved_well, zero_touch, billable, wrong_resolve_rate, handover_precision,
            handover_recall, handover_f1, handover_reason_accuracy, premature_handovers, missed_handovers, guide_accuracy,
            action_accuracy, argument_accuracy, unsafe_writes, citation_accuracy, language_match, clarification_rate,
            repeated_questions, loops, turns_per_conversation, model_calls,
        )
    },
    "pass_hat_k": _pass_hat,
    **{f"latency_p{share * 100:g}_seconds": _latency(share) for share in (0.5, 0.95, 0.99)},
}  # fmt: skip
"""Every metric by its name; the docstring is its definition."""
