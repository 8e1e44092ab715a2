"""What an agent is told of its handovers, and what it says of them: docs/handover.md."""

from __future__ import annotations

from datetime import datetime

from convagent.asynchronous import twin
from convagent.conversation import Turn
from convagent.handover import HandoverDesk, HandoverState

__all__ = ["Handovers"]


class Handovers:
    """The part of `Agent` that deals with handovers after their turn."""

    _desk: HandoverDesk

    def handover(self, conversation: str) -> HandoverState | None:
        """Where the conversation's last handover stands, with its note; None when nothing was ever handed over.

        Raises:
            StorageError: The conversation can't be read.
        """
        return self._desk.standing(conversation)

    def handover_accepted(self, conversation: str, *, by: str = "", at: datetime | None = None) -> HandoverState:
        """A colleague took the conversation. A message with `author="person"` says the same.

        Args:
            conversation: Its id.
            by: Who took it; another name passes it on.
            at: When; the clock's moment by default.

        Raises:
            ConvagentError: `handover-none`, `handover-ended`: there is nothing to take.
            StorageError: The conversation can't be read or kept.
        """
        return self._desk.move(conversation, "accept", by=by, at=at)

    def handover_failed(self, conversation: str, *, why: str = "", at: datetime | None = None) -> Turn:
        """The helpdesk could not be reached with a handover: the turn whose reply tells the customer so, once.

        The handover waits on: it may still be accepted, or time out.

        Args:
            conversation: Its id.
            why: What went wrong, for the record.
            at: When; the clock's moment by default.

        Raises:
            ConvagentError: `handover-none`, `handover-ended`, `handover-move`: none waits to be sent.
            StorageError: The conversation can't be read or kept.
        """
        return self._desk.failed(conversation, why=why, at=at)

    def give_back(self, conversation: str, *, by: str = "", at: datetime | None = None) -> HandoverState | None:
        """A person gives the conversation back: from now on the agent answers again.

        Nothing happens where no person is in charge.

        Raises:
            StorageError: The conversation can't be read or kept.
        """
        return self._desk.give_back(conversation, by=by, at=at)

    def leave_queue(self, conversation: str, *, at: datetime | None = None) -> HandoverState:
        """The customer left while waiting for a person. What they write later, the agent answers.

        Raises:
            ConvagentError: `handover-none`, `handover-ended`, `handover-move`; `handover-grave`: a grave topic was the
                reason, and a person looks at it whether the customer waits or not.
            StorageError: The conversation can't be read or kept.
        """
        return self._desk.move(conversation, "leave", by="customer", at=at)

    def return_to_agent(self, conversation: str, *, at: datetime | None = None) -> HandoverState:
        """The customer, while waiting, chose to go on with the agent; to say so in a message does the same.

        Raises:
            ConvagentError: As for `leave_queue`.
            StorageError: The conversation can't be read or kept.
        """
        return self._desk.move(conversation, "return", by="customer", at=at)

    def overdue_handovers(self, *, now: datetime | None = None, limit: int = 100) -> list[Turn]:
        """Times out the handovers that nobody took until an answer was due; for a scheduler, every few minutes.

        Each is timed out once: it rises in priority, goes to the `escalation_team`, and the customer is told. It can
        still be accepted.

        Args:
            now: What is due by then; the clock's moment by default.
            limit: How many at most, 1 or more.

        Returns:
            The turns, as they are kept: their replies are to be sent, their handovers to be shown to the team again.

        Raises:
            ConvagentError: `moment-zone`, a moment without a time zone.
            StorageError: The storage can't be asked what is due.
        """
        return self._desk.overdue(now=now, limit=limit)

    # ---- for asynchronous callers
    ahandover = twin(handover)
    ahandover_accepted = twin(handover_accepted)
    ahandover_failed = twin(handover_failed)
    agive_back = twin(give_back)
    aleave_queue = twin(leave_queue)
    areturn_to_agent = twin(return_to_agent)
    aoverdue_handovers = twin(overdue_handovers)
