"""`--model` and `--base-url` on the commands that answer: by configuration only, against a real server on this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.models.wayward_server import Asked, Line, WaywardServer, fault, said

from convagent.shop import demo_shop

QUESTION = "How long do I have to return something?"
WORDED = "Book the return within 30 days of delivery."
CASE = f'cases:\n  - title: Returns\n    turns: [{{customer: "{QUESTION}", expect: {{outcome: Answered, says: "{WORDED}"}}}}]\n'


def run(*words: str, folder: Path, given: str = "") -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name != "OPENAI_API_KEY"}
    return subprocess.run(
        [sys.executable, "-m", "convagent", *words], cwd=folder, input=given, capture_output=True, text=True, check=False,
        env={**kept, "COLUMNS": "200", "NO_COLOR": "1"},
    )  # fmt: skip


def answering(line: Line, asked: Asked) -> None:
    """Nothing of use where a message is to be understood, words where a reply is to be worded."""
    said("{}" if "response_format" in asked.body else f"{WORDED} [1]")(line, asked)


@pytest.mark.parametrize("command", ["ask", "draft", "chat", "eval"])
def test_a_command_answers_in_the_words_of_a_model_that_is_named(command: str, tmp_path: Path) -> None:
    with WaywardServer([answering]) as server:
        named = ("--model", "openai:m", "--base-url", server.url, "--shop", str(demo_shop()))
        (tmp_path / "case.yaml").write_text(CASE, encoding="utf-8")
        words = {
            "ask": ("ask", QUESTION, "--json"), "draft": ("draft", QUESTION), "chat": ("chat",),
            "eval": ("eval", "run", "case.yaml", "--out", str(tmp_path / "out")),
        }  # fmt: skip
        done = run(*words[command], *named, folder=tmp_path, given=f"{QUESTION}\n/quit\n")
        assert server.asked
        assert all(asked.body["model"] == "m" for asked in server.asked)
    assert done.returncode == 0, done.stdout + done.stderr
    if command == "ask":
        turn = json.loads(done.stdout)
        assert WORDED in turn["reply"]["text"]
        assert turn["usage"]["model_calls"] == len(server.asked)
    elif command != "eval":
        assert WORDED in done.stdout


def test_a_model_that_needs_a_key_is_told_of_in_words(tmp_path: Path) -> None:
    done = run("ask", QUESTION, "--model", "openai:m", "--shop", str(demo_shop()), folder=tmp_path)
    assert done.returncode == 2
    assert "model-key" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["ask", "chat", "eval"])
def test_a_model_that_fails_is_told_of_below_the_reply_and_the_figures(command: str, tmp_path: Path) -> None:
    with WaywardServer([fault(401, "bad key")]) as server:
        named = ("--model", "openai:m", "--base-url", server.url, "--shop", str(demo_shop()))
        (tmp_path / "case.yaml").write_text(CASE.replace(WORDED, "30 days"), encoding="utf-8")
        words = {"ask": ("ask", QUESTION), "chat": ("chat",), "eval": ("eval", "run", "case.yaml", "--out", "out")}
        done = run(*words[command], *named, folder=tmp_path, given=f"{QUESTION}\n/quit\n")
        assert server.asked
    told = (
        "the model failed in 1 of the 1 turns that asked it: model-refused 1"
        if command == "eval"
        else "it failed: model-refused"
    )
    assert told in " ".join(done.stdout.split()), done.stdout + done.stderr
