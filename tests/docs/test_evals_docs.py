"""What the page on evaluations shows is run, in the order in which it stands there."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from convagent.cli.init import new_shop
from convagent.evals import METRICS, Expect
from convagent.evals.cases import CaseEntry


def run_page(root: Path, page: str, shop: Path) -> tuple[list[str], list[str]]:
    """Writes a page's files into a new shop and runs its blocks there: the files' names, what each command printed."""
    new_shop(shop, name="Test shop")
    text = (root / "docs" / page).read_text(encoding="utf-8")
    files = re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", text, re.DOTALL)
    for name, content in files:
        (shop / name).parent.mkdir(exist_ok=True)
        (shop / name).write_text(content, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(root / "src"), "COLUMNS": "120", "NO_COLOR": "1"}
    told = []
    for language, block in re.findall(r"<!-- run -->\n```(sh|python)\n(.*?)```", text, re.DOTALL):
        for line in block.strip().split("\n") if language == "sh" else [block]:
            words = ["-m", *shlex.split(line, comments=True)] if language == "sh" else ["-c", line]
            done = subprocess.run(
                [sys.executable, *words],
                cwd=shop,
                capture_output=True,
                text=True,
                env=environment,
                check=False,
                timeout=240,
            )
            exits = re.search(r"# exit (\d)", line) if language == "sh" else None
            assert done.returncode == int(exits[1] if exits else 0), f"{line}\n{done.stdout}{done.stderr}"
            told.append(done.stdout)
    return [name for name, _ in files], told


def test_the_page_s_commands_and_code_run_in_a_new_shop(root: Path, tmp_path: Path) -> None:
    names, told = run_page(root, "evals.md", tmp_path / "shop")
    assert {"evals/orders.yaml", "tickets.jsonl", "sheet.csv", "evals/personas.yaml"} <= set(names)
    assert "3 results: 3 pass, 0 fail, 0 error, 0 unscored" in told[2]
    assert any("3 results: 2 pass, 0 fail, 0 error, 1 unscored" in each for each in told)
    assert told[-1].startswith("3 ")


def test_the_page_on_quality_runs_in_a_new_shop(root: Path, tmp_path: Path) -> None:
    _, told = run_page(root, "quality.md", tmp_path / "shop")
    assert "it asks for what customers should never write" in told[0]
    assert "agreement with people on resolution: 100% of 2, kappa 1.00" in told[0]
    assert told[-1].splitlines()[0].startswith("T-1 resolution: good")


def test_the_page_names_every_key_and_every_metric(root: Path) -> None:
    page = (root / "docs" / "evals.md").read_text(encoding="utf-8")
    for name in (*CaseEntry.model_fields, *Expect.model_fields, *METRICS):
        assert f"`{name}`" in page, name
