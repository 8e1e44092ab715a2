"""How sure it is that a passage answers a question: the number that decides between answering and handing over."""

from __future__ import annotations

import math
from collections.abc import Sequence

from convagent.knowledge import Hit

__all__ = ["answer_probability", "features"]

_WORDS = (-4.89, 3.78, 14.34)
"""Intercept, coverage, score. Fitted by `benchmarks/answerable.py` on questions, answerable and not."""

_MEANING = (-7.92, 3.64, 0.68, 12.23)
"""The same with nearness, where passages have vectors."""


def features(query: str, hits: Sequence[Hit]) -> tuple[float, ...]:
    """What the probability rests on: how much of the question's words the best passage covers, its score, its nearness.

    Of the nearness of passages of the best one's article the highest counts: what one says in the question's words another
    may say in its meaning. It is left out where passages have no vectors.
    """
    if not query.strip() or not hits:
        return 0.0, 0.0
    best = hits[0]
    if best.nearness is None:
        return best.coverage, best.score
    nearness = max(hit.nearness or 0.0 for hit in hits if hit.article_id == best.article_id)
    return best.coverage, best.score, nearness


def answer_probability(query: str, hits: Sequence[Hit]) -> float:
    """The probability, 0 to 1, that the best passage answers the question.

    A logistic regression on `features`; nothing found is 0.
    """
    found = features(query, hits)
    if found[1] <= 0:
        return 0.0
    weights = _MEANING if len(found) == 3 else _WORDS
    return 1 / (1 + math.exp(-(weights[0] + sum(w * value for w, value in zip(weights[1:], found, strict=True)))))
