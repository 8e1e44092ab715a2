"""A message of a customer who waits for a person: what it tells of them, and whether they return to the agent."""

from __future__ import annotations

from convagent.conversation import Asked, Reply
from convagent.facts import Facts
from convagent.guidance.interpreter.decision import Memory
from convagent.handover import HandoverState, contact_in, freed, later_text, moved, noted_contact, standing_in
from convagent.handover.note_words import WORDS
from convagent.turns.state import TurnParts, TurnWork
from convagent.understanding.signals import read_signals
from convagent.understanding.withdrawal import returns_to_agent

__all__ = ["back_again", "waited"]

_ONLY_RETURNS = 14
"""Words of a message that says no more than that its customer is back with the agent."""


def waited(
    work: TurnWork, standing: HandoverState | None, memory: Memory, facts: Facts
) -> tuple[HandoverState | None, Memory]:
    """The handover and the memory after the message: where they can be reached is noted, and whether they return."""
    if standing is None or not standing.is_waiting or work.message.author != "customer" or work.event is not None:
        return standing, memory
    text, now = work.message.text, facts.now or work.message.at or work.parts.clock()
    if contact := contact_in(text):
        label = WORDS[work.parts.handover.summary_language]["reach"]
        standing = noted_contact(standing, contact, label=label)
    names = work.parts.understander.names
    if not standing.customer_may_end_it or not returns_to_agent(names(text)) or read_signals(text).asks_for_person:
        return standing, memory
    work.note("handover", "the customer would rather go on with the agent")
    return moved(standing, "return", at=now, by="customer"), freed(memory)


def back_again(work: TurnWork, standing: HandoverState | None, memory: Memory, facts: Facts) -> TurnParts | None:
    """The answer to somebody who just returned and says nothing else; None when the turn takes its usual path."""
    returned = standing is not None and standing.status == "returned" and standing != standing_in(work.stored)
    if not returned or "?" in work.message.text or len(work.message.text.split()) > _ONLY_RETURNS:
        return None
    work.begin(facts)
    text = later_text("returned", work.language, settings=work.parts.handover)
    return TurnParts(Asked(needs=("request",)), Reply(text=text, language=work.language), memory, work.trace)
