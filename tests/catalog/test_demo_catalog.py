"""The demo shop's own catalog."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from convagent.catalog import Catalog

PRODUCTS = Path(__file__).resolve().parents[2] / "knowledge" / "catalog" / "products.csv"

pytestmark = pytest.mark.skipif(not PRODUCTS.is_file(), reason="the demo shop has no knowledge/catalog/products.csv")


@cache
def catalog() -> Catalog:
    return Catalog.from_file(PRODUCTS, currency="EUR", url_prefix="https://wrenfold.example/products")


def test_it_loads_without_a_problem() -> None:
    assert catalog().problems == ()
    assert len(catalog().products) >= 300
    assert sum(len(product.variants) for product in catalog().products) >= 1_000


def test_every_variant_is_found_by_its_sku() -> None:
    for product in catalog().products:
        for variant in product.variants:
            assert variant.sku
            assert catalog().variant(variant.sku) is variant
            assert catalog().product(variant.sku) is product


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("pip one s", "Pip One S"),
        ("pip one", "Pip One"),
        ("Is the Pip One+ louder?", "Pip One+"),
        ("pip mini s", "Pip Mini S"),
        ("pipp onee", "Pip One"),
        ("secnd bst jumper", "The Second-Best Jumper"),
        ("harbour jaket in moss size m", "The Harbour Jacket"),
        ("BR-DAD3-DRO-90", "Brightroot Daily D3"),
        ("https://wrenfold.example/products/pip-duo", "Pip Duo"),
        ("bunk bed", "Tandem Bunk Bed"),
        ("black dress under 120", "The Deadline Dress"),
    ],
)
def test_what_was_meant_comes_first(text: str, first: str) -> None:
    assert catalog().search(text, 3)[0].product.title == first


def test_a_waterproof_jacket_under_150_is_one() -> None:
    hits = catalog().search("waterproof jacket under 150", 2)
    for hit in hits:
        assert hit.variant is not None
        assert (hit.product.kind, hit.variant.price.minor < 150_00) == ("Jacket", True)
        assert "waterproof" in hit.product.tags
        assert f"Price: {hit.variant.price}" in hit.reasons
    assert "The Harbour Jacket" in {hit.product.title for hit in hits}


def test_night_creams_are_creams_not_colours() -> None:
    assert {hit.product.kind for hit in catalog().search("night cream", 2)} == {"Night cream"}


def test_the_shade_that_is_described_is_the_one_that_is_offered() -> None:
    hit = catalog().search("foundation for medium warm skin")[0]
    assert hit.variant is not None
    assert "(medium, warm)" in (hit.variant.title or "")


def test_every_product_that_can_be_bought_comes_first_under_its_own_title() -> None:
    for product in catalog().products:
        if product.in_stock:
            assert catalog().search(product.title, 1)[0].product is product
