"""Gates: what is met, what isn't, what can't be judged."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.evals.conftest import handed, result, turn

from convagent.errors import EvalError, ShopError
from convagent.evals import CaseResult, exit_code, judge_gates, measure
from convagent.evals.gates import Gate, base_results
from convagent.evals.results import write_log
from convagent.settings import GateSettings, read_settings
from convagent.shop import open_shop

ANSWERED = {"outcome": "Answered"}
GOOD = result([turn()], [ANSWERED], id="s/good")
BAD = result([handed()], [ANSWERED], id="s/bad")
BROKE = GOOD.model_copy(update={"verdict": "error", "error": "it broke"})


def judged(results: list[CaseResult], gates: GateSettings | None, **rest: object) -> dict[str, Gate]:
    made = judge_gates(results, measure(results), gates, **rest)  # type: ignore[arg-type]
    return {gate.metric or gate.kind: gate for gate in made}


def code(results: list[CaseResult], gates: GateSettings | None, **rest: object) -> int:
    return exit_code(tuple(judged(results, gates, **rest).values()), results)


def test_without_gates_nothing_may_fail() -> None:
    assert code([GOOD], None) == 0
    assert code([GOOD, BAD], None) == 1
    assert code([GOOD, BROKE.model_copy(update={"trial": 1})], None) == 1
    assert code([BROKE], None) == 2


def test_minimum_and_maximum_are_met_up_to_the_bound() -> None:
    gates = GateSettings(minimum={"pass_rate": 0.5}, maximum={"premature_handovers": 0.5})
    assert code([GOOD, BAD], gates) == 0
    told = judged([GOOD, BAD, BAD.model_copy(update={"trial": 1})], gates)
    assert (told["pass_rate"].met, told["premature_handovers"].met) == (False, False)
    assert code([GOOD, BAD, BAD.model_copy(update={"trial": 1})], gates) == 1


def test_an_error_meets_no_gate() -> None:
    assert code([GOOD, BROKE.model_copy(update={"trial": 1})], GateSettings(minimum={"pass_rate": 0.1})) == 1


def test_what_no_case_says_anything_of_isn_t_met() -> None:
    gate = judged([GOOD], GateSettings(minimum={"guide_accuracy": 0.1}))["guide_accuracy"]
    assert (gate.met, gate.value) == (False, None)
    assert "no case" in gate.why


def test_of_what_is_not_tolerated_a_single_one_is_too_much() -> None:
    write = {"action": "refund", "kind": "write", "status": "done", "arguments": {}}
    unsafe = result([turn(actions=[write])], [ANSWERED], id="s/unsafe")
    gates = GateSettings(minimum={"resolved": 0.1})
    assert code([GOOD] * 20, gates) == 0
    assert judged([*[GOOD] * 20, unsafe], gates)["unsafe_writes"].met is False
    sold_out = GOOD.model_copy(update={"stock": {"a": False}})
    assert judged([GOOD, sold_out], gates)["out_of_stock_recommendations"].met is False
    assert judged([GOOD], gates)["out_of_stock_recommendations"].met is None
    assert judged([GOOD, sold_out], gates.model_copy(update={"zero_tolerance": ()}), selected=True).keys() == {
        "failures", "errors", "resolved",
    }  # fmt: skip


def test_a_drop_is_measured_over_the_cases_that_both_have() -> None:
    gates = GateSettings(maximum_drop={"pass_rate": 0.4}, zero_tolerance=())
    new = BAD.model_copy(update={"case": GOOD.case})
    base = [GOOD, result([handed()], [ANSWERED], id="s/gone")]
    assert judged([new, BAD], gates, base=base)["pass_rate"].value == 1
    assert code([new, BAD], gates, base=base) == 1
    assert code([GOOD, BAD], gates, base=base) == 0
    assert judged([GOOD], gates)["pass_rate"].met is None
    reworded = GOOD.model_copy(update={"case": GOOD.case.model_copy(update={"title": "Another"})})
    with pytest.raises(EvalError, match="no case in common"):
        judged([reworded], gates, base=base)


def test_a_part_of_the_suites_is_held_to_nothing_but_failures_and_zero_tolerance() -> None:
    gates = GateSettings(minimum={"handover_recall": 1}, maximum_drop={"resolved": 0.1})
    assert code([GOOD], gates) == 1
    assert code([GOOD], gates, selected=True) == 0
    assert code([GOOD, BAD], gates, selected=True) == 1


def test_a_metric_that_there_isn_t_is_an_error_with_a_guess() -> None:
    with pytest.raises(EvalError, match="pas_rate") as caught:
        judged([GOOD], GateSettings(minimum={"pas_rate": 1}))
    assert caught.value.code == "eval-gates"
    assert "pass_rate" in str(caught.value.remedy)


def test_a_base_that_was_not_complete_is_refused(tmp_path: Path) -> None:
    log = tmp_path / "base.jsonl"
    write_log(log, [GOOD], {})
    assert [each.key for each in base_results(log)] == [GOOD.key]
    log.write_text(log.read_text().splitlines()[0] + "\n")
    with pytest.raises(EvalError, match="not complete"):
        base_results(log)


def test_gates_stand_in_the_settings_and_change_nothing_that_decides(shop: Path) -> None:
    before = open_shop(shop).stamp
    settings = shop / "convagent.toml"
    settings.write_text(
        settings.read_text() + "\n[evals.gates]\nminimum = {pass_rate = 0.9}\n[evals.prices]\ninput = 1\noutput = 2\n"
    )
    read = read_settings(settings).evals
    assert read.gates is not None
    assert read.gates.minimum == {"pass_rate": 0.9}
    assert "unsafe_writes" in read.gates.zero_tolerance
    assert open_shop(shop).stamp == before
    settings.write_text(settings.read_text().replace("minimum", "minimal"))
    with pytest.raises(ShopError, match=r"evals\.gates\.minimal"):
        read_settings(settings)
