"""Texts in plain letters take a shorter way to their plain form, which is the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from convagent.understanding.normal import normalise
from convagent.understanding.phrases import fold

ASCII = st.text(st.characters(max_codepoint=127), max_size=200)


@given(ASCII)
def test_a_text_in_plain_letters_is_normalised_as_one_with_accents(text: str) -> None:
    assert normalise(f"{text} \u00e9") == normalise(f"{text} e")


@given(ASCII)
def test_a_text_in_plain_letters_is_folded_as_one_with_accents(text: str) -> None:
    assert fold(f"{text} \u00e9") == fold(f"{text} e")


def test_capitals_and_signs_go() -> None:
    assert normalise("WHERE's  order #12_a?\x00") == "wheres order 00 a"
