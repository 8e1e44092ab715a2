"""More and less of what was shown: "the lightest", "something darker", "the other one", in shops of other trades as in the demo's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shopping.shopping_cases import about, at_work, demo, ids, said

from convagent.catalog import Catalog
from convagent.facts import Money, Product, Variant
from convagent.shopping.act_reader import ActReader
from convagent.shopping.among import beyond, furthest_of
from convagent.shopping.case import ShoppingCase
from convagent.shopping.compared import compared_by, other_one, recalled
from convagent.shopping.comparing import compared
from convagent.shopping.degrees import qualities, read_degree
from convagent.shopping.measuring import darkness_of, measured
from convagent.shopping.model import ShoppingAct, ShoppingState
from convagent.shopping.picking import picked
from convagent.shopping.several_questions import answered_each, questions_in
from convagent.shopping.showing import which_one


def tent(name: str, price: int, colour: str = "Green", **facts: str) -> Product:
    """A tent of a shop for hikers."""
    key = name.lower()
    cost = Money(minor=price * 100, currency="EUR")
    variant = Variant(id=f"{key}-1", sku=key.upper(), price=cost, available=True, options={"Colour": colour})
    return Product(
        id=key, title=name, kind="Tent", category="Sporting Goods > Tents", status="active", price=cost, in_stock=True,
        description=f"A tent called {name}.", attributes=facts, variants=(variant,),
    )  # fmt: skip


CAMP = Catalog.from_products(
    [
        tent("Marmot", 200, weight="1.9 kg", dimensions="210 × 120 cm, 95 cm high", water_column="3,000 mm"),
        tent("Badger", 350, "Red", weight="3,200 g", dimensions="240 × 200 cm, 130 cm high", water_column="5,000 mm"),
        tent("Swift", 420, "Yellow", weight="980 g", dimensions="200 × 90 cm, 80 cm high"),
    ]
)
SHOWN = ShoppingState(shown=("marmot", "badger", "swift"), seen=("marmot", "badger", "swift"))


def camp(text: str, state: ShoppingState = SHOWN) -> ShoppingCase:
    """A request in the shop for hikers."""
    base = at_work(text, "pick", state)
    return replace(base, catalog=CAMP, named=(), act=ShoppingAct("pick", 0.95, True))


# ---- words
@pytest.mark.parametrize(
    ("text", "by", "form"),
    [
        ("Which is the lightest?", ("weight", -1), "which"),
        ("which one has the longest battery life", ("battery", 1), "which"),
        ("I'd take the cheaper one", ("price", -1), "the one"),
        ("the least expensive of them", ("price", -1), "the one"),
        ("anything brighter?", ("brightness", 1), "new"),
        ("Something a bit darker, please", ("depth", 1), "new"),
        ("Welches Zelt ist leichter?", ("weight", -1), "which"),
        ("Dann nehme ich den günstigeren", ("price", -1), "the one"),
        ("Haben Sie etwas Größeres?", ("size", 1), "new"),
        ("Laquelle est la moins chère ?", ("price", -1), "which"),
        ("celle avec la meilleure autonomie", ("battery", 1), "the one"),
        ("quelque chose de plus foncé", ("depth", 1), "new"),
    ],
)
def test_comparisons_are_read_in_three_languages(text: str, by: tuple[str, int], form: str) -> None:
    degree = read_degree(text)
    assert degree is not None
    assert degree.by[0] == by
    assert degree.form == form


@pytest.mark.parametrize(
    "text",
    ["Is it lighter? My old one was a brick.", "is it lighter than the old one", "a light jacket for summer", "I need a warm jumper",
     "How long does the battery last?", "für meinen älteren Bruder", "im Winter trage ich gern Wolle", ""],
)  # fmt: skip
def test_what_compares_nothing_that_was_shown_is_left_alone(text: str) -> None:
    assert read_degree(text) is None


@given(st.text(max_size=300))
def test_whatever_is_written_a_comparison_is_read_or_isn_t(text: str) -> None:
    degree = read_degree(text)
    assert degree is None or all(sign in {1, -1} and name in qualities() for name, sign in degree.by)


# ---- which of them
@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("Which is the lightest?", "swift"),
        ("And the heaviest of the three?", "badger"),
        ("which tent is bigger?", "badger"),
        ("Which is the cheapest of these?", "marmot"),
        ("Welches ist das leichteste?", "swift"),
        ("Laquelle est la plus haute ?", "badger"),
        ("I'd rather have the smaller one", "swift"),
    ],
)
def test_which_of_those_shown_is_meant_goes_by_what_the_shop_says(text: str, best: str) -> None:
    by = compared_by(CAMP, text, SHOWN)
    assert by is not None
    assert [product.id for product in by.best] == [best]
    assert [product.id for product in camp(text).meant()] == [best]


def test_the_answer_has_the_figures_of_all_and_shows_the_one() -> None:
    advice = picked(camp("Which is the lightest?"))
    assert ids(advice) == ("swift",)
    assert all(figure in said(advice) for figure in ("980 g", "1.9 kg", "3,200 g"))


def test_kilos_and_grams_are_the_same_measure() -> None:
    values = {
        each.product.id: each.value for each in measured(CAMP, CAMP.products, qualities()["weight"], language="en")
    }
    assert values == {"marmot": 1900, "badger": 3200, "swift": 980}


def test_what_they_have_alike_is_said_so() -> None:
    state = ShoppingState(shown=("pip-one", "pip-go"), seen=("pip-one", "pip-go"))
    advice = picked(at_work("which is louder?", "pick", state))
    assert "alike" in said(advice)
    assert "5 W" in said(advice)


def test_another_kind_than_those_shown_is_compared_with_none_of_them() -> None:
    assert compared_by(CAMP, "which lamp is lighter?", SHOWN) is None
    assert compared_by(CAMP, "which is brighter?", SHOWN) is None


def test_the_one_is_priced_when_its_price_is_asked() -> None:
    advice = picked(camp("I'd rather have the lighter one. How much is it?"))
    assert "€420.00" in said(advice)
    assert ids(advice) == ("swift",)


def test_the_row_stays_when_one_of_it_is_shown() -> None:
    after = picked(camp("Which is the lightest?")).state
    assert after.shown == ("swift",)
    assert after.row == ("marmot", "badger", "swift")
    assert [product.id for product in camp("and the cheapest of the three?", after).meant()] == ["marmot"]
    act = ActReader(CAMP).read("and the second one?", after)
    assert act is not None
    assert act.places == (1,)


# ---- the other one, and earlier ones
def test_the_other_one_is_the_one_that_was_not_chosen() -> None:
    two = ShoppingState(shown=("marmot",), beside=("marmot", "badger"), seen=("marmot", "badger"), about="marmot")
    assert other_one("No, the other one", two) == (1,)
    assert other_one("nein, das andere", two) == (1,)
    assert other_one("non, l'autre", two) == (1,)
    assert other_one("the other day", two) == ()
    assert other_one("the other one", SHOWN) == ()  # of three it isn't plain which


def test_words_go_back_to_what_was_shown_before() -> None:
    state = ShoppingState(shown=("the-perch-chair",), seen=("homework-harbour-desk", "the-perch-chair"))
    found = recalled(demo(), "Going back to the desk: how much weight does it take?", state, kinds=("desk",))
    assert found is not None
    assert found.id == "homework-harbour-desk"
    assert recalled(demo(), "how much weight does the desk take?", state, kinds=("desk",)) is None


# ---- something else that has more
def test_something_with_more_of_it_is_of_the_same_kind_and_the_nearest_first() -> None:
    state = ShoppingState(shown=("swift",), seen=("swift",), about="swift")
    advice = beyond(camp("anything cheaper or heavier? something heavier", state), CAMP.read_wish("a tent"))
    assert advice is not None
    assert ids(advice) == ("marmot", "badger")


def test_what_nothing_goes_beyond_is_said() -> None:
    state = ShoppingState(shown=("swift",), seen=("swift",), about="swift")
    advice = beyond(camp("do you have something lighter?", state), CAMP.read_wish("a tent"))
    assert advice is not None
    assert not advice.picks
    assert "980 g" in said(advice)


def test_a_darker_shade_keeps_the_undertone() -> None:
    foundation = demo().product("even-tempered-foundation")
    assert foundation is not None
    dune = next(each for each in foundation.variants if "Dune" in str(each.options))
    state = replace(about(foundation.id), variant=dune.id)
    advice = beyond(at_work("something a bit darker, please", "refine", state), demo().read_wish("a foundation"))
    assert advice is not None
    assert advice.picks[0].variant is not None
    assert "tan, warm" in str(advice.picks[0].variant.options)


def test_plain_colours_are_darker_and_lighter_than_others() -> None:
    dark = {
        colour: darkness_of(tent("X", 1, colour).variants[0]) for colour in ("White", "Yellow", "Red", "Navy", "Black")
    }
    assert sorted(dark, key=lambda colour: dark[colour] or 0) == list(dark)
    assert darkness_of(tent("X", 1, "Whisper").variants[0]) is None


# ---- several questions
def test_several_questions_about_one_product_are_all_answered() -> None:
    teapot = demo().product("the-sunday-teapot")
    assert teapot is not None
    text = "How much is the Sunday Teapot, and how many cups does it hold?"
    advice = answered_each(at_work(text, "pick"), teapot)
    assert advice is not None
    assert "€58.00" in said(advice)
    assert "five cups" in said(advice)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("How much is it, and is it waterproof?", 2),
        ("Was kostet sie und passt sie in die Spülmaschine?", 2),
        ("Combien coûte-t-elle et est-elle étanche ?", 2),
        ("Do you have a bread and butter dish?", 1),
        ("It is black and is nice.", 1),
    ],
)
def test_questions_are_told_apart(text: str, count: int) -> None:
    assert len(questions_in(text)) == count


# ---- of all that is found
def test_the_brightest_of_a_kind_is_told_with_the_figures_of_the_next() -> None:
    advice = furthest_of(camp("Which tent is the lightest?", ShoppingState()), CAMP.products)
    assert advice is not None
    assert ids(advice) == ("swift",)
    assert "1.9 kg" in said(advice)
    assert furthest_of(camp("a light tent, please", ShoppingState()), CAMP.products) is None


def test_a_question_for_the_one_that_is_most_looks_for_its_kind() -> None:
    for text in ("Welche Lampe ist am hellsten?", "which lamp is the brightest?"):
        act = ActReader(demo()).read(text, ShoppingState())
        assert act is not None
        assert act.kind == "find"


def test_products_are_compared_by_words_of_their_names() -> None:
    advice = compared(at_work("compare the stepladder bed and the burrow low bed", "compare"))
    assert ids(advice) == ("sprig-stepladder-bed", "burrow-low-bed")


def test_nobody_is_asked_a_third_time_which_product_it_is_about() -> None:
    state = ShoppingState(asked="product", in_a_row=2, doing="pick")
    advice = which_one(at_work("hm?", "pick", state), "pick")
    assert advice.hand_over is not None
    assert advice.hand_over[0] == "no_progress"
