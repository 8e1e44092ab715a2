"""Products' JSON is packed against what products have in common, and comes back as it was."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.catalog.packing import Packing


def told(number: int) -> bytes:
    return b'{"id":"lamp-%d","title":"Lamp %d","options":["Colour"],"variants":[{"sku":"L-%d"}]}' % (
        number,
        number,
        number,
    )


@settings(max_examples=60, deadline=None)
@given(samples=st.lists(st.binary(max_size=200), max_size=20), texts=st.lists(st.binary(max_size=3_000), max_size=5))
def test_any_text_comes_back_whatever_the_dictionary_was_learned_from(samples: list[bytes], texts: list[bytes]) -> None:
    packing = Packing.learned(samples)
    again = Packing(packing.dictionary)  # as after a restart
    for text in texts:
        assert packing.unpacked(packing.packed(text)) == text
        assert again.unpacked(packing.packed(text)) == text


def test_what_texts_have_in_common_takes_no_room() -> None:
    packing = Packing.learned([told(number) for number in range(500)])
    plain = Packing(b"")
    assert packing.dictionary
    assert len(packing.packed(told(7_777))) < len(plain.packed(told(7_777))) / 2


def test_too_few_texts_for_a_trained_dictionary_are_one_as_they_are() -> None:
    packing = Packing.learned([told(1), told(2)])
    assert packing.dictionary == told(1) + told(2)
    assert packing.unpacked(packing.packed(told(3))) == told(3)


def test_damaged_bytes_are_told() -> None:
    packing = Packing.learned([told(number) for number in range(500)])
    with pytest.raises(ValueError, match="damaged"):
        packing.unpacked(b"no such thing")


def test_several_threads_share_one() -> None:
    packing = Packing.learned([told(number) for number in range(500)])
    with ThreadPoolExecutor(4) as pool:
        assert all(
            pool.map(lambda number: packing.unpacked(packing.packed(told(number))) == told(number), range(2_000))
        )
