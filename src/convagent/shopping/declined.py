"""What was suggested and not wanted: it is not suggested again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Literal

from convagent.shopping.plain_words import phrase_table

__all__ = [
    "Decline",
    "DeclineScope",
    "DeclinedSuggestions",
    "after_message",
    "after_showing",
    "may_suggest",
    "not_unwanted",
    "read_decline",
]

DeclineScope = Literal["one", "all", "discount", "selling"]
"""What a no is to: one of the things shown, all of them, a discount, or any suggestion at all."""

_SCOPES: Final[tuple[DeclineScope, ...]] = ("selling", "discount", "one", "all")
_MOST: Final = 500
"""Ids that are remembered of each kind, the latest ones: more than a conversation shows."""


@dataclass(frozen=True, slots=True)
class Decline:
    """A no to what was suggested.

    Attributes:
        scope: What it is to.
        evidence: The words, in lower case without accents.
    """

    scope: DeclineScope
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class DeclinedSuggestions:
    """What a conversation remembers of suggestions that were not wanted: data, JSON in and out.

    Anything with an id can be remembered: products, bundles, a code, a moment's greeting.

    Attributes:
        declined: What the shopper said no to.
        ignored: What was shown, and passed over by their next message.
        waiting: What was shown last, and nobody knows yet.
        quiet_for: Messages of the shopper since their last no; None without one.
        discount: Whether a discount was declined.
        selling: Whether they want no suggestions at all.
    """

    declined: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    quiet_for: int | None = None
    discount: bool = False
    selling: bool = False

    def to_json(self) -> dict[str, Any]:
        """For storage; what is empty is left out."""
        out: dict[str, Any] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if value not in ((), None, False) or (value == 0 and each.name == "quiet_for"):
                out[each.name] = list(value) if isinstance(value, tuple) else value
        return out

    @classmethod
    def from_json(cls, data: Any) -> DeclinedSuggestions:
        """What `to_json` wrote. Anything else in it is left out; never raises."""
        if not isinstance(data, Mapping):
            return cls()
        quiet = data.get("quiet_for")
        return cls(
            **{name: _ids(data.get(name)) for name in ("declined", "ignored", "waiting")},
            quiet_for=max(0, quiet) if isinstance(quiet, int) and not isinstance(quiet, bool) else None,
            discount=data.get("discount") is True,
            selling=data.get("selling") is True,
        )


def read_decline(text: str, language: str = "en") -> Decline | None:
    """Whether a message says no to what was suggested, and to what; None where it doesn't.

    "No thanks" is to all that was shown, "not that one" to one thing, "no discount, please" to the discount, "just looking" to
    suggestions at all. Which one of several is meant is another question: `places_in` of `hearing` tells. A bare "no" counts, so
    ask only where something was suggested and no other question of ours is open. English, German and French; the first
    2,000 characters are read.

    Args:
        text: The message.
        language: ISO 639-1, the conversation's; the other languages follow.
    """
    table = phrase_table("declined")
    for scope in _SCOPES:
        if (heard := table.first(text, scope, language=language)) is not None:
            return Decline(scope, heard.words)
    return None


def after_showing(memory: DeclinedSuggestions, shown: Iterable[str]) -> DeclinedSuggestions:
    """What is remembered after a reply that suggested something of its own accord, or nothing.

    Args:
        memory: From before.
        shown: Ids of what it suggested.
    """
    return replace(memory, waiting=_merged(memory.waiting, shown))


def after_message(
    memory: DeclinedSuggestions,
    decline: Decline | None,
    *,
    taken: Iterable[str] = (),
    meant: Sequence[str] = (),
) -> DeclinedSuggestions:
    """What is remembered after a message of the shopper.

    What was shown and neither taken up nor declined is ignored from now on. What they take up or name themselves is wanted
    again, whatever they said before: it is for us not to repeat it, not for them.

    Args:
        memory: From before.
        decline: What `read_decline` heard.
        taken: Ids that the message takes up: it chooses them, asks about them, compares them, names them.
        meant: With a no to one thing, which; without, the last one shown, if only one was, and else all of them.
    """
    wanted = tuple(taken)
    declined: tuple[str, ...] = ()
    if decline is not None:
        if decline.scope == "one" and meant:
            declined = tuple(meant)
        elif decline.scope in ("one", "all", "selling"):
            declined = tuple(each for each in memory.waiting if each not in wanted)
    passed = tuple(each for each in memory.waiting if each not in wanted and each not in declined)
    refused = tuple(each for each in declined if each not in wanted)
    before = None if memory.quiet_for is None else min(memory.quiet_for + 1, _MOST)
    return DeclinedSuggestions(
        declined=_merged((each for each in memory.declined if each not in wanted), refused),
        ignored=_merged((each for each in memory.ignored if each not in wanted and each not in refused), passed),
        quiet_for=0 if decline is not None else before,
        discount=memory.discount or (decline is not None and decline.scope == "discount"),
        selling=(memory.selling and not wanted) or (decline is not None and decline.scope == "selling"),
    )


def not_unwanted(memory: DeclinedSuggestions, ids: Iterable[str]) -> tuple[str, ...]:
    """Those of some suggestions that may be made: neither declined nor ignored before, in their order, each once.

    Args:
        memory: What is remembered.
        ids: What could be suggested.
    """
    unwanted = {*memory.declined, *memory.ignored}
    return tuple(each for each in dict.fromkeys(ids) if each not in unwanted)


def may_suggest(memory: DeclinedSuggestions, *, quiet: int) -> bool:
    """Whether something may be suggested that the shopper didn't ask for.

    Args:
        memory: What is remembered.
        quiet: The rules' `quiet`: messages that pass after a no.
    """
    return not memory.selling and (memory.quiet_for is None or memory.quiet_for >= quiet)


def _merged(old: Iterable[str], new: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*old, *new)))[-_MOST:]


def _ids(value: Any) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)):
        return ()
    return tuple(dict.fromkeys(each for each in value if isinstance(each, str)))[-_MOST:]
