"""Several markets: what a product costs in each, as product files say it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from convagent.catalog.amounts import read_price
from convagent.facts import Money, Product, Variant

__all__ = ["in_market"]

_NO = frozenset({"false", "no", "0"})


def in_market(product: Product, market: str, *, currency: str | None = None) -> Product | None:
    """A product as it is sold in a market.

    A variant's price there is the column "Price / Germany" of a product CSV, with "Compare-at price / Germany" for the price
    before a sale, or an entry of its field `prices` in JSON Lines (`{"Germany": "39.00 EUR"}`, `compare_at_prices` likewise).
    Where none is given, its usual price holds if it is in the market's currency. "Included / Germany" says whether the
    product is sold there at all.

    Args:
        product: As the catalog has it.
        market: The market's name; case doesn't count.
        currency: ISO 4217 code of the market; that of each variant's usual price by default.

    Returns:
        The product with the market's prices, and without the variants that have none there; None where it isn't sold there.
    """
    name = market.strip().casefold()
    if str(_said(product, f"included / {name}") or "").strip().casefold() in _NO:
        return None
    variants = [sold for variant in product.variants if (sold := _variant(variant, name, currency)) is not None]
    if product.variants and not variants:
        return None
    return product.model_copy(update={"variants": tuple(variants)})


def _variant(variant: Variant, market: str, currency: str | None) -> Variant | None:
    money = currency or variant.price.currency
    price = _price(variant, "price", "prices", market, money)
    if price is None:
        if variant.price.currency != money or str(_said(variant, f"included / {market}") or "").casefold() in _NO:
            return None
        return variant
    before = _price(variant, "compare-at price", "compare_at_prices", market, money)
    if before is None:
        before = _price(variant, "compare at price", "compare_at_prices", market, money)
    sale = before if before is not None and before.currency == price.currency and before > price else None
    return variant.model_copy(update={"price": price, "compare_at": sale})


def _price(variant: Variant, column: str, field: str, market: str, currency: str) -> Money | None:
    found = _said(variant, f"{column} / {market}")
    if found is None:
        table = variant.extra.get(field)
        entries = table.items() if isinstance(table, Mapping) else ()
        found = next((value for name, value in entries if str(name).strip().casefold() == market), None)
    try:
        if isinstance(found, str) and found.strip():
            return read_price(found, currency=currency)
        return Money.model_validate(found) if isinstance(found, (Money, Mapping)) else None
    except (ValueError, ValidationError):
        return None


def _said(fact: Product | Variant, column: str) -> Any:
    """A field that isn't one of ours, by its name whatever its case."""
    return next((value for name, value in fact.extra.items() if name.strip().casefold() == column), None)
