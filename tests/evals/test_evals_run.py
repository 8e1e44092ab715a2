"""Running: isolation, determinism, processes, interruptions, time limits, trials."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from convagent.errors import EvalError
from convagent.evals import METRICS, Bench, Case, RunSettings, load_cases, read_log, rescored, run_suite, without_times
from convagent.evals.results import CaseResult, write_log
from convagent.evals.run import LOG, PARTIAL


def lines(path: Path) -> list[dict[str, object]]:
    return [without_times(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def test_each_case_has_its_own_back_office_and_storage(cases: tuple[Case, ...], bench: Bench, shop: Path) -> None:
    run = run_suite(cases, shop, bench=bench)
    assert [result.verdict for result in run.results] == ["pass", "pass", "pass"], [r.failures for r in run.results]
    assert run.ok
    assert list((shop / ".convagent").glob("conversations*")) == []
    assert bench.agent.storage.conversations(limit=10) == []


def test_the_same_suite_gives_the_same_bytes_apart_from_times(
    cases: tuple[Case, ...], shop: Path, tmp_path: Path
) -> None:
    logs = []
    for number, order in enumerate((cases, cases)):
        run = run_suite(order, shop, settings=RunSettings(out=tmp_path / str(number)))
        assert run.log is not None
        logs.append(lines(run.log))
    assert logs[0] == logs[1]
    summary = logs[0][-1]
    assert {key: summary[key] for key in ("cases", "passed", "failed", "errors", "unscored")} == {
        "cases": 3, "passed": 3, "failed": 0, "errors": 0, "unscored": 0,
    }  # fmt: skip
    assert summary["metrics"]["pass_rate"]["value"] == 1  # type: ignore[index]
    alone = run_suite(cases[1:2], shop)
    assert without_times(alone.results[0].to_json()) == logs[0][1]


def test_any_number_of_processes_gives_the_same_results_as_one(
    cases: tuple[Case, ...], shop: Path, tmp_path: Path
) -> None:
    one = run_suite(cases, shop, settings=RunSettings(out=tmp_path / "one"))
    assert one.log is not None
    for workers in (2, 3):
        several = run_suite(cases, shop, settings=RunSettings(workers=workers, out=tmp_path / str(workers)))
        assert several.log is not None
        assert lines(one.log) == lines(several.log)


def differing(one: object, other: object, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return [each for key in one for each in differing(one[key], other[key], (*path, key))]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [each for pair in zip(one, other, strict=True) for each in differing(*pair, path)]
    return [] if one == other else [path]


def test_times_stand_only_in_fields_that_say_so(
    cases: tuple[Case, ...], shop: Path, bench: Bench, tmp_path: Path
) -> None:
    logs = []
    for number in range(2):
        run_suite(cases, shop, settings=RunSettings(out=tmp_path / str(number)), bench=bench)
        text = (tmp_path / str(number) / LOG).read_text(encoding="utf-8")
        logs.append([json.loads(line) for line in text.splitlines()])
    found = differing(logs[0], logs[1])
    assert found
    assert all(any(key.endswith(("_seconds", "_at")) for key in path) for path in found), found
    summary = logs[0][-1]
    assert list(summary["metrics"]) == list(METRICS)
    assert all({"value", "interval"} <= metric.keys() for metric in summary["metrics"].values())
    assert summary["metrics"]["retrieval_mrr"] == {"value": None, "count": 0, "interval": None}


DEADLY = """

@action(kind="lookup")
def die() -> str | None:
    \"\"\"Ends the process.\"\"\"
    import os
    os._exit(3)


@action(kind="lookup")
def sleep() -> str | None:
    \"\"\"Takes its time.\"\"\"
    import time
    time.sleep(60)


@action(kind="lookup")
def fall() -> str | None:
    \"\"\"Raises.\"\"\"
    raise RuntimeError("no such thing")
"""


TUNABLES_TOLD = """


