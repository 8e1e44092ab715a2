"""Products from Google Merchant feeds: XML and text, broken ones, sales, variants."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convagent.catalog import Catalog
from convagent.errors import CatalogError
from convagent.facts import Money

HEAD = '<?xml version="1.0"?>\n<rss xmlns:g="http://base.google.com/ns/1.0" version="2.0">\n<channel><title>A shop</title>\n'
TAIL = "</channel></rss>\n"


def load(tmp_path: Path, content: str | bytes, **options: Any) -> Catalog:
    path = tmp_path / "feed"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Catalog.from_file(path, **options)


def item(**fields: str) -> str:
    given_ = {"id": "j-1", "title": "Jacket", "price": "149.00 EUR", "availability": "in_stock"} | fields
    return "<item>" + "".join(f"<g:{name}>{text}</g:{name}>" for name, text in given_.items() if text) + "</item>\n"


def feed(*items: str) -> str:
    return HEAD + "".join(items) + TAIL


def test_items_of_one_group_are_the_variants_of_one_product(tmp_path: Path) -> None:
    catalog = load(
        tmp_path,
        feed(
            item(id="j-1", item_group_id="j", title="Harbour Jacket - Moss, M", color="Moss", size="M", brand="Fjell"),
            item(id="j-2", item_group_id="j", title="Harbour Jacket - Moss, L", color="Moss", size="L", brand="Fjell",
                 availability="out of stock"),
            item(id="cup", title="Cup", price="12 USD"),
        ),
    )  # fmt: skip
    jacket, cup = catalog.products
    assert (jacket.id, jacket.title, jacket.vendor, jacket.options) == (
        "j",
        "Harbour Jacket",
        "Fjell",
        ("Colour", "Size"),
    )
    assert [(v.sku, v.options, v.available) for v in jacket.variants] == [
        ("j-1", {"Colour": "Moss", "Size": "M"}, True),
        ("j-2", {"Colour": "Moss", "Size": "L"}, False),
    ]
    assert cup.variants[0].price == Money.of(12, "USD")
    assert catalog.problems == ()
    assert catalog.search("jacket in size L") == ()
    assert [hit.variant.sku for hit in catalog.search("moss jacket") if hit.variant] == ["j-1"]


def test_every_attribute_is_kept(tmp_path: Path) -> None:
    detail = (
        "<g:product_detail><g:section_name>General</g:section_name><g:attribute_name>Water column</g:attribute_name>"
        "<g:attribute_value>10,000 mm</g:attribute_value></g:product_detail>"
    )
    catalog = load(
        tmp_path,
        feed(
            item(
                description="<![CDATA[<p>Dry &amp; warm</p><script>steal()</script> </item>]]>",
                link="https://shop.example/j",
                image_link="https://shop.example/a.jpg",
                additional_image_link="https://shop.example/b.jpg",
                product_type="Clothes &gt; Jackets",
                google_product_category="5598",
                gtin="4006381333931",
                shipping_weight="1.2 kg",
                age_group="adult",
                custom_label_0="autumn",
            ).replace("</item>\n", detail + "<g:product_highlight>Taped seams</g:product_highlight>"
                      "<g:product_highlight>Two pockets</g:product_highlight></item>\n"),
        ),
    )  # fmt: skip
    (jacket,) = catalog.products
    assert jacket.description == "Dry & warm"
    assert jacket.url == "https://shop.example/j"
    assert jacket.images == ("https://shop.example/a.jpg", "https://shop.example/b.jpg")
    assert (jacket.kind, jacket.category) == ("Jackets", "5598")
    assert jacket.attributes == {
        "age_group": "adult",
        "custom_label_0": "autumn",
        "product_highlight": ["Taped seams", "Two pockets"],
        "Water column": "10,000 mm",
    }
    assert jacket.variants[0].barcode == "4006381333931"
    assert jacket.variants[0].weight_grams == Decimal(1200)


def test_text_with_tabs_says_the_same_as_xml(tmp_path: Path) -> None:
    text = (
        "id\ttitle\titem group id\tcolor\tsize\tprice\tsale price\tavailability\tlink\tadditional image link\tproduct detail\n"
        "j-1\tHarbour Jacket Moss M\tj\tMoss\tM\t149.00 EUR\t99,00 EUR\tin stock\thttps://shop.example/j\t"
        '"https://shop.example/a.jpg,https://shop.example/b.jpg"\tGeneral:Water column:10000 mm,:Lining:Wool\n'
        "j-2\tHarbour Jacket Moss L\tj\tMoss\tL\t149.00 EUR\t\tpreorder\thttps://shop.example/j\t\t\n"
    )
    catalog = load(tmp_path, text)
    (jacket,) = catalog.products
    assert catalog.problems == ()
    assert jacket.title == "Harbour Jacket"
    assert jacket.images == ("https://shop.example/a.jpg", "https://shop.example/b.jpg")
    assert jacket.attributes == {"Water column": "10000 mm", "Lining": "Wool", "colour": "Moss"}
    first, second = jacket.variants
    assert (first.price, first.compare_at) == (Money.of(99, "EUR"), Money.of(149, "EUR"))
    assert (second.price, second.compare_at, second.available) == (Money.of(149, "EUR"), None, True)


def test_atom_feeds_are_read_too(tmp_path: Path) -> None:
    catalog = load(
        tmp_path,
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0"><entry><title>Cup</title>'
        '<link href="https://shop.example/cup"/><g:id>cup</g:id><g:price>5 EUR</g:price></entry></feed>',
    )
    assert [(product.title, product.url) for product in catalog.products] == [("Cup", "https://shop.example/cup")]


def test_the_feeds_own_title_wins_over_that_of_rss(tmp_path: Path) -> None:
    for both in ("<title>RSS</title><g:title>Feed</g:title>", "<g:title>Feed</g:title><title>RSS</title>"):
        catalog = load(tmp_path, feed(item(title="").replace("<item>", f"<item>{both}")))
        assert catalog.products[0].title == "Feed"


@pytest.mark.parametrize(
    ("now", "price", "before"),
    [
        (None, 149, None),
        (datetime(2026, 11, 10, tzinfo=UTC), 99, 149),
        (datetime(2026, 12, 1, tzinfo=UTC), 149, None),
    ],
)
def test_a_sale_with_a_period_counts_within_it_only(
    tmp_path: Path, now: datetime | None, price: int, before: int | None
) -> None:
    period = "2026-11-01T00:00+01:00/2026-11-30T23:59+01:00"
    catalog = load(tmp_path, feed(item(sale_price="99 EUR", sale_price_effective_date=period)), now=now)
    (variant,) = catalog.products[0].variants
    assert variant.price == Money.of(price, "EUR")
    assert variant.compare_at == (Money.of(before, "EUR") if before else None)


def test_a_bad_item_costs_itself_only(tmp_path: Path) -> None:
    catalog = load(
        tmp_path,
        feed(
            item(id="a"),
            item(id="a"),
            item(id="b", price=""),
            item(id="c", price="a lot"),
            item(id="d", title=""),
            item(id="e", availability="perhaps"),
            item(id="f", title="Cup &amp; saucer & spoon &nbsp;x"),
            item(id="g").replace("</g:title>", ""),
            item(id="h", link="javascript:alert(1)"),
            item(id="i", sale_price="99 EUR", sale_price_effective_date="soon"),
            item(id="k", shipping_weight="heavy"),
            item(id="l")[:40],
        ).removesuffix(TAIL),
    )
    assert [product.id for product in catalog.products] == ["a", "e", "f", "h", "i", "k"]
    assert [(problem.row, problem.code) for problem in catalog.problems] == [
        (5, "id-twice"),
        (6, "price-missing"),
        (7, "price-unreadable"),
        (8, "title-missing"),
        (9, "availability-unreadable"),
        (10, "xml-mended"),
        (11, "xml-broken"),
        (12, "link-unreadable"),
        (13, "period-unreadable"),
        (14, "weight-unreadable"),
        (15, "file-cut"),
    ]
    by_id = {product.id: product for product in catalog.products}
    assert by_id["f"].title == "Cup & saucer & spoon x"
    assert by_id["e"].variants[0].available is False
    assert by_id["h"].url is None


def test_a_documents_own_entities_are_never_looked_up(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>\n'
    catalog = load(tmp_path, bomb + feed(item(title="&b; &f;")))
    assert catalog.products[0].title == "&b; &f;"
    assert [problem.code for problem in catalog.problems] == ["xml-mended"]


def test_other_encodings_are_read_as_they_say(tmp_path: Path) -> None:
    text = feed(item(title="Größe für München")).replace('version="1.0"', 'version="1.0" encoding="ISO-8859-1"', 1)
    assert load(tmp_path, text.encode("latin-1")).products[0].title == "Größe für München"
    text = text.replace("ISO-8859-1", "koi8-r").replace("Größe für München", "Куртка")
    assert load(tmp_path, text.encode("koi8-r")).products[0].title == "Куртка"


def test_xml_that_is_no_feed_says_so(tmp_path: Path) -> None:
    with pytest.raises(CatalogError) as raised:
        load(tmp_path, "<html><body>Not found</body></html>")
    assert raised.value.code == "catalog-format"


PIECES = st.sampled_from([
    "<item>", "</item>", "<g:id>1</g:id>", "<g:id>2</g:id>", "<g:title>T</g:title>", "<title>", "<g:price>5 EUR</g:price>",
    "<![CDATA[", "]]>", "<!--", "-->", "&", "&nbsp;", "\0", "<entry/>", "<g:product_detail><a>x</a></g:product_detail>",
    "<g:item_group_id>g</g:item_group_id>", "\ud800", "é",
])  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_feed_holds_it_is_read_or_refused(tmp_path: Path, text: str) -> None:
    data = (HEAD + text).encode("utf-8", "surrogatepass")
    if "<item>" not in text and "<entry" not in text:
        with pytest.raises(CatalogError, match="catalog-format"):
            load(tmp_path, data)
        return
    catalog = load(tmp_path, data)
    assert all(product.variants for product in catalog.products)
    assert catalog.products or catalog.problems
