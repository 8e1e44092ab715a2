"""Drafts for people at a helpdesk: what the agent would answer and do, nothing sent and nothing done; and what became of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import Field
from rapidfuzz.distance import Levenshtein

from convagent import running
from convagent.asynchronous import loop_of_caller, twin
from convagent.conversation import ActionRecord, Citation, Conversation, Data, Handover, Message, Turn
from convagent.errors import ConvagentError
from convagent.facts import Facts, Moment
from convagent.storage import Storage, StoredConversation
from convagent.storage.due import aware
from convagent.turns.state import AgentParts

__all__ = ["Draft", "DraftFeedback", "Drafts", "Verdict", "feedback_in"]

Verdict = Literal["accepted", "edited", "rejected"]
"""What a person made of a draft: sent as it was, sent in other words, not used."""

MOST_KEPT = 200
"""So many pieces of feedback are kept with a conversation, the latest."""


class Draft(Data):
    """A suggested reply with its sources and the actions it would take. Nothing of it was sent or done."""

    id: str = Field(description="Names it in feedback; the same for the same message, state and shop")
    turn: Turn = Field(description="The turn as it would be, with its trace")

    @property
    def text(self) -> str:
        """The suggested reply; empty where none is due."""
        return self.turn.reply.text if self.turn.reply is not None else ""

    @property
    def sources(self) -> tuple[Citation, ...]:
        """What the reply rests on."""
        return self.turn.citations

    @property
    def actions(self) -> tuple[ActionRecord, ...]:
        """The writes that it would make, as they would be made."""
        return tuple(record for record in self.turn.actions if record.kind == "write")

    @property
    def handover(self) -> Handover | None:
        """Why the agent would rather have a person answer, where it would."""
        return self.turn.handover


class DraftFeedback(Data):
    """What a person made of a draft."""

    draft: str = Field(description="The draft's id")
    verdict: Verdict
    message: str = Field(default="", description="What the customer had written")
    suggested: str = Field(default="", description="What the draft said")
    sent: str = Field(default="", description="What was sent; empty for a rejected one")
    changed: float = Field(
        default=0.0, ge=0, le=1,
        description="How much of the text was changed: the edit distance (Levenshtein) over the longer text's length",
    )  # fmt: skip
    why: str = Field(default="", description="What the person says was wrong")
    by: str = ""
    at: Moment | None = None
    stamp: str = Field(default="", description="Hash of the shop that had drafted it")


class Drafts:
    """The part of `Agent` that drafts for people: docs/drafts.md."""

    _parts: AgentParts

    def draft(self, text: str | Message, *, conversation: str, facts: Facts | Mapping[str, Any] | None = None) -> Draft:
        """What the agent would answer and do, for a person who answers: nothing is sent, done, written or kept.

        Look-ups may run. A conversation that a person has taken over is drafted for as well.

        Args:
            text: The customer's message.
            conversation: Its conversation's id; one that is kept is gone on from.
            facts: What the caller knows.

        Raises:
            ConvagentError: `message-type`, `message-author`.
        """
        turn = running.run(self._parts, text, conversation, facts, dry=True, drafting=True, loop=loop_of_caller())
        stored = self._parts.storage.load(conversation)
        return _draft_of(turn, before=len(stored.conversation.turns) if stored is not None else 0)

    def feedback(
        self, draft: Draft, verdict: Verdict, *, text: str | None = None, why: str = "", by: str = "",
        at: datetime | None = None,
    ) -> DraftFeedback:  # fmt: skip
        """Notes what a person made of a draft: it is kept with the conversation. Nothing is sent by it.

        Args:
            draft: What was suggested.
            verdict: `accepted`, `edited` or `rejected`.
            text: What was sent instead, for an edited one.
            why: What was wrong with it.
            by: Who says so.
            at: When; the clock's moment by default.

        Raises:
            ConvagentError: `draft-verdict`, `draft-text`.
            StorageError: It can't be kept.
        """
        moment = aware(at or self._parts.clock())
        noted = _feedback_on(draft, verdict, text=text, why=why, by=by, at=moment)
        lock_seconds = self._parts.shop.settings.agent.lock_seconds
        _keep_feedback(self._parts.storage, draft.turn.conversation, noted, lock_seconds=lock_seconds)
        return noted

    def feedback_of(self, conversation: str) -> tuple[DraftFeedback, ...]:
        """What people made of the drafts of a conversation, in order.

        Raises:
            StorageError: The conversation can't be read.
        """
        return feedback_in(self._parts.storage.load(conversation))

    adraft = twin(draft)
    afeedback = twin(feedback)
    afeedback_of = twin(feedback_of)


def _draft_of(turn: Turn, *, before: int) -> Draft:
    """The draft that a dry turn is.

    Args:
        turn: Of a dry run.
        before: How many turns the conversation had.
    """
    told = f"{turn.conversation}\0{before}\0{turn.message.text}\0{turn.stamp}"
    return Draft(id=hashlib.sha256(told.encode("utf-8", "backslashreplace")).hexdigest()[:16], turn=turn)


def _feedback_on(draft: Draft, verdict: Verdict, *, text: str | None, why: str, by: str, at: datetime) -> DraftFeedback:
    """What a person made of a draft, as it is kept.

    Args:
        draft: The draft.
        verdict: What became of it.
        text: What was sent instead, for an edited one.
        why: What was wrong.
        by: Who says so.
        at: When.

    Raises:
        ConvagentError: `draft-verdict`: there is no such verdict; `draft-text`: an edited draft without the text that was sent,
            or another one with a text.
    """
    if verdict not in ("accepted", "edited", "rejected"):
        raise ConvagentError(
            f"a draft is accepted, edited or rejected, not {str(verdict)[:40]!r}", code="draft-verdict",
            remedy='Give one of "accepted", "edited", "rejected".',
        )  # fmt: skip
    if (verdict == "edited") != (text is not None):
        raise ConvagentError(
            "an edited draft comes with the text that was sent, any other without one", code="draft-text",
            remedy='Hand in text="…" with "edited" alone.',
        )  # fmt: skip
    sent = {"accepted": draft.text, "edited": text or "", "rejected": ""}[verdict]
    changed = {"accepted": 0.0, "edited": Levenshtein.normalized_distance(draft.text, sent), "rejected": 1.0}[verdict]
    return DraftFeedback(
        draft=draft.id, verdict=verdict, message=draft.turn.message.text, suggested=draft.text, sent=sent,
        changed=round(changed, 4), why=why, by=by, at=at, stamp=draft.turn.stamp,
    )  # fmt: skip


def _keep_feedback(storage: Storage, conversation: str, feedback: DraftFeedback, *, lock_seconds: float) -> None:
    """Keeps feedback with its conversation; a second one on the same draft replaces the first.

    Raises:
        StorageError: It can't be kept.
    """
    with storage.locked(conversation, timeout=lock_seconds):
        stored = storage.load(conversation) or StoredConversation(conversation=Conversation(id=conversation), state={})
        others = [each for each in stored.state.get("feedback", ()) if each.get("draft") != feedback.draft]
        state: dict[str, Any] = {**stored.state, "feedback": [*others, feedback.model_dump(mode="json")][-MOST_KEPT:]}
        kept = StoredConversation(conversation=stored.conversation, state=state, due_at=stored.due_at)
        storage.save(kept, expected_version=stored.version)


def feedback_in(stored: StoredConversation | None) -> tuple[DraftFeedback, ...]:
    """What people made of the drafts of a conversation, in order."""
    if stored is None:
        return ()
    return tuple(DraftFeedback.model_validate(each) for each in stored.state.get("feedback", ()))
