"""Customers whom a chat model plays: they know what the persona knows, and their slips are never the agent's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.evals.conftest import turn

from convagent.conversation import Turn
from convagent.errors import ModelError
from convagent.evals import Bench
from convagent.evals.model_use import ModelUse, open_models
from convagent.evals.simulate import Persona, simulate
from convagent.evals.simulate.by_model import PlayedCustomer
from convagent.evals.simulate.customer import MOST_TURNS
from convagent.evals.simulate.play import SimulatedRun
from convagent.models import ModelSettings, RecordingModel, ScriptedModel
from convagent.models.prompt import section_of

CANCEL = Persona.model_validate(
    {
        "name": "ada", "goal": "Cancel an order", "opens": ["please cancel my order"], "asides": ["Do you ship to Malta?"],
        "knows": {"order": "#10043", "email": "ada@example.com"}, "manner": ["terse"], "mood": "annoyed",
        "reaches": {"outcome": "Answered", "actions": {"action": "cancel_order", "arguments": {"order": "#10043"}, "times": 1}},
    }
)  # fmt: skip


def says(text: str, ends: str = "no") -> dict[str, Any]:
    return {"says": text, "ends": ends}


OPENS = says("pls cancel #10043, ada@example.com")
DONE = says("", "satisfied")


def played(bench: Bench, *script: Any) -> SimulatedRun:
    (run,) = simulate([CANCEL], bench, model=ScriptedModel(list(script)))
    return run


def test_nothing_personal_of_the_persona_reaches_the_model_and_the_customer_says_it_all_the_same(bench: Bench) -> None:
    persona = Persona.model_validate(
        {
            **CANCEL.model_dump(include={"name", "goal", "opens", "reaches"}),
            "knows": {
                "second_email": "ada@example.com", "name": "Ada Quinn", "card": "4242 4242 4242 4242",
                "address": "Rose Cottage, Howth", "order": "#10043",
            },
            "facts": {"customer": {"phone": "+353 1 496 0000"}},
        }
    )  # fmt: skip
    model = ScriptedModel([says("[NAME_1] here, <email 1>, [CARD_1], [ADDRESS_1], #10043"), says("", "leaves")])
    (run,) = simulate([persona], bench, model=model)
    assert run.faults_of("simulator") == ()
    said = run.result.turns[0].message.text
    assert said == "Ada Quinn here, ada@example.com, 4242 4242 4242 4242, Rose Cottage, Howth, #10043"
    sent = "\n".join(message.text for request in model.requests for message in request.messages)
    for personal in ("ada@example.com", "Quinn", "4242", "Rose Cottage", "496 0000"):
        assert personal not in sent
    assert "#10043" in sent


def test_a_placeholder_that_nobody_gave_is_made_up(bench: Bench) -> None:
    run = played(bench, says("I am [EMAIL_7]"))
    assert [(fault.side, fault.kind) for fault in run.faults_of("simulator")] == [("simulator", "invented")]
    assert run.reached is None


def test_a_model_of_ones_own_that_breaks_is_the_simulators_fault(bench: Bench) -> None:
    (run,) = simulate([CANCEL], bench, model=ScriptedModel(lambda _: ZeroDivisionError("with words of the prompt")))
    (fault,) = run.faults_of("simulator")
    assert fault.kind == "no_answer"
    assert "words of the prompt" not in fault.text


def asked(customer_says: str, reply: str) -> Turn:
    """A turn that asks for the order."""
    data = turn(customer_says, reply={"text": reply}).model_dump()
    return Turn.model_validate({**data, "outcome": {"name": "Asked", "needs": ["order"]}})


def customer(script: Sequence[Any]) -> PlayedCustomer:
    return PlayedCustomer(CANCEL, ScriptedModel(list(script)), 7)


def test_a_played_customer_gets_what_they_came_for(bench: Bench) -> None:
    run = played(bench, OPENS, says("yes"), DONE)
    assert (run.reached, run.ending, run.faults) == (True, "satisfied", ())
    assert [each.message.text for each in run.result.turns] == ["pls cancel #10043, ada@example.com", "yes"]


def test_the_role_holds_what_the_persona_knows_and_the_conversation_what_was_said(bench: Bench) -> None:
    model = ScriptedModel([OPENS, says("yes"), DONE])
    list(simulate([CANCEL], bench, model=model))
    role = section_of(model.requests[0].messages[-1].text, "role") or ""
    for told in (
        "Cancel an order",
        "#10043",
        "your email: [EMAIL_1]",
        "Malta",
        "terse",
        "annoyed",
        "you agree",
        "ask for a person",
    ):
        assert told in role
    assert section_of(model.requests[0].messages[-1].text, "conversation") == "(nothing was said yet)"
    later = section_of(model.requests[1].messages[-1].text, "conversation") or ""
    assert later.startswith("customer: pls cancel #10043, [EMAIL_1]\nassistant: ")
    assert {request.purpose for request in model.requests} == {"customer"}
    seeds = [request.seed for request in model.requests]
    assert len(set(seeds)) == 3
    again = ScriptedModel([OPENS, says("yes"), DONE])
    list(simulate([CANCEL], bench, model=again))
    assert [request.seed for request in again.requests] == seeds


@pytest.mark.parametrize("text", ["cancel #99999", "it's eve@example.com", "call me on +44 20 7946 0958"])
def test_what_nobody_told_the_customer_spoils_the_conversation(bench: Bench, text: str) -> None:
    run = played(bench, says(text))
    assert [fault.kind for fault in run.faults_of("simulator")] == ["invented"]
    assert run.faults_of("agent") == ()
    assert run.reached is None
    assert run.result.turns == ()


def test_numbers_that_the_agent_said_may_be_said_again() -> None:
    one = customer([says("I meant order 10044"), says("two of them, 14 days ago")])
    spoken = one.speak([turn("hi", reply={"text": "Is it #10044?"})])
    assert spoken is not None
    assert spoken.customer == "I meant order 10044"
    assert one.speak([turn("hi", reply={"text": "How many?"})]) is not None
    assert one.troubles == []


@pytest.mark.parametrize(
    "answer", [ModelError("away", code="model-timeout"), "I am a customer", '{"says": "hi"}', says("")]
)
def test_a_model_that_says_nothing_of_use_is_no_fault_of_the_agent(bench: Bench, answer: Any) -> None:
    run = played(bench, answer)
    assert [fault.kind for fault in run.faults] == ["no_answer"]
    assert run.faults_of("agent") == ()
    assert (run.reached, run.ending) == (None, "ended")


def test_leaving_while_the_agent_asks_is_the_customers_fault_and_being_misled_the_agents(bench: Bench) -> None:
    early = played(bench, OPENS, DONE)
    assert [fault.kind for fault in early.faults_of("simulator")] == ["left_early"]
    assert early.reached is None
    misled = played(bench, says("How long do I have to return something?"), DONE)
    assert [fault.kind for fault in misled.faults] == ["not_reached"]
    assert misled.reached is False


@pytest.mark.parametrize(("answer", "kind"), [("it is 10043", "asked_again"), ("that one", "withheld")])
def test_asking_again_is_the_agents_fault_only_where_it_was_told(answer: str, kind: str) -> None:
    one = customer([says("hm"), says("well")])
    first = asked("cancel it", "Which?")
    one.speak([first])
    assert one.troubles == []
    one.speak([first, asked(answer, "Which?" if kind == "withheld" else "Which one?")])
    assert [trouble.kind for trouble in one.troubles] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "The customer wants to cancel.",
        "How can I help you today?",
        "I’m sorry, but I can’t assist with that.",
        "Der Kunde möchte stornieren.",
    ],
)
def test_speaking_out_of_the_role_spoils_the_conversation(bench: Bench, text: str) -> None:
    run = played(bench, says(text))
    assert [fault.kind for fault in run.faults] == ["out_of_role"]
    assert run.reached is None


def test_an_answer_is_given_though_its_words_already_content_the_customer(bench: Bench) -> None:
    run = played(bench, {**OPENS, "ends": "satisfied"}, says("Customer: yes", "satisfied"), says("thanks", "satisfied"))
    assert (run.reached, run.ending, run.faults) == (True, "satisfied", ())
    assert run.result.turns[1].message.text == "yes"


def test_a_customer_who_gives_up_asks_for_a_person_once(bench: Bench) -> None:
    run = played(bench, says("let me talk to someone", "gives_up"))
    assert run.ending == "gave_up"
    assert len(run.result.turns) == 1
    assert played(bench, OPENS, says("", "leaves")).ending == "left"


def test_a_conversation_without_end_is_ended() -> None:
    one = customer([])
    assert one.speak([turn(str(number), reply={"text": str(number)}) for number in range(MOST_TURNS)]) is None
    assert [trouble.kind for trouble in one.troubles] == ["out_of_turns"]


def test_played_conversations_are_recorded_and_replayed(bench: Bench, tmp_path: Path) -> None:
    recorder = RecordingModel(ScriptedModel([OPENS, says("yes"), DONE]), tmp_path / "r.jsonl")
    (first,) = simulate([CANCEL], bench, model=recorder)
    replayed = open_models(ModelUse(replay=tmp_path / "r.jsonl", customer=None), ModelSettings()).customer
    (again,) = simulate([CANCEL], bench, model=replayed)
    assert first.reached is again.reached is True
    assert {**first.to_json(), "took_seconds": 0} == {**again.to_json(), "took_seconds": 0}
    assert open_models(ModelUse(replay=tmp_path / "r.jsonl"), ModelSettings()).customer is None
