"""The order of a customer's messages: one that overtook another waits for it; one that was overtaken answers no question.

Channels deliver late, twice and in another order than a customer wrote in. A message whose `id` was answered gets the turn
that it had. A message whose `sequence` says that others come before it waits for them, for as long as the shop's
`agent.order_seconds`; after that it is answered without them, rather than never. Messages without a `sequence` are answered
as they come: clocks go backwards, so that no moment orders them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from convagent.conversation import Asked, Message
from convagent.facts import Facts
from convagent.guidance.interpreter.decision import Memory
from convagent.storage import StoredConversation
from convagent.turns.state import TurnParts, TurnWork

__all__ = ["Place", "asked_again", "last_sequence"]

_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 0.25


def last_sequence(stored: StoredConversation | None) -> int:
    """The highest number among the messages of the customer that were answered; 0 when none had one."""
    turns = stored.conversation.turns if stored is not None else ()
    numbers = (turn.message.sequence or 0 for turn in turns if turn.message.author == "customer")
    return max(numbers, default=0)


@dataclass
class Place:
    """Where a message stands among those of its conversation, and how long it has waited for its turn.

    Attributes:
        message: The message.
        seconds: How long it waits for those before it, at most.
        clock: Seconds that never go back.
    """

    message: Message
    seconds: float
    clock: Callable[[], float]
    overtaken: bool = False
    """A message that the customer wrote later was answered already."""
    missing: tuple[int, ...] = ()
    """Numbers of messages that did not come in time: the first and the last of them."""
    wait: float = 0.0
    """Seconds until it is worth another look."""
    _until: float | None = field(default=None, init=False)

    def comes_later(self, stored: StoredConversation | None) -> bool:
        """Whether messages before it are still to come, and may; then it is worth another look after `wait`.

        Args:
            stored: The conversation as it is kept now.
        """
        number = self.message.sequence
        if number is None or self.message.author != "customer":
            return False
        last = last_sequence(stored)
        self.overtaken, self.missing = number <= last, ()
        if number <= last + 1:
            return False
        now = self.clock()
        self._until = now + self.seconds if self._until is None else self._until
        if now >= self._until:
            self.missing = (last + 1, number - 1)
            return False
        self.wait = min(max(2 * self.wait, _FIRST_PAUSE), _LONGEST_PAUSE, self._until - now)
        return True


def asked_again(work: TurnWork, place: Place, memory: Memory, facts: Facts) -> TurnParts | None:
    """The question that is open, once more: a message that was written before it was asked is no answer to it.

    Args:
        work: The turn; what is odd about the message's place is noted in its trace.
        place: The message's.
        memory: What the conversation's last turn left.
        facts: What the caller knows.

    Returns:
        None when the turn takes its usual path.
    """
    if place.missing:
        first, last = place.missing
        told = f"message {first} has" if first == last else f"the messages {first} to {last} have"
        work.note("order", f"{told} not come in time; this one is answered without")
    if not place.overtaken:
        return None
    work.note("order", "the customer wrote this before a message that was answered already")
    turn = next((turn for turn in reversed(work.before) if turn.reply is not None), None)
    if memory.handed_over or turn is None or not isinstance(turn.outcome, Asked):
        return None
    work.begin(facts)
    work.note("order", "it answers no question that was asked after it was written; the question stands")
    return TurnParts(turn.outcome, turn.reply, memory, work.trace)
