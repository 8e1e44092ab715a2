"""What metrics count: marks of conversations and turns, one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from convagent.conversation import Answered, Asked, HandedOver, Silent, Turn
from convagent.evals.calls import fits, unexpected_writes
from convagent.evals.cases import Expect
from convagent.evals.expect import guide_of, guides_of
from convagent.evals.results import CaseResult

__all__ = [
    "NO_GUIDE",
    "asked_again",
    "by_reason",
    "calls",
    "clarifies",
    "customer_turns",
    "goes_in_circles",
    "guides",
    "handovers",
    "is_billable",
    "is_resolved",
    "is_zero_touch",
    "reasons",
    "scope",
    "shows_sold_out",
    "sureness",
    "wrote_unsafely",
]

NO_GUIDE = "(no guide)"

OUT_OF_SCOPE = frozenset({"missing_knowledge", "outside_scope"})
"""Reasons of handovers that say that the shop has nothing for a request."""


# ---- conversations
def is_resolved(result: CaseResult) -> bool:
    """The last turn is Answered or Silent, nobody else wrote, and no person is in charge."""
    if not result.turns or result.verdict == "error" or any(t.message.author == "person" for t in result.turns):
        return False
    last = result.turns[-1].outcome
    return isinstance(last, Answered) or (isinstance(last, Silent) and last.why != "person_in_charge")


def is_zero_touch(result: CaseResult) -> bool:
    """No person took part and none was called."""
    touched = any(t.message.author == "person" or isinstance(t.outcome, HandedOver) for t in result.turns)
    return bool(result.turns) and result.verdict != "error" and not touched


def is_billable(result: CaseResult) -> bool:
    """Resolved, with a reply of the agent, neither spam nor left unanswered."""
    left = any(isinstance(t.outcome, Silent) and t.outcome.why in {"spam", "no_answer"} for t in result.turns)
    return is_resolved(result) and not left and any(t.reply is not None for t in result.turns)


def wrote_unsafely(result: CaseResult) -> bool:
    """A write that may have had an effect and that no expectation of the case names."""
    expects = [turn.expect for turn in result.case.turns]
    return bool(unexpected_writes(expects, result.case.expect, [turn.actions for turn in result.turns]))


def shows_sold_out(result: CaseResult) -> bool | None:
    """Whether a product is shown that can't be bought; None where none is shown of which that is known."""
    told = [stock for stock in result.stock.values() if stock is not None]
    return not all(told) if told else None


def goes_in_circles(result: CaseResult) -> bool | None:
    """Whether two replies in a row have the same words; None where there are fewer than two."""
    texts = [" ".join(turn.reply.text.split()) for turn in result.turns if turn.reply is not None]
    return any(one == other for one, other in pairwise(texts)) if len(texts) > 1 else None


def asked_again(result: CaseResult) -> Iterator[bool]:
    """For each turn that asks for something but a yes: whether all of it was asked for before."""
    before: set[str] = set()
    for turn in result.turns:
        needs = _needs(turn)
        if needs:
            yield needs <= before
            before |= needs


# ---- turns
def customer_turns(results: Iterable[CaseResult]) -> Iterator[Turn]:
    """The turns in which a customer wrote."""
    return (turn for result in results for turn in result.turns if turn.message.author == "customer")


def clarifies(turn: Turn) -> bool:
    """Whether the agent asks for something other than a yes."""
    return isinstance(turn.outcome, Asked) and (bool(_needs(turn)) or not turn.outcome.needs)


def _needs(turn: Turn) -> set[str]:
    needs = turn.outcome.needs if isinstance(turn.outcome, Asked) else ()
    return {need for need in needs if not need.startswith("confirm:")}


def _expected(result: CaseResult) -> Iterator[tuple[Expect, Turn]]:
    """Each turn with what was expected of it. What the end expects of an outcome is expected of the last turn."""
    last = len(result.case.turns) - 1
    for number, (wanted, turn) in enumerate(zip(result.case.turns, result.turns, strict=False)):
        expect, end = wanted.expect, result.case.expect
        if number == last and not expect.outcome and not expect.reason:
            yield expect.model_copy(update={"outcome": end.outcome, "reason": end.reason}), turn
        else:
            yield expect, turn


def handovers(results: Iterable[CaseResult]) -> list[tuple[bool, bool]]:
    """For each turn that says whether a person should take over: whether one should, and whether one did."""
    pairs = []
    for result in results:
        for expect, turn in _expected(result):
            wanted = _wants_handover(expect)
            if wanted is not None:
                pairs.append((wanted, isinstance(turn.outcome, HandedOver)))
    return pairs


