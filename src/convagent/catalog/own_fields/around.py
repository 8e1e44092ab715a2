"""What stands around a value in a shopper's words: a refusal, a wish that may go unfulfilled, a bound."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from convagent.catalog.own_fields.refused_lists import refused_lists

__all__ = ["BoundSaid", "bound_before", "is_preferred", "refused_from"]

_ARTICLES = (
    r"(?:(?:an?|the|any|one|that|made|of|from|in|with|be|is|for|of\s+type|eine?[nmrs]?|de[rnms]|die|das|aus|von|vom|mit|für|in|auf|als|"
    r"une?|les?|la|d['’]|de|du|des|en|avec|pour|au)\s*(?<=[\s'’]))"
)
_REFUSED = re.compile(
    rf"(?<![^\W\d_])(?:not|no|non|without|except|excluding|avoid(?:ing)?|isn['’]?t|aren['’]?t|doesn['’]?t|don['’]?t(?:\s+want)?|"
    rf"neither|nor|nothing\s+(?:with|of|containing)|nichts\s+(?:mit|aus)|rien\s+(?:avec|à)|(?:allergic|allergy)\s+to|"
    rf"intolerant\s+(?:to|of)|(?:can['’]?t|cannot|mustn['’]?t)\s+(?:have|eat|take|stand)|"
    rf"allergisch\s+(?:gegen|auf)|verträgt\s+kein\w*|allergique\s+(?:à|au|aux)|"
    rf"nicht|kein\w*|ohne|außer|ausser|weder(?:\b[^,.;!?]{0, 30}\bnoch)?|noch\s+kein\w*|pas|ni|sans|sauf|"
    rf"hors)[\s-]+{_ARTICLES}{{0,3}}$",
    re.IGNORECASE,
)
_BUT = re.compile(
    r"\bnot\s+(?:only|just|necessarily)\b|\bnicht\s+(?:nur|unbedingt)\b|\bpas\s+(?:seulement|forcément)\b",
    re.IGNORECASE,
)
_PREFERRED_BEFORE = re.compile(
    r"\b(?:preferabl[ye]|prefer(?:red)?|ideally|if\s+possible|maybe|perhaps|best|rather|am\s+liebsten|möglichst|vorzugsweise|idealerweise|"
    r"vielleicht|gerne?|bevorzugt|de\s+préférence|si\s+possible|plutôt|idéalement|peut-être)\b[^,.;!?]{0,25}$",
    re.IGNORECASE,
)
_PREFERRED_BEHIND = re.compile(
    r"^[^,.;!?]{0,15}[,\s]+(?:if\s+possible|preferably|ideally|would\s+be\s+(?:nice|great|good|lovely)|wenn\s+möglich|wäre\s+(?:schön|gut|toll)|"
    r"si\s+possible|de\s+préférence|ce\s+serait\s+bien)\b",
    re.IGNORECASE,
)
_LEAST = re.compile(
    r"(?P<strict>over|above|more\s+than|longer\s+than|bigger\s+than|brighter\s+than|after|newer\s+than|mehr\s+als|über|länger\s+als|nach|"
    r"plus\s+de|après|supérieure?\s+à)|at\s+least|no\s+less\s+than|not\s+less\s+than|min(?:imum|\.)?(?:\s+of)?|from|mindestens|ab|"
    r"au\s+moins|à\s+partir\s+de|minimum",
    re.IGNORECASE,
)
_MOST = re.compile(
    r"(?P<strict>under|below|less\s+than|fewer\s+than|shorter\s+than|smaller\s+than|before|older\s+than|unter|weniger\s+als|kürzer\s+als|vor|"
    r"moins\s+de|avant|inférieure?\s+à)|at\s+most|no\s+more\s+than|not\s+more\s+than|up\s+to|max(?:imum|\.)?(?:\s+of)?|within|höchstens|maximal|"
    r"bis(?:\s+zu)?|au\s+plus|jusqu['’]à|pas\s+plus\s+de|au\s+maximum",
    re.IGNORECASE,
)
_ARTICLE_BEHIND = r"\s*(?:(?:of|a|the|von|de|d['’])\s*)?$"
_LEAST_END = re.compile(rf"(?<![^\W\d_])(?:{_LEAST.pattern}){_ARTICLE_BEHIND}", re.IGNORECASE)
_MOST_END = re.compile(rf"(?<![^\W\d_])(?:{_MOST.pattern}){_ARTICLE_BEHIND}", re.IGNORECASE)
_BETWEEN = re.compile(
    r"(?<![^\W\d_])(?:(?:between|zwischen|entre)\s+(?P<low>[0-9]+(?:[.,][0-9]+)?)[^0-9]{0,12}?\s(?:and|und|et)|"
    r"(?:from|von|de)\s+(?P<low_b>[0-9]+(?:[.,][0-9]+)?)[^0-9]{0,12}?\s(?:to|bis|à))\s+$",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"^\s*(?:(?P<more>\+|(?:or|and)\s+(?:more|over|up|above|longer)|oder\s+mehr|ou\s+plus|minimum)|"
    r"(?P<less>(?:or|and)\s+(?:less|under|below|fewer|shorter)|oder\s+weniger|ou\s+moins|max(?:imum)?|höchstens))(?![^\W\d_])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class BoundSaid:
    """A bound that words around a number set.

    Args:
        least: Whether it is the smallest that will do.
        most: Whether it is the largest.
        strict: Whether the number itself won't do.
        low: The lower end, of "between 200 and 300".
        start: Where the words begin, or the number.
        end: Where the words end, or the number's unit.
    """

    least: bool
    most: bool
    strict: bool
    low: Decimal | None
    start: int
    end: int


def refused_from(text: str, start: int) -> int | None:
    """Where the refusal begins of which the value at `start` is the object; None where it isn't refused.

    Args:
        text: A shopper's words.
        start: Where the value begins.
    """
    match = _REFUSED.search(text[max(0, start - 40) : start])
    if match is None:
        return _within_a_list(text, start)
    begin = max(0, start - 40) + match.start()
    return None if _BUT.match(text, begin) else begin


def _within_a_list(text: str, start: int) -> int | None:
    """Where a value begins that is one of several things refused together, but not the first of them; None for any other."""
    for each in refused_lists(text):
        if any(begin == start for begin, _ in each.items[1:]):
            return start
    return None


def is_preferred(text: str, start: int, end: int) -> bool:
    """Whether a value is only wished for if possible.

    Args:
        text: A shopper's words.
        start: Where it begins.
        end: Where it ends.
    """
    return bool(
        _PREFERRED_BEFORE.search(text[max(0, start - 50) : start]) or _PREFERRED_BEHIND.match(text[end : end + 60])
    )


def bound_before(text: str, start: int, end: int) -> BoundSaid:
    """The bound that words set before a number, or behind it; neither least nor most where the number is meant itself.

    Args:
        text: A shopper's words.
        start: Where the number begins.
        end: Where its unit ends.
    """
    before, offset = text[max(0, start - 40) : start], max(0, start - 40)
    if between := _BETWEEN.search(before):
        low = between["low"] or between["low_b"]
        return BoundSaid(True, True, False, Decimal(low.replace(",", ".")), offset + between.start(), end)
    for pattern, least in ((_MOST_END, False), (_LEAST_END, True)):
        if found := pattern.search(before):
            return BoundSaid(least, not least, bool(found["strict"]), None, offset + found.start(), end)
    if tail := _TAIL.match(text[end : end + 30]):
        return BoundSaid(bool(tail["more"]), bool(tail["less"]), False, None, start, end + tail.end())
    return BoundSaid(False, False, False, None, start, end)
