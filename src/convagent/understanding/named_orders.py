"""A number that stands for an order: "what's happening with #1085" asks after an order, though no word of it says so."""

from __future__ import annotations

import re

from convagent.search import base_language
from convagent.understanding.content_words import content_words
from convagent.understanding.turning import corrects

__all__ = ["added_order", "named_each", "named_orders", "with_order"]

_WORDS = {"en": "my order", "de": "meine Bestellung", "fr": "ma commande"}
_NAMED = re.compile(
    r"(?:\b(?:orders?|purchases?|parcels?|packages?|numbers?|no|nr|nos|subscriptions?|bestell\w*|auftr[aä]g\w*|pakete?s?|nummern?"
    r"|commandes?|colis|num[ée]ros?|abo\w*)\b|[n№]°)\W*$",
    re.IGNORECASE,
)
_LISTED = (
    r"\s*(?:(?:[,;&+/]|\b(?:and|as well as|und|sowie|et|ainsi que)\b)\s*)+(?:(?:also|then|auch|dann|aussi|puis)\s+)?"
    r"(?:(?:(?:my|the|meine|die|ma|la)\s+)?(?:orders?|numbers?|no\.?|nr\.?|bestellung(?:en)?|nummer|commandes?|num[ée]ro)\s+)?"
)
"""What stands between two orders of a list."""
_ADDED = (
    r"(?:^|[\s,;.!–—-]+)(?:(?:and|also|plus|und|auch|sowie|et|aussi)\b[\s,]*)+(?:(?:then|too|dann|noch|puis|ensuite)\s+)?"
    r"(?:(?:my|the|cancel|meine|die|ma|la)\s+)*(?:(?:order|number|no\.?|nr\.?|bestellung|nummer|commande|num[ée]ro)\s+)?"
)
"""What leads on to one more order."""
_TOO = re.compile(r"[\s,]*(?:(?:as well|too|also|then|auch|ebenfalls|dazu|aussi|également)\b[\s,]*)*", re.IGNORECASE)
MOST_NAMED = 4
"""So many orders of one message are taken up one after the other; more are for a person."""
_COUNTS = re.compile(r"\s+[^\W\d_]")


def named_orders(text: str, pattern: str, *, language: str = "en") -> str:
    """A message with the words "my order" before each order's number that nothing names; the message itself where there is none.

    Guides and their examples are compared by words, so that a number alone says nothing.

    Args:
        text: The message.
        pattern: Regular expression of the shop's order numbers.
        language: The message's; English words stand in a language other than English, German and French.
    """
    words = _WORDS.get(base_language(language), _WORDS["en"])

    def named(found: re.Match[str]) -> str:
        number = found.group()
        if _NAMED.search(text, 0, found.start()) is not None:
            return number
        # "1200 mugs" counts something, "#1200 mugs" and "TW-1200 mugs" don't
        return number if number.isdecimal() and _COUNTS.match(text, found.end()) else f"{words} {number}"

    return re.sub(_number(pattern), named, text)


def _number(pattern: str) -> str:
    return rf"(?<![\w#@.,/-])(?:{pattern})(?![\w@]|[.,]\d)"


def named_each(text: str, pattern: str) -> tuple[str, ...]:
    """A message that names several orders in a row, once for each of them: "cancel 1114 and 1115" asks for two things.

    Args:
        text: The message.
        pattern: Regular expression of the shop's order numbers.

    Returns:
        The message with one of the numbers in the place of the list, in their order; empty where there is no such list,
        where it is of more than `MOST_NAMED`, or where another number stands beside it.
    """
    number = _number(pattern)
    lists = list(re.finditer(rf"{number}(?:{_LISTED}{number})+", text, re.IGNORECASE))
    if len(lists) != 1:
        return ()
    found = lists[0]
    listed = [one.group() for one in re.finditer(number, found.group(), re.IGNORECASE)]
    numbers = list(dict.fromkeys(listed))
    if not 1 < len(numbers) <= MOST_NAMED or len(listed) < sum(1 for _ in re.finditer(number, text, re.IGNORECASE)):
        return ()
    return tuple(f"{text[: found.start()]}{one}{text[found.end() :]}" for one in numbers)


def added_order(text: str, pattern: str) -> tuple[str, str] | None:
    """What a message says before it adds one more order, and that order's number: "yes, and then 1115 as well".

    Args:
        text: The message.
        pattern: Regular expression of the shop's order numbers.

    Returns:
        None where it adds none, names more than one, corrects what was said, or goes on with something else.
    """
    number = _number(pattern)
    if len(re.findall(rf"(?:{number})", text)) != 1 or corrects(text):
        return None
    found = re.search(rf"{_ADDED}(?P<order>{number})", text, re.IGNORECASE)
    if found is None:
        return None
    behind = text[found.end() :]
    too = _TOO.match(behind)
    if content_words(behind[too.end() if too is not None else 0 :]):
        return None
    return text[: found.start()].strip(), found.group("order")


def with_order(text: str, order: str, pattern: str) -> str:
    """A text about one order as it would be about another; empty where it names none, more than one, or that one."""
    number = re.compile(_number(pattern))
    named = {found.group().strip("#") for found in number.finditer(text)}
    return number.sub(order, text) if len(named) == 1 and order.strip("#") not in named else ""
