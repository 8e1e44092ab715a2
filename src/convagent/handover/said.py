"""What a customer said, as a note tells it: what it is about, and what they answered to which question."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from convagent.conversation import Asked, Message, Turn
from convagent.handover.redact import in_short

__all__ = ["answers", "answers_a_question", "asked_for", "is_full", "issue_and_rest"]

_FULL_REQUEST_WORDS: Final = 4
"""Shorter messages ("yes", "a human please") rarely say what it is about."""

_ABOUT_WHAT_WENT_BEFORE: Final = frozenset({"customer_request", "upset_customer", "no_progress"})
"""Reasons for which the last message is seldom the issue itself."""


def issue_and_rest(
    current: str, before: Sequence[tuple[str, bool]], reason: str, *, is_answer: bool, is_alarming: bool
) -> tuple[str, str]:
    """What it is about, and what the customer said besides: the request first, the last message otherwise.

    A threat or a fear stands first however short it is, and whatever was asked before.

    Args:
        current: The last message.
        before: Earlier ones, each with whether it answered a question of the agent's.
        reason: The handover's.
        is_answer: Whether the last message answered one.
        is_alarming: Whether the last message itself touches a sensitive topic.
    """
    if not before:
        return current, ""
    requests = [text for text, is_reply in before if not is_reply] or [text for text, _ in before]
    full = next((text for text in reversed(requests) if is_full(text)), None)
    full = full or next((text for text, _ in reversed(before) if is_full(text)), None)
    if (
        full is not None
        and not is_alarming
        and (is_answer or reason in _ABOUT_WHAT_WENT_BEFORE or not is_full(current))
    ):
        return full, current
    return current, full or before[-1][0]


def answers_a_question(turns: Sequence[Turn]) -> bool:
    """Whether the last of the turns asked for something else than the request itself."""
    outcome = turns[-1].outcome if turns else None
    return isinstance(outcome, Asked) and not set(outcome.needs) <= {"request"}


def is_full(text: str) -> bool:
    """Whether a message is long enough to say what it is about."""
    return sum(any(char.isalpha() for char in word) for word in text.split()) >= _FULL_REQUEST_WORDS


def answers(
    earlier: Sequence[Turn],
    message: Message,
    current: str,
    *,
    secret: Collection[str],
    words: Mapping[str, str],
    told_already: Collection[str],
) -> list[str]:
    """What the customer was asked, each with what they wrote next, oldest first; who and which order have their lines."""
    found: dict[str, str] = {}
    texts = [turn.message.text for turn in earlier[1:]] + [current]
    authors = [turn.message.author for turn in earlier[1:]] + [message.author]
    for turn, text, author in zip(earlier, texts, authors, strict=False):  # before the first turn nothing was asked
        if not isinstance(turn.outcome, Asked):
            continue
        for need in turn.outcome.needs:
            if need in told_already:
                continue
            answer = f"“{in_short(text, 40)}”" if author == "customer" and text.strip() else words["no_answer"]
            if need in secret:
                answer = "•••"
            found[_asked_name(need, words)] = answer
    return [f"{name} → {answer}" for name, answer in found.items()]


def _asked_name(need: str, words: Mapping[str, str]) -> str:
    if need.startswith("confirm:"):
        return words["a_yes"]
    return in_short(need.replace("_", " "), 40)


def asked_for(turns: Sequence[Turn], names: Collection[str]) -> bool:
    """Whether one of these was asked for in the last of the turns."""
    return any(isinstance(turn.outcome, Asked) and not set(names).isdisjoint(turn.outcome.needs) for turn in turns)
