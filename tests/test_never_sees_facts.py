"""A `Never` of the shop is held against what the call brought, and blocks where that is not known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from convagent.agent import Agent

BIG = {"cart": {"total": "900.00 EUR"}}
SMALL = {"cart": {"total": "20.00 EUR"}}


@pytest.mark.parametrize(("facts", "done"), [(SMALL, True), (BIG, False), ({}, False)])
def test_a_never_about_the_cart_sees_the_cart(shop: Path, facts: dict[str, Any], done: bool) -> None:
    rule = "# Large carts\n\n1. Never do cancel_order when cart.total > 500 EUR\n"
    (shop / "guidance" / "carts.md").write_text(rule, encoding="utf-8")
    with Agent.open(shop, storage="memory:") as agent:
        agent.reply("cancel #10043 please, ada@example.com", conversation="c", facts=facts)
        turn = agent.reply("yes", conversation="c", facts=facts)
    statuses = [record.status for record in turn.actions if record.kind == "write"]
    assert statuses == (["done"] if done else ["refused"])


@pytest.mark.parametrize(("plan", "done"), [("free", True), ("gold", False)])
def test_a_never_sees_what_a_guide_set_in_the_conversation(shop: Path, plan: str, done: bool) -> None:
    rule = f"""# The plan

When the customer asks what plan they have:
- "what is my plan"
- "which plan am I on"
- "tell me my plan please"

1. set conversation.plan to "{plan}"
1. say "You are on a plan."

# Gold orders

1. Never do cancel_order unless conversation.plan is "free"
"""
    (shop / "guidance" / "plans.md").write_text(rule, encoding="utf-8")
    settings = shop / "convagent.toml"
    settings.write_text(settings.read_text("utf-8") + '\n[facts.conversation]\nplan = "text"\n', encoding="utf-8")
    with Agent.open(shop, storage="memory:") as agent:
        agent.reply("what is my plan", conversation="c")
        agent.reply("cancel #10043 please, ada@example.com", conversation="c")
        turn = agent.reply("yes", conversation="c")
    statuses = [record.status for record in turn.actions if record.kind == "write"]
    assert statuses == (["done"] if done else ["refused"]), turn.explain()
