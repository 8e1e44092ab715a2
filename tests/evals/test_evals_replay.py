"""Past tickets on two shops: what would end differently is found, grouped and sampled; what is the same says so."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from convagent.errors import EvalError
from convagent.evals.replay import cases_of_tickets, old_shop, replay, sample

TICKETS: list[dict[str, Any]] = [
    {"id": f"T-{number}", "subject": "Cancel", "messages": [
        {"author": "customer", "text": "please cancel #10043, ada@example.com"},
        {"author": "person", "text": "Shall I?"},
        {"author": "customer", "text": "yes"},
    ]} for number in range(3)
] + [
    {"id": "T-9", "subject": "Person", "messages": [{"author": "customer", "text": "let me talk to someone"},
                                                   {"author": "person", "text": "Hello"},
                                                   {"author": "customer", "text": "thanks"}]},
]  # fmt: skip


@pytest.fixture
def tickets(tmp_path: Path) -> Path:
    path = tmp_path / "tickets.jsonl"
    path.write_text("".join(json.dumps(ticket) + "\n" for ticket in TICKETS), encoding="utf-8")
    return path


@pytest.fixture
def changed(shop: Path, tmp_path: Path) -> Path:
    """The shop with an edit: nothing is cancelled any more."""
    other = tmp_path / "changed"
    shutil.copytree(shop, other)
    for guide in (other / "guidance").glob("*.md"):
        text = guide.read_text(encoding="utf-8")
        if "# Cancel an order" in text:
            head, _, tail = text.partition("# Cancel an order")
            top, _, _ = tail.partition("\n1. ")
            guide.write_text(
                f"{head}# Cancel an order{top}\n1. refuse “Nothing is cancelled today.”\n", encoding="utf-8"
            )
            return other
    raise AssertionError("the new shop has no guide that cancels")


def test_what_ends_differently_is_counted_by_kind_and_shown_with_its_trace(
    tickets: Path, shop: Path, changed: Path
) -> None:
    found = replay(tickets, changed, against=shop)
    assert [each.kind for each in found.tickets] == ["ends", "ends", "ends", "same"]
    (((before, now), count),) = found.groups()
    assert count == 3
    assert before == "Asked for a yes by “Cancel an order”, does cancel_order"
    assert now == "Answered, refused by the rules by “Cancel an order”"
    (change,) = sample(found, changed, shop, each=1)
    assert change.turn == 1
    assert any(line.startswith("+ ") and "Nothing is cancelled today." in line for line in change.trace)
    assert len(list(sample(found, changed, shop, each=5))) == 3
    assert [c.id for c in sample(found, changed, shop, each=1, seed=1)] == [
        c.id for c in sample(found, changed, shop, each=1, seed=1)
    ]


def test_the_same_shop_ends_all_of_them_the_same_and_several_processes_agree(tickets: Path, shop: Path) -> None:
    found = replay(tickets, shop, against=shop)
    assert {each.kind for each in found.tickets} == {"same"}
    assert list(sample(found, shop, shop)) == []
    two = replay(tickets, shop, against=shop, workers=2)
    assert [each.to_json() for each in two.tickets] == [each.to_json() for each in found.tickets]
    assert two.to_json() == found.to_json()


def test_without_an_older_shop_it_says_how_they_would_end(tickets: Path, shop: Path) -> None:
    assert replay(tickets, shop).endings() == [("Answered", 3), ("HandedOver to care because customer_request", 1)]


def test_what_follows_a_handover_is_a_persons(tickets: Path, shop: Path) -> None:
    last = replay(tickets, shop).tickets[-1]
    assert last.now.end == "HandedOver to care because customer_request"
    assert last.now.steps[-1][0].startswith("Silent")


def test_lines_that_can_t_be_read_are_told_and_the_rest_is_played(tickets: Path, tmp_path: Path) -> None:
    with tickets.open("a", encoding="utf-8") as file:
        file.write('{"id": "T-1", "messages": []}\nnonsense\n')
    cases, faults = cases_of_tickets(tickets)
    assert len(cases) == 4
    assert [fault.place.line for fault in faults] == [5, 6]
    empty = tmp_path / "empty.jsonl"
    empty.write_text("\n", encoding="utf-8")
    with pytest.raises(EvalError) as told:
        replay(empty, tmp_path)
    assert told.value.code == "eval-empty"


def _git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


def test_an_older_shop_is_a_folder_or_a_revision(tickets: Path, shop: Path, changed: Path) -> None:
    with old_shop(str(changed), shop) as folder:
        assert folder == changed
    _git(shop, "init", "-q")
    _git(shop, "add", "-A")
    _git(shop, "commit", "-qm", "as it was")
    for guide in (changed / "guidance").glob("*.md"):
        shutil.copy(guide, shop / "guidance")
    done = subprocess.run(
        [sys.executable, "-m", "convagent", "replay", str(tickets), "--against", "HEAD", "-j", "1", "--json", "r.jsonl"],
        cwd=shop, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 of 4 conversations would end differently" in done.stdout
    assert "Nothing is cancelled today." in done.stdout
    lines = [json.loads(line) for line in (shop / "r.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["kind"] for line in lines] == ["ends", "ends", "ends", "same", "summary"]
    assert lines[-1]["ends_differently"] == 3


@pytest.mark.parametrize("named", ["no-such-thing", "--output=/tmp/x", "HEAD"])
def test_what_is_neither_a_folder_nor_a_revision_is_told(shop: Path, named: str) -> None:
    with pytest.raises(EvalError) as told, old_shop(named, shop):
        pass
    assert told.value.code == "eval-shop"


def test_a_worker_that_dies_in_a_replay_costs_its_ticket_alone(tmp_path: Path, shop: Path) -> None:
    path = shop / "actions" / "orders.py"
    text = path.read_text(encoding="utf-8")
    begins = '    order = ORDERS.get(f"#{order_number'
    assert begins in text
    path.write_text(
        text.replace(begins, f'    if email.startswith("doom"):\n        __import__("os")._exit(3)\n{begins}'),
        encoding="utf-8",
    )
    tickets = tmp_path / "doom.jsonl"
    with tickets.open("w", encoding="utf-8") as file:
        for number, name in enumerate(("ada", "doom", "ada")):
            said = [{"author": "customer", "text": f"please cancel #10043, {name}@example.com"}]
            file.write(json.dumps({"id": f"T-{number}", "messages": said}) + "\n")
    found = replay(tickets, shop, workers=2)
    assert [each.now.error for each in found.tickets] == ["", "the worker died", ""]
    assert [each.now.end for each in found.tickets] == ["Asked for a yes", "the worker died", "Asked for a yes"]


def test_a_ticket_that_makes_no_case_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    said = [{"author": author, "text": "hi"} for _ in range(201) for author in ("customer", "person")]
    lines = [{"id": "A", "messages": said[:1]}, {"id": "B", "messages": said}, {"id": "C", "messages": []}]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    cases, faults = cases_of_tickets(path)
    assert [(case.id, case.line) for case in cases] == [("tickets/A", 1)]
    assert [fault.place.line for fault in faults] == [2, 3]
