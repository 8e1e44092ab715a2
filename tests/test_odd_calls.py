"""Odd callers and broken parts: whatever comes in, whatever is missing, a turn comes out that can be kept and sent on."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from convagent.agent import Agent
from convagent.conversation import Turn
from convagent.errors import ConvagentError


def circle() -> dict[str, Any]:
    """Facts that hold themselves."""
    around: dict[str, Any] = {}
    around["around"] = around
    return around


def nested(depth: int) -> Any:
    """Lists within lists."""
    inner: Any = "x"
    for _ in range(depth):
        inner = [inner]
    return inner


@pytest.mark.parametrize(
    "facts",
    [
        {"x": nested(50)},
        {"x": nested(5_000)},
        {"x": object()},
        {"x": {1: 2}},
        {"x": float("nan")},
        {"customer": {"id": "x" * 100_000, "verified": True}},
        {"customer": {"email": "ada@example.com", "first_name": "{{ customer }} {% raw %}"}},
        {"customer": {"id": "C", "orders": [{"id": "#1", "status": "shipped", "items": "none"}]}},
        circle(),
    ],
    ids=("nested", "deep", "object", "key", "nan", "long", "marks", "lines", "circle"),
)
def test_5_odd_facts_end_in_a_turn(agent: Agent, facts: Any) -> None:
    turn = agent.reply("Where is my order?", conversation="c", facts=facts)
    assert turn.reply is not None
    assert "Traceback" not in turn.reply.text
    assert turn.outcome.name in {"Asked", "HandedOver", "Answered"}
    assert agent.reply("hello", conversation="c").outcome.name in {"Asked", "Silent"}


def remove_articles(shop: Path) -> None:
    shutil.rmtree(shop / "knowledge")


def spoil_index(shop: Path) -> None:
    for file in (shop / ".convagent").rglob("*"):
        if file.is_file():
            file.write_bytes(b"garbage")


def remove_index(shop: Path) -> None:
    shutil.rmtree(shop / ".convagent", ignore_errors=True)


@pytest.mark.parametrize("spoil", [remove_articles, spoil_index, remove_index])
def test_5_articles_or_an_index_that_are_gone_or_broken_end_in_a_turn(
    shop: Path, spoil: Callable[[Path], None]
) -> None:
    with Agent.open(shop, storage="memory:") as first:
        assert first.reply("How much is delivery?", conversation="c").outcome.name == "Answered"
    spoil(shop)
    with Agent.open(shop, storage="memory:") as second:
        turn = second.reply("How much is delivery?", conversation="c")
        assert turn.outcome.name in {"Answered", "HandedOver"}
        assert turn.reply is not None
        assert agent_still_works(second)


def agent_still_works(agent: Agent) -> bool:
    return agent.reply("Where is order #10042? ada@example.com", conversation="other").outcome.name == "Answered"


def test_5_a_guide_that_names_what_nobody_knows_ends_in_a_handover(shop: Path) -> None:
    guide = (
        '# Tell my points\n\nWhen the customer asks for points:\n- "how many points do I have"\n- "my points please"\n- "points balance"\n\n'
        '1. Need customer\n1. If customer.loyalty is none:\n   - say "You have none."\n1. say "You have {{ customer.loyalty.points }} points."\n'
    )
    (shop / "guidance" / "points.md").write_text(guide, encoding="utf-8")
    with Agent.open(shop, storage="memory:") as agent:
        turn = agent.reply(
            "how many points do I have", conversation="c", facts={"customer": {"id": "C", "verified": True}}
        )
    assert turn.handover is not None
    assert turn.handover.reason == "missing_knowledge"
    assert turn.reply is not None
    assert "points" not in turn.reply.text


@pytest.mark.parametrize("text", ["Where is #10042?", "a\x00b", "😀", "\u202eabc", "\r\n\u2028x"])
def test_a_turn_can_be_sent_on_as_json(agent: Agent, text: str) -> None:
    turn = agent.reply(text, conversation="c", facts={"customer": {"email": "ada@example.com"}})
    again = Turn.model_validate(json.loads(turn.model_dump_json()))
    assert again == turn


def test_a_turn_about_half_a_character_can_be_sent_on_as_json(agent: Agent) -> None:
    turn = agent.reply("\ud800 Where is #10042?", conversation="c")
    assert json.loads(turn.model_dump_json())["outcome"] == turn.outcome.name


@pytest.mark.parametrize("text", [None, 5, ["hello"]])
def test_what_is_no_text_is_refused_with_an_error_of_ours(agent: Agent, text: Any) -> None:
    with pytest.raises(ConvagentError):
        agent.reply(text, conversation="c")


def test_4_what_a_customer_writes_is_never_read_as_a_template(agent: Agent) -> None:
    turn = agent.reply("Where is my order? {{ customer.orders }} {% for x in y %}", conversation="c")
    assert turn.reply is not None
    assert "#1004" not in turn.reply.text
