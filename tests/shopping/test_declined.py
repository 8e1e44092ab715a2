"""What was declined or passed over isn't suggested again; a no is heard in three languages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.shopping.declined import (
    Decline,
    DeclinedSuggestions,
    DeclineScope,
    after_message,
    after_showing,
    may_suggest,
    not_unwanted,
    read_decline,
)

ALL = [
    "no thanks", "no thank you, not today", "nah im good thanks", "I'll pass", "not interested", "no", "Nope.", "thanks but no",
    "nein danke", "Nein, vielen Dank", "kein Interesse", "nein", "lieber nicht", "non merci", "ça ne m'intéresse pas", "sans façon", "Non.",
]  # fmt: skip
ONE = [
    "not that one", "not the second one", "not this", "I don't like the green one", "not my style", "none of these",
    "that's not what I had in mind", "something else please", "neither", "nicht das", "das nicht", "die zweite nicht",
    "gefällt mir nicht", "nicht mein Stil", "nicht die da", "etwas anderes bitte", "pas celui-là", "pas celle-ci", "pas le deuxième",
    "je n'aime pas", "ça ne me plaît pas", "pas mon style", "autre chose svp", "aucun des trois",
]  # fmt: skip
SELLING = [
    "just looking thanks", "stop recommending things", "please no more suggestions", "I don't want to buy anything", "only browsing",
    "ich schaue nur", "keine Vorschläge mehr", "nur mal schauen", "je regarde juste", "arrêtez vos suggestions",
]  # fmt: skip
DISCOUNT = ["I don't want a discount", "no discount please", "ich brauche keinen Rabatt", "pas besoin de réduction"]
NOTHING = [
    "not that expensive then", "yes please", "show me the green one", "just looking for a jacket", "why not", "do you have it in blue?",
    "I don't want it to arrive before Friday", "is there no discount?", "warum nicht", "pourquoi pas", "ja gerne", "Where is my order?",
    "I have no code yet", "thank you", "haben Sie das auch in Grün?", "je cherche une lampe", "No, I mean the jacket",
    "not before Friday please", "does it come without a hood", "habe keinen Code bekommen", "", "the first one please",
]  # fmt: skip


@pytest.mark.parametrize(
    ("scope", "text"),
    [(s, t) for s, texts in (("all", ALL), ("one", ONE), ("selling", SELLING), ("discount", DISCOUNT)) for t in texts],
)
def test_a_no_is_heard_with_what_it_is_to(scope: str, text: str) -> None:
    heard = read_decline(text)
    assert heard is not None
    assert heard.scope == scope


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_no_no_is_not_heard_as_one(text: str) -> None:
    assert read_decline(text) is None


@pytest.mark.parametrize(("text", "language"), [("nicht das", "en"), ("not that one", "fr"), ("pas celui-là", "de")])
def test_a_no_in_another_language_than_the_conversation_is_heard(text: str, language: str) -> None:
    assert read_decline(text, language) is not None


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    heard = read_decline(text)
    assert heard is None or heard.evidence


# ---- what is remembered
NO_TO_ALL, NO_TO_ONE = Decline("all"), Decline("one")


def test_what_was_declined_is_not_suggested_again() -> None:
    memory = after_message(after_showing(DeclinedSuggestions(), ["lamp", "mug"]), NO_TO_ALL)
    assert memory.declined == ("lamp", "mug")
    assert not_unwanted(memory, ["mug", "rug", "lamp", "rug"]) == ("rug",)


def test_what_was_shown_and_passed_over_is_not_suggested_again() -> None:
    memory = after_message(after_showing(DeclinedSuggestions(), ["lamp", "mug"]), None, taken=["mug"])
    assert (memory.declined, memory.ignored, memory.waiting) == ((), ("lamp",), ())
    assert not_unwanted(memory, ["lamp", "mug"]) == ("mug",)


def test_a_no_to_one_thing_declines_the_one_that_is_meant() -> None:
    shown = after_showing(DeclinedSuggestions(), ["lamp", "mug", "rug"])
    memory = after_message(shown, NO_TO_ONE, meant=["mug"])
    assert (memory.declined, memory.ignored) == (("mug",), ("lamp", "rug"))
    assert after_message(shown, NO_TO_ONE).declined == ("lamp", "mug", "rug")


def test_who_asks_for_it_themselves_gets_it_again() -> None:
    memory = after_message(after_showing(DeclinedSuggestions(), ["lamp"]), NO_TO_ALL)
    again = after_message(memory, None, taken=["lamp"])
    assert not_unwanted(again, ["lamp"]) == ("lamp",)


def test_after_a_no_some_messages_pass_in_quiet() -> None:
    memory = DeclinedSuggestions()
    assert may_suggest(memory, quiet=3)
    memory = after_message(memory, NO_TO_ALL)
    quiet = []
    for _ in range(4):
        quiet.append(may_suggest(memory, quiet=3))
        memory = after_message(memory, None)
    assert quiet == [False, False, False, True]


def test_who_wants_no_suggestions_gets_none_until_they_ask() -> None:
    memory = after_message(DeclinedSuggestions(), Decline("selling"))
    for _ in range(10):
        memory = after_message(memory, None)
    assert not may_suggest(memory, quiet=3)
    assert may_suggest(after_message(memory, None, taken=["lamp"]), quiet=3)


def test_a_declined_discount_is_remembered_and_no_product_with_it() -> None:
    memory = after_message(after_showing(DeclinedSuggestions(), ["lamp"]), Decline("discount"))
    assert (memory.discount, memory.declined) == (True, ())
    assert after_message(memory, None).discount


IDS = st.lists(st.sampled_from(("lamp", "mug", "rug", "coat")), max_size=3, unique=True)
SCOPES: tuple[DeclineScope, ...] = ("one", "all", "discount", "selling")
DECLINES = st.none() | st.sampled_from(SCOPES).map(Decline)
TURNS = st.lists(st.tuples(IDS, DECLINES, IDS, IDS), max_size=6)


def played(turns: list[tuple[list[str], Decline | None, list[str], list[str]]]) -> DeclinedSuggestions:
    memory = DeclinedSuggestions()
    for shown, decline, taken, meant in turns:
        memory = after_message(after_showing(memory, not_unwanted(memory, shown)), decline, taken=taken, meant=meant)
    return memory


@given(TURNS, IDS)
def test_nothing_unwanted_is_ever_suggested_by_itself(turns: list[Any], candidates: list[str]) -> None:
    memory = played(turns)
    suggested = set(not_unwanted(memory, candidates))
    assert not suggested & {*memory.declined, *memory.ignored}
    assert not set(memory.declined) & set(memory.ignored)
    last_taken = set(turns[-1][2]) if turns else set()
    assert last_taken & set(candidates) <= suggested


@given(TURNS, IDS, DECLINES)
def test_a_turn_that_takes_nothing_up_forgets_no_no(
    turns: list[Any], shown: list[str], decline: Decline | None
) -> None:
    memory = played(turns)
    later = after_message(after_showing(memory, shown), decline)
    assert {*memory.declined, *memory.ignored} <= {*later.declined, *later.ignored}
    assert set(memory.declined) <= set(later.declined)


@given(TURNS)
def test_it_comes_back_from_json_as_it_was(turns: list[Any]) -> None:
    memory = played(turns)
    assert DeclinedSuggestions.from_json(json.loads(json.dumps(memory.to_json()))) == memory


def test_an_empty_memory_is_empty_in_json() -> None:
    assert DeclinedSuggestions().to_json() == {}
    assert DeclinedSuggestions(quiet_for=0).to_json() == {"quiet_for": 0}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("declined", "ignored", "waiting", "quiet_for", "discount", "selling", "x"), JSON)
    )
    | JSON
)
def test_broken_json_is_read_as_far_as_it_goes(data: Any) -> None:
    memory = DeclinedSuggestions.from_json(data)
    assert DeclinedSuggestions.from_json(memory.to_json()) == memory
    assert memory.quiet_for is None or memory.quiet_for >= 0


def test_a_memory_has_an_end() -> None:
    memory = DeclinedSuggestions()
    for number in range(600):
        memory = after_message(after_showing(memory, [f"p{number}"]), NO_TO_ALL)
    assert len(memory.declined) == 500
    assert memory.declined[-1] == "p599"
