"""Products from Shopify's CSV: both dialects of headers, and everything that goes wrong with such files."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.catalog import PROBLEM_CODES, Catalog
from convagent.errors import CatalogError, Place
from convagent.facts import Money

HEADER = (
    "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,"
    "Option2 Name,Option2 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,"
    "Variant Inventory Policy,Variant Price,Variant Compare At Price,Variant Barcode,Image Src,"
    "Image Position,Image Alt Text,Variant Image,Gift Card,Status,Care (product.metafields.custom.care),"
    "Season"
)
LEGACY = HEADER.split(",")

CURRENT = {
    "Handle": "URL handle",
    "Body (HTML)": "Description",
    "Product Category": "Product category",
    "Published": "Published on online store",
    "Option1 Name": "Option1 name",
    "Option1 Value": "Option1 value",
    "Option2 Name": "Option2 name",
    "Option2 Value": "Option2 value",
    "Variant SKU": "SKU",
    "Variant Grams": "Weight value (grams)",
    "Variant Inventory Tracker": "Inventory tracker",
    "Variant Inventory Qty": "Inventory quantity",
    "Variant Inventory Policy": "Continue selling when out of stock",
    "Variant Price": "Price",
    "Variant Compare At Price": "Compare-at price",
    "Variant Barcode": "Barcode",
    "Image Src": "Product image URL",
    "Image Position": "Image position",
    "Image Alt Text": "Image alt text",
    "Variant Image": "Variant image URL",
    "Gift Card": "Gift card",
}

JACKET: list[dict[str, str]] = [
    {
        "Handle": "rain-jacket", "Title": "The Rain Jacket", "Body (HTML)": "<p>Keeps the <b>rain</b> out.</p>",
        "Vendor": "Testbrand", "Product Category": "Apparel > Coats", "Type": "Jacket", "Tags": "waterproof, women",
        "Published": "true", "Option1 Name": "Colour", "Option1 Value": "Moss", "Option2 Name": "Size", "Option2 Value": "M",
        "Variant SKU": "RJ-MOS-M", "Variant Grams": "640", "Variant Inventory Tracker": "shopify",
        "Variant Inventory Qty": "4", "Variant Inventory Policy": "deny", "Variant Price": "129.00",
        "Variant Compare At Price": "159", "Variant Barcode": "'5390000000017", "Image Src": "https://shop.example/2.jpg",
        "Image Position": "2", "Image Alt Text": "From behind", "Variant Image": "https://shop.example/moss.jpg",
        "Gift Card": "false", "Status": "active", "Care (product.metafields.custom.care)": "Wipe clean", "Season": "Autumn",
    },
    {
        "Handle": "rain-jacket", "Option1 Value": "Ink", "Option2 Value": "M", "Variant SKU": "RJ-INK-M",
        "Variant Inventory Tracker": "shopify", "Variant Inventory Qty": "0", "Variant Inventory Policy": "deny",
        "Variant Price": "139.00", "Image Src": "https://shop.example/1.jpg", "Image Position": "1",
    },
    {"Handle": "rain-jacket", "Image Src": "https://shop.example/3.jpg", "Image Position": "3"},
]  # fmt: skip


def table(
    rows: list[dict[str, str]], *, headers: list[str] = LEGACY, current: bool = False, delimiter: str = ","
) -> str:
    """A CSV of these rows, with the headers of either dialect."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow([CURRENT.get(header, header) if current else header for header in headers])
    writer.writerows([[row.get(header, "") for header in headers] for row in rows])
    return out.getvalue()


def plain(handle: str, title: str, price: str = "10.00", **more: str) -> dict[str, str]:
    """A row of a product without options."""
    return {"Handle": handle, "Title": title, "Option1 Name": "Title", "Option1 Value": "Default Title",
            "Variant Price": price, **more}  # fmt: skip


def load(tmp_path: Path, content: str | bytes, *, currency: str = "EUR", url_prefix: str | None = None) -> Catalog:
    path = tmp_path / "products.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Catalog.from_file(path, currency=currency, url_prefix=url_prefix)


def codes(catalog: Catalog) -> list[tuple[int | None, str]]:
    assert all(problem.code in PROBLEM_CODES for problem in catalog.problems)
    assert all(problem.message and problem.remedy for problem in catalog.problems)
    return [(problem.row, problem.code) for problem in catalog.problems]


@pytest.mark.parametrize("option", ["Title", "Pot", ""])
def test_the_word_for_a_product_without_options_is_never_a_variants_name(tmp_path: Path, option: str) -> None:
    row = plain("aloe", "Aloe Vera", **{"Option1 Name": option})
    (aloe,) = load(tmp_path, table([row], current=False)).products
    assert aloe.options == ()
    assert [variant.title for variant in aloe.variants] in (["Aloe Vera"], [None], [""])


