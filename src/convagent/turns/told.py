"""What a chat model may be told of a conversation: who said what, without what customers answered to questions for secrets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from convagent.actions.redaction import without
from convagent.hidden import unsaid
from convagent.turns.state import TurnWork

__all__ = ["message_told", "said_before"]


def message_told(work: TurnWork) -> str:
    """The turn's message, without a secret in it."""
    message, _ = unsaid(work.message, work.before, work.parts.secret, work.secrets(work.memory))
    return message.text


def said_before(work: TurnWork, *, turns: int) -> Iterator[tuple[Literal["customer", "agent"], str]]:
    """Who said what before the message, in order, without secrets.

    Args:
        work: The turn.
        turns: How many turns before it at most, the latest.
    """
    secrets = work.secrets(work.memory)
    _, earlier = unsaid(work.message, work.before, work.parts.secret, secrets)
    for turn in earlier[-turns:]:
        if turn.message.author == "customer":
            yield "customer", turn.message.text
        if turn.reply is not None:
            yield "agent", str(without(turn.reply.text, secrets))
