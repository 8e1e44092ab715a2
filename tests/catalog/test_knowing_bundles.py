"""What is cheaper together."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.catalog import Catalog, bundles_with
from convagent.facts import Money, Product, Variant

PRODUCTS = Path(__file__).resolve().parents[2] / "knowledge" / "catalog" / "products.csv"


@cache
def shop() -> Catalog:
    return Catalog.from_file(PRODUCTS)


def made(
    name: str, price: str, *, pieces: int = 5, status: str = "active", currency: str = "EUR", **attributes: str
) -> Product:
    return Product(
        id=name, handle=name, title=name.title(), kind="Thing", status=status, attributes=attributes,
        variants=(
            Variant(id=f"{name}:1", sku=name.upper(), price=Money.of(price, currency), inventory=pieces, available=pieces > 0),
        ),
    )  # fmt: skip


def test_a_larger_pack_is_told_with_what_it_saves() -> None:
    (found,) = bundles_with(shop(), ["BR-CACA-ORI-250"])
    assert (found.kind, found.variant.sku) == ("pack", "BR-CACA-ORI-750")
    assert [(part.variant.sku, part.times) for part in found.parts] == [("BR-CACA-ORI-250", 3)]
    assert [str(each) for each in (found.price, found.parts_price, found.saving)] == [
        "62.00 EUR",
        "72.00 EUR",
        "10.00 EUR",
    ]
    assert str(bundles_with(shop(), ["fair-weather-sunscreen-spf-50"])[0].saving) == "35.00 EUR"


def test_what_is_not_a_whole_number_of_the_smaller_one_is_no_bundle() -> None:
    assert bundles_with(shop(), ["brightroot-daily-d3", "plain-water-gel-cleanser", "second-wind-matcha"]) == ()


def test_a_pack_that_is_sold_out_saves_nothing() -> None:
    assert all(each.variant.sku != "BR-CACA-CHI-750" for each in bundles_with(shop(), ["slow-morning-cacao"]))


def test_a_set_whose_parts_can_t_be_bought_singly_is_no_bargain() -> None:
    assert bundles_with(shop(), ["plain-water-gel-cleanser", "small-hours-night-balm", "lip-service-balm"]) == ()


def test_a_set_that_names_its_parts_is_found_by_each_of_them() -> None:
    catalog = Catalog.from_products([
        made("mug", "10.00"), made("pot", "30.00"), made("set", "45.00", bundle_parts="2 × mug; POT"),
        made("dear", "60.00", parts="mug; pot"),
    ])  # fmt: skip
    for part in ("mug", "POT"):
        (found,) = bundles_with(catalog, [part])
        assert (found.product.id, found.kind, str(found.parts_price), str(found.saving)) == (
            "set", "set", "50.00 EUR", "5.00 EUR",
        )  # fmt: skip
    assert len(bundles_with(catalog, ["mug", "pot", "nobody"])) == 1


def test_a_set_with_a_part_that_is_sold_out_unknown_or_in_another_currency_is_none() -> None:
    for other in (
        made("pot", "30.00", pieces=0),
        made("pot", "30.00", currency="USD"),
        made("pan", "30.00"),
        made("pot", "3.00", status="draft"),
    ):
        catalog = Catalog.from_products([made("mug", "10.00"), other, made("set", "5.00", parts="mug; pot")])
        assert bundles_with(catalog, ["mug"]) == ()
    few = Catalog.from_products([made("mug", "10.00", pieces=1), made("set", "15.00", parts="2 × mug")])
    assert bundles_with(few, ["mug"]) == ()


@st.composite
def catalogs(draw: st.DrawFn) -> Catalog:
    amounts = st.sampled_from(
        ["250 g", "500 g", "1 kg", "0.75 kg", "3 × 2 g", "60 capsules", "120 capsules", "0 g", "many", ""]
    )
    names = st.lists(st.sampled_from(["p0", "p1", "2 × p2", "S3", "p9"]), max_size=3).map("; ".join)
    return Catalog.from_products(
        Product(
            id=f"p{n}", handle=f"p{n}", title=f"Thing {n}", status=draw(st.sampled_from(["active", "active", "draft"])),
            attributes={"parts": draw(names)},
            variants=tuple(
                Variant(
                    id=f"v{n}:{m}", sku=f"S{n}" if m == 0 else None, options={"Pack": draw(amounts)},
                    price=Money.of(draw(st.integers(0, 50)), draw(st.sampled_from(["EUR", "EUR", "GBP"]))),
                    inventory=pieces, available=pieces is None or pieces > 0,
                )
                for m in range(draw(st.integers(0, 3)))
                for pieces in [draw(st.sampled_from([None, 0, 1, 9]))]
            ),
        )
        for n in range(draw(st.integers(1, 5)))
    )  # fmt: skip


@given(catalogs())
@settings(max_examples=120)
def test_every_saving_is_real_and_everything_in_it_can_be_bought(catalog: Catalog) -> None:
    found = bundles_with(catalog, [f"p{n}" for n in range(6)])
    assert [each.saving.minor for each in found] == sorted((each.saving.minor for each in found), reverse=True)
    for bundle in found:
        assert bundle.saving.minor > 0
        assert bundle.saving.minor == bundle.parts_price.minor - bundle.price.minor
        assert bundle.price == bundle.variant.price
        assert bundle.parts_price.minor == sum(part.variant.price.minor * part.times for part in bundle.parts)
        assert {part.variant.price.currency for part in bundle.parts} == {bundle.price.currency}
        for product, variant in (
            (bundle.product, bundle.variant),
            *((part.product, part.variant) for part in bundle.parts),
        ):
            assert product.status == "active"
            assert variant.available is True
        assert all(part.variant.id != bundle.variant.id for part in bundle.parts)
