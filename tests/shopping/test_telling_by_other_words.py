"""Questions that no field is made for, told by what the shop says all the same; and what bears on what it doesn't say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shopping.shopping_cases import demo

from convagent.catalog.hits import ProductHit
from convagent.catalog.wishes.model import Wish
from convagent.shopping.bearing import by_bearing
from convagent.shopping.details import asks_a_property, bearing_on
from convagent.shopping.telling import fields_bearing_on, told_by


def told(text: str, product: str, language: str = "en") -> str:
    found = demo().product(product)
    assert found is not None
    return "\n".join(told_by(text, found, language))


@pytest.mark.parametrize(
    "text",
    [
        "How long does it burn?",
        "Wie lange brennt sie?",
        "Elle brûle combien de temps, et combien de temps brûle la petite ?",
    ],
)
def test_how_long_a_candle_burns_is_told_by_hours(text: str) -> None:
    assert "Forty-five hours" in told(text, "turf-smoke-candle")


@pytest.mark.parametrize("text", ["Can I wear it in the water?", "Kann ich damit schwimmen?", "Ça va dans l'eau ?"])
def test_whether_it_bears_water_is_told_by_wading(text: str) -> None:
    assert "wading" in told(text, "the-low-tide-sandal")


@pytest.mark.parametrize(
    ("text", "product", "word"),
    [
        ("Are they vegan?", "the-shortcut-trainer", "suede"),
        ("Ist der vegan?", "lip-service-balm", "Lanolin"),
        ("C'est végan ?", "brightroot-grass-whey", "milk"),
    ],
)
def test_what_comes_from_an_animal_tells_that_it_isnt_vegan(text: str, product: str, word: str) -> None:
    assert word in told(text, product)


@pytest.mark.parametrize("product", ["last-word-matte-lipstick", "small-talk-lip-oil", "turf-smoke-candle"])
def test_what_has_none_of_it_tells_nothing_and_its_fields_bear_on_it(product: str) -> None:
    found = demo().product(product)
    assert found is not None
    assert told("is it vegan?", product) == ""
    assert bearing_on("is it vegan?", found, "en")
    assert fields_bearing_on("is it heavy?") == ()


@pytest.mark.parametrize(
    ("text", "language", "asks"),
    [
        ("is it waterproof?", "en", True),
        ("woraus ist er?", "de", True),
        ("est-elle végane ?", "fr", True),
        ("how long does the engraving take?", "en", False),
        ("can I return it?", "en", False),
        ("is delivery free?", "en", False),
    ],
)
def test_a_property_is_no_term_of_sale(text: str, language: str, asks: bool) -> None:
    assert asks_a_property(text, language) is asks


def hits(*products: str) -> list[ProductHit]:
    found = [demo().product(each) for each in products]
    return [ProductHit(each, each.variants[0], 0.5, ()) for each in found if each is not None]


def test_who_wants_it_warm_is_shown_no_straw_beside_wool() -> None:
    warm = Wish(text="a warm hat", kinds=("hat",), qualities=("warm",))
    left = by_bearing(warm, hits("the-straw-verdict-sun-hat", "the-fisherman-beanie"))
    assert [hit.product.id for hit in left] == ["the-fisherman-beanie"]
    assert len(by_bearing(warm, hits("the-straw-verdict-sun-hat", "the-low-tide-sandal"))) == 2  # nothing is warmer
    plain = Wish(text="a hat", kinds=("hat",))
    assert len(by_bearing(plain, hits("the-straw-verdict-sun-hat", "the-fisherman-beanie"))) == 2


@given(
    st.lists(st.sampled_from([product.id for product in demo().products if product.variants]), max_size=6, unique=True)
)
def test_bearing_keeps_the_order_and_leaves_something(products: list[str]) -> None:
    before = hits(*products)
    left = by_bearing(Wish(text="", qualities=("warm",)), before)
    assert [each for each in before if each in left] == left
    assert bool(left) == bool(before)
