"""Sixty conversations at once with the demo shop, from threads, tasks and two processes: nothing is lost."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
BENCHMARK = ROOT / "benchmarks" / "conversations.py"


def held(*arguments: str) -> dict[str, Any]:
    """What `benchmarks/conversations.py` counts; it fails by itself where anything was lost."""
    ended = subprocess.run(
        [sys.executable, str(BENCHMARK), "--conversations", "60", "--json", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, f"{ended.stdout}{ended.stderr[-2000:]}"
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


NOTHING_LOST = {
    "replies": 180, "outcomes": {"1 Answered": 60, "2 Asked": 60, "3 Answered": 60}, "effects_once": 60, "effects_twice": 0,
    "effects_lost": 0, "whole_transcripts": 60,
}  # fmt: skip


@pytest.mark.parametrize(("by", "workers"), [("asyncio", "1"), ("threads", "2")])
def test_whole_conversations_at_once_lose_nothing(url: str, by: str, workers: str) -> None:
    if url.startswith("postgresql") and by == "asyncio":
        pytest.skip("tasks run in threads, and those are held on both databases")
    found = held("--database", url, "--by", by, "--workers", workers)
    assert {name: found[name] for name in NOTHING_LOST} == NOTHING_LOST


def test_the_count_sees_what_was_lost() -> None:
    is_whole = runpy.run_path(str(BENCHMARK))["is_whole"]
    whole = {"conversations": 60, **NOTHING_LOST}
    assert is_whole(whole)
    for name, value in (("replies", 179), ("effects_twice", 1), ("effects_lost", 1), ("whole_transcripts", 59)):
        assert not is_whole({**whole, name: value})
