"""Shades by undertone and depth, and what to take for one that is gone."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.catalog import Catalog, ShadeMatch, match_shades, nearest_shade
from convagent.errors import CatalogError
from convagent.facts import Money, Product, Variant

PRODUCTS = Path(__file__).resolve().parents[2] / "knowledge" / "catalog" / "products.csv"
UNDERTONES = ("cool", "neutral", "warm")
DEPTHS = ("fair", "light", "medium", "tan", "deep")


@cache
def shop() -> Catalog:
    return Catalog.from_file(PRODUCTS)


def named(found: tuple[ShadeMatch, ...]) -> list[tuple[str | None, str]]:
    return [(each.product.handle, each.shade.name) for each in found]


def test_the_shades_that_match_are_found_in_every_product() -> None:
    found = match_shades(shop(), undertone="warm", depth="tan")
    exact = [each for each in found if each.exact]
    assert named(tuple(exact)) == [
        ("even-tempered-foundation", "Amber"), ("open-window-skin-tint", "Maple"),
        ("cloud-cover-tinted-sunscreen-spf-30", "Thunder"), ("cover-story-concealer", "Nutmeg"), ("footnote-spot-concealer", "Umber"),
    ]  # fmt: skip
    assert [variant.title for variant in exact[0].neighbours] == [
        "Hazel (tan, neutral)", "Dune (medium, warm)", "Chestnut (deep, warm)",
    ]  # fmt: skip
    assert named(found[:1]) == named(match_shades(shop(), undertone="warm", depth=4)[:1])


def test_what_a_shade_does_not_say_is_not_taken_for_right() -> None:
    lipstick = shop().product("plain-speaking-lipstick")
    assert lipstick is not None
    found = match_shades(shop(), undertone="cool", depth="deep", within=[lipstick])
    assert found
    assert not any(each.exact for each in found)


def test_a_shade_that_is_sold_out_gives_way_to_the_nearest_of_its_product() -> None:
    shell = nearest_shade(shop(), "Shell")
    assert shell is not None
    assert (shell.product.handle, shell.shade.name, shell.exact) == ("even-tempered-foundation", "Oatmeal", False)
    honeycomb = nearest_shade(shop(), "honeycomb")
    assert honeycomb is not None
    assert (honeycomb.shade.name, honeycomb.exact) == ("Amber", True)
    assert named((found,) if (found := nearest_shade(shop(), "DP-EVEN-SHE")) else ()) == [
        ("even-tempered-foundation", "Oatmeal")
    ]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("I always wear Even Tempered in Honeycomb. Is it in stock?", "Amber"),
        ("what is nearest to even tempered in shell", "Oatmeal"),
        ("Which concealer goes with the Foundation in Dune?", "Dune"),
        ("do you have the shade milk", "Milk"),
        ("I'd like a cream foundation with rice milk", None),
        ("Cream, please, for fair skin", None),
        ("My undertone is neutral and my skin is olive, so medium I think.", None),
    ],
)
def test_a_shade_is_found_in_a_customer_s_words_where_it_is_a_name_there(words: str, name: str | None) -> None:
    found = nearest_shade(shop(), words)
    assert (found.shade.name if found else None) == name


def test_a_shade_that_can_be_bought_is_itself() -> None:
    found = nearest_shade(shop(), "Milk (fair, neutral)")
    assert found is not None
    assert (found.shade.name, found.distance, found.exact) == ("Milk", 0.0, True)


def test_a_shade_of_a_product_that_is_gone_is_looked_for_in_its_kind() -> None:
    def of(number: int, name: str, *, status: str = "active", pieces: int = 3) -> Product:
        return Product(
            id=f"p{number}", title=f"Tint {number}", kind="Tint", status=status,
            variants=(
                Variant(
                    id=f"v{number}", options={"Shade": name}, price=Money.of(9, "EUR"), inventory=pieces, available=pieces > 0
                ),
            ),
        )  # fmt: skip

    catalog = Catalog.from_products([
        of(1, "Fern (tan, cool)", status="archived", pieces=0), of(2, "Moor (tan, neutral)"), of(3, "Bog (deep, warm)"),
    ])  # fmt: skip
    found = nearest_shade(catalog, "Fern")
    assert found is not None
    assert found.product.id == "p2"


def test_nothing_is_near_a_shade_that_nobody_has_and_nothing_matches_no_wish() -> None:
    assert nearest_shade(shop(), "No such shade") is None
    assert nearest_shade(shop(), "") is None
    assert match_shades(shop()) == ()
    assert match_shades(shop(), like="No such shade") == ()
    assert match_shades(shop(), undertone="cool", k=0) == ()


def test_like_is_a_shade_s_name() -> None:
    assert match_shades(shop(), like="Shell")[0].shade.name == "Blush"  # Shell itself is sold out


@pytest.mark.parametrize(
    ("wish", "code"),
    [({"undertone": "green"}, "shade-undertone"), ({"depth": "huge"}, "shade-depth"), ({"depth": 6}, "shade-depth")],
)
def test_an_undertone_or_a_depth_that_is_none_is_told(wish: dict[str, str], code: str) -> None:
    with pytest.raises(CatalogError) as told:
        match_shades(shop(), **wish)  # type: ignore[arg-type]
    assert told.value.code == code


names = st.sampled_from([
    *(f"Shade {n} ({d}, {u})" for n, (d, u) in enumerate((d, u) for d in DEPTHS for u in UNDERTONES)), "Plain", "Odd (cool)",
])  # fmt: skip


@st.composite
def catalogs(draw: st.DrawFn) -> Catalog:
    return Catalog.from_products(
        Product(
            id=f"p{n}", title=f"Tint {n}", kind="Tint", status=draw(st.sampled_from(["active", "active", "archived", "draft"])),
            variants=tuple(
                Variant(id=f"v{n}:{m}", options={"Shade": name}, price=Money.of(9, "EUR"), available=draw(st.booleans()))
                for m, name in enumerate(draw(st.lists(names, max_size=5, unique=True)))
            ),
        )
        for n in range(draw(st.integers(1, 4)))
    )  # fmt: skip


@given(catalogs(), st.sampled_from([None, *UNDERTONES]), st.sampled_from([None, *DEPTHS]), st.booleans())
@settings(max_examples=80)
def test_matches_come_by_distance_are_sold_and_in_stock_where_that_is_asked(
    catalog: Catalog, undertone: str | None, depth: str | None, in_stock_only: bool
) -> None:
    found = match_shades(catalog, undertone=undertone, depth=depth, in_stock_only=in_stock_only)  # type: ignore[arg-type]
    assert [each.distance for each in found] == sorted(each.distance for each in found)
    for each in found:
        assert each.product.status == "active"
        assert each.variant.available or not in_stock_only
        assert each.variant not in each.neighbours
        assert all(other.available or not in_stock_only for other in each.neighbours)
        assert not each.exact or each.distance == 0
        if each.exact:
            assert undertone in {None, each.shade.undertone}
            assert depth is None or DEPTHS[(each.shade.depth or 0) - 1] == depth


@given(catalogs(), names)
@settings(max_examples=80)
def test_the_nearest_of_a_shade_can_be_bought(catalog: Catalog, name: str) -> None:
    found = nearest_shade(catalog, name)
    if found is not None:
        assert found.variant.available is True
        assert found.product.status == "active"
