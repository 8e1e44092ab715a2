"""A question that an article answers isn't taken for a request of a guide."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.understanding.for_articles import OF_A_GUIDE, rather_for_articles
from convagent.understanding.gist import asks_in_general, ends_in_a_general_question


@pytest.mark.parametrize(
    "text",
    [
        "How many days does a refund take?",
        "until when is a refund normally paid out",
        "Within how many weeks is a refund paid?",
        "Wann wird eine Erstattung normalerweise gezahlt?",
        "le remboursement est payé quand, en général ?",
    ],
)
def test_a_general_question_is_for_an_article_that_may_answer(text: str) -> None:
    sure = OF_A_GUIDE * 0.5 + 0.01
    assert rather_for_articles(text, 0.5, about_own=True, answerable=lambda _: sure) == sure


@pytest.mark.parametrize(
    "text", ["Where is my refund?", "cancel order 1042 please", "my lamp broke. How much is my refund?"]
)
def test_a_matter_of_the_customers_own_is_for_the_guide(text: str) -> None:
    assert rather_for_articles(text, 0.7, about_own=True, answerable=lambda _: 0.65) is None


def test_what_no_article_answers_stays_with_the_guide() -> None:
    assert rather_for_articles("How long does a refund take?", 0.9, about_own=True, answerable=lambda _: 0.1) is None


def test_a_guide_that_tells_something_yields_only_to_a_likelier_answer() -> None:
    text = "How long is the loft bed?"
    assert rather_for_articles(text, 0.9, about_own=False, answerable=lambda _: 0.8) is None
    assert rather_for_articles(text, 0.3, about_own=False, answerable=lambda _: 0.8) == 0.8


def test_a_general_question_at_the_end_goes_to_the_likelier_of_the_two() -> None:
    text = "She is five and 112 cm tall. Which size of jumper is right?"
    assert ends_in_a_general_question(text)
    assert not asks_in_general(text)
    assert rather_for_articles(text, 0.5, about_own=True, answerable=lambda _: 0.8) == 0.8
    assert rather_for_articles(text, 0.85, about_own=True, answerable=lambda _: 0.8) is None


@given(st.text(max_size=80), st.floats(0, 1), st.floats(0, 1), st.booleans())
def test_a_better_answer_never_sends_a_question_back_to_the_guide(
    text: str, chance: float, sure: float, own: bool
) -> None:
    now = rather_for_articles(text, chance, about_own=own, answerable=lambda _: sure)
    better = rather_for_articles(text, chance, about_own=own, answerable=lambda _: 1.0)
    assert now is None or now == sure
    assert now is None or better is not None or chance + 0.1 >= 1
