"""What a search in the catalog finds."""

from __future__ import annotations

from dataclasses import dataclass

from convagent.facts import Product, Variant

__all__ = ["ProductHit"]


@dataclass(frozen=True, slots=True)
class ProductHit:
    """A product that was found.

    Args:
        product: The product.
        variant: The variant that fits best; None only for a product without variants.
        score: How well it fits, comparable within one search: from 3 for a product that the text names and nothing
            else, from 2 for one that it names among other words, from 1.5 for one named with a slip of the pen, from 0
            to 1 otherwise.
        reasons: Facts of the product that speak for it, such as "Type: Jacket", word for word as the catalog has them.
    """

    product: Product
    variant: Variant | None
    score: float
    reasons: tuple[str, ...]
