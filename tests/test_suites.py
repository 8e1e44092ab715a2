"""The demo shop's suites are a gate: what isn't tagged `open` ends as it should, and what is tagged so is open still.

`evals/final.yaml` was written before the others, to be reported and never tuned on; no gate runs it, nor `shopping-final` and
`everyday-final`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from convagent.evals import Bench, Case, CaseResult, judge_gates, load_cases, measure, with_tags
from convagent.settings import read_settings

ROOT = Path(__file__).parents[1]
KEPT_OUT = {
    "final": "reported only",
    "shopping-final": "reported only",
    "everyday-final": "reported only",
    "personas": "simulated customers, no cases",
}
SUITES = sorted(path.stem for path in (ROOT / "evals").glob("*.yaml") if path.stem not in KEPT_OUT)
LANGUAGES = {"en", "de", "fr"}


def cases_of(suite: str) -> tuple[Case, ...]:
    """The cases of one file."""
    return load_cases([ROOT / "evals" / f"{suite}.yaml"])


@cache
def bench() -> Bench:
    """The demo shop, opened for evaluation once a process."""
    return Bench.open(ROOT)


def told(result: CaseResult) -> str:
    """A failure in the words of `convagent eval run`."""
    turns = "\n".join(turn.explain() for turn in result.turns)
    return f"{result.case.id}: {result.error or result.failures}\n{turns}"


@pytest.mark.parametrize("suite", SUITES)
def test_a_suite_ends_as_it_should_and_does_nothing_unasked(suite: str) -> None:
    cases = with_tags(cases_of(suite), ["-open"])
    results = [bench().run(case) for case in cases]
    wrong = [told(result) for result in results if result.verdict != "pass"]
    assert not wrong, "\n\n".join(wrong)
    gates = judge_gates(results, measure(results), read_settings(ROOT / "convagent.toml").evals.gates, selected=True)
    assert {"unsafe_writes", "foreign_records"} <= {gate.metric for gate in gates if gate.bound == 0.0}
    assert not [gate for gate in gates if gate.met is False]


@pytest.mark.parametrize("suite", SUITES)
def test_what_is_tagged_open_is_open_still(suite: str) -> None:
    mended = [case.id for case in with_tags(cases_of(suite), ["open"]) if bench().run(case).verdict == "pass"]
    assert not mended, f"these end as they should now, so take their tag `open` off: {', '.join(mended)}"


def test_the_suites_are_large_and_speak_of_every_outcome_and_language() -> None:
    cases = [case for suite in SUITES for case in cases_of(suite)]
    assert len(cases) >= 300
    assert sum(sum(turn.customer is not None for turn in case.turns) >= 2 for case in cases) >= 120
    assert {name for case in cases for turn in case.turns for name in turn.expect.outcome} == {
        "Answered", "Asked", "HandedOver", "Silent",
    }  # fmt: skip
    assert {turn.expect.language for case in cases for turn in case.turns} >= LANGUAGES


def test_what_is_open_says_why_and_is_the_smaller_part() -> None:
    cases = [case for suite in SUITES if suite != "support" for case in cases_of(suite)]
    unfinished = with_tags(cases, ["open"])
    assert not [case.id for case in unfinished if not case.notes.strip()]
    assert len(unfinished) <= len(cases) // 3
