"""Whose reading of a message stands where the embedded parts and a model take it for different things.

The embedded parts give every guide a probability, and "none of them" the rest. A model gives a label, and nobody knows how
often it is right. By Bayes' rule, its word multiplies the odds of what it names against what they would take the message for:

    odds = p(what the model names) / p(what the embedded parts take it for) * weight of the model's word

A model that is right q times in 100 and otherwise names one of K others has a weight of q * K / (100 - q): 50 for 85 and nine.
So a model decides where they waver between several, and where they were mistaken with something near at hand; a guide that they
have good reason for isn't given up for one that nothing in the words speaks for: the customer is asked which of the two it is, as
wherever the odds are about even. A guide that they miss is what a model is asked for: where they find none, its word stands, but
for a general question that an article answers.
"""

from __future__ import annotations

from typing import Literal

from convagent.guidance.interpreter.requests import Request
from convagent.understanding.for_articles import SURE_ANSWER
from convagent.understanding.gist import asks_in_general

__all__ = ["Standing", "standing"]

Standing = Literal["model", "embedded", "ask"]

WORD, OF_NONE = 50.0, 20.0
"""The weight of a model's word for a guide, and for none. Tried on the demo shop's messages with simulated models that are right
30 to 100 times in 100: 20, 30, 50 and 15, 20, 30, 60."""

EVEN = 5.0
"""Odds between one to five and five to one are about even. Tried: 3, 5, 10, 20."""

LIKELY, UNLIKELY = 0.02, 0.01
"""Probabilities are taken to be at least so much: of what is among the likeliest, and of what is not. Tried: 0.001 to 0.02."""


def standing(request: Request, guide: str | None) -> Standing:
    """Whose word stands on a request that a model takes for something else than the embedded parts do.

    Args:
        request: By the embedded parts: the guides with their probabilities, and the one that they take it for.
        guide: Title of the guide that the model names; None for none of them.

    Returns:
        `ask` where both name a guide and it is about even.
    """
    if guide == request.label or (request.label is None and not _is_answered(request)):
        return "model"
    odds = _chance(request, guide) / _chance(request, request.label) * (OF_NONE if guide is None else WORD)
    if guide is not None and request.label is not None and 1 / EVEN < odds < EVEN:
        return "ask"
    return "model" if odds > 1 else "embedded"


def _is_answered(request: Request) -> bool:
    """Whether a general question is answered by an article."""
    return (request.answerable or 0.0) >= SURE_ANSWER and asks_in_general(request.text)


def _chance(request: Request, guide: str | None) -> float:
    """How probably a request means a guide, or none, by the embedded parts."""
    if guide is None:
        return max(LIKELY, 1.0 - sum(chance for _, chance in request.ranked))
    found = next((chance for title, chance in request.ranked if title == guide), 0.0)
    return max(LIKELY if found > 0 else UNLIKELY, found)
