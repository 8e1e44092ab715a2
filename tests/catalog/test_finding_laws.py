"""Laws of finding, over random catalogs and wishes: nothing sold out and nothing that breaks a demand is ever found."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.catalog import Catalog
from convagent.catalog.attributes import ProductAttributes, read_attributes
from convagent.catalog.colours import colours_in
from convagent.catalog.hits import ProductHit
from convagent.catalog.sizes import same_size
from convagent.catalog.wishes import SAFETY, Bound, Wish
from convagent.facts import Money, Product, Variant

pytestmark = pytest.mark.hypothesis

WOOLLEN = {"wool", "merino wool", "cashmere", "alpaca", "mohair"}
TITLES = (
    "Harbour Jacket",
    "Night Cream",
    "Oak Desk",
    "Wool Socks",
    "Pip Lamp",
    "Protein Powder",
    "Children's Bed",
    "Rain Coat",
)
KINDS = ("Jacket", "Night cream", "Desk", "Socks", "Lamp", "Protein", "Bed", "Coat")
MATERIALS = (None, "100% wool", "cotton; lining 100% merino wool", "oak", "80% cotton, 20% cashmere", "gibberish")
ALLERGENS = (
    None, "None of the 14 declarable allergens", "Contains milk", "Contains soya; may contain traces of nuts", "ask us",
    "No nuts", "None of the 14; made where milk is handled",
)  # fmt: skip
AGES = (
    None,
    "From 3 years",
    "2 to 7 years",
    "Sold to adults of 18 and over",
    "From 6 months",
    "Upper bed from 6 years, lower from 3 years",
)
DIMENSIONS = (None, "W 60 × D 40 × H 35 cm", "60 × 40 × 35 cm", "80 cm across, 48 cm high", "45 or 60 cm wide")
TEXTS = (
    "",
    "With shea butter.",
    "Free of shea.",
    "No shea, no fuss.",
    "Shea-free and kind.",
    "Made with beeswax, shea and oil.",
)
AUDIENCES = (None, "women", "men; women", "children")
COLOURS = ("Black", "Moss", "Navy/White", "Red")
SIZES = ("S", "M", "XL", "38")


@st.composite
def products(draw: st.DrawFn, number: int) -> Product:
    at = draw(st.integers(0, len(TITLES) - 1))
    attributes = {
        name: value
        for name, pool in (
            ("material", MATERIALS),
            ("allergens", ALLERGENS),
            ("age", AGES),
            ("dimensions", DIMENSIONS),
            ("audience", AUDIENCES),
        )
        if (value := draw(st.sampled_from(pool))) is not None
    }
    variants = tuple(
        Variant(
            id=f"{number}:{place}",
            sku=f"S{number}-{place}",
            price=Money(
                minor=draw(st.sampled_from((900, 2_999, 5_000, 15_000))),
                currency=draw(st.sampled_from(("EUR", "EUR", "USD"))),
            ),
            options={"Colour": draw(st.sampled_from(COLOURS)), "Size": draw(st.sampled_from(SIZES))},
            available=draw(st.booleans()),
        )
        for place in range(draw(st.integers(1, 3)))
    )
    return Product(
        id=f"p{number}", handle=f"p{number}", title=f"{TITLES[at]} {number}", kind=draw(st.sampled_from((KINDS[at], None))),
        description=draw(st.sampled_from(TEXTS)), status=draw(st.sampled_from(("active", "active", "archived"))),
        attributes=attributes, options=("Colour", "Size"), variants=variants,
        tags=draw(st.sampled_from(((), ("wool",), ("women", "gift"), ("waterproof",)))),
    )  # fmt: skip


@st.composite
def catalogs(draw: st.DrawFn) -> Catalog:
    return Catalog.from_products([draw(products(number)) for number in range(draw(st.integers(1, 12)))])


def _some(*values: object) -> st.SearchStrategy[tuple[object, ...]]:
    return st.one_of(st.just(()), st.tuples(st.sampled_from(values)))


WISHES = st.builds(
    Wish,
    text=st.sampled_from(("", "jacket", "warm wool socks", "night cream", "bed for a child", "gift")),
    at_least=st.sampled_from((None, None, Money(minor=1_000, currency="EUR"))),
    at_most=st.sampled_from((None, Money(minor=3_000, currency="EUR"), Money(minor=20_000, currency="EUR"))),
    sizes=_some("M", "XL", "EU 38"),
    colours=_some("black", "moss", "green"),
    without_colours=_some("black", "blue"),
    materials=_some("wool", "oak"),
    without_materials=_some("wool"),
    without_allergens=_some("nuts", "milk"),
    without=_some("shea"),
    without_kinds=_some("lamp", "bed"),
    allergic=st.booleans(),
    ages=_some(24, 48, 400),
    bounds=_some(Bound("width", at_most=Decimal(50)), Bound("height", at_least=Decimal(40)), Bound("any side", at_most=Decimal(60))),
    in_stock=st.booleans(),
    kinds=_some("jacket", "bed", "lamp"),
    audience=_some("women", "children"),
)  # fmt: skip


def _meets(hit: ProductHit, wish: Wish, *, in_stock_only: bool) -> None:
    """What the product's own words say against what was demanded, without the columns that found it."""
    product, variant = hit.product, hit.variant
    assert variant is not None
    if in_stock_only:
        assert product.status == "active"
    if in_stock_only or wish.in_stock:
        assert variant.available
    if wish.at_least is not None:
        assert variant.price.currency == wish.at_least.currency
        assert variant.price >= wish.at_least
    if wish.at_most is not None:
        assert variant.price.currency == wish.at_most.currency
        assert variant.price <= wish.at_most
    if wish.sizes:
        assert any(same_size(size, variant.options["Size"]) for size in wish.sizes)
    colours = colours_in(variant.options["Colour"])
    assert not wish.colours or colours & set(wish.colours)
    assert not colours & set(wish.without_colours)
    read = read_attributes(product)
    materials = {each.name for each in read.materials}
    if "wool" in wish.without_materials:
        assert not materials & WOOLLEN
        assert "wool" not in product.tags
        assert "Wool" not in product.title
    if "wool" in wish.materials:
        assert materials & WOOLLEN or "wool" in product.tags
    if "oak" in wish.materials:
        assert "oak" in materials
    assert all(read.allergens.of(each) == "not declared" for each in wish.without_allergens)
    if "shea" in wish.without:
        assert product.description not in {"With shea butter.", "Made with beeswax, shea and oil."}
    assert not {(product.kind or "").casefold(), product.title.casefold().rsplit(" ", 1)[0]} & set(wish.without_kinds)
    for age in wish.ages:
        _fits(read, age)
    for measure in wish.bounds:
        _measures(product, measure)


