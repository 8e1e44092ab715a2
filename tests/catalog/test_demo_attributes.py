"""The attributes of the demo shop's products."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from convagent.catalog import Catalog, ProductAttributes

PRODUCTS = Path(__file__).resolve().parents[2] / "knowledge" / "catalog" / "products.csv"

pytestmark = pytest.mark.skipif(not PRODUCTS.is_file(), reason="the demo shop has no knowledge/catalog/products.csv")


@cache
def catalog() -> Catalog:
    return Catalog.from_file(PRODUCTS)


def of(product_id: str) -> ProductAttributes:
    read = catalog().attributes(product_id)
    assert read is not None
    return read


@pytest.mark.parametrize(
    ("field", "read"),
    [
        ("dimensions", lambda found: found.dimensions),
        ("material", lambda found: found.materials),
        ("age", lambda found: found.ages),
        ("undertone", lambda found: found.undertones),
        ("depth", lambda found: found.depths),
        ("max_load", lambda found: found.loads),
        ("allergens", lambda found: found.allergens.all_read),
    ],
)
def test_every_value_is_read_or_reported(field: str, read: object) -> None:
    silent = []
    values = 0
    for product in catalog().products:
        if product.attributes.get(field):
            values += 1
            found = of(product.id)
            if not read(found) and not any(each.field == field for each in found.problems):  # type: ignore[operator]
                silent.append(product.id)
    assert values > 5
    assert silent == []


def test_what_matters_for_safety_is_read_but_for_two_sentences() -> None:
    warnings = {(each.product_id, each.field) for each in catalog().attribute_problems() if each.severity == "warning"}
    assert warnings == {("cover-story-concealer", "allergens"), ("the-mittens-on-a-string", "age")}


def test_no_product_says_that_it_is_free_of_what_its_ingredients_name() -> None:
    for product in catalog().products:
        allergens = of(product.id).allergens
        assert all(allergens.of(each) == "contains" for each in allergens.in_ingredients)