@pytest.mark.parametrize("current", [False, True])
def test_both_dialects_give_the_same_product(tmp_path: Path, current: bool) -> None:
    catalog = load(tmp_path, table(JACKET, current=current), url_prefix="https://wrenfold.example/products/")
    assert codes(catalog) == []
    (jacket,) = catalog.products
    assert (jacket.id, jacket.handle, jacket.title) == ("rain-jacket", "rain-jacket", "The Rain Jacket")
    assert jacket.url == "https://wrenfold.example/products/rain-jacket"
    assert (jacket.vendor, jacket.kind, jacket.category) == ("Testbrand", "Jacket", "Apparel > Coats")
    assert jacket.description == "Keeps the rain out."
    assert jacket.tags == ("waterproof", "women")
    assert jacket.status == "active"
    assert jacket.options == ("Colour", "Size")
    assert jacket.images == tuple(f"https://shop.example/{n}.jpg" for n in (1, 2, 3))
    assert jacket.attributes == {"care": "Wipe clean"}
    assert jacket.extra == {
        "gift_card": "false",
        "image_texts": {"https://shop.example/2.jpg": "From behind"},
        "Season": "Autumn",
    }
    moss, ink = jacket.variants
    assert (moss.id, moss.sku, moss.title) == ("rain-jacket:Moss/M", "RJ-MOS-M", "Moss / M")
    assert moss.options == {"Colour": "Moss", "Size": "M"}
    assert (moss.price, moss.compare_at) == (Money.of("129.00", "EUR"), Money.of("159.00", "EUR"))
    assert (moss.inventory, moss.available, ink.inventory, ink.available) == (4, True, 0, False)
    assert (moss.barcode, moss.weight_grams) == ("5390000000017", Decimal(640))
    assert moss.image == "https://shop.example/moss.jpg"
    assert moss.extra == {"inventory_tracker": "shopify", "inventory_quantity": "4", "inventory_policy": "deny"}


def test_both_dialects_have_one_stamp(tmp_path: Path) -> None:
    legacy, current = (load(tmp_path, table(JACKET, current=current)) for current in (False, True))
    assert legacy.stamp == current.stamp
    dearer = load(tmp_path, table(JACKET).replace("129.00", "128.00"))
    assert dearer.stamp != legacy.stamp


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_delimiters_and_encodings_of_spreadsheets_are_known(tmp_path: Path, delimiter: str, encoding: str) -> None:
    content = table([plain("café-cup", "Café Cup")], delimiter=delimiter).encode(encoding)
    catalog = load(tmp_path, content)
    assert [product.title for product in catalog.products] == ["Café Cup"]
    assert codes(catalog) == []


def test_a_windows_file_is_read_and_said_to_be_one(tmp_path: Path) -> None:
    content = table([plain("mug", "Mug"), plain("cafe-cup", "Café Cup"), plain("pate", "Pâté Pot")]).encode("cp1252")
    catalog = load(tmp_path, content)
    assert [product.title for product in catalog.products] == ["Mug", "Café Cup", "Pâté Pot"]
    assert codes(catalog) == [(3, "encoding")]


def test_a_row_in_another_encoding_is_reported_by_its_row(tmp_path: Path) -> None:
    lines = table([plain("a", "Café A"), plain("b", "Café B"), plain("c", "Café C")]).splitlines(keepends=True)
    content = b"".join(line.encode("cp1252" if "Café B" in line else "utf-8") for line in lines)
    catalog = load(tmp_path, content)
    assert [product.title for product in catalog.products] == ["Café A", "Café B", "Café C"]
    assert codes(catalog) == [(3, "encoding")]


def test_nul_bytes_are_left_out_and_reported(tmp_path: Path) -> None:
    catalog = load(tmp_path, table([plain("a", "One\0 Cup"), plain("b", "Two Cups")]))
    assert [product.title for product in catalog.products] == ["One Cup", "Two Cups"]
    assert codes(catalog) == [(2, "nul-bytes")]


def test_a_file_cut_in_the_middle_gives_its_whole_rows(tmp_path: Path) -> None:
    content = table([plain("a", "A"), plain("b", "B"), plain("c", "C")])
    catalog = load(tmp_path, content[: content.index("c,C") + 12])
    assert [product.id for product in catalog.products] == ["a", "b"]
    assert codes(catalog) == [(4, "file-cut")]


