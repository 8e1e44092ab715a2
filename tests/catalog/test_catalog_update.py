"""A catalog that changes while it is open says what one would that is read anew."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convagent import Agent
from convagent.catalog import Catalog, CatalogUpdate, contents, store
from convagent.catalog import segment as segment_module
from convagent.errors import CatalogError
from convagent.facts import Money, Product, Variant

KINDS = ("jacket", "teapot", "lamp", "jumper", "bench")
QUERIES = (
    "moss jacket",
    "jacket under 50",
    "lamp in stock",
    "sku-3-0",
    "jumper in size M",
    "the seven teapot",
    "bench",
)


def made(
    number: int, *, kind: str = "jacket", price: int = 40, pieces: int | None = 3, title: str | None = None
) -> Product:
    words = "zero one two three four five six seven eight nine ten eleven".split()
    return Product(
        id=f"p{number}",
        handle=f"p{number}",
        title=title or f"The {words[number % 12]} {kind}",
        kind=kind.title(),
        status="active",
        variants=tuple(
            Variant(
                id=f"p{number}:{size}", sku=f"SKU-{number}-{place}", options={"Colour": "Moss", "Size": size},
                price=Money.of(price, "EUR"), inventory=pieces, available=pieces is None or pieces > 0,
            )
            for place, size in enumerate(("M", "L"))
        ),
    )  # fmt: skip


def answers(catalog: Catalog, *, ranked: bool = True) -> dict[str, Any]:
    """What a catalog says; in what order, where `ranked`."""
    out: dict[str, Any] = {}
    for query in QUERIES:
        hits = [(hit.product, hit.variant.sku if hit.variant else None) for hit in catalog.search(query, 50)]
        out[query] = hits if ranked else sorted(hits, key=lambda hit: hit[0].id)
    for number in range(12):
        out[f"product {number}"] = catalog.product(f"p{number}")
        out[f"variant {number}"] = catalog.variant(f"sku-{number}-1")
    out["length"], out["stamp"] = len(catalog), catalog.stamp
    return out


@pytest.fixture(params=["small", "packed"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Whether products are kept whole, or packed as in large catalogs."""
    if request.param == "packed":
        for module in (store, segment_module, contents):
            monkeypatch.setattr(module, "KEPT_WHOLE", 2)
        monkeypatch.setattr(contents, "_MOST_BESIDE", 4)
    return str(request.param)


def test_stock_and_prices_are_set_where_they_are(size: str) -> None:
    catalog = Catalog.from_products(made(number) for number in range(6))
    before = catalog.stamp
    assert catalog.search("the three jacket")[0].product.id == "p3"
    told = catalog.update(
        stock={"SKU-3-0": 0, "SKU-3-1": 0, "SKU-4-0": None, "gone": 5}, prices={"SKU-5-0": Money.of(10, "EUR")}
    )
    assert told == CatalogUpdate(offers=("p3", "p4", "p5"), unknown=("gone",))
    assert "p3" not in [hit.product.id for hit in catalog.search("jacket", 20)]
    assert [hit.product.id for hit in catalog.search("jacket under 20")] == ["p5"]
    assert catalog.variant("SKU-4-0") is not None
    assert catalog.variant("SKU-4-0").inventory is None  # type: ignore[union-attr]
    assert catalog.stamp != before
    catalog.update(stock={"SKU-3-0": 1})
    assert "p3" in [hit.product.id for hit in catalog.search("jacket", 20)]


def test_what_is_sold_without_stock_stays_on_sale(size: str) -> None:
    product = made(1)
    going_on = product.model_copy(
        update={"variants": tuple(v.model_copy(update={"inventory_policy": "continue"}) for v in product.variants)}
    )
    catalog = Catalog.from_products([going_on, made(2), made(3), made(4)])
    catalog.update(stock={"SKU-1-0": 0, "SKU-2-0": 0})
    assert catalog.variant("SKU-1-0").available  # type: ignore[union-attr]
    assert not catalog.variant("SKU-2-0").available  # type: ignore[union-attr]


