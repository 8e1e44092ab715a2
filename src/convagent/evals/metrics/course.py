"""How a conversation went: what the customer was asked, whether it got anywhere."""

from __future__ import annotations

from collections.abc import Sequence

from convagent.evals import measures as m
from convagent.evals.metrics.metric import Metric, mean, share
from convagent.evals.results import CaseResult

__all__ = ["FORMULAS"]


def clarification_rate(results: Sequence[CaseResult]) -> Metric | None:
    """Turns in which the agent asks for something other than a yes / turns of customers."""
    return share("clarification_rate", map(m.clarifies, m.customer_turns(results)))


def repeated_questions(results: Sequence[CaseResult]) -> Metric | None:
    """Turns that ask for what an earlier turn of the conversation asked for / turns that ask for something but a yes."""
    return share("repeated_questions", (again for r in results for again in m.asked_again(r)))


def loops(results: Sequence[CaseResult]) -> Metric | None:
    """Conversations in which two replies in a row have the same words / conversations of two replies or more."""
    return share("loops", (m.goes_in_circles(r) for r in results))


def turns_per_conversation(results: Sequence[CaseResult]) -> Metric | None:
    """Turns of customers / conversations, the mean."""
    return mean("turns_per_conversation", [float(len(list(m.customer_turns([r])))) for r in results if r.turns])


FORMULAS = {
    formula.__name__: formula for formula in (clarification_rate, repeated_questions, loops, turns_per_conversation)
}
