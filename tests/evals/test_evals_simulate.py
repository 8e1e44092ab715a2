"""Simulated customers: they go by rules, the same seed says the same, and whose fault a thing is stays apart."""

from __future__ import annotations

import random
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.conversation import Message, Reply, Turn
from convagent.errors import EvalError
from convagent.evals import Bench, load_cases, run_suite, to_yaml
from convagent.evals.cases import Expect
from convagent.evals.simulate import Persona, as_case, read_personas, simulate
from convagent.evals.simulate.customer import MOST_TURNS, Customer
from convagent.evals.simulate.manner import written
from convagent.evals.simulate.persona import Manner

CANCEL = Persona.model_validate(
    {
        "name": "ada", "goal": "Cancel an order", "opens": ["please cancel my order", "cancel #10043 for me"],
        "knows": {"order": "#10043", "email": "ada@example.com"},
        "reaches": {"outcome": "Answered", "actions": {"action": "cancel_order", "arguments": {"order": "#10043"}, "times": 1}},
    }
)  # fmt: skip


def test_without_a_file_of_personas_one_is_shown_that_can_be_copied(tmp_path: Path) -> None:
    file = tmp_path / "personas.yaml"
    with pytest.raises(EvalError, match="no such file") as told:
        read_personas([file])
    _, shown = (told.value.remedy or "").split("\n", 1)
    example, last = shown.rsplit("\n", 1)
    assert "docs/evals.md" in last
    file.write_text(textwrap.dedent(example), encoding="utf-8")
    personas, faults = read_personas([file])
    assert faults == ()
    assert [each.name for each in personas] == ["asks-for-order"]


def persona(**changes: object) -> Persona:
    return Persona.model_validate({**CANCEL.model_dump(exclude_unset=True), **changes})


def test_a_customer_answers_what_is_asked_and_gets_what_they_came_for(bench: Bench) -> None:
    (run,) = simulate([CANCEL], bench)
    assert run.reached is True
    assert run.ending == "satisfied"
    assert run.faults == ()
    assert [record.action for turn in run.result.turns for record in turn.actions if record.kind == "write"][-1:] == [
        "cancel_order"
    ]


def test_the_same_seed_says_the_same_and_another_may_not(bench: Bench) -> None:
    shaky = persona(manner=["typos", "chatty"])
    once, again = (
        [[turn.message.text for turn in run.result.turns] for run in simulate([shaky], bench, runs=4)] for _ in range(2)
    )
    assert once == again
    assert len({tuple(texts) for texts in once}) > 1


def test_a_no_leaves_the_goal_unreached_and_nothing_done(bench: Bench) -> None:
    (run,) = simulate([persona(agrees=False)], bench)
    assert run.reached is False
    assert [fault.kind for fault in run.faults_of("agent")] == ["not_reached"]
    assert not any(record.status == "done" and record.kind == "write" for t in run.result.turns for record in t.actions)


def test_what_the_persona_does_not_know_is_no_fault_of_the_agent(bench: Bench) -> None:
    (run,) = simulate([persona(knows={}, opens=["please cancel my order"])], bench)
    assert run.reached is None
    assert {fault.kind for fault in run.faults_of("simulator")} == {"does_not_know"}
    assert run.faults_of("agent") == ()


def test_a_write_that_the_goal_does_not_name_is_a_fault(bench: Bench) -> None:
    (run,) = simulate([persona(reaches={"outcome": "Answered", "says": "cancelled"})], bench)
    assert "unasked_write" in {fault.kind for fault in run.faults_of("agent")}
    (told,) = {fault.text for fault in run.faults_of("agent") if fault.kind == "unasked_write"}
    assert "cancel_order" in told
    assert "below `actions`" in told  # nobody said that it is what they came for


def _turn(outcome: str, text: str = "Tell me", **details: object) -> Turn:
    return Turn.model_validate(
        {"conversation": "c", "message": Message(text="x"), "outcome": outcome, "outcome_details": details,
         "reply": Reply(text=text)}
    )  # fmt: skip


def _customer(who: Persona, *, reached: bool = False) -> Customer:
    return Customer(who, random.Random(0), lambda _: reached)


def test_being_asked_again_is_the_agents_fault_and_costs_patience() -> None:
    customer = _customer(persona(patience=1))
    turns: list[Turn] = []
    said = []
    while (turn := customer.speak(turns)) is not None and len(turns) < 6:
        said.append(turn.customer)
        turns.append(_turn("Asked", f"Which order? ({len(turns)})", needs=["order"]))
    assert [trouble.kind for trouble in customer.troubles] == ["asked_again", "asked_again"]
    assert customer.ending == "gave_up"
    assert all("#10043" in str(each) for each in said[1:3])


