"""A follow-up as a question that stands for itself, without a model: "and for shoes?" after "how long can I return a jacket?".

The message keeps its own words and takes over the topic of the request before. What it says anew replaces what it said
before: after "delivery to Ireland", "and to Germany?" keeps the delivery and drops Ireland.
"""

from __future__ import annotations

import re

from convagent.search import STOP_WORDS, base_language

__all__ = ["self_contained", "stands_alone"]

FEW = 9
"""Longer messages stand for themselves."""

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_OPENING = re.compile(
    r"^\s*(?:(?:and|also|or|ok|okay|so|then|but|what about|how about|und|auch|oder|wie ist es mit|was ist mit|et|aussi|ou|"
    r"mais|qu'en est-il de)\b[\s,]*)+",
    re.IGNORECASE,
)
_PREPOSITIONS = (
    "for|to|in|on|with|from|after|at|without|of"
    "|für|nach|in|mit|bei|von|ohne|aus|zu"
    "|pour|à|en|avec|sans|de|chez|vers|au|aux"
)  # fmt: skip
_PHRASE = re.compile(rf"\b(?P<mark>{_PREPOSITIONS})\s+(?P<rest>[^?!.,]+)", re.IGNORECASE)
_REFERS = frozenset(
    "it that this them they those these one ones there he she its their so "
    "es das dies diese dieser dieses sie ihn ihm davon dafür dort "
    "ça cela ceci le la les lui leur celui celle ceux y en".split()
)
_ASKING = frozenset(
    "how what when where which who why can could do does is are will would may much many long often soon late far if "
    "wie was wann wo wohin welche welcher welches wer warum kann darf ist sind gibt viel lange oft wenn bis "
    "comment combien quand où qui quel quelle quels quelles pourquoi puis peut est sont si jusqu'à c'est est-ce".split()
)
_OWN_SUBJECT = re.compile(
    r"\b(?:do|can|could|may|will|did) (?:you|i|we)\b|\bare you\b|\bi\b|\bich\b|\bje\b|\b(?:haben|liefern) sie\b|\bvous\b",
    re.IGNORECASE,
)


def stands_alone(text: str, language: str = "en") -> bool:
    """Whether a message says itself what it is about.

    Args:
        text: The message.
        language: Its language tag.
    """
    words = _words(text)
    if not words or len(words) > FEW:
        return bool(words)
    told = _telling(text, language)
    if _OPENING.match(text) or any(word in _REFERS for word in words):
        return False
    if not told:
        return False
    return len(told) >= 2 or _OWN_SUBJECT.search(text) is not None


def self_contained(text: str, last: str, *, language: str = "en") -> str:
    """The message as a query with the topic of the request before, where it leans on it; else as it is.

    What is new stands in it twice: it weighs more than what is carried over (`benchmarks/follow_ups.py`).

    Args:
        text: The message.
        last: The words of the request before.
        language: Their language tag.
    """
    if not last.strip() or stands_alone(text, language):
        return text
    own = _OPENING.sub("", text).strip()
    kept = _without_replaced(last, own, language).strip(" ?!.,")
    if not _telling(kept, language) - _telling(own, language):
        return text
    return " ".join([kept, own, *sorted(_telling(own, language))])


def _without_replaced(last: str, own: str, language: str) -> str:
    """The request before without the phrase that the message puts another in place of."""
    mine = _PHRASE.search(own)
    if mine is None or mine.start() > 0:
        return _without_object(last, language) if _is_bare(own) else last
    mark = mine["mark"].casefold()
    theirs = [match for match in _ONE_PHRASE.finditer(last) if match["mark"].casefold() == mark]
    if not theirs or theirs[-1].start() == 0:
        return _without_object(last, language)
    return " ".join((last[: theirs[-1].start()] + last[theirs[-1].end() :]).split())


_ONE_PHRASE = re.compile(
    rf"\b(?P<mark>{_PREPOSITIONS})\s+(?:(?:a|an|the|my|our|your|der|die|das|den|dem|mein\w*|le|la|les|un|une|mon|ma|mes)\s+)?"
    r"[^\W_]+(?:[-'’][^\W_]+)*",
    re.IGNORECASE,
)
_OBJECT = re.compile(
    r"\b(?:a|an|the|my|some|ein|eine|einen|einem|mein|meine|meinen|der|die|das|den|un|une|le|la|mon|ma|mes|des)\s+"
    r"([\w-]+)\s*[?!.]*$",
    re.IGNORECASE,
)


def _without_object(last: str, language: str) -> str:
    """The request before without the thing that it ends in: "how long can I return" of "how long can I return a jacket?"."""
    found = _OBJECT.search(last)
    return last[: found.start()] if found is not None and _telling(last[: found.start()], language) else last


def _is_bare(own: str) -> bool:
    """Whether a message is a thing and no more: "shoes?", "the Pip Max?"."""
    words = _words(own)
    return len(words) <= 3 and not any(word in _ASKING or word in _REFERS for word in words)


def _telling_in_order(text: str, language: str) -> list[str]:
    stop = STOP_WORDS.get(base_language(language), frozenset())
    return [
        word
        for word in dict.fromkeys(_WORD.findall(text))
        if word.casefold() not in stop and word.casefold() not in _ASKING and word.casefold() not in _REFERS
    ]


def _telling(text: str, language: str) -> set[str]:
    return {word.casefold() for word in _telling_in_order(_OPENING.sub("", text), language)}


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]
