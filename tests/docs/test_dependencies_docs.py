"""The page on dependencies names everything that is installed, core and extras."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path


def test_the_page_names_every_dependency_of_the_core_and_every_extra(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    page = (root / "docs" / "dependencies.md").read_text(encoding="utf-8").casefold()
    taken, _, _ = page.partition("not taken:")
    names = [re.split(r"[\[<>=~! ]", each)[0] for each in project["dependencies"]]
    assert [name for name in names if name.casefold() not in taken] == []
    assert [extra for extra in project["optional-dependencies"] if f"| `{extra}` |" not in page] == []
