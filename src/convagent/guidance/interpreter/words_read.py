"""What a Need wants of a customer's words, what the words are, and the one port through which they are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from convagent.guidance.values import UNKNOWN

__all__ = ["Choice", "Quote", "Read", "Reader", "Utterance", "Wanted"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be picked.

    Attributes:
        key: Its identity: an order's number, a line's place.
        value: The thing itself.
        labels: What it is called when it is offered, the usual name first.
        aliases: What else customers may call it.
    """

    key: str
    value: Any
    labels: tuple[str, ...]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a Need wants to have read from the customer's words.

    Attributes:
        name: The Need's name: email, order, reason.
        kind: `value`, `yes_no`, `one`, `some`, `each` or `confirmation`.
        type_name: For a value, its type: email, text, money, days …
        choices: For picks, what there is to pick from.
        about: For a Need `for each`, the element it is about; for a confirmation, its question and what would be done.
        taken: Names of the elements it is needed for; words that pick them say nothing about what is wanted for them.
    """

    name: str
    kind: str
    type_name: str | None = None
    choices: tuple[Choice, ...] = ()
    about: str | None = None
    taken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the customer's that give a Need its value, as a chat model read them. Whether they do, the reader decides.

    Attributes:
        need: The Need's name.
        words: As the customer wrote them.
        choice: For a pick, what is picked, by its name.
    """

    need: str
    words: str
    choice: str = ""


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something the customer wrote for this request.

    Attributes:
        text: The words.
        answers: What had been asked just before.
        quotes: What a chat model found in the words; empty where none was asked.
    """

    text: str
    answers: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """What was read.

    Attributes:
        value: The value, or the keys of picked choices as a tuple; UNKNOWN when nothing was read.
        source: The words it was read from.
        unclear: Choices that fit equally well.
        misfit: An answer was given, and it fits no choice.
        other: The words name something of the same kind that is no choice, so that none may be taken for it unasked.
    """

    value: Any = UNKNOWN
    source: str = ""
    unclear: tuple[Choice, ...] = ()
    misfit: bool = False
    other: bool = False


class Reader(Protocol):
    """Reads a Need from what the customer wrote. Pure and deterministic."""

    def read(self, wanted: Wanted, utterance: Utterance, *, direct: bool) -> Read:
        """What `utterance` gives for `wanted`; `direct` when it answers the question for it, else only what is plain."""
        ...