def test_each_product_is_told_for_what_became_of_it(size: str) -> None:
    catalog = Catalog.from_products(made(number) for number in range(6))
    told = catalog.update(
        [made(0), made(1, title="The Brass Lantern", kind="lamp"), made(2, pieces=0), made(9, kind="bench")],
        removed=["p3", "SKU-4-1", "nobody"],
    )
    assert told == CatalogUpdate(
        added=("p9",), changed=("p1",), offers=("p2",), unchanged=("p0",), removed=("p3", "p4"), unknown=("nobody",)
    )
    assert [hit.product.id for hit in catalog.search("brass lantern")] == ["p1"]
    assert [hit.product.id for hit in catalog.search("bench")] == ["p9"]
    assert catalog.product("p3") is None
    assert catalog.variant("SKU-4-0") is None
    assert {product.id for product in catalog.products} == {"p0", "p1", "p2", "p5", "p9"}


def test_a_price_in_a_new_currency_is_found_by_it(size: str) -> None:
    catalog = Catalog.from_products(made(number) for number in range(4))
    catalog.update(prices={"SKU-2-0": Money.of(15, "USD")})
    assert [hit.product.id for hit in catalog.search("jacket under 20 USD")] == ["p2"]


@pytest.mark.parametrize("twice", [[made(8), made(8)], [made(8), made(9).model_copy(update={"handle": "p8"})]])
def test_one_product_given_twice_changes_nothing(size: str, twice: list[Product]) -> None:
    catalog = Catalog.from_products(made(number) for number in range(4))
    before = answers(catalog)
    with pytest.raises(CatalogError) as raised:
        catalog.update(twice, removed=["p1"])
    assert raised.value.code == "update-twice"
    assert answers(catalog) == before


def test_a_handle_that_is_anothers_is_refused(size: str) -> None:
    catalog = Catalog.from_products(made(number) for number in range(4))
    with pytest.raises(CatalogError, match="handle 'p1' belongs to the product 'p1'"):
        catalog.update([made(8).model_copy(update={"handle": "p1"})])


CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("product"), st.integers(0, 11), st.sampled_from(KINDS), st.sampled_from((20, 40, 60)),
                  st.sampled_from((0, 3))),
        st.tuples(st.just("remove"), st.integers(0, 11)),
        st.tuples(st.just("stock"), st.integers(0, 11), st.sampled_from((0, 1, 2))),
        st.tuples(st.just("price"), st.integers(0, 11), st.sampled_from((10, 45, 70))),
    ),
    max_size=8,
)  # fmt: skip


@given(st.integers(0, 6), CHANGES)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_any_changes_it_answers_like_one_read_anew(size: str, begun: int, changes: list[Any]) -> None:
    catalog = Catalog.from_products(made(number) for number in range(begun))
    answers(catalog)
    held = {f"p{number}": made(number) for number in range(begun)}
    for kind, number, *rest in changes:
        own = f"p{number}"
        if kind == "product":
            product = made(number, kind=rest[0], price=rest[1], pieces=rest[2])
            catalog.update([product])
            held[own] = product
        elif kind == "remove":
            told = catalog.update(removed=[own])
            assert (told.removed == (own,)) == (held.pop(own, None) is not None)
        else:
            sku, change = f"SKU-{number}-0", rest[0]
            options: dict[str, Any] = (
                {"stock": {sku: change}} if kind == "stock" else {"prices": {sku: Money.of(change, "EUR")}}
            )
            told = catalog.update(**options)
            assert (sku in told.unknown) == (own not in held)
            if own in held:
                first, *others = held[own].variants
                update = (
                    {"inventory": change, "available": change > 0}
                    if kind == "stock"
                    else {"price": Money.of(change, "EUR")}
                )
                held[own] = held[own].model_copy(update={"variants": (first.model_copy(update=update), *others)})
    fresh = Catalog.from_products(held.values())
    assert answers(catalog, ranked=False) == answers(fresh, ranked=False)
    assert sorted(product.id for product in catalog.products) == sorted(held)


