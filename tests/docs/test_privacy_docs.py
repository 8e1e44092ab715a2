"""What the page on privacy shows is what happens."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from convagent.privacy import Placeholders

ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


@pytest.fixture
def page(root: Path) -> str:
    return (root / "docs" / "privacy.md").read_text(encoding="utf-8")


def test_each_message_leaves_as_the_page_says(page: str) -> None:
    rows = [
        row
        for row in ROW.findall(page.partition("## What is replaced")[2])
        if not row[0].startswith(("a customer", "-"))
    ]
    assert len(rows) >= 10
    for written, read in rows:
        mask = Placeholders(country="IE")
        assert mask.hide(written) == read
        never = any(kind in read for kind in ("CARD", "PASSWORD", "TOKEN"))
        assert (mask.restore(read) == written) is not never


def test_the_program_prints_what_the_page_says(page: str) -> None:
    program = re.findall(r"```python\n(.*?)```", page, re.DOTALL)[0]
    printed = re.findall(r"```text\n(.*?)```", page, re.DOTALL)[0]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(program, "privacy.md", "exec"), {})
    assert out.getvalue() == printed


def test_what_the_page_says_is_not_found_is_not_found(page: str) -> None:
    mask = Placeholders(country="IE")
    for words in re.findall(
        r"\(\"([^\"]+)\"\)", page.partition("## What isn't found")[2].partition("## In a program")[0]
    ):
        if not words.endswith("…"):
            assert words in page
            assert mask.hide(words) == words