@pytest.mark.parametrize(
    ("headers", "missing"),
    [
        (["Title", "Variant Price"], "Handle"),
        (["Handle", "Variant Price"], "Title"),
        (["Handle", "Title"], "Price"),
        (["name", "cost"], "Handle"),
    ],
)
def test_a_file_without_a_needed_column_is_refused_by_name(tmp_path: Path, headers: list[str], missing: str) -> None:
    with pytest.raises(CatalogError) as caught:
        load(tmp_path, table([plain("a", "A")], headers=headers))
    assert caught.value.code == "catalog-columns"
    assert missing in caught.value.message
    assert caught.value.remedy
    assert caught.value.place == Place(str(tmp_path / "products.csv"), 1)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "catalog-empty"),
        (b"\n \n", "catalog-empty"),
        (b"PK\x03\x04rest", "catalog-format"),
        (b"\x1f\x8brest", "catalog-format"),
        (b"[{}]", "catalog-format"),
        (b'"never closed', "catalog-columns"),
        (b"<html><body>Sign in</body></html>", "catalog-format"),
    ],
)
def test_what_is_no_product_file_is_refused_with_a_remedy(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(CatalogError) as caught:
        load(tmp_path, content)
    assert caught.value.code == code
    assert caught.value.remedy
    assert caught.value.place is not None


def test_a_missing_file_a_folder_and_a_wrong_currency_are_refused(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "none.csv", "catalog-missing"), (tmp_path, "catalog-unreadable")):
        with pytest.raises(CatalogError) as caught:
            Catalog.from_file(path)
        assert caught.value.code == code
    with pytest.raises(CatalogError) as caught:
        load(tmp_path, table(JACKET), currency="euro")
    assert caught.value.code == "catalog-currency"


def test_a_header_alone_is_an_empty_catalog_and_says_so(tmp_path: Path) -> None:
    catalog = load(tmp_path, table([]))
    assert catalog.products == ()
    assert codes(catalog) == [(None, "no-products")]


def test_missing_prices_cost_the_variant_and_are_reported(tmp_path: Path) -> None:
    rows = [dict(row) for row in JACKET]
    rows[1]["Variant Price"] = ""
    catalog = load(tmp_path, table([*rows, plain("b", "B", "12,50 €"), plain("c", "C", "ask us")]))
    assert [(product.id, len(product.variants)) for product in catalog.products] == [
        ("rain-jacket", 1),
        ("b", 1),
        ("c", 0),
    ]
    assert catalog.products[1].price == Money.of("12.50", "EUR")
    assert codes(catalog) == [(3, "price-missing"), (6, "price-unreadable")]


def test_a_price_in_another_currency_is_not_taken_for_the_shop_s(tmp_path: Path) -> None:
    catalog = load(tmp_path, table([plain("a", "A", "$12.50"), plain("b", "B", "9.999")]))
    assert all(product.variants == () for product in catalog.products)
    assert codes(catalog) == [(2, "price-unreadable"), (3, "price-unreadable")]


def test_an_unreadable_compare_at_price_leaves_the_variant(tmp_path: Path) -> None:
    catalog = load(tmp_path, table([plain("a", "A", **{"Variant Compare At Price": "was more"})]))
    assert catalog.products[0].variants[0].compare_at is None
    assert codes(catalog) == [(2, "price-unreadable")]


def test_a_second_product_with_a_taken_handle_is_left_out_with_its_rows(tmp_path: Path) -> None:
    rows = [
        plain("a", "First"),
        plain("b", "B"),
        plain("a", "Second"),
        {"Handle": "a", "Option1 Value": "X", "Variant Price": "1"},
    ]
    catalog = load(tmp_path, table(rows))
    assert [(product.title, len(product.variants)) for product in catalog.products] == [("First", 1), ("B", 1)]
    assert codes(catalog) == [(4, "handle-twice")]


def test_rows_of_one_product_may_stand_apart_and_repeat_its_title(tmp_path: Path) -> None:
    rows = [JACKET[0], plain("b", "B"), {**JACKET[1], "Title": "The Rain Jacket"}]
    catalog = load(tmp_path, table(rows))
    assert [(product.id, len(product.variants)) for product in catalog.products] == [("rain-jacket", 2), ("b", 1)]
    assert codes(catalog) == []


def test_the_same_options_and_the_same_sku_twice_are_reported(tmp_path: Path) -> None:
    twice = {**JACKET[1], "Option1 Value": "Moss"}
    catalog = load(tmp_path, table([JACKET[0], twice, {**JACKET[1], "Variant SKU": "RJ-MOS-M"}]))
    assert [variant.title for variant in catalog.products[0].variants] == ["Moss / M", "Ink / M"]
    assert codes(catalog) == [(3, "variant-twice"), (4, "sku-twice")]
    found = catalog.variant("RJ-MOS-M")
    assert found is not None
    assert found.title == "Moss / M"


def test_rows_without_handle_or_title_are_reported(tmp_path: Path) -> None:
    catalog = load(tmp_path, table([{"Title": "No handle"}, plain("untitled", ""), plain("ok", "Fine")]))
    assert [product.id for product in catalog.products] == ["ok"]
    assert codes(catalog) == [(2, "handle-missing"), (3, "title-missing")]