def _fits(read: ProductAttributes, age: int) -> None:
    assert all((each.low or 0) <= age for each in read.ages)
    highs = [each.high for each in read.ages]
    if highs and None not in highs:
        assert age < max(high for high in highs if high is not None) + 12
    if age < 156:
        assert not read.audience or not read.audience <= {"women", "men", "adults"}


def _measures(product: Product, bound: Bound) -> None:
    said = product.attributes["dimensions"]
    allowed = {
        ("width", "most"): {"45 or 60 cm wide"},
        ("height", "least"): {"80 cm across, 48 cm high"},
        ("any side", "most"): {"W 60 × D 40 × H 35 cm", "60 × 40 × 35 cm", "45 or 60 cm wide"},
    }
    assert said in allowed[bound.of, "most" if bound.at_most is not None else "least"]


@settings(max_examples=150, deadline=None)
@given(catalog=catalogs(), wish=WISHES, in_stock_only=st.booleans())
def test_nothing_sold_out_and_nothing_that_breaks_a_demand_is_found(
    catalog: Catalog, wish: Wish, in_stock_only: bool
) -> None:
    found = catalog.find(wish, in_stock_only=in_stock_only)
    for hit in found.hits:
        _meets(hit, wish, in_stock_only=in_stock_only)
    for relaxation in found.relaxed:
        assert relaxation.constraint not in SAFETY
        assert not (wish.allergic and relaxation.constraint in {"without", "without_materials"})
        assert relaxation.hits
        for hit in relaxation.hits:
            _meets(hit, wish.without_demand(relaxation.constraint), in_stock_only=in_stock_only)
    assert not (found.hits and found.relaxed and not found.wish.named)


WORDS = st.sampled_from((
    ("jacket under 30", Wish(at_most=Money(minor=2_999, currency="EUR"))),
    ("cream without nuts", Wish(without_allergens=("nuts",))),
    ("socks, no wool please", Wish(without_materials=("wool",))),
    ("something for a four-year-old", Wish(ages=(48,))),
    ("Bett für ein Kind von 2 Jahren, nicht schwarz", Wish(ages=(24,), without_colours=("black",))),
    ("crème sans beurre de karité ni lait", Wish(without_allergens=("milk",))),
    ("night cream without shea in size M", Wish(without=("shea",), sizes=("M",))),
    ("desk at most 50 cm wide", Wish(bounds=(Bound("width", at_most=Decimal(50)),))),
    ("moss jacket in XL", Wish(sizes=("XL",))),
    ("I'm allergic to milk. protein powder in black", Wish(without_allergens=("milk",), colours=("black",))),
))  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(catalog=catalogs(), asked=WORDS)
def test_what_words_demand_holds_for_every_hit(catalog: Catalog, asked: tuple[str, Wish]) -> None:
    text, wish = asked
    for hit in (*catalog.search(text), *catalog.find(text).hits):
        _meets(hit, wish, in_stock_only=True)


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=80))
def test_any_words_are_read(text: str) -> None:
    wish = SMALL.read_wish(text)
    assert wish == SMALL.read_wish(text)
    found = SMALL.find(text)
    assert all(hit.variant is not None and hit.variant.available for hit in found.hits)


SMALL = Catalog.from_products(
    [
        Product(
            id="a",
            title="Oak Desk",
            kind="Desk",
            status="active",
            variants=(Variant(id="a:1", price=Money.of(10, "EUR"), available=True),),
        )
    ]
)
