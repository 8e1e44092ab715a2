"""How a product compares with the one that it came after, by what the shop says of the old one: "is it lighter?"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from convagent.catalog.knowing.successors import said_successor
from convagent.facts import Product
from convagent.shopping.case import ShoppingCase
from convagent.shopping.hearing import is_question
from convagent.shopping.model import Advice, Pick
from convagent.shopping.speaking import meant_by_words

__all__ = ["beside_the_former"]

MOST_LOOKED_AT = 5_000
"""Products of a catalog among which a former one is looked for; in a larger one it would take too long."""

_COMPARES = re.compile(
    r"\b(?:is|are|does|do|ist|sind|hat|est|sont)\b(?:\s+(?!(?:for|in|of|with|under|against|für|im|bei|mit|aus|gegen|unter|en|pour|de)\b)"
    r"[\w'’-]+){0,5}?\s+(?P<how>[^\W\d_]{3,}er(?:e[nrs]?)?|more|less|better|mehr|weniger|besser|(?:plus|moins)\s+[^\W\d_]{3,}|mieux|"
    r"the same|gleich|pareille?)\b",
    re.IGNORECASE,
)
"""How somebody asks what has changed: what stands behind a preposition ("for winter") compares nothing."""

_THAN = re.compile(r"\b(?:than|als)\b|\b(?:plus|moins)\b.{0,40}\bque\b|\b(?:same|gleiche[nrs]?|même)\b", re.IGNORECASE)


def beside_the_former(case: ShoppingCase, product: Product) -> Advice | None:
    """What the shop says of the product that came before, where a question compares; None where it says nothing of the kind.

    Args:
        case: The request.
        product: What it is about.
    """
    if not is_question(case.text) or not _compares_now(case) or len(case.catalog) > MOST_LOOKED_AT:
        return None
    for former in _formers(case, product):
        told = [each for each in re.split(r"(?<=[.!?])\s+", former.description or "") if _compares(each, product)]
        if told:
            line = case.words.say("picked", product=former.title, facts=" ".join(told[:2]).rstrip("."))
            picks = (Pick(product),) if product.in_stock else ()
            why = (f"what the shop says of {former.id}, which {product.id} came after",)
            return Advice(case.shown(picks, about=product.id), (line,), picks, why=why)
    return None


def _compares_now(case: ShoppingCase) -> bool:
    """Whether a question asks what has changed; "leather" and "Wasser" end like a comparison and are none."""
    match = _COMPARES.search(case.text)
    return match is not None and not meant_by_words(match["how"], case.words.language)


def _formers(case: ShoppingCase, product: Product) -> Iterator[Product]:
    """The products that this one came after, as the shop says."""
    gone = [each for each in case.catalog.products if each.status is not None and each.status != "active"]
    for each in gone:
        after = said_successor(case.catalog, each)
        if after is not None and after.id == product.id:
            yield each


def _compares(sentence: str, product: Product) -> bool:
    """Whether a sentence sets something beside something, or names the product."""
    name = re.sub(r"^the ", "", product.title.casefold())
    return _THAN.search(sentence) is not None or name in sentence.casefold()
