"""`At most`: a guide runs no more often than its author allows."""

from __future__ import annotations

from pathlib import Path

from convagent.agent import Agent

GUIDE = """# A welcome gift

When the customer asks for the welcome gift:
- "can I have the welcome gift"
- "i want my welcome gift please"
- "where is the gift for newcomers"
At most once a conversation

1. say "Here you are."
"""


def test_a_capped_guide_runs_once_and_then_a_person_decides(shop: Path) -> None:
    (shop / "guidance" / "gift.md").write_text(GUIDE, encoding="utf-8")
    with Agent.open(shop, storage="memory:") as agent:
        first = agent.reply("can I have the welcome gift", conversation="c")
        second = agent.reply("i want my welcome gift please", conversation="c")
        other = agent.reply("can I have the welcome gift", conversation="d")
    assert first.reply is not None
    assert "Here you are." in first.reply.text
    assert second.handover is not None
    assert second.handover.reason == "outside_scope"
    assert other.outcome.name == "Answered"
