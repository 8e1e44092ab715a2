"""What somebody means who calls a product by something that is in it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.catalog import Catalog, mix_ups

PRODUCTS = Path(__file__).resolve().parents[2] / "knowledge" / "catalog" / "products.csv"


@cache
def shop() -> Catalog:
    return Catalog.from_file(PRODUCTS)


@pytest.mark.parametrize(
    ("words", "handle", "by", "fact"),
    [
        ("the lavender one", "brightroot-lights-out-tea", "ingredient", "ingredients: lavender"),
        ("das mit Lavendel", "brightroot-lights-out-tea", "ingredient", "ingredients: lavender"),
        ("the turf smoke hand cream", "handshake-hand-cream", "option", "Scent: Turf smoke"),
        ("the green nail polish", "wet-paint-nail-colour", "option", "Shade: Gate Green"),
        ("the caffeine eye cream", "half-moon-eye-cream", "ingredient", "ingredients: Caffeine"),
        ("Pip with the sleep light", "pip-one-s", "tag", "Tag: sleep-light"),
        (
            "I saw a friend in your lavender wool scarf, the long one. Do you still have it?",
            "the-long-story-scarf",
            "option",
            "Colour: Heather",
        ),
        (
            "I'm looking for that small lamp with the moon on it, for a child's room.",
            "pip-mini-s",
            "description",
            "Description: The Mini with a small moon beside the button.",
        ),
    ],
)
def test_what_is_in_a_product_leads_to_it(words: str, handle: str, by: str, fact: str) -> None:
    found = mix_ups(shop(), words)[0]
    assert (found.product.handle, found.by, found.fact) == (handle, by, fact)


def test_the_pillow_mist_is_a_lavender_one_too() -> None:
    assert [each.product.handle for each in mix_ups(shop(), "the lavender one")] == [
        "brightroot-lights-out-tea", "well-rested-pillow-mist",
    ]  # fmt: skip


def test_another_word_for_the_kind_leads_to_what_is_named_besides() -> None:
    found = mix_ups(shop(), "the Harbour coat")[0]
    assert (found.product.handle, found.by, found.said) == ("the-harbour-jacket", "kind", "coat")


def test_a_variant_is_told_where_only_it_has_what_was_said_in_stock_before_others() -> None:
    found = mix_ups(shop(), "the mint one")[0]
    assert found.variant is not None
    assert found.variant.title == "Mint"
    tea = mix_ups(shop(), "the lavender one")[0]
    assert tea.variant is None


def test_a_colour_that_is_only_like_it_is_nothing_by_itself() -> None:
    assert all(each.fact != "Colour: Heather" for each in mix_ups(shop(), "the lavender one", 50))


def test_a_slip_of_the_pen_is_forgiven() -> None:
    assert mix_ups(shop(), "the lavendar one") == mix_ups(shop(), "the lavender one")


@pytest.mark.parametrize(
    "words", ["", "the one", "xylophone", "the orange candle", "the moon lamp", "Sunday teapot", "\x00 ??"]
)
def test_a_name_that_is_right_and_words_that_say_nothing_are_no_mix_up(words: str) -> None:
    assert mix_ups(shop(), words) == ()


def test_what_a_product_says_it_is_not_does_not_lead_to_it() -> None:
    assert all(each.product.handle != "brightroot-daily-d3" for each in mix_ups(shop(), "the sheep wool one", 20))
    assert all(each.product.handle != "pip-one" for each in mix_ups(shop(), "Pip with sleep light", 20))
    assert all(each.product.handle != "small-hours-night-balm" for each in mix_ups(shop(), "the fragrance balm", 20))


words = st.lists(
    st.sampled_from(["lavender", "rose", "oak", "the", "not", "wool", "blue", "Pip", "für", "'", "oatt"]), max_size=5
)


@given(words, st.integers(0, 5))
@settings(max_examples=60)
def test_a_mix_up_is_sold_and_its_fact_is_the_product_s_own(said: list[str], k: int) -> None:
    found = mix_ups(shop(), " ".join(said), k)
    assert len(found) <= k
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    for each in found:
        assert each.product.status == "active"
        assert 0 < each.score <= 1
        label, _, fact = each.fact.partition(": ")
        assert label
        dumped = each.product.model_dump_json().replace("\\n", " ").replace('\\"', '"')
        assert " ".join(fact.split()) in " ".join(dumped.split())
