"""What merely has a word in common with a question tells nothing: milk handled next door, a bar of gold, a skin that burns."""

from __future__ import annotations

import pytest
from tests.shopping.shopping_cases import demo

from convagent.facts import Product
from convagent.shopping.telling import is_told_otherwise, told_by

VEGAN = "Is it vegan?"


def made(**attributes: str) -> Product:
    return Product(id="a-thing", title="A Thing", attributes=attributes)


def told(text: str, product: str) -> str:
    found = demo().product(product)
    assert found is not None
    return "\n".join(told_by(text, found, "en"))


@pytest.mark.parametrize(
    "product",
    [
        "brightroot-ten-friendly-strains", "brightroot-sea-free-omega", "brightroot-chewable-many", "slow-morning-cacao",
        "forest-floor-cacao", "last-word-matte-lipstick",
    ],
)  # fmt: skip
def test_what_is_handled_beside_it_or_left_out_is_no_part_of_it(product: str) -> None:
    assert told(VEGAN, product) == ""


@pytest.mark.parametrize(
    "ingredients",
    [
        "Coconut milk, cane sugar", "oat milk", "Almond-milk powder", "Milk thistle extract", "Plant collagen", "Pflanzliches Kollagen",
        "lait de coco", "Kokosöl, ohne Milch", "Kann Spuren von Milch enthalten", "peut contenir du lait", "No milk or honey",
    ],
)  # fmt: skip
def test_milk_of_plants_is_none(ingredients: str) -> None:
    assert told_by(VEGAN, made(ingredients=ingredients), "en") == ()


@pytest.mark.parametrize(
    "ingredients",
    [
        "No perfume, lanolin",
        "oat milk, honey",
        "Milch, Zucker",
        "lait entier",
        "Contains milk; made where soya is handled",
    ],
)
def test_what_is_in_it_is_told_beside_what_isnt(ingredients: str) -> None:
    assert told_by(VEGAN, made(ingredients=ingredients), "en") != ()


@pytest.mark.parametrize(("product", "word"), [("the-belt-that-fits", "leather"), ("lip-service-balm", "Lanolin")])
def test_what_comes_from_an_animal_still_tells(product: str, word: str) -> None:
    assert word in told(VEGAN, product)


def test_a_bar_of_something_else_says_nothing_of_water() -> None:
    assert told("Can I take it in the shower?", "brightroot-nail-ledger") == ""
    assert told("Can I wear it in the shower?", "the-straight-line-bracelet") == ""
    assert "5 bar" in told("Can I wear it in the water?", "half-past-always-watch")
    assert "never soak" in told("Can I wear it in the sea?", "the-pier-espadrille")


@pytest.mark.parametrize(
    "text", ["Do you have it in sea green?", "Is it there in water blue?", "how long does my skin burn after using it?",
             "Wie lange brennt die Haut danach?", "Combien de temps la peau va-t-elle brûler ?"],
)  # fmt: skip
def test_colours_and_skin_are_neither_water_nor_candles(text: str) -> None:
    assert not is_told_otherwise(text)


def test_hours_of_something_else_are_no_burning_time() -> None:
    assert told("How long does it burn?", "small-hours-night-balm") == ""
    assert told("How long does it burn?", "pip-one") == ""
