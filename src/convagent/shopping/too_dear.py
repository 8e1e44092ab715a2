"""A price that is found too dear in so many words: "1190 for a table is mad"."""

from __future__ import annotations

import re
from decimal import Decimal

from convagent.catalog.hits import ProductHit

__all__ = ["for_less_than_said"]

_SAID = re.compile(
    r"(?<![\w.,#])(?:(?P<before>€|\$|£|eur)\s?)?(?P<price>\d{1,3}(?:[.,\s]\d{3})+|\d{2,5})(?:[.,]\d{2})?"
    r"\s*(?P<behind>€|\$|£|euros?\b|eur\b|dollars?\b|pounds?\b)?\s+(?:for|für|pour) "
    r"(?:an?|one|the|that|this|ein\w*|de[nr]|die|das|so|diese\w*|une?|l[ea]|cette?)\b"
    r"(?P<judged>(?:\s+[^\W\d]+){1,4},?\s+(?:is|are|seems|sounds|ist|sind|finde|wäre|c['’]est|est|ça fait)\b)?",
    re.IGNORECASE,
)
"""A number for a thing, a price where it has a currency or is judged: "1190 for a table is mad", not "24 for the office"."""

_CURRENCIES = {"€": "EUR", "eur": "EUR", "euro": "EUR", "$": "USD", "dollar": "USD", "£": "GBP", "pound": "GBP"}


def for_less_than_said(text: str, hits: list[ProductHit]) -> list[ProductHit]:
    """Hits that cost less than what is found too dear, "1190 for a table is mad", where there are any; else all.

    Args:
        text: A shopper's words.
        hits: What was found; a hit without a variant has no price, and costs no less.
    """
    said = next((each for each in _SAID.finditer(text) if each["before"] or each["behind"] or each["judged"]), None)
    if said is None:
        return hits
    sign = (said["before"] or said["behind"] or "").casefold().removesuffix("s")
    currency, price = _CURRENCIES.get(sign), Decimal(re.sub(r"\D", "", said["price"]))
    prices = ((hit, hit.variant.price) for hit in hits if hit.variant is not None)
    return [hit for hit, its in prices if its.amount < price and currency in {None, its.currency}] or hits
