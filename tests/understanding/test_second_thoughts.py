"""Corrections, things wanted instead, slips of the keyboard, and questions put in other words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from convagent.guidance.interpreter.world import Utterance, Wanted
from convagent.understanding.addresses import read_address
from convagent.understanding.affirmation import read_affirmation
from convagent.understanding.choose import Choice, choose
from convagent.understanding.gist import asks_in_general, leans_on_what_was_said, refers_back, wants_something
from convagent.understanding.reading import WordReader
from convagent.understanding.rewording import other_wordings
from convagent.understanding.slots import SlotVocabulary
from convagent.understanding.spelling import Spelling
from convagent.understanding.turning import corrects, puts_instead, refuses, turned_to

READER = WordReader(datetime(2026, 6, 16, 10, tzinfo=UTC), r"#?1\d{3}", "EUR", SlotVocabulary())


@pytest.mark.parametrize(
    "text", ["sorry, I meant 1081", "no sorry, I mean 1115", "ich meinte 1081", "je voulais dire 1081"]
)
def test_a_correction_leans_on_what_was_said_and_is_neither_yes_nor_no(text: str) -> None:
    assert corrects(text)
    assert leans_on_what_was_said(text)
    assert read_affirmation(text) == "unclear"


def test_a_no_that_turns_to_something_else_wants_that() -> None:
    assert turned_to("no, don't cancel it, just skip the next one") == "skip the next one"
    assert turned_to("no thanks, I'd rather not give my address") == ""
    assert turned_to("where is my order") == ""
    assert refuses("no thanks, I'd rather not give my address")
    assert not refuses("no thanks, where is my order?")
    assert puts_instead("could I exchange it instead?")
    assert not puts_instead("use the blue one instead of the red one")


def test_slips_are_put_right_and_real_words_left_alone() -> None:
    spelling = Spelling(["how much is shipping to Germany", "I forgot my password", "my order has arrived"])
    assert spelling.mended("hwo much is shiping to germny") == "how much is shipping to germany"
    assert spelling.mended("forgto my pasword") == "forgot my password"
    for fine in ("do you sell kayaks", "okey dokey", "the lumps in my chai", "", "Corsica"):
        assert spelling.mended(fine) == fine


def test_a_question_is_also_put_without_its_place_and_in_words_that_articles_know() -> None:
    known = {"deliver": 3, "delivery": 3, "cost": 5, "how": 9, "do": 9, "you": 9, "does": 9}
    wordings = other_wordings("do you deliver to Porto", language="en", frequency=lambda word: known.get(word, 0))
    assert wordings[:2] == ("do you deliver", "do you deliver to other countries")
    assert other_wordings("do you deliver", language="en", frequency=lambda _: 1) == ()
    assert "do you deliver" in other_wordings("do you deliver to Spain", language="en", frequency=lambda _: 1)


@pytest.mark.parametrize(
    ("text", "in_general"),
    [("if I cancel my subscription, does the order still come?", True), ("is exchanging free?", True),
     ("Bis wann kann man stornieren?", True), ("Quand serai-je remboursée ?", False), ("how do I return #1042", False)],
)  # fmt: skip
def test_questions_in_general_are_told_from_ones_own(text: str, in_general: bool) -> None:
    assert asks_in_general(text) is in_general


def test_a_statement_wants_nothing_and_a_pronoun_refers_back() -> None:
    assert not wants_something("The teapot is smaller than I thought.")
    assert wants_something("I would like to send it back")
    assert refers_back("and how do I wash it?")
    assert not refers_back("How long does a Pip take to charge?")


def picked(text: str, *labels: str, many: bool = False, direct: bool = False) -> tuple[str, ...]:
    offered = [Choice(label, (label,), (label.split(" (")[0],), place) for place, label in enumerate(labels)]
    return choose(text, offered, many=many, direct=direct).keys


def test_details_that_a_message_names_are_not_asked_again() -> None:
    shirt, chino = "The Reasonable Shirt (Sky / L)", "The Committee Chino (Ink / M)"
    assert picked("the shirt should be a Sky M", shirt, chino) == (shirt,)
    assert picked("it is too tight, can I swap it for an L in Night?", "Night / S", "Night / L", "Peat / M") == (
        "Night / L",
    )
    case = "Pip Travel Case (Medium)"
    assert picked("I don't need the travel case, can I return it?", "Pip One S (Moss)", case, many=True) == (case,)
    assert picked("not the travel case", "Pip One S (Moss)", case, many=True, direct=True) != (case,)
    assert picked("the second one, 1115", "#1115", "#1114", direct=True) == ("#1115",)
    assert picked("could you mend it?", "mending", "replacement", "refund", direct=True) == ("mending",)


def test_an_address_in_a_sentence_is_read_whatever_stands_behind_it() -> None:
    found = read_address("Please send order #1112 to 5 Turnpike Terrace, V95 BG8L Ennis, Ireland instead")
    assert found is not None
    assert (found.line1, found.postcode, found.city, found.country) == ("5 Turnpike Terrace", "V95 BG8L", "Ennis", "IE")


def test_a_yes_with_more_behind_it_answers_how_things_are_and_no_proposal() -> None:
    said = Utterance("yes, it's #1111", ("placed",))
    assert READER.read(Wanted("placed", "yes_no"), said, direct=True).value is True
    assert READER.read(Wanted("confirm:1", "confirmation"), said, direct=True).value is not True
    but = Utterance("yes, but only one", ("placed",))
    assert READER.read(Wanted("placed", "yes_no"), but, direct=True).value is not True


def test_of_several_figures_the_one_in_the_question_counts() -> None:
    said = Utterance("The tin lasts me two months. Could the cacao come every 8 weeks?", ())
    assert str(READER.read(Wanted("rhythm", "value", "duration"), said, direct=False).value).startswith("8 week")


def test_a_bare_number_beside_an_address_is_the_postcode() -> None:
    said = Utterance("clara@example.com, 10437", ("email",))
    assert READER.read(Wanted("postcode", "value", "postcode"), said, direct=False).value == "10437"
