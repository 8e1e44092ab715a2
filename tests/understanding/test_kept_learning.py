"""What was learnt is kept under a hash of what it was learnt from, and nothing damaged is believed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from convagent.npy_files import read_npz
from convagent.understanding.kept_learning import learn_or_load, write_arrays


class Numbers:
    """Something that can be kept."""

    def __init__(self, values: NDArray[Any]) -> None:
        self.values = values

    def to_arrays(self) -> Mapping[str, NDArray[Any]]:
        return {"values": self.values}


def learnt(folder: Path | None, learnt_from: object = "examples") -> tuple[Numbers, list[str]]:
    """What came of it, and whether it was learnt."""
    lessons: list[str] = []

    def learn() -> Numbers:
        lessons.append("learnt")
        return Numbers(np.arange(5_000, dtype=np.float32))

    found = learn_or_load(
        "numbers", learnt_from, learn=learn, load=lambda arrays: Numbers(arrays["values"]), folder=folder
    )
    return found, lessons


def test_the_same_examples_are_learnt_once(tmp_path: Path) -> None:
    first, lessons = learnt(tmp_path)
    again, none = learnt(tmp_path)
    assert (lessons, none) == (["learnt"], [])
    assert np.array_equal(first.values, again.values)


def test_other_examples_are_learnt_and_take_the_place_of_those_before(tmp_path: Path) -> None:
    learnt(tmp_path)
    _, lessons = learnt(tmp_path, "other examples")
    assert lessons == ["learnt"]
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("place", [0, 100, 9_000, -100])
def test_nothing_damaged_is_believed(tmp_path: Path, place: int) -> None:
    learnt(tmp_path)
    (file,) = tmp_path.iterdir()
    data = bytearray(file.read_bytes())
    data[place] ^= 0xFF
    file.write_bytes(data)
    found, _ = learnt(tmp_path)
    assert np.array_equal(found.values, np.arange(5_000, dtype=np.float32))


def test_a_file_that_ends_early_is_learnt_anew(tmp_path: Path) -> None:
    learnt(tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-3_000])
    assert learnt(tmp_path)[1] == ["learnt"]
    assert learnt(tmp_path)[1] == []


def test_the_same_arrays_make_the_same_bytes(tmp_path: Path) -> None:
    arrays = {"some": np.linspace(0, 1, 1_000), "others": np.arange(3)}
    write_arrays(tmp_path / "one.npz", arrays)
    write_arrays(tmp_path / "two.npz", arrays)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    kept = read_npz(tmp_path / "one.npz")
    assert all(np.array_equal(kept[name], array) for name, array in arrays.items())