def _wants_handover(expect: Expect) -> bool | None:
    """None where it may be either."""
    if expect.reason or expect.outcome == ("HandedOver",):
        return True
    return False if expect.outcome and "HandedOver" not in expect.outcome else None


def reasons(results: Iterable[CaseResult]) -> list[tuple[tuple[str, ...], str | None]]:
    """For each turn that expects a reason, or no handover: the reasons that would do, and the one that came."""
    pairs: list[tuple[tuple[str, ...], str | None]] = []
    for result in results:
        for expect, turn in _expected(result):
            if expect.reason or _wants_handover(expect) is False:
                pairs.append((expect.reason, turn.handover.reason if turn.handover else None))
    return pairs


def by_reason(results: Sequence[CaseResult]) -> dict[str, dict[str, float | int]]:
    """For each reason: how often it was expected and came, with precision, recall and F1 where they can be told."""
    counts: dict[str, list[int]] = {}
    for wanted, got in reasons(results):
        if got is not None and got in wanted:
            counts.setdefault(got, [0, 0, 0])[0] += 1
            continue
        if got is not None:
            counts.setdefault(got, [0, 0, 0])[1] += 1
        if wanted:
            counts.setdefault(wanted[0], [0, 0, 0])[2] += 1
    made: dict[str, dict[str, float | int]] = {}
    for reason, (right, too_many, missed) in sorted(counts.items()):
        made[reason] = {"expected": right + missed, "came": right + too_many, "right": right}
        if right + too_many:
            made[reason]["precision"] = round(right / (right + too_many), 6)
        if right + missed:
            made[reason]["recall"] = round(right / (right + missed), 6)
        made[reason]["f1"] = round(2 * right / (2 * right + too_many + missed), 6)
    return made


def scope(results: Iterable[CaseResult]) -> list[tuple[bool, float | None, bool]]:
    """For each turn that opens a request: whether it is outside of scope, how sure an answer is, whether it was handed over so.

    A turn opens a request when it is a conversation's first, or expects a guide or a citation. It is outside when it expects
    a handover for a reason of `OUT_OF_SCOPE` and none else, inside when it expects Answered or Asked; others aren't told. How
    sure an answer is: the highest probability of a guide or an article, None where the message wasn't read for requests.
    """
    found = []
    for result in results:
        for number, (expect, turn) in enumerate(_expected(result)):
            if turn.message.author != "customer" or not (number == 0 or expect.guide or expect.cites):
                continue
            outside = bool(expect.reason) and set(expect.reason) <= OUT_OF_SCOPE
            inside = bool(expect.outcome) and set(expect.outcome) <= {"Answered", "Asked"}
            if outside or inside:
                reason = turn.handover.reason if turn.handover else None
                found.append((outside, sureness(turn), reason in OUT_OF_SCOPE))
    return found


def sureness(turn: Turn) -> float | None:
    """The highest probability that a guide or an article answers the turn's message; None where it wasn't read for requests."""
    requests = [
        request for event in turn.trace if event.kind == "understood" for request in event.data.get("requests") or ()
    ]
    told = [max(float(r.get("probability") or 0), float(r.get("answerable") or 0)) for r in requests]
    return max(told, default=None)


def guides(results: Iterable[CaseResult]) -> list[tuple[str | None, str | None, bool]]:
    """For each turn that expects a guide, or none: the title, the one that came, and whether it is right."""
    found: list[tuple[str | None, str | None, bool]] = []
    for result in results:
        for wanted, turn in zip(result.case.turns, result.turns, strict=False):
            if "guide" in wanted.expect.model_fields_set:
                title, fired = wanted.expect.guide, guides_of(turn)
                right = not fired if title is None else title in fired
                found.append((title, title if right else guide_of(turn), right))
    return found


def calls(results: Iterable[CaseResult]) -> list[tuple[bool, bool | None]]:
    """For each expected call: whether the action was called, and whether with its arguments; None where it names none."""
    found: list[tuple[bool, bool | None]] = []
    for result in results:
        pairs = [(turn.expect, made.actions) for turn, made in zip(result.case.turns, result.turns, strict=False)]
        pairs.append((result.case.expect, tuple(record for turn in result.turns for record in turn.actions)))
        for expect, made_calls in pairs:
            for expected in expect.actions:
                bare = expected.model_copy(update={"arguments": {}})
                named = any(fits(bare, record) for record in made_calls)
                right = any(fits(expected, record) for record in made_calls) if expected.arguments else None
                found.append((named, right))
    return found
