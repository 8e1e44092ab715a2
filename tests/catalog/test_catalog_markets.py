"""Several markets."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from convagent.catalog import Catalog
from convagent.catalog.markets import in_market
from convagent.facts import Money, Product, Variant

CSV = """\
Handle,Title,Variant SKU,Option1 Name,Option1 Value,Variant Price,Included / United Kingdom,Price / United Kingdom,Compare-at price / United Kingdom,Included / Norway
cup,Cup,CUP-S,Size,S,20.00,true,18.00,24.00,false
cup,,CUP-L,Size,L,25.00,true,,,false
plate,Plate,PLATE,,,30.00,false,,,true
"""


def shop(tmp_path: Path) -> Catalog:
    (tmp_path / "products.csv").write_text(CSV)
    return Catalog.from_file(tmp_path / "products.csv", currency="EUR")


def test_a_market_has_its_own_prices_and_the_price_before_a_sale(tmp_path: Path) -> None:
    british = shop(tmp_path).for_market("united kingdom", currency="GBP")
    cup = british.product("cup")
    assert cup is not None
    assert [(each.sku, str(each.price), str(each.compare_at)) for each in cup.variants] == [
        ("CUP-S", "18.00 GBP", "24.00 GBP")
    ]
    assert british.currency == "GBP"


def test_what_is_not_sold_in_a_market_is_not_in_its_catalog(tmp_path: Path) -> None:
    catalog = shop(tmp_path)
    assert [each.id for each in catalog.for_market("United Kingdom", currency="GBP").products] == ["cup"]
    assert [each.id for each in catalog.for_market("Norway").products] == ["plate"]
    assert [each.id for each in catalog.products] == ["cup", "plate"]


def test_a_usual_price_holds_where_the_market_names_none_in_the_same_currency(tmp_path: Path) -> None:
    cup = shop(tmp_path).for_market("Germany").product("cup")
    assert cup is not None
    assert [str(each.price) for each in cup.variants] == ["20.00 EUR", "25.00 EUR"]


def test_json_lines_name_prices_by_market() -> None:
    variant = Variant.model_validate(
        {
            "id": "v",
            "price": {"amount": "20.00", "currency": "EUR"},
            "available": True,
            "prices": {"Schweiz": "22.00 CHF"},
        }
    )
    sold = in_market(Product(id="p", title="Cup", variants=(variant,)), "Schweiz", currency="CHF")
    assert sold is not None
    assert str(sold.variants[0].price) == "22.00 CHF"


def test_a_stock_update_is_seen_in_every_market(tmp_path: Path) -> None:
    catalog = shop(tmp_path)
    assert catalog.for_market("United Kingdom", currency="GBP").product("cup").in_stock is not False  # type: ignore[union-attr]
    catalog.update(stock={"CUP-S": 0, "CUP-L": 0})
    assert catalog.for_market("United Kingdom", currency="GBP").product("cup").in_stock is False  # type: ignore[union-attr]


@given(
    st.dictionaries(st.text(max_size=20), st.one_of(st.text(max_size=10), st.integers(), st.none()), max_size=4),
    st.text(max_size=10),
)
def test_no_price_table_is_too_odd(prices: dict[str, object], market: str) -> None:
    variant = Variant.model_validate({"id": "v", "price": {"amount": "20.00", "currency": "EUR"}, "prices": prices})
    sold = in_market(Product(id="p", title="Cup", variants=(variant,)), market)
    assert sold is None or all(isinstance(each.price, Money) and each.price.currency == "EUR" for each in sold.variants)
