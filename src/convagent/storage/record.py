"""A conversation as texts to keep, and back.

A record holds the conversation in pieces, so that a long one grows by rows instead of being written anew: its head
(everything but messages and turns), the agent's state, and one piece for each message and turn. Every piece carries a
digest, by which a storage sees what is already kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import to_jsonable_python

from convagent.conversation import Conversation, Turn
from convagent.errors import StorageError
from convagent.storage.arguments import checked_id
from convagent.storage.port import StoredConversation

__all__ = ["Piece", "Record", "record_from", "stored_from", "turns_from"]

DEEPEST = 200
"""How deep a state may be nested: below what Python's own JSON reader manages on any stack."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One message or turn in JSON.

    Args:
        json: The text. It holds neither NUL nor lone surrogates: JSON writes both as escapes.
        digest: BLAKE2b of the text, 32 hexadecimal digits.
        at: When it was, if known.
        label: The author of a message, the outcome's name of a turn.
    """

    json: str
    digest: str
    at: datetime | None
    label: str


@dataclass(frozen=True, slots=True)
class Record:
    """A stored conversation in pieces."""

    id: str
    version: int
    head: str
    state: str
    messages: tuple[Piece, ...]
    turns: tuple[Piece, ...]
    due_at: datetime | None = None


def record_from(stored: StoredConversation, *, version: int) -> Record:
    """The pieces of `stored`, to be kept as `version`.

    Raises:
        StorageError: `storage-id` for an id that can't be a key; `storage-not-json` when a state or a turn holds
            something that JSON does not have, and would come back changed or not at all.
    """
    conversation = stored.conversation
    name = checked_id(conversation.id)
    _check_json(stored.state, f"the state of conversation {name!r}")
    return Record(
        id=name,
        version=version,
        head=_text(
            _values(conversation, f"conversation {name!r}", without={"messages", "turns"}), f"conversation {name!r}"
        ),
        state=_text(stored.state, f"the state of conversation {name!r}"),
        messages=tuple(
            _piece(message, f"message {number} of conversation {name!r}", at=message.at, label="author")
            for number, message in enumerate(conversation.messages, start=1)
        ),
        turns=tuple(
            _piece(turn, f"turn {number} of conversation {name!r}", at=turn.at, label="outcome")
            for number, turn in enumerate(conversation.turns, start=1)
        ),
        due_at=stored.due_at,
    )


def stored_from(
    name: str, *, head: str, state: str, version: int, messages: Iterable[str], turns: Iterable[str],
    due_at: datetime | None, place: str,
) -> StoredConversation:  # fmt: skip
    """The conversation called `name` that `record_from` took to pieces; `place` is what an error names as its place.

    Raises:
        StorageError: `storage-damaged` when a piece can't be read.
    """
    try:
        conversation = Conversation.model_validate(
            {
                **json.loads(head),
                "messages": [json.loads(text) for text in messages],
                "turns": [json.loads(text) for text in turns],
            }
        )
        return StoredConversation(conversation=conversation, state=json.loads(state), version=version, due_at=due_at)
    except (ValueError, TypeError, RecursionError) as error:
        raise _damaged(error, name, place) from error


def turns_from(name: str, texts: Iterable[str], *, place: str) -> tuple[Turn, ...]:
    """The turns of the conversation called `name`; `place` is what an error names as its place.

    Raises:
        StorageError: `storage-damaged` when one can't be read.
    """
    try:
        return tuple(Turn.model_validate(json.loads(text)) for text in texts)
    except (ValueError, TypeError, RecursionError) as error:
        raise _damaged(error, name, place) from error


def _piece(model: BaseModel, what: str, *, at: datetime | None, label: str) -> Piece:
    values = _values(model, what)
    text = _text(values, what)
    digest = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    return Piece(json=text, digest=digest, at=at, label=str(values[label]))


def _values(model: BaseModel, what: str, *, without: set[str] | None = None) -> dict[str, Any]:
    # Not pydantic's own JSON: that turns infinite numbers into null, which a number's field does not take back, and
    # fails on half a character in a key, which a tool's answer may hold.
    try:
        return model.model_dump(exclude=without, warnings="error")
    except (ValueError, RecursionError) as error:
        raise _not_json(what, error) from error


def _text(values: Any, what: str) -> str:
    """Compact JSON: readable Unicode where that can be written as UTF-8, escapes throughout where it can't."""
    try:
        text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=to_jsonable_python)
        try:
            text.encode()
        except UnicodeEncodeError:
            return json.dumps(values, separators=(",", ":"), default=to_jsonable_python)
    except (ValueError, TypeError, RecursionError) as error:
        raise _not_json(what, error) from error
    return text


def _check_json(value: Any, what: str, *, depth: int = 0) -> None:
    if depth > DEEPEST:
        raise _not_json(what, f"it is nested deeper than {DEEPEST} levels")
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise _not_json(what, f"the key {key!r} is a {type(key).__name__}")
            _check_json(item, what, depth=depth + 1)
    elif isinstance(value, list):
        for item in value:
            _check_json(item, what, depth=depth + 1)
    elif not (value is None or isinstance(value, (str, int, float))):
        raise _not_json(what, f"it holds a {type(value).__name__}")


def _not_json(what: str, why: object) -> StorageError:
    return StorageError(
        f"{what} can't be written as JSON: {str(why).partition(chr(10))[0]}",
        code="storage-not-json",
        remedy="Keep texts, numbers, true, false, null, and lists and dicts of them, with texts as keys.",
    )


def _damaged(error: Exception, name: str, place: str) -> StorageError:
    why = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
    return StorageError(
        f"conversation {name!r} can't be read back: {why}",
        code="storage-damaged",
        place=place,
        remedy="Restore it from a backup; it was changed by something other than convagent.",
    )
