"""What a guide's hand-over is about: the topic that the message's own alarms would have named, for team, note and reply."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import fields
from typing import Final

from convagent.guidance.interpreter.kernel import Guide, Kernel
from convagent.guidance.interpreter.world import HandOverStep
from convagent.handover import KEPT_TOPICS, SENSITIVE_TOPICS, Alarm, HandoverSettings
from convagent.handover.topics import Topic
from convagent.understanding.signals import read_signals

__all__ = ["with_topic"]

_AMONG: Final[dict[str, Sequence[Topic]]] = {
    "sensitive_topic": SENSITIVE_TOPICS,
    "guidance": KEPT_TOPICS,
    "not_permitted": KEPT_TOPICS,
}
"""Reasons for which a guide hands over because of what it is about, each with the topics it may be about by its words."""

_SHARE: Final = 0.25
"""A guide is about a topic when at least this share of its title and examples touches it, and two of them at least."""


def with_topic(
    step: HandOverStep, *, text: str, kernel: Kernel, settings: HandoverSettings, upset: int = 0
) -> HandOverStep:
    """The step with its topic, where it has none and its guide is about one.

    The setting `guide_topics` comes first; then a topic that both the guide's own words and the customer's touch; then the
    one the guide's words touch most; for a guide about something sensitive whose words tell nothing, the gravest that the
    customer's words touch.

    Args:
        step: What called for a person.
        text: The customer's message.
        kernel: The shop's guides.
        settings: What the shop says its guides are about.
        upset: 0 calm to 3 furious.
    """
    if isinstance(step, Alarm) or step.reason not in _AMONG or not step.guide:
        return step
    among = _AMONG[step.reason]
    topic: Topic | None = next(
        (named for title, named in settings.guide_topics.items() if title.casefold() == step.guide.casefold()), None
    )
    if topic is None:
        own = _topics_of(kernel.guide(step.guide), among)
        heard = read_signals(text)
        touched = [one for one in among if one in {*heard.sensitive, *heard.kept}]
        both = [one for one in touched if one in own]
        topic = next(iter((*both, *own)), None)
        if topic is None and step.reason == "sensitive_topic":
            topic = next(iter(touched), None)
    if topic is None:
        return step
    given = {field.name: getattr(step, field.name) for field in fields(HandOverStep)}
    return Alarm(**given, topic=topic, upset=upset)


def _topics_of(guide: Guide | None, among: Sequence[Topic]) -> tuple[Topic, ...]:
    """The topics that a guide's title, `When` and examples touch, the most frequent first."""
    if guide is None:
        return ()
    texts = [guide.title]
    if guide.when is not None:
        texts += [guide.when.text, *(example.text for example in guide.when.examples if not example.negative)]
    counts: Counter[str] = Counter()
    for text in texts:
        signals = read_signals(text)
        counts.update({*signals.sensitive, *signals.kept})
    least = max(2, _SHARE * len(texts))
    return tuple(
        sorted((one for one in among if counts[one] >= least), key=lambda one: (-counts[one], among.index(one)))
    )
