"""The pages that are made from the code are up to date."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_the_pages_made_from_the_code_are_fresh(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "tools/make_docs.py", "--check"], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
