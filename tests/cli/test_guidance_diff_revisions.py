"""`convagent guidance diff` between git revisions and on past conversations, run as a user runs it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.cli.test_commands import convagent

CANCEL = "# Cancel an order"


@pytest.fixture
def repository(shop: Path) -> Path:
    """A git repository that holds a new shop in a folder of it, at its first revision."""
    top = shop.parent
    git(top, "init", "-q", "-b", "main")
    commit(top, "the shop")
    return shop


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


def commit(folder: Path, words: str) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", words)


def guide_file(shop: Path) -> Path:
    return next(path for path in (shop / "guidance").glob("*.md") if CANCEL in path.read_text(encoding="utf-8"))


def edit(shop: Path, old: str, new: str) -> None:
    path = guide_file(shop)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def compared(shop: Path, *arguments: str, code: int) -> dict[str, Any]:
    done = convagent("guidance", "diff", *arguments, "--json", "--shop", str(shop))
    assert done.returncode == code, done.stdout + done.stderr
    data: dict[str, Any] = json.loads(done.stdout)
    return data


def kinds(found: dict[str, Any]) -> dict[str, str]:
    return {guide["title"]: guide["kind"] for guide in found["guides"] if guide["kind"] != "same"}


def test_the_shop_as_it_is_is_compared_with_a_revision_and_a_revision_with_another(repository: Path) -> None:
    assert kinds(compared(repository, "HEAD", code=0)) == {}
    edit(repository, 'order.status is not "pending"', 'order.status is "shipped"')
    assert kinds(compared(repository, "main", code=1)) == {"Cancel an order": "behaves"}
    commit(repository.parent, "only what was sent")
    assert kinds(compared(repository, "main", code=0)) == {}
    assert kinds(compared(repository, "main~1", "main", code=1)) == {"Cancel an order": "behaves"}


def test_a_guide_that_moved_and_one_that_was_reworded_are_recognised_between_revisions(repository: Path) -> None:
    path = guide_file(repository)
    text = path.read_text(encoding="utf-8")
    before, _, rest = text.partition(CANCEL)
    body, mark, behind = rest.partition("\n# ")
    path.write_text(before + mark.lstrip("\n") + behind, encoding="utf-8")
    if not path.read_text(encoding="utf-8").strip():
        path.unlink()
    (repository / "guidance" / "moved.md").write_text(f"# Call an order off{body}\n", encoding="utf-8")
    found = compared(repository, "HEAD", code=0)
    (guide,) = (each for each in found["guides"] if each["title"] == "Call an order off")
    assert (guide["kind"], guide["before"]) == ("same", "Cancel an order")
    assert guide["moved"].endswith(path.name)
    commit(repository.parent, "moved")
    moved = repository / "guidance" / "moved.md"
    says = next(line for line in body.split("\n") if "say " in line or "refuse " in line)
    reworded = says.replace('"', '"Well: ', 1)
    moved.write_text(moved.read_text(encoding="utf-8").replace(says, reworded, 1), encoding="utf-8")
    assert kinds(compared(repository, "HEAD", code=0)) == {"Call an order off": "words"}


def test_a_revision_that_cannot_be_read_and_a_shop_without_git_are_told_plainly(
    repository: Path, tmp_path: Path
) -> None:
    good = guide_file(repository).read_text(encoding="utf-8")
    guide_file(repository).write_text(good + "\n# Broken\n\n1. Frobnicate the order\n", encoding="utf-8")
    commit(repository.parent, "broken")
    guide_file(repository).write_text(good, encoding="utf-8")
    done = convagent("guidance", "diff", "HEAD", "--shop", str(repository))
    assert done.returncode == 2
    assert "G139" in done.stdout + done.stderr
    for revision in ("no-such-branch", "--output=x"):
        done = convagent("guidance", "diff", "--shop", str(repository), "--", revision)
        assert done.returncode == 2
        assert "neither a shop's folder nor a git revision" in done.stderr


def test_with_tickets_the_conversations_that_would_end_otherwise_are_counted(repository: Path, tmp_path: Path) -> None:
    tickets = tmp_path / "tickets.jsonl"
    talks = [["please cancel #10043, ada@example.com", "yes"]] * 2 + [["let me talk to someone"]]
    rows = [
        {"id": f"T-{number}", "messages": [{"author": "customer", "text": text} for text in talk]}
        for number, talk in enumerate(talks)
    ]
    tickets.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    text = guide_file(repository).read_text(encoding="utf-8")
    head, _, tail = text.partition(CANCEL)
    top, _, _ = tail.partition("\n1. ")
    refused = f'{head}{CANCEL}{top}\n1. refuse "Nothing is cancelled today. Please write again tomorrow."\n'
    guide_file(repository).write_text(refused, encoding="utf-8")
    found = compared(repository, "HEAD", "--tickets", str(tickets), code=1)
    assert found["tickets"]
    told = convagent("guidance", "diff", "HEAD", "--tickets", str(tickets), "--markdown", "--shop", str(repository))
    assert told.returncode == 1
    assert "2 of 3 past conversations would end differently." in told.stdout
    assert "| conversations | before | now |" in told.stdout


def test_faults_of_safety_and_logic_are_listed_and_what_they_mean_for_customers_is_shown(repository: Path) -> None:
    text = guide_file(repository).read_text(encoding="utf-8")
    confirm = next(line for line in text.split("\n") if line.startswith("1. confirm"))
    edit(repository, confirm + "\n", "")
    found = compared(repository, "HEAD", code=1)
    assert kinds(found) == {"Cancel an order": "behaves"}
    (fault,) = found["faults"]
    (guide,) = (each for each in found["guides"] if each["kind"] == "behaves")
    assert (fault["code"], fault["line"]) == ("G401", guide["line"])
    assert guide["statements"][0].startswith("- confirm “")
    told = convagent("guidance", "diff", "HEAD", "--markdown", "--shop", str(repository))
    assert told.returncode == 1
    assert "**The newer guidance has a fault; with it the shop does not open:**" in told.stdout
    assert f"{fault['file']}, line {fault['line']}" in told.stdout.splitlines()
    shown = convagent("guidance", "diff", "HEAD", "--shop", str(repository)).stdout
    assert f"in {fault['file']}:{fault['line']}" in shown
    assert "G401" in shown
    tickets = repository.parent / "tickets.jsonl"
    tickets.write_text('{"id": "T", "messages": [{"author": "customer", "text": "hello"}]}\n', encoding="utf-8")
    played = convagent("guidance", "diff", "HEAD", "--tickets", str(tickets), "--shop", str(repository))
    assert played.returncode == 2
    assert "no conversation can be played on the shop as it is now" in " ".join(played.stderr.split())


def test_the_mending_of_a_fault_is_compared_with_the_revision_that_had_it(repository: Path) -> None:
    right = guide_file(repository).read_text(encoding="utf-8")
    confirm = next(line for line in right.split("\n") if line.startswith("1. confirm"))
    edit(repository, confirm + "\n", "")
    commit(repository.parent, "no yes any more")
    guide_file(repository).write_text(right, encoding="utf-8")
    found = compared(repository, "HEAD", code=1)
    assert kinds(found) == {"Cancel an order": "behaves"}
    assert found["faults"] == []


def test_tickets_that_cannot_be_read_are_counted_and_named_with_their_lines(repository: Path) -> None:
    tickets = repository.parent / "tickets.jsonl"
    good = '{"id": "T", "messages": [{"author": "customer", "text": "hello"}]}'
    tickets.write_text(f'no JSON\n{good}\n{{"id": 3}}\n', encoding="utf-8")
    for more in ([], ["--markdown"]):
        done = convagent("guidance", "diff", "HEAD", "--tickets", str(tickets), *more, "--shop", str(repository))
        assert done.returncode == 0, done.stderr
        assert "2 lines of the tickets could not be read" in done.stdout
        assert "tickets.jsonl:3" in done.stdout
