"""What counting promises: adding, dropping and reordering documents equals counting afresh."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from convagent.search import TermCounts, Tokeniser, count_terms
from convagent.search.counts import sorting

Row = dict[str, float]
ROWS = st.lists(st.dictionaries(st.sampled_from("abcdefg"), st.integers(1, 9).map(float), max_size=5), max_size=8)


def same(one: TermCounts, other: TermCounts) -> bool:
    return one.terms == other.terms and all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in ("starts", "term_ids", "counts")
    )


def rows_of(counts: TermCounts) -> list[Row]:
    ends = zip(counts.starts[:-1].tolist(), counts.starts[1:].tolist(), strict=True)
    return [
        {counts.terms[at]: float(n) for at, n in zip(counts.term_ids[a:b], counts.counts[a:b], strict=True)}
        for a, b in ends
    ]


@given(ROWS)
def test_counts_come_out_as_they_went_in(rows: Sequence[Row]) -> None:
    counts = TermCounts.from_rows(rows)
    assert rows_of(counts) == list(rows)
    assert len(counts) == len(rows)
    assert counts.terms == tuple(sorted(set().union(*rows)))


@given(ROWS, ROWS, st.randoms(use_true_random=False))
def test_stacking_and_selecting_equals_counting_afresh(upper: list[Row], lower: list[Row], random: object) -> None:
    rows = upper + lower
    order = list(range(len(rows)))
    random.shuffle(order)  # type: ignore[attr-defined]
    order = order[: len(order) // 2 + 1]
    stacked = TermCounts.stack(TermCounts.from_rows(upper), TermCounts.from_rows(lower)).select(order)
    assert same(stacked, TermCounts.from_rows([rows[number] for number in order]))


def test_document_frequency_counts_documents_not_times() -> None:
    counts = TermCounts.from_rows([{"a": 5.0, "b": 1.0}, {"a": 1.0}])
    assert dict(zip(counts.terms, counts.document_frequency.tolist(), strict=True)) == {"a": 2, "b": 1}


def test_fields_weigh_and_pairs_do_not_cross_them() -> None:
    counted = count_terms([("late parcel", 3.0), ("box", 1.0), ("parcel", 0.5)], Tokeniser("en"))
    assert counted == {"late": 3.0, "parcel": 3.5, "late parcel": 3.0, "box": 1.0}


def test_a_field_of_no_weight_leaves_no_trace() -> None:
    assert count_terms([("parcel", 0.0)], Tokeniser("en")) == {}


@given(st.lists(st.one_of(*(st.integers(0, most) for most in (5, 2**16 + 3, 2**32 + 3, 2**62))), max_size=40))
def test_sorting_keeps_equal_keys_as_they_were(keys: list[int]) -> None:
    array = np.array(keys, dtype=np.int64)
    assert sorting(array).tolist() == sorted(range(len(keys)), key=lambda number: keys[number])
