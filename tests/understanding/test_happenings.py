"""Whether a message tells of something that happened, or only asks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.understanding.happenings import (
    only_asks,
    only_of_a_thing,
    speaks_of_own_state,
    tells_of_something,
)
from convagent.understanding.phrases import compile_phrases
from convagent.understanding.word_lists import word_lists

ASKS = [
    "is the ink poisonous to parrots?",
    "Could a toddler swallow the buttons?",
    "Hello, which soap is mild enough for a newborn?",
    "we have two cats, which lilies are safe for them?",
    "Kann der Griff heiß werden?",
    "Welches Öl ist für Hunde ungiftig?",
    "La peinture est-elle dangereuse pour un chat ?",
    "Peut-on laver la housse ?",
]
TELLS = [
    "my parrot ate some of the ink, is it poisonous?",
    "she swallowed a button",
    "is it normal that the handle smokes?",
    "why does the soap sting?",
    "help, it's in his eye",
    "what should I do about the burn on my arm?",
    "Der Hund hat das Öl getrunken, ist das giftig?",
    "Warum juckt die Haut nach dem Waschen?",
    "Est-ce normal que la main gonfle ?",
    "Mon chat a léché la peinture, est-elle toxique ?",
    "the ladder folded while I stood on it",
    "how long until a swallowed coin comes out?",
]


@pytest.mark.parametrize("text", ASKS)
def test_a_question_about_a_property_only_asks(text: str) -> None:
    assert only_asks(text)


@pytest.mark.parametrize("text", TELLS)
def test_what_happened_or_is_felt_is_told_however_it_is_asked(text: str) -> None:
    assert not only_asks(text)


@pytest.mark.parametrize("told", ["He drank it.", "There is one in her ear.", "Sie hat es gegessen.", "Il l'a avalé."])
@pytest.mark.parametrize("asked", ASKS)
def test_one_sentence_that_tells_is_enough(asked: str, told: str) -> None:
    assert not only_asks(f"{asked} {told}")


@given(st.text(max_size=60))
def test_what_is_unknown_never_only_asks_nor_breaks(text: str) -> None:
    assert not only_asks(f"Xyzzy plugh frobnicates the {text.replace('?', '')} quux grue")
    assert tells_of_something(text) in (True, False)
    assert only_of_a_thing(text) in (True, False)


@pytest.mark.parametrize(
    "text",
    [
        "the vase arrived with a cracked rim",
        "The tap of the kettle is broken, I'd like my money back.",
        "one wheel came off the cart, can I have another?",
        "Das Glas hat einen Sprung, ich möchte ein neues",
        "La tasse est arrivée cassée",
    ],
)
def test_a_thing_that_broke_is_no_accident(text: str) -> None:
    assert only_of_a_thing(text)


@pytest.mark.parametrize(
    "text",
    [
        "the vase broke in my hand, I'd like my money back",
        "I fell when the chair broke, refund please",
        "the kettle smokes, please send another",
        "there was glass in the jam, I want my money back",
        "my son cut his lip on the cup, exchange it",
        "Der Stuhl ist unter mir gebrochen, Geld zurück",
        "La tasse m'a brûlé, je veux être remboursé",
        "the vase is broken",
    ],
)
def test_somebody_or_danger_beside_a_broken_thing_is_no_mere_thing(text: str) -> None:
    assert not only_of_a_thing(text)


def test_own_state_is_what_one_has_or_takes_and_no_kind_of_skin() -> None:
    assert speaks_of_own_state("I take lithium, may I use it?")
    assert speaks_of_own_state("is it fine for my baby")
    assert speaks_of_own_state("Ich stille noch")
    assert not speaks_of_own_state("can I take zinc as well?")
    assert not speaks_of_own_state("I have sensitive dry skin, which cream?")
    assert not speaks_of_own_state("J'ai la peau sèche, quelle crème ?")


def test_every_phrase_of_the_lists_can_be_read() -> None:
    for table in word_lists("happenings").values():
        for phrases in table.values():
            for phrase in phrases:
                compile_phrases([phrase])
