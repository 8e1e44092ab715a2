"""What conversations took: time, calls of a chat model, tokens, money."""

from __future__ import annotations

from collections.abc import Sequence

from convagent.evals.intervals import bootstrap_quantile, percentile
from convagent.evals.metrics.metric import Formula, Metric, mean
from convagent.evals.results import CaseResult
from convagent.models import ModelPrices

__all__ = ["FORMULAS", "cost_of"]


def model_calls(results: Sequence[CaseResult]) -> Metric | None:
    """Calls of a chat model / conversation, the mean."""
    return mean("model_calls", [float(sum(t.usage.model_calls for t in r.turns)) for r in results if r.turns])


def tokens(results: Sequence[CaseResult]) -> Metric | None:
    """Tokens that a chat model read and wrote / conversation, the mean; both apart in the detail."""
    read = [float(sum(t.usage.input_tokens for t in r.turns)) for r in results if r.turns]
    wrote = [float(sum(t.usage.output_tokens for t in r.turns)) for r in results if r.turns]
    detail = {"input": round(sum(read) / len(read), 6), "output": round(sum(wrote) / len(wrote), 6)} if read else None
    return mean("tokens", [one + other for one, other in zip(read, wrote, strict=True)], detail=detail)


def cost_of(results: Sequence[CaseResult], prices: ModelPrices | None = None) -> Metric | None:
    """(input tokens · price + output tokens · price) / conversation, the mean, at the prices of `[evals.prices]`.

    Unknown where tokens were used and no prices are given.
    """
    played = [r for r in results if r.turns]
    if prices is None:
        if any(t.usage.input_tokens or t.usage.output_tokens for r in played for t in r.turns):
            return None
        prices = ModelPrices(input=0, output=0)
    each = [
        sum(t.usage.input_tokens * prices.input + t.usage.output_tokens * prices.output for t in r.turns) / 1e6
        for r in played
    ]
    return mean("cost", each)


def _latency(share: float) -> Formula:
    name = f"latency_p{share * 100:g}_seconds"

    def formula(results: Sequence[CaseResult]) -> Metric | None:
        seconds = [turn.usage.seconds for result in results for turn in result.turns]
        if not seconds:
            return None
        value = percentile(seconds, share)
        low, high = bootstrap_quantile(seconds, share)
        return Metric(name, value, min(low, value), max(high, value), len(seconds))

    formula.__doc__ = f"The {share:.0%} quantile of the time that a turn takes inside the engine."
    return formula


FORMULAS: dict[str, Formula] = {
    "model_calls": model_calls,
    "tokens": tokens,
    "cost": cost_of,
    **{f"latency_p{share * 100:g}_seconds": _latency(share) for share in (0.5, 0.95, 0.99)},
}
