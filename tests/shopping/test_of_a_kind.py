"""What is asked of all of a kind is answered in the products' own words, or not at all: it is never taken for granted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shopping.shopping_cases import NOW, at_work, ids, said

from convagent.catalog import Catalog
from convagent.facts import Money, Product, Variant
from convagent.guidance.wording import Wording
from convagent.shopping.asker import Asker
from convagent.shopping.case import ShoppingCase
from convagent.shopping.looking import looked_for
from convagent.shopping.model import Advice, ShoppingAct, ShoppingState
from convagent.shopping.of_a_kind import asks_of_a_kind, some_say_so
from convagent.shopping.rules import SellingRules
from convagent.shopping.wishing import wish_read
from convagent.shopping.wording import Sentences


def mug(number: int, care: str, *, stock: int = 3) -> Product:
    price = Money.of(10 + number, "EUR")
    return Product(
        id=f"mug-{number}", title=f"Number {number} Mug", kind="Mug", price=price, attributes={"care": care} if care else {},
        variants=(Variant(id=f"mug-{number}-v", sku=f"M{number}", price=price, available=stock > 0, stock=stock),),
    )  # fmt: skip


def told_in(catalog: Catalog, text: str, language: str) -> Advice:
    """What a shop tells in answer to a question of all that it has of a kind."""
    asker = Asker(Sentences(Wording(language, NOW)), NOW)
    case = ShoppingCase(
        catalog=catalog, text=text, act=ShoppingAct("find", 0.9, False), state=ShoppingState(), asker=asker,
        rules=SellingRules(),
    )  # fmt: skip
    return looked_for(case)


def shop_of(*cares: str) -> Catalog:
    return Catalog.from_products([mug(number, care) for number, care in enumerate(cares)])


@pytest.mark.parametrize(
    ("text", "shown", "asks"),
    [
        ("are your mugs dishwasher safe", False, True),
        ("Are the mugs dishwasher safe?", False, True),
        ("Are the mugs dishwasher safe?", True, False),
        ("do any of your mugs break?", True, True),
        ("sind eure Tassen spülmaschinenfest?", False, True),
        ("est-ce que vos tasses passent au lave-vaisselle ?", False, False),
        ("vos tasses sont-elles en porcelaine ?", False, True),
        ("do you have dishwasher safe mugs?", False, False),
        ("are your mugs under 20 euros?", False, False),
        ("is your Number 1 Mug dishwasher safe?", False, False),
    ],
)
def test_what_asks_of_all_of_a_kind(text: str, shown: bool, asks: bool) -> None:
    catalog = shop_of("Dishwasher safe", "Hand wash")
    assert asks_of_a_kind(text, wish_read(catalog, text), shown=shown) is asks


def test_some_say_so_only_where_one_does() -> None:
    text = "are your mugs dishwasher safe?"
    for cares, say_so in ((("Hand wash", "Dishwasher safe"), True), (("Hand wash", ""), False)):
        catalog = shop_of(*cares)
        assert some_say_so(catalog, text, wish_read(catalog, text), shown=False) is say_so
    assert some_say_so(catalog, "a mug please", wish_read(catalog, "a mug please"), shown=False) is None


@given(cares=st.lists(st.sampled_from(("Dishwasher safe", "Hand wash only", "Wipe clean", "")), min_size=1, max_size=6))
def test_only_who_says_it_is_told_of(cares: list[str]) -> None:
    catalog = shop_of(*cares)
    text = "are your mugs dishwasher safe?"
    assert some_say_so(catalog, text, wish_read(catalog, text), shown=False) is ("Dishwasher safe" in cares)


@pytest.mark.parametrize(
    ("text", "language", "line"),
    [
        ("do your jackets have hoods?", "en", "a detachable hood"),
        ("Haben eure Jacken eine Kapuze?", "de", "a detachable hood"),
        ("do any of your lamps dim?", "en", "dims, from 2,700 K down to 1,800 K"),
        ("is your bedding organic?", "en", "100% organic cotton percale"),
    ],
)
def test_who_says_so_is_told_with_its_own_words(text: str, language: str, line: str) -> None:
    advice = looked_for(at_work(text, "find", language=language))
    assert advice.hand_over is None
    assert any(line in told for told in advice.lines)
    assert 1 <= len(advice.picks) <= 3
    assert len(advice.lines) == len(advice.picks)
    for pick, told in zip(advice.picks, advice.lines, strict=True):
        assert told.startswith(pick.product.title)


def candle(number: int, *, vegan: bool, made_in: str) -> Product:
    price = Money.of(20 + number, "EUR")
    return Product(
        id=f"candle-{number}", title=f"Number {number}", kind="Candle", price=price, status="active",
        description="A vegan candle of rapeseed wax." if vegan else "A candle of beeswax.", attributes={"made in": made_in},
        variants=(Variant(id=f"candle-{number}-v", price=price, available=True, stock=4),),
    )  # fmt: skip


CANDLES = Catalog.from_products(
    [
        candle(1, vegan=True, made_in="Ireland"),
        candle(2, vegan=True, made_in="Portugal"),
        candle(3, vegan=False, made_in="Ireland"),
    ]
)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("are your vegan candles made in Ireland?", "en"),
        ("Are any of your vegan candles made in Ireland?", "en"),
        ("Sind eure veganen Kerzen aus Irland?", "de"),
        ("vos bougies véganes sont-elles faites en Irlande ?", "fr"),
    ],
)
def test_an_adjective_of_the_kind_is_asked_for_as_well(text: str, language: str) -> None:
    told = told_in(CANDLES, text, language)
    assert ids(told) == ("candle-1",), said(told)


def test_what_no_product_says_of_all_that_is_asked_is_left_to_a_person() -> None:
    told = told_in(CANDLES, "are your vegan candles made in Norway?", "en")
    assert told.hand_over is not None
    assert told.picks == ()


def test_where_nobody_says_so_a_person_answers_and_nothing_is_shown() -> None:
    advice = looked_for(at_work("are your candles vegan?", "find"))
    assert advice.picks == ()
    assert advice.hand_over is not None
    reason, _, why = advice.hand_over
    assert (reason, why) == (
        "missing_knowledge", "nothing that the shop says of any candle answers “are your candles vegan?”",
    )  # fmt: skip
