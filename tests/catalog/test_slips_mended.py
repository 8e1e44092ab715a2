"""Misspelt words of a catalog: whatever their length, the nearest of all its words is found."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from convagent.catalog.index import ProductIndex, ProductIndexBuilder
from convagent.facts import Product

WORDS = "mug lamp kettle blanket lantern cardigan umbrella tablecloth wheelbarrow candlestick thermometer".split()


def _index() -> ProductIndex:
    builder = ProductIndexBuilder(language="en")
    for number, word in enumerate(WORDS):
        builder.add(Product(id=str(number), title=word.capitalize()))
    return builder.done()


INDEX = _index()


@given(
    st.sampled_from(WORDS), st.lists(st.tuples(st.integers(0, 12), st.sampled_from("qxzj"), st.booleans()), max_size=3)
)
def test_the_nearest_word_is_found_among_those_of_any_length(word: str, edits: list[tuple[int, str, bool]]) -> None:
    slip = word
    for at, letter, leaves_out in edits:
        place = at % (len(slip) + 1)
        slip = slip[:place] + slip[place + 1 :] if leaves_out else slip[:place] + letter + slip[place:]
    allowed = 2 if len(slip) > 7 else 1
    distances = {known: OSA.distance(slip, known) for known in WORDS}
    nearest = min(distances.values())
    found = INDEX.mended_names(slip)
    if len(slip) < 3 or nearest > allowed:
        assert found == slip
    else:
        assert distances[found] == nearest


def test_a_word_of_any_length_is_left_as_it_is() -> None:
    assert INDEX.mended_names("x" * 5_000) == "x" * 5_000
