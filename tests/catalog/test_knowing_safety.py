"""What speaks against a product for somebody of an age, or with an allergy."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.catalog import Catalog, unsafe_for
from convagent.catalog.attributes.model import ALLERGENS
from convagent.catalog.knowing import allergens_matter
from convagent.facts import Product

PRODUCTS = Path(__file__).resolve().parents[2] / "knowledge" / "catalog" / "products.csv"


@cache
def shop() -> Catalog:
    return Catalog.from_file(PRODUCTS)


def product_of(handle: str) -> Product:
    found = shop().product(handle)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("handle", "months", "codes"),
    [
        ("sprig-stepladder-bed", 48, ("too-young",)),
        ("sprig-stepladder-bed", 72, ()),
        ("tandem-bunk-bed", 48, ("part-too-young",)),  # the lower bed is from 3 years, the upper one from 6
        ("tandem-bunk-bed", 24, ("too-young",)),
        ("little-parliament-table", 95, ()),
        ("little-parliament-table", 97, ("too-old",)),
        ("brightroot-daily-d3", 120, ("too-young",)),  # "Adults only" stands in its directions
        ("brightroot-daily-d3", 480, ()),
        ("the-steady-knife", 200, ("too-young",)),
        ("the-sunday-teapot", 48, ("age-unknown",)),
        ("the-sunday-teapot", 480, ()),
    ],
)
def test_an_age_must_be_said_and_reached(handle: str, months: int, codes: tuple[str, ...]) -> None:
    assert unsafe_for(shop(), product_of(handle), age_months=months) == codes


@pytest.mark.parametrize(
    ("handle", "allergens", "codes"),
    [
        ("slow-morning-cacao", ["milk", "gluten"], ("may-contain-milk", "unknown-gluten")),
        ("small-hours-night-balm", ["nuts"], ("contains-nuts",)),
        ("brightroot-grass-whey", ["lactose", "Milch", "lait"], ("contains-milk",)),
        ("brightroot-plain-husk", ["milk", "Nüsse", "soya"], ()),
        ("handshake-hand-cream", ["beeswax", "lanolin", "lavender"], ("contains-beeswax", "contains-lanolin", "unknown-lavender")),
        ("the-sunday-teapot", ["nuts"], ("unknown-nuts",)),
        ("brightroot-pea-protein", ["peanuts"], ("unknown-peanuts",)),  # "peas may affect those with peanut allergy"
        ("brightroot-plain-husk", ["", "  "], ()),
        ("brightroot-plain-husk", ["(((", "\U0001f95c"], ("unknown-allergen",)),
    ],
)  # fmt: skip
def test_what_is_not_declared_is_unknown_and_not_safe(
    handle: str, allergens: list[str], codes: tuple[str, ...]
) -> None:
    assert unsafe_for(shop(), product_of(handle), allergens=allergens) == codes


def test_an_allergy_bears_on_what_is_eaten_or_put_on_the_skin() -> None:
    assert allergens_matter(shop(), product_of("slow-morning-cacao"))
    assert allergens_matter(shop(), product_of("the-overnight-bag-travel-set"))
    assert not allergens_matter(shop(), product_of("pip-one"))
    assert not allergens_matter(shop(), product_of("the-harbour-jacket"))


texts = st.sampled_from(
    [
        "Contains milk",
        "May contain nuts",
        "No nuts",
        "None of the 14 declarable allergens",
        "See label",
        "",
        "nuts, oat",
    ]
)
ages = st.sampled_from(["From 3 years", "2 to 7 years", "Adults only", "soon", "", "6 months to 3 years"])


@given(texts, texts, ages, st.sampled_from(ALLERGENS), st.integers(0, 1_000))
@settings(max_examples=120)
def test_nothing_is_safe_that_the_shop_has_not_said(
    declared: str, listed: str, age: str, allergen: str, months: int
) -> None:
    product = Product(id="p", title="Thing", attributes={"allergens": declared, "ingredients": listed, "age": age})
    catalog = Catalog.from_products([product])
    found = unsafe_for(catalog, product, age_months=months, allergens=[allergen])
    about = [code for code in found if code.endswith(f"-{allergen}")]
    if not declared or declared == "See label":
        assert about
    if allergen.rstrip("s") in f"{declared} {listed}".casefold() and "no nuts" not in f"{declared} {listed}".casefold():
        assert about
    if age in {"", "soon"} and months < 216:
        assert "age-unknown" in found
    if age == "From 3 years":
        assert ("too-young" in found) == (months < 36)
    assert len(found) == len(set(found))
