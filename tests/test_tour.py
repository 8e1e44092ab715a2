"""The conversations that `convagent demo` replays end as they should."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from convagent.agent import Agent
from convagent.cli.demo import read_tour
from convagent.conversation import Answered

TOUR = read_tour(Path(__file__).parents[1] / "evals" / "tour.yaml")


def test_the_tour_has_about_ten_conversations_and_every_outcome() -> None:
    outcomes = {turn["outcome"] for conversation in TOUR for turn in conversation["turns"]}
    assert 10 <= len(TOUR) <= 14
    assert outcomes == {"Answered", "Asked", "HandedOver", "Silent"}


@pytest.mark.parametrize("conversation", TOUR, ids=lambda conversation: conversation["title"])
def test_a_conversation_of_the_tour_ends_as_it_should(conversation: dict[str, Any], root: Path) -> None:
    with Agent.open(root, storage="memory:") as agent:
        for expected in conversation["turns"]:
            turn = agent.reply(expected["customer"], conversation="tour", facts=conversation.get("facts"))
            told = turn.explain()
            assert turn.outcome.name == expected["outcome"], told
            text = turn.reply.text if turn.reply else ""
            for words in expected.get("says", ()):
                assert words in text, told
            if "cites" in expected:
                assert expected["cites"] in {citation.article_id for citation in turn.citations}, told
            if "reason" in expected:
                assert turn.handover is not None
                assert turn.handover.reason == expected["reason"], told
            if "guide" in expected:
                assert any(event.data.get("guide") == expected["guide"] for event in turn.trace), told
            if "refused" in expected:
                assert isinstance(turn.outcome, Answered)
                assert turn.outcome.refused == expected["refused"], told
            if "language" in expected:
                assert turn.reply is not None
                assert turn.reply.language == expected["language"], told
            if "shows" in expected:
                assert turn.reply is not None
                assert turn.reply.products, told
            done = [record.action for record in turn.actions if record.kind == "write" and record.status == "done"]
            assert done == ([expected["does"]] if "does" in expected else []), told
