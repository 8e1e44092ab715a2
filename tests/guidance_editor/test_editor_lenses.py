"""What stands above a guide in an editor: branches that cases reached, and a command that runs its cases."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from tests.cli.test_commands import convagent
from tests.evals.conftest import CANCEL
from tests.guidance_editor.client import PATIENCE, Editor, ServerError

pytest.importorskip("pygls", reason="the language server's library isn't installed: pip install 'convagent[editor]'")


@pytest.fixture
def guide(shop: Path) -> Path:
    """The guide that the shop's cases have to do with."""
    (shop / "evals").mkdir()
    (shop / "evals" / "cancel.yaml").write_text(CANCEL, encoding="utf-8")
    return next(path for path in (shop / "guidance").glob("*.md") if "# Cancel an order" in path.read_text())


def above(editor: Editor, uri: str, title: str) -> dict[str, Any]:
    """The command above a guide."""
    text = Path(uri.removeprefix("file://")).read_text(encoding="utf-8").split("\n")
    found = editor.ask("textDocument/codeLens", textDocument={"uri": uri})
    (lens,) = [lens for lens in found if text[lens["range"]["start"]["line"]] == f"# {title}"]
    command: dict[str, Any] = lens["command"]
    return command


def said(editor: Editor) -> str:
    """What the server shows its user next, waited for."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        for note in editor.notes:
            if note["method"] == "window/showMessage":
                return str(note["params"]["message"])
        time.sleep(0.05)
    raise AssertionError("nothing was shown")


def test_branches_and_cases_stand_above_a_guide_and_the_command_runs_them(shop: Path, guide: Path) -> None:
    with Editor() as editor:
        uri = editor.open(guide)
        before = above(editor, uri, "Cancel an order")
        assert before["title"].startswith("no log knows it yet · run ")
        log = shop / ".convagent" / "evals" / "results.jsonl"
        assert not log.exists(), "nothing is run unless it is asked for"
        editor.ask("workspace/executeCommand", command=before["command"], arguments=before["arguments"])
        assert said(editor).startswith("Cancel an order: ")
        assert " results: " in said(editor)
        assert log.exists()
        after = above(editor, uri, "Cancel an order")["title"]
        assert after.startswith("0 of 1 branches reached · run "), "the branch that refuses doesn't open"


def test_coverage_that_was_kept_is_told_and_an_edit_makes_it_old(shop: Path, guide: Path) -> None:
    assert convagent("guidance", "coverage", cwd=shop).returncode == 1
    text = guide.read_text(encoding="utf-8")
    with Editor() as editor:
        uri = editor.open(guide)
        assert " branches reached · run " in above(editor, uri, "Cancel an order")["title"]
        editor.change(uri, text.replace('say "', 'say "Well, '), 2)
        assert "changed since" in above(editor, uri, "Cancel an order")["title"]


def test_without_the_shop_s_code_nothing_can_be_run(shop: Path, guide: Path) -> None:
    with Editor("--no-actions") as editor:
        uri = editor.open(guide)
        command = above(editor, uri, "Cancel an order")
        assert command["command"] == ""
        assert "run" not in command["title"]
        with pytest.raises(ServerError):
            editor.ask("workspace/executeCommand", command="convagent.runCases", arguments=[uri, "Cancel an order"])
    assert not (shop / ".convagent" / "evals").exists()
