"""Keeping a turn: with the memory, the handover's life, what is due and what ran, in one piece."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from convagent.conversation import Conversation, Message, Turn, Usage
from convagent.guidance.interpreter.decision import Memory
from convagent.handover import HandoverState, after_turn
from convagent.hidden import without_secrets
from convagent.storage import StoredConversation
from convagent.storage.port import Runs
from convagent.turns.state import AgentParts, TurnParts, TurnWork

__all__ = ["DoneTurn", "finished", "keep"]


@dataclass
class DoneTurn:
    """A turn with what is kept beside it."""

    turn: Turn
    memory: Memory
    stored: StoredConversation | None
    """The conversation before it; None when it begins one."""
    told: list[str]
    """Keys of effects that are dealt with once the turn is kept."""
    runs: Runs | None = None
    standing: HandoverState | None = None
    """How the last handover stood as the turn left it."""
    proven: dict[str, Any] | None = None
    channel: str | None = None
    """Where the conversation is held, as far as the turn was told."""


def finished(work: TurnWork, parts: TurnParts) -> Turn:
    """What a turn came to, as the caller gets it."""
    reply = parts.reply
    if work.sent and reply is not None and not reply.text.startswith(sent := "".join(work.sent)):
        # something broke in mid-reply: what was sent stands, and the rest comes below it
        reply = reply.model_copy(update={"text": f"{sent.rstrip()}\n\n{reply.text}"})
    return Turn(
        conversation=work.conversation, message=work.message, outcome=parts.outcome, reply=reply,
        actions=tuple(work.records), usage=_usage(work),
        trace=tuple(without_secrets(parts.trace, work.secrets(parts.memory))), stamp=work.parts.stamp, at=work.now,
    )  # fmt: skip


def _usage(work: TurnWork) -> Usage:
    """What the turn took so far."""
    seconds = round(time.perf_counter() - work.started, 6)
    if work.calls is None:
        return Usage(seconds=seconds)
    used, prices = work.calls.usage, work.parts.shop.settings.model.prices
    cost = None
    if prices is not None:
        cost = round((used.input_tokens * prices.input + used.output_tokens * prices.output) / 1e6, 9)
    made = sum(call.error != "model-off" for call in work.calls.made)  # one that is left alone was not called
    return Usage(
        model_calls=made, input_tokens=used.input_tokens, output_tokens=used.output_tokens,
        seconds=seconds, cost=cost,
    )  # fmt: skip


def keep(parts: AgentParts, done: DoneTurn) -> None:
    """Keeps a turn in its conversation.

    Raises:
        StorageError: It can't be kept, or somebody else kept one meanwhile.
    """
    stored, turn = done.stored, done.turn
    before = stored.conversation if stored is not None else Conversation(id=turn.conversation, started_at=turn.at)
    if done.channel is not None and done.channel != before.channel:
        before = before.model_copy(update={"channel": done.channel})
    replies = (Message(author="agent", text=turn.reply.text, at=turn.at),) if turn.reply else ()
    # What the ledger knows besides was done in a turn that could not be kept: nobody was told of it yet.
    state: dict[str, Any] = {"memory": done.memory.to_json(), "told": done.told}
    if done.proven is not None:
        state["proven"] = done.proven
    if stored is not None and (feedback := stored.state.get("feedback")):
        state["feedback"] = feedback
    deadline = done.memory.deadline
    due_at = deadline.moment if deadline is not None else None
    standing = after_turn(done.standing, turn, settings=parts.shop.settings.handover)
    if standing is not None:
        state["handover"] = standing.model_dump(mode="json")
        due_at = standing.due_at if standing.is_open else due_at
    record = StoredConversation(conversation=before.with_turn(turn, *replies), state=state, due_at=due_at)
    version = stored.version if stored is not None else 0
    if done.runs is None:
        parts.storage.save(record, expected_version=version)
    else:
        parts.storage.save(record, expected_version=version, runs=done.runs)
