"""Shopify's own sample files, where they are at hand: every cell of them is found again."""

from __future__ import annotations

import csv
import os
from decimal import Decimal
from pathlib import Path

import pytest

from convagent.catalog import Catalog, html_to_text

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = Path(os.environ.get("CONVAGENT_SHARED_DATA", ROOT.parent / "shared" / "data")) / "shopify-product-csv"

pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(),
    reason="Shopify's sample files aren't there (set CONVAGENT_SHARED_DATA to their parent folder)",
)


def texts_of(value: object) -> set[str]:
    if isinstance(value, dict):
        return {text for each in value.values() for text in texts_of(each)}
    if isinstance(value, (list, tuple)):
        return {text for each in value for text in texts_of(each)}
    return set() if value is None else {str(value)}


@pytest.mark.parametrize("name", ["apparel", "home-and-garden", "jewelery"])
def test_every_cell_is_kept(name: str) -> None:
    path = SAMPLES / f"{name}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    catalog = Catalog.from_file(path, currency="USD")
    assert catalog.problems == ()
    assert [product.handle for product in catalog.products] == list(dict.fromkeys(row["Handle"] for row in rows))
    assert sum(len(product.variants) for product in catalog.products) == sum(bool(row["Variant Price"]) for row in rows)
    for row in rows:
        product = catalog.product(row["Handle"])
        assert product is not None
        kept = texts_of(product.model_dump())
        names = {name for variant in product.variants for name in variant.options}
        for header, raw in row.items():
            cell = raw.strip()
            if not cell or (header, cell) in {("Option1 Name", "Title"), ("Option1 Value", "Default Title")}:
                continue
            match header:
                case "Variant Price" | "Variant Compare At Price" | "Variant Grams":
                    assert Decimal(cell) in {Decimal(text) for text in kept if text.replace(".", "", 1).isdigit()}
                case "Tags":
                    assert {tag.strip() for tag in cell.split(",")} == set(product.tags)
                case "Body (HTML)":
                    assert product.description == html_to_text(cell)
                case "Published":
                    assert (product.status == "active") == (cell == "true")
                case "Image Position":
                    assert product.images[int(cell) - 1] == row["Image Src"]
                case "Option1 Name" | "Option2 Name" | "Option3 Name":
                    assert cell in names
                case _:
                    assert cell in kept, header


@pytest.mark.parametrize(
    ("name", "text", "first"),
    [
        ("apparel", "navy sports jaket", "Navy Sports Jacket"),
        ("home-and-garden", "cream sofa", "Cream Sofa"),
        ("jewelery", "silver necklace under 20", "Silver Threader Necklace"),
    ],
)
def test_the_samples_are_searched(name: str, text: str, first: str) -> None:
    hits = Catalog.from_file(SAMPLES / f"{name}.csv", currency="USD").search(text)
    assert hits[0].product.title == first
