"""Where a model is asked in any case, articles are looked up while it reads; the turn comes out as it would."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from convagent import Agent
from convagent.conversation import Answered, Asked, Turn
from convagent.errors import ModelError
from convagent.knowledge import KnowledgeBase
from convagent.models import ChatRequest, ScriptedModel, meanwhile

ARTICLE = "---\ntitle: Repairs\n---\n\nWe mend zips, soles and seams of everything we sold within three years, free of charge.\n"
GUIDES = """\
# Where is my order

When the customer asks where an order is:
- "where is my parcel"
- "has my order been sent"

1. say "It is on its way."

# Cancel an order

When the customer wants to cancel an order:
- "cancel my order"
- "I don't want it any more"

1. say "It is cancelled."
"""
ASKED = "my zip broke, do you mend that, or do I have to buy a new coat"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "repairs.md").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "guidance").mkdir()
    (tmp_path / "guidance" / "guides.md").write_text(GUIDES, encoding="utf-8")
    return tmp_path


def settings(shop: Path, below: float) -> None:
    text = f'[shop]\nname = "A shop"\n[knowledge]\narticles = "articles"\n[model]\nunderstand_below = {below}\ncompose = false\n'
    (shop / "convagent.toml").write_text(text, encoding="utf-8")


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is looked up in articles, in order; whoever asks a model adds to it."""
    events: list[str] = []
    original = KnowledgeBase.search

    def search(self: KnowledgeBase, *asked: Any, **options: Any) -> Any:
        events.append("looked up")
        return original(self, *asked, **options)

    monkeypatch.setattr(KnowledgeBase, "search", search)
    return events


def turn_of(shop: Path, model: Any, text: str = ASKED) -> Turn:
    with Agent.open(shop, storage="memory:", model=model) as agent:
        return agent.reply(text, conversation="c")


@pytest.mark.parametrize("below", [1.0, 0.9])
def test_articles_wait_until_the_request_has_left(
    shop: Path, looked_up: list[str], below: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(shop, below)
    monkeypatch.setattr(meanwhile, "UNTIL_IT_LEFT", 3_600.0)

    def answer(_request: ChatRequest) -> str:
        looked_up.append("asked")
        return "{}"

    turn_of(shop, ScriptedModel(answer), "my order came with a broken zip, I want to have it mended")
    assert looked_up[0] == "asked"
    assert "looked up" in looked_up


def test_they_decide_where_they_may_spare_the_call(shop: Path, looked_up: list[str]) -> None:
    settings(shop, 0.9)
    turn = turn_of(shop, ScriptedModel([]), "Do you mend zips free of charge?")
    assert "looked up" in looked_up
    assert turn.usage.model_calls == 0


def test_the_turn_comes_out_as_without_a_model_where_that_fails(shop: Path) -> None:
    settings(shop, 1.0)
    alone = turn_of(shop, "")
    failed = turn_of(shop, ScriptedModel(lambda _request: _refuse()))
    assert alone.reply is not None
    assert failed.reply is not None
    assert failed.reply.text == alone.reply.text
    kinds = [event.kind for event in failed.trace]
    assert kinds.index("understood") < kinds.index("model")
    assert kinds.count("understood") == 1
    understood = [next(event for event in turn.trace if event.kind == "understood") for turn in (alone, failed)]
    assert understood[0].data == understood[1].data


@pytest.mark.parametrize("text", ["my zip broke, please mend it now", "I need my boots repaired", "Do you mend zips?"])
def test_a_shop_without_guides_is_no_error(shop: Path, text: str) -> None:
    settings(shop, 0.9)
    (shop / "guidance" / "guides.md").unlink()
    turn = turn_of(shop, ScriptedModel(lambda _request: "{}"), text)
    assert isinstance(turn.outcome, (Answered, Asked))


@pytest.mark.parametrize("model", ["", "fails"])
def test_conversations_look_articles_up_at_the_same_time(
    shop: Path, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(shop, 1.0)
    both, met = threading.Barrier(2), threading.local()
    original = KnowledgeBase.search

    def search(self: KnowledgeBase, *asked: Any, **options: Any) -> Any:
        if not hasattr(met, "other"):
            met.other = both.wait(30)  # neither goes on before the other one looks something up
        return original(self, *asked, **options)

    failing = ScriptedModel(lambda _request: _refuse()) if model else ""
    with Agent.open(shop, storage="memory:", model=failing) as agent, ThreadPoolExecutor(2) as pool:
        monkeypatch.setattr(KnowledgeBase, "search", search)
        turns = list(pool.map(lambda name: agent.reply(ASKED, conversation=name), ("one", "other")))
    assert all(turn.reply is not None for turn in turns)
    assert not both.broken


def _refuse() -> str:
    raise ModelError("not today", code="model-refused")
