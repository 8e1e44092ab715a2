"""The handovers of a shop as they are kept: read, moved on and ended, one step at a time in each conversation.

A handover's life stands in the conversation's state beside the agent's memory and is saved with it in one piece: whoever
reads that a person is in charge reads what is waited for as well. `lifecycle` says which step may follow which.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from convagent.conversation import HandedOver, Message, Reply, TraceEvent, Turn
from convagent.errors import ConvagentError, StorageError
from convagent.guidance.codec import from_json
from convagent.guidance.interpreter.decision import Memory
from convagent.handover.contact import is_reachable
from convagent.handover.lifecycle import HandoverEvent, HandoverState, moved, opened
from convagent.handover.routing import raised
from convagent.handover.settings import HandoverSettings
from convagent.handover.texts import LaterText, later_text
from convagent.storage.due import aware, end_due
from convagent.storage.port import Storage, StoredConversation

__all__ = ["HandoverDesk", "after_turn", "freed", "standing_in"]

_log = logging.getLogger("convagent")

NOT_SENT = "the handover could not be sent"
NOT_TAKEN = "nobody took the handover in time"


def standing_in(stored: StoredConversation | None) -> HandoverState | None:
    """The conversation's last handover, as it stands; None when there never was one.

    Raises:
        StorageError: `storage-damaged`: what was kept can't be read.
    """
    kept = None if stored is None else stored.state.get("handover")
    if kept is None:
        return None
    try:
        return HandoverState.model_validate(kept)
    except ValueError as error:
        raise StorageError("what was kept of a handover can't be read", code="storage-damaged") from error


def after_turn(before: HandoverState | None, turn: Turn, *, settings: HandoverSettings) -> HandoverState | None:
    """How it stands after a turn: a handover begins a new life, unless one is open already.

    Args:
        before: How it stood, as the turn left it.
        turn: The turn, with its moment.
        settings: When it is late.
    """
    handover = turn.handover
    if handover is None or turn.at is None or (before is not None and before.is_open):
        return before
    due_at = handover.expected_by or turn.at + timedelta(hours=float(settings.late_after_hours))
    number = 1 if before is None else before.number + 1
    return opened(handover, conversation=turn.conversation, number=number, at=turn.at, due_at=due_at)


def freed(memory: Memory) -> Memory:
    """The memory once the agent is in charge again: what was open is the person's affair by now, what is known stays."""
    return replace(
        memory, handed_over=False, open=(), waiting=(), vague=0, clarify=None, owed=(), offered=None, again=()
    )


