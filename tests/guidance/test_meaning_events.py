"""Point 11 of "Meaning": events never break into an open guide, are never our own doing, and are capped by `At most`."""

from __future__ import annotations

from pathlib import Path

import pytest

from convagent.agent import Agent

GUIDE = """# Second thoughts about the price

On product_viewed for 45 seconds
When it seems "the shopper finds the price too high":
- "that's more than I wanted to spend"
- "hm, too expensive for me"
- "is there a cheaper one"
Only for channel is "chat"
At most once a conversation

1. If product.title is known:
   - say "Any question about the {{ product.title }}?"
1. Otherwise:
   - say "Any question?"
"""


@pytest.fixture
def eventful(shop: Path) -> Path:
    (shop / "guidance" / "events.md").write_text(GUIDE, encoding="utf-8")
    return shop


def test_point_11_a_guide_waits_for_its_event_for_as_long_as_it_says(eventful: Path) -> None:
    with Agent.open(eventful, storage="memory:") as agent:
        assert agent.event("product_viewed", conversation="a", seconds=10).reply is None
        assert agent.event("cart_viewed", conversation="a", seconds=90).reply is None
        turn = agent.event(
            "product_viewed", conversation="a", seconds=45, facts={"product": {"id": "p", "title": "Lamp"}}
        )
        assert turn.reply is not None
        assert "Any question about the Lamp?" in turn.reply.text


def test_point_11_events_are_capped(eventful: Path) -> None:
    with Agent.open(eventful, storage="memory:") as agent:
        said = [agent.event("product_viewed", conversation="a", seconds=60).reply is not None for _ in range(3)]
    assert said == [True, False, False]


def test_point_11_an_event_never_breaks_into_an_open_guide(eventful: Path) -> None:
    with Agent.open(eventful, storage="memory:") as agent:
        assert agent.reply("cancel my order please", conversation="a").outcome.name == "Asked"
        assert agent.event("product_viewed", conversation="a", seconds=60).reply is None
        assert agent.reply("#10043, ada@example.com", conversation="a").outcome.name == "Asked"


def test_point_11_no_event_while_a_person_is_in_charge_or_for_another_channel(eventful: Path) -> None:
    with Agent.open(eventful, storage="memory:") as agent:
        assert agent.event("product_viewed", conversation="b", seconds=60, facts={"channel": "email"}).reply is None
        agent.reply("human please", conversation="a")
        assert agent.event("product_viewed", conversation="a", seconds=60).reply is None


def test_point_11_the_customers_words_start_the_same_guide(eventful: Path) -> None:
    with Agent.open(eventful, storage="memory:") as agent:
        turn = agent.reply("that's more than I wanted to spend", conversation="a")
    assert turn.reply is not None
    assert "Any question?" in turn.reply.text
