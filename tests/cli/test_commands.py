"""The commands, run as a user runs them: in a process of their own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from convagent.conversation import Turn


def convagent(*arguments: str, cwd: Path | None = None, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Runs the command with a terminal's width and no colours."""
    environment = {**os.environ, "COLUMNS": "120", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "convagent", *arguments]
    return subprocess.run(
        command, cwd=cwd, input=stdin, capture_output=True, text=True, env=environment, timeout=120, check=False
    )


def test_help_teaches_every_command() -> None:
    done = convagent("--help")
    assert done.returncode == 0
    for command in ("demo", "init", "index", "chat", "ask", "overdue", "guidance"):
        assert command in done.stdout
        assert convagent(command, "--help").returncode == 0


def test_version() -> None:
    assert convagent("--version").stdout.startswith("convagent 0.")


def test_a_new_shop_answers_at_once(tmp_path: Path) -> None:
    made = convagent("init", "my-shop", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert "convagent.toml" in made.stdout
    asked = convagent("ask", "How long do I have to return something?", "--shop", "my-shop", cwd=tmp_path)
    assert asked.returncode == 0, asked.stderr
    assert "30 days" in asked.stdout
    assert "Answered" in asked.stdout


def test_a_new_shop_keeps_what_it_makes_out_of_git(tmp_path: Path) -> None:
    made = convagent("init", "my-shop", cwd=tmp_path)
    assert ".gitignore" in made.stdout
    shop = tmp_path / "my-shop"
    assert convagent("ask", "hello", "--shop", str(shop)).returncode == 0
    assert (shop / ".convagent").is_dir()
    subprocess.run(["git", "init", "--quiet", str(shop)], check=True, capture_output=True)
    status = ["git", "-C", str(shop), "status", "--porcelain", "--untracked-files=all"]
    listed = subprocess.run(status, check=True, capture_output=True, text=True).stdout
    assert "convagent.toml" in listed
    assert ".convagent/" not in listed


def test_init_never_writes_over_something(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "mine.txt").write_text("mine")
    done = convagent("init", "shop", cwd=tmp_path)
    assert done.returncode == 2
    assert "not empty" in done.stderr
    assert [path.name for path in (tmp_path / "shop").iterdir()] == ["mine.txt"]


def test_ask_prints_the_turn_as_json(shop: Path, tmp_path: Path) -> None:
    facts = tmp_path / "ada.json"
    facts.write_text(json.dumps({"customer": {"email": "ada@example.com"}}), encoding="utf-8")
    done = convagent("ask", "Where is order #10042?", "--facts", str(facts), "--shop", str(shop), "--json")
    data = json.loads(done.stdout)
    assert {"outcome", "reply", "actions", "handover", "usage", "trace"} <= set(data)
    assert data["outcome"] == "Answered"
    assert "#10042" in data["reply"]["text"]
    assert data["usage"]["model_calls"] == 0
    assert Turn.model_validate(data).outcome.name == "Answered"


def test_ask_reads_the_message_from_standard_input(shop: Path) -> None:
    done = convagent("ask", "-", "--shop", str(shop), "--why", stdin="How much is delivery?\n")
    assert done.returncode == 0
    assert "4.90" in done.stdout
    assert "The customer wrote" in done.stdout


@pytest.mark.parametrize("text", ["{", "[1]", '{"customer": {"email": 5}}'])
def test_bad_facts_are_told_or_handed_over(shop: Path, tmp_path: Path, text: str) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text(text)
    done = convagent("ask", "hello", "--facts", str(facts), "--shop", str(shop))
    assert "Traceback" not in done.stdout + done.stderr
    assert done.returncode == 2 or "HandedOver" in done.stdout


def test_a_conversation_goes_on_when_it_is_named(shop: Path) -> None:
    first = convagent("ask", "cancel order #10043 please, ada@example.com", "--conversation", "c1", "--shop", str(shop))
    assert "Asked" in first.stdout, first.stdout + first.stderr
    second = convagent("ask", "yes", "--conversation", "c1", "--shop", str(shop))
    assert "cancel_order: done" in second.stdout, second.stdout + second.stderr


def test_chat_answers_explains_and_leaves(shop: Path) -> None:
    lines = "Where is my order?\n/why\n/note\n/new\nhuman please\n/note\n/back\n/nonsense\n/quit\n"
    done = convagent("chat", "--shop", str(shop), stdin=lines)
    assert done.returncode == 0, done.stderr
    assert "e-mail" in done.stdout
    assert "Where is my order" in done.stdout
    assert "Issue:" in done.stdout
    assert "nothing to show" in done.stdout


def test_chat_ends_with_its_input(shop: Path) -> None:
    assert convagent("chat", "--shop", str(shop), stdin="hello\n").returncode == 0


def test_index_tells_what_was_read_and_reuses_what_did_not_change(shop: Path) -> None:
    first = json.loads(convagent("index", "--shop", str(shop), "--json").stdout)
    assert (first["articles"], first["read"]) == (2, 2)
    second = json.loads(convagent("index", "--shop", str(shop), "--json").stdout)
    assert (second["read"], second["reused"]) == (0, 2)
    (shop / "knowledge" / "articles" / "broken.md").write_bytes(b"---\nid: [\n---\nText")
    third = convagent("index", "--shop", str(shop))
    assert "broken.md" in third.stdout
    assert "no-articles" not in third.stdout


def test_index_and_chat_say_once_that_there_is_nothing_to_answer_from(shop: Path) -> None:
    shutil.rmtree(shop / "knowledge")
    told = [" ".join(convagent(*command, "--shop", str(shop)).stdout.split()) for command in (("index",), ("chat",))]
    for each in told:
        assert each.count("no-articles") == 1
        assert "knowledge/articles: there is no such folder" in each
    assert "no-articles" in json.loads(convagent("index", "--shop", str(shop), "--json").stdout)["problems"][0]


def test_index_embeds_the_products_that_changed(shop: Path) -> None:
    feed = shop / "products.jsonl"
    lines = [json.dumps({"id": word, "title": f"A {word}", "status": "active"}) for word in ("kite", "tent", "spoon")]
    feed.write_text("\n".join(lines), "utf-8")
    with (shop / "convagent.toml").open("a", encoding="utf-8") as told:
        told.write('\n[catalog]\nfiles = ["products.jsonl"]\n')
    for embedded in (3, 0):
        report = json.loads(convagent("index", "--shop", str(shop), "--json").stdout)
        assert (report["products"], report["embedded"]) == (3, embedded)
    feed.write_text("\n".join([*lines[1:], lines[0].replace("A kite", "A hat")]), "utf-8")
    assert json.loads(convagent("index", "--shop", str(shop), "--json").stdout)["embedded"] == 1


@pytest.mark.parametrize("command", [("ask", "hello"), ("index",), ("chat",)])
def test_a_folder_that_is_no_shop_is_told_with_a_remedy(command: tuple[str, ...], tmp_path: Path) -> None:
    done = convagent(*command, "--shop", str(tmp_path))
    assert done.returncode == 2
    assert "convagent init" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_demo_needs_nothing_of_the_users(tmp_path: Path) -> None:
    done = convagent("demo", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for word in ("Answered", "Asked", "HandedOver", "Silent", "model calls", "conversations"):
        assert word in done.stdout


def test_the_demo_as_json_is_the_same_each_time(tmp_path: Path) -> None:
    runs = [json.loads(convagent("demo", "--json", cwd=tmp_path).stdout) for _ in range(2)]
    for run in runs:
        for turn in run:
            del turn["usage"]["seconds"]
    assert runs[0] == runs[1]
