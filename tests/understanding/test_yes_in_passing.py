"""A yes is one where the message agrees; words that only look like one change nothing in the shop."""

from __future__ import annotations

import pytest

from convagent.understanding.affirmation import read_affirmation


@pytest.mark.parametrize(
    "text",
    [
        "so when exactly", "what exactly do you mean", "the right one please", "a good one", "make sure it goes to my card",
        "I definitely want that one", "Ich hätte gern die Teekanne in Moosgrün.", "gerne hätte ich die andere",
        "the perfect gift for my sister", "I need to be sure it fits", "où exactement",
    ],
)  # fmt: skip
def test_a_word_that_agrees_with_nothing_is_no_yes(text: str) -> None:
    assert read_affirmation(text) not in {"yes", "no"}


@pytest.mark.parametrize(
    "text",
    [
        "sure", "Sure, go ahead", "I'm sure", "oh absolutely", "exactly, send it back", "yes exactly", "of course", "right",
        "that's right", "that is right, thanks", "all good", "this is fine", "yes perfect", "perfect, yes", "sehr gerne", "Gern, danke",
        "ja gern", "genau", "das stimmt", "natürlich", "certainement", "tout à fait", "avec plaisir",
    ],
)  # fmt: skip
def test_a_word_that_agrees_with_what_was_asked_is_a_yes(text: str) -> None:
    assert read_affirmation(text) == "yes"
