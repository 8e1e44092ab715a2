"""Whole turns served by real servers that misbehave: each ends, with the reply that the embedded parts give."""

from __future__ import annotations

import itertools
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from tests.models.wayward_server import (
    Behaviour,
    WaywardServer,
    cut,
    dripped,
    event,
    fault,
    http,
    piece,
    said,
    silent,
    streamed,
    value,
)

from convagent import Agent
from convagent.models import OpenAIModel
from convagent.models.opening import open_model
from convagent.shop import OpenShop, demo_shop, open_shop
from convagent.storage import MemoryStorage

QUESTION = "How long do I have to return something?"
SETTINGS = "\n[model]\nturn_seconds = 0.5\nretries = 1\nunderstand_below = 1.0\n"

WAYS: dict[str, Behaviour] = {
    "cut": cut,
    "silent": silent,
    "dripping headers": dripped(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + event(piece("Hello "))),
    "never ending": streamed((event(piece("word ")) for _ in itertools.count()), every=0.01),
    "never ending nothing": streamed((b": still here\n\n" for _ in itertools.count()), every=0.01),
    "too many requests": fault(429, headers={"Retry-After": "120"}),
    "broken": fault(500),
    "no such model": fault(404, code="model_not_found"),
    "no rights": fault(401),
    "too long": fault(400, "maximum context length", code="context_length_exceeded"),
    "no JSON": http(b"<html>Bad gateway</html>", kind="text/html"),
    "half a character": http(b'{"choices": [{"message": {"content": "\xc3"}}]}'),
    "no choices": value({"id": "x", "object": "chat.completion", "choices": []}),
    "nothing said": said(""),
    "withheld": said("", finish="content_filter"),
    "nonsense": said("]]]]{{{{"),
    "a stream that is cut": streamed([event(piece("You can ")), event(piece("return"))], ends=False),
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> OpenShop:
    folder = tmp_path_factory.mktemp("shop") / "shop"
    shutil.copytree(
        demo_shop(), folder, ignore=shutil.ignore_patterns(".*", "src", "tests", "docs", "benchmarks", "evals")
    )
    settings = folder / "convagent.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + SETTINGS, encoding="utf-8")
    OpenAIModel("m", key="k", base_url="http://127.0.0.1:9/v1").warm_up()  # its import would use up the turn's time
    return open_shop(folder)


@pytest.mark.parametrize("way", WAYS)
def test_a_turn_ends_as_it_does_without_a_model(shop: OpenShop, way: str) -> None:
    with WaywardServer([WAYS[way]]) as server:
        settings = shop.settings.model.model_copy(update={"name": "openai:m", "base_url": server.url})
        model = open_model(settings, environ={})
        with closing(model), Agent(shop, storage=MemoryStorage(), model=model) as agent:
            stream = agent.stream(QUESTION, conversation="c")
            pieces = "".join(stream)
            turn = stream.turn
        assert server.asked
    with Agent(shop, storage=MemoryStorage()) as agent:
        plain = agent.reply(QUESTION, conversation="c")
    assert turn.reply is not None
    assert pieces == turn.reply.text == (plain.reply.text if plain.reply is not None else None)
    assert turn.outcome == plain.outcome
    assert any(event.kind == "model" for event in turn.trace)


def test_the_same_conversation_works_with_a_server_by_configuration_only(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    shutil.copytree(
        demo_shop(), folder, ignore=shutil.ignore_patterns(".*", "src", "tests", "docs", "benchmarks", "evals")
    )
    with WaywardServer([said("Book the return within 30 days of delivery. [1]")]) as server:
        settings = folder / "convagent.toml"
        more = f'\n[model]\nname = "openai:m"\nbase_url = "{server.url}"\nunderstand_below = 0\n'
        settings.write_text(settings.read_text(encoding="utf-8") + more, encoding="utf-8")
        with Agent.open(folder, storage="memory:") as agent:
            turn = agent.reply(QUESTION, conversation="c")
    assert turn.reply is not None
    assert "Book the return within 30 days of delivery." in turn.reply.text
    assert (turn.usage.model_calls, turn.usage.input_tokens, turn.usage.output_tokens) == (1, 12, 5)


def test_warming_up_makes_the_client_ready_and_asks_nothing(shop: OpenShop) -> None:
    with WaywardServer([said("x")]) as server:
        settings = shop.settings.model.model_copy(update={"name": "openai:m", "base_url": server.url})
        model = open_model(settings, environ={})
        with closing(model), Agent(shop, storage=MemoryStorage(), model=model) as agent:
            assert agent.warm_up() > 0
        assert server.asked == []
