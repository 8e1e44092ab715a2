"""A reply as it comes: its pieces are the reply, and the turn is kept whoever listens."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from convagent import Agent
from convagent.conversation import Turn
from convagent.errors import ConvagentError
from convagent.shop import demo_shop

QUESTION = "How long do I have to return something?"


def kept_turns(agent: Agent) -> tuple[Turn, ...]:
    stored = agent.storage.load("c")
    assert stored is not None
    return stored.conversation.turns


@pytest.fixture
def agent() -> Iterator[Agent]:
    with Agent.open(demo_shop(), storage="memory:") as opened:
        yield opened


@pytest.mark.parametrize("text", [QUESTION, "I want to talk to a person", "Where is my order?", "thanks", ""])
def test_the_pieces_are_the_reply(agent: Agent, text: str) -> None:
    stream = agent.stream(text, conversation="c")
    pieces = list(stream)
    turn = stream.turn
    assert "".join(pieces) == (turn.reply.text if turn.reply is not None else "")
    assert kept_turns(agent) == (turn,)
    assert list(stream) == []  # it has ended


def test_a_turn_is_kept_though_nobody_reads_its_pieces(agent: Agent) -> None:
    turn = agent.stream(QUESTION, conversation="c").turn
    assert kept_turns(agent) == (turn,)


def test_what_cannot_be_answered_is_raised_as_by_reply(agent: Agent) -> None:
    with pytest.raises(ConvagentError) as by_reply:
        agent.reply(3, conversation="c")  # type: ignore[arg-type]
    stream = agent.stream(3, conversation="c")  # type: ignore[arg-type]
    with pytest.raises(ConvagentError) as by_stream:
        list(stream)
    assert by_stream.value.code == by_reply.value.code


def test_asynchronous_callers_get_the_same(agent: Agent) -> None:
    async def listen() -> tuple[str, Turn]:
        stream = agent.astream(QUESTION, conversation="c")
        pieces = [piece async for piece in stream]
        return "".join(pieces), await stream.turn()

    text, turn = asyncio.run(listen())
    assert text == (turn.reply.text if turn.reply is not None else "")
    assert kept_turns(agent) == (turn,)


def test_a_listener_that_leaves_does_no_harm(agent: Agent) -> None:
    async def leave() -> None:
        stream = agent.astream(QUESTION, conversation="c")
        await anext(stream)

    asyncio.run(leave())
    assert len(kept_turns(agent)) == 1
