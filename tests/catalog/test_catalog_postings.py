"""Rows are found under each of their values, ascending, however many there are."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convagent.catalog.colours import named_colours_in, plain_colours_in
from convagent.catalog.postings import PostingsBuilder

values = st.tuples(st.sampled_from(["sizes", "asked"]), st.sampled_from(["M", "L", "moss", ""]))


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(values, max_size=4), max_size=12))
@pytest.mark.parametrize("at_once", [1, 5, 500_000])
def test_rows_are_found_under_their_values(
    at_once: int, monkeypatch: pytest.MonkeyPatch, rows: list[list[tuple[str, str]]]
) -> None:
    monkeypatch.setattr("convagent.catalog.postings._ROWS", at_once)
    builder = PostingsBuilder()
    wanted: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, row in enumerate(rows):
        builder.add(builder.values(tuple(row)))
        for column, value in row:
            wanted[column][value].append(number)
    found = {column: {value: each.tolist() for value, each in held.items()} for column, held in builder.done().items()}
    assert found == wanted


@settings(max_examples=200)
@given(
    st.lists(
        st.sampled_from(["Navy", "blue-grey", "olive", "Moss_green", "not", "cream.", "12white", "\n"]), max_size=6
    )
)
def test_colours_are_named_alike_in_plain_text_and_beside_other_letters(words: list[str]) -> None:
    text = " ".join(words)
    assert plain_colours_in(text) == plain_colours_in(f"{text} ø")
    assert named_colours_in(text) == named_colours_in(f"{text} ø")
