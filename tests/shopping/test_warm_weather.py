"""Who sweats doesn't look for salt, and a warm evening wants nothing warm."""

from __future__ import annotations

import pytest
from tests.shopping.shopping_cases import demo

from convagent.catalog.hits import ProductHit
from convagent.facts import Product
from convagent.shopping.bearing import by_bearing

STRAW, WOOL = "the-straw-verdict-sun-hat", "the-fisherman-beanie"


def left(text: str, language: str) -> list[str]:
    found = [demo().product(each) for each in (STRAW, WOOL)]
    hits = [ProductHit(each, each.variants[0], 0.5, ()) for each in found if each is not None]
    return [hit.product.id for hit in by_bearing(demo().read_wish(text, language=language), hits)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("a hat for a warm sunny day", "en"),
        ("something light for warm summer evenings", "en"),
        ("Ich suche einen Hut für warme Tage", "de"),
        ("einen Hut für warmes Wetter", "de"),
        ("un chapeau pour les journées chaudes", "fr"),
        ("a lightweight warm hat", "en"),
    ],
)
def test_warm_weather_keeps_the_straw(text: str, language: str) -> None:
    assert left(text, language) == [STRAW, WOOL]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("a warm hat for my dad", "en"),
        ("a warm hat for cold days", "en"),
        ("eine warme Mütze", "de"),
        ("un bonnet chaud", "fr"),
    ],
)
def test_a_warm_hat_is_none_of_straw(text: str, language: str) -> None:
    assert left(text, language) == [WOOL]


def test_a_button_down_has_no_down() -> None:
    shirt = Product(id="a-shirt", title="Button-Down Shirt", kind="Shirt")
    linen = Product(id="a-linen-shirt", title="Linen Shirt", kind="Shirt")
    wish = demo().read_wish("a warm shirt", language="en")
    hits = [ProductHit(each, None, 0.5, ()) for each in (shirt, linen)]
    assert "warm" in wish.qualities
    assert by_bearing(wish, hits) == hits


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ich schwitze viel, was empfehlen Sie?", "de"),
        ("bei starkem Schwitzen, ich muss stark schwitzen", "de"),
        ("I sweat a lot at night, which mattress is right?", "en"),
        ("I run marathons and sweat a lot", "en"),
        ("je transpire beaucoup, que me conseillez-vous ?", "fr"),
    ],
)
def test_who_sweats_looks_for_no_supplement(text: str, language: str) -> None:
    assert not {"electrolytes", "sweatshirt"} & {*demo().read_wish(text, language=language).kinds}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I run marathons and sweat a lot. Anything for the salt I lose?", "en"),
        ("etwas gegen den Salzverlust beim Sport", "de"),
        ("contre la perte de sel", "fr"),
    ],
)
def test_lost_salt_is_replaced(text: str, language: str) -> None:
    assert demo().read_wish(text, language=language).kinds == ("electrolytes",)
