"""Suites with a chat model: named, recorded, replayed in any number of processes, and told by the stamp."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from convagent.errors import EvalError, ModelError
from convagent.evals import Bench, Case, RunSettings, load_cases, run_suite, without_times
from convagent.evals.model_use import ModelUse, open_models, stamp_of
from convagent.models import ChatRequest, ModelSettings, ScriptedModel
from convagent.models.prompt import section_of
from convagent.models.scripted import Answer

JUDGED = """\
cases:
  - title: A person
    turns:
      - customer: "let me talk to someone"
        expect: {outcome: HandedOver, judge: The reply says that a person takes over}
  - title: Cancelled after a yes
    turns:
      - customer: "please cancel #10043, ada@example.com"
        expect: {outcome: Asked, asks: confirm}
      - customer: "yes"
        expect: {outcome: Answered, actions: cancel_order}
    expect: {judge: [The order was cancelled, The customer was told when the money comes]}
"""


@pytest.fixture
def judged_cases(shop: Path) -> tuple[Case, ...]:
    (shop / "evals").mkdir()
    (shop / "evals" / "judged.yaml").write_text(JUDGED, encoding="utf-8")
    return load_cases([shop / "evals" / "judged.yaml"], base=shop)


def answering(request: ChatRequest) -> Answer:
    """Judges by what was said last; for everything else it is away."""
    if request.purpose != "judge":
        return ModelError("the model is away", code="model-unreachable")
    text = request.messages[-1].text
    said = [line for line in (section_of(text, "conversation") or "").splitlines() if line.startswith("assistant: ")]
    last = section_of(text, "message") or said[-1].removeprefix("assistant: ")
    statement = section_of(request.messages[-1].text, "statement") or ""
    return {"evidence": last, "verdict": "no" if "money" in statement else "yes"}


def lines(path: Path | None) -> list[object]:
    assert path is not None
    return [without_times(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def test_what_was_recorded_replays_to_the_same_bytes_in_any_number_of_processes(
    judged_cases: tuple[Case, ...], shop: Path, tmp_path: Path
) -> None:
    recording = tmp_path / "recorded.jsonl"
    model = ScriptedModel(answering, name="scripted:one")
    settings = RunSettings(trials=2, out=tmp_path / "first", model=ModelUse(model=model, record=recording))
    first = run_suite(judged_cases, shop, settings=settings)
    assert [each.verdict for result in first.results for each in result.judged] == ["yes"] * 3 + ["no", "yes", "no"]
    assert first.model == "scripted:one"
    asked = len(model.requests)
    for workers in (1, 2):
        out = tmp_path / f"replayed-{workers}"
        replayed = RunSettings(trials=2, workers=workers, out=out, model=ModelUse(replay=recording))
        again = run_suite(judged_cases, shop, settings=replayed)
        assert lines(again.log) == lines(first.log)
    assert len(model.requests) == asked  # nobody was asked again


def test_the_stamp_tells_the_model_and_a_run_without_one_is_as_it_was(
    judged_cases: tuple[Case, ...], shop: Path
) -> None:
    plain = run_suite(judged_cases[:1], shop)
    one = run_suite(judged_cases[:1], shop, settings=RunSettings(model=ScriptedModel(answering, name="one")))
    two = run_suite(judged_cases[:1], shop, settings=RunSettings(model=ScriptedModel(answering, name="two")))
    assert len({plain.stamp, one.stamp, two.stamp}) == 3
    assert [plain.model, one.model, two.model] == ["", "one", "two"]
    assert one.summary()["model"] == "one"
    bench = Bench.open(shop, model=ScriptedModel(answering, name="one"))
    assert bench.stamp == bench.agent.stamp == one.stamp == one.results[0].stamp
    assert stamp_of(bench.agent.shop, None) == plain.stamp


def test_a_new_recording_holds_this_run_alone(judged_cases: tuple[Case, ...], shop: Path, tmp_path: Path) -> None:
    recording = tmp_path / "recorded.jsonl"
    use = ModelUse(model=ScriptedModel(answering), record=recording)
    for _ in range(2):
        run_suite(judged_cases[:1], shop, settings=RunSettings(model=use))
    asked = [json.loads(line)["request"]["purpose"] for line in recording.read_text("utf-8").splitlines()]
    assert asked.count("judge") == 1


def test_a_judge_may_be_another_model_or_none(judged_cases: tuple[Case, ...], shop: Path, tmp_path: Path) -> None:
    judge = ScriptedModel(answering, name="judge")
    run = run_suite(judged_cases[:1], shop, settings=RunSettings(model=ModelUse(model="", judge=judge)))
    assert (run.model, run.results[0].judged[0].model) == ("", "judge")
    assert {request.purpose for request in judge.requests} == {"judge"}
    silent = run_suite(
        judged_cases[:1], shop, settings=RunSettings(model=ModelUse(model=ScriptedModel(answering), judge=""))
    )
    assert silent.results[0].judged[0].why == "no chat model judges"


def test_where_a_judge_alone_was_recorded_the_agent_is_replayed_without_a_model(
    judged_cases: tuple[Case, ...], shop: Path, tmp_path: Path
) -> None:
    recording = tmp_path / "recorded.jsonl"
    use = ModelUse(model="", judge=ScriptedModel(answering, name="judge"), record=recording)
    first = run_suite(judged_cases[:1], shop, settings=RunSettings(out=tmp_path / "one", model=use))
    replayed = ModelUse(model="", replay=recording)
    again = run_suite(judged_cases[:1], shop, settings=RunSettings(out=tmp_path / "two", model=replayed))
    assert lines(again.log) == lines(first.log)


def test_what_can_t_be_done_with_models_is_told_at_once(
    judged_cases: tuple[Case, ...], shop: Path, tmp_path: Path
) -> None:
    with pytest.raises(EvalError, match="can't serve in other processes") as caught:
        run_suite(judged_cases, shop, settings=RunSettings(workers=2, model=ScriptedModel(answering)))
    assert caught.value.code == "eval-model"
    with pytest.raises(EvalError, match="nothing to record"):
        run_suite(judged_cases, shop, settings=RunSettings(model=ModelUse(record=tmp_path / "r.jsonl")))
    with pytest.raises(EvalError, match="can't be recorded"):
        open_models(ModelUse(record=tmp_path / "r.jsonl", replay=tmp_path / "s.jsonl"), ModelSettings())
    with pytest.raises(ModelError, match="can't be read"):
        run_suite(judged_cases, shop, settings=RunSettings(model=ModelUse(replay=tmp_path / "s.jsonl")))


def test_personal_data_is_hidden_from_who_judges_and_quoted_back(shop: Path) -> None:
    body = {"customer": "please cancel #10043, ada@example.com", "expect": {"judge": "It is about ada@example.com"}}
    case = Case.model_validate({"id": "s/c", "suite": "s", "title": "c", "turns": [body]})
    model = ScriptedModel(answering)
    judged = Bench.open(shop, model=ModelUse(judge=model)).run(case).judged[0]
    asked = model.requests[0].messages[-1].text
    assert "ada@example.com" not in asked
    assert "[EMAIL_1]" in asked
    assert judged.statement == "It is about ada@example.com"
    assert judged.holds is True


def test_a_shop_s_second_model_is_asked_recorded_and_replayed_too(tmp_path: Path) -> None:
    verified = ModelSettings(verifier="openai:second", base_url="http://127.0.0.1:9/v1")
    asked = open_models(ModelUse(model=ScriptedModel(answering)), verified)
    assert asked.verifier is not None
    assert asked.verifier.name == "openai:second"
    recorded = open_models(ModelUse(model=ScriptedModel(answering), record=tmp_path / "r.jsonl"), verified)
    assert recorded.verifier is not None
    assert recorded.verifier is not recorded.agent
    assert recorded.judge is recorded.agent
    replayed = open_models(ModelUse(replay=tmp_path / "r.jsonl"), verified)
    assert replayed.verifier is replayed.agent
    assert open_models(ModelUse(model=""), verified).verifier is None
