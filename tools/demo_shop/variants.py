"""From a product's options to its variants: SKU, barcode, price, weight and stock, the same on every run."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from itertools import product as combinations

from tools.demo_shop.catalog_source import LineSource, ProductSource, handle_of

__all__ = ["VariantRow", "ean13", "expand", "seeded"]

_EMPTY_IN_HUNDRED = 8
"""How many of a hundred variants are out of stock."""


@dataclass(frozen=True, slots=True)
class VariantRow:
    """One buyable form of a product; `stock` is None where it is not counted."""

    sku: str
    options: tuple[tuple[str, str], ...]
    price: Decimal
    compare_at: Decimal | None
    grams: int
    stock: int | None
    barcode: str


def seeded(*words: str) -> int:
    """A number from 0 to 2**32 - 1 that only depends on the words: chance that stays put when products come or go."""
    return int.from_bytes(hashlib.sha256("\0".join(words).encode()).digest()[:4], "big")


def ean13(sku: str) -> str:
    """A valid EAN-13 for a SKU, from the range 29 that shops number their own goods with, so it is nobody else's.

    The last digit makes the sum of the digits, every second one counted three times, a multiple of ten (GS1 General
    Specifications, section 7.9).
    """
    digits = f"29{int.from_bytes(hashlib.sha256(sku.encode()).digest()[:8], 'big') % 10**10:010d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


def expand(product: ProductSource, line: LineSource) -> tuple[VariantRow, ...]:
    """All variants of a product, in the order its options are written.

    Raises:
        ValueError: A stock figure names a variant that does not exist.
    """
    rows = []
    choices = list(combinations(*product.options.values()))
    suffixes = ["-".join(value.sku_part for value in choice) for choice in choices]
    if isinstance(product.stock, dict) and not set(product.stock) <= set(suffixes):
        raise ValueError(f"{product.title}: no such variant: {sorted(set(product.stock) - set(suffixes))}")
    for place, (choice, suffix) in enumerate(zip(choices, suffixes, strict=True)):
        sku = "-".join(part for part in (line.code, product.code, suffix) if part)
        prices = [value.price for value in choice if value.price is not None]
        grams = [value.grams for value in choice if value.grams is not None]
        rows.append(
            VariantRow(
                sku=sku,
                options=tuple((name, value.value) for name, value in zip(product.options, choice, strict=True)),
                price=prices[-1] if prices else product.price,
                compare_at=product.compare_at,
                grams=grams[-1] if grams else product.grams,
                stock=_stock(product, sku, suffix, sure=place == seeded(handle_of(product)) % len(choices)),
                barcode=ean13(sku),
            )
        )
    return tuple(rows)


def _stock(product: ProductSource, sku: str, suffix: str, *, sure: bool) -> int | None:
    """Pieces on the shelf; one `sure` variant of each product that is not sold out is always there."""
    if product.stock == "uncounted":
        return None
    if product.stock == "none" or product.status != "active":
        return 0
    if isinstance(product.stock, dict) and suffix in product.stock:
        return product.stock[suffix]
    chance = seeded("stock", sku)
    if chance % 100 < _EMPTY_IN_HUNDRED and not sure:
        return 0
    # Heavy goods stand in the hall by the dozen, small ones lie on shelves.
    return 1 + chance // 100 % (12 if product.grams >= 20_000 else 60)
