"""What reports say in place of the names that programs know."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from convagent.evals.coverage import COVERAGE_METRICS
from convagent.evals.metrics import METRICS, Metric

__all__ = [
    "NOT_SHARES",
    "check_label",
    "check_story",
    "clipped",
    "definition",
    "figure",
    "good_way",
    "interval",
    "title",
]

NOT_SHARES = frozenset({"turns_per_conversation", "model_calls", "tokens", "cost"})
"""Metrics that are figures of their own, neither shares nor times."""

_PLAIN = NOT_SHARES | {"out_of_scope_auroc", "out_of_scope_mcc", "retrieval_mrr", "retrieval_ndcg_at_10"}


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(files("convagent.evals.reports").joinpath("words.toml").read_text("utf-8"))


def title(name: str) -> str:
    """A metric in the words of somebody who runs a support team; its name where there are none."""
    known = _words()["metrics"].get(name)
    return str(known["title"]) if known else name.replace("_", " ").capitalize()


def good_way(name: str) -> str:
    """Which way is better: `high`, `low`, or `neither`."""
    known = _words()["metrics"].get(name)
    return str(known["good"]) if known else "neither"


def definition(name: str) -> str:
    """A metric's formula in one line; empty where there is no such metric."""
    if name in COVERAGE_METRICS:
        return COVERAGE_METRICS[name]
    return (METRICS[name].__doc__ or "").strip().split("\n", 1)[0] if name in METRICS else ""


def check_story(name: str) -> str:
    """What it means that a check fails."""
    return str(_words()["checks"].get(name, f"failed the check “{name}”"))


def check_label(name: str) -> str:
    """What a reader calls a check."""
    return str(_words()["labels"].get(name, name))


def figure(name: str, value: float) -> str:
    """A metric's value as a reader wants it: per cent, milliseconds or a plain figure."""
    if name.endswith("_seconds"):
        return f"{value * 1000:,.0f} ms"
    return f"{value:.3g}" if name in _PLAIN else f"{value:.1%}"


def interval(metric: Metric) -> str:
    """Where the true value lies 19 times out of 20; empty where that isn't known."""
    if metric.low is None or metric.high is None:
        return ""
    return f"{figure(metric.name, metric.low)} to {figure(metric.name, metric.high)}"


def clipped(text: str, longest: int) -> str:
    """A text of at most so many characters and a word on what is left out."""
    if len(text) <= longest:
        return text
    return f"{text[:longest]} … ({len(text) - longest:,} characters left out)"
