"""Shopping turns of the demo shop: which words the assistant takes, and what it puts in words for guides and articles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from convagent import Agent, Turn

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def agent() -> Iterator[Agent]:
    with Agent.open(ROOT, storage="memory:") as opened:
        yield opened


def talk(agent: Agent, *texts: str) -> Turn:
    """The last turn of a conversation."""
    return [agent.reply(text, conversation=texts[0][:40] + texts[-1][:40]) for text in texts][-1]


def said(turn: Turn) -> str:
    assert turn.reply is not None
    return turn.reply.text


def shown(turn: Turn) -> list[str]:
    return [each.title for each in turn.reply.products] if turn.reply is not None else []


def test_who_asks_to_be_told_is_signed_up_for_what_was_spoken_of(agent: Agent) -> None:
    turn = talk(
        agent,
        "I need the Good Fences deodorant without scent.",
        "Please write to zoe@example.net when it's there again.",
    )
    assert ("sign_up_back_in_stock", "done") in [(each.action, each.status) for each in turn.actions]
    assert "Good Fences Deodorant in Unscented" in said(turn)


def test_a_guide_hears_the_name_of_what_it_is(agent: Agent) -> None:
    turn = talk(agent, "How much is the Pip One S?", "When will it be back in rust?")
    assert "Which product" not in said(turn)
    assert "Rust" in said(turn)


def test_on_what_terms_a_thing_is_sold_is_an_article_s(agent: Agent) -> None:
    turn = talk(agent, "649 for the Stepladder Bed at once is too much for us. Can it be paid in parts?")
    assert [each.article_id for each in turn.reply.citations if turn.reply] == ["klarna"]  # type: ignore[union-attr]
    turn = talk(agent, "which size of the Cobble Boot for a foot of 24.5 cm?", "And if they don't fit?")
    assert [each.article_id for each in turn.reply.citations if turn.reply] == ["exchange"]  # type: ignore[union-attr]


def test_an_only_request_is_read_with_what_leads_up_to_it(agent: Agent) -> None:
    turn = talk(agent, "Our daughter turns 3. What's the right bed after a cot?")
    assert shown(turn) == ["Burrow Low Bed"]


def test_what_was_mended_for_a_guide_is_no_slip_for_the_assistant(agent: Agent) -> None:
    turn = talk(agent, "Does the Everyday Many contain iron?", "Is there one without soya?")
    assert shown(turn) == ["Brightroot Chewable Many"]


def test_a_set_that_is_asked_for_behind_its_parts_is_one_request(agent: Agent) -> None:
    turn = talk(agent, "I want the day cream, the gel and the night balm for a trip. Is there a set?")
    assert shown(turn) == ["The Overnight Bag Travel Set"]


def test_what_broke_is_bought_anew_where_it_is_asked_whether_it_is_made(agent: Agent) -> None:
    assert shown(talk(agent, "My old Saturday Teapot finally cracked. Do you still make it?")) == ["The Sunday Teapot"]
