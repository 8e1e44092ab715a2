"""Products that a text names, near-identical titles kept apart."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from convagent.catalog.facets import FacetsBuilder
from convagent.catalog.titles import ProductNames, ProductNamesBuilder, name_words
from convagent.facts import Money, Product, Variant


def product(title: str, *skus: str) -> Product:
    handle = "-".join(name_words(title))
    price = Money.of(10, "EUR")
    variants = tuple(Variant(id=f"{handle}:{sku}", sku=sku, price=price) for sku in skus)
    return Product(id=handle, handle=handle, title=title, variants=variants)


def names_of(products: Sequence[Product]) -> ProductNames:
    facets, names = FacetsBuilder(), ProductNamesBuilder()
    for each in products:
        facets.add(each)
        names.add(each)
    return names.done(products, facets.done())


TITLES = ["Pip One", "Pip One S", "Pip One+", "Pip Duo", "The Rain Jacket", "Café Cup", "Glow", "This One"]
NAMES = names_of([product(title, f"SKU-{number:03d}") for number, title in enumerate(TITLES)])


def named(text: str) -> list[str]:
    return [TITLES[number] for number in dict.fromkeys(found.number for found in NAMES.find(text))]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("pip one", ["Pip One"]),
        ("PIP ONE S", ["Pip One S"]),
        ("pip one s battery life", ["Pip One S"]),
        ("is the Pip One+ waterproof?", ["Pip One+"]),
        ("pip one plus", ["Pip One+"]),
        ("pipone s", ["Pip One S"]),
        ("pip ones", ["Pip One S"]),
        ("pip-one-s", ["Pip One S"]),
        ("compare the Pip One and the Pip One S", ["Pip One", "Pip One S"]),
        ("rain jacket in moss", ["The Rain Jacket"]),
        ("cafe\u0301 cup", []),
        ("café cup", ["Café Cup"]),
        ("glow", ["Glow"]),
        ("I like this one", ["This One"]),
        ("one pip", []),
        ("https://wrenfold.example/products/pip-duo?variant=3", ["Pip Duo"]),
        ("", []),
    ],
)
def test_the_longest_name_counts(text: str, titles: list[str]) -> None:
    assert named(text) == titles


def test_a_sku_names_its_variant_in_any_case() -> None:
    (found,) = NAMES.find("do you have sku-003?")
    assert (found.by, found.whole, found.variant_id) == ("sku", False, "pip-duo:SKU-003")
    (found,) = NAMES.find(" SKU-003 ")
    assert (found.by, found.whole) == ("sku", True)


def test_a_short_number_is_a_sku_only_by_itself() -> None:
    names = names_of([product("Mug", "150")])
    assert [found.by for found in names.find("150")] == ["sku"]
    assert names.find("something under 150") == ()


def test_products_of_one_title_are_all_named() -> None:
    first, second = (
        product("Mug", "MUG-A1"),
        product("Mug", "MUG-B1").model_copy(update={"id": "mug-2", "handle": "mug-2"}),
    )
    assert {found.number for found in names_of([first, second]).find("mug")} == {0, 1}


def test_a_catalog_without_products_names_none() -> None:
    assert names_of([]).find("pip one") == ()
