"""The columns of Shopify's product CSV, in the legacy and in the current dialect of its headers.

Sources: the header rows of Shopify's product template before and after the renaming of its columns, described at
https://help.shopify.com/en/manual/products/import-export/using-csv.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["PRODUCT_COLUMNS", "VARIANT_COLUMNS", "Layout", "layout_of", "normal_header"]

PRODUCT_COLUMNS: dict[str, tuple[str, ...]] = {
    "handle": ("Handle", "URL handle"),
    "title": ("Title",),
    "body": ("Body (HTML)", "Body HTML", "Description"),
    "vendor": ("Vendor",),
    "category": ("Product Category", "Standard Product Type", "Standardized Product Type"),
    "kind": ("Type", "Product Type", "Custom Product Type"),
    "tags": ("Tags",),
    "published": ("Published", "Published on online store"),
    "status": ("Status",),
    "option1_name": ("Option1 Name",),
    "option2_name": ("Option2 Name",),
    "option3_name": ("Option3 Name",),
    "option1_linked_to": ("Option1 Linked To",),
    "option2_linked_to": ("Option2 Linked To",),
    "option3_linked_to": ("Option3 Linked To",),
    "image_src": ("Image Src", "Product image URL"),
    "image_position": ("Image Position",),
    "image_alt": ("Image Alt Text",),
    "gift_card": ("Gift Card",),
    "seo_title": ("SEO Title",),
    "seo_description": ("SEO Description",),
}
"""Columns of a product: our name, then the headers it goes by (compared without regard to case)."""

VARIANT_COLUMNS: dict[str, tuple[str, ...]] = {
    "option1_value": ("Option1 Value",),
    "option2_value": ("Option2 Value",),
    "option3_value": ("Option3 Value",),
    "sku": ("Variant SKU", "SKU"),
    "barcode": ("Variant Barcode", "Barcode"),
    "price": ("Variant Price", "Price"),
    "compare_at": ("Variant Compare At Price", "Compare-at price", "Compare At Price"),
    "grams": ("Variant Grams", "Weight value (grams)"),
    "weight_unit": ("Variant Weight Unit", "Weight unit for display"),
    "inventory_tracker": ("Variant Inventory Tracker", "Inventory tracker"),
    "inventory_quantity": ("Variant Inventory Qty", "Inventory quantity"),
    "inventory_policy": ("Variant Inventory Policy", "Continue selling when out of stock"),
    "fulfillment_service": ("Variant Fulfillment Service", "Fulfillment service"),
    "requires_shipping": ("Variant Requires Shipping", "Requires shipping"),
    "taxable": ("Variant Taxable", "Charge tax"),
    "tax_code": ("Variant Tax Code", "Tax code"),
    "cost": ("Cost per item",),
    "variant_image": ("Variant Image", "Variant image URL"),
    "unit_price_total_measure": ("Unit Price Total Measure",),
    "unit_price_total_measure_unit": ("Unit Price Total Measure Unit",),
    "unit_price_base_measure": ("Unit Price Base Measure",),
    "unit_price_base_measure_unit": ("Unit Price Base Measure Unit",),
}
"""Columns of a variant, likewise."""

_METAFIELD = re.compile(r"^.*\(product\.metafields\.(?P<namespace>[^.()]+)\.(?P<key>[^()]+)\)\s*$", re.DOTALL)
_MARKET = re.compile(r"^(?:price|compare-at price|compare at price) / .+$")


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column holds what.

    Args:
        known: Our name of a column and its index.
        attributes: Key of a metafield and its index.
        market_prices: Headers of prices for single markets, which belong to a variant, and their index.
        others: Headers that nothing is known about, and their index.
        twice: Headers that came a second time, which are not read.
    """

    known: dict[str, int]
    attributes: dict[str, int]
    market_prices: dict[str, int]
    others: dict[str, int]
    twice: tuple[str, ...]


def normal_header(header: str) -> str:
    """A header for comparison: case and runs of white space don't count."""
    return " ".join(header.split()).casefold()


_NAMES = {
    normal_header(header): name
    for table in (PRODUCT_COLUMNS, VARIANT_COLUMNS)
    for name, headers in table.items()
    for header in headers
}


def layout_of(headers: Sequence[str]) -> Layout:
    """What the columns of a file are.

    A metafield column `Name (product.metafields.namespace.key)` is known by its key; where two namespaces have the same
    key, the later one is known as `namespace.key`. Where two headers mean the same column, the first one holds and the
    other is kept under its own header.

    Args:
        headers: The cells of the first row.
    """
    known: dict[str, int] = {}
    attributes: dict[str, int] = {}
    market_prices: dict[str, int] = {}
    others: dict[str, int] = {}
    twice: list[str] = []
    seen: set[str] = set()
    for index, raw in enumerate(headers):
        header = " ".join(raw.split())
        if not header:
            continue
        name = _NAMES.get(normal_header(header))
        metafield = _METAFIELD.match(header)
        if name and name not in known:
            target, key = known, name
        elif metafield:
            target, key = attributes, metafield["key"].strip()
            if key in attributes:
                key = f"{metafield['namespace']}.{key}"
        else:
            target, key = (market_prices if _MARKET.match(normal_header(header)) else others), header
        if key in target or normal_header(header) in seen:
            twice.append(header)
        else:
            target[key] = index
        seen.add(normal_header(header))
    return Layout(known=known, attributes=attributes, market_prices=market_prices, others=others, twice=tuple(twice))
