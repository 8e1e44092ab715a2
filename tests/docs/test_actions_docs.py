"""The page on look-ups and actions in Python: its shop opens, and what it shows is run there."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
from tests.docs.test_evals_docs import run_page

import convagent.cli.init
from convagent.actions import action

PAGE = "actions.md"


def test_the_page_s_shop_looks_up_asks_and_books(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (root / "docs" / PAGE).read_text(encoding="utf-8")
    (settings,) = re.findall(r"<!-- settings -->\n```toml\n(.*?)```", text, re.DOTALL)
    new_shop = convagent.cli.init.new_shop

    def with_settings(folder: Path, *, name: str) -> None:
        new_shop(folder, name=name)
        file = folder / "convagent.toml"
        own = '[actions]\npython = ["actions/orders.py"]   # your own look-ups and actions; see the file\n'
        written = file.read_text(encoding="utf-8")
        assert own in written
        file.write_text(written.replace(own, settings), encoding="utf-8")

    monkeypatch.setattr("tests.docs.test_evals_docs.new_shop", with_settings)
    _, told = run_page(root, PAGE, tmp_path / "shop")
    assert "book_workshop" in told[0]
    assert "Books places in a workshop." in told[1]
    assert "Shall I book 2 for Terrarium building on Saturday 9 May?" in told[3]
    assert "2 results: 2 pass" in told[4]


def test_the_page_names_every_argument_of_a_declaration(root: Path) -> None:
    page = (root / "docs" / PAGE).read_text(encoding="utf-8")
    for name in inspect.signature(action).parameters:
        assert f"| `{name}` |" in page, name
