"""Messages that announce a question without asking it are answered with “go ahead”, once, and never handed over at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from convagent import Agent, Answered, Asked, HandedOver
from convagent.understanding.announcing import announces

BARE = [
    "I have a question", "Hi, quick question", "can i ask you something?", "I've got two questions", "help!", "i need help pls",
    "Good morning, could you help me with something?", "I'd like to ask about something", "I have a problem", "another question",
    "Ich habe eine Frage", "Hallo, können Sie mir bitte helfen?", "Ich brauche Hilfe", "Guten Tag, ich hätte da mal eine kurze Frage",
    "J'ai une question", "Bonjour, pouvez-vous m'aider ?", "j'ai besoin d'aide", "Je voudrais vous demander quelque chose",
]  # fmt: skip
SAYS_MORE = [
    "I have a question about my order", "help me cancel my subscription", "no questions, thanks", "no problem", "kein Problem",
    "pas de problème", "I don't know", "is there a question mark on the board?", "the lamp has a problem", "42", "", "thanks",
    "Können Sie mir bei der Rückgabe helfen?", "J'ai un problème avec ma commande", "you did not answer my question",
    "help " * 20,
]  # fmt: skip


@pytest.mark.parametrize("text", BARE)
def test_a_message_that_only_announces_is_known(text: str) -> None:
    assert announces(text)


@pytest.mark.parametrize("text", SAYS_MORE)
def test_a_message_that_says_what_it_is_about_announces_nothing(text: str) -> None:
    assert not announces(text)


@pytest.fixture(scope="module")
def agent(root: Path) -> Agent:
    """The demo shop's."""
    return Agent.open(root, storage="memory:")


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Hi, I have a question", "What would you like to know"),
        ("Ich habe eine Frage", "Was möchten Sie wissen"),
        ("Bonjour, j'ai une question", "Que voulez-vous savoir"),
    ],
)
def test_it_is_asked_what_the_question_is(agent: Agent, said: str, asked: str) -> None:
    turn = agent.reply(said, conversation=said)
    assert turn.outcome == Asked(needs=("request",))
    assert turn.reply is not None
    assert asked in turn.reply.text


def test_the_question_behind_it_is_answered(agent: Agent) -> None:
    agent.reply("I have a question", conversation="then")
    turn = agent.reply("how long does a refund take?", conversation="then")
    assert isinstance(turn.outcome, Answered)


def test_it_is_asked_once(agent: Agent) -> None:
    agent.reply("I have a question", conversation="twice")
    assert isinstance(agent.reply("I have a question", conversation="twice").outcome, HandedOver)
