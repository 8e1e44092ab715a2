"""What in a message itself calls for a person, whatever the guides make of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from convagent.guidance.interpreter.world import HandOverStep
from convagent.handover.settings import HandoverSettings
from convagent.handover.topics import SENSITIVE_TOPICS, TOPIC_PRIORITY, SensitiveTopic

__all__ = ["Alarm", "MessageSignals", "alarms"]


class MessageSignals(Protocol):
    """What is read from the signals of a message; more may be there."""

    @property
    def asks_for_person(self) -> bool:
        """Whether the customer asks for a human."""
        ...

    @property
    def upset(self) -> int:
        """0 calm to 3 furious."""
        ...

    @property
    def sensitive(self) -> Collection[str]:
        """Sensitive topics that the message touches; names that are not in `SENSITIVE_TOPICS` set off nothing here."""
        ...

    @property
    def evidence(self) -> Mapping[str, Sequence[str]]:
        """The words that it was seen by, under `asks_for_person`, `upset` and the topics' names."""
        ...


_MOST_WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class Alarm(HandOverStep):
    """A hand-over that the message itself calls for.

    Attributes:
        topic: The sensitive topic, when it is one.
        upset: 0 calm to 3 furious.
    """

    topic: SensitiveTopic | None = None
    upset: int = 0


def alarms(signals: MessageSignals, *, settings: HandoverSettings) -> tuple[HandOverStep, ...]:
    """What in the message calls for a person, the gravest first.

    Sensitive topics come before a wish for a person, which comes before anger: each of them says more about who should
    answer than the next. An urgent topic stays first when other hand-overs are ranked behind it.

    Args:
        signals: What was noticed in the message.
        settings: Degree of upset from which a person takes over, and teams by topic.

    Returns:
        `Alarm`s, at most one for each topic and reason; empty when nothing calls for a person.
    """
    touched = set(signals.sensitive)
    found = [
        Alarm(
            "sensitive_topic",
            settings.teams.get(topic),
            TOPIC_PRIORITY[topic] == "urgent",
            why=_seen_by(topic.replace("_", " "), signals, topic),
            topic=topic,
            upset=signals.upset,
        )
        for topic in SENSITIVE_TOPICS
        if topic in touched
    ]
    if signals.asks_for_person:
        found.append(
            Alarm(
                "customer_request", why=_seen_by("the message says so", signals, "asks_for_person"), upset=signals.upset
            )
        )
    if signals.upset >= settings.upset_from:
        found.append(
            Alarm("upset_customer", why=_seen_by(f"degree {signals.upset} of 3", signals, "upset"), upset=signals.upset)
        )
    return tuple(found)


def _seen_by(told: str, signals: MessageSignals, name: str) -> str:
    words = ", ".join(signals.evidence.get(name, ())[:_MOST_WORDS])
    return f"{told} ({words})" if words else told
