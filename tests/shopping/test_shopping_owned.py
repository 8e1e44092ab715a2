"""What goes to the shopper who has something already: what is for it, and never that itself."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.shopping.shopping_cases import at_work, demo, ids, said

from convagent.catalog.wishes.model import Wish
from convagent.shopping.act_reader import ActReader
from convagent.shopping.looking import looked_for
from convagent.shopping.model import ShoppingState
from convagent.shopping.owned import said_of_enough
from convagent.shopping.wishing import merged, wish_read

THINGS = {
    "boots": ("boots", "Stiefel"), "jumper": ("jumpers", "Pullover"), "lamp": ("lamps", "Lampen"), "candle": ("candles", "Kerzen"),
    "teapot": ("teapots", "Teekannen"), "mug": ("mugs", "Tassen"), "watch": ("watches", "Uhren"), "scarf": ("scarves", "Schals"),
    "rug": ("rugs", "Teppiche"), "mattress": ("mattresses", "Matratzen"), "bracelet": ("bracelets", "Armbänder"),
    "belt": ("belts", "Gürtel"), "knife": ("knives", "Messer"),
}  # fmt: skip
FOR_IT = [
    "something to waterproof my {en}", "something to clean my {en} with", "a product to look after our {en}", "something for my {en}",
    "I have the {en}, I need a brush for it", "we already own the {en}, what is there for it?", "a cover for my {en}",
    "something to mend the hole in my {en}", "etwas, um meine {de} zu reinigen", "etwas für unsere {de}",
    "ich habe die {de} schon, ich suche eine Bürste dafür", "something nice to put on my {en}, under 50 euros",
]  # fmt: skip
ENOUGH = [
    "a present for my sister, she likes {en} but has plenty", "a gift for my dad, he has enough {en}",
    "a present for somebody who already has {en}", "ein Geschenk, sie mag {de}, hat aber schon genug davon",
    "ein Geschenk für ihn, {de} hat er schon genug",
]  # fmt: skip


@cache
def of_kind(kind: str) -> frozenset[str]:
    """Products that are of a kind."""
    found = demo().find(Wish(kinds=(kind,), language="en"), k=200, in_stock_only=False, only_kind=True)
    return frozenset(hit.product.id for hit in found.hits) if found.of_kind else frozenset()


@settings(max_examples=40, deadline=None)
@given(kind=st.sampled_from(sorted(THINGS)), asked=st.sampled_from(FOR_IT))
def test_never_is_the_thing_shown_that_somebody_has(kind: str, asked: str) -> None:
    many, german = THINGS[kind]
    advice = looked_for(at_work(asked.format(en=many, de=german), "find", language="de" if "{de}" in asked else "en"))
    assert not set(ids(advice)) & of_kind(kind)


@settings(max_examples=30, deadline=None)
@given(kind=st.sampled_from(sorted(THINGS)), asked=st.sampled_from(ENOUGH))
def test_never_is_shown_of_what_somebody_has_enough(kind: str, asked: str) -> None:
    many, german = THINGS[kind]
    advice = looked_for(at_work(asked.format(en=many, de=german), "find", language="de" if "{de}" in asked else "en"))
    assert not set(ids(advice)) & of_kind(kind)


@pytest.mark.parametrize("kind", sorted(THINGS))
def test_who_needs_another_one_is_shown_some(kind: str) -> None:
    many, _ = THINGS[kind]
    advice = looked_for(at_work(f"my old {many} are worn out, I need new {many}", "find"))
    assert set(ids(advice)) & of_kind(kind)


@pytest.mark.parametrize(
    ("text", "language", "line"),
    [
        ("something to waterproof my boots", "en", "nothing of that kind"),
        ("a brush, I have the boots", "en", "nothing of that kind"),
        ("Schuhcreme für meine Stiefel", "de", "haben wir nicht"),
        ("un produit pour imperméabiliser mes bottes", "fr", "rien de ce genre"),
    ],
)
def test_the_shop_says_that_it_has_nothing_for_it(text: str, language: str, line: str) -> None:
    advice = looked_for(at_work(text, "find", language=language))
    assert not advice.picks
    assert advice.hand_over is None
    assert line in said(advice)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("something to mend the hole in my jumper", {"the-mending-tin"}),
        ("something to keep my jewellery in", {"the-ring-saucer"}),
        ("a mattress for our loft bed", {"sprig-mattress"}),
        ("something for my sofa", {"the-sofa-treaty-throw"}),
        ("a lampshade for my lamp", {"pip-paper-hat"}),
    ],
)
def test_what_is_for_it_is_shown(text: str, shown: set[str]) -> None:
    assert set(ids(looked_for(at_work(text, "find")))) == shown


def test_a_wider_kind_stands_in_for_one_that_the_shop_does_not_have() -> None:
    shown = ids(looked_for(at_work("a bedside lamp for my bunk bed", "find")))
    assert shown
    assert set(shown) <= of_kind("lamp")


def test_a_product_that_somebody_already_has_is_not_shown_to_who_gives_them_something() -> None:
    text = "a gift for somebody who already has a Pip One"
    act = ActReader(demo()).read(text, ShoppingState())
    assert act is not None
    assert act.kind == "find"
    assert "pip-one" not in ids(looked_for(at_work(text, "find")))


# ---- in a conversation
GIFT = ShoppingState(
    said=("a present for my sister", "she likes candles"), shown=("turf-smoke-candle",), seen=("turf-smoke-candle",)
)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("but she has plenty of those", "en"),
        ("davon hat sie schon genug", "de"),
        ("mais elle en a déjà beaucoup", "fr"),
    ],
)
def test_enough_of_those_is_enough_of_what_was_shown(text: str, language: str) -> None:
    act = ActReader(demo()).read(text, GIFT)
    assert act is not None
    assert act.kind == "refine"
    assert act.follows
    advice = looked_for(at_work(text, "refine", GIFT, language=language))
    assert not set(ids(advice)) & of_kind("candle")
    assert "she likes candles" not in advice.state.said


def test_what_says_its_own_kind_is_not_about_what_was_shown() -> None:
    assert said_of_enough(at_work("she has enough mugs", "refine", GIFT)) is None


def test_what_is_looked_for_later_is_not_taken_for_theirs() -> None:
    had = wish_read(demo(), "something for my desk")
    both = merged(had, wish_read(demo(), "actually, show me desks"))
    assert "desk" in had.owned
    assert "desk" in both.kinds
    assert "desk" not in both.owned
    assert "desk" not in both.without_kinds


def test_a_material_that_itches_is_no_longer_shown() -> None:
    jumper = ShoppingState(said=("I'm looking for a warm jumper",), shown=("the-second-best-jumper",))
    advice = looked_for(at_work("wool makes me itch", "refine", jumper))
    read = [demo().attributes(each) for each in ids(advice)]
    assert read
    assert all(own is not None and "wool" not in {each.name for each in own.materials} for own in read)
