"""A product that is named isn't always the one that is looked for; nor is every number a price."""

from __future__ import annotations

from functools import cache

import pytest
from tests.shopping.shopping_cases import NOW, demo, ids, said

from convagent.catalog.hits import ProductHit
from convagent.facts import Product
from convagent.guidance.wording import Wording
from convagent.shopping.asker import Asker
from convagent.shopping.assistant import ShoppingAssistant
from convagent.shopping.model import Advice, ShoppingState
from convagent.shopping.rules import SellingRules
from convagent.shopping.set_aside import is_looked_for, is_refused
from convagent.shopping.too_dear import for_less_than_said
from convagent.shopping.wording import Sentences


@cache
def assistant() -> ShoppingAssistant:
    return ShoppingAssistant(demo(), SellingRules())


def told(text: str, language: str = "en") -> Advice:
    return assistant().advise(text, ShoppingState(), Asker(Sentences(Wording(language, NOW)), NOW))


def product(of: str) -> Product:
    found = demo().product(of)
    assert found is not None
    return found


BOOT, CANDLE = "the-cobble-boot", "turf-smoke-candle"


@pytest.mark.parametrize(
    ("text", "named", "kinds"),
    [
        ("I bought the Cobble Boots and need something to waterproof them", BOOT, ("boots",)),
        ("I want a shoe brush, I have the Cobble Boots already", BOOT, ("shoes",)),
        ("Do you sell laces for the Cobble Boots?", BOOT, ("shoelaces",)),
        ("I need insoles for my Cobble Boots", BOOT, ("insoles",)),
        ("Something to go with my Cobble Boots", BOOT, ()),
        ("I've got the Cobble Boots", BOOT, ()),
        ("Ich brauche etwas für meine Cobble Boots", BOOT, ()),
        ("Ich habe mir die Cobble Boots gekauft und suche etwas dazu", BOOT, ()),
        ("Je cherche quelque chose pour mes Cobble Boots", BOOT, ()),
        ("J'ai acheté les Cobble Boots", BOOT, ()),
        ("I want a candle but not the Turf Smoke Candle", CANDLE, ("candle",)),
    ],
)
def test_what_is_had_or_refused_or_of_another_kind_is_not_looked_for(
    text: str, named: str, kinds: tuple[str, ...]
) -> None:
    assert not is_looked_for(text, product(named), kinds)


@pytest.mark.parametrize(
    "text",
    [
        "I'm looking for the Cobble Boots", "Can I have the Cobble Boots?", "I'd like the Cobble Boots for my mum",
        "I have seen the Cobble Boots and would like them", "ich hätte gern die Cobble Boots", "Haben Sie nicht die Cobble Boots?",
        "Ich suche für meine Frau die Cobble Boots", "j'aimerais les Cobble Boots", "J'ai vu les Cobble Boots", "Do I get the Cobble Boots?",
    ],
)  # fmt: skip
def test_what_is_wanted_is_looked_for(text: str) -> None:
    assert is_looked_for(text, product(BOOT), ("boots",))


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("I want a candle but not the Turf Smoke Candle", True),
        ("anything other than the Turf Smoke Candle", True),
        ("Eine Kerze, aber nicht die Turf Smoke Candle", True),
        ("une bougie, mais pas la Turf Smoke Candle", True),
        ("a candle like the Turf Smoke Candle", False),
        ("the Turf Smoke Candle, not too big", False),
    ],
)
def test_what_is_refused(text: str, refused: bool) -> None:
    assert is_refused(text, product(CANDLE)) is refused


def test_laces_for_boots_are_neither_the_boots_nor_sold_out_boots() -> None:
    advice = told("Do you sell laces for the Cobble Boots?")
    assert ids(advice) == ()
    assert "Nothing of ours was made to go with The Cobble Boot" in said(advice)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I want a candle but not the Turf Smoke Candle", "en"),
        ("Ich suche eine Kerze, aber nicht die Turf Smoke Candle", "de"),
    ],
)
def test_other_candles_are_found_than_the_one_refused(text: str, language: str) -> None:
    found = ids(told(text, language))
    assert found
    assert CANDLE not in found


HITS = [
    ProductHit(each, each.variants[0], 0.5, ())
    for each in demo().products
    if each.variants and each.id in {"turf-smoke-candle", "the-harbour-jacket", "the-undecided-armchair"}
]


@pytest.mark.parametrize(
    "text",
    [
        "I'm looking for a mug, the last was too expensive, I need 24 for the office",
        "too expensive, we are 50 for the party",
        "$200 for a table is mad",
    ],
)
def test_a_count_or_another_money_bounds_nothing(text: str) -> None:
    assert for_less_than_said(text, HITS) == HITS


@pytest.mark.parametrize(
    "text",
    [
        "200 for a jacket is mad", "€200 for a jacket", "200 € für eine Jacke", "200 euros pour une veste, c'est fou",
        "200 für eine Jacke ist verrückt", "I need 24 for the office, but 200 euros for a jacket",
    ],
)  # fmt: skip
def test_a_price_that_is_too_dear_bounds_what_is_shown(text: str) -> None:
    left = [hit.product.id for hit in for_less_than_said(text, HITS)]
    assert left == [hit.product.id for hit in HITS if hit.variant is not None and hit.variant.price.minor < 20_000]
    assert 0 < len(left) < len(HITS)


@pytest.mark.parametrize(
    "text",
    ["1,190 for a table is mad", "1.190 € für einen Tisch", "1190 euros pour une table", "1.190,00 € für den Tisch"],
)
def test_a_thousand_is_read_with_its_mark(text: str) -> None:
    table = product("the-big-parliament-table")
    hits = [ProductHit(table, table.variants[0], 0.5, ()), *HITS]
    assert for_less_than_said(text, hits) == HITS
