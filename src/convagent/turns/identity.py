"""Who writes in a turn: what proves it, how long that counts, and how often may be guessed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from convagent.actions import ActionSpec
from convagent.actions.identity.evidence import (
    claims_unsaid,
    evidence_names,
    forgotten,
    with_nobody,
    with_proven,
    without_evidence,
)
from convagent.actions.identity.guesses import Guesses, is_guessed, tried_at
from convagent.actions.identity.standing import has_lapsed, is_another, proven_by, standing_proof, verified_in
from convagent.facts import Customer, Facts
from convagent.guidance.codec import from_json
from convagent.guidance.interpreter.decision import Memory
from convagent.guidance.interpreter.world import Ran, Result
from convagent.turns.state import TurnWork

__all__ = ["identified", "may_prove", "note_proof", "proven_after", "runs_so_far", "still_verified", "who_writes"]


def identified(work: TurnWork, facts: Facts) -> Facts:
    """The facts with whom the evidence among them proves; the evidence itself goes no further."""
    proofs = work.parts.proofs
    rest, faults = without_evidence(facts, proofs), list[str]()
    for proof in proofs:
        evidence = {name: facts.extra[name] for name in proof.evidence if facts.extra.get(name) is not None}
        if not evidence:
            continue
        proven = proof.prove(evidence, conversation=work.conversation, now=work.moment, storage=work.parts.storage)
        if proven.customer is not None:
            work.note("identity", "the customer proved who they are")
            return with_proven(rest, proven.customer)
        faults.append(proven.fault)
    if rest is facts:
        return facts
    if all(facts.extra.get(name) is None for name in evidence_names(proofs)):
        return rest
    told = ", ".join(faults) or "nothing here can read it"
    work.note("identity", f"what was brought proves nobody: {told}")
    return with_nobody(rest)


def still_verified(work: TurnWork, memory: Memory) -> Memory:
    """The memory; without what it knows where the proof of who writes counts no longer."""
    lasts = timedelta(minutes=work.parts.shop.settings.identity.verified_minutes)
    if verified_in(memory) is None or (work.writer is not None and work.writer.verified):
        return memory
    if is_another(_proven_before(work), memory, work.writer):
        work.note(
            "identity", "the caller names another address than when it was proven who writes: it counts no longer"
        )
        return forgotten(memory)
    if not has_lapsed(_proven_before(work), now=work.moment, lasts=lasts):
        return memory
    work.note("identity", "who writes was proven too long ago: it counts no longer")
    return forgotten(memory)


def proven_after(work: TurnWork, memory: Memory) -> dict[str, Any] | None:
    """Who is proven after this turn, and when; None when nobody is."""
    now = work.now or work.parts.clock()
    return standing_proof(memory, _proven_before(work), now=now, said=work.writer, by=work.right)


def who_writes(work: TurnWork, facts: Facts) -> Customer | None:
    """Who writes: whom a look-up proved, else whom the caller named."""
    found = work.known.get("customer")
    return found if isinstance(found, Customer) else facts.customer


def runs_so_far(work: TurnWork, facts: Facts) -> tuple[Ran, ...] | None:
    """Which guides ran for this customer; None when nothing new is known of who writes."""
    if work.counts is None or work.now is None:
        return None
    known = from_json(work.memory.known["customer"]) if "customer" in work.memory.known else None
    who = who_writes(work, facts) if work.known else known if isinstance(known, Customer) else facts.customer
    return work.counts.read(who, session=facts.session.id if facts.session else None, now=work.now)


def may_prove(work: TurnWork, spec: ActionSpec, arguments: Mapping[str, Any], facts: Facts) -> Result | None:
    """None when a look-up that proves may be asked; else it finds nobody, as for any wrong answer.

    Raises:
        StorageError: The try can't be counted; nothing may be proven then.
    """
    if not work.parts.shop.settings.identity.claims_count_as_said:
        said = [turn.message.text for turn in work.before if turn.message.author == "customer"] + [work.message.text]
        if unsaid := claims_unsaid(arguments, facts.customer, said=said):
            work.note("identity", f"only the caller claims this, and it proves nobody: {', '.join(unsaid)}")
            return Result("done", None)
    again = tried_at(spec, arguments) in proven_by(_proven_before(work))
    if again or not is_guessed(spec) or _guesses(work).may(spec, arguments):
        return None
    work.note("identity", f"the tries at {spec.name} are used up")
    return Result("done", None)


def note_proof(work: TurnWork, spec: ActionSpec, arguments: Mapping[str, Any]) -> None:
    """Notes a try that was right: it was no guess, and is none when it is read again."""
    tried = tried_at(spec, arguments)
    if tried not in work.right and tried not in proven_by(_proven_before(work)):
        _guesses(work).right(spec, arguments)
    work.right.add(tried)


def _proven_before(work: TurnWork) -> object:
    """Who was proven in the conversation, and when, as the last turn kept it."""
    return work.stored.state.get("proven") if work.stored is not None else None


def _guesses(work: TurnWork) -> Guesses:
    """The tries at look-ups that prove."""
    return Guesses(work.parts.shop.settings.identity.tries, work.parts.storage, work.conversation, work.moment)
