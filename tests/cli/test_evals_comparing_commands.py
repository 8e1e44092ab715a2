"""`convagent eval` as a gate, `eval diff` and `eval tune`, run as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.test_commands import convagent
from tests.evals.conftest import CANCEL


@pytest.fixture
def suite(shop: Path) -> Path:
    """Cases in the shop, all of which pass."""
    (shop / "evals").mkdir()
    path = shop / "evals" / "cancel.yaml"
    path.write_text(CANCEL, encoding="utf-8")
    return path


def test_a_guide_broken_on_purpose_is_told_on_one_screen_and_gates_a_drop(suite: Path, shop: Path) -> None:
    assert convagent("eval", "evals", "--json", "base.jsonl", cwd=shop).returncode == 0
    settings = shop / "convagent.toml"
    settings.write_text(
        settings.read_text()
        + '\n[evals.gates]\nbase = "base.jsonl"\nminimum = {pass_rate = 0.3}\nmaximum_drop = {pass_rate = 0.1}\n'
    )
    met = convagent("eval", "run", cwd=shop)
    assert met.returncode == 0, met.stdout + met.stderr
    assert "every gate is met" in met.stdout
    guide = shop / "guidance" / "orders.md"
    guide.write_text(guide.read_text().replace('status is not "pending"', 'status is "pending"'))
    lost = convagent("eval", "--json", "new.jsonl", "--workers", "2", cwd=shop)
    assert lost.returncode == 1
    assert "✓ pass_rate at least 0.3: 0.3333" in lost.stdout
    assert "✗ pass_rate drops by at most 0.1: 0.6667" in lost.stdout
    shown = convagent("eval", "diff", "base.jsonl", "new.jsonl", cwd=shop)
    assert shown.returncode == 1
    assert shown.stdout.startswith("3 results: 2 newly broken, 0 newly mended")
    assert "guides that changed: Cancel an order" in shown.stdout
    assert 'status is "pending"' in shown.stdout
    assert len(shown.stdout.splitlines()) <= 40
    data = json.loads(convagent("eval", "diff", "base.jsonl", "new.jsonl", "--json", cwd=shop).stdout)
    assert [each["id"] for each in data["broken"]] == [
        "cancel/cancelled-after-a-yes", "cancel/cancelled-again-in-a-shop-of-its-own",
    ]  # fmt: skip
    assert data["metrics"]["pass_rate"]["difference"] == pytest.approx(-2 / 3, abs=1e-5)
    assert "### Newly broken" in convagent("eval", "diff", "base.jsonl", "new.jsonl", "--markdown", cwd=shop).stdout
    back = convagent("eval", "diff", "new.jsonl", "base.jsonl", cwd=shop)
    assert back.returncode == 0
    assert "2 newly mended" in back.stdout
    suite.write_text(CANCEL.replace("title: A person", "title: Somebody"), encoding="utf-8")
    convagent("eval", "--json", "other.jsonl", cwd=shop)
    refused = convagent("eval", "diff", "base.jsonl", "other.jsonl", cwd=shop)
    assert refused.returncode == 2
    assert "cancel/a-person" in refused.stderr
    assert "--common" in refused.stderr


def test_gates_that_can_t_be_used_are_a_fault_of_usage(suite: Path, shop: Path) -> None:
    settings, before = shop / "convagent.toml", (shop / "convagent.toml").read_text()
    settings.write_text(before + "\n[evals.gates]\nminimum = {pas_rate = 0.3}\n")
    done = convagent("eval", cwd=shop)
    assert done.returncode == 2
    assert "Did you mean pass_rate?" in done.stderr
    settings.write_text(before)
    assert convagent("eval", "--base", "nowhere.jsonl", cwd=shop).returncode == 2


def test_thresholds_are_written_only_when_that_is_asked_for(suite: Path, shop: Path) -> None:
    suite.write_text(
        "cases:\n  - {title: A, turns: [{customer: 'How long do I have to return something?', expect: {outcome: Answered}}]}\n"
        "  - {title: B, turns: [{customer: 'Which horse wins the race?', expect: {outcome: HandedOver}}]}\n"
        "  - {title: C, tags: final, turns: [{customer: 'Is Mars red?', expect: {outcome: Answered}}]}\n"
    )
    before = (shop / "convagent.toml").read_text()
    shown = convagent("eval", "tune", "--wrong-resolve-rate", "0", cwd=shop)
    assert shown.returncode == 0, shown.stderr
    assert "answer_from" in shown.stdout
    assert "left out: 1 cases" in shown.stdout
    assert "nothing is written" in shown.stdout
    assert (shop / "convagent.toml").read_text() == before
    done = convagent("eval", "tune", "--wrong-resolve-rate", "0", "--write", "--json", cwd=shop)
    data = json.loads(done.stdout)
    proposed = data["thresholds"]["answer_from"]["proposed"]
    assert data["written"] is True
    assert f"answer_from = {proposed}" in (shop / "convagent.toml").read_text()
    assert convagent("eval", "tune", "--tag", "nobody", cwd=shop).returncode == 2
