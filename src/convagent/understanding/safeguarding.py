"""What safeguards about harm and health don't take: questions about a property, things that merely broke, wishes for advice.

A judge knows what a message is like. Property and incident are alike in everything but form: "is the sap poisonous to dogs?",
"the dog drank the sap". What form a safeguard waits for is learnt from its own examples, and only for what hurts or makes ill:
whoever asks about a debt or about dying is never sent away for asking.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from convagent.understanding.happenings import (
    asks_how_to_reach,
    asks_or_wishes,
    names_somebody,
    only_asks,
    only_of_a_thing,
    speaks_of_own_state,
    traces_of_harm,
)
from convagent.understanding.judgements import SURE_YES, Verdict
from convagent.understanding.normal import normalise
from convagent.understanding.senses import find_senses
from convagent.understanding.signals import Signals, read_signals

__all__ = ["SafeguardForms", "SafeguardKind", "is_beside", "kind_of"]

SafeguardKind = Literal["incidents", "health", "person", ""]
"""`incidents`: somebody was hurt or fell ill. `health`: questions of those who are ill, pregnant or take something. `person`:
somebody wants to talk to a human."""

_READ = frozenset(("en", "de", "fr"))
"""What traces of harm are known in."""

_PEOPLE = frozenset(("staff", "somebody", "talk", "pass_on", "machine"))
"""Fields of meaning of who is asked for, and of what for."""

_HURTS = frozenset(("body", "emergency", "family", "hazard", "illness", "injury"))
_UNWELL = frozenset(("illness", "medicine", "pregnancy", "doctor"))
SURELY = 0.8
"""From this probability on an incident is one whatever its form. Questions of health are alike in all but what somebody has."""

_MOST, _SOME, _FEWEST = 0.5, 0.25, 3
"""Shares of a safeguard's examples, and so many of them, before it is said to be of a kind."""


def kind_of(examples: Sequence[str]) -> SafeguardKind:
    """What kind of safeguard has these examples.

    Args:
        examples: Messages that it is meant for.
    """
    if len(examples) < _FEWEST:
        return ""
    heard = [read_signals(text) for text in examples]
    topics = [set(signals.sensitive) for signals in heard]
    if any(found - {"medical"} for found in topics):
        return ""
    fields = [set(find_senses(normalise(text))) for text in examples]
    asking = sum(map(only_asks, examples)) / len(examples)

    def share(about: frozenset[str]) -> float:
        both = zip(topics, fields, strict=True)
        return sum(bool(found or touched & about) for found, touched in both) / len(examples)

    if asking == 0 and share(_HURTS) >= _MOST:
        return "incidents"
    if asking >= _SOME and share(_UNWELL) >= _MOST:
        return "health"
    if sum(signals.asks_for_person for signals in heard) >= _MOST * len(examples) and not any(
        map(asks_how_to_reach, examples)
    ):
        return "person"
    return ""


def is_beside(kind: SafeguardKind, text: str, signals: Signals) -> bool:
    """Whether a message is plainly none of a safeguard's, whatever it is like.

    Args:
        kind: The safeguard's.
        text: The message.
        signals: What was noticed in it.
    """
    if kind not in ("incidents", "health") or set(signals.sensitive) - {"medical"}:
        return False
    if kind == "incidents":
        return only_asks(text) or only_of_a_thing(text)
    if signals.sensitive or not only_asks(text) or speaks_of_own_state(text):
        return False
    return _UNWELL.isdisjoint(find_senses(normalise(text)))


class SafeguardForms:
    """What form each safeguard of a shop waits for, found out when a message may be meant for it. Threads may share it.

    Args:
        examples: Messages that each is meant for, by its title.
        negatives: Messages that look like it and that it isn't meant for, by its title.
    """

    def __init__(
        self, examples: Mapping[str, Sequence[str]], negatives: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self._examples = {title: tuple(texts) for title, texts in examples.items()}
        self._negatives = {title: tuple(texts) for title, texts in (negatives or {}).items()}
        self._kinds: dict[str, SafeguardKind] = {}
        self._harmless: dict[str, frozenset[str]] = {}

    def load(self) -> None:
        """Finds out now what the first messages would wait for."""
        for title in self._examples:
            self.kind(title)

    def kind(self, title: str) -> SafeguardKind:
        """What kind of safeguard it is, by its examples."""
        found = self._kinds.get(title)
        if found is None:  # two threads may both find out; they find the same
            found = self._kinds[title] = kind_of(self._examples.get(title, ()))
        return found

    def left(
        self, guarded: Mapping[str, bool | None], verdicts: Mapping[str, Verdict], text: str, signals: Signals
    ) -> dict[str, bool | None]:
        """What is left of what safeguards make of a message, once its form is looked at.

        Args:
            guarded: True, false or None (unsure) for each safeguard.
            verdicts: What the judge made of each.
            text: The message.
            signals: What was noticed in it.
        """
        return {
            title: False if meant is False or self._is_beside(title, verdicts[title], text, signals) else meant
            for title, meant in guarded.items()
        }

    def _is_beside(self, title: str, verdict: Verdict, text: str, signals: Signals) -> bool:
        kind, chance = self.kind(title), verdict.chance
        if kind == "person":
            return _is_no_wish_for_a_person(verdict, text, signals)
        if kind != "incidents":
            return is_beside(kind, text, signals)
        if chance < SURELY and is_beside(kind, text, signals):
            return True
        if signals.sensitive or signals.language not in _READ or traces_of_harm(text) - self._harmless_in(title):
            return False
        if verdict.is_denied or asks_or_wishes(text):
            return verdict.is_denied or chance < SURELY
        return chance < SURE_YES and not names_somebody(text)

    def _harmless_in(self, title: str) -> frozenset[str]:
        """What would be a trace of harm, had the author not said that it is none."""
        found = self._harmless.get(title)
        if found is None:  # two threads may both find out; they find the same
            texts = self._negatives.get(title, ())
            found = self._harmless[title] = frozenset[str]().union(*map(traces_of_harm, texts))
        return found


def _is_no_wish_for_a_person(verdict: Verdict, text: str, signals: Signals) -> bool:
    """Whether nothing but likeness speaks for a wish for a person, or how the shop can be reached is all that is asked."""
    if signals.asks_for_person or signals.sensitive or signals.language not in _READ:
        return False
    if asks_how_to_reach(text):
        return True
    fields = {field.removeprefix("not-") for field in find_senses(normalise(text))}
    return (verdict.chance < SURE_YES or verdict.is_denied) and fields.isdisjoint(_PEOPLE)
