"""Postings: nothing is lost by keeping them in a few bytes each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.search import BM25, LexicalIndex, TermCounts, TfIdf, Tokeniser
from convagent.search.postings import Postings, counts_of, postings_of

ROWS = st.lists(
    st.dictionaries(st.sampled_from("abcdefg"), st.sampled_from([0.5, 1.0, 2.0, 4.0, 7.25]), max_size=7), max_size=8
)


@settings(max_examples=60, deadline=None)
@given(rows=ROWS)
def test_counts_come_back_from_their_postings(rows: list[dict[str, float]]) -> None:
    counts = TermCounts.from_rows(rows)
    back = counts_of(postings_of(counts, TfIdf()), counts.terms)
    assert back.terms == counts.terms
    for name in ("starts", "term_ids", "counts"):
        one, other = getattr(back, name), getattr(counts, name)
        assert one.dtype == other.dtype
        assert np.array_equal(one, other)


@settings(max_examples=150, deadline=None)
@given(
    rows=ROWS, added=ROWS, keep=st.lists(st.booleans(), min_size=8, max_size=8), data=st.data(),
    weighting=st.sampled_from([TfIdf(slope=0.5), BM25()]),
)  # fmt: skip
def test_what_is_brought_up_to_date_equals_what_is_counted_afresh(
    rows: list[dict[str, float]], added: list[dict[str, float]], keep: list[bool], data: st.DataObject,
    weighting: TfIdf | BM25,
) -> None:  # fmt: skip
    kept = [place for place in range(len(rows)) if keep[place]]
    mixed = data.draw(st.permutations([*kept, *[-1] * len(added)]))
    in_order = iter(kept)
    order = mixed if data.draw(st.booleans()) else [next(in_order) if place >= 0 else -1 for place in mixed]
    fresh = iter(added)
    wanted = [rows[place] if place >= 0 else next(fresh) for place in order]

    def index(of: list[dict[str, float]]) -> LexicalIndex:
        return LexicalIndex(TermCounts.from_rows(of), tokeniser=Tokeniser("en"), weighting=weighting, longest=1)

    renewed, built = index(rows).renewed(order, TermCounts.from_rows(added)), index(wanted)
    assert tuple(renewed.vocabulary) == tuple(built.vocabulary)
    for name in Postings._fields[1:]:
        one: Any = getattr(renewed._postings, name)
        other: Any = getattr(built._postings, name)
        assert (name, one.dtype, one.tolist()) == (name, other.dtype, other.tolist())
    assert renewed.search("a b c", 9).documents.tolist() == built.search("a b c", 9).documents.tolist()


def of_numbers(rows: list[dict[str, float]]) -> LexicalIndex:
    return LexicalIndex(TermCounts.from_rows(rows), tokeniser=Tokeniser("en"), weighting=BM25(), longest=1)


def test_more_documents_than_two_bytes_hold_are_told_apart() -> None:
    index = of_numbers([{"lamp": 1.0} if number in (0, 65_536, 65_537) else {"shoe": 1.0} for number in range(65_538)])
    assert index.search("lamp", 5).documents.tolist() == [0, 65_536, 65_537]


def test_more_different_counts_than_one_byte_holds_are_told_apart() -> None:
    rows = [{"lamp": 1.0 + number / 8, "filler": 400.0 - number / 8} for number in range(1_000)]
    index = of_numbers(rows)
    assert index.search("lamp", 3).documents.tolist() == [999, 998, 997]
    assert index.counts.counts.max() == 400.0


def test_an_entry_takes_three_bytes(tmp_path: Path) -> None:
    rows = [{f"w{(number * step) % 97}": 1.0 for step in range(1, 60)} for number in range(500)]
    of_numbers(rows).save(tmp_path)
    entries = sum(map(len, rows))
    sizes = {path.stem: path.stat().st_size - 128 for path in tmp_path.glob("*.npy")}
    assert (sizes["documents"], sizes["counts"]) == (2 * entries, entries)


@pytest.mark.parametrize("same", [True, False])
def test_indexes_kept_beside_each_other_share_a_vocabulary_where_they_have_the_same(tmp_path: Path, same: bool) -> None:
    whole, part = (
        of_numbers([{"lamp": 2.0, "shoe": 1.0}]),
        of_numbers([{"lamp": 1.0}, {"shoe" if same else "coat": 1.0}]),
    )
    whole.save(tmp_path / "whole")
    part.save(tmp_path / "part", beside=whole)
    assert (tmp_path / "part" / "terms.npy").exists() is not same
    back = LexicalIndex.load(tmp_path / "whole")
    beside = LexicalIndex.load(tmp_path / "part", beside=back)
    assert (beside.vocabulary is back.vocabulary) is same
    assert np.array_equal(beside.scores("lamp shoe coat"), part.scores("lamp shoe coat"))


def test_places_serve_the_index_that_shares_the_vocabulary(tmp_path: Path) -> None:
    whole, part = of_numbers([{"lamp": 2.0, "shoe": 1.0}]), of_numbers([{"lamp": 1.0}, {"shoe": 1.0}])
    terms = part.terms("a red lamp")
    assert np.array_equal(
        whole.scores(whole.query(terms, places=part.places(terms))), whole.scores(whole.query("a red lamp"))
    )


@settings(max_examples=40, deadline=None)
@given(rows=ROWS.filter(bool), asked=st.text("abcdefgh ", max_size=12), data=st.data())
def test_the_coverage_of_some_documents_is_theirs_among_all(
    rows: list[dict[str, float]], asked: str, data: st.DataObject
) -> None:
    counts = TermCounts.from_rows(rows)
    index = LexicalIndex(counts, tokeniser=Tokeniser("und"), weighting=TfIdf(), longest=1)
    some = np.array(data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=5)), dtype=np.int64)
    assert np.array_equal(index.coverage(asked, some), index.coverage(asked)[some])
