"""Past conversations as they are reviewed: who wrote what, whoever answered."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

from convagent.actions.redaction import without
from convagent.catalog.decode import decode_lines
from convagent.conversation import Turn
from convagent.errors import EvalError, Place
from convagent.evals.faults import CaseFault
from convagent.guidance.interpreter.decision import Memory
from convagent.hidden import secret_values, unsaid
from convagent.storage import Storage

__all__ = ["PastConversation", "Said", "from_stored", "names_in", "read_past", "stored"]

Author = Literal["customer", "person", "agent", "system"]
_AUTHORS = frozenset({"customer", "person", "agent", "system"})
MAX_TEXT = 20_000
"""Characters of one message; the rest is left out."""

AT_ONCE = 500
"""Conversations that are listed at a time."""

_EXAMPLE = 'Write {"id": "…", "messages": [{"author": "customer", "text": "…"}]}; docs/quality.md shows a ticket.'


@dataclass(frozen=True, slots=True)
class Said:
    """One message.

    Attributes:
        author: customer, person (a colleague), agent (ours or another system's), system.
        text: What was written.
    """

    author: Author
    text: str

    @property
    def is_reply(self) -> bool:
        """Whether somebody answered with it."""
        return self.author in {"person", "agent"}


@dataclass(frozen=True)
class PastConversation:
    """A conversation that is over.

    Attributes:
        id: Unique among those that are reviewed.
        messages: In order.
        tags: As the helpdesk has them.
        facts: What was known of the customer, as far as it was kept.
    """

    id: str
    messages: tuple[Said, ...]
    tags: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def answered_by(self) -> str:
        """`agent`, `person`, `both` or `nobody`."""
        who = {message.author for message in self.messages if message.is_reply}
        return "both" if len(who) == 2 else next(iter(who), "nobody")


def from_stored(conversation: str, turns: Iterable[Turn]) -> PastConversation:
    """A conversation that the engine keeps.

    Args:
        conversation: Its id.
        turns: Of it, in order, as `Storage.turns` gives them.
    """
    said: list[Said] = []
    for turn in turns:
        said.append(Said(turn.message.author, turn.message.text[:MAX_TEXT]))
        if turn.reply is not None:
            said.append(Said("agent", turn.reply.text[:MAX_TEXT]))
    return PastConversation(conversation, tuple(said))


def stored(storage: Storage, *, secret: Collection[str] = ()) -> Iterator[PastConversation]:
    """Every conversation that a storage keeps, newest first.

    Args:
        storage: The shop's.
        secret: Needs whose answers are left out, as `convagent.hidden.secret_needs` gives them.
    """
    for name in names_in(storage):
        turns: Sequence[Turn] = tuple(storage.turns(name))
        if secret and turns:
            known = storage.load(name)
            memory = Memory.from_json(known.state.get("memory", {})) if known is not None else Memory()
            values = secret_values(secret, memory)
            _, turns = unsaid(turns[-1].message, turns, secret, values)
            turns = [_without(turn, values) for turn in turns]
        yield from_stored(name, turns)


def _without(turn: Turn, values: Sequence[str]) -> Turn:
    """A turn whose reply repeats no secret either."""
    if turn.reply is None or not values:
        return turn
    return turn.model_copy(
        update={"reply": turn.reply.model_copy(update={"text": str(without(turn.reply.text, values))})}
    )


def names_in(storage: Storage) -> Iterator[str]:
    """The ids of all conversations that a storage keeps, newest first, without reading any."""
    after = None
    while names := storage.conversations(limit=AT_ONCE, after=after):
        yield from names
        after = names[-1]


def read_past(path: str | Path) -> tuple[tuple[PastConversation, ...], tuple[CaseFault, ...]]:
    """Conversations of a file of tickets (JSON Lines, see docs/quality.md), and what could not be read, with its line.

    Raises:
        EvalError: `eval-import`: the file can't be read.
    """
    try:
        lines = decode_lines(Path(path).read_bytes()).lines
    except OSError as error:
        raise EvalError(
            f"the tickets can't be read: {error.strerror or error}", code="eval-import", place=Path(path),
            remedy="Name a file with a JSON object a line.",
        ) from None  # fmt: skip
    found: dict[str, PastConversation] = {}
    faults: list[CaseFault] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        told = _read(line, found)
        if isinstance(told, str):
            faults.append(CaseFault("eval-import", Place(str(path), number), told, _EXAMPLE))
        else:
            found[told.id] = told
    return tuple(found.values()), tuple(faults)


def _read(line: str, known: Mapping[str, PastConversation]) -> PastConversation | str:
    """A conversation, or why it is none."""
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return "this line is no JSON"
    if not isinstance(data, dict) or not isinstance(data.get("messages"), list):
        return "a ticket is an object with messages"
    name = str(data.get("id") or "").strip()[:200]
    if not name or name in known:
        return f"the ticket {name} is there twice" if name else "the ticket has no id"
    said = []
    for message in data["messages"]:
        if (
            not isinstance(message, dict)
            or message.get("author") not in _AUTHORS
            or not isinstance(message.get("text"), str)
        ):
            return "a message has an author (customer, person, agent, system) and a text"
        said.append(Said(cast("Author", message["author"]), message["text"][:MAX_TEXT]))
    tags = data.get("tags")
    facts = data.get("facts")
    return PastConversation(
        name, tuple(said), tuple(str(tag) for tag in tags) if isinstance(tags, list) else (),
        facts if isinstance(facts, dict) else {},
    )  # fmt: skip
