"""What in a message itself calls for a person, whatever the guides make of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from convagent.facts import Customer
from convagent.guidance.interpreter.world import HandOverStep
from convagent.handover.settings import HandoverSettings
from convagent.handover.topics import KEPT_TOPICS, SENSITIVE_TOPICS, TOPIC_PRIORITY, Topic
from convagent.why import Why, because

__all__ = ["Alarm", "MessageSignals", "alarms", "is_vip"]


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
    def kept(self) -> Collection[str]:
        """Topics of `KEPT_TOPICS` that the message is about, and `complaint`."""
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
        topic: The sensitive or kept topic, when it is one.
        upset: 0 calm to 3 furious.
        seen: The words that it was seen by.
    """

    topic: Topic | None = None
    upset: int = 0
    seen: tuple[str, ...] = ()


def alarms(
    signals: MessageSignals, *, settings: HandoverSettings, customer: Customer | None = None, guided: bool = False
) -> tuple[HandOverStep, ...]:
    """What in the message calls for a person, the gravest first.

    Sensitive topics come before a wish for a person, which comes before anger: each of them says more about who should
    answer than the next. An urgent topic stays first when other hand-overs are ranked behind it. Topics that the shop
    keeps for people come last, unless it lets a guide have them and one takes the message.

    Args:
        signals: What was noticed in the message.
        settings: Degree of upset from which a person takes over, teams by topic, topics that are kept for people.
        customer: Who writes, as far as it is known: a complaint of a VIP's is a topic of its own.
        guided: Whether a guide takes the message or waits for it.

    Returns:
        `Alarm`s, at most one for each topic and reason; empty when nothing calls for a person.
    """
    touched = set(signals.sensitive)
    found = [
        Alarm(
            "sensitive_topic",
            settings.teams.get(topic),
            TOPIC_PRIORITY[topic] == "urgent",
            why=_seen_by(because("topic", topic=topic.replace("_", " ")), signals, topic),
            topic=topic,
            upset=signals.upset,
        )
        for topic in SENSITIVE_TOPICS
        if topic in touched
    ]
    if signals.asks_for_person:
        found.append(
            Alarm(
                "customer_request",
                why=_seen_by(because("asks_for_a_person"), signals, "asks_for_person"),
                upset=signals.upset,
                seen=tuple(signals.evidence.get("asks_for_person", ())),
            )
        )
    if signals.upset >= settings.upset_from:
        found.append(
            Alarm(
                "upset_customer",
                why=_seen_by(because("upset", degree=signals.upset), signals, "upset"),
                upset=signals.upset,
            )
        )
    about = [topic for topic in KEPT_TOPICS if topic in signals.kept]
    if is_vip(customer, settings) and ("complaint" in signals.kept or 1 <= signals.upset < settings.upset_from):
        about.insert(0, "vip_complaint")
    for topic in dict.fromkeys(about):
        rule = settings.kept_topics.get(topic, "always")
        if rule == "always" or (rule == "without_guide" and not guided):
            seen = "complaint" if topic == "vip_complaint" else topic
            why = _seen_by(
                because("topic", topic=topic.replace("_", " ")), signals, seen if seen in signals.evidence else "upset"
            )
            found.append(Alarm("not_permitted", settings.teams.get(topic), why=why, topic=topic, upset=signals.upset))
    return tuple(found)


def is_vip(customer: Customer | None, settings: HandoverSettings) -> bool:
    """Whether a customer is one of the shop's VIPs: by tag, by level, or by what they have spent so far.

    Whoever merely says who they are counts as well: at worst a person looks at it sooner.
    """
    if customer is None:
        return False
    if {tag.casefold() for tag in customer.tags} & {tag.casefold() for tag in settings.vip_tags}:
        return True
    level = customer.loyalty.level if customer.loyalty is not None else None
    if level is not None and level.casefold() in {name.casefold() for name in settings.vip_levels}:
        return True
    spent, least = customer.total_spent, settings.vip_spent
    return spent is not None and least is not None and spent.currency == least.currency and spent >= least


def _seen_by(told: Why, signals: MessageSignals, name: str) -> Why:
    words = signals.evidence.get(name, ())[:_MOST_WORDS]
    return because("seen_by", what=told, words=words) if words else told
