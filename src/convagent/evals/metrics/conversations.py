"""How conversations ended: `docs/design.md` and the glossary of the engine say what resolved, zero-touch and billable mean."""

from __future__ import annotations

from collections.abc import Sequence

from convagent.evals import measures as m
from convagent.evals.intervals import bootstrap_mean, pass_hat_k
from convagent.evals.metrics.metric import Metric, share
from convagent.evals.results import CaseResult

__all__ = ["FORMULAS"]


def pass_rate(results: Sequence[CaseResult]) -> Metric | None:
    """Passed / (passed + failed + errors)."""
    return share("pass_rate", (r.verdict == "pass" for r in results if r.verdict != "unscored"))


def resolved(results: Sequence[CaseResult]) -> Metric | None:
    """Resolved conversations / all. Resolved: the last turn is Answered or Silent, nobody else wrote, no person is in charge.

    The share covers what the agent settled, rightly or wrongly: read it beside `wrong_resolve_rate`.
    """
    return share("resolved", map(m.is_resolved, results))


def resolved_well(results: Sequence[CaseResult]) -> Metric | None:
    """Resolved conversations in which every expectation holds / all that have a verdict."""
    return share(
        "resolved_well", (m.is_resolved(r) and r.verdict == "pass" for r in results if r.verdict != "unscored")
    )


def wrong_resolve_rate(results: Sequence[CaseResult]) -> Metric | None:
    """Resolved conversations in which an expectation fails / resolved conversations that have a verdict.

    The risk of selective prediction: of what the agent took upon itself, the share that it got wrong. R. El-Yaniv and
    Y. Wiener, “On the foundations of noise-free selective classification”, JMLR 11 (2010).
    """
    scored = (r for r in results if r.verdict in {"pass", "fail"} and m.is_resolved(r))
    return share("wrong_resolve_rate", (r.verdict == "fail" for r in scored))


def zero_touch(results: Sequence[CaseResult]) -> Metric | None:
    """Conversations in which no person took part and none was called / all."""
    return share("zero_touch", map(m.is_zero_touch, results))


def billable(results: Sequence[CaseResult]) -> Metric | None:
    """Billable conversations / all. Billable: resolved, with a reply of the agent, neither spam nor left unanswered."""
    return share("billable", map(m.is_billable, results))


def pass_hat(results: Sequence[CaseResult]) -> Metric | None:
    """pass^k for the trials that were made: the mean over cases of C(passed, k) / C(trials, k), by k in the detail.

    S. Yao et al., “τ-bench: a benchmark for tool-agent-user interaction in real-world domains” (2024), section 3.
    """
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


FORMULAS = {
    "pass_rate": pass_rate, "resolved": resolved, "resolved_well": resolved_well,
    "wrong_resolve_rate": wrong_resolve_rate, "zero_touch": zero_touch, "billable": billable, "pass_hat_k": pass_hat,
}  # fmt: skip
