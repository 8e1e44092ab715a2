"""Products beside a product: what goes with it, what can stand in for it, what is better, what came after it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.catalog import Catalog, low_stock, successor_of, variants_left
from convagent.catalog.knowing import RELATED_KINDS, bought_with, candidates, nearest_variant
from convagent.catalog.knowing.links import linked
from convagent.errors import CatalogError
from convagent.facts import Money, Product, Variant

PRODUCTS = Path(__file__).resolve().parents[2] / "knowledge" / "catalog" / "products.csv"


@cache
def shop() -> Catalog:
    return Catalog.from_file(PRODUCTS)


def handles(found: object) -> list[str | None]:
    return [each.product.handle for each in found]  # type: ignore[attr-defined]


def product_of(handle: str) -> Product:
    found = shop().product(handle)
    assert found is not None
    return found


def made(
    number: int,
    *,
    kind: str = "Lamp",
    price: int = 40,
    pieces: int | None = 3,
    status: str = "active",
    attributes: dict[str, object] | None = None,
    tags: tuple[str, ...] = (),
    extra: dict[str, object] | None = None,
) -> Product:
    return Product(
        id=f"p{number}", handle=f"h{number}", title=f"The {kind} {number}", kind=kind, category=f"Home > {kind}s", status=status,
        tags=tags, attributes=attributes or {},
        variants=tuple(
            Variant(
                id=f"p{number}:{size}", sku=f"S{number}-{size}", options={"Size": size}, price=Money.of(price, "EUR"),
                inventory=pieces, available=pieces is None or pieces > 0, **(extra or {}),
            )
            for size in ("M", "L")
        ),
    )  # fmt: skip


@st.composite
def catalogs(draw: st.DrawFn) -> Catalog:
    names = [f"h{n}" for n in range(8)] + [f"S{n}-M" for n in range(8)] + ["nobody"]
    links = st.lists(st.sampled_from(names), max_size=4).map("; ".join)
    fields = st.dictionaries(
        st.sampled_from(["complements", "successor", "upgrade", "alternatives", "parts"]), links, max_size=4
    )
    products = [
        made(
            number,
            kind=draw(st.sampled_from(["Lamp", "Shade", "Vitamin"])),
            price=draw(st.integers(1, 200)),
            pieces=draw(st.sampled_from([0, 0, 1, 5, None])),
            status=draw(st.sampled_from(["active", "active", "active", "archived", "draft"])),
            attributes={
                **draw(fields),
                **draw(
                    st.dictionaries(
                        st.sampled_from(["battery_hours", "rating", "wireless"]),
                        st.sampled_from(["yes", "no", "4", "9"]),
                    )
                ),
            },
            tags=tuple(draw(st.lists(st.sampled_from(["small", "oak", "gift", "kitchen"]), unique=True))),
        )
        for number in range(draw(st.integers(1, 8)))
    ]
    return Catalog.from_products(products)


baskets = st.lists(st.frozensets(st.sampled_from([f"p{n}" for n in range(8)]), max_size=4), max_size=30)


# ---- laws
@given(catalogs(), st.sampled_from(RELATED_KINDS), st.integers(1, 6), baskets)
@settings(max_examples=60)
def test_nothing_that_is_sold_out_or_not_sold_and_never_the_product_itself_is_related(
    catalog: Catalog, kind: str, k: int, purchases: list[frozenset[str]]
) -> None:
    for product in catalog.products:
        found = catalog.related(product.id, kind, k, purchases=purchases)  # type: ignore[arg-type]
        assert len(found) <= k
        assert len({each.product.id for each in found}) == len(found)
        assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
        for each in found:
            assert each.product.id != product.id
            assert each.product.status == "active"
            assert each.variant in each.product.variants
            assert each.variant.available is True
            assert 0 <= each.score <= 1
            assert each.reasons
        assert found == catalog.related(product.id, kind, k, purchases=purchases)  # type: ignore[arg-type]


@given(catalogs())
@settings(max_examples=60)
def test_a_successor_is_sold_and_never_the_product_itself(catalog: Catalog) -> None:
    for product in catalog.products:
        found = successor_of(catalog, product)
        if found is not None:
            assert found.product.id != product.id
            assert found.product.status == "active"
            assert found.said or (product.status != "active" and variants_left(found.product))


@given(baskets, st.integers(1, 5))
def test_what_is_bought_together_is_so_more_often_than_by_chance(purchases: list[frozenset[str]], least: int) -> None:
    for found in bought_with("p0", purchases, min_baskets=least):
        with_both = [each for each in purchases if {"p0", found.product_id} <= each]
        assert found.product_id != "p0"
        assert found.together == len(with_both) >= least
        assert found.lift > 1
        assert 0 < found.cosine <= 1


# ---- complements
def test_a_link_comes_first_then_what_links_to_it_then_what_works_with_it() -> None:
    found = shop().related("pip-one", k=10)
    assert handles(found)[:3] == ["pip-carry-loop", "pip-travel-case", "pip-paper-hat"]
    assert "pip-hook" in handles(found)
    assert {each.by for each in found} == {"link"}
    assert found[0].reasons == ("complements: pip-carry-loop",)


def test_what_is_in_the_box_already_comes_last_and_says_so() -> None:
    found = shop().related("pip-one-plus", k=10)
    plate = next(each for each in found if each.product.handle == "pip-plate")
    assert found[-1] == plate
    assert plate.reasons[-1] == "in_the_box: Pip Plate"


def test_what_was_bought_together_is_taken_where_nothing_is_linked() -> None:
    catalog = Catalog.from_products(
        made(number, kind=kind) for number, kind in enumerate(["Lamp", "Rug", "Vase", "Mug"])
    )
    orders = [{"p0", "p1"}] * 4 + [{"p0", "p2"}] * 2 + [{"p2"}, {"p3"}, {"p3"}]
    found = catalog.related("p0", purchases=orders)
    assert [(each.product.id, each.by) for each in found] == [("p1", "purchases")]
    assert found[0].reasons == ("bought_together: 4 of 6",)
    assert catalog.related("p0") == ()


def test_what_everybody_buys_anyway_goes_with_nothing() -> None:
    orders = [{"p0", "bag"}] * 5 + [{"p1", "bag"}] * 5
    assert bought_with("p0", orders) == ()


def test_shared_tags_are_the_last_resort_and_must_tell_something() -> None:
    found = shop().related("roughly-ten-clock")
    assert found
    assert {each.by for each in found} == {"attributes"}
    assert shop().related("wrenfold-gift-card") == ()


def test_what_is_taken_like_a_medicine_goes_with_nothing_that_nobody_linked() -> None:
    assert shop().related("brightroot-small-zinc") == ()
    assert shop().related("brightroot-small-zinc", "alternative") == ()
    assert handles(shop().related("brightroot-everyday-many", "alternative")) == ["brightroot-chewable-many"]


def test_a_link_to_what_is_not_made_any_more_leads_to_its_successor() -> None:
    catalog = Catalog.from_products([
        made(0, attributes={"complements": "h1"}), made(1, kind="Rug", status="archived", attributes={"successor": "h2"}),
        made(2, kind="Rug"),
    ])  # fmt: skip
    assert [each.product.id for each in catalog.related("p0")] == ["p2"]


# ---- alternatives and upgrades
def test_an_alternative_is_of_the_same_kind_and_for_the_same_people() -> None:
    assert "the-little-harbour-jacket" not in handles(shop().related("the-harbour-jacket", "alternative", 10))
    assert handles(shop().related("the-rehearsal-slip-dress", "alternative", 10)) == [
        "the-second-glance-dress", "the-deadline-dress", "the-picnic-clause-dress", "the-uninvited-aunt-dress",
    ]  # fmt: skip
    assert handles(shop().related("the-lamplighter-pea-coat", "alternative"))[0] == "the-ferryman-parka"


def test_a_remover_is_no_alternative_to_a_polish_though_the_shop_s_types_say_so() -> None:
    assert shop().related("wet-paint-nail-colour", "alternative") == ()


def test_an_alternative_fits_what_the_accessory_fits() -> None:
    assert handles(shop().related("pip-tripod", "alternative"))[0] == "pip-hook"
    assert "pip-duo-dock" not in handles(shop().related("pip-plate", "alternative"))


def test_an_upgrade_is_dearer_and_says_what_is_better() -> None:
    found = {each.product.handle: each for each in shop().related("pip-one", "upgrade")}
    assert list(found) == ["pip-one-s", "pip-one-plus"]
    assert "sleep_light: yes (no)" in found["pip-one-s"].reasons
    assert "battery_hours: 20 (12)" in found["pip-one-plus"].reasons
    assert shop().related("pip-max", "upgrade") == ()


def test_a_better_rating_alone_makes_no_upgrade() -> None:
    catalog = Catalog.from_products(
        [
            made(0, attributes={"rating": "3.1"}, tags=("small",)),
            made(1, price=50, attributes={"rating": "4.9"}, tags=("small",)),
        ]
    )
    assert catalog.related("p0", "upgrade") == ()


def test_what_is_larger_is_an_upgrade_where_it_is_called_the_same() -> None:
    assert handles(shop().related("the-small-oath-board", "upgrade")) == ["kitchen-oath-board"]
    assert shop().related("good-linen-napkins", "upgrade") == ()


# ---- names, sizes, errors
def test_by_a_sku_the_variant_of_the_same_size_is_offered() -> None:
    catalog = Catalog.from_products([made(0, tags=("small",)), made(1, tags=("small",))])
    (by_sku,) = catalog.related("S0-L", "alternative")
    assert by_sku.variant.options == {"Size": "L"}
    assert nearest_variant(made(1, pieces=0), {"Size": "L"}) is None


def test_nothing_is_beside_a_product_that_nobody_knows() -> None:
    assert shop().related("no-such-thing") == ()


@pytest.mark.parametrize(("kind", "k", "code"), [("complement", 0, "related-k"), ("sibling", 3, "related-kind")])
def test_a_question_that_makes_no_sense_is_told(kind: str, k: int, code: str) -> None:
    with pytest.raises(CatalogError) as told:
        shop().related("pip-one", kind, k)  # type: ignore[arg-type]
    assert told.value.code == code
    assert told.value.remedy


def test_a_large_catalog_is_searched_for_what_comes_into_question(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = handles(shop().related("pip-one", "alternative", 4))
    monkeypatch.setattr(candidates, "LOOKED_THROUGH", 10)
    assert handles(shop().related("pip-one", "alternative", 4)) == whole
    assert handles(shop().related("pip-one"))[:2] == ["pip-carry-loop", "pip-travel-case"]


def test_links_are_read_as_shops_write_them() -> None:
    catalog = Catalog.from_products([
        made(0, attributes={"custom.Goes with": '["h1", {"sku": "S2-M", "quantity": 2}]', "parts": "2 × h3\nh1; h0; nobody"}),
        made(1), made(2), made(3),
    ])  # fmt: skip
    product = catalog.product("p0")
    assert product is not None
    assert [(each.product.id, each.times) for each in linked(catalog, product, "complement")] == [("p1", 1), ("p2", 2)]
    assert [(each.product.id, each.times) for each in linked(catalog, product, "part")] == [("p3", 2), ("p1", 1)]
    for broken in ('["h1"', '{"sku": 3}', "[[[[", "", "; ;"):
        assert linked(catalog, made(4, attributes={"complements": broken}), "complement") == ()


# ---- successors
def test_the_successor_that_the_shop_names_is_said() -> None:
    found = successor_of(shop(), product_of("the-quay-jacket"))
    assert found is not None
    assert (found.product.handle, found.said) == ("the-harbour-jacket", True)


def test_without_one_the_nearest_is_flagged_as_only_that() -> None:
    found = successor_of(shop(), product_of("the-last-bus-dress"))
    assert found is not None
    assert (found.product.handle, found.said) == ("the-second-glance-dress", False)
    assert "Type: Dress" in found.reasons


def test_what_is_sold_has_no_successor() -> None:
    assert successor_of(shop(), product_of("pip-one")) is None
    assert successor_of(shop(), product_of("the-rehearsal-slip-dress")) is None


def test_successors_are_followed_and_circles_end() -> None:
    old = {"status": "archived"}
    catalog = Catalog.from_products([
        made(0, attributes={"successor": "h1"}, **old), made(1, attributes={"successor": "h2"}, **old), made(2, kind="Rug"),  # type: ignore[arg-type]
        made(3, kind="Mug", attributes={"replaced_by": "h4"}, **old), made(4, kind="Mug", attributes={"replaced_by": "h3"}, **old),  # type: ignore[arg-type]
    ])  # fmt: skip
    first, third = catalog.product("p0"), catalog.product("p3")
    assert first is not None
    assert third is not None
    found = successor_of(catalog, first)
    assert found is not None
    assert found.product.id == "p2"
    assert successor_of(catalog, third) is None


# ---- stock
@pytest.mark.parametrize(
    ("pieces", "threshold", "left"),
    [(1, 3, 1), (3, 3, 3), (4, 3, None), (0, 3, None), (None, 3, None), (9, 10, 9), (-2, 3, None)],
)
def test_few_pieces_are_said_only_where_they_are_counted_and_few(
    pieces: int | None, threshold: int, left: int | None
) -> None:
    assert low_stock(made(0, pieces=pieces).variants[0], threshold) == left


def test_what_is_sold_on_when_it_is_gone_is_never_scarce() -> None:
    assert low_stock(made(0, pieces=1, extra={"inventory_policy": "continue"}).variants[0]) is None


def test_what_is_left_are_the_variants_of_a_product_that_is_sold() -> None:
    assert variants_left(made(0, status="archived")) == ()
    assert variants_left(made(0, pieces=0)) == ()
    unknown = made(0).model_copy(update={"variants": (Variant(id="v", price=Money.of(1, "EUR")),)})
    assert variants_left(unknown) == ()
    shades = variants_left(product_of("even-tempered-foundation"))
    assert len(shades) == 16
    assert [low_stock(each) for each in shades if low_stock(each)] == [1, 2]
