"""What the page on testing with models shows is run."""

from __future__ import annotations

from pathlib import Path

from tests.docs.test_evals_docs import run_page


def test_the_page_s_code_runs_in_a_new_shop(root: Path, tmp_path: Path) -> None:
    _, told = run_page(root, "model-testing.md", tmp_path / "shop")
    assert told == ["Answered True\n", "It left \ntoday.\nIt left today.\n"]
