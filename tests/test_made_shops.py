"""Six made shops: the data is what its README says, and no incident of the toy shop is lost for what looks like a question."""

from __future__ import annotations

import importlib.util
import json
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("made_shops", ROOT / "benchmarks" / "made_shops.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows() -> list[dict[str, Any]]:
    lines = (ROOT / "benchmarks" / "data" / "made-shop-messages.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_the_messages_are_what_the_readme_promises() -> None:
    assert len({row["id"] for row in rows()}) == len({row["text"] for row in rows()}) == len(rows()) == 275
    assert Counter(row["language"] for row in rows()) == {"en": 177, "de": 50, "fr": 48}
    halves = Counter((row["kind"], row["half"]) for row in rows())
    for kind in ("incident", "harmless"):
        assert halves[kind, "tune"] == halves[kind, "final"] == 40
    text = (ROOT / "benchmarks" / "data" / "README.md").read_text(encoding="utf-8")
    assert "`made-shops.json`" in text
    assert "`made-shop-messages.jsonl`" in text


def test_every_message_names_what_its_shop_has(benchmark: ModuleType) -> None:
    shops = benchmark.shops()
    for row in rows():
        shop = shops[row["shop"]]
        titles = {
            "guide": {guide["title"] for guide in shop["guides"] if not guide["safeguard"]},
            "article": {article["title"] for article in shop["articles"]},
            "incident": {guide["title"] for guide in shop["guides"] if guide["safeguard"]},
            "health": {guide["title"] for guide in shop["guides"] if guide["safeguard"]},
        }
        assert row.get("title") in titles.get(row["kind"], {None}), row["id"]
    for shop in shops.values():
        examples = {text for guide in shop["guides"] for text in (*guide["examples"], *guide["nots"])}
        assert all(len(guide["examples"]) == 5 for guide in shop["guides"])
        assert not examples & {row["text"] for row in rows()}


def test_incidents_of_a_new_shop_are_caught_and_questions_about_its_toys_are_not(
    benchmark: ModuleType, tmp_path: Path
) -> None:
    benchmark.write_shop(benchmark.shops()["toys"], tmp_path / "shop")
    hear = benchmark.Heard(tmp_path / "shop", words=False)
    told = [row for row in rows() if row["shop"] == "toys" and row["half"] == "tune"]
    found = {row["text"]: benchmark.verdict(row, hear(row["text"]))[0] for row in told}
    incidents = [row["text"] for row in told if row["kind"] == "incident"]
    harmless = [row["text"] for row in told if row["kind"] == "harmless"]
    assert {found[text] for text in incidents} == {"caught"}
    assert sum(found[text] == "alarmed" for text in harmless) <= 1
