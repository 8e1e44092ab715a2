"""What is sold."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pydantic import Field

from convagent.facts._fact import Fact, NeverAbsent, knows
from convagent.facts.money import Money

__all__ = ["Product", "Variant"]


class Variant(Fact):
    """One buyable form of a product: a size, a colour, a shade."""

    id: str
    sku: str | None = None
    title: str | None = None
    options: dict[str, str] = Field(default_factory=dict)
    price: Money
    compare_at: Money | None = Field(default=None, description="The price before a sale")
    inventory: int | None = Field(default=None, description="Pieces in stock; null when stock is not counted")
    available: bool | None = NeverAbsent(description="Whether it can be bought now")
    barcode: str | None = None
    weight_grams: Decimal | None = None
    image: str | None = None


class Product(Fact):
    """A product with its variants and whatever is known about it."""

    id: str
    title: str
    handle: str | None = None
    url: str | None = None
    vendor: str | None = None
    kind: str | None = Field(default=None, description="Product type, such as 'Jacket'")
    category: str | None = None
    description: str | None = Field(default=None, description="Plain text")
    tags: tuple[str, ...] = ()
    status: str | None = NeverAbsent(description="Whether it is sold: active, draft, archived")
    options: tuple[str, ...] = Field(default=(), description="Names of the options, such as Size")
    attributes: dict[str, Any] = Field(default_factory=dict, description="Metafields and normalised attributes")
    images: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = ()

    @property
    def in_stock(self) -> bool | None:
        """Whether any variant can be bought now; None when that isn't known.

        Not active, or every variant sold out, is no. Nobody having said so of some variant leaves it open.
        """
        if self.status is not None and self.status != "active":
            return False
        told = [variant.available for variant in self.variants]
        if any(told):
            return True if self.status is not None else None
        return None if None in told or not knows(self, "variants") else False

    @property
    def price(self) -> Money | None:
        """The lowest price of its variants, available ones first.

        None without variants, with mixed currencies, and when it depends on a variant of which nobody said whether it can
        be bought.
        """
        if any(variant.available is None for variant in self.variants) and len({v.price for v in self.variants}) > 1:
            return None
        pool = [variant.price for variant in self.variants if variant.available] or [v.price for v in self.variants]
        return min(pool) if pool and len({price.currency for price in pool}) == 1 else None
