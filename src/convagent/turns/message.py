"""What comes in, checked before a turn begins: the message, its conversation's id, and whether it was delivered before."""

from __future__ import annotations

import re

from convagent.conversation import Message, Turn
from convagent.errors import ConvagentError
from convagent.storage import RESERVED_PREFIX, StoredConversation

__all__ = ["check_free", "read_message", "turn_of"]

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


def read_message(text: object) -> Message:
    """The message of a turn. Half a character, which no encoding can write, becomes U+FFFD.

    Raises:
        ConvagentError: `message-type`: it is neither a text nor a Message.
    """
    if not isinstance(text, (str, Message)):
        raise ConvagentError(
            f"a message is a text or a Message, not a {type(text).__name__}", code="message-type",
            remedy="Hand in what the customer wrote.",
        )  # fmt: skip
    message = text if isinstance(text, Message) else Message(text=text)
    if _HALF_CHARACTER.search(message.text) is None:
        return message
    return message.model_copy(update={"text": _HALF_CHARACTER.sub("\ufffd", message.text)})


def check_free(conversation: object) -> None:
    """Refuses an id that is the engine's own.

    Raises:
        ConvagentError: `conversation-reserved`.
    """
    if isinstance(conversation, str) and conversation.startswith(RESERVED_PREFIX):
        raise ConvagentError(
            f"a conversation's id can't begin with {RESERVED_PREFIX}", code="conversation-reserved",
            remedy="Ids that begin so are the engine's own.",
        )  # fmt: skip


def turn_of(message: Message, stored: StoredConversation | None) -> Turn | None:
    """The turn that a message had, when it was delivered before: channels promise no less than once."""
    if message.id is None or stored is None:
        return None
    turns = reversed(stored.conversation.turns)
    return next(
        (turn for turn in turns if (turn.message.id, turn.message.author) == (message.id, message.author)), None
    )
