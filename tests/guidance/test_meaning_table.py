"""The fifteen points of "Meaning" in docs/guidance/reference.md are each held by tests that name them."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

HERE = Path(__file__).parent
LEAST = 3


def named() -> Counter[int]:
    found: Counter[int] = Counter()
    for file in sorted(HERE.glob("test_meaning*.py")):
        found.update(
            int(number) for number in re.findall(r"^def test_point_(\d\d)_", file.read_text("utf-8"), re.MULTILINE)
        )
    return found


@pytest.mark.parametrize("point", range(1, 16))
def test_each_point_of_meaning_is_held_by_three_tests_or_more(point: int) -> None:
    assert named()[point] >= LEAST


def test_no_test_names_a_point_that_there_is_not() -> None:
    assert set(named()) == set(range(1, 16))
