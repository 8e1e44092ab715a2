"""Which variant is offered."""

from __future__ import annotations

import pytest

from convagent.catalog import Constraints
from convagent.catalog.choosing import choose_variant, meets
from convagent.catalog.colours import colours_in
from convagent.catalog.sizes import same_size
from convagent.facts import Money, Product, Variant


def variant(sku: str, price: str = "50", *, available: bool = True, **options: str) -> Variant:
    return Variant(id=sku, sku=sku, price=Money.of(price, "EUR"), available=available, options=options)


JUMPER = Product(
    id="jumper",
    title="The Jumper",
    status="active",
    options=("Colour", "Size"),
    variants=(
        variant("K-S", "50", available=False, Colour="Black", Size="S"),
        variant("K-M", "55", Colour="Black", Size="M"),
        variant("M-M", "60", Colour="Moss", Size="M"),
        variant("N-L", "65", Colour="Navy/White", Size="EU 38"),
    ),
)


@pytest.mark.parametrize(
    ("constraints", "sku"),
    [
        (Constraints(), "K-M"),
        (Constraints(at_most=Money.of("50", "EUR")), None),
        (Constraints(at_least=Money.of("56", "EUR"), at_most=Money.of("64", "EUR")), "M-M"),
        (Constraints(at_most=Money.of("100", "USD")), None),
        (Constraints(colours=("green",)), "M-M"),
        (Constraints(colours=("white",)), "N-L"),
        (Constraints(without_colours=("black",)), "M-M"),
        (Constraints(without_colours=("black", "moss", "blue")), None),
        (Constraints(sizes=("medium",)), "K-M"),
        (Constraints(sizes=("38",)), "N-L"),
        (Constraints(sizes=("S",)), None),
        (Constraints(sizes=("S", "M"), colours=("moss", "red")), "M-M"),
    ],
)
def test_a_variant_meets_everything_that_is_demanded(constraints: Constraints, sku: str | None) -> None:
    chosen = choose_variant(JUMPER, constraints, only_buyable=True)
    assert (chosen.sku if chosen else None) == sku


def test_what_is_sold_out_is_offered_only_where_it_may() -> None:
    small = Constraints(sizes=("S",))
    chosen = choose_variant(JUMPER, small, only_buyable=False)
    assert chosen is not None
    assert chosen.sku == "K-S"
    assert choose_variant(JUMPER, Constraints(sizes=("S",), in_stock=True), only_buyable=False) is None
    draft = JUMPER.model_copy(update={"status": "draft"})
    assert choose_variant(draft, Constraints(), only_buyable=True) is None


def test_the_variant_that_was_named_comes_first() -> None:
    by_id = choose_variant(JUMPER, Constraints(), only_buyable=True, named={"N-L"})
    by_word = choose_variant(JUMPER, Constraints(), only_buyable=True, words={"moss", "jumper"})
    assert by_id is not None
    assert by_word is not None
    assert (by_id.sku, by_word.sku) == ("N-L", "M-M")


def test_a_product_without_an_option_for_colours_has_those_it_speaks_of() -> None:
    price = Money.of(10, "EUR")
    bag = Product(id="b", title="Black Beanbag", description="White piping.", variants=(Variant(id="b", price=price),))
    mug = Product(
        id="m", title="Mug", description="A black mug.", tags=("Gold",), variants=(Variant(id="m", price=price),)
    )
    for each, colour, met in ((bag, "black", True), (bag, "white", False), (mug, "black", True), (mug, "gold", True)):
        assert meets(each, each.variants[0], Constraints(colours=(colour,))) is met
    for each, colour, met in ((bag, "black", False), (bag, "white", True), (mug, "black", False)):
        assert meets(each, each.variants[0], Constraints(without_colours=(colour,))) is met


@pytest.mark.parametrize(
    ("wanted", "offered", "same"),
    [
        ("medium", "M", True),
        ("2XL", "XXL", True),
        ("x-large", "XL", True),
        ("38", "EU 38", True),
        ("EU38", "EU 38", True),
        ("UK 8", "EU 8", False),
        ("140 x 200", "140x200", True),
        ("140 × 200", "140x200", True),
        ("50ml", "50 ml", True),
        ("M", "S", False),
        ("8", "8.5", False),
    ],
)
def test_sizes_are_the_same_however_they_are_written(wanted: str, offered: str, same: bool) -> None:
    assert same_size(wanted, offered) is same


def test_a_shade_answers_to_its_colour() -> None:
    assert {"moss", "green"} <= colours_in("Moss")
    assert {"navy/off-white", "navy", "blue", "white"} <= colours_in("Navy/Off-white")
    assert "grey" in colours_in("Dark Gray")
    assert "green" not in colours_in("Navy")
