"""What the page on selling shows is run, or read as a shop would."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from convagent.settings import read_settings
from convagent.shopping.rules import STRATEGIES, SellingRules, Stage

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "selling.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def rules_of(shown: str, folder: Path) -> SellingRules:
    path = folder / "convagent.toml"
    path.write_text(f'[shop]\nname = "Test"\ncurrency = "EUR"\n{shown}', encoding="utf-8")
    return read_settings(path).selling


@pytest.mark.parametrize("shown", SHOWN)
def test_rules_of_the_page_can_be_read(shown: str, tmp_path: Path) -> None:
    assert rules_of(shown, tmp_path) != SellingRules()


def test_the_rules_that_the_page_calls_the_demo_shops_are(tmp_path: Path) -> None:
    assert rules_of(SHOWN[0], tmp_path) == read_settings(ROOT / "convagent.toml").selling


def test_the_decisions_of_the_page_come_out_as_it_says() -> None:
    (shown,) = re.findall(r"<!-- run -->\n```python\n(.*?)```", PAGE, re.DOTALL)
    expected = re.findall(r"^print\(.*\)  # (.*)$", shown, re.MULTILINE)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == expected
    assert len(expected) == 4


def test_the_tables_of_the_page_are_whole() -> None:
    for name in (*STRATEGIES, *get_args(Stage), "shortlist", "questions_in_a_row", "low_stock_from"):
        assert re.search(rf"^\| `{name}` \|", PAGE, re.MULTILINE), name


def test_the_manners_of_the_page_are_the_defaults_of_the_code() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| ", PAGE, re.MULTILINE)
    assert {name: str(getattr(SellingRules(), name)).lower() for name, _ in rows} == dict(rows)
    assert len(rows) == 4
