"""`convagent eval` with chat models: recorded exchanges replayed, and what is missing told."""

from __future__ import annotations

from pathlib import Path

from tests.cli.test_commands import convagent

from convagent.evals import Bench, RunSettings, load_cases, run_suite
from convagent.evals.model_use import ModelUse
from convagent.evals.simulate import read_personas, simulate
from convagent.models import ChatRequest, RecordingModel, ScriptedModel
from convagent.models.scripted import Answer

CASES = """\
cases:
  - title: A person
    turns:
      - customer: "let me talk to someone"
        expect: {outcome: HandedOver, judge: [The reply is a poem, The reply is in Latin]}
"""
PERSONAS = """\
personas:
  - name: impatient
    goal: Talk to a person
    opens: ["a person, please"]
    reaches: {outcome: HandedOver}
"""


def answering(request: ChatRequest) -> Answer:
    if request.purpose == "customer":
        return {"says": "let me talk to someone", "ends": "no"}
    if request.purpose == "judge" and "poem" in request.messages[-1].text:
        return {"evidence": "Ask for a person whenever you like.", "verdict": "no"}
    return "no answer of use"


def test_a_recorded_suite_runs_again_without_a_model_and_shows_what_was_judged(shop: Path) -> None:
    (shop / "evals").mkdir()
    (shop / "evals" / "people.yaml").write_text(CASES, encoding="utf-8")
    use = ModelUse(model=ScriptedModel(answering, name="tiny"), record=shop / "recorded.jsonl")
    run_suite(load_cases([shop / "evals" / "people.yaml"], base=shop), shop, settings=RunSettings(model=use))
    done = convagent("eval", "run", "--replay", "recorded.jsonl", cwd=shop)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "? judged “no” people/a-person  turn 1" in done.stdout
    shown = [line.strip() for line in done.stdout.splitlines()]
    assert shown[shown.index("The reply is a poem") + 1] == "“Ask for a person whenever you like.”"
    assert "not judged, 1 of them: the answer is no judgement: no answer of use" in done.stdout
    assert "judged" in done.stdout
    plain = convagent("eval", "run", "--model", "", cwd=shop)
    assert "not judged, 2 of them: no chat model judges" in plain.stdout
    for wrong, told in ((["--record", "r.jsonl"], "nothing to record"), (["--replay", "none.jsonl"], "can't be read")):
        refused = convagent("eval", "run", *wrong, cwd=shop)
        assert refused.returncode == 2
        assert told in " ".join(refused.stderr.split())


def test_played_customers_are_replayed_too(shop: Path) -> None:
    (shop / "evals").mkdir()
    (shop / "evals" / "personas.yaml").write_text(PERSONAS, encoding="utf-8")
    personas, _ = read_personas([shop / "evals" / "personas.yaml"])
    recorder = RecordingModel(ScriptedModel(answering, name="tiny"), shop / "recorded.jsonl")
    assert [run.ending for run in simulate(personas, Bench.open(shop), runs=2, model=recorder)] == ["handed_over"] * 2
    done = convagent(
        "eval", "simulate", "--customer", "openai:tiny", "--replay", "recorded.jsonl", "--runs", "2", cwd=shop
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 handed over" in done.stdout
