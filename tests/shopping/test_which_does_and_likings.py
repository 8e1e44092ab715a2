"""What is asked of what was sold, and what somebody is said to like: neither looks for more than it says."""

from __future__ import annotations

import pytest
from tests.shopping.shopping_cases import at_work, demo

from convagent.shopping.act_reader import ActReader
from convagent.shopping.asked_plainly import asks_which_does
from convagent.shopping.hearing import what_is_liked
from convagent.shopping.model import ShoppingState
from convagent.shopping.narrowing import of_liked_kinds
from convagent.shopping.wishing import wish_read

GIFT = ShoppingState(
    said=("a present for my sister",), shown=("turf-smoke-candle", "the-salt-pig"), seen=("the-salt-pig",)
)


@pytest.mark.parametrize(
    "text",
    [
        "Which candles were recalled?",
        "Which candles are affected by the recall?",
        "Which shoes do other customers send back most?",
        "Which boots are returned most often?",
        "Which candle is from batch 7?",
        "Welche Kerzen wurden zurückgerufen?",
        "Welche Schuhe schicken Kunden am meisten zurück?",
        "Quelles bougies ont été rappelées ?",
        "Quelles bougies sont concernées par le rappel ?",
        "Quelles chaussures les clients renvoient-ils le plus ?",
    ],
)
def test_what_became_of_things_that_were_sold_looks_for_none(text: str) -> None:
    assert not asks_which_does(text, wish_read(demo(), text))


@pytest.mark.parametrize(
    "text",
    ["Which candle smells faintest?", "Welche Kerze riecht am dezentesten?", "Quelle bougie sent le moins fort ?"],
)
def test_which_of_a_kind_is_something_looks_for_it(text: str) -> None:
    assert asks_which_does(text, wish_read(demo(), text))


@pytest.mark.parametrize(
    ("text", "liked"),
    [
        ("Sie mag Kerzen", "Kerzen"),
        ("she loves candles", "candles"),
        ("she loves mugs but hates candles", "mugs"),
        ("She likes mugs, except blue ones", "mugs"),
        ("Er mag Tassen, aber keine Kerzen", "Tassen"),
        ("elle aime les tasses mais pas les bougies", "les tasses"),
        ("she likes candles but she has plenty", ""),
        ("she likes candles, she already has dozens", ""),
        ("Sie mag Kerzen, hat aber schon genug", ""),
        ("elle aime les bougies mais elle en a déjà beaucoup", ""),
        ("does she like candles?", ""),
        ("My dog drinks a lot", ""),
        ("a candle, please", ""),
    ],
)
def test_what_is_liked_ends_where_something_else_is_said(text: str, liked: str) -> None:
    assert what_is_liked(text) == liked


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("she loves candles", {"turf-smoke-candle"}),
        ("she likes candles but she has plenty", {"turf-smoke-candle", "the-salt-pig"}),
        ("she loves the salt but not candles", {"turf-smoke-candle", "the-salt-pig"}),
    ],
)
def test_only_what_is_liked_and_wanted_is_left(said: str, kept: set[str]) -> None:
    case = at_work(said, "refine", ShoppingState(said=("a present for my sister", said)))
    hits = demo().find(demo().read_wish("a candle or a salt pig"), k=40).hits
    found = [hit for hit in hits if hit.product.id in {"turf-smoke-candle", "the-salt-pig"}]
    assert {hit.product.id for hit in of_liked_kinds(case, found)} == kept


@pytest.mark.parametrize(
    "text", ["My dog drinks a lot", "they like to take my money", "My mum likes the second one", "Sie mag die zweite"]
)
def test_a_liking_that_says_nothing_of_a_thing_goes_on_with_no_wish(text: str) -> None:
    act = ActReader(demo()).read(text, GIFT)
    assert act is None or act.kind != "refine"


def test_a_liking_of_a_kind_goes_on_with_the_wish() -> None:
    act = ActReader(demo()).read("she loves candles", GIFT)
    assert act is not None
    assert (act.kind, act.sure) == ("refine", 0.95)
