"""What the README shows is run, in the order in which a reader would."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

BLOCK = re.compile(r"<!-- run -->\n```(\w+)\n(.*?)```", re.DOTALL)


def blocks(path: Path) -> list[tuple[str, str]]:
    """The blocks of a page that are marked as run: kind and text."""
    return [(found[1], found[2]) for found in BLOCK.finditer(path.read_text(encoding="utf-8"))]


def run(command: list[str], folder: Path) -> str:
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "120"}
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        env=environment,
        input="Where is my order?\n/why\n/quit\n",
        check=False,
    )
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def test_the_readme_takes_a_reader_to_their_own_shop(root: Path, tmp_path: Path) -> None:
    shown = blocks(root / "README.md")
    assert len(shown) >= 5
    out = ""
    for kind, text in shown:
        if kind == "console":
            for line in text.splitlines():
                assert line.startswith("$ convagent ")
                out += run([sys.executable, "-m", "convagent", *shlex.split(line[2:])[1:]], tmp_path)
        else:
            assert kind == "python"
            out += run([sys.executable, "-c", text], tmp_path)
    for words in ("30 days", "4.90", "#10042 is on its way", "Nothing to mend", "returns 0.", "Reading Lamp"):
        assert words in out


def test_every_console_line_of_the_readme_is_run(root: Path) -> None:
    text = (root / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\$ convagent .*$", text, re.MULTILINE)
    run_lines = [line for kind, block in blocks(root / "README.md") if kind == "console" for line in block.splitlines()]
    assert lines == run_lines


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", "docs/design.md", "docs/dependencies.md", "docs/demo-shop.md"]
)
def test_links_of_a_page_lead_somewhere(root: Path, page: str) -> None:
    path = root / page
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


@pytest.mark.parametrize("target", ["demo", "test", "check", "setup", "bench", "docs"])
def test_the_makefile_has_what_the_pages_name(root: Path, target: str) -> None:
    assert re.search(rf"^{target}:", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
