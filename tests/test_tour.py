"""The conversations that `convagent demo` replays end as they should."""

from __future__ import annotations

from pathlib import Path

import pytest

from convagent.evals import Bench, Case, load_cases

TOUR = load_cases([Path(__file__).parents[1] / "evals" / "tour.yaml"])


@pytest.fixture(scope="module")
def bench(root: Path) -> Bench:
    """The demo shop, opened for evaluation."""
    return Bench.open(root)


def test_the_tour_has_about_ten_conversations_and_every_outcome() -> None:
    outcomes = {name for case in TOUR for turn in case.turns for name in turn.expect.outcome}
    assert 10 <= len(TOUR) <= 14
    assert outcomes == {"Answered", "Asked", "HandedOver", "Silent"}


@pytest.mark.parametrize("case", TOUR, ids=lambda case: case.id)
def test_a_conversation_of_the_tour_ends_as_it_should(case: Case, bench: Bench) -> None:
    result = bench.run(case)
    told = "\n".join(turn.explain() for turn in result.turns)
    assert result.verdict == "pass", f"{result.error or result.failures}\n{told}"
