"""The suite of support conversations: what is not tagged `open` ends as it should."""

from __future__ import annotations

from pathlib import Path

import pytest

from convagent.evals import Bench, Case, load_cases, with_tags

CASES = load_cases([Path(__file__).parents[1] / "evals" / "support.yaml"])


@pytest.fixture(scope="module")
def bench(root: Path) -> Bench:
    """The demo shop, opened for evaluation."""
    return Bench.open(root)


def test_the_suite_speaks_of_every_outcome_and_language() -> None:
    assert len(CASES) >= 30
    outcomes = {name for case in CASES for turn in case.turns for name in turn.expect.outcome}
    assert outcomes == {"Answered", "Asked", "HandedOver", "Silent"}
    assert {turn.expect.language for case in CASES for turn in case.turns} >= {"en", "de", "fr"}
    assert len(with_tags(CASES, ["open"])) <= len(CASES) // 5


@pytest.mark.parametrize("case", with_tags(CASES, ["-open"]), ids=lambda case: case.id)
def test_a_support_conversation_ends_as_it_should(case: Case, bench: Bench) -> None:
    result = bench.run(case)
    told = "\n".join(turn.explain() for turn in result.turns)
    assert result.verdict == "pass", f"{result.error or result.failures}\n{told}"
