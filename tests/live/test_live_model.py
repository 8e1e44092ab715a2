"""The model path against a real server of the OpenAI protocol: `make live BASE_URL=http://127.0.0.1:8080/v1`.

They run only where `CONVAGENT_LIVE_URL` names a server, need minutes with a small model on a CPU, and assert nothing of its
wording: streaming, schemas, usage, limits, many calls at once. `CONVAGENT_LIVE_MODEL` names the model there, and the key, if the
server wants one, stands in `OPENAI_API_KEY`.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator

import pytest

from convagent.errors import ModelError
from convagent.models import (
    ChatMessage,
    ChatReply,
    ChatRequest,
    ModelSettings,
    Section,
    count_tokens,
    open_model,
    prompt_of,
)
from convagent.models.guarded import GuardedModel

URL = os.environ.get("CONVAGENT_LIVE_URL", "")
NAME = os.environ.get("CONVAGENT_LIVE_MODEL", "local")

pytestmark = pytest.mark.skipif(not URL, reason="no server is named: make live BASE_URL=http://127.0.0.1:8080/v1")

WISHES = ["where is it", "cancel it", "something else"]
ORDER: dict[str, object] = {
    "type": "object",
    "properties": {
        "order": {"type": "string"},
        "wish": {"type": "string", "enum": WISHES},
        "angry": {"type": "boolean"},
    },
    "required": ["order", "wish", "angry"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def model() -> Iterator[GuardedModel]:
    settings = ModelSettings(name=f"openai:{NAME}", base_url=URL, turn_seconds=120, retries=1, concurrency=4)
    found = open_model(settings)
    yield found
    found.close()


def request(
    words: str, *, most: int = 60, seconds: float = 120, schema: dict[str, object] | None = None
) -> ChatRequest:
    sections = [Section(words, "customer's message")]
    messages = prompt_of("You are a shop's assistant. Be brief.", sections, most_tokens=1500)
    return ChatRequest("compose", messages, schema=schema, max_tokens=most, timeout=seconds)


def streamed(model: GuardedModel, asked: ChatRequest) -> tuple[list[str], ChatReply]:
    pieces: list[str] = []
    stream = model.stream(asked)
    while True:
        try:
            pieces.append(next(stream))
        except StopIteration as end:
            return pieces, end.value


def test_an_answer_comes_whole_with_what_it_took(model: GuardedModel) -> None:
    asked = request("Hello, do you ship to France?")
    reply = model.complete(asked)
    assert reply.text.strip()
    assert not reply.usage.estimated
    assert 0 < reply.usage.output_tokens <= 60
    counted = sum(count_tokens(message.text) for message in asked.messages)
    assert 0.5 * counted < reply.usage.input_tokens < 3 * counted + 60


def test_an_answer_comes_in_pieces_that_make_the_whole(model: GuardedModel) -> None:
    pieces, reply = streamed(model, request("Hello, do you ship to France?"))
    assert len(pieces) > 1
    assert "".join(pieces) == reply.text
    assert not reply.usage.estimated
    assert 0 < reply.usage.output_tokens <= 60


@pytest.mark.parametrize("way", ["whole", "streamed"])
def test_a_structured_answer_meets_its_schema(model: GuardedModel, way: str) -> None:
    asked = request("Where is my order 1042? I am fed up waiting!", schema=ORDER, most=120)
    reply = model.complete(asked) if way == "whole" else streamed(model, asked)[1]
    found = json.loads(reply.text)
    assert set(found) == {"order", "wish", "angry"}
    assert found["wish"] in WISHES


def test_an_answer_is_cut_at_its_limit(model: GuardedModel) -> None:
    reply = model.complete(request("Tell me everything about linen, cotton and silk, at length.", most=3))
    assert (reply.finish, reply.usage.output_tokens) == ("length", 3)


def test_a_call_ends_with_its_time(model: GuardedModel) -> None:
    with pytest.raises(ModelError) as caught:
        model.complete(request("Tell me everything about linen, cotton and silk.", most=1000, seconds=0.3))
    assert caught.value.code == "model-timeout"


def test_a_stream_that_is_left_frees_the_server(model: GuardedModel) -> None:
    stream = model.stream(request("Tell me everything about linen, cotton and silk.", most=1000))
    assert next(stream)
    stream.close()
    assert model.complete(request("Hello?", most=5)).text


def test_a_prompt_that_is_too_long_is_told(model: GuardedModel) -> None:
    messages = (ChatMessage("user", "linen cotton silk " * 60_000),)
    with pytest.raises(ModelError) as caught:
        model.complete(ChatRequest("compose", messages, max_tokens=5, timeout=60))
    assert caught.value.code in {"model-too-long", "model-invalid"}


def test_many_calls_at_once_all_end(model: GuardedModel) -> None:
    replies: dict[int, ChatReply] = {}

    def call(number: int) -> None:
        asked = request(f"My order is {1000 + number}. Where is it?", most=15)
        replies[number] = model.complete(asked) if number % 2 else streamed(model, asked)[1]

    threads = [threading.Thread(target=call, args=(number,)) for number in range(8)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert sorted(replies) == list(range(8))
    assert all(reply.text and reply.usage.output_tokens <= 15 for reply in replies.values())
    assert time.monotonic() - started < 120


def test_a_model_that_is_not_served_is_told_or_served_by_another() -> None:
    settings = ModelSettings(name="openai:no-such-model", base_url=URL, retries=0)
    other = open_model(settings)
    try:
        reply = other.complete(request("Hello?", most=5))
    except ModelError as error:
        assert error.code == "model-unknown"  # noqa: PT017 - servers of one model may answer under any name
    else:
        assert reply.text
    finally:
        other.close()
