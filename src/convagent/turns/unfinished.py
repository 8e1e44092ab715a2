"""What a turn makes of effects that nobody was told of: a worker's that died, and those of a case that breaks off."""

from __future__ import annotations

from dataclasses import replace

from convagent.actions.compensation import undoing
from convagent.effects import recovered
from convagent.guidance.codec import from_json
from convagent.guidance.interpreter.decision import Decision, Memory
from convagent.guidance.interpreter.requests import Heard
from convagent.guidance.interpreter.world import HandOverStep
from convagent.guidance.wording import label
from convagent.turns.state import TurnWork
from convagent.why import and_because, because

__all__ = ["left_open", "with_what_is_untold", "with_what_would_undo"]


def left_open(work: TurnWork, heard: Heard, memory: Memory) -> Decision | None:
    """The handover of what a worker that died has left uncertain; None when nothing is. It is made once.

    Raises:
        StorageError: The ledger can't be written.
    """
    if work.dry:
        return None
    effects = work.effects
    work.records.extend(effects.recover(work.parts.shop.registry, loop=work.loop))
    doubtful = effects.loose("uncertain")
    if not doubtful:
        if memory.open:  # the guide that did something is read as it was, not as what it did has made it
            work.results.update(effects.seen_before())
        return None
    effects.put_before_a_person(doubtful)
    told = because("unknown_whether_done", actions=recovered(doubtful))
    step = HandOverStep("action_failed", why=told)
    return Decision("handed_over", (), replace(memory, handed_over=True, last=heard.text[:500]), hand_over=step)


def with_what_would_undo(work: TurnWork, decision: Decision) -> Decision:
    """The decision; where it breaks off behind writes, the person is told what would undo them. Nothing is undone here."""
    step = decision.hand_over
    if step is None or step.reason != "action_failed":
        return decision
    ways: list[str] = []
    for record in work.records:
        spec = work.parts.shop.registry.get(record.action)
        if spec is None or spec.compensation is None or record.kind != "write" or record.status != "done":
            continue
        arguments = undoing(spec.compensation, record.arguments, from_json(record.result))
        told = ", ".join(f"{name} = {label(value)}" for name, value in (arguments or {}).items())
        ways.append(f"{spec.compensation.action} with {told}" if told else spec.compensation.action)
        work.note("compensation", f"{record.action} can be undone by {ways[-1]}")
    if not ways:
        return decision
    return replace(
        decision, hand_over=replace(step, why=and_because(step.why, because("undone_by", ways="; ".join(ways))))
    )


def with_what_is_untold(work: TurnWork, decision: Decision) -> Decision:
    """The decision; a handover where it ends a case without the customer hearing of what was done in a lost turn.

    As long as something is asked, the guide may still come to it and tell.
    """
    ends = decision.outcome in {"answered", "handed_over"} and not work.dry
    untold = work.effects.loose("done") if ends else []
    if not untold:
        return decision
    work.effects.put_before_a_person(untold)
    why = because("done_untold", actions=recovered(untold))
    if decision.hand_over is not None:
        return replace(decision, hand_over=replace(decision.hand_over, why=and_because(decision.hand_over.why, why)))
    memory = replace(decision.memory, handed_over=True)
    step = HandOverStep("action_failed", why=why)
    return replace(decision, outcome="handed_over", hand_over=step, steps=(), memory=memory)
