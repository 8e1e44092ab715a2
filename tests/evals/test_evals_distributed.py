"""Cases on a real Ray cluster of this machine."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from convagent.errors import EvalError
from convagent.evals import Case, CaseResult, RunSettings, load_cases, run_suite, without_times
from convagent.evals.distributed import run_on_ray
from convagent.shop import open_shop

ray = pytest.importorskip("ray", reason="Ray is not installed (the extra `ray`)")
pytestmark = pytest.mark.xdist_group("ray")


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    """One cluster for all: what it costs to start it is not what is tested."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ["RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO"] = "0"
    ray.init(address="local", num_cpus=2, include_dashboard=False, _node_ip_address="127.0.0.1", log_to_driver=False)
    yield
    ray.shutdown()


def _lines(path: Path) -> list[Any]:
    return [without_times(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def _all(cases: Sequence[Case], shop: Path, stamp: str, workers: int = 2) -> list[CaseResult]:
    return list(run_on_ray([(case, 0) for case in cases], shop, workers=workers, stamp=stamp))


def test_a_cluster_gives_the_same_bytes_as_one_process(cases: tuple[Case, ...], shop: Path, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    run_suite(cases, shop, settings=RunSettings(out=here))
    run_suite(cases, shop, settings=RunSettings(out=there, ray=True, workers=2))
    assert _lines(there / "results.jsonl") == _lines(here / "results.jsonl")


DEADLY = """

import os, signal
from convagent.actions import CallContext, action

@action(kind="lookup")
def fall(order: str, context: CallContext) -> str:
    os.kill(os.getpid(), signal.SIGKILL)
    return order
"""

FALLS = """\
cases:
  - title: Falls
    turns:
      - customer: "hello"
    expect:
      state: [{lookup: fall, arguments: {order: "1"}}]
  - title: Stands
    turns:
      - customer: "let me talk to someone"
        expect: {outcome: HandedOver}
"""


STANDS = """\
  - title: Stands too, {number}
    turns:
      - customer: "let me talk to someone"
        expect: {{outcome: HandedOver}}
"""


def _with_a_fall(shop: Path, suite: str) -> Sequence[Case]:
    (shop / "actions" / "falling.py").write_text(DEADLY, encoding="utf-8")
    toml = shop / "convagent.toml"
    text = toml.read_text(encoding="utf-8")
    assert "python = [" in text
    toml.write_text(text.replace("python = [", 'python = ["actions/falling.py", ', 1), encoding="utf-8")
    (shop / "evals").mkdir()
    (shop / "evals" / "falls.yaml").write_text(suite, encoding="utf-8")
    return load_cases([shop / "evals" / "falls.yaml"], base=shop)


def test_a_worker_that_is_killed_costs_its_case_alone(shop: Path) -> None:
    falls = _with_a_fall(shop, FALLS)
    found = {result.case.title: result for result in _all(falls, shop, open_shop(shop).stamp, workers=1)}
    assert found["Falls"].verdict == "error"
    assert "died" in (found["Falls"].error or "")
    assert found["Stands"].verdict == "pass"


def test_of_several_cases_that_a_worker_was_given_at_once_the_one_that_kills_it_is_found(shop: Path) -> None:
    many = "".join(STANDS.format(number=number) for number in range(30))
    head, _, falls = FALLS.partition("cases:\n")
    cases = _with_a_fall(shop, f"{head}cases:\n{many}{falls}")
    found = _all(cases, shop, open_shop(shop).stamp, workers=1)
    assert sorted(result.case.id for result in found) == sorted(case.id for case in cases)
    assert [result.case.title for result in found if result.verdict != "pass"] == ["Falls"]


def test_what_a_worker_that_died_had_not_begun_is_done_by_another(shop: Path) -> None:
    before, after = ("".join(STANDS.format(number=n) for n in numbers) for numbers in (range(20), range(20, 60)))
    _, _, falls = FALLS.partition("cases:\n")
    cases = _with_a_fall(shop, f"cases:\n{before}{falls}{after}")
    found = _all(cases, shop, open_shop(shop).stamp)
    assert sorted(result.case.id for result in found) == sorted(case.id for case in cases)
    assert [result.case.title for result in found if result.verdict != "pass"] == ["Falls"]


def test_another_copy_of_the_shop_is_refused(cases: tuple[Case, ...], shop: Path) -> None:
    with pytest.raises(EvalError, match="another one") as told:
        _all(cases, shop, "not this stamp")
    assert told.value.code == "eval-ray"
