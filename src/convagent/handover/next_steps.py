"""Why a person is needed and what they do first: the two lines of a note from which they go on without scrolling up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from convagent.conversation import ActionRecord
from convagent.guidance.interpreter.world import HandOverStep
from convagent.handover.note_lines import LONGEST_LINE
from convagent.handover.note_words import NEXT_STEPS, REASONS, TOPICS
from convagent.handover.records import worded_reason
from convagent.handover.redact import in_short
from convagent.handover.routing import Route, step_topic
from convagent.handover.triggers import Alarm
from convagent.why import why_in

__all__ = ["asks_only_for_a_person", "next_step", "why"]

_TITLE: Final = 50
_LITTLE: Final = 3
"""Words beside a wish for a person that tell nothing: "hello", "please", "I"."""


def why(step: HandOverStep, reason: str, route: Route, tongue: str) -> str:
    """The reason in the team's language, the topic by its name, guides by their titles, and notes on the routing."""
    told = REASONS[tongue][reason]
    if step.reason != reason:
        told += f" ({in_short(step.reason, 40)})"
    seen, topic = worded_reason(why_in(tongue, step.why, above=True), guide=step.guide), step_topic(step)
    if topic is not None:
        plain, name = topic.replace("_", " "), TOPICS[tongue][topic]
        seen = name + seen.removeprefix(plain) if seen.startswith(plain) else ", ".join(filter(None, (name, seen)))
    notes = "; ".join(filter(None, (seen, in_short(why_in(tongue, route.note), LONGEST_LINE))))
    return f"{told}: {notes}" if notes else told


def next_step(
    step: HandOverStep, reason: str, done: Sequence[ActionRecord], tongue: str, *, only_a_person: bool = False
) -> str:
    """What the person does first: by topic where there is one, else by reason and what it is about.

    Args:
        step: What called for a person.
        reason: One of the closed set.
        done: Look-ups and actions of the conversation, oldest first.
        tongue: The note's language.
        only_a_person: Whether the customer asked for a person and told nothing else.
    """
    words, topic = NEXT_STEPS[tongue], step_topic(step)
    if topic is not None:
        return words[topic]
    uncertain = next((record for record in reversed(done) if record.status == "uncertain"), None)
    if uncertain is not None:
        return words["uncertain"].format(action=_named(uncertain))
    failed = next((record for record in reversed(done) if record.kind == "write" and record.status == "failed"), None)
    if reason == "action_failed" and failed is not None:
        return words["failed"].format(action=_named(failed))
    if reason == "customer_request" and only_a_person:
        return words["only_a_person"]
    if reason == "guidance" and step.text is not None and step.text.strip():
        return words["told"]
    if reason in {"guidance", "low_confidence"} and step.guide:
        name = "of_a_guide" if reason == "guidance" else "unsure"
        return words[name].format(guide=in_short(step.guide, _TITLE))
    return words[reason]


def asks_only_for_a_person(step: HandOverStep, text: str) -> bool:
    """Whether the words that ask for a person are nearly all of a message."""
    seen = step.seen if isinstance(step, Alarm) and step.reason == "customer_request" else ()
    longest = max((len(words.split()) for words in seen), default=0)
    return longest > 0 and len(text.split()) - longest <= _LITTLE


def _named(record: ActionRecord) -> str:
    return f"“{in_short(record.action, _TITLE).replace('_', ' ')}”"