def test_a_stray_quotation_mark_costs_one_row_of_the_catalog(tmp_path: Path) -> None:
    content = table([plain(f"p{n}", f"Pot {n}") for n in range(30)]).replace("p3,Pot 3,", 'p3,"Pot 3,')
    catalog = load(tmp_path, content)
    assert len(catalog.products) == 29
    assert codes(catalog) == [(5, "quote-unclosed")]


@pytest.mark.parametrize(
    ("tracker", "quantity", "policy", "inventory", "available"),
    [
        ("shopify", "3", "deny", 3, True),
        ("shopify", "0", "deny", 0, False),
        ("shopify", "-2", "deny", -2, False),
        ("shopify", "0", "continue", 0, True),
        ("shopify", "", "deny", 0, False),
        ("", "0", "deny", None, True),
    ],
)
def test_stock_follows_tracker_quantity_and_policy(
    tmp_path: Path, tracker: str, quantity: str, policy: str, inventory: int | None, available: bool
) -> None:
    more = {"Variant Inventory Tracker": tracker, "Variant Inventory Qty": quantity, "Variant Inventory Policy": policy}
    catalog = load(tmp_path, table([plain("a", "A", **more)]))
    variant = catalog.products[0].variants[0]
    assert (variant.inventory, variant.available) == (inventory, available)
    assert codes(catalog) == []


def test_an_unreadable_quantity_counts_as_out_of_stock(tmp_path: Path) -> None:
    more = {"Variant Inventory Tracker": "shopify", "Variant Inventory Qty": "many", "Variant Grams": "heavy"}
    catalog = load(tmp_path, table([plain("a", "A", **more)]))
    assert not catalog.products[0].in_stock
    assert codes(catalog) == [(2, "weight-unreadable"), (2, "quantity-unreadable")]


@pytest.mark.parametrize(
    ("status", "published", "expected"),
    [
        ("active", "true", "active"),
        ("", "", "active"),
        ("Draft", "true", "draft"),
        ("archived", "", "archived"),
        ("active", "FALSE", "unpublished"),
    ],
)
def test_what_is_hidden_from_customers_is_not_active(
    tmp_path: Path, status: str, published: str, expected: str
) -> None:
    catalog = load(tmp_path, table([plain("a", "A", Status=status, Published=published)]))
    assert catalog.products[0].status == expected


def test_a_column_that_differs_by_row_belongs_to_the_variants(tmp_path: Path) -> None:
    headers = [*LEGACY, "Lining", "Price / Switzerland", "id", "Fabric (product.metafields.other.care)", "Season"]
    rows = [
        {
            **JACKET[0],
            "Lining": "wool",
            "Price / Switzerland": "139",
            "id": "77",
            "Fabric (product.metafields.other.care)": "Wool",
        },
        {**JACKET[1], "Lining": "silk", "Price / Switzerland": "149"},
    ]
    catalog = load(tmp_path, table(rows, headers=headers))
    (jacket,) = catalog.products
    assert [variant.extra["Lining"] for variant in jacket.variants] == ["wool", "silk"]
    assert [variant.extra["Price / Switzerland"] for variant in jacket.variants] == ["139", "149"]
    assert "Lining" not in jacket.extra
    assert jacket.extra["id (column)"] == "77"
    assert jacket.id == "rain-jacket"
    assert jacket.attributes == {"care": "Wipe clean", "other.care": "Wool"}
    assert codes(catalog) == [(1, "column-twice")]


def test_a_product_without_options_has_one_plain_variant(tmp_path: Path) -> None:
    product = load(tmp_path, table([plain("a", "A")])).products[0]
    assert product.options == ()
    assert (product.variants[0].id, product.variants[0].title, product.variants[0].options) == ("a", None, {})


def test_an_address_is_made_of_any_handle(tmp_path: Path) -> None:
    product = load(tmp_path, table([plain("naïve pot", "A")]), url_prefix="https://shop.example/p").products[0]
    assert product.url == "https://shop.example/p/na%C3%AFve%20pot"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_file_damaged_anywhere_gives_products_or_a_catalog_error(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = table([*JACKET, plain("b", "Café"), plain("c", "C", "7")]).encode()
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, len(content)))
    damage = data.draw(st.sampled_from([b"", b'"', b"\n", b",", b"\0", b"\xff\xfe", b'","', b"\r\r"]))
    path = tmp_path_factory.mktemp("damaged") / "products.csv"
    path.write_bytes(content[:start] + damage + content[end:])
    try:
        catalog = Catalog.from_file(path)
    except CatalogError as error:
        assert error.remedy  # noqa: PT017 - either outcome is fine
    else:
        assert all(problem.code in PROBLEM_CODES for problem in catalog.problems)
        assert len({product.id for product in catalog.products}) == len(catalog.products)
