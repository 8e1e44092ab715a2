"""A gate on what is covered is judged where all of a shop's cases ran, and only there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.test_commands import convagent
from tests.evals.conftest import CANCEL

from convagent.evals import judge_gates
from convagent.settings import GateSettings, read_settings

PERSON = '  - title: A person\n    tags: [handover, open]\n    turns:\n      - customer: "let me talk to someone"\n'


@pytest.fixture
def gated(shop: Path) -> Path:
    """A shop of two suites that asks for coverage which both reach together, and leaves what is open out."""
    (shop / "evals").mkdir()
    (shop / "evals" / "cancel.yaml").write_text(CANCEL, encoding="utf-8")
    (shop / "evals" / "more.yaml").write_text("cases:\n" + PERSON, encoding="utf-8")
    with (shop / "convagent.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[evals]\nleave_out = ["open"]\n[evals.gates]\nminimum = {coverage.guides = 0.01}\n')
    return shop


def _asking(shop: Path, least: float) -> None:
    path = shop / "convagent.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("= 0.01", f"= {least}"), encoding="utf-8")


def test_all_cases_are_judged_and_what_is_left_out_is_none_of_them(gated: Path) -> None:
    done = convagent("eval", cwd=gated)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✓ coverage.guides at least 0.01" in done.stdout
    assert "3 results" in done.stdout
    _asking(gated, 0.99)
    done = convagent("eval", cwd=gated)
    assert done.returncode == 1
    assert "✗ coverage.guides at least 0.99" in done.stdout


@pytest.mark.parametrize("part", [["evals/more.yaml", "--tag", "open"], ["--guide", "Cancel an order"]])
def test_a_part_of_them_is_not_judged(gated: Path, part: list[str]) -> None:
    _asking(gated, 0.99)
    done = convagent("eval", *part, cwd=gated)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "– coverage.guides at least 0.99" in done.stdout
    assert "not judged: only a part of the suites ran" in done.stdout


@pytest.mark.parametrize("all_of_them", [["evals/cancel.yaml"], ["--tag", "-open"]])
def test_all_of_them_are_judged_whichever_way_they_are_named(gated: Path, all_of_them: list[str]) -> None:
    _asking(gated, 0.99)
    done = convagent("eval", *all_of_them, cwd=gated)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "✗ coverage.guides at least 0.99" in done.stdout


def test_a_report_judges_the_log_of_all_cases_alone(gated: Path) -> None:
    for part, told in (([], "1 of 5 gates not met"), (["--tag", "act"], "not judged")):
        convagent("eval", *part, "--json", "run.jsonl", cwd=gated)
        _asking(gated, 0.99)
        assert convagent("eval", "report", "run.jsonl", "--shop", ".", "--markdown", "r.md", cwd=gated).returncode == 0
        assert told in (gated / "r.md").read_text(encoding="utf-8")


def test_coverage_leaves_out_what_the_shop_does(gated: Path) -> None:
    done = convagent("guidance", "coverage", "--json", cwd=gated)
    assert done.returncode == 1, done.stderr
    log = (gated / ".convagent" / "coverage" / "results.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["kind"] for line in log] == ["case"] * 3 + ["summary"]


def test_the_demo_shop_asks_for_all_of_its_branches(root: Path) -> None:
    evals = read_settings(root / "convagent.toml").evals
    assert evals.gates is not None
    assert evals.gates.minimum == {"pass_rate": 1.0, "coverage.branches": 1.0}
    assert set(evals.leave_out) == {"open", "final"}


def test_in_code_coverage_is_judged_unless_it_is_said_that_a_part_ran() -> None:
    gates = GateSettings(minimum={"coverage.guides": 1.0})
    told = [judge_gates([], {}, gates, **rest)[-1].met for rest in ({}, {"selected": True}, {"whole": False})]  # type: ignore[arg-type]
    assert told == [False, None, None]
    assert judge_gates([], {}, gates, selected=True, whole=True)[-1].met is False
