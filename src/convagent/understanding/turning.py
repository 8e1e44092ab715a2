"""Second thoughts: a slip put right, and something else wanted in place of what was asked for."""

from __future__ import annotations

import re

__all__ = ["corrects", "puts_instead", "refuses", "turned_to"]

_LONGEST = 400

_CORRECTS = re.compile(
    r"\b(?:i (?:actually )?mean(?:t)?(?! it)|i was (?:thinking|talking) of|should have (?:said|been)|correction|"
    r"ich mein(?:t)?e|meinte ich|gemeint (?:war|ist)|ich habe mich vertan|"
    r"je (?:voulais|veux) dire|je parlais de|je me suis trompée? de)\b",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    r"\b(?:instead(?! of)|rather than that|on second thoughts?|stattdessen|doch lieber|lieber doch|"
    r"plutôt(?! que)|à la place(?! de)|finalement)\b",
    re.IGNORECASE,
)
_REFUSES = re.compile(
    r"^\W*(?:no,? thank(?:s| you)|i'd rather not|i would rather not|rather not|nein,? danke|lieber nicht|"
    r"non,? merci|je préfère ne pas)\b",
    re.IGNORECASE,
)
_TURNS = re.compile(
    r"^\W*(?:no|nope|nah|nein|non)\b[^.!?]{0,60}?[,;:–—-]\s*(?:but |aber |mais )?"
    r"(?:just|instead|i'd rather(?! not)|rather(?! not)|lieber(?! nicht)|stattdessen|nur|plutôt(?! pas)|"
    r"juste)\b[,\s]*(?P<rest>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)


def corrects(text: str) -> bool:
    """Whether a message puts right what was written before: "sorry, I meant 1081", "no, I mean the other one"."""
    return _CORRECTS.search(text[:_LONGEST]) is not None


def puts_instead(text: str) -> bool:
    """Whether a message wants something in place of what was asked for: "could I exchange it instead?"."""
    return _INSTEAD.search(text[:_LONGEST]) is not None


def refuses(text: str) -> bool:
    """Whether a message politely refuses what was asked for, and asks nothing: "no thanks, I'd rather not give my address"."""
    return "?" not in text and _REFUSES.match(text[:_LONGEST]) is not None


def turned_to(text: str) -> str:
    """What a message wants that says no to something and asks for something else; empty where it does not.

    "no, don't cancel it, just skip the next one" wants the next one skipped.
    """
    found = _TURNS.match(text[:_LONGEST])
    rest = found["rest"].strip() if found is not None else ""
    return rest if len(rest.split()) > 1 else ""
