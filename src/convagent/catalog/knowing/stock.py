"""What is left: which variants can be bought now, and how many pieces where that is few and counted."""

from __future__ import annotations

from collections.abc import Mapping

from convagent.catalog.sizes import same_size
from convagent.facts import Product, Variant

__all__ = ["LOW_STOCK", "low_stock", "nearest_variant", "variants_left"]

LOW_STOCK = 3
"""Up to so many pieces are few."""


def variants_left(product: Product) -> tuple[Variant, ...]:
    """The variants that can be bought now, in the catalog's order; none of a product that isn't sold.

    A variant of which nobody said whether it can be bought counts as one that can't.

    Args:
        product: The product.
    """
    if product.status != "active":
        return ()
    return tuple(variant for variant in product.variants if variant.available is True)


def low_stock(variant: Variant, threshold: int = LOW_STOCK) -> int | None:
    """How many pieces are left where that is worth saying: they are counted, and there are few, but some.

    Args:
        variant: The variant.
        threshold: Up to how many are few.

    Returns:
        The pieces; None where they aren't counted, there are more, there are none, or the shop goes on selling when the last
        one is gone (`inventory_policy` "continue").
    """
    pieces = variant.inventory
    if pieces is None or variant.available is not True or not 0 < pieces <= threshold:
        return None
    return None if str(variant.extra.get("inventory_policy", "")).casefold() == "continue" else pieces


def nearest_variant(product: Product, options: Mapping[str, str] | None = None) -> Variant | None:
    """The variant to buy: the one that shares the most options, such as a size; the first one among equals.

    Args:
        product: The product.
        options: Options that are wanted, by name.

    Returns:
        A variant that can be bought now; None when there is none.
    """
    wanted = {name.casefold(): value for name, value in (options or {}).items()}

    def shared(variant: Variant) -> int:
        return sum(
            name.casefold() in wanted and same_size(wanted[name.casefold()], value)
            for name, value in variant.options.items()
        )

    return max(variants_left(product), key=shared, default=None)
