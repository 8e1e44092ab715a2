"""What changes in a catalog while it is open: stock, prices, products."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from convagent.facts import Money, Product, Variant

__all__ = ["CatalogUpdate", "same_but_for_offers", "with_offers"]

_OFFER = frozenset({"price", "compare_at", "inventory", "available", "inventory_quantity"})
_OFFERED = frozenset({"status", "variants"})


@dataclass(frozen=True, slots=True)
class CatalogUpdate:
    """What an update came to, by the products' ids.

    Args:
        added: Products that were not there before.
        changed: Products whose texts, options or attributes are other ones now.
        offers: Products of which only price, stock or status is another.
        unchanged: Products that were given as they already stood there.
        removed: Products that are gone.
        unknown: Ids, handles and SKUs that were named and that no product has.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def with_offers(product: Product, *, stock: Mapping[str, int | None], prices: Mapping[str, Money]) -> Product:
    """A product with other stock and prices.

    Args:
        product: The product.
        stock: Pieces by SKU; None for stock that isn't counted. A variant without pieces can't be bought, but
            where the catalog says that it goes on being sold (`inventory_policy` "continue").
        prices: Prices likewise.
    """

    def offered(variant: Variant) -> Variant:
        changes: dict[str, object] = {}
        if variant.sku is not None and variant.sku in stock:
            pieces = stock[variant.sku]
            goes_on = str(variant.extra.get("inventory_policy", "")).casefold() == "continue"
            changes |= {"inventory": pieces, "available": pieces is None or pieces > 0 or goes_on}
            if "inventory_quantity" in variant.extra:
                changes["inventory_quantity"] = "" if pieces is None else str(pieces)
        if variant.sku is not None and variant.sku in prices:
            changes["price"] = prices[variant.sku]
        return variant.model_copy(update=changes) if changes else variant

    return product.model_copy(update={"variants": tuple(map(offered, product.variants))})


def same_but_for_offers(one: Product, other: Product) -> bool:
    """Whether two products differ in price, stock and status at most."""
    return (
        len(one.variants) == len(other.variants)
        and _without(one, _OFFERED) == _without(other, _OFFERED)
        and all(
            _without(mine, _OFFER) == _without(theirs, _OFFER)
            for mine, theirs in zip(one.variants, other.variants, strict=True)
        )
    )


def _without(data: Product | Variant, names: frozenset[str]) -> dict[str, object]:
    """All that a product or a variant holds, but for some of it."""
    return {name: value for name, value in data if name not in names}
