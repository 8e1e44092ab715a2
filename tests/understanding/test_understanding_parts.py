"""The labelled messages for signals and slots: as many as promised, in two halves; and the tune half read as measured."""

from __future__ import annotations

import importlib.util
import json
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def rows(name: str) -> list[dict[str, Any]]:
    lines = (ROOT / "benchmarks" / "data" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("understanding_parts", ROOT / "benchmarks" / "understanding_parts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_signal_has_forty_messages_that_mean_it_and_forty_that_do_not() -> None:
    counts = Counter((row["signal"], bool(row["expect"])) for row in rows("signals"))
    for signal in ("asks_for_person", "upset", "closing", "auto_reply", "spam", "abusive", "sensitive"):
        assert counts[signal, True] >= 40
        assert counts[signal, False] >= 40
    answers = Counter(row["expect"] for row in rows("signals") if row["signal"] == "affirmation")
    assert all(answers[answer] >= 40 for answer in ("yes", "no", "yes_but", "unclear"))


def test_each_kind_of_slot_has_forty_messages_and_a_clock() -> None:
    counts = Counter(row["kind"] for row in rows("slots"))
    assert all(count >= 40 for count in counts.values())
    assert {row["now"] for row in rows("slots")} >= {"2026-06-16T10:30", "2026-12-30T10:30"}


@pytest.mark.parametrize("name", ["signals", "slots"])
def test_the_halves_are_alike_in_size(name: str) -> None:
    halves = Counter(row["half"] for row in rows(name))
    assert set(halves) == {"tune", "final"}
    assert abs(halves["tune"] - halves["final"]) <= 25
    assert len({row["id"] for row in rows(name)}) == len(rows(name))


def test_the_tune_half_is_read_as_measured(benchmark: ModuleType) -> None:
    for name, number, precision, recall in benchmark.measure("tune", tell=lambda _: None):
        assert number >= 20
        exact = "exact degree" in name
        assert precision >= (0.85 if exact else 0.95), name
        assert recall >= (0.85 if exact else 0.9), name
