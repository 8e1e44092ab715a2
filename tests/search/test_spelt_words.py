"""A word of a language is told from a slip of the keyboard, however it is typed."""

from __future__ import annotations

import pytest

from convagent.search.spelt_words import is_spelt


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("tauschen", "de"), ("Kollegin", "de"), ("möchte", "de"), ("moechte", "de"), ("Größe", "de"), ("groesse", "de"), ("Grösse", "de-CH"),
        ("échanger", "fr"), ("echanger", "fr"), ("Collègue", "fr"), ("dishwasher", "en"), ("order", "fi"),
    ],
)  # fmt: skip
def test_a_word_is_known_in_any_case_and_without_its_marks(word: str, language: str) -> None:
    assert is_spelt(word, language)


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("bestellug", "de"), ("stornirung", "de"), ("passwrod", "en"), ("comande", "fr"), ("", "de"), ("tauschen", "en"),
        ("tauschen", "../de"), ("vaatwasser", "xx"),
    ],
)  # fmt: skip
def test_a_slip_is_no_word_and_neither_is_one_of_another_language(word: str, language: str) -> None:
    assert not is_spelt(word, language)
