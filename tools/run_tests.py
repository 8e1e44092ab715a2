"""Runs all tests: in parallel where the machine has cores for it, with branch coverage.

python tools/run_tests.py [pytest's options]
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def main() -> int:
    """Runs pytest and reports coverage; the exit code is pytest's own."""
    arguments = sys.argv[1:]
    workers = str(min(os.cpu_count() or 1, 4))
    python = sys.executable
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    if arguments:
        return subprocess.call([python, "-m", "pytest", *arguments], cwd=ROOT, env=environment)
    for old in ROOT.glob(".coverage*"):
        old.unlink()
    command = [python, "-m", "pytest", "-q", "-n", workers, "--dist", "worksteal", "--cov", "--cov-report="]
    code = subprocess.call(command, cwd=ROOT, env=environment)
    if code == 0:
        report = [python, "-m", "coverage", "report", "--skip-covered", "--sort=cover", "--fail-under=85"]
        return subprocess.call(report, cwd=ROOT, env=environment)
    return code


if __name__ == "__main__":
    sys.exit(main())
