"""`convagent eval`, run as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pexpect
import pytest
from tests.cli.test_commands import convagent
from tests.cli.test_terminal import spawn
from tests.evals.conftest import CANCEL

from convagent.evals import load_cases


@pytest.fixture
def suite(shop: Path) -> Path:
    """Cases in the shop, one of which fails."""
    (shop / "evals").mkdir()
    path = shop / "evals" / "cancel.yaml"
    path.write_text(CANCEL.replace("team: care", "team: sales"), encoding="utf-8")
    return path


def test_a_failure_shows_what_was_said_expected_and_got_and_why(suite: Path, shop: Path) -> None:
    done = convagent("eval", cwd=shop)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "✗ fail cancel/a-person  evals/cancel.yaml:16" in done.stdout
    assert "turn 1 “let me talk to someone”" in done.stdout
    assert "team expected sales" in done.stdout
    assert "got      care" in done.stdout
    assert "So: HandedOver to care because customer_request." in done.stdout
    assert "3 results: 2 pass, 1 fail, 0 error, 0 unscored" in done.stdout
    assert (shop / ".convagent" / "evals" / "results.jsonl").is_file()
    again = convagent("eval", "run", "--only-failed", "--json", "-", cwd=shop)
    lines = [json.loads(line) for line in again.stdout.splitlines()]
    assert [line["kind"] for line in lines] == ["case", "summary"]
    assert lines[1]["failed"] == 1
    suite.write_text(CANCEL, encoding="utf-8")
    scored = convagent("eval", "score", ".convagent/evals/results.jsonl", cwd=shop)
    assert scored.returncode == 0, scored.stdout
    assert "1 results: 1 pass" in scored.stdout


def test_faults_of_cases_are_all_told_and_nothing_is_run(suite: Path, shop: Path) -> None:
    suite.write_text("cases:\n  - titel: x\n    turns: []\n", encoding="utf-8")
    done = convagent("eval", "check", cwd=shop)
    assert done.returncode == 1
    assert "evals/cancel.yaml:2:5: there is no key “titel” here" in done.stderr
    assert "evals/cancel.yaml:3:5" in done.stderr
    assert convagent("eval", cwd=shop).returncode == 2
    assert convagent("eval", "nowhere.yaml", cwd=shop).returncode == 2
    assert not (shop / ".convagent" / "evals").exists()


QUESTIONS = """\
cases:
  - title: A question that an article answers
    turns:
      - customer: "how long do I have to return something?"
        expect: {outcome: Answered}
"""


def test_tuning_on_a_handful_of_decisions_says_that_they_are_too_few(shop: Path) -> None:
    (shop / "evals").mkdir()
    (shop / "evals" / "questions.yaml").write_text(QUESTIONS, encoding="utf-8")
    done = convagent("eval", "tune", cwd=shop)
    assert done.returncode == 0, done.stderr
    told = " ".join(done.stdout.split())
    assert "answer_from: 1 decision can't tell 2.0% wrong from 79.3%" in told


def test_an_empty_selection_is_a_fault_of_usage(suite: Path, shop: Path) -> None:
    done = convagent("eval", "run", "--tag", "nobody", cwd=shop)
    assert done.returncode == 2
    assert "no case to run" in done.stderr


def test_an_import_never_writes_over_something(shop: Path) -> None:
    (shop / "sheet.csv").write_text("customer,outcome\nhello,Answered\n")
    assert convagent("eval", "import", "sheet.csv", "--out", "sheet.yaml", cwd=shop).returncode == 0
    assert [case.id for case in load_cases([shop / "sheet.yaml"])] == ["sheet/row-2"]
    again = convagent("eval", "import", "sheet.csv", "--out", "sheet.yaml", cwd=shop)
    assert (again.returncode, "can't be written" in again.stderr) == (2, True)
    assert convagent("eval", "import", "sheet.yaml", cwd=shop).returncode == 2
    assert json.loads(convagent("eval", "schema").stdout)["title"]


def test_a_chat_is_saved_as_a_case(shop: Path) -> None:
    child = spawn("chat", cwd=shop)
    child.expect("you")
    child.sendline("/save")
    child.expect("nothing to save")
    child.sendline("let me talk to someone")
    child.expect("HandedOver")
    child.sendline("/save evals/mine")
    child.expect("Saved")
    child.sendline("/quit")
    child.expect(pexpect.EOF)
    (case,) = load_cases([shop / "evals" / "mine.yaml"])
    assert case.turns[0].customer == "let me talk to someone"
    assert case.turns[0].expect.reason == ("customer_request",)


def test_a_chat_is_saved_among_the_cases_unless_it_is_said_where(shop: Path) -> None:
    (shop / "kept").mkdir()
    child = spawn("chat", cwd=shop)
    child.expect("you")
    child.sendline("let me talk to someone")
    child.expect("HandedOver")
    for said, told in (
        ("/save", "Saved: evals/chat-1.yaml.*convagent eval run evals/chat-1.yaml`"),
        ("/save mine", "Saved: evals/mine.yaml"),
        ("/save mine", "is there already.*name another"),
        ("/save kept", "Saved: kept/chat-1.yaml"),
        ("/save .", "Saved: chat-1.yaml"),
        ("/save ~nobody-of-that-name/x", "Saved: ~nobody-of-that-name/x.yaml"),
        ("/save convagent.toml/x", "can't be written|is there already"),
    ):
        child.sendline(said)
        child.expect(told)
    child.sendline("hello again")
    child.expect("→")
    child.sendline("/quit")
    child.expect(pexpect.EOF)
    assert [case.suite for case in load_cases([shop / "evals"])] == ["chat-1", "mine"]
