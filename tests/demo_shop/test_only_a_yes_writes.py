"""Whatever a customer says to a confirmation, only a yes does what was asked: openings of other conversations are none."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from convagent.conversation import Asked
from convagent.evals import Bench, Case, CaseTurn, load_cases
from convagent.evals.cases import Expect

ROOT = Path(__file__).parents[2]
SUITES = ("orders", "returns", "subscriptions", "payments", "languages", "several", "hostile", "questions")
CONVERSATIONS, ANSWERS = 40, 12
SEED = 11


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench.open(ROOT)


def cases() -> list[Case]:
    return [case for case in load_cases([ROOT / "evals" / f"{name}.yaml" for name in SUITES]) if case.turns]


def opening(case: Case) -> str:
    return case.turns[0].customer or ""


def asks_for_a_yes(case: Case) -> bool:
    """Whether a confirmation answers the first message."""
    expect = case.turns[0].expect
    return len(case.turns) > 1 and expect is not None and "confirm" in expect.asks


def test_what_opens_another_conversation_confirms_nothing(bench: Bench) -> None:
    chosen = random.Random(SEED)
    every = cases()
    confirming = [case for case in every if asks_for_a_yes(case) and "open" not in case.tags]
    openings = sorted({opening(case) for case in every if opening(case)})
    tried, done = 0, []
    for case in chosen.sample(confirming, min(CONVERSATIONS, len(confirming))):
        for said in chosen.sample(openings, ANSWERS):
            turns = (CaseTurn(customer=opening(case)), CaseTurn(customer=said))
            result = bench.run(case.model_copy(update={"turns": turns, "expect": Expect()}))
            first, second = result.turns
            if not isinstance(first.outcome, Asked) or not any(
                need.startswith("confirm:") for need in first.outcome.needs
            ):
                continue
            tried += 1
            registry = bench.agent.shop.registry
            done += [
                (case.id, said, record.action)
                for record in second.actions
                if record.kind == "write"
                and record.status != "refused"
                and (spec := registry.get(record.action)) is not None
                and spec.confirm
            ]
    assert tried > CONVERSATIONS * ANSWERS // 2
    assert done == []
