"""What is bought with what, from the baskets of past orders."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["MIN_BASKETS", "BoughtTogether", "bought_with"]

MIN_BASKETS = 3
"""In so many baskets two products must lie together before that says anything."""


@dataclass(frozen=True, slots=True)
class BoughtTogether:
    """A product that others were bought with.

    Args:
        product_id: It.
        together: Baskets with both.
        baskets: Baskets with the product that was asked about.
        cosine: How strongly they go together, 0 to 1.
        lift: How many times more often than by chance, above 1.
    """

    product_id: str
    together: int
    baskets: int
    cosine: float
    lift: float


def bought_with(
    product_id: str, purchases: Iterable[Iterable[str]], *, min_baskets: int = MIN_BASKETS
) -> tuple[BoughtTogether, ...]:
    """What was bought with a product, the strongest first, equal ones by their ids.

    The strength is the cosine between the two products' columns of baskets, n(a, b) / √(n(a) · n(b)), as in item-to-item
    collaborative filtering (Sarwar et al., WWW 2001; Linden, Smith and York, IEEE Internet Computing 2003). Pairs in fewer than
    `min_baskets` baskets say nothing; those whose lift, n(a, b) · N / (n(a) · n(b)) (Brin et al., SIGMOD 1997), isn't above 1 are
    together by chance, as everybody buys one of them anyway.

    Args:
        product_id: The product.
        purchases: The products' ids of each basket; baskets of one product count towards N.
        min_baskets: How many baskets must have both, from 1.
    """
    baskets = 0
    of: Counter[str] = Counter()
    both: Counter[str] = Counter()
    for purchase in purchases:
        ids = {purchase} if isinstance(purchase, str) else set(purchase)
        if not ids:
            continue
        baskets += 1
        of.update(ids)
        if product_id in ids:
            both.update(ids - {product_id})
    found = []
    for other, together in both.items():
        lift = together * baskets / (of[product_id] * of[other])
        if together >= max(1, min_baskets) and lift > 1:
            cosine = together / math.sqrt(of[product_id] * of[other])
            found.append(BoughtTogether(other, together, of[product_id], cosine, lift))
    return tuple(sorted(found, key=lambda each: (-each.cosine, each.product_id)))
