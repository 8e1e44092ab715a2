"""A question about one product is answered from what the shop says of it, or not at all."""

from __future__ import annotations

import pytest
from tests.shopping.shopping_cases import about, at_work, said

from convagent.shopping.details import answered_from_facts, facts_asked_for
from convagent.shopping.model import ShoppingState


def answer(text: str, product: str, state: ShoppingState | None = None) -> str | None:
    """What is said of a product to a question; None where nothing is."""
    case = at_work(text, "pick", state)
    found = case.catalog.product(product)
    assert found is not None
    advice = answered_from_facts(case, found)
    return None if advice is None else said(advice)


@pytest.mark.parametrize(
    ("text", "product", "part"),
    [
        ("How many grams of Quiet Creatine a day?", "brightroot-quiet-creatine", "3 g a day"),
        ("How often do I use it when I'm new to it?", "gentle-coup-retinal-serum", "two to five times a week"),
        ("Does it have to be fixed to the wall?", "tall-tales-bookcase", "fix it to the wall"),
        ("Can the little one sleep in the upper bed?", "tandem-bunk-bed", "Upper bed from 6 years"),
        ("How wide is it?", "the-undecided-armchair", "78 × 84 × 92 cm"),
        ("Can I send them back?", "the-pier-espadrille", "Final sale"),
    ],
)
def test_a_question_is_answered_with_the_field_that_it_is_about(text: str, product: str, part: str) -> None:
    assert part in (answer(text, product) or "")


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("Is the engraving extra?", "the-long-goodbye-pen"),
        ("How long does the engraving take?", "kitchen-oath-board"),
        ("Can I send it back when it's engraved?", "the-straight-line-bracelet"),
        ("Is it vegan?", "the-long-goodbye-pen"),
    ],
)
def test_a_fact_beside_the_point_is_no_answer(text: str, product: str) -> None:
    assert answer(text, product) is None


def test_how_much_is_answered_with_an_amount_and_not_with_the_hour() -> None:
    told = answer("How much of it do I need for my face?", "fair-weather-sunscreen-spf-50") or ""
    assert "Two fingers' length" in told
    assert "Fifteen minutes" not in told


def test_a_sentence_about_the_product_that_was_talked_about_answers_whether_both_go_together() -> None:
    state = about("gentle-coup-retinal-serum")
    told = answer("Can I use the Clean Slate Exfoliant on the same evening?", "clean-slate-exfoliant", state) or ""
    assert "Not on the same night as the retinal" in told


@pytest.mark.parametrize(
    ("text", "product", "parts"),
    [
        ("Would 'Aoife Maeve O'Sullivan' fit on the spoon?", "first-porridge-spoon", ("22 characters", "it fits")),
        ("Would “To the best grandfather in Galway” fit?", "the-long-goodbye-pen", ("33 characters", "doesn't fit")),
        ("Is there room for 'Whoever chops the onions does not wash up'?", "kitchen-oath-board", ("2 × 24", "it fits")),
    ],
)
def test_words_in_quotation_marks_are_counted_against_what_can_be_engraved(
    text: str, product: str, parts: tuple[str, ...]
) -> None:
    told = answer(text, product) or ""
    assert all(part in told for part in parts), told


def test_quoted_words_are_not_counted_where_nothing_is_engraved() -> None:
    assert "characters" not in (answer("Does 'To Ada' fit on it?", "the-sunday-teapot") or "")


def test_a_statement_is_no_question_to_the_description() -> None:
    assert answer("I'd like the Everyday Many for women.", "brightroot-everyday-many") is None


def test_fields_come_in_the_order_in_which_they_are_named() -> None:
    assert facts_asked_for("What is it made of, and can I put it in the washing machine?")[:2] == ("material", "care")
