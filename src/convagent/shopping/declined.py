"""A no to what was suggested, and what it is to: one thing, all of them, a discount, any suggestion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from convagent.shopping.plain_words import phrase_table

__all__ = ["Decline", "DeclineScope", "read_decline"]

DeclineScope = Literal["one", "all", "discount", "selling"]
"""What a no is to: one of the things shown, all of them, a discount, or any suggestion at all."""

_SCOPES: Final[tuple[DeclineScope, ...]] = ("selling", "discount", "one", "all")


@dataclass(frozen=True, slots=True)
class Decline:
    """A no to what was suggested.

    Attributes:
        scope: What it is to.
        evidence: The words, in lower case without accents.
    """

    scope: DeclineScope
    evidence: str = ""


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