@action(kind="lookup")
def tunables() -> str | None:
    \"\"\"What the C library was told at its start.\"\"\"
    import os

    return os.environ.get("GLIBC_TUNABLES")
"""


def end_state(lookup: str, **rest: object) -> Case:
    data = {"id": f"s/{lookup}", "suite": "s", "title": lookup, "turns": [{"customer": "human please"}],
            "expect": {"state": [{"lookup": lookup}]}, **rest}  # fmt: skip
    return Case.model_validate(data)


def test_a_worker_that_dies_costs_its_case_alone(cases: tuple[Case, ...], shop: Path) -> None:
    with (shop / "actions" / "orders.py").open("a") as file:
        file.write(DEADLY)
    run = run_suite([end_state("die"), *cases], shop, settings=RunSettings(workers=2))
    assert [result.verdict for result in run.results] == ["error", "pass", "pass", "pass"]
    assert run.results[0].error == "the worker died"
    assert not run.ok


def test_a_worker_that_dies_leaves_the_cases_it_had_not_begun_to_others(shop: Path) -> None:
    with (shop / "actions" / "orders.py").open("a") as file:
        file.write(DEADLY)
    plain = Case.model_validate(
        {"id": "s/0", "suite": "s", "title": "A person", "turns": [{"customer": "human please"}]}
    )
    several = [plain.model_copy(update={"id": f"s/{number}"}) for number in range(24)]
    several[2:3] = [end_state("die")]
    run = run_suite(several, shop, settings=RunSettings(workers=2))
    assert [result.case.id for result in run.results if result.verdict == "error"] == ["s/die"]
    assert [result.case.id for result in run.results] == [case.id for case in several]


def test_workers_ask_for_large_pages_unless_the_environment_says_otherwise(
    cases: tuple[Case, ...], shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (shop / "actions" / "orders.py").open("a") as file:
        file.write(TUNABLES_TOLD)
    monkeypatch.delenv("GLIBC_TUNABLES", raising=False)
    for own in (None, "glibc.malloc.arena_max=2"):
        if own is not None:
            monkeypatch.setenv("GLIBC_TUNABLES", own)
        told = run_suite([end_state("tunables"), *cases], shop, settings=RunSettings(workers=2)).results[0]
        assert [state.value for state in told.state] == [own or "glibc.malloc.hugetlb=1"]
        assert os.environ.get("GLIBC_TUNABLES") == own


@pytest.mark.skipif(not hasattr(os, "fork"), reason="signals of POSIX")
def test_workers_end_quietly_when_whoever_started_them_is_killed(
    cases: tuple[Case, ...], shop: Path, tmp_path: Path
) -> None:
    suite = shop / "evals" / "many.yaml"
    turns = "turns: [{customer: How long do I have to return something?}]"
    suite.write_text(
        "cases:\n" + "".join(f"  - {{title: Case {number}, {turns}}}\n" for number in range(400)), encoding="utf-8"
    )
    with (tmp_path / "told").open("w+b") as told:
        command = [
            sys.executable,
            "-m",
            "convagent",
            "eval",
            "run",
            str(suite),
            "--shop",
            str(shop),
            "-j",
            "2",
            "--out",
            str(tmp_path),
        ]
        started = subprocess.Popen(command, stdout=told, stderr=told)
        kept = tmp_path / PARTIAL
        for _ in range(1200):
            if kept.is_file() and kept.read_bytes().count(b"\n") > 3:
                break
            time.sleep(0.1)
        started.kill()
        started.wait()
        time.sleep(2)
        told.seek(0)
        assert b"Traceback" not in told.read()
    run = run_suite(load_cases([suite]), shop, settings=RunSettings(out=tmp_path))
    assert run.resumed >= 3
    assert len(run.results) == 400


def test_a_case_whose_time_is_up_is_an_error_and_the_next_one_runs(cases: tuple[Case, ...], shop: Path) -> None:
    with (shop / "actions" / "orders.py").open("a") as file:
        file.write(DEADLY)
    run = run_suite([end_state("sleep", limit_seconds=0.3), *cases], shop)
    assert [result.verdict for result in run.results] == ["error", "pass", "pass", "pass"]
    assert run.results[0].error == "it took longer than 0.3 seconds"
    assert len(run.results[0].turns) == 1


def test_a_write_is_no_look_at_the_end(bench: Bench) -> None:
    done = bench.run(end_state("cancel_order"))
    assert done.verdict == "error"
    assert "cancel_order is a write" in str(done.error)


def test_an_interrupted_run_goes_on_where_it_stopped(
    cases: tuple[Case, ...], bench: Bench, shop: Path, tmp_path: Path
) -> None:
    ran: list[str] = []

    def stop(result: CaseResult, done: int, count: int) -> None:
        ran.append(result.case.id)
        if done == 2:
            raise KeyboardInterrupt

    settings = RunSettings(out=tmp_path)
    with pytest.raises(KeyboardInterrupt):
        run_suite(cases, shop, settings=settings, bench=bench, progress=stop)
    with (tmp_path / PARTIAL).open("a") as file:
        file.write('{"kind": "case", "torn')
    whole = run_suite(
        cases, shop, settings=settings, bench=bench, progress=lambda r, done, count: ran.append(r.case.id)
    )
    assert ran == [case.id for case in cases]
    assert whole.resumed == 2
    assert not (tmp_path / PARTIAL).exists()
    again = run_suite(cases, shop, settings=RunSettings(out=tmp_path / "again"), bench=bench)
    assert lines(tmp_path / LOG) == lines(tmp_path / "again" / LOG)
    assert again.resumed == 0


def test_what_was_kept_of_another_case_or_shop_is_not_gone_on_from(
    cases: tuple[Case, ...], bench: Bench, shop: Path, tmp_path: Path
) -> None:
    kept = bench.run(cases[2])
    other = kept.model_copy(update={"stamp": "another"})
    changed = kept.model_copy(update={"case": cases[2].model_copy(update={"title": "Another"})})
    for stale in (other, changed):
        write_log(tmp_path / PARTIAL, [stale], {})
        assert run_suite(cases[2:], shop, settings=RunSettings(out=tmp_path), bench=bench).resumed == 0
    write_log(tmp_path / PARTIAL, [kept], {})
    assert run_suite(cases[2:], shop, settings=RunSettings(out=tmp_path), bench=bench).resumed == 1
    write_log(tmp_path / PARTIAL, [kept], {})
    assert run_suite(cases[2:], shop, settings=RunSettings(out=tmp_path, resume=False), bench=bench).resumed == 0


def test_a_log_can_be_judged_again_by_other_expectations(
    cases: tuple[Case, ...], bench: Bench, shop: Path, tmp_path: Path
) -> None:
    run_suite(cases, shop, settings=RunSettings(out=tmp_path), bench=bench)
    results, summary = read_log(tmp_path / LOG)
    assert summary is not None
    assert [result.verdict for result in rescored(results)] == ["pass", "pass", "pass"]
    assert [without_times(result.to_json()) for result in results] == lines(tmp_path / LOG)[:3]
    stricter = (
        cases[2].turns[0].model_copy(update={"expect": cases[2].turns[0].expect.model_copy(update={"team": "sales"})})
    )
    judged = rescored(results, cases={cases[2].id: cases[2].model_copy(update={"turns": (stricter,)})})
    assert [result.verdict for result in judged] == ["pass", "pass", "fail"]


def test_trials_are_told_apart(cases: tuple[Case, ...], bench: Bench, shop: Path) -> None:
    run = run_suite(cases[2:], shop, settings=RunSettings(trials=3), bench=bench)
    assert [result.key for result in run.results] == [(cases[2].id, trial) for trial in range(3)]
    assert run.metrics["pass_hat_k"].detail == {"1": 1, "2": 1, "3": 1}
    assert run.summary()["cases"] == 1


def test_no_case_is_an_error_of_usage(shop: Path) -> None:
    with pytest.raises(EvalError, match="no case"):
        run_suite([], shop)


def test_a_log_that_can_t_be_read_is_told_with_its_line(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    for text, told in (
        ("{}\nno json\n", "format None"), ('{"format": 1, "kind": "case"}\n', "no result"), ('{"format": 99}\n', "format 99"),
    ):  # fmt: skip
        log.write_text(text)
        with pytest.raises(EvalError, match=told) as caught:
            read_log(log)
        assert str(caught.value.place).endswith("log.jsonl:1")
    with pytest.raises(EvalError, match="can't be read"):
        read_log(tmp_path / "nowhere.jsonl")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk to write to")
def test_a_full_disk_is_told_and_what_was_there_stays(
    cases: tuple[Case, ...], bench: Bench, shop: Path, tmp_path: Path
) -> None:
    (tmp_path / LOG).write_text("old\n")
    (tmp_path / PARTIAL).symlink_to("/dev/full")
    with pytest.raises(EvalError, match="can't be kept"):
        run_suite(cases[2:], shop, settings=RunSettings(out=tmp_path, resume=False), bench=bench)
    assert (tmp_path / LOG).read_text() == "old\n"


def test_the_clock_goes_as_the_case_says_and_colleagues_take_part(tmp_path: Path, shop: Path, bench: Bench) -> None:
    path = tmp_path / "clock.yaml"
    path.write_text(
        "cases:\n"
        "  - title: T\n"
        "    clock: 2026-03-02T10:00:00+00:00\n"
        "    turns:\n"
        "      - customer: human please\n"
        "        expect: {outcome: HandedOver}\n"
        "      - {person: 'Hello', after: 2 hours}\n"
        "      - customer: my lamp flickers\n"
        "        expect: {outcome: Silent, why: person_in_charge}\n"
        "      - customer: let me talk to someone\n"
        "        give_back: true\n"
        "        after: 1 day\n"
        "        expect: {outcome: HandedOver}\n"
    )
    done = bench.run(load_cases([path])[0])
    assert done.verdict == "pass", done
    told = [turn.at.isoformat() for turn in done.turns if turn.at]
    assert told == [
        "2026-03-02T10:00:00+00:00",
        "2026-03-02T12:00:00+00:00",
        "2026-03-02T12:00:00+00:00",
        "2026-03-03T12:00:00+00:00",
    ]


def test_a_state_before_reaches_the_shop_s_actions_or_is_an_error(shop: Path, cases: tuple[Case, ...]) -> None:
    told = Bench.open(shop).run(cases[0].model_copy(update={"state": {"#10043": "shipped"}}))
    assert told.verdict == "error"
    assert "action-state" in str(told.error)
    with (shop / "actions" / "orders.py").open("a") as file:
        file.write(
            "\n\ndef actions(shop_folder, state=None):\n"
            "    import sys\n"
            "    for number, status in (state or {}).items():\n"
            "        ORDERS[number]['status'] = status\n"
            "    return sys.modules[__name__]\n"
        )
    bench = Bench.open(shop)
    assert bench.run(cases[0]).verdict == "pass"
    shipped = bench.run(cases[0].model_copy(update={"state": {"#10043": "shipped"}}))
    assert shipped.verdict == "fail"
    assert shipped.turns[0].outcome.name == "Answered"
    assert bench.run(cases[0]).verdict == "pass"


def test_breaking_a_guide_turns_its_cases_red_and_no_other(cases: tuple[Case, ...], shop: Path) -> None:
    guide = shop / "guidance" / "orders.md"
    guide.write_text(guide.read_text().replace('status is not "pending"', 'status is "pending"'))
    run = run_suite(cases, shop)
    assert [result.verdict for result in run.results] == ["fail", "fail", "pass"]
    assert run.results[0].failures[0].name == "outcome"
    assert "Cancel an order" in run.results[0].turns[0].explain()
