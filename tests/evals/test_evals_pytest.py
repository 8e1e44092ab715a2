"""Suites as tests, by a real pytest in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

RED = """\
cases:
  - title: Wrong on purpose
    tags: [red]
    turns:
      - customer: "let me talk to someone"
        expect: {outcome: Answered}
  - title: Nothing is expected
    turns:
      - customer: "let me talk to someone"
"""


def pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", "-q", "-rs", *arguments],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip


def test_each_case_is_a_test_and_its_tags_choose(suite: Path, shop: Path) -> None:
    done = pytest(shop, "--convagent", "evals")
    assert "3 passed" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0
    done = pytest(shop, "--convagent", "evals", "-k", "handover")
    assert "1 passed, 2 deselected" in done.stdout


def test_a_failure_shows_the_conversation_and_an_unscored_case_is_skipped(suite: Path, shop: Path) -> None:
    (suite.parent / "red.yaml").write_text(RED, encoding="utf-8")
    (suite.parent / "personas.yaml").write_text("personas: []\n", encoding="utf-8")
    done = pytest(shop, "--convagent", "evals/red.yaml", "--convagent-shop", str(shop))
    assert done.returncode == 1
    assert "evals/red.yaml:2: Wrong on purpose" in done.stdout
    assert "✗ outcome expected Answered, got HandedOver" in done.stdout
    assert "customer: let me talk to someone" in done.stdout
    assert "unscored: the case expects nothing" in done.stdout
    assert "1 failed, 1 skipped" in done.stdout


def test_without_the_option_suites_are_left_alone(suite: Path, shop: Path) -> None:
    assert pytest(shop, "evals").returncode == 5


def test_faults_of_a_suite_and_a_shop_that_is_not_there_are_told(suite: Path, shop: Path, tmp_path: Path) -> None:
    suite.write_text("cases:\n  - titel: x\n", encoding="utf-8")
    done = pytest(shop, "--convagent", "evals")
    assert done.returncode != 0
    assert "Did you mean title?" in done.stdout
    lone = tmp_path / "lone.yaml"
    lone.write_text(RED, encoding="utf-8")
    done = pytest(tmp_path, "--convagent", "lone.yaml")
    assert "--convagent-shop DIR" in done.stdout
