"""Cases and results to judge, without running anything; and a small shop to run on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from convagent.conversation import Message, Turn
from convagent.evals import Bench, Case, CaseResult, load_cases
from convagent.evals.expect import judge
from convagent.evals.results import engine_fault, verdict_of

CANCEL = """\
cases:
  - title: Cancelled after a yes
    tags: [act]
    turns:
      - customer: "please cancel #10043, ada@example.com"
        expect: {outcome: Asked, asks: confirm, guide: Cancel an order}
      - customer: "yes"
        expect: {outcome: Answered, actions: {action: cancel_order, arguments: {order: "#10043"}, times: 1}}
  - title: Cancelled again in a shop of its own
    tags: [act]
    turns:
      - customer: "please cancel #10043, ada@example.com"
        expect: {outcome: Asked, asks: confirm}
      - customer: "yes"
        expect: {outcome: Answered, actions: cancel_order}
  - title: A person
    tags: [handover]
    turns:
      - customer: "let me talk to someone"
        expect: {outcome: HandedOver, reason: customer_request, team: care}
"""


@pytest.fixture
def suite(shop: Path) -> Path:
    """A suite of three cases in a new shop."""
    (shop / "evals").mkdir()
    path = shop / "evals" / "cancel.yaml"
    path.write_text(CANCEL, encoding="utf-8")
    return path


@pytest.fixture
def cases(suite: Path) -> tuple[Case, ...]:
    """The cases of the suite."""
    return load_cases([suite], base=suite.parents[1])


@pytest.fixture
def bench(shop: Path) -> Iterator[Bench]:
    """The shop, opened for evaluation."""
    opened = Bench.open(shop)
    yield opened
    opened.agent.close()


def turn(text: str = "hi", *, outcome: str = "Answered", **rest: Any) -> Turn:
    """A turn as JSON has it."""
    data = {"conversation": "c", "message": Message(text=text), "outcome": outcome, **rest}
    return Turn.model_validate(data)


def handed(reason: str = "guidance", team: str = "care", text: str = "hi") -> Turn:
    """A turn that was handed over."""
    return turn(text, outcome="HandedOver", handover={"reason": reason, "team": team})


def result(turns: list[Turn], expects: list[dict[str, Any]], **rest: Any) -> CaseResult:
    """The judged result of turns, with an expectation for each."""
    body = [
        {("person" if t.message.author == "person" else "customer"): t.message.text, "expect": expect}
        for t, expect in zip(turns, expects, strict=True)
    ]
    end = rest.pop("end", {})
    case = Case.model_validate({"id": rest.pop("id", "s/c"), "suite": "s", "title": "T", "turns": body, "expect": end})
    checks = judge(case, turns, rest.pop("state", ()))
    error = engine_fault(case, turns)
    return CaseResult(
        case=case, turns=tuple(turns), checks=checks, error=error, verdict=verdict_of(checks, error=error), **rest
    )


@pytest.fixture
def failing() -> Callable[[CaseResult], list[str]]:
    """Names of the checks that don't hold."""
    return lambda judged: [check.name for check in judged.failures]
