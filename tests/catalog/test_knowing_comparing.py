"""Products side by side."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.catalog import Catalog, Comparison, compare_products
from convagent.catalog.knowing.facts_read import better, figures_in
from convagent.errors import CatalogError
from convagent.facts import Money, Product, Variant

PRODUCTS = Path(__file__).resolve().parents[2] / "knowledge" / "catalog" / "products.csv"


@cache
def shop() -> Catalog:
    return Catalog.from_file(PRODUCTS)


def compared(*names: str, language: str = "en") -> Comparison:
    products = [found for name in names if (found := shop().product(name)) is not None]
    assert len(products) == len(names)
    return compare_products(shop(), products, language=language)


def test_near_identical_models_differ_in_what_tells_them_apart() -> None:
    found = compared("pip-one", "pip-one-s")
    assert [(row.label, row.values) for row in found.rows] == [
        ("Sleep light", ("no", "yes")), ("Price", ("€69.00", "€79.00")), ("Rating", ("4.4", "4.7")),
    ]  # fmt: skip
    common = {row.key: row.values for row in found.said_in_common}
    assert common["battery_hours"] == ("12 hours", "12 hours")
    assert common["weight"] == ("480 g", "485 g")  # five grams tell nothing
    assert "in_the_box" in common  # but for their own names the same
    assert common["colour"] == ("Chalk, Moss, Ink", "Chalk, Moss, Ink")  # the S in rust is sold out


def test_three_models_are_told_apart_in_german() -> None:
    found = {
        row.key: (row.label, row.values) for row in compared("pip-one", "pip-one-s", "pip-one-plus", language="de").rows
    }
    assert found["price"] == ("Preis", ("69,00 €", "79,00 €", "99,00 €"))
    assert found["sleep_light"] == ("Schlaflicht", ("nein", "ja", "nein"))
    assert found["battery_hours"] == ("Akku", ("12 Stunden", "12 Stunden", "20 Stunden"))
    assert found["brightness_lumens"] == ("Licht", ("180 lm", "180 lm", "220 lm"))
    assert "colour" not in found  # the same three in another order


def test_labels_and_figures_are_french_in_french() -> None:
    found = compared("pip-mini", "pip-go", "pip-max", language="fr-CH")
    rows = {row.key: (row.label, row.values) for row in found.rows}
    assert rows["ip_rating"] == ("Eau", ("Indoors only", "Waterproof (IP67)", "Splashes (IPX4)"))
    assert rows["charge_hours"][1] == ("2,5 heures", "2,5 heures", "4 heures")
    assert rows["price"][1][0] == "29,00 €"


def test_codes_links_and_pictures_are_no_rows() -> None:
    found = compared("pip-one", "pip-duo")
    keys = {row.key for row in (*found.rows, *found.said_in_common)}
    assert not keys & {"model_number", "complements", "rating_count", "image_texts", "gift_card", "final_sale"}


def test_the_shop_s_own_words_stay_as_they_are() -> None:
    rows = {row.key: row.values for row in compared("sprig-stepladder-bed", "tandem-bunk-bed").rows}
    assert rows["age"] == ("From 6 years (upper sleeping place)", "Upper bed from 6 years, lower bed from 3 years")


def test_a_product_given_twice_is_one_and_one_alone_is_not_compared() -> None:
    product = shop().product("pip-one")
    assert product is not None
    with pytest.raises(CatalogError) as told:
        compare_products(shop(), [product, product])
    assert told.value.code == "compare-few"


texts = st.sampled_from(
    ["yes", "no", "12", "12.5", "2 × 5", "IPX4", "", "oak; ash", "480 g", "485 g", "None", "[1, 2]", "4.5 kg"]
)
products = st.lists(
    st.dictionaries(st.sampled_from(["sleep_light", "weight", "material", "custom.Watts", "age", "é"]), texts, max_size=6),
    min_size=2, max_size=4,
)  # fmt: skip


@given(products, st.sampled_from(["en", "de", "fr", "xx", ""]))
@settings(max_examples=80)
def test_rows_differ_common_facts_are_said_by_all_and_the_most_telling_come_first(
    given_facts: list[dict[str, str]], language: str
) -> None:
    made = [
        Product(
            id=f"p{n}", title=f"Thing {n}", status="active", attributes=facts,
            variants=(Variant(id=f"v{n}", price=Money.of(5 + n, "EUR"), available=True),),
        )
        for n, facts in enumerate(given_facts)
    ]  # fmt: skip
    found = compare_products(Catalog.from_products(made), made, language=language)
    assert found.products == tuple(made)
    for rows in (found.rows, found.said_in_common):
        assert [row.telling for row in rows] == sorted((row.telling for row in rows), reverse=True)
        assert all(len(row.values) == len(made) and 0 <= row.telling <= 1 and row.label for row in rows)
    for row in found.rows:
        assert len({value for value in row.values if value is not None}) > 1
    for row in found.said_in_common:
        assert None not in row.values
    assert not {row.key for row in found.rows} & {row.key for row in found.said_in_common}


@pytest.mark.parametrize(
    ("field", "mine", "other", "way"),
    [
        ("battery_hours", "12", "20", 1), ("battery_hours", "20", "12", -1), ("charge_hours", "2.5", "4", -1),
        ("sleep_light", "no", "yes", 1), ("ip_rating", "Splashes (IPX4)", "Waterproof (IP67)", 1),
        ("ip_rating", "Indoors only", "Splashes (IPX4)", 1), ("speaker_watts", "2 × 5, stereo", "8", -1),
        ("contents", "60 capsules", "300 g", 0), ("colour", "1", "2", 0), ("rating", "4.5", "4.6", 0), ("weight", "1 kg", "2 kg", 0),
    ],
)  # fmt: skip
def test_better_is_only_what_is_so_without_doubt(field: str, mine: str, other: str, way: int) -> None:
    assert better(field, mine, other) == way


def test_thousands_are_one_figure() -> None:
    assert [str(each) for each in figures_in("1,450 g, 2 × 120, 2,5")] == ["1450", "2", "120", "2.5"]
