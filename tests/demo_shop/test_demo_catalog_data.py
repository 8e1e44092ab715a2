"""The demo shop's catalog is whole, consistent in itself, and agrees with the help centre."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

ROOT = Path(__file__).parents[2]
CATALOG = ROOT / "knowledge" / "catalog"
LINES = {"Wrenfold Wear", "Dewpoint", "Hearthside", "Sprig", "Brightroot", "Keepsake Bench", "Pip"}
DEPTHS = {"fair", "light", "medium", "tan", "deep"}
UNDERTONES = {"cool", "warm", "neutral"}


@cache
def rows() -> tuple[dict[str, str], ...]:
    with (CATALOG / "products.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def products() -> dict[str, dict[str, str]]:
    return {row["Handle"]: row for row in rows() if row["Title"]}


def variants(handle: str) -> list[dict[str, str]]:
    return [row for row in rows() if row["Handle"] == handle]


def fact(row: dict[str, str], key: str) -> str:
    return next(cell for name, cell in row.items() if name.endswith(f"(product.metafields.custom.{key})"))


def words(row: dict[str, str]) -> str:
    return re.sub(r"\s+", " ", LexborHTMLParser(row["Body (HTML)"]).text(separator=" ")).strip()


def chart(name: str) -> set[str]:
    with (CATALOG / "size-charts" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row["Size"] for row in csv.DictReader(file)}


def test_it_has_the_breadth_of_a_real_shop() -> None:
    vendors = [row["Vendor"] for row in products().values()]
    assert len(products()) >= 300
    assert len(rows()) >= 1_050
    assert set(vendors) == LINES
    assert min(vendors.count(vendor) for vendor in LINES) >= 20
    statuses = [row["Status"] for row in products().values()]
    assert (statuses.count("archived"), statuses.count("draft")) == (6, 3)
    assert sum(fact(row, "final_sale") == "true" for row in products().values()) == 6
    assert sum("midsummer-sale" in row["Tags"] for row in products().values()) == 15


def test_some_of_it_is_sold_out_but_not_much() -> None:
    for_sale = [handle for handle, row in products().items() if row["Status"] == "active"]
    stock = {handle: [row["Variant Inventory Qty"] for row in variants(handle)] for handle in for_sale}
    assert sum(set(counts) == {"0"} for counts in stock.values()) == 12
    counts = [count for shelf in stock.values() for count in shelf]
    assert 0.05 < counts.count("0") / len(counts) < 0.12


@pytest.mark.parametrize("column", ["Variant SKU", "Variant Barcode"])
def test_no_two_variants_share_a_number(column: str) -> None:
    values = [row[column] for row in rows() if row[column]]
    assert len(set(values)) == len(values)


def test_barcodes_are_valid_ean_13() -> None:
    for row in rows():
        code = row["Variant Barcode"]
        if code:
            assert len(code) == 13
            assert sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(code)) % 10 == 0


def test_what_goes_well_together_or_comes_after_can_be_bought() -> None:
    for row in products().values():
        named = [*fact(row, "complements").split("; "), fact(row, "successor")]
        for handle in filter(None, named):
            assert products()[handle]["Status"] == "active"
        assert bool(fact(row, "successor")) == (row["Status"] == "archived")


def test_each_body_is_prose_of_its_own() -> None:
    seen: dict[str, str] = {}
    for handle, row in products().items():
        assert row["Body (HTML)"].startswith("<p>")
        sentences = [
            part for part in re.split(r"(?<=[.!?])\s+", LexborHTMLParser(row["Body (HTML)"]).css("p")[0].text()) if part
        ]
        assert len(sentences) >= 2
        for sentence in sentences:
            assert seen.setdefault(sentence, handle) == handle


def test_a_reduced_price_is_lower_than_the_one_before() -> None:
    for row in rows():
        if row["Variant Compare At Price"]:
            assert float(row["Variant Price"]) < float(row["Variant Compare At Price"])


@pytest.mark.parametrize("kind", ["Foundation", "Skin tint", "Concealer", "Powder", "Bronzer"])
def test_every_shade_for_the_skin_names_depth_and_undertone(kind: str) -> None:
    found = [handle for handle, row in products().items() if row["Type"] == kind]
    assert found
    for handle in found:
        for row in variants(handle):
            bracket = re.search(r"\((\w+), (\w+)\)$", row["Option1 Value"])
            assert bracket
            assert (bracket[1] in DEPTHS, bracket[2] in UNDERTONES) == (True, True)


def test_foundations_and_concealers_come_in_twelve_shades_or_more() -> None:
    for handle, row in products().items():
        if row["Type"] in ("Foundation", "Concealer"):
            assert len(variants(handle)) >= 12


def test_every_size_of_a_garment_is_in_its_size_chart() -> None:
    for handle, product in products().items():
        charts = fact(product, "size_chart").split("; ")
        if charts != [""]:
            known = set().union(*(chart(name) for name in charts))
            place = next(place for place in (1, 2, 3) if product[f"Option{place} Name"] == "Size")
            for row in variants(handle):
                size = row[f"Option{place} Value"]
                assert size in known or set(size.split("/")) <= known


def test_allergens_and_ingredients_are_on_everything_one_eats_or_puts_on_the_skin() -> None:
    for row in products().values():
        if row["Vendor"] == "Brightroot" and row["Type"] != "Accessory":
            assert fact(row, "allergens")
            assert fact(row, "ingredients")
        if row["Vendor"] == "Dewpoint" and row["Type"] != "Tools":
            assert fact(row, "ingredients")


def test_sprig_names_age_safety_standard_and_delivery() -> None:
    for row in products().values():
        if row["Vendor"] == "Sprig":
            assert all(fact(row, key) for key in ("age", "safety_standard", "delivery"))


def test_a_pip_s_table_metafields_and_the_help_centre_s_comparison_say_the_same() -> None:
    tree = LexborHTMLParser((ROOT / "knowledge" / "articles" / "pip" / "pip-compare.html").read_text("utf-8"))
    told = {cells[0]: cells[1:] for row in tree.css("tbody tr") if (cells := [cell.text() for cell in row.css("td")])}
    models = {row["Title"]: row for row in products().values() if row["Type"] == "Lamp with speaker"}
    assert set(told) == set(models)
    for name, (number, height, light, speaker, battery, sleep, charging, water) in told.items():
        row = models[name]
        assert number == fact(row, "model_number")
        assert height == fact(row, "height")
        assert light == f"{fact(row, 'brightness_lumens')} lm"
        assert speaker.replace(" W", "") == fact(row, "speaker_watts")
        assert battery == f"{fact(row, 'battery_hours')} h"
        assert sleep.lower() == fact(row, "sleep_light")
        assert charging == fact(row, "charging")
        assert water == fact(row, "ip_rating")
        cells = [cell.text() for cell in LexborHTMLParser(row["Body (HTML)"]).css("th, td")]
        table = dict(zip(cells[::2], cells[1::2], strict=True))
        assert table["Number"] == number
        assert table["Weight"] == fact(row, "weight")


def test_the_size_charts_say_what_the_help_centre_says() -> None:
    article = (ROOT / "knowledge" / "articles" / "sizing" / "size-men.md").read_text("utf-8")
    with (CATALOG / "size-charts" / "men.csv").open(encoding="utf-8", newline="") as file:
        lines = ["| " + " | ".join(row.values()) + " |" for row in csv.DictReader(file)]
    assert lines
    assert all(line in article for line in lines)


@pytest.mark.parametrize("tool", ["make_catalog", "make_back_office"])
def test_the_files_are_what_their_sources_say(tool: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", f"tools.demo_shop.{tool}", "--check"],
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
