"""Products from JSON Lines and from objects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from convagent.catalog import Catalog
from convagent.facts import Money, Product, Variant

MUG = Product(
    id="mug",
    title="Mug",
    handle="mug",
    status="active",
    attributes={"glaze": ["matt", "salt"], "dishwasher": True},
    variants=(Variant(id="mug:1", sku="MUG-1", price=Money.of("12.50", "EUR"), inventory=3, available=True),),
    colour_of_the_year="moss",  # a field that Product doesn't declare
)


def load(tmp_path: Path, content: str | bytes, **options: Any) -> Catalog:
    path = tmp_path / "products"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Catalog.from_file(path, **options)


def test_products_come_back_as_they_were_written(tmp_path: Path) -> None:
    catalog = load(tmp_path, MUG.model_dump_json() + "\n\n")
    assert catalog.products == (MUG,)
    assert catalog.problems == ()
    assert catalog.currency == "EUR"
    assert catalog.stamp == Catalog.from_products([MUG]).stamp


def test_only_missing_addresses_are_made(tmp_path: Path) -> None:
    other = MUG.model_copy(update={"id": "cup", "handle": "cup", "url": "https://else.example/cup", "variants": ()})
    catalog = load(
        tmp_path, f"{MUG.model_dump_json()}\n{other.model_dump_json()}\n", url_prefix="https://shop.example/products"
    )
    assert [product.url for product in catalog.products] == [
        "https://shop.example/products/mug",
        "https://else.example/cup",
    ]


def test_a_bad_line_costs_one_product(tmp_path: Path) -> None:
    good = MUG.model_dump_json()
    lines = [
        good,
        '{"id": "x"}',
        "not json",
        "[" * 100_000,
        '{"id": "y", "title": "Y", "variants": [{"id": "1", "price": 5.0}]}',
    ]
    catalog = load(tmp_path, "\n".join([*lines, good[:40]]))
    assert [product.id for product in catalog.products] == ["mug"]
    assert [(problem.row, problem.code) for problem in catalog.problems] == [
        (2, "product-unreadable"),
        (3, "product-unreadable"),
        (4, "product-unreadable"),
        (5, "product-unreadable"),
        (6, "file-cut"),
    ]
    assert "title" in catalog.problems[0].message


def test_taken_ids_handles_and_skus_are_reported(tmp_path: Path) -> None:
    handle = MUG.model_copy(update={"id": "mug-2"})
    sku = MUG.model_copy(
        update={"id": "mug-3", "handle": "mug-3", "variants": (MUG.variants[0].model_copy(update={"id": "other"}),)}
    )
    content = "\n".join(product.model_dump_json() for product in (MUG, MUG, handle, sku)) + "\n"
    for catalog in (load(tmp_path, content), Catalog.from_products([MUG, MUG, handle, sku])):
        assert [product.id for product in catalog.products] == ["mug", "mug-3"]
        assert [(problem.row, problem.code) for problem in catalog.problems] == [
            (2, "id-twice"),
            (3, "handle-twice"),
            (4, "sku-twice"),
        ]
        assert catalog.product("MUG-1") is catalog.products[0]


def test_no_pieces_left_is_out_of_stock_unless_the_data_says_otherwise(tmp_path: Path) -> None:
    gone = '{"id": "gone", "price": "5 EUR", "inventory": 0}'
    to_order = '{"id": "to-order", "price": "5 EUR", "inventory": 0, "available": true}'
    line = '{"id": "a", "title": "A", "variants": [' + gone + "," + to_order + "]}"
    catalog = load(tmp_path, line + "\n")
    assert [variant.available for variant in catalog.products[0].variants] == [False, True]


def test_a_product_is_found_by_id_handle_and_sku() -> None:
    cup = Product(
        id="4711", handle="cup", title="Cup", status="active",
        variants=(Variant(id="c", sku="Mug", price=Money.of(1, "EUR"), available=True),),
    )  # fmt: skip
    catalog = Catalog.from_products([cup, MUG])
    for key, product in (
        ("4711", cup),
        ("cup", cup),
        ("CUP", cup),
        ("mug", MUG),
        (" MUG-1 ", MUG),
        ("mug-1", MUG),
        ("Mug", cup),
    ):
        assert catalog.product(key) is product
    assert catalog.product("tea") is None
    assert catalog.variant("mug-1") is MUG.variants[0]
    assert catalog.variant("cup") is None
