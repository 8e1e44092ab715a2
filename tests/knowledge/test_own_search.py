"""A shop's own search by meaning: what the docs show runs, with a model and without; one that fails leaves the words."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest

from convagent.agent import Agent
from convagent.cli.init import new_shop
from convagent.conversation import Answered
from convagent.knowledge import KnowledgeBase, NearestPassages, PassageStore
from convagent.models import ScriptedModel

PAGE = (Path(__file__).parents[2] / "docs" / "knowledge.md").read_text(encoding="utf-8")
SHOWN = dict(re.findall(r"<!-- own search: (\S+) -->\n```python\n(.*?)```", PAGE, re.DOTALL))
QUESTION = "How long do I have to return something?"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    new_shop(tmp_path / "shop", name="Own")
    return tmp_path / "shop"


def with_search(shop: Path, file: str, code: str) -> Path:
    (shop / file).write_text(code, encoding="utf-8")
    settings = shop / "convagent.toml"
    told = settings.read_text(encoding="utf-8").replace("[knowledge]\n", f'[knowledge]\nstore = "{file}:store"\n')
    settings.write_text(told, encoding="utf-8")
    return shop


@pytest.mark.parametrize("file", sorted(SHOWN))
@pytest.mark.parametrize("model", [False, True])
def test_what_the_page_shows_answers_a_question(shop: Path, file: str, model: bool) -> None:
    said = "You have 30 days from delivery. [1]"
    served = ScriptedModel(lambda request: said if request.purpose == "compose" else "{}") if model else None
    with Agent.open(with_search(shop, file, SHOWN[file]), storage="memory:", model=served) as agent:
        turn = agent.reply(QUESTION, conversation="c")
        base = agent.shop.knowledge
    assert isinstance(turn.outcome, Answered)
    assert turn.reply is not None
    assert "30 days" in turn.reply.text
    assert [citation.article_id for citation in turn.reply.citations] == ["returns"]
    assert base is not None
    assert all(hit.nearness is not None for hit in base.search(QUESTION, 3))


def test_the_page_shows_both() -> None:
    assert sorted(SHOWN) == ["knowledge/near.py", "knowledge/retriever.py"]


class Held:
    """Passages whose search gives what it is told to, or raises it."""

    fresh = 0

    def __init__(self, gives: object) -> None:
        self.gives = gives

    def nearest(self, query: str, k: int) -> tuple[list[tuple[int, float]], bool]:
        assert query
        assert k > 0
        if isinstance(self.gives, Exception):
            raise self.gives
        return self.gives  # type: ignore[return-value]  # stores of other people give anything


class Store:
    def __init__(self, takes: object) -> None:
        self.takes = takes

    def take(self, passages: object, *, progress: object = None) -> NearestPassages:
        assert passages is not progress
        if isinstance(self.takes, Exception):
            raise self.takes
        return self.takes  # type: ignore[return-value]


@pytest.fixture
def folder(shop: Path) -> Path:
    return shop / "knowledge" / "articles"


@pytest.mark.parametrize(
    "gives", [RuntimeError("down"), [(0, 0.5)], ([(99, 0.5)], False), ([("x", 0.5)], False), ([(0, "x")], False), None]
)
def test_a_search_that_fails_leaves_the_words(folder: Path, gives: object, caplog: pytest.LogCaptureFixture) -> None:
    store = Store(Held(gives))
    assert isinstance(store, PassageStore)
    base = KnowledgeBase.from_folder(folder, store=store)
    with caplog.at_level(logging.WARNING, "convagent"):
        hits = base.search(QUESTION, 2)
    assert hits[0].article_id == "returns"
    assert "the store failed" in caplog.text
    assert hits == KnowledgeBase.from_folder(folder).search(QUESTION, 2)


@pytest.mark.parametrize("takes", [RuntimeError("no connection"), None, object()])
def test_a_store_that_takes_nothing_in_is_told_of(folder: Path, takes: object) -> None:
    base = KnowledgeBase.from_folder(folder, store=Store(takes))
    assert [problem.code for problem in base.problems if problem.code == "store-failed"] == ["store-failed"]
    assert base.search(QUESTION, 1)[0].article_id == "returns"
