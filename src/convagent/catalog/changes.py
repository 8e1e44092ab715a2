"""What changes in a catalog while it is open: stock, prices, products."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from convagent.facts import Money, Product, Variant

__all__ = ["CatalogUpdate", "same_but_for_offers", "with_offers"]

_OFFER = ("compare_at", "inventory", "available", "inventory_quantity")
_NO_PRICE = Money(minor=0, currency="EUR")


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
    return _lasting(one) == _lasting(other)


def _lasting(product: Product) -> Product:
    variants = tuple(
        variant.model_copy(update={**dict.fromkeys(_OFFER), "price": _NO_PRICE}) for variant in product.variants
    )
    return product.model_copy(update={"status": None, "variants": variants})