def test_searches_go_on_while_it_changes(size: str) -> None:
    catalog = Catalog.from_products(made(number) for number in range(8))
    stop = threading.Event()
    faults: list[object] = []

    def look() -> None:
        while not stop.is_set():
            hits = catalog.search("jacket", 20)
            faults.extend(hit.product.id for hit in hits if hit.variant is None or not hit.variant.available)
            if "p0" not in [hit.product.id for hit in hits]:
                faults.append(hits)

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for turn in range(30):
        catalog.update(stock={"SKU-1-0": turn % 2, "SKU-1-1": turn % 2})
        catalog.update([made(2, title=f"The jacket of turn {turn}")])
    stop.set()
    for thread in threads:
        thread.join()
    assert faults == []


def test_titles_are_those_of_the_products(size: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("convagent.catalog.title_column._BLOCK", 3)
    catalog = Catalog.from_products(made(number) for number in range(8))
    odd = made(9, title="Tschüß \ud800 \x00 'quoted'")
    catalog.update([made(2, title="Another"), odd], removed=["p4"], stock={"SKU-3-0": 0})
    told = dict(catalog.titles())
    assert told == {product.id: product.title for product in catalog.products}
    assert told["p9"] == odd.title
    assert "p4" not in told


def test_products_stand_in_their_order_however_many_segments_hold_them(size: str) -> None:
    catalog = Catalog.from_products(made(number) for number in range(7))
    catalog.update([made(8), made(2, title="Another")], removed=["p4"])
    products = catalog.products
    told = list(products)
    assert len(products) == len(told) == 7
    assert {product.id for product in told} == {"p0", "p1", "p2", "p3", "p5", "p6", "p8"}
    assert [products[place] for place in range(7)] == told
    assert [products[-place] for place in range(1, 8)] == told[::-1]
    assert list(products[2:20:2]) == told[2:20:2]
    for place in (7, -8):
        with pytest.raises(IndexError):
            products[place]


@pytest.mark.parametrize("stamped", [False, True])
def test_the_stamp_is_the_same_whenever_it_is_reckoned(size: str, stamped: bool, tmp_path: Path) -> None:
    file = tmp_path / "products.jsonl"
    file.write_text("".join(f"{made(number).model_dump_json()}\n" for number in range(6)), encoding="utf-8")
    catalog = Catalog.from_file(file, url_prefix="https://shop.example/products", stamped=stamped)
    catalog.update([made(9)], removed=["p1"], stock={"SKU-3-0": 0})
    again = Catalog.from_products(reversed(catalog.products))
    assert catalog.stamp == again.stamp
    catalog.update(stock={"SKU-3-0": 3})
    assert catalog.stamp != again.stamp


def test_a_turn_that_never_comes_to_the_products_reads_none(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    for module in (store, segment_module, contents):
        monkeypatch.setattr(module, "KEPT_WHOLE", 50)
    with Agent.open(root, storage="memory:") as agent:
        assert agent.shop.catalog is not None
        held = agent.shop.catalog._contents
        agent.reply("What are your opening hours?", conversation="a")
        agent.reply("Where is my order?", conversation="b")
        assert held._listed is None
        agent.reply("what is the Harbour Jacket made of?", conversation="c")
        assert held._listed is not None


def test_guidance_has_all_products_of_a_large_catalog(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    for module in (store, segment_module, contents):
        monkeypatch.setattr(module, "KEPT_WHOLE", 50)
    with Agent.open(root, storage="memory:") as agent:
        assert agent.shop.catalog is not None
        assert not isinstance(agent.shop.catalog.products, tuple)
        turn = agent.reply("what is the Harbour Jacket made of?", conversation="c")
        assert turn.reply is not None
        assert "100% organic cotton" in turn.reply.text
        before = agent.shop.catalog.listed()
        assert agent.shop.catalog.listed() is before
        agent.shop.catalog.update(stock={"WW-HARB-MOS-M": 0})
        after = {product.id: product for product in agent.shop.catalog.listed()}
        assert [v.available for v in after["the-harbour-jacket"].variants if v.sku == "WW-HARB-MOS-M"] == [False]
