"""Words of letters alone: plain ASCII, which is split by a table, gives what a pattern gives."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from convagent.catalog.letter_words import letter_words, words_among


@given(text=st.text(st.characters(max_codepoint=127)) | st.text())
def test_the_table_splits_as_the_pattern_does(text: str) -> None:
    plain = re.findall(r"[^\W\d_]+", text.lower())
    assert letter_words(text) == plain
    assert words_among(text) == set(plain)
