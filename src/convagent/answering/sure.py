"""How sure it is that a passage answers a question: the number that decides between answering and handing over."""

from __future__ import annotations

import math
from collections.abc import Sequence

from convagent.knowledge import Hit

__all__ = ["answer_probability", "features"]

_INTERCEPT, _COVERAGE, _SCORE = -6.63, 9.82, 9.06
"""Fitted by `benchmarks/answerable.py` on questions about the demo shop, answerable and not."""


def features(query: str, hits: Sequence[Hit]) -> tuple[float, float]:
    """What the probability rests on: how much of the question's words the best passage covers, and its score."""
    if not hits or not query.strip():
        return 0.0, 0.0
    return hits[0].coverage, hits[0].score


def answer_probability(query: str, hits: Sequence[Hit]) -> float:
    """The probability, 0 to 1, that the best passage answers the question.

    A logistic regression on `features`; nothing found is 0.
    """
    coverage, score = features(query, hits)
    if score <= 0:
        return 0.0
    return 1 / (1 + math.exp(-(_INTERCEPT + _COVERAGE * coverage + _SCORE * score)))
