"""What can be bought at which price and moment: the catalog's variants as the till sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tools.demo_shop.catalog_source import handle_of, read_catalog
from tools.demo_shop.shop_calendar import SALE_OPENS
from tools.demo_shop.variants import expand

__all__ = ["Offer", "price_at", "read_offers"]

_HEAVY_GRAMS = 20_000
"""Hearthside pieces above this travel as furniture."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One variant with what the till must know of its product."""

    sku: str
    handle: str
    title: str
    vendor: str
    options: tuple[tuple[str, str], ...]
    price: Decimal
    compare_at: Decimal | None
    in_midsummer_sale: bool
    final_sale: bool
    engraved: bool
    furniture: bool
    gift_card: bool
    buyable: bool
    complements: tuple[str, ...]


def read_offers() -> dict[str, Offer]:
    """All variants of the catalog by SKU, in its order."""
    offers = {}
    for line in read_catalog():
        for product in line.products:
            for variant in expand(product, line):
                offers[variant.sku] = Offer(
                    sku=variant.sku,
                    handle=handle_of(product),
                    title=product.title,
                    vendor=line.vendor,
                    options=variant.options,
                    price=variant.price,
                    compare_at=variant.compare_at,
                    in_midsummer_sale="midsummer-sale" in product.tags,
                    final_sale=product.final_sale,
                    engraved="engraved" in product.tags,
                    furniture=line.vendor == "Sprig" or (line.vendor == "Hearthside" and variant.grams > _HEAVY_GRAMS),
                    gift_card=product.gift_card,
                    buyable=product.status == "active" and variant.stock != 0,
                    complements=product.complements,
                )
    return offers


def price_at(offer: Offer, moment: datetime) -> Decimal:
    """What a piece cost at a moment: the sale's goods cost their former price until it opened."""
    if offer.in_midsummer_sale and offer.compare_at and moment < SALE_OPENS:
        return offer.compare_at
    return offer.price
