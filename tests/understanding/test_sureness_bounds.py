"""Whether a model is asked needs no look at products where nothing that they say could change it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convagent.agent import Agent
from convagent.guidance.interpreter.decision import Memory
from convagent.guidance.interpreter.requests import Request
from convagent.guidance.interpreter.world import GuideState
from convagent.understanding.by_model import sureness
from convagent.understanding.understood import Understood

CHANCE = st.floats(0, 1)
TEXTS = [
    "where is my order?",
    "how long does a delivery take?",
    "a lamp for the hall",
    "Do you ship to Norway?",
    "thanks!",
    "no",
]


@pytest.fixture(scope="module")
def understood(demo_agent: Agent) -> Understood:
    """A message that the demo shop's embedded parts are unsure of."""
    return demo_agent._parts.understander.hear("xyzzy plover", language="en", last="", answerable=lambda *_: 0.0)


@st.composite
def requests(draw: st.DrawFn) -> Request:
    first, second = sorted((draw(CHANCE), draw(CHANCE)), reverse=True)
    label = draw(st.sampled_from(["Cancel an order", "Track an order", None]))
    return Request(
        draw(st.sampled_from(TEXTS)), label, first, (("Cancel an order", first), ("Track an order", second)),
        draw(st.sampled_from([(), ("Cancel an order", "Track an order")])), draw(st.none() | CHANCE),
        of_whole=draw(st.none() | CHANCE),
    )  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(requests(), max_size=3), st.sampled_from(TEXTS), CHANCE, CHANCE, st.booleans())
def test_it_is_never_surer_than_with_products_that_surely_fit_and_no_article(
    demo_agent: Agent,
    understood: Understood,
    asked: list[Request],
    text: str,
    wanted: float,
    answers: float,
    waits: bool,
) -> None:
    shop = demo_agent._parts.shop
    given: dict[str, Any] = {"kernel": shop.kernel, "reader": demo_agent._parts.understander.reader(demo_agent.now())}
    heard = replace(understood, heard=replace(understood.heard, text=text, requests=tuple(asked)))
    memory = Memory(open=(GuideState("Cancel an order", "r1", asked=("order",)),)) if waits else Memory()
    sure = sureness(heard, memory, products=lambda _: wanted, answerable=lambda _: answers, **given)
    assert sure <= sureness(heard, memory, products=lambda _: 1.0, answerable=None, **given)
