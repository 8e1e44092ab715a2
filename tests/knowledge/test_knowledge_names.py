"""The rooms' public names, and how light their import is."""

from __future__ import annotations

import subprocess
import sys

import convagent.knowledge
import convagent.search


def test_public_names_are_sorted_and_there() -> None:
    for room in (convagent.knowledge, convagent.search):
        plain = [name for name in room.__all__ if not name.isupper()]
        assert plain == sorted(plain, key=lambda name: (name.islower() or "_" in name, name))
        assert all(hasattr(room, name) for name in room.__all__)


def test_importing_knowledge_loads_no_parser() -> None:
    heavy = ("markdown_it", "selectolax", "yaml", "Stemmer", "sqlalchemy", "lark")
    code = f"import sys, convagent.knowledge; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_search_knows_nothing_of_articles() -> None:
    code = "import sys, convagent.search; print([name for name in sys.modules if name.startswith('convagent.k')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
