"""Whole turns in the shop's voice: letters are greeted and signed, chats are not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from convagent.agent import Agent
from convagent.conversation import Answered, HandedOver, Silent

VOICE = """
[voice]
greeting = { en = "Hello," }
sign_off = { en = "Robin, for the Test shop" }

"""
GUIDE = """# About zebras

When the customer asks about zebras:
- "tell me about zebras"
- "what about zebras"
- "zebras please"

1. say "Zebras are striped."
"""
FIRST = "Hello, I'm Robin, an AI assistant. Ask for a person whenever you like."


@pytest.fixture
def agent(shop: Path) -> Iterator[Agent]:
    (shop / "guidance" / "zebras.md").write_text(GUIDE, encoding="utf-8")
    settings = shop / "convagent.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("[voice.disclosure]", VOICE + "[voice.disclosure]"), encoding="utf-8")
    with Agent.open(shop, storage="memory:") as opened:
        yield opened


def said(agent: Agent, text: str, channel: str, conversation: str = "c") -> str:
    turn = agent.reply(text, conversation=conversation, facts={"channel": channel})
    assert turn.reply is not None
    return turn.reply.text


def test_an_email_is_greeted_and_signed_each_time_and_the_agent_introduces_itself_once(agent: Agent) -> None:
    signed = "Zebras are striped.\n\nRobin, for the Test shop"
    assert said(agent, "tell me about zebras", "email") == f"Hello,\n\n{FIRST}\n\n{signed}"
    assert said(agent, "what about zebras", "email") == f"Hello,\n\n{signed}"


def test_a_chat_is_neither_greeted_nor_signed(agent: Agent) -> None:
    assert said(agent, "tell me about zebras", "chat") == f"{FIRST}\n\nZebras are striped."
    assert said(agent, "what about zebras", "chat") == "Zebras are striped."


def test_what_hands_over_is_signed_below_all_of_it(agent: Agent) -> None:
    turn = agent.reply("I want to talk to a human", conversation="c", facts={"channel": "email"})
    assert isinstance(turn.outcome, HandedOver)
    assert turn.reply is not None
    assert turn.reply.text.endswith("\n\nRobin, for the Test shop")
    assert turn.reply.text.count("Robin, for the Test shop") == 1


def test_nothing_to_say_is_no_letter_of_greeting_and_signature(agent: Agent) -> None:
    assert isinstance(
        agent.reply("tell me about zebras", conversation="c", facts={"channel": "email"}).outcome, Answered
    )
    turn = agent.reply("thanks", conversation="c", facts={"channel": "email"})
    assert isinstance(turn.outcome, Silent)
    assert turn.reply is None
