"""A written choice is explained with other words for it, and between bars with several names: "product" (gift | anything else)."""

from __future__ import annotations

import pytest
from tests.guidance.reader import Talk, texts

BOOK = """
# Book a talk

When the customer wants to talk to somebody:
- "x"

1. Need topic: one of "size" (fit | measurements), "product" (gift | anything else), "bed" (room, space)
   - ask "{{ choices | list }}?"
1. say "It is about {{ topic }}."
"""


@pytest.mark.parametrize(("words", "topic"), [
    ("a talk about a gift", "product"), ("about anything else", "product"), ("about measurements", "size"),
    ("about the fit", "size"), ("about a size", "size"),
])  # fmt: skip
def test_each_of_them_names_the_choice(words: str, topic: str) -> None:
    assert texts(Talk(BOOK).say(words, "Book a talk")) == [f"It is about {topic}."]


@pytest.mark.parametrize("words", ["a gift or its measurements", "a talk please", "anything", "about space"])
def test_words_of_two_choices_or_parts_of_them_name_none(words: str) -> None:
    assert Talk(BOOK).say(words, "Book a talk").outcome == "asked"


def test_they_are_told_together_where_choices_are_offered() -> None:
    decision = Talk(BOOK.replace('   - ask "{{ choices | list }}?"\n', "")).say("a talk please", "Book a talk")
    assert "size (fit, measurements), product (gift, anything else) or bed (room, space)" in texts(decision)[0]
