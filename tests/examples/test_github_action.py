"""The example workflow: what it runs is run here as a shell would, with what GitHub sets."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.evals.conftest import CANCEL


def workflow(root: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(
        (root / "examples" / "github-action" / ".github" / "workflows" / "evals.yml").read_text(encoding="utf-8")
    )
    return found


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_the_workflow_s_run_makes_its_reports_and_annotates(root: Path, shop: Path, tmp_path: Path) -> None:
    (shop / "evals").mkdir()
    (shop / "evals" / "cancel.yaml").write_text(
        CANCEL.replace("reason: customer_request", "reason: guidance"), encoding="utf-8"
    )
    steps = workflow(root)["jobs"]["evals"]["steps"]
    (script,) = [step["run"] for step in steps if step.get("name") == "Run the conversations"]
    command = tmp_path / "bin" / "convagent"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m convagent "$@"\n', encoding="utf-8")
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    environment = {
        **os.environ, "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(root / "src"),
        "SHOP": ".", "GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(shop),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
    }  # fmt: skip
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=shop, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    assert "::error file=evals/cancel.yaml,line=" in done.stdout
    assert (tmp_path / "summary.md").read_text(encoding="utf-8").startswith("## ❌ 1 of 3 cases fail")
    assert {path.name for path in (shop / "reports").iterdir()} == {"results.jsonl", "junit.xml", "report.html"}


def test_the_workflow_may_read_alone_and_keeps_the_report_of_a_red_run(root: Path) -> None:
    found = workflow(root)
    assert set(found["permissions"].values()) == {"read"}
    (upload,) = [
        s for s in found["jobs"]["evals"]["steps"] if str(s.get("uses", "")).startswith("actions/upload-artifact@")
    ]
    assert upload["if"] == "always()"
    assert upload["with"]["path"] == "reports"
    scripts = [step["run"] for step in found["jobs"]["evals"]["steps"] if "run" in step]
    assert not any("${{" in script for script in scripts), "what a pull request names never becomes part of a script"
