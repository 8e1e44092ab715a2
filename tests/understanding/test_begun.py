"""A message is understood in two steps, of which the second alone looks into articles: nothing that is understood depends on it."""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convagent.agent import Agent
from convagent.guidance.interpreter.decision import Memory
from convagent.understanding.begun import Begun
from convagent.understanding.by_model import sureness, sureness_at_most
from convagent.understanding.by_model.sureness import MOST_OF_ARTICLES

LINES = (
    (Path(__file__).parents[2] / "benchmarks" / "data" / "demo-messages.jsonl").read_text(encoding="utf-8").splitlines()
)
MESSAGES = [json.loads(line)["text"] for line in LINES][::7]
FOLLOW_UPS = [
    "and to France?",
    "what does that cost?",
    "#1042",
    "yes",
    "und wie lange dauert das?",
    "cancel it",
    "the blue one, please",
]
SEVERAL = [" ".join(pair) for pair in zip(MESSAGES[::2], MESSAGES[1::2], strict=False)]

texts = st.sampled_from(MESSAGES) | st.sampled_from(SEVERAL) | st.sampled_from(FOLLOW_UPS)
FIRST = "how long does delivery to Germany take?"
lasts = st.sampled_from(["", "", "", FIRST, "I want to send the boots back"])
seeds = st.integers(0, 2**16)


def articles(seed: int, most: float = 1.0) -> Callable[[str, str], float]:
    """Any help centre: each text is answered by it with a probability of its own, the same each time, often none."""

    def answerable(text: str, language: str) -> float:
        drawn = zlib.crc32(f"{seed} {language} {text}".encode()) % 1000 / 1000
        return most * math.sqrt(max(0.0, 2 * drawn - 1))

    return answerable


def begun(agent: Agent, text: str, last: str) -> Begun:
    return agent._parts.understander.begin(text, language="en", last=last)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(texts, lasts, seeds)
def test_a_message_is_understood_alike_whether_or_not_its_words_were_looked_at_first(
    demo_agent: Agent, text: str, last: str, seed: int
) -> None:
    understander, answerable = demo_agent._parts.understander, articles(seed)
    at_once = understander.hear(text, language="en", last=last, answerable=answerable)
    first = begun(demo_agent, text, last)
    _ = first.alone
    afterwards = first.understood(answerable)
    assert (afterwards.heard, afterwards.signals, afterwards.data) == (at_once.heard, at_once.signals, at_once.data)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(texts, lasts)
def test_alone_is_what_is_understood_where_no_article_answers(demo_agent: Agent, text: str, last: str) -> None:
    none = demo_agent._parts.understander.hear(text, language="en", last=last, answerable=lambda *_: 0.0)
    assert begun(demo_agent, text, last).alone.heard == none.heard


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(texts, lasts)
def test_what_hangs_on_no_article_is_understood_without_any(demo_agent: Agent, text: str, last: str) -> None:
    first = begun(demo_agent, text, last)
    if not first.hangs_on_articles:
        assert first.understood(_never) is first.alone


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(texts, lasts, seeds, st.floats(0, 1) | st.none(), st.sampled_from([0.2, 0.5, 0.9, 0.99]))
def test_no_article_makes_it_surer_than_it_can_be_at_most(
    demo_agent: Agent, text: str, last: str, seed: int, wanted: float | None, below: float
) -> None:
    first, memory = begun(demo_agent, text, last), Memory(last=last)
    answerable = articles(seed, MOST_OF_ARTICLES)
    given: dict[str, Any] = {
        "kernel": demo_agent._parts.shop.kernel,
        "reader": demo_agent._parts.understander.reader(demo_agent.now()),
        "products": None if wanted is None else lambda _text: wanted,
    }
    at_most = sureness_at_most(first, first.alone, memory, below=below, **given)
    found = first.understood(answerable)
    sure = sureness(found, memory, answerable=lambda each: answerable(each, found.heard.language), **given)
    if sure >= below:
        assert at_most >= below
    if at_most >= below:
        assert sure <= at_most + 1e-6


@pytest.mark.parametrize("text", FOLLOW_UPS)
@pytest.mark.parametrize("below", [0.5, 0.9])
def test_bare_words_behind_a_question_are_no_error(demo_agent: Agent, text: str, below: float) -> None:
    first, memory = begun(demo_agent, text, FIRST), Memory(last=FIRST)
    reader = demo_agent._parts.understander.reader(demo_agent.now())
    at_most = sureness_at_most(
        first, first.alone, memory, kernel=demo_agent._parts.shop.kernel, reader=reader, below=below, products=None
    )
    assert 0 <= at_most <= 1


def test_each_text_is_compared_once(demo_agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    matcher = demo_agent._parts.understander._finder.matcher
    assert matcher is not None
    compared: list[str] = []
    original = type(matcher).match_all

    def counted(self: Any, texts: list[str], *, language: str = "en") -> Any:
        compared.extend(texts)
        return original(self, texts, language=language)

    monkeypatch.setattr(type(matcher), "match_all", counted)
    first = begun(demo_agent, "I want to cancel my order. And how long do I have to return something?", "")
    _ = first.alone
    first.understood(articles(1))
    assert compared
    assert len(compared) == len(set(compared))


def _never(_text: str, _language: str) -> float:
    raise AssertionError("an article was asked for")
