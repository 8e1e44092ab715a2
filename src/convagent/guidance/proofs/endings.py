"""Whether every customer gets something: a reply, a question, a person. A guide that comes to none of them leaves them there."""

from __future__ import annotations

import z3  # type: ignore[import-untyped]

from convagent.guidance.interpreter import kernel as k
from convagent.guidance.proofs.paths import REPLIES, SymbolicReading
from convagent.guidance.proofs.prover import Answer, Prover
from convagent.guidance.proofs.reached import Ending
from convagent.guidance.proofs.replay import Played

__all__ = ["check_endings"]


def check_endings(prover: Prover, guide: k.Guide, reading: SymbolicReading) -> None:
    """Ends of a guide at which some customer has heard nothing.

    Only guides that a customer's message starts are asked about: a safeguard leaves the message to the guides behind it, an
    event calls for no reply, and what a guide gives is the business of the guide that needs it.
    """
    if guide.when is None or guide.safeguard or guide.on is not None or guide.gives is not None:
        return
    for ending in reading.endings:
        answer = _silent(prover, guide, reading, ending)
        node = ending.statement
        if not prover.note(answer, f"{node.address}: whether everybody who comes to this end hears something"):
            continue
        if answer.played is None:
            continue
        prover.tell(
            "G704", guide, node.span, node.address,
            f"behind this the guide ends, and some customers get no reply, no question and no person: {answer.story()}",
            "Say what holds for everybody else: `Otherwise:`, or a `say` or `hand over` at the end.",
            case=answer.played.case,
        )  # fmt: skip


def _silent(prover: Prover, guide: k.Guide, reading: SymbolicReading, ending: Ending) -> Answer:
    """A customer who hears nothing at all, else one who answers a question and hears nothing more."""
    answer = Answer("never")
    for heard in (ending.said, ending.answered):
        answer = prover.search(guide, reading, [ending.condition, z3.Not(heard)], _hears_nothing)
        if answer.kind == "found":
            return answer
    return answer


def _hears_nothing(played: Played) -> bool:
    reading = played.reading
    return reading.status == "done" and not any(step.kind in {"say", "ask", *REPLIES} for step in reading.steps)
