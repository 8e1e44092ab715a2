"""Which products come into question: all of a small catalog; of a large one those that share words with what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from convagent.facts import Product

if TYPE_CHECKING:
    from convagent.catalog.catalog import Catalog

__all__ = ["LOOKED_AT", "LOOKED_THROUGH", "candidates"]

LOOKED_THROUGH = 2_000
"""Up to so many products are all looked at; of more, the `LOOKED_AT` that a search finds."""

LOOKED_AT = 200


def candidates(catalog: Catalog, words: str, *, buyable: bool) -> Sequence[Product]:
    """Products that come into question.

    Args:
        catalog: The catalog.
        words: What a large catalog is searched for.
        buyable: Whether only those are wanted that can be bought now; of a small catalog all come all the same.
    """
    if len(catalog) <= LOOKED_THROUGH:
        return catalog.products
    return [hit.product for hit in catalog.search(words, k=LOOKED_AT, in_stock_only=buyable)]
