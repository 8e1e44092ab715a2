"""A file read by place: the same bytes on every system, from several threads, and while it is replaced."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convagent.search import KeptFile

DATA = bytes(range(256)) * 64


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "data"
    file.write_bytes(DATA)
    return file


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(begin=st.integers(0, len(DATA)), size=st.integers(0, 400), seeking=st.booleans())
def test_a_piece_is_what_stands_there_with_and_without_reading_by_place(
    path: Path, begin: int, size: int, seeking: bool
) -> None:
    assert KeptFile(path, seeking=seeking).read(begin, begin + size) == DATA[begin : begin + size]


@pytest.mark.parametrize("seeking", [True, False, None])
def test_threads_read_what_one_reads(path: Path, seeking: bool | None) -> None:
    file = KeptFile(path, seeking=seeking)
    places = [(number * 37) % (len(DATA) - 100) for number in range(2_000)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda place: file.read(place, place + 100), places))
    assert found == [DATA[place : place + 100] for place in places]


def test_the_size_is_told_and_what_lies_behind_the_end_is_nothing(path: Path) -> None:
    file = KeptFile(path)
    assert file.size == len(DATA)
    assert file.read(len(DATA) - 1, len(DATA) + 10) == DATA[-1:]


@pytest.mark.skipif(os.name == "nt", reason="this system doesn't remove open files")
def test_a_file_is_read_on_after_another_took_its_place(path: Path) -> None:
    file = KeptFile(path)
    path.unlink()
    path.write_bytes(b"another")
    assert file.read(0, 4) == DATA[:4]


def test_no_file_stays_open_once_nobody_reads_it(path: Path) -> None:
    for _ in range(3_000):
        KeptFile(path).read(0, 1)
