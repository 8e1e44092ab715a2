"""Clauses that give no figure are told apart quickly, and no figure is lost by it."""

from __future__ import annotations

from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from convagent.knowledge import figures

PIECES = ["two", "Three", "FOUR", "dreissig", "dreißig", "zwölf", "une", "onesie", "days", "working", "weeks", "jours", "or", "to",
          "14", "3-6", "€", "-", "_", ".", "ſix", "İ", "within", "the"]  # fmt: skip
CLAUSE = st.lists(st.sampled_from(PIECES), max_size=8).flatmap(
    lambda pieces: st.sampled_from([" ".join(pieces), "".join(pieces)])
)


@given(CLAUSE)
def test_looking_words_up_loses_no_figure(clause: str) -> None:
    found = list(figures._figures(clause))
    with patch.object(figures, "_has_number_word", lambda text: figures._NUMBER_WORD.search(text) is not None):
        assert list(figures._figures(clause)) == found


def test_a_number_that_is_written_out_is_a_figure() -> None:
    assert [values for _, _, values, _ in figures._figures("It takes two to Three days")] == [("2-3",)]
    assert list(figures._figures("It takes some days")) == []
