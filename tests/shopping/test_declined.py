"""A no is heard in three languages, with what it is to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.shopping.declined import read_decline

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
