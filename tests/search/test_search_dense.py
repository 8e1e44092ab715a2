"""Exact search among vectors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from convagent.search import DenseIndex
from convagent.search.dense import EXACT


def made(count: int, dim: int, seed: int = 1) -> NDArray[np.float32]:
    vectors = np.random.default_rng(seed).normal(size=(count, dim)).astype(np.float32)
    unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


@settings(max_examples=40, deadline=None)
@given(count=st.integers(0, 60), k=st.integers(-1, 70), seed=st.integers(0, 99))
def test_it_finds_what_sorting_everything_finds(count: int, k: int, seed: int) -> None:
    vectors = made(count, 8, seed)
    query = made(1, 8, seed + 1000)[0]
    found = DenseIndex(vectors).search(query, k)
    scores = DenseIndex(vectors).scores(query)
    wanted = [n for n in sorted(range(count), key=lambda n: (-scores[n], n)) if scores[n] > 0][: max(k, 0)]
    assert found.documents.tolist() == wanted
    assert np.allclose(found.scores, vectors[wanted] @ query, atol=1e-6)


def test_of_equal_scores_the_lower_number_comes_first() -> None:
    vectors = np.tile(np.array([[1, 0]], dtype=np.float32), (50, 1))
    assert DenseIndex(vectors).search(np.array([1, 0], dtype=np.float32), 3).documents.tolist() == [0, 1, 2]


def test_only_what_is_allowed_and_near_enough_is_found() -> None:
    vectors = np.array([[1, 0], [0.6, 0.8], [0, 1]], dtype=np.float32)
    index, query = DenseIndex(vectors), np.array([1, 0], dtype=np.float32)
    assert index.search(query, 9, least=0.7).documents.tolist() == [0]
    assert index.search(query, 9, allowed=np.array([False, True, True])).documents.tolist() == [1]


def test_a_query_that_fills_one_half_is_compared_with_that_half() -> None:
    vectors = made(20, 12)
    query = np.zeros(12, dtype=np.float32)
    query[6:] = made(1, 6)[0]
    assert np.allclose(DenseIndex(vectors).scores(query), vectors @ query, atol=1e-6)


def test_vectors_are_read_where_they_lie(tmp_path: Path) -> None:
    vectors = made(30, 8)
    np.save(tmp_path / "v.npy", vectors)
    index = DenseIndex(np.load(tmp_path / "v.npy", mmap_mode="r"))
    assert isinstance(index.vectors, np.memmap)
    assert np.array_equal(index.scores(vectors[3]), DenseIndex(vectors).scores(vectors[3]))


def test_nothing_and_what_is_no_number_scores_nothing() -> None:
    vectors = np.array([[np.nan, 1], [np.inf, 0], [0.5, 0.5]], dtype=np.float32)
    with np.errstate(invalid="ignore"):
        scores = DenseIndex(vectors).scores(np.array([1, 0], dtype=np.float32))
    assert scores.tolist() == [0.0, 0.0, 0.5]
    assert not DenseIndex(vectors).scores(np.zeros(2, dtype=np.float32)).any()


@pytest.mark.parametrize("wrong", [np.zeros(3, dtype=np.float32), np.zeros((2, 2), dtype=np.int64)])
def test_what_is_no_matrix_of_numbers_is_refused(wrong: NDArray[np.float32]) -> None:
    with pytest.raises(ValueError, match="holds no vectors"):
        DenseIndex(wrong)


def test_a_large_index_finds_nearly_what_exact_search_finds() -> None:
    chance = np.random.default_rng(7)
    # Vectors of texts lie near fewer directions than they have numbers.
    vectors = chance.normal(size=(EXACT + 1_000, 60)).astype(np.float32) @ chance.normal(size=(60, 256)).astype(
        np.float32
    )
    vectors += chance.normal(scale=0.5, size=vectors.shape).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index = DenseIndex(vectors)
    for query in vectors[:20] + 0.02 * chance.normal(size=(20, 256)).astype(np.float32):
        exact = vectors @ query
        scores = index.scores(query)
        wanted = np.argsort(-exact, kind="stable")[:20]
        assert len(set(wanted) & set(np.argsort(-scores, kind="stable")[:20])) >= 19
        assert np.allclose(scores[wanted[:10]], np.minimum(exact[wanted[:10]], 1.0), atol=1e-5)
        assert np.array_equal(scores, DenseIndex(vectors).scores(query))


def test_a_large_index_of_two_halves_reads_the_half_that_is_asked() -> None:
    vectors = np.hstack([made(EXACT + 10, 120, 1), made(EXACT + 10, 120, 2)])
    index = DenseIndex(vectors)
    for half in (slice(0, 120), slice(120, 240)):
        query = np.zeros(240, dtype=np.float32)
        query[half] = vectors[4_321, half]
        assert int(index.scores(query).argmax()) == 4_321


@pytest.mark.parametrize(("count", "dim"), [(200, 120), (EXACT + 500, 90)])
def test_whole_numbers_with_scales_are_the_vectors_that_they_stand_for(count: int, dim: int) -> None:
    vectors = made(count, dim, 7)
    scales = np.abs(vectors).max(axis=1) / np.float32(32_767)
    whole = np.rint(vectors / scales[:, None]).astype(np.int16)
    index, exact = DenseIndex(whole, scales), DenseIndex(vectors)
    for query in vectors[:10]:
        assert np.allclose(index.scores(query), exact.scores(query), atol=1e-4)


def test_the_nearest_of_a_large_index_of_whole_numbers_are_reckoned_in_full() -> None:
    vectors = made(EXACT + 500, 120, 7)
    scales = np.abs(vectors).max(axis=1) / np.float32(32_767)
    index = DenseIndex(np.rint(vectors / scales[:, None]).astype(np.int16), scales)
    for number in (0, 77, EXACT + 499):
        scores = index.scores(vectors[number])
        assert int(scores.argmax()) == number
        assert scores[number] == pytest.approx(1.0, abs=1e-4)


def test_whole_numbers_without_scales_and_scales_of_others_are_refused() -> None:
    whole = np.ones((3, 2), dtype=np.int16)
    with pytest.raises(ValueError, match="no vectors"):
        DenseIndex(whole)
    with pytest.raises(ValueError, match="scales"):
        DenseIndex(whole, np.ones(2, dtype=np.float32))


@pytest.mark.parametrize("count", [300, 3_000])
def test_of_a_large_index_the_allowed_alone_are_looked_at(count: int) -> None:
    vectors = made(EXACT + 2_000, 160)
    allowed = np.zeros(len(vectors), dtype=np.bool_)
    allowed[np.random.default_rng(7).choice(len(vectors), count, replace=False)] = True
    query = made(1, 160, 5)[0]
    scores = DenseIndex(vectors).scores(query, allowed=allowed)
    true = np.where(allowed, vectors @ query, -1.0)
    nearest = np.argsort(-true)[:20]
    assert not scores[~allowed].any()
    assert np.allclose(scores[nearest], true[nearest], atol=1e-6)
    assert DenseIndex(vectors).search(query, 5, allowed=allowed).documents.tolist() == nearest[:5].tolist()
