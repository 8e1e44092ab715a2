"""What goes with what somebody has: never that itself, of another kind, for the same people, dressed up as the occasion is."""

from __future__ import annotations

import pytest
from tests.shopping.shopping_cases import about, at_work, demo, ids, said

from convagent.shopping.act_reader import ActReader
from convagent.shopping.complementing import complements
from convagent.shopping.dressing import dressed_for, is_relaxed, is_worn_at_home
from convagent.shopping.hearing import asks_a_service
from convagent.shopping.looking import looked_for
from convagent.shopping.model import ShoppingState
from convagent.shopping.pointing import is_of_kind_or_narrower
from convagent.shopping.wishing import for_anybody, wish_by_now, wish_read


@pytest.mark.parametrize(
    "text",
    ["finish the outfit with my skirt", "What goes with my green skirt?", "Was passt zu meinem Rock?", "Qu'est-ce qui va avec ma jupe ?"],
)  # fmt: skip
def test_a_complement_is_never_of_the_kind_that_the_shopper_has(text: str) -> None:
    advice = complements(at_work(text, "complement"))
    assert advice.picks
    assert not [pick for pick in advice.picks if (pick.product.kind or "").casefold() == "skirt"]


def test_what_is_named_as_had_is_not_shown_and_shoes_to_it_are_those_that_the_shop_links() -> None:
    advice = complements(at_work("I own the Botanist Skirt. What shoes go with it?", "complement"))
    assert ids(advice) == ("the-cobble-boot",)


def test_slippers_and_trainers_go_to_no_wedding() -> None:
    state = about("the-uninvited-aunt-dress", "I'm a guest at a wedding and need a dress")
    advice = complements(at_work("Which shoes go with it?", "complement", state))
    assert advice.picks
    assert not [pick for pick in advice.picks if is_relaxed(pick.product)]


def test_what_is_worn_at_home_goes_with_what_is_worn_at_home() -> None:
    robe, slipper = demo().product("the-hot-water-bottle-robe"), demo().product("the-slipper-of-record")
    boot = demo().product("the-cobble-boot")
    assert robe is not None
    assert slipper is not None
    assert boot is not None
    assert is_worn_at_home(robe)
    assert is_worn_at_home(slipper)
    assert not is_relaxed(boot)


@pytest.mark.parametrize(
    ("text", "dressed"),
    [("my brother gets married in July", True), ("für die Taufe meiner Nichte", True), ("pour un mariage", True),
     ("for the garden", False), ("ein Hocker für die Küche", False)],
)  # fmt: skip
def test_occasions_that_one_dresses_up_for_are_known(text: str, dressed: bool) -> None:
    assert dressed_for(None, [text]) is dressed


def test_a_boot_is_one_of_the_shoes() -> None:
    boot = demo().product("the-cobble-boot")
    assert boot is not None
    assert is_of_kind_or_narrower(boot, ("shoes",))
    assert not is_of_kind_or_narrower(boot, ("lamp",))


# ---- whom it is for
def test_whom_it_is_for_is_offered_to_be_given_up_and_never_silently() -> None:
    asked = looked_for(at_work("I'm after a women's parka in size M", "find"))
    assert not asked.picks
    assert "women" in asked.question
    assert asked.state.choices == ("audience",)
    agreed = looked_for(at_work("Yes, go on", "relax", asked.state))
    assert ids(agreed) == ("the-ferryman-parka",)


@pytest.mark.parametrize(("language", "word"), [("en", "women"), ("de", "Damen"), ("fr", "femmes")])
def test_giving_it_up_is_said_in_each_language(language: str, word: str) -> None:
    asked = looked_for(at_work("a women's parka", "find", language=language))
    assert word in asked.question


def test_what_is_for_children_is_never_offered_to_grown_ups() -> None:
    wish = wish_read(demo(), "a hoodie for women")
    wider = for_anybody(wish)
    assert wider is not None
    assert wider.audience == ("adults",)
    assert for_anybody(wish_read(demo(), "a jumper for a baby")) is None
    assert wish_by_now([wish], given_up=["audience"]).audience == ("adults",)


# ---- what is no search
@pytest.mark.parametrize(
    "text",
    ["could you sharpen my old secateurs?", "Können Sie meine Schere schärfen?", "Pourriez-vous affûter mes ciseaux ?",
     "would you also mend my old jumper, and what would that cost?"],
)  # fmt: skip
def test_a_service_to_what_somebody_has_is_no_search_for_another(text: str) -> None:
    act = ActReader(demo()).read(text, ShoppingState())
    assert act is None or act.kind != "find"


@pytest.mark.parametrize(
    "text",
    ["could you recommend something for my aunt?", "would you finish my outfit?", "Können Sie meinem Vater etwas empfehlen?",
     "Pouvez-vous trouver ma taille ?", "do you have my size?"],
)  # fmt: skip
def test_advice_is_no_service(text: str) -> None:
    assert not asks_a_service(text)


def test_something_else_within_the_money_is_looked_for_by_what_it_should_do() -> None:
    state = about("the-harbour-jacket")
    text = "That's more than I wanted to spend. What else keeps the rain off?"
    act = ActReader(demo()).read(text, state)
    assert act is not None
    assert act.kind == "find"
    advice = looked_for(at_work(text, "find", state))
    assert "the-bicycle-courier-cape" in ids(advice)
    assert "the-puddle-inspector-suit" not in ids(advice)  # it is for children
    assert all(pick.product.price.minor < 14_900 for pick in advice.picks if pick.product.price)
    assert said(advice)
