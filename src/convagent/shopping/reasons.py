"""Why a product: at most two of its own facts, those that answer the wish first."""

from __future__ import annotations

from collections.abc import Sequence

from convagent.facts import Product

__all__ = ["reason_of"]

LONGEST = 110
"""Characters of a reason; a longer sentence of the description is no reason but a text."""

_SEEN_ANYWAY = frozenset(
    "type price title category size named colour color complements tag brand vendor farbe grösse couleur taille".split()
)
"""What stands in the product's line or says nothing to a shopper."""

_OF_MANY = frozenset({"gift", "bestseller"})
"""Tags that tell a product from few others: who looks for a present is told what it is instead."""


def reason_of(product: Product, reasons: Sequence[str]) -> str:
    """At most two facts of a product, in its own words; the beginning of what the shop says of it where none tells.

    Args:
        product: The product.
        reasons: What speaks for it, each as "label: fact", the most telling first.
    """
    told: list[str] = []
    kind = (product.kind or "").casefold()
    for reason in reasons:
        label, _, fact = reason.partition(": ")
        shown = " ".join(label.replace("_", " ").split())  # as the shop writes it: German nouns have capitals
        name = shown.casefold()
        if name == "tag" and fact.casefold() in _OF_MANY:
            continue
        if name == "tag" and fact and fact.casefold() not in kind and fact.casefold() not in product.title.casefold():
            told.append(fact.replace("-", " "))
        elif name not in _SEEN_ANYWAY and fact and len(fact) <= LONGEST:
            told.append(fact if name == "description" else f"{shown}: {fact}")
    if told:
        return "; ".join(dict.fromkeys(told[:2]))
    first = (product.description or "").split("\n")[0].split(". ")[0].strip().rstrip(".")
    return first if 0 < len(first) <= LONGEST else ""