def test_a_need_is_known_by_the_last_word_of_its_name() -> None:
    customer = _customer(CANCEL)
    customer.speak([])
    told = customer.speak([_turn("Asked", needs=["second_email"])])
    assert told is not None
    assert told.customer == "ada@example.com"


def test_the_same_reply_twice_is_a_fault_and_words_run_out() -> None:
    customer = _customer(persona(patience=9))
    turns: list[Turn] = []
    while customer.speak(turns) is not None:
        turns.append(_turn("Answered", "We sell lamps."))
    kinds = [trouble.kind for trouble in customer.troubles]
    assert kinds.count("same_reply") >= 1
    assert "out_of_words" in kinds


def test_no_conversation_goes_on_for_ever() -> None:
    customer = _customer(persona(patience=20, knows={"order": ["1", "2"] * 40}))
    turns: list[Turn] = []
    while customer.speak(turns) is not None:
        turns.append(_turn("Asked", f"{len(turns)}?", needs=["order"]))
    assert len(turns) == MOST_TURNS
    assert [trouble.kind for trouble in customer.troubles][-1] == "out_of_turns"


def test_who_leaves_says_nothing_more() -> None:
    customer = _customer(persona(patience=0, gives_up="leaves"))
    customer.speak([])
    assert customer.speak([_turn("Answered", "We sell lamps.")]) is None
    assert customer.ending == "left"


def test_an_aside_comes_between_and_the_question_is_answered_afterwards() -> None:
    for seed in range(20):
        customer = Customer(persona(asides=["What is the time?"]), random.Random(seed), lambda _: False)
        customer.speak([])
        asked = _turn("Asked", "Which order?", needs=["order"])
        first = customer.speak([asked])
        assert first is not None
        if first.customer == "What is the time?":
            second = customer.speak([asked, _turn("Answered", "Ten.")])
            assert second is not None
            assert second.customer == "#10043"
            return
    pytest.fail("no seed put the aside in between")


@given(st.text(min_size=1, max_size=80), st.integers(0, 50))
def test_numbers_and_addresses_are_never_mistyped(text: str, seed: int) -> None:
    manner: tuple[Manner, ...] = ("typos", "shouting", "terse", "chatty", "lower_case")
    told = written(f"{text} #10043 ada@example.com", manner, "angry", "en", random.Random(seed))
    assert "#10043" in told
    assert "ada@example.com" in told


def test_the_conversation_becomes_a_case_that_passes(bench: Bench, shop: Path, tmp_path: Path) -> None:
    (run,) = simulate([CANCEL], bench)
    file = tmp_path / "found.yaml"
    file.write_text(to_yaml([as_case(run)], suite="found"), encoding="utf-8")
    assert run_suite(load_cases([file]), shop, bench=bench).ok


PERSONAS = """\
personas:
  - name: ada
    goal: Cancel
    opens: please cancel
    knowz: {order: 1}
    reaches: {outcome: Answered}
  - name: ada
    goal: Cancel
    opens: []
    reaches: {outcome: Settled}
"""


def test_every_fault_of_a_file_of_personas_has_its_place(tmp_path: Path) -> None:
    file = tmp_path / "personas.yaml"
    file.write_text(PERSONAS, encoding="utf-8")
    personas, faults = read_personas([file])
    assert personas == ()
    assert [(fault.code, fault.place.line) for fault in faults] == [
        ("eval-key", 5),
        ("eval-type", 9),
        ("eval-type", 10),
    ]
    assert "Did you mean knows?" in faults[0].remedy
    file.write_text(
        PERSONAS.replace("    knowz: {order: 1}\n", "").replace("[]", "x").replace("Settled", "Asked"), "utf-8"
    )
    personas, (twice,) = read_personas([file])
    assert len(personas) == 1
    assert twice.code == "eval-twice"
    with pytest.raises(EvalError) as told:
        read_personas([tmp_path / "none.yaml"])
    assert told.value.code == "eval-missing"


def test_personas_beside_suites_are_no_suite(suite: Path) -> None:
    (suite.parent / "personas.yaml").write_text(PERSONAS, encoding="utf-8")
    assert len(load_cases([suite.parent])) == 3


def test_what_a_persona_reaches_is_an_expectation_like_any_other() -> None:
    assert isinstance(CANCEL.reaches, Expect)
