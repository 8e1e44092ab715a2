"""What the kernel tells of its guides at once, and what a decision is handed: worlds, states and what is known by name."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType

import pytest
from pydantic import ValidationError
from tests.guidance.reader import NOW, LabelReader, eur, kernel_of, make_customer

from convagent.guidance.codec import to_json
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.draft import Draft
from convagent.guidance.interpreter.known import Known
from convagent.guidance.interpreter.world import GuideState, Ran, Resolver, Result, Utterance, World

GUIDES = """
    # First

    When the customer asks:
    - "x"

    1. If f1:
       - do pay with x = f1
         - if it fails: go to "Second"
    1. tag "seen"

    # Second

    On cart_opened for 30 seconds

    1. do send with x = f1
    1. go to "third"

    # Third

    On cart_opened

    1. go to "Second"

    # Fourth

    When the customer asks:
    - "y"

    1. say "nothing is done"
"""


def test_the_actions_of_a_guide_are_its_own_and_those_of_the_guides_that_it_goes_on_in() -> None:
    kernel = kernel_of(GUIDES)
    assert kernel.actions_reached("first") == {"pay", "send"}
    assert kernel.actions_reached("Second") == kernel.actions_reached("Third") == {"send"}  # in a circle, too
    assert kernel.actions_reached("Fourth") == kernel.actions_reached("Nowhere") == frozenset()


def test_the_guides_that_wait_for_an_event_are_found_by_its_name_in_order() -> None:
    kernel = kernel_of(GUIDES)
    assert [guide.title for guide in kernel.waiting_for("cart_opened")] == ["Second", "Third"]
    assert kernel.waiting_for("product_viewed") == ()


def test_a_statement_leads_to_what_is_done_within_it() -> None:
    guide = kernel_of(GUIDES).guide("First")
    assert guide is not None
    nothing: frozenset[str] = frozenset()
    expected = [(frozenset({"pay"}), frozenset({"Second"})), (nothing, nothing)]
    assert [k.leads_to(statement) for statement in guide.body] == expected


def test_a_world_with_other_facts_is_the_same_in_all_else() -> None:
    world = World(
        {"a": 1}, NOW, "de", LabelReader(), judge=lambda _text: True, results={"r": Result("done")},
        effects={"e": Result("failed")}, resolvers={("Customer", "orders"): Resolver("find", "id")},
        translate=lambda _guide, text: text.upper(), lookups=frozenset({"find"}), confirmation_lasts=timedelta(minutes=1),
        ran=(Ran("G", NOW, "c", "r1"),),
    )  # fmt: skip
    assert world.with_facts({"b": 2}) == replace(world, facts={"b": 2})


def test_a_state_that_is_written_down_unchanged_is_the_same_and_hearing_changes_only_the_words() -> None:
    state = GuideState(
        "G", "r1", (Utterance("hi"),), {"n": "a"}, ("n",), {"n": 1}, {"c": "yes"}, {"e": {}}, {"now": None}, ("said",),
        {"inner": GuideState("I", "r1.n", asked=("m",))},
    )  # fmt: skip
    assert all(getattr(state, spec.name) for spec in fields(state) if spec.name != "deadline")
    assert Draft(state).written() == state
    heard = state.heard("a")
    assert heard.utterances == (Utterance("hi"), Utterance("a", ("n",)))
    assert heard.inner["inner"].utterances == (Utterance("a", ("m",)),)
    assert replace(heard, utterances=state.utterances, inner=state.inner) == state


def test_what_is_known_by_name_is_read_when_it_is_asked_for_and_only_then() -> None:
    written = MappingProxyType({"amount": to_json(eur(5)), "broken": {"$": "Money", "v": "no amount"}})
    known = Known(written, {}, given=None, proven_here=False, more={"amount": Decimal(7), "extra": True})
    assert (known["amount"], known["extra"], len(known), list(known)) == (
        Decimal(7), True, 3, ["amount", "broken", "extra"],
    )  # fmt: skip
    assert "broken" in known
    assert known.get("nothing") is None
    with pytest.raises(ValidationError):
        known["broken"]


def test_what_is_known_is_equal_to_the_values_themselves() -> None:
    customer = make_customer()
    known = Known({"customer": to_json(customer)}, {}, given=None, proven_here=True, more={})
    assert known == {"customer": customer}
    assert repr(known) == repr({"customer": customer})
