"""Who says nothing of what they want is asked, or left in peace: no guide is opened, and nothing is done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from convagent.agent import Agent
from convagent.conversation import Answered, Asked, HandedOver, Silent, Turn
from convagent.understanding.content_words import content_words

ROOT = Path(__file__).resolve().parents[1]
ONE_ORDER = {"customer": {"email": "bruno@example.com", "first_name": "Bruno", "verified": True}}

BARE = {
    "en": (
        "no", "No.", "NO!!!", "nooooo", "no no no", "nope", "nah", "yes", "yep", "yes no", "ok no", "sure", "fine", "hmm",
        "hmmm ok", "lol", "test", "asdf", "foo", "foo bar", "maybe", "not yet", "still no", "still nothing", "of course not",
        "I don't know", "no idea", "not sure", "no, it's not", "never", "nothing", "none", "whatever", "true", "right",
        "stop", "wait", "back", "next", "continue", "when", "why", "how", "what?", "and", "but", "that", "this one",
        "the first", "x", "1", "123", "?", "...", "\U0001f44e", "go on", "come on", "well then",
    ),
    "de": (
        "nein", "Nein!", "nee", "nö", "ne", "ja", "jep", "genau", "stimmt", "vielleicht", "keine Ahnung", "weiß nicht",
        "noch nicht", "immer noch nicht", "noch nichts", "nichts", "natürlich nicht", "auf keinen Fall", "doch", "ach so",
        "tja", "hm", "äh", "na ja", "und", "aber", "warte", "weiter", "zurück", "später", "wann", "warum", "wie", "egal",
        "das ist nicht richtig", "bitte nicht", "ja nein",
    ),
    "fr": (
        "non", "Non !", "nan", "si", "oui", "ouais", "exactement", "peut-être", "je ne sais pas", "aucune idée", "pas encore",
        "toujours rien", "toujours pas", "rien", "rien du tout", "jamais", "bien sûr que non", "pas du tout", "mais non",
        "euh", "bof", "ben", "alors", "et", "attends", "suivant", "plus tard", "quand", "pourquoi", "comment", "tant pis",
        "c'est pas vrai", "oui s'il vous plaît", "oui non",
    ),
}  # fmt: skip
MESSAGES = [text for texts in BARE.values() for text in texts]

STRAY = ("Tuesday", "blue", "banana", "dienstag", "blau", "banane", "mardi", "bleu", "banane", "penguin",
         "London", "anyone", "sunshine", "elefant", "guitare")  # fmt: skip
"""Words that mean something and ask for nothing."""


@pytest.fixture(scope="module")
def agent() -> Iterator[Agent]:
    """The demo shop, with a conversation in which a confirmation was sent again."""
    with Agent.open(ROOT, storage="memory:") as opened:
        sent = opened.reply("I never got a confirmation for my order", conversation="sent", facts=ONE_ORDER)
        assert [record.action for record in sent.actions if record.kind == "write"] == ["resend_confirmation"]
        yield opened


def opened_guides(turn: Turn) -> list[str]:
    return [event.text for event in turn.trace if event.kind == "guide"]


def holds(turn: Turn, text: str) -> None:
    assert [record.action for record in turn.actions if record.kind == "write"] == [], text
    assert opened_guides(turn) == [], text
    assert isinstance(turn.outcome, (Asked, Silent)), (text, turn.outcome)
    if isinstance(turn.outcome, Asked):
        assert turn.outcome.needs == ("request",), text
        assert turn.reply is not None
        assert "?" in turn.reply.text, text


@pytest.mark.parametrize("language", BARE)
def test_a_bare_message_opens_no_guide_and_is_asked_what_it_is_about(language: str, agent: Agent) -> None:
    for number, text in enumerate(BARE[language]):
        assert content_words(text) == (), text
        holds(agent.decide(text, conversation=f"new {number}", facts=ONE_ORDER), text)


def test_a_stray_word_opens_no_guide(agent: Agent) -> None:
    for number, text in enumerate(STRAY):
        holds(agent.decide(text, conversation=f"stray {number}", facts=ONE_ORDER), text)


def test_a_bare_message_after_a_write_does_it_no_second_time(agent: Agent) -> None:
    for text in MESSAGES:
        turn = agent.decide(text, conversation="sent", facts=ONE_ORDER)
        assert [record.action for record in turn.actions if record.kind == "write"] == [], text
        assert "The confirmation e-mail never came" not in " ".join(opened_guides(turn)), text
        assert not isinstance(turn.outcome, HandedOver), text


def test_a_no_to_the_question_what_it_is_about_ends_it(agent: Agent) -> None:
    for number, text in enumerate(("no", "nein", "non")):
        first, second = (agent.reply(text, conversation=f"no {number}", facts=ONE_ORDER) for _ in range(2))
        assert isinstance(first.outcome, Asked)
        assert isinstance(second.outcome, Silent)


def test_one_word_that_asks_for_something_still_does(agent: Agent) -> None:
    for number, text in enumerate(("refund", "invoice", "cancel", "Erstattung", "remboursement")):
        assert content_words(text) != ()
        turn = agent.decide(text, conversation=f"word {number}", facts=ONE_ORDER)
        assert isinstance(turn.outcome, (Asked, Answered)), text
        assert opened_guides(turn), text


def test_a_question_alone_asks_on_about_what_was_said(agent: Agent) -> None:
    agent.reply("Where is my order #1101?", conversation="on", facts=ONE_ORDER)
    turn = agent.decide("and when?", conversation="on", facts=ONE_ORDER)
    assert isinstance(turn.outcome, (Answered, Asked))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no email", ("email",)),
        ("no, it is broken", ("broken",)),
        ("ok and the watch", ("watch",)),
        ("wo ist mein Paket", ("ist", "mein", "paket")),
        ("nooo refund pleaseeee", ("refund",)),
        ("order #1042", ("order",)),
        ("1042", ()),
        ("", ()),
    ],
)
def test_the_words_that_ask_for_something_are_found(text: str, words: tuple[str, ...]) -> None:
    assert content_words(text) == words
