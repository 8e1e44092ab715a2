"""Searching a catalog: what is named, what is demanded, what shares the words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.catalog import Catalog
from convagent.errors import CatalogError
from convagent.facts import Money, Product, Variant


def product(title: str, *variants: Variant, kind: str = "Thing", description: str = "", **more: object) -> Product:
    handle = title.casefold().replace("+", "-plus").replace(" ", "-")
    kept = variants or (Variant(id=handle, sku=f"T-{handle}", price=Money.of(30, "EUR")),)
    return Product.model_validate(
        {
            "id": handle,
            "handle": handle,
            "title": title,
            "kind": kind,
            "description": description,
            **more,
            "variants": kept,
        }
    )


def variant(sku: str, price: str, *, available: bool = True, **options: str) -> Variant:
    return Variant(id=sku, sku=sku, price=Money.of(price, "EUR"), available=available, options=options)


PRODUCTS = [
    product("Pip One", variant("PIP-1", "59"), kind="Lamp", description="A lamp with a speaker."),
    product("Pip One S", variant("PIP-1S", "69"), kind="Lamp", description="A smaller lamp with a speaker."),
    product("Pip One+", variant("PIP-1P", "89"), kind="Lamp", description="A louder lamp with a speaker."),
    product(
        "Harbour Jacket",
        variant("HJ-M-M", "149", Colour="Moss", Size="M"),
        variant("HJ-I-M", "129", available=False, Colour="Ink", Size="M"),
        variant("HJ-I-L", "159", Colour="Ink", Size="L"),
        kind="Jacket",
        tags=("waterproof",),
    ),
    product(
        "Garden Jacket",
        variant("GJ-1", "99"),
        kind="Jacket",
        description="Quilted. Not for heavy rain, not waterproof.",
    ),
    product("Dawn Day Cream", variant("DC-1", "32"), kind="Skincare", tags=("face",)),
    product("Dusk Night Cream", variant("NC-1", "38"), kind="Skincare", tags=("face", "night")),
    product("Old Night Cream", variant("NC-0", "18"), kind="Skincare", status="archived"),
    product("Cream Teapot", variant("CT-1", "45", available=False), kind="Tableware"),
    product("Oak Desk", variant("OD-1", "390"), kind="Desk", attributes={"material": "oak", "colour": "Natural"}),
]
CATALOG = Catalog.from_products(PRODUCTS)


def titles(text: str, k: int = 10, *, in_stock_only: bool = True) -> list[str]:
    return [hit.product.title for hit in CATALOG.search(text, k, in_stock_only=in_stock_only)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("pip one", "Pip One"),
        ("pip one s", "Pip One S"),
        ("pip one plus", "Pip One+"),
        ("Is the pip one s in stock?", "Pip One S"),
        ("pip oen s", "Pip One S"),
        ("pipp onee", "Pip One"),
        ("PIP-1P", "Pip One+"),
        ("pip-one", "Pip One"),
        ("night cream", "Dusk Night Cream"),
        ("nihgt craem", "Dusk Night Cream"),
        ("waterproof jacket under 150", "Harbour Jacket"),
        ("watreproof jaket", "Harbour Jacket"),
        ("oak", "Oak Desk"),
    ],
)
def test_what_was_meant_comes_first(text: str, first: str) -> None:
    assert titles(text)[0] == first


def test_an_exact_name_scores_above_everything_else() -> None:
    first, *others = CATALOG.search("pip one")
    assert first.score >= 3
    assert all(hit.score <= 1 for hit in others)
    within, *others = CATALOG.search("which speaker has the pip one s")
    assert 2 <= within.score <= 3
    assert all(hit.score <= 1 for hit in others)


def test_a_sku_brings_its_own_variant() -> None:
    (hit, *_) = CATALOG.search("do you still have hj-i-l?")
    assert hit.variant is not None
    assert (hit.variant.sku, hit.reasons[0]) == ("HJ-I-L", "SKU: HJ-I-L")


def test_a_sku_that_is_sold_out_brings_a_sibling_and_does_not_pass_it_off() -> None:
    (hit, *_) = CATALOG.search("HJ-I-M")
    assert hit.variant is not None
    assert hit.variant.sku == "HJ-M-M"
    assert not any(reason.startswith("SKU") for reason in hit.reasons)
    (hit, *_) = CATALOG.search("HJ-I-M", in_stock_only=False)
    assert hit.variant is not None
    assert hit.variant.sku == "HJ-I-M"


def test_demands_are_hard() -> None:
    (hit,) = CATALOG.search("jacket under 150 in size M")
    assert hit.variant is not None
    assert (hit.product.title, hit.variant.sku) == ("Harbour Jacket", "HJ-M-M")
    assert titles("jacket in red") == []
    assert titles("jacket over 500") == []
    assert titles("jacket under 1 USD") == []
    assert "Harbour Jacket" not in titles("jacket in ink not black in size M")


def test_demands_alone_browse_the_catalog_in_its_order() -> None:
    assert titles("anything under 40?") == ["Dawn Day Cream", "Dusk Night Cream"]
    assert titles("show me something please") == []
    assert titles("") == []


def test_sold_out_and_inactive_products_are_found_on_demand_only() -> None:
    assert titles("cream teapot") == ["Dusk Night Cream", "Dawn Day Cream"] or "Cream Teapot" not in titles(
        "cream teapot"
    )
    assert titles("cream teapot", in_stock_only=False)[0] == "Cream Teapot"
    assert "Old Night Cream" in titles("night cream", in_stock_only=False)


def test_unknown_words_find_nothing() -> None:
    assert titles("xylophone") == []


def test_reasons_say_why() -> None:
    hit = CATALOG.search("waterproof jacket in moss under 150")[0]
    assert hit.reasons == (
        "Title: Harbour Jacket",
        "Type: Jacket",
        "Tag: waterproof",
        "Colour: Moss",
        "Price: 149.00 EUR",
    )
    assert CATALOG.search("quilted")[0].reasons == ("Description: Quilted.",)
    assert CATALOG.search("oak furniture")[0].reasons == ("Title: Oak Desk", "Type: Desk", "material: oak")


def test_k_bounds_the_hits_and_is_at_least_one() -> None:
    assert len(CATALOG.search("lamp", 2)) == 2
    with pytest.raises(CatalogError) as caught:
        CATALOG.search("lamp", 0)
    assert caught.value.code == "search-k"


def test_an_empty_catalog_finds_nothing() -> None:
    assert Catalog.from_products([]).search("lamp under 5") == ()


def test_a_product_without_variants_is_found_only_when_stock_does_not_matter() -> None:
    bare = Product(id="kit", title="Mending Kit", status="active")
    catalog = Catalog.from_products([bare])
    assert catalog.search("mending kit") == ()
    assert [(hit.product, hit.variant) for hit in catalog.search("mending kit", in_stock_only=False)] == [(bare, None)]
    assert catalog.search("mending kit under 5", in_stock_only=False) == ()


def facts_of(value: object) -> set[str]:
    if isinstance(value, dict):
        return {text for each in value.values() for text in facts_of(each)}
    if isinstance(value, (list, tuple)):
        return {text for each in value for text in facts_of(each)}
    return {str(value)}


WORDS = (
    "pip one s plus jacket waterproof cream night lamp under over 50 150 black moss ink in size M L not colour stock oak "
    "speaker pip-1s HJ-I-M the a with € jaket creem"
)
queries = st.lists(st.sampled_from(WORDS.split()), max_size=8).map(" ".join) | st.text(max_size=40)
colours = st.sampled_from(["Moss", "Ink", "Navy", "Cream"])
sizes = st.sampled_from(["S", "M", "L"])


@st.composite
def catalogs(draw: st.DrawFn) -> list[Product]:
    products = []
    for number in range(draw(st.integers(1, 6))):
        variants = tuple(
            Variant(
                id=f"{number}:{each}",
                sku=f"SKU-{number}{each}",
                price=Money.of(draw(st.integers(1, 200)), "EUR"),
                options={"Colour": draw(colours), "Size": draw(sizes)},
                inventory=draw(st.none() | st.integers(0, 3)),
                available=draw(st.booleans()),
            )
            for each in range(draw(st.integers(0, 3)))
        )
        title = draw(st.sampled_from(["Pip One", "Pip One S", "Harbour Jacket", "Night Cream", "Oak Lamp"]))
        status = draw(st.sampled_from(["active", "draft", "archived", "unpublished"]))
        products.append(Product(id=f"p{number}", title=title, status=status, variants=variants))
    return products


@settings(max_examples=150, deadline=None)
@given(catalogs(), queries)
def test_nothing_sold_out_or_inactive_is_ever_found(products: list[Product], text: str) -> None:
    for hit in Catalog.from_products(products).search(text):
        assert hit.product.status == "active"
        assert hit.variant is not None
        assert hit.variant in hit.product.variants
        assert hit.variant.available


@settings(max_examples=100, deadline=None)
@given(catalogs(), queries, st.booleans())
def test_hits_are_ordered_distinct_reasoned_and_the_same_each_time(
    products: list[Product], text: str, in_stock_only: bool
) -> None:
    catalog = Catalog.from_products(products)
    hits = catalog.search(text, 4, in_stock_only=in_stock_only)
    assert hits == Catalog.from_products(products).search(text, 4, in_stock_only=in_stock_only)
    assert len(hits) <= 4
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({hit.product.id for hit in hits}) == len(hits)
    for hit in hits:
        known = facts_of(hit.product.model_dump()) | {str(each.price) for each in hit.product.variants}
        assert all(reason.split(": ", 1)[1] in known for reason in hit.reasons)
