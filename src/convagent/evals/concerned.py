"""Which cases an edit of guides has to do with: those of the guides that changed, and whether any other may come out otherwise.

A case hangs on the statements of the guides that it reads. Beyond that it hangs on what tells guides apart: which there are, what
customers say for them, who they are for, what they give one another, what kind of guide they are. Where none of that changed, a
guide that a case doesn't read is no matter to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from convagent.evals.cases import Case
from convagent.evals.expect import guides_of
from convagent.evals.results import CaseResult
from convagent.guidance.interpreter.kernel import Kernel
from convagent.hidden import handed_on
from convagent.understanding.guide_kinds import advising_guides, guide_kinds

__all__ = ["likeliest_first", "told_apart_by"]

_RED = frozenset({"fail", "error"})


def told_apart_by(kernel: Kernel) -> tuple[Any, ...]:
    """All of a shop's guides that conversations hang on which don't read them; equal where the edit of one concerns only its own.

    Args:
        kernel: The guides.
    """
    headers = tuple(
        (g.title, g.safeguard, g.each_time, g.gives, g.when, g.on, g.only_for, g.at_most, g.after)
        for g in kernel.guides
    )
    handed = handed_on(kernel)
    return headers, kernel.judgements, kernel.nevers, guide_kinds(kernel), advising_guides(kernel), handed


def likeliest_first(cases: Iterable[Case], changed: Iterable[str], results: Mapping[str, CaseResult]) -> list[Case]:
    """Cases in the order in which an edit is likely to turn them: the author hears soonest what matters.

    First those that are red, then those that expect a guide that changed, then those that read one, then by how probable one was
    held to be for a message; the shorter first among equals, and else as they stood.

    Args:
        cases: The cases.
        changed: Titles of the guides that changed.
        results: The last result of each case, by its id.
    """
    titles = frozenset(changed)

    def order(case: Case) -> tuple[bool, bool, bool, float, int]:
        last = results.get(case.id)
        if last is None:
            return (True, not titles & case.guides, True, 0.0, len(case.turns))
        read = any(titles.intersection(guides_of(turn)) for turn in last.turns)
        return (
            last.verdict not in _RED, not titles & case.guides, not read, -_nearness(last, titles), len(case.turns),
        )  # fmt: skip

    return sorted(cases, key=order)


def _nearness(result: CaseResult, titles: frozenset[str]) -> float:
    """How probable one of the guides was held to be at most, for a message of a conversation."""
    ranked = (
        (title, chance)
        for turn in result.turns
        for event in turn.trace
        if event.kind == "understood"
        for request in _requests(event.data)
        for title, chance in request.get("ranked") or ()
    )
    return max((float(chance) for title, chance in ranked if title in titles), default=0.0)


def _requests(data: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    found = data.get("requests")
    return found if isinstance(found, (list, tuple)) else ()
