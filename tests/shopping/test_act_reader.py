"""What a message does in the shopping conversation, by its words and what the catalog makes of them."""

from __future__ import annotations

import pytest
from tests.shopping.shopping_cases import about, demo

from convagent.shopping.act_reader import ActReader
from convagent.shopping.model import ShoppingState

SHOWN = ShoppingState(said=("a table",), shown=("the-big-parliament-table", "little-parliament-table"))


def reader() -> ActReader:
    return ActReader(demo())


@pytest.mark.parametrize(
    "text",
    [
        "My Patience Pan has gone rusty. Do I have to throw it away and buy a new one?",
        "After three winters my Harbour Jacket isn't waterproof any more. Should I buy another?",
        "My Second-Best Jumper has a hole in the elbow. Do I need a new one?",
        "I buy the Evening Magnesium every two months. Is there a cheaper way?",
    ],
)
def test_what_a_field_of_the_product_answers_is_asked_of_the_product_before_an_order_is(text: str) -> None:
    act = reader().read(text, ShoppingState())
    assert act is not None
    assert (act.kind, act.sure >= 0.95) == ("pick", True)


def test_a_return_that_is_put_as_a_case_is_the_products_own_only_where_it_is_sold_for_good() -> None:
    text = "Can I send them back if they don't fit?"
    act = reader().read(text, about("the-pier-espadrille"))
    assert act is not None
    assert act.kind == "pick"
    assert reader().read(text, about("the-cobble-boot")) is None


@pytest.mark.parametrize("text", ["Which size of the Harbour Jacket do I need?", "do I need a new account?"])
def test_a_need_is_no_question_for_another_one(text: str) -> None:
    act = reader().read(text, ShoppingState())
    assert act is None or act.kind != "pick" or act.sure < 0.95


@pytest.mark.parametrize("text", ["How much is the Last Word?", "What does the Parliament Table cost?"])
def test_a_part_of_a_name_that_products_share_means_them_all(text: str) -> None:
    act = reader().read(text, ShoppingState())
    assert act is not None
    assert (act.kind, act.sure >= 0.95) == ("pick", True)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The one for children.", "pick"),
        ("And a chair for it?", "complement"),
        ("and which tablecloth would you put with it", "complement"),
    ],
)
def test_what_leans_on_what_was_shown_is_known_by_how_it_is_put(text: str, kind: str) -> None:
    state = SHOWN if kind == "pick" else about("little-parliament-table", "a table for children")
    act = reader().read(text, state)
    assert act is not None
    assert (act.kind, act.follows) == (kind, True)


def test_a_question_about_the_new_one_is_about_what_was_shown() -> None:
    state = ShoppingState(shown=("the-sunday-teapot",), about="the-saturday-teapot")
    act = reader().read("How much tea does the new one hold?", state)
    assert act is not None
    assert act.kind == "pick"


def test_what_they_have_enough_of_is_left_out_of_more_of_the_same() -> None:
    state = ShoppingState(said=("a present for my aunt who loves tea",), shown=("brightroot-lights-out-tea",))
    act = reader().read("She has mugs enough. What else?", state)
    assert act is not None
    assert act.kind == "more"


@pytest.mark.parametrize(
    "text", ["which pip is waterproof", "Which Pip would survive a canoe trip?", "What's your cheapest Pip?"]
)
def test_a_brand_is_looked_for_as_a_kind_is(text: str) -> None:
    act = reader().read(text, ShoppingState())
    assert act is not None
    assert (act.kind, act.sure >= 0.6) == ("find", True)


@pytest.mark.parametrize("text", ["which Pip do I have", "which day is the shop open", "which card can I use"])
def test_which_of_other_things_looks_for_nothing(text: str) -> None:
    act = reader().read(text, ShoppingState())
    assert act is None or act.sure < 0.6


def test_a_first_order_is_no_order_to_look_into() -> None:
    act = reader().read("I'm new here. Is there anything off the first order?", ShoppingState())
    assert act is not None
    assert act.kind == "price"
    assert reader().read("is there anything off on my order #1042?", ShoppingState()) is None
