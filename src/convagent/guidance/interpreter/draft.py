"""What is remembered of a run while its guide is read: the state as it changes, written down once at the end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from convagent.guidance.interpreter.deadlines import Deadline
from convagent.guidance.interpreter.world import GuideState, Utterance

__all__ = ["Draft"]


class Draft:
    """A `GuideState` that one reading may change. A mapping is replaced by another, never changed itself.

    A state is written down only once for a reading: most readings change it several times.

    Args:
        state: What was remembered before; it stays as it is. The attributes are its own.
    """

    __slots__ = (
        "answers", "asked", "attempts", "confirmed", "deadline", "effects", "frozen", "inner", "run", "said", "title",
        "utterances",
    )  # fmt: skip

    def __init__(self, state: GuideState) -> None:
        self.title: str = state.title
        self.run: str = state.run
        self.utterances: tuple[Utterance, ...] = state.utterances
        self.answers: Mapping[str, Any] = state.answers
        self.asked: tuple[str, ...] = state.asked
        self.attempts: Mapping[str, int] = state.attempts
        self.confirmed: Mapping[str, str] = state.confirmed
        self.effects: Mapping[str, Any] = state.effects
        self.frozen: Mapping[str, Any] | None = state.frozen
        self.said: tuple[str, ...] = state.said
        self.inner: Mapping[str, GuideState] = state.inner
        self.deadline: Deadline | None = state.deadline

    def written(self) -> GuideState:
        """The state as it stands now."""
        return GuideState(
            self.title, self.run, self.utterances, self.answers, self.asked, self.attempts, self.confirmed, self.effects,
            self.frozen, self.said, self.inner, self.deadline,
        )  # fmt: skip
