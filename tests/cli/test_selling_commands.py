"""`convagent selling`: questions, moments and the report, on files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from convagent.cli.app import app
from convagent.errors import CatalogError

LOG = [
    {"kind": "recommended", "at": "2026-06-16T10:00:00Z", "customer": "ada", "products": ["pot"]},
    {"kind": "purchased", "at": "2026-06-16T12:00:00Z", "customer": "ada", "order": "1", "total": "40.00 EUR", "lines": [{"product": "pot"}]},
    {"kind": "purchased", "at": "2026-06-18T09:59:00Z", "customer": "ada", "order": "2", "total": "60.00 EUR", "lines": [{"product": "pot"}]},
]  # fmt: skip
EVENTS = [
    {"name": "product_viewed", "at": "2026-06-16T10:00:00Z", "session": "s", "product_ids": ["pot"]},
    {"name": "page_viewed", "at": "2026-06-16T10:02:00Z", "session": "s"},
    {"name": "product_added_to_cart", "at": "2026-06-16T22:00:00Z", "session": "t", "product_ids": ["mug"]},
]


def run(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, [str(each) for each in arguments])


def written(folder: Path, rows: list[Any], name: str = "events.jsonl", more: str = "") -> Path:
    file = folder / name
    file.write_text("".join(json.dumps(row) + "\n" for row in rows) + more, encoding="utf-8")
    return file


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of no shop, which the command runs in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_report_needs_no_shop_and_takes_a_shop_s_windows(inside: Path) -> None:
    log = written(inside, LOG)
    done = run("selling", "report", log, "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.output)
    assert found["attributed"] == {
        "link": {"orders": 0, "paid": "0.00"}, "code": {"orders": 0, "paid": "0.00"},
        "product": {"orders": 1, "paid": "40.00"}, "none": {"orders": 1, "paid": "60.00"},
    }  # fmt: skip
    (inside / "convagent.toml").write_text('[shop]\nname = "S"\n[attribution]\nproduct_days = 2\n', encoding="utf-8")
    wider = json.loads(run("selling", "report", log, "--json").output)
    assert wider["attributed"]["product"] == {"orders": 2, "paid": "100.00"}
    assert run("selling", "report", log, "--shop", inside / "nowhere").exit_code != 0


def test_the_report_tells_people_and_writes_a_page(inside: Path) -> None:
    log = written(inside, LOG, more="{broken\n")
    done = run("selling", "report", log, "--html", inside / "report.html")
    assert done.exit_code == 1
    assert "row 4: this line is no JSON" in done.output
    for words in ("2026-06-16 to 2026-06-18", "No hold-out group", "Revenue influenced", "40.00 EUR"):
        assert words in done.output
    assert "<h1>" in (inside / "report.html").read_text("utf-8")
    assert run("selling", "report", log, "--html", inside).exit_code != 0


def test_moments_are_told_with_what_was_held_back(inside: Path) -> None:
    events = written(inside, EVENTS)
    done = run("selling", "moments", events)
    assert done.exit_code == 0, done.output
    assert "lingering: 45 seconds on pot; may be shown" in " ".join(done.output.split())
    assert "3 events, 1 moments to speak, 1 held back" in done.output
    found = json.loads(run("selling", "moments", events, "--quiet-too", "--json").output)
    assert [(each["trigger"], each["quiet"]) for each in found] == [
        ("lingering", None),
        ("abandoned_cart", "quiet_hours"),
    ]
    (inside / "convagent.toml").write_text('[shop]\nname = "S"\n[moments]\ntriggers = []\n', encoding="utf-8")
    assert "0 moments to speak" in run("selling", "moments", events).output
    bad = run("selling", "moments", written(inside, EVENTS, more='{"name": "page_vewed"}\n'))
    assert bad.exit_code == 1
    assert "row 4" in bad.output
    assert "did you mean page_viewed?" in " ".join(bad.output.split())


def test_questions_come_with_their_answers(root: Path) -> None:
    done = run("selling", "questions", "sprig acorn cot", "--shop", root, "--json", "--most", "2")
    assert done.exit_code == 0, done.output
    found = json.loads(done.output)
    assert found["product"] == "sprig-acorn-cot"
    assert len(found["questions"]) == 2
    assert "147 × 77 × 88 cm" in " ".join(each["answered_by"]["text"] for each in found["questions"])


def test_a_product_that_isn_t_there_is_told_with_a_near_one(root: Path) -> None:
    done = run("selling", "questions", "sprig acorn cott", "--shop", root)
    assert isinstance(done.exception, CatalogError)
    assert done.exception.code == "product-unknown"
    assert "sprig-acorn-cot" in (done.exception.remedy or "")


def test_the_log_of_a_shop_s_conversations_goes_into_the_report(shop: Path) -> None:
    from convagent.agent import Agent

    with Agent.open(shop) as agent:
        agent.reply("When are you open?", conversation="c")
        agent.reply("Thanks", conversation="c")
    done = run("selling", "log", "--shop", shop)
    assert done.exit_code == 0, done.output
    assert [json.loads(line)["kind"] for line in done.output.splitlines()] == ["conversation_started"]
    log = shop / "log.jsonl"
    log.write_text(done.output, encoding="utf-8")
    assert json.loads(run("selling", "report", log, "--shop", shop, "--json").output)["events"] == {
        "conversation_started": 1
    }
