"""`convagent guidance coverage` and `watch`, run as a user runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest
from tests.cli.test_commands import convagent
from tests.evals.conftest import CANCEL


@pytest.fixture
def covered(shop: Path) -> Path:
    """A shop with cases."""
    (shop / "evals").mkdir()
    (shop / "evals" / "cancel.yaml").write_text(CANCEL, encoding="utf-8")
    return shop


def test_what_no_case_reaches_is_told_and_leaves_with_1(covered: Path) -> None:
    done = convagent("guidance", "coverage", "--show", "2", cwd=covered)
    assert done.returncode == 1, done.stderr
    assert "conditions seen to hold: " in done.stdout
    assert "articles" not in done.stdout
    assert (covered / ".convagent" / "coverage" / "results.jsonl").is_file()


def test_markdown_says_first_what_could_change_unnoticed_and_where(covered: Path) -> None:
    done = convagent("guidance", "coverage", "--markdown", "--show", "1", cwd=covered)
    assert done.returncode == 1, done.stderr
    gaps = json.loads(convagent("guidance", "coverage", "--json", cwd=covered).stdout)["gaps"]
    assert f"**{len(gaps)} places of the guidance could change and no case would notice.**" in done.stdout
    assert f"… and {len(gaps) - 1} more." in done.stdout
    assert f"line {gaps[0]['line']}, {gaps[0]['kind']}" in done.stdout
    both = convagent("guidance", "coverage", "--markdown", "--json", cwd=covered)
    assert both.returncode == 2


def test_it_tells_what_the_log_of_a_run_tells(covered: Path) -> None:
    mine = json.loads(convagent("guidance", "coverage", "--json", cwd=covered).stdout)
    log = str(covered / ".convagent" / "coverage" / "results.jsonl")
    theirs = json.loads(convagent("eval", "coverage", log, "--json", cwd=covered).stdout)
    assert mine["guides"] == theirs["guides"]
    assert mine["gaps"] == [gap for gap in theirs["gaps"] if gap["kind"] != "article"]


def test_past_tickets_reach_guides_too(shop: Path) -> None:
    ticket = {"id": "t1", "messages": [{"author": "customer", "text": "please cancel my order"}]}
    (shop / "past.jsonl").write_text(json.dumps(ticket) + "\n", encoding="utf-8")
    done = convagent("guidance", "coverage", "--tickets", "past.jsonl", "--json", cwd=shop)
    assert done.returncode == 1, done.stderr
    reached = {guide["title"] for guide in json.loads(done.stdout)["guides"] if guide["turns"]}
    assert "Cancel an order" in reached
    assert not (shop / ".convagent" / "coverage").exists()


def test_everything_reached_leaves_with_0(covered: Path) -> None:
    for path in (covered / "guidance").rglob("*.md"):
        path.unlink()
    (covered / "guidance" / "only.md").write_text(
        '# Gift wrapping\n\nWhen the customer asks for gift wrapping:\n- "can you gift wrap it"\n- "wrap it as a gift"\n- "do you do gift wrapping"\n\n'
        '1. say "Hello."\n',
        encoding="utf-8",
    )
    (covered / "evals" / "cancel.yaml").write_text(
        "cases:\n  - title: One\n    turns:\n      - customer: can you gift wrap it\n", encoding="utf-8"
    )
    done = convagent("guidance", "coverage", cwd=covered)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("given", "then"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "3"}, "3"), ({"OMP_NUM_THREADS": "2"}, None)]
)
def test_watch_multiplies_on_one_thread_unless_somebody_says_otherwise(given: dict[str, str], then: str | None) -> None:
    script = (
        "import os, sys; from pathlib import Path\n"
        "from convagent.cli.guidance_watch_cases import watch\n"
        "assert 'numpy' not in sys.modules\n"
        "try:\n    watch(shop=Path('nowhere'))\nexcept Exception: pass\n"
        "print(os.environ.get('OPENBLAS_NUM_THREADS'))"
    )
    ours = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    done = subprocess.run(
        [sys.executable, "-c", script], check=False, capture_output=True, text=True, env={**ours, **given}
    )
    assert done.stdout.strip() == str(then), done.stderr


def test_what_can_t_be_run_leaves_with_2(shop: Path) -> None:
    assert convagent("guidance", "coverage", cwd=shop).returncode == 2
    assert convagent("guidance", "coverage", "--tickets", "nowhere.jsonl", cwd=shop).returncode == 2
    assert convagent("guidance", "coverage", "evals", "--tickets", "nowhere.jsonl", cwd=shop).returncode == 2
    assert convagent("guidance", "watch", "--shop", "nowhere", cwd=shop).returncode == 2


def test_a_save_runs_the_cases_of_the_guide_that_changed(covered: Path) -> None:
    child = pexpect.spawn(
        sys.executable, ["-m", "convagent", "guidance", "watch"], cwd=str(covered), timeout=60, encoding="utf-8",
        dimensions=(40, 200),
    )  # fmt: skip
    child.expect("3 cases run in .*newly red, 0 mended")
    child.expect("Watching")
    guide = covered / "guidance" / "orders.md"
    right = guide.read_text(encoding="utf-8")
    guide.write_text(right.replace("1. do cancel_order with order = order.id\n", ""), encoding="utf-8")
    child.expect("cancelled-after-a-yes")
    child.expect("2 cases run in .* s: 2 newly red, 0 mended")
    guide.write_text(right + "\n# Broken\n", encoding="utf-8")
    child.expect("error")
    guide.write_text(right, encoding="utf-8")
    child.expect("mended .*cancelled-after-a-yes")
    child.expect("cases? run in .* s: 0 newly red, 2 mended")
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
