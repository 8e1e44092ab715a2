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


def test_the_page_s_commands_and_code_run_in_a_new_shop(root: Path, tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    new_shop(shop, name="Test shop")
    page = (root / "docs" / "evals.md").read_text(encoding="utf-8")
    files = re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", page, re.DOTALL)
    assert [name for name, _ in files] == ["evals/orders.yaml", "tickets.jsonl", "sheet.csv"]
    for name, text in files:
        (shop / name).parent.mkdir(exist_ok=True)
        (shop / name).write_text(text, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(root / "src"), "COLUMNS": "120", "NO_COLOR": "1"}
    told = []
    for language, block in re.findall(r"<!-- run -->\n```(sh|python)\n(.*?)```", page, re.DOTALL):
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
            assert done.returncode == (2 if "# exit 2" in line else 0), f"{line}\n{done.stdout}{done.stderr}"
            told.append(done.stdout)
    assert "3 results: 3 pass, 0 fail, 0 error, 0 unscored" in told[2]
    assert "3 results: 2 pass, 0 fail, 0 error, 1 unscored" in told[-2]
    assert told[-1].startswith("3 ")


def test_the_page_names_every_key_and_every_metric(root: Path) -> None:
    page = (root / "docs" / "evals.md").read_text(encoding="utf-8")
    for name in (*CaseEntry.model_fields, *Expect.model_fields, *METRICS):
        assert f"`{name}`" in page, name
