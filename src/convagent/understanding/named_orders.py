"""A number that stands for an order: "what's happening with #1085" asks after an order, though no word of it says so."""

from __future__ import annotations

import re

from convagent.search import base_language

__all__ = ["named_orders"]

_WORDS = {"en": "my order", "de": "meine Bestellung", "fr": "ma commande"}
_NAMED = re.compile(
    r"(?:\b(?:orders?|purchases?|parcels?|packages?|numbers?|no|nr|nos|subscriptions?|bestell\w*|auftr[aä]g\w*|pakete?s?|nummern?"
    r"|commandes?|colis|num[ée]ros?|abo\w*)\b|[n№]°)\W*$",
    re.IGNORECASE,
)
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
        # "1200 mugs" counts something, "#1200 mugs" doesn't
        return number if "#" not in number and _COUNTS.match(text, found.end()) else f"{words} {number}"

    return re.sub(rf"(?<![\w#@.,/-])(?:{pattern})(?![\w@]|[.,]\d)", named, text)
