"""What the page on the shopping assistant shows is run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from convagent.guidance.interpreter.kernel import ADVICE_ABOUT
from convagent.guidance.language.parse import parse_text


def test_the_example_finds_products_and_what_goes_with_them(root: Path) -> None:
    page = (root / "docs" / "shopping.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    environment = {**os.environ, "PYTHONPATH": str(root / "src")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "The Harbour Jacket €149.00 waterproof" in done.stdout
    assert "goes well with The Harbour Jacket" in done.stdout


def test_the_guide_shown_is_one_and_every_subject_is_named(root: Path) -> None:
    page = (root / "docs" / "shopping.md").read_text(encoding="utf-8")
    (guide,) = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    file, faults = parse_text(guide)
    assert not faults, faults
    assert [each.title for each in file.guides] == ["Which size"]
    assert all(f"`{about}`" in page for about in ADVICE_ABOUT)
