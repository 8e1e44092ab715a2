"""`convagent eval` with reports, `eval report` and `eval coverage`, run as a user runs them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tests.cli.test_commands import convagent
from tests.evals.conftest import CANCEL


@pytest.fixture
def suite(shop: Path) -> Path:
    """Cases in the shop, the last of which fails."""
    (shop / "evals").mkdir()
    path = shop / "evals" / "cancel.yaml"
    path.write_text(CANCEL.replace("reason: customer_request", "reason: guidance"), encoding="utf-8")
    return path


def test_a_run_writes_every_report_and_a_log_gives_the_same(suite: Path, shop: Path) -> None:
    names = ("report.html", "junit.xml", "report.md")
    wanted = [
        part for flag, name in zip(("--html", "--junit", "--markdown"), names, strict=True) for part in (flag, name)
    ]
    done = convagent("eval", "evals", *wanted, "--json", "log.jsonl", "--coverage", cwd=shop)
    assert done.returncode == 1
    assert "report: report.html" in done.stdout
    assert "branches" in done.stdout
    assert "never opened" in done.stdout
    made = [(shop / name).read_bytes() for name in names]
    page = made[0].decode()
    assert all(f"cancel/{name}" in page for name in ("cancelled-after-a-yes", "a-person"))
    assert ET.fromstring(made[1].decode()).attrib["failures"] == "1"
    assert b"1 of 3 cases fail" in made[2]
    again = [part if part.startswith("--") else f"again-{part}" for part in wanted]
    done = convagent("eval", "report", "log.jsonl", *again, "--shop", ".", cwd=shop)
    assert done.returncode == 0, done.stderr
    assert [(shop / f"again-{name}").read_bytes() for name in names] == made


def test_coverage_of_a_log_is_told_and_given_to_programs(suite: Path, shop: Path) -> None:
    convagent("eval", "--json", "log.jsonl", cwd=shop)
    told = convagent("eval", "coverage", "log.jsonl", "--show", "3", cwd=shop)
    assert told.returncode == 0
    assert "guidance/" in told.stdout
    assert "more; --show says how many" in told.stdout
    data = json.loads(convagent("eval", "coverage", "log.jsonl", "--json", cwd=shop).stdout)
    assert data["coverage.guides"]["of"] == len(data["guides"])
    assert {"kind", "name", "file", "line", "told"} == set(data["gaps"][0])


def test_on_github_failures_are_annotated_and_customers_can_t_write_commands(
    suite: Path, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite.write_text(
        suite.read_text().replace("let me talk to someone", "::error::let me talk to someone"), encoding="utf-8"
    )
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(shop.parent))
    done = convagent("eval", "evals", cwd=shop)
    lines = done.stdout.splitlines()
    (told,) = [line for line in lines if line.startswith("::error")]
    assert told.startswith(f"::error file={shop.name}/evals/cancel.yaml,line=")
    stop = next(number for number, line in enumerate(lines) if line.startswith("::stop-commands::"))
    word = lines[stop].rpartition("::")[2]
    go_on = lines.index(f"::{word}::")
    said = [number for number, line in enumerate(lines) if "“::error::let me" in line]
    assert said
    assert all(stop < number < go_on for number in said)
    assert lines.index(told) > go_on
    assert "::error" not in convagent("eval", "evals", "--no-github", "--show", "0", cwd=shop).stdout
    printed = convagent("eval", "evals", "--json", "-", cwd=shop).stdout
    assert all(json.loads(line) for line in printed.splitlines()), "the log alone"


def test_what_can_t_be_used_or_written_is_said(suite: Path, shop: Path) -> None:
    assert os.environ.get("GITHUB_ACTIONS") != "true" or convagent("eval", "report", "x", cwd=shop).returncode == 2
    convagent("eval", "--json", "log.jsonl", cwd=shop)
    none = convagent("eval", "report", "log.jsonl", "--no-github", cwd=shop)
    assert none.returncode == 2
    assert "--html" in none.stderr
    (shop / "folder").mkdir()
    full = convagent("eval", "report", "log.jsonl", "--html", "folder", cwd=shop)
    assert full.returncode == 2
    assert "can't be written" in full.stderr
    lines = (shop / "log.jsonl").read_text(encoding="utf-8").splitlines()
    (shop / "cut.jsonl").write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    assert convagent("eval", "report", "cut.jsonl", "--html", "cut.html", cwd=shop).returncode == 0
    assert "did not come to its end" in (shop / "cut.html").read_text(encoding="utf-8")
    assert convagent("eval", "coverage", "cut.jsonl", cwd=shop).returncode == 2
    based = convagent("eval", "report", "log.jsonl", "--markdown", "pr.md", "--base", "log.jsonl", cwd=shop)
    assert based.returncode == 0
    assert "**0 newly broken**" in (shop / "pr.md").read_text(encoding="utf-8")