class HandoverDesk:
    """Moves handovers on.

    Args:
        storage: Where conversations are kept.
        settings: The shop's.
        clock: Gives the moment of a step that brings none.
        language: The shop's own.
        lock_seconds: How long a step waits for a turn that is on its way.
        stamp: Hash of the shop, for the turns that are kept.
    """

    def __init__(
        self, storage: Storage, settings: HandoverSettings, *, clock: Callable[[], datetime], language: str,
        lock_seconds: float, stamp: str,
    ) -> None:  # fmt: skip
        self.storage = storage
        self.settings = settings
        self.clock = clock
        self.language = language
        self.lock_seconds = lock_seconds
        self.stamp = stamp

    def standing(self, conversation: str) -> HandoverState | None:
        """The conversation's last handover, as it stands; None when there never was one."""
        return standing_in(self.storage.load(conversation))

    def move(
        self, conversation: str, event: HandoverEvent, *, by: str = "", note: str = "", at: datetime | None = None
    ) -> HandoverState:
        """Takes one step. One that was taken already changes nothing.

        Raises:
            ConvagentError: `handover-none`: nothing was handed over; `handover-ended`, `handover-move`,
                `handover-grave`: the step can't follow.
            StorageError: It can't be read or kept.
        """
        with self.storage.locked(conversation, timeout=self.lock_seconds):
            stored, state = self._read(conversation)
            after = moved(state, event, at=self._moment(at), by=by, note=note)
            if after is not state:
                self._keep(stored, after)
            return after

    def give_back(self, conversation: str, *, by: str = "", at: datetime | None = None) -> HandoverState | None:
        """A person gives the conversation back; nothing happens where none was handed over.

        Raises:
            StorageError: It can't be read or kept.
        """
        with self.storage.locked(conversation, timeout=self.lock_seconds):
            stored = self.storage.load(conversation)
            if stored is None:
                return None
            state = standing_in(stored)
            after = state
            if state is not None and state.is_open:
                after = moved(state, "give_back", at=self._moment(at), by=by)
            memory = Memory.from_json(stored.state.get("memory", {}))
            if memory.handed_over or after is not state:
                self._keep(stored, after)
            return after

    def failed(self, conversation: str, *, why: str = "", at: datetime | None = None) -> Turn:
        """The helpdesk could not be reached: the turn that tells the customer so, once.

        Raises:
            ConvagentError: As for `move`.
            StorageError: It can't be read or kept.
        """
        with self.storage.locked(conversation, timeout=self.lock_seconds):
            stored, state = self._read(conversation)
            after = moved(state, "fail", at=self._moment(at), note=why)
            if after is state and (told := _last_notice(stored, NOT_SENT)) is not None:
                return told
            return self._told(stored, after, "failed", NOT_SENT, note=why)

    def overdue(self, *, now: datetime | None = None, limit: int = 100) -> list[Turn]:
        """Times out what nobody took until it was due: once each, higher in priority, and the customer is told.

        Args:
            now: What is due by then; the clock's moment by default.
            limit: How many at most, 1 or more.

        Returns:
            The turns, as they are kept; their replies are to be sent, their handovers to be shown again.

        Raises:
            ConvagentError: `moment-zone`, a moment without a time zone.
            StorageError: The storage can't be asked what is due.
        """
        moment = self._moment(now)
        return end_due(self.storage, partial(self._late, now=moment), until=moment, limit=limit)

    # ---- the steps
    def _late(self, conversation: str, now: datetime) -> Turn | None:
        """The turn of a handover that nobody took in time; None when that isn't so, or somebody is in the conversation."""
        try:
            if not _is_late(standing_in(self.storage.load(conversation)), now):
                return None  # a question that waits is due under the same moment: nobody is kept out for a look
            with self.storage.locked(conversation, timeout=0):
                stored = self.storage.load(conversation)
                state = standing_in(stored)
                if stored is None or state is None or not _is_late(state, now):
                    return None
                after = moved(state, "time_out", at=now, by="scheduler")
                handover = after.handover
                team = self.settings.escalation_team or handover.team
                handover = handover.model_copy(update={"priority": raised(handover.priority), "team": team})
                return self._told(stored, after.model_copy(update={"handover": handover}), "late", NOT_TAKEN)
        except StorageError as error:
            if error.code != "storage-busy":
                _log.error("a handover that is overdue could not be kept: %s", error)
            return None

    def _told(
        self, stored: StoredConversation, after: HandoverState, name: LaterText, event: str, *, note: str = ""
    ) -> Turn:
        """Keeps a turn in which the customer is told how the handover stands."""
        turns = stored.conversation.turns
        at = after.moves[-1].at
        language = next((turn.reply.language for turn in reversed(turns) if turn.reply is not None), self.language)
        text = later_text(name, language, settings=self.settings, asks_contact=not _reachable(stored, after))
        turn = Turn(
            conversation=stored.conversation.id, message=Message(author="system", text=event, at=at),
            outcome=HandedOver(handover=after.handover), reply=Reply(text=text, language=language),
            trace=(TraceEvent(kind="handover", text=f"{event}{f': {note}' if note else ''}"),), stamp=self.stamp, at=at,
        )  # fmt: skip
        conversation = stored.conversation.with_turn(turn, Message(author="agent", text=text, at=at))
        self._keep(stored.model_copy(update={"conversation": conversation}), after)
        return turn

    def _read(self, conversation: str) -> tuple[StoredConversation, HandoverState]:
        stored = self.storage.load(conversation)
        state = standing_in(stored)
        if stored is None or state is None:
            raise ConvagentError(
                f"nothing was handed over in the conversation {conversation[:80]}", code="handover-none",
                remedy="A handover begins with a turn whose outcome is HandedOver, or with a person's message.",
            )  # fmt: skip
        return stored, state

    def _keep(self, stored: StoredConversation, state: HandoverState | None) -> None:
        memory = Memory.from_json(stored.state.get("memory", {}))
        is_open = state is not None and state.is_open
        memory = replace(memory, handed_over=True) if is_open else freed(memory)
        kept: dict[str, Any] = {**stored.state, "memory": memory.to_json()}
        if state is not None:
            kept["handover"] = state.model_dump(mode="json")
        due_at = state.due_at if state is not None and is_open else None
        self.storage.save(stored.model_copy(update={"state": kept, "due_at": due_at}), expected_version=stored.version)

    def _moment(self, at: datetime | None) -> datetime:
        return aware(at or self.clock())


def _is_late(state: HandoverState | None, now: datetime) -> bool:
    if state is None or state.status not in {"pending", "failed"} or state.due_at is None:
        return False
    return now >= state.due_at


def _last_notice(stored: StoredConversation, event: str) -> Turn | None:
    turns = reversed(stored.conversation.turns)
    return next((turn for turn in turns if turn.message.author == "system" and turn.message.text == event), None)


def _reachable(stored: StoredConversation, state: HandoverState) -> bool:
    if state.contact:
        return True
    known: Mapping[str, Any] = stored.state.get("memory", {}).get("known", {})
    values = {name: from_json(value) for name, value in known.items() if name in {"customer", "email", "phone"}}
    return is_reachable(values, channel=stored.conversation.channel)
