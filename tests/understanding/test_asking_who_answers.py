"""Who asks whether a person writes gets an honest answer; who wants a person is something else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from convagent.agent import Agent
from convagent.conversation import Answered, Asked, HandedOver, Turn
from convagent.understanding.asking_who_answers import asks_who_answers

ROOT = Path(__file__).resolve().parents[2]

ASKS = (
    "are you a real person?", "Are you a bot", "r u a robot?", "Hi, are you human?", "am I talking to a human or a machine?",
    "is this a bot", "Is this a real person answering?", "who are you?", "what are you", "who am I speaking with?",
    "are you just an AI?", "you're a bot, aren't you?", "are you real?", "Sorry, but are you an actual human being?",
    "Bist du ein Bot?", "Sind Sie ein echter Mensch?", "Spreche ich hier mit einem Menschen oder einer Maschine?",
    "Ist das ein Bot?", "wer bist du eigentlich?", "Mit wem schreibe ich hier?", "sind sie eine KI",
    "Êtes-vous une vraie personne ?", "je parle à un robot ?", "C'est un bot ?", "tu es un humain ou un robot ?",
    "Qui êtes-vous ?", "Est-ce que je parle à une personne ?",
)  # fmt: skip
OTHERS = (
    "can I talk to a real person?", "I want a human", "is there a real person I can talk to?", "human please",
    "are you open on Saturdays?", "is this a real Donegal tweed?", "who are you to say that I can't return it?",
    "are you a bot? because I want to cancel my order #1101", "is this a computer desk?", "are you people ever going to answer?",
    "Kann ich mit einem Menschen sprechen?", "Sind Sie am Samstag da?", "ist das eine echte Lederjacke?",
    "Je veux parler à un humain", "Êtes-vous ouverts le samedi ?", "c'est une machine à café ?", "what is this made of",
    "what is this?", "is it real?", "Ist das echt?", "Ist das ein Computer?", "C'est un robot ?", "is it automated?",
)  # fmt: skip


@pytest.fixture(scope="module")
def agent() -> Iterator[Agent]:
    with Agent.open(ROOT, storage="memory:") as opened:
        yield opened


@pytest.mark.parametrize("text", ASKS)
def test_it_is_seen(text: str) -> None:
    assert asks_who_answers(text)


@pytest.mark.parametrize("text", OTHERS)
def test_what_asks_for_more_or_other_things_is_not_taken_for_it(text: str) -> None:
    assert not asks_who_answers(text)


def said(turn: Turn) -> str:
    assert turn.reply is not None
    return turn.reply.text


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("are you a real person?", "I'm a computer program, not a person."),
        ("Bist du ein Bot?", "Ich bin ein Programm, kein Mensch."),
        ("Êtes-vous une vraie personne ?", "Je suis un programme, pas une personne."),
    ],
)
def test_it_is_answered_honestly_and_nobody_is_called(agent: Agent, text: str, answer: str) -> None:
    turn = agent.reply(text, conversation=text)
    assert isinstance(turn.outcome, Answered)
    assert answer in said(turn)


def test_what_was_asked_is_asked_again_behind_it(agent: Agent) -> None:
    first = agent.reply("The mug I got is chipped", conversation="open")
    second = agent.reply("wait, are you a bot?", conversation="open")
    assert isinstance(first.outcome, Asked)
    assert isinstance(second.outcome, Asked)
    assert second.outcome.needs == first.outcome.needs
    assert said(second).startswith("I'm a computer program, not a person.")
    assert "Which e-mail address" in said(second)


def test_who_wants_a_person_gets_one(agent: Agent) -> None:
    assert isinstance(agent.reply("can I talk to a real person?", conversation="person").outcome, HandedOver)


OWN = """# Who is writing

When the customer asks who or what answers:
- "are you a bot?"
- "what are you"

1. say "I'm Sprout, a very small program in a very large greenhouse."
"""


@pytest.fixture
def own_shop(tmp_path: Path) -> Path:
    (tmp_path / "guidance").mkdir()
    (tmp_path / "convagent.toml").write_text('[shop]\nname = "Greenhouse"\n', encoding="utf-8")
    (tmp_path / "guidance" / "who.md").write_text(OWN, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "text", ["are you a bot?", "Are you a real person?", "am I talking to a human or a machine?", "who are you?"]
)
def test_a_shops_own_guide_for_the_question_goes_first(own_shop: Path, text: str) -> None:
    with Agent.open(own_shop, storage="memory:") as agent:
        turn = agent.reply(text, conversation="c")
    assert isinstance(turn.outcome, Answered)
    assert said(turn).endswith("I'm Sprout, a very small program in a very large greenhouse.")


def test_a_guide_that_rules_the_question_out_does_not_answer_it(own_shop: Path) -> None:
    guide = OWN.replace(
        '- "are you a bot?"\n- "what are you"', '- "tell me about the greenhouse"\n- not "are you a bot?"'
    )
    (own_shop / "guidance" / "who.md").write_text(guide, encoding="utf-8")
    with Agent.open(own_shop, storage="memory:") as agent:
        assert "computer program" in said(agent.reply("are you a bot?", conversation="c"))
