"""Packed products are what was packed, in memory and in a file, whatever is replaced or added meanwhile."""

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from convagent.catalog.packed import HeldPacked, KeptPacked, Packed, write_packed

packed = st.binary(max_size=40)
changes = st.lists(st.tuples(st.none() | st.integers(0, 30), packed), max_size=30)


@given(st.lists(packed, max_size=20), changes)
def test_it_is_a_list_of_bytes(first: list[bytes], then: list[tuple[int | None, bytes]]) -> None:
    held = HeldPacked()
    for each in first:
        held.append(each)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "products.bin"
        kept = KeptPacked(path, write_packed(path, held))
        both: tuple[Packed, Packed] = (held, kept)
        expected = list(first)
        for number, each in then:
            if number is None:
                expected.append(each)
                for store in both:
                    store.append(each)
            elif number < len(expected):
                expected[number] = each
                for store in both:
                    store[number] = each
        for store in both:
            assert list(store) == expected
            assert [store[number] for number in range(len(store))] == expected
        other = Path(folder) / "again.bin"
        again = KeptPacked(other, write_packed(other, held)) if expected else ()
        assert list(again) == expected
