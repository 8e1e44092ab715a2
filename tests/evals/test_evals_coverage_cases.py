"""Cases to start from: what no case reached gets a conversation that was tried, or a sketch that says what is missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from convagent.cli.app import app
from convagent.evals import Bench, CaseResult, RunSettings, judge_gates, load_cases, measure, run_suite, with_tags
from convagent.evals.coverage import Coverage, coverage_metrics, coverage_of
from convagent.evals.outline import outline_of
from convagent.evals.starters import Starter, starters, starters_yaml
from convagent.settings import GateSettings

WEATHER = """\
# Weather

When the customer asks about the weather:
- "how is the weather"
- "will it rain"

1. If customer.verified:
   - say "Fine for you."
1. Otherwise:
   - say "Wet."
"""

HANDSHAKE = """\
# Secret handshake

When the customer asks for the secret handshake:
- "show me the secret handshake"
- "what is the secret handshake of your shop"

1. say "A nod."
"""


def reached(shop: Path, suite: str) -> tuple[Coverage, list[CaseResult], Bench]:
    """What the cases of a text reach in a shop."""
    path = shop / "some.yaml"
    path.write_text(suite, encoding="utf-8")
    bench = Bench.open(shop)
    results = [bench.run(case) for case in load_cases([path])]
    return coverage_of(results, outline_of(bench.agent.shop)), results, bench


def weather(made: list[Starter]) -> dict[tuple[str, str], Starter]:
    return {(each.address, each.wanted): each for each in made if each.address.startswith("Weather")}


@pytest.fixture
def weathered(shop: Path) -> Path:
    """A shop with a guide whose branch hangs on what the caller knows, and one without branches."""
    (shop / "guidance" / "weather.md").write_text(WEATHER, encoding="utf-8")
    (shop / "guidance" / "handshake.md").write_text(HANDSHAKE, encoding="utf-8")
    return shop


HELLO = "cases:\n  - {title: Hello, turns: [{customer: hello}]}\n"
ASKED = "cases:\n  - {title: Rain, turns: [{customer: will it rain}]}\n"


def test_the_prover_s_customer_opens_the_branch(weathered: Path) -> None:
    pytest.importorskip("z3")
    found, results, bench = reached(weathered, HELLO)
    made = weather(list(starters(found, results, bench)))
    opens = made["Weather/1", "opens"]
    assert (opens.how, opens.reached) == ("prover", True)
    assert opens.case.turns[0].customer == "how is the weather"
    assert opens.case.facts["customer"]["verification"] == "verified"
    assert "open" not in opens.case.tags
    bench.agent.close()


def test_an_otherwise_begins_where_the_condition_before_it_does_not_hold(weathered: Path) -> None:
    found, results, bench = reached(weathered, HELLO)
    otherwise = weather(list(starters(found, results, bench)))["Weather/2", "opens"]
    assert otherwise.case.expect.not_branches == ("Weather/1",)
    assert otherwise.case.expect.guides == ("Weather",)
    bench.agent.close()


def test_a_sketch_goes_on_from_the_conversation_that_came_closest(weathered: Path) -> None:
    text = WEATHER.replace("customer.verified", 'shop.currency is "JPY"')
    (weathered / "guidance" / "weather.md").write_text(text, encoding="utf-8")
    found, results, bench = reached(weathered, ASKED)
    never = weather(list(starters(found, results, bench)))["Weather/1", "opens"]
    assert (never.how, never.reached) == ("closest", False)
    assert [turn.customer for turn in never.case.turns] == ["will it rain"]
    assert "open" in never.case.tags
    assert "shop.currency" in never.case.notes
    assert "guidance/weather.md:7" in never.case.notes
    bench.agent.close()


def test_a_guide_without_branches_gets_its_first_example(weathered: Path) -> None:
    found, results, bench = reached(weathered, HELLO)
    greeting = next(each for each in starters(found, results, bench) if each.address == "Secret handshake")
    assert greeting.case.turns[0].customer == "show me the secret handshake"
    assert greeting.case.expect.guides == ("Secret handshake",)
    assert greeting.reached
    bench.agent.close()


def test_what_was_reached_gets_no_case(weathered: Path) -> None:
    suite = (
        "cases:\n  - {title: A, turns: [{customer: will it rain}], facts: {customer: {verified: false}}}\n"
        "  - {title: B, turns: [{customer: will it rain}], facts: {customer: {verified: true}}}\n"
    )
    found, results, bench = reached(weathered, suite)
    assert not weather(list(starters(found, results, bench)))
    bench.agent.close()


def test_the_cases_that_are_written_can_be_read_and_keep_what_they_say(weathered: Path) -> None:
    found, results, bench = reached(weathered, HELLO)
    made = list(starters(found, results, bench))
    path = weathered / "start.yaml"
    path.write_text(starters_yaml(made), encoding="utf-8")
    cases = load_cases([path])
    assert len(cases) == len(made) > 2
    for case in cases:
        verdict = bench.run(case).verdict
        assert (verdict == "pass") is ("open" not in case.tags), case.id
        assert bool(case.notes) is ("open" in case.tags)
    assert starters_yaml(list(starters(found, results, bench))) == path.read_text(encoding="utf-8")
    bench.agent.close()


def test_the_command_writes_a_new_file_and_never_over_another(weathered: Path, tmp_path: Path) -> None:
    (weathered / "some.yaml").write_text(HELLO, encoding="utf-8")
    run = run_suite(load_cases([weathered / "some.yaml"]), weathered, settings=RunSettings(out=tmp_path / "out"))
    target = tmp_path / "missing.yaml"
    asked = ["eval", "coverage", str(run.log), "--shop", str(weathered), "--write", str(target)]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    assert "cases to start from" in done.output
    before = target.read_bytes()
    assert CliRunner().invoke(app, ["eval", "check", str(target), "--shop", str(weathered)]).exit_code == 0
    assert CliRunner().invoke(app, asked).exit_code != 0
    assert target.read_bytes() == before


def test_the_demo_shop_s_suites_reach_its_branches(root: Path) -> None:
    kept_out = {"final", "shopping-final", "everyday-final", "personas"}
    suites = sorted(path for path in (root / "evals").glob("*.yaml") if path.stem not in kept_out)
    bench = Bench.open(root)
    results = [bench.run(case) for case in with_tags(load_cases(suites), ["-open"])]
    found = coverage_of(results, outline_of(bench.agent.shop))
    gates = GateSettings(minimum={"coverage.guides": 1, "coverage.branches": 1, "coverage.conditions": 0.99})
    judged = judge_gates(results, {**measure(results), **coverage_metrics(found)}, gates)
    assert not [gate for gate in judged if gate.kind == "minimum" and not gate.met], list(found.gaps())
    rows = (root / "evals" / "coverage-unknown.yaml").read_text(encoding="utf-8")
    named = set(re.findall(r"}  # (.+)", rows))
    assert len(named) >= 25
    assert not named - {each.branch.address for each in found.conditions if each.unknown}
    bench.agent.close()
