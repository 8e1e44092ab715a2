"""Which cases an edit of guides has to do with: those of the guides that changed, and whether any other may come out otherwise.

A case hangs on the statements of the guides that it reads. Beyond that it hangs on what tells guides apart: which there are, what
customers say for them, who they are for, what they give one another, what kind of guide they are. Where none of that changed, a
guide that a case doesn't read is no matter to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from convagent.evals.cases import Case
from convagent.evals.expect import guides_of
from convagent.evals.results import CaseResult
from convagent.guidance.interpreter.kernel import Guide, Kernel
from convagent.hidden import handed_on
from convagent.understanding.guide_kinds import advising_guides, guide_kinds

__all__ = ["ToldApart", "beside_examples", "likeliest_first", "told_apart_by", "without_examples"]

_RED = frozenset({"fail", "error"})


class ToldApart(NamedTuple):
    """What tells a shop's guides apart.

    Attributes:
        headers: Each guide without its statements.
        judgements: What authors taught of judgements.
        nevers: What holds for the whole shop.
        hangs_on_all: What is reckoned from all guides together.
    """

    headers: tuple[Guide, ...]
    judgements: tuple[Any, ...]
    nevers: tuple[Any, ...]
    hangs_on_all: tuple[Any, ...]


def told_apart_by(kernel: Kernel) -> ToldApart:
    """All of a shop's guides that conversations hang on which don't read them; equal where the edit of one concerns only its own.

    Args:
        kernel: The guides.
    """
    headers = tuple(replace(guide, file="", body=()) for guide in kernel.guides)
    return ToldApart(
        headers, kernel.judgements, kernel.nevers, (guide_kinds(kernel), advising_guides(kernel), handed_on(kernel))
    )


def beside_examples(apart: ToldApart) -> ToldApart:
    """What tells guides apart beside what customers say for them."""
    return apart._replace(
        headers=tuple(map(without_examples, apart.headers)),
        judgements=tuple(replace(each, examples=()) for each in apart.judgements),
    )


def without_examples(guide: Guide) -> Guide:
    """A guide without the messages that it is for."""
    return guide if guide.when is None else replace(guide, when=replace(guide.when, examples=()))


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
