"""Vectors kept on disk: only new texts are embedded, and nothing on disk can do harm."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convagent.search import KeptVectors, Kind, Vectors, embed_kept


class Letters:
    """An embedder that counts letters, and notes what it was asked."""

    name = "letters"
    dim = 26

    def __init__(self, stamp: str = "letters-1") -> None:
        self.stamp = stamp
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str], *, kind: Kind = "passage", language: str | None = None) -> Vectors:
        self.asked.extend(texts)
        return np.array([[text.count(chr(97 + n)) for n in range(26)] for text in texts], dtype=np.float32)


def test_only_new_texts_are_embedded(tmp_path: Path) -> None:
    first, second = Letters(), Letters()
    embed_kept(first, ["lamp", "shoe"], folder=tmp_path / "v")
    found = embed_kept(second, ["coat", "shoe", "lamp"], folder=tmp_path / "v")
    assert first.asked == ["lamp", "shoe"]
    assert second.asked == ["coat"]
    assert np.array_equal(found, Letters().embed(["coat", "shoe", "lamp"]))


@pytest.mark.parametrize("change", ["stamp", "kind", "language"])
def test_another_embedder_kind_or_language_is_another_vector(tmp_path: Path, change: str) -> None:
    embed_kept(Letters(), ["lamp"], folder=tmp_path / "v", kind="example", languages=["en"])
    again = Letters("letters-2" if change == "stamp" else "letters-1")
    embed_kept(
        again, ["lamp"], folder=tmp_path / "v",
        kind="query" if change == "kind" else "example", languages=["de" if change == "language" else "en"],
    )  # fmt: skip
    assert again.asked == ["lamp"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rounds=st.lists(st.lists(st.text("ab\ud800\x00", max_size=3), max_size=5), min_size=1, max_size=4))
def test_any_history_ends_where_embedding_afresh_does(tmp_path: Path, rounds: list[list[str]]) -> None:
    for texts in rounds:
        found = embed_kept(Letters(), texts, folder=tmp_path / "v")
        assert np.array_equal(found, Letters().embed(texts).reshape(len(texts), 26))


@pytest.mark.parametrize("file", ["vectors.npy", "keys.npy"])
@pytest.mark.parametrize("data", [b"", b"no array", None])
def test_what_is_damaged_is_made_anew(tmp_path: Path, file: str, data: bytes | None) -> None:
    embed_kept(Letters(), ["lamp"], folder=tmp_path / "v")
    path = tmp_path / "v" / file
    path.write_bytes(path.read_bytes()[:-40] if data is None else data)
    again = Letters()
    assert np.array_equal(embed_kept(again, ["lamp"], folder=tmp_path / "v"), Letters().embed(["lamp"]))
    assert again.asked == ["lamp"]
    last = Letters()
    embed_kept(last, ["lamp"], folder=tmp_path / "v")
    assert last.asked == []


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    found = embed_kept(Letters(), ["lamp"], folder=tmp_path / "file" / "v")
    assert np.array_equal(found, Letters().embed(["lamp"]))
    assert np.array_equal(embed_kept(Letters(), ["lamp"], folder=None), found)


def test_nothing_but_the_folder_is_left_behind(tmp_path: Path) -> None:
    for texts in (["a"], ["b"], ["c"]):
        embed_kept(Letters(), texts, folder=tmp_path / "v")
    assert [path.name for path in tmp_path.iterdir()] == ["v"]


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    KeptVectors.of(
        Letters(), [str(n) for n in range(600)], kind="passage", languages=["en"] * 600,
        progress=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    assert told == [(256, 600), (512, 600), (600, 600)]


class Given:
    """An embedder of vectors that are given by number."""

    name = "given"
    stamp = "given-1"

    def __init__(self, rows: Vectors) -> None:
        self.rows = rows
        self.dim = rows.shape[1]

    def embed(self, texts: Sequence[str], *, kind: Kind = "passage", language: str | None = None) -> Vectors:
        return self.rows[[int(text) for text in texts]]


def halved(rows: Vectors, *, before: KeptVectors | None = None) -> KeptVectors:
    texts = [str(number) for number in range(len(rows))]
    return KeptVectors.of(Given(rows), texts, kind="passage", languages=["en"] * len(rows), before=before, bits=16)


def test_numbers_of_16_bits_are_right_to_a_part_in_65000_of_the_largest() -> None:
    rows = np.random.default_rng(3).normal(size=(50, 33)).astype(np.float32)
    rows *= np.logspace(-3, 3, 50, dtype=np.float32)[:, None]
    kept = halved(rows)
    assert kept.vectors.dtype == np.int16
    assert kept.scales is not None
    back = kept.vectors * kept.scales[:, None]
    assert (np.abs(back - rows).max(axis=1) <= np.abs(rows).max(axis=1) / 65_000).all()


def test_numbers_of_16_bits_come_back_from_disk_and_are_taken_over(tmp_path: Path) -> None:
    rows = np.random.default_rng(4).normal(size=(20, 7)).astype(np.float32)
    first = halved(rows)
    first.save(tmp_path)
    again = halved(rows, before=KeptVectors.load(tmp_path))
    assert again.fresh == 0
    assert again.scales is not None
    assert first.scales is not None
    assert np.array_equal(again.vectors, first.vectors)
    assert np.array_equal(again.scales, first.scales)


def test_vectors_of_another_precision_are_not_taken_over() -> None:
    rows = np.eye(3, dtype=np.float32)
    wide = KeptVectors.of(Given(rows), ["0", "1", "2"], kind="passage", languages=["en"] * 3)
    assert halved(rows, before=wide).fresh == 3


def test_what_is_no_number_is_nothing_in_16_bits() -> None:
    kept = halved(np.array([[np.nan, 1.0], [np.inf, -np.inf], [0.0, 0.0]], dtype=np.float32))
    assert kept.scales is not None
    assert np.allclose(kept.vectors * kept.scales[:, None], [[0, 1], [0, 0], [0, 0]], atol=1e-4)


@pytest.mark.parametrize("file", ["scales.npy", "vectors.npy"])
def test_damaged_vectors_of_16_bits_are_refused(tmp_path: Path, file: str) -> None:
    halved(np.eye(4, dtype=np.float32)).save(tmp_path)
    path = tmp_path / file
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises((ValueError, OSError)):
        KeptVectors.load(tmp_path)
