"""The client for servers of the OpenAI protocol, against real ones on this machine that behave well and badly."""

from __future__ import annotations

import itertools
import json
import logging
import threading
import time
import traceback
from collections.abc import Iterator
from typing import Any, Literal

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

from convagent.errors import ModelError
from convagent.models import ChatMessage, ChatModel, ChatReply, ChatRequest, Image, OpenAIModel

SECRET = "sk-very-secret-0123456789"
PROMPT = "Ada Lovelace wants to know where parcel QX4711Z is"
SCHEMA = {
    "type": "object",
    "properties": {"guide": {"type": "string"}},
    "required": ["guide"],
    "additionalProperties": False,
}


def ask(*, seconds: float = 5.0, schema: dict[str, Any] | None = None, **more: Any) -> ChatRequest:
    messages = (ChatMessage("system", "You are brief."), ChatMessage("user", PROMPT))
    return ChatRequest("compose", messages, schema=schema, timeout=seconds, **more)


MADE: list[OpenAIModel] = []


def model_on(
    server: WaywardServer, *, api: Literal["chat", "responses"] = "chat", more: str = "", sees_images: bool = False
) -> OpenAIModel:
    found = OpenAIModel("m", key=SECRET, base_url=server.url + more, api=api, sees_images=sees_images)
    MADE.append(found)
    found.warm_up()  # importing the client takes longer than some of these calls may
    return found


def streamed_by(model: ChatModel, request: ChatRequest) -> tuple[list[str], ChatReply]:
    """All pieces, and the whole reply."""
    pieces: list[str] = []
    stream = model.stream(request)
    while True:
        try:
            pieces.append(next(stream))
        except StopIteration as end:
            return pieces, end.value


def asked_of(model: ChatModel, request: ChatRequest, way: str) -> ChatReply:
    return model.complete(request) if way == "whole" else streamed_by(model, request)[1]


BOTH = pytest.mark.parametrize("way", ["whole", "streamed"])


def test_it_is_a_chat_model() -> None:
    model: ChatModel = OpenAIModel("gpt-5-mini", key=SECRET, sees_images=True)
    assert isinstance(model, ChatModel)
    assert (model.name, model.sees_images) == ("openai:gpt-5-mini", True)


@BOTH
def test_an_answer_comes_with_what_it_took(way: str) -> None:
    with WaywardServer([said("Your parcel is in Köln. 📦")]) as server:
        reply = asked_of(model_on(server), ask(max_tokens=77, seed=5), way)
    assert reply.text == "Your parcel is in Köln. 📦"
    assert (reply.usage.input_tokens, reply.usage.output_tokens, reply.usage.cached_tokens) == (12, 5, 8)
    assert (reply.usage.estimated, reply.finish, reply.model) == (False, "stop", "m-1")
    sent = server.asked[0]
    assert sent.path == "/v1/chat/completions"
    assert sent.headers["authorization"] == f"Bearer {SECRET}"
    assert sent.body["messages"] == [
        {"role": "system", "content": "You are brief."},
        {"role": "user", "content": PROMPT},
    ]
    assert (sent.body["max_tokens"], sent.body["seed"], sent.body["temperature"]) == (77, 5, 0.0)
    assert sent.body.get("stream_options") == ({"include_usage": True} if way == "streamed" else None)


def test_a_stream_comes_piece_by_piece_while_the_server_still_writes() -> None:
    goes_on = threading.Event()

    def behave(line: Any, asked: Any) -> None:
        line.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + event(piece("One. ")))
        goes_on.wait(5)
        line.send(event(piece("Two.")) + event(piece(None, finish="stop")) + b"data: [DONE]\n\n")

    with WaywardServer([behave]) as server:
        stream = model_on(server).stream(ask())
        assert next(stream) == "One. "
        goes_on.set()
        assert list(stream) == ["Two."]


@BOTH
def test_a_strict_schema_is_asked_for_and_met(way: str) -> None:
    with WaywardServer([said('{"guide": "where is my order"}')]) as server:
        reply = asked_of(model_on(server), ask(schema=SCHEMA), way)
    assert json.loads(reply.text) == {"guide": "where is my order"}
    asked = server.asked[0].body["response_format"]
    assert asked == {"type": "json_schema", "json_schema": {"name": "compose", "schema": SCHEMA, "strict": True}}


@BOTH
def test_usage_that_the_server_keeps_to_itself_is_counted_here(way: str) -> None:
    with WaywardServer([said("Soon.", usage=None)]) as server:
        usage = asked_of(model_on(server), ask(), way).usage
    assert usage.estimated
    assert usage.input_tokens > 5
    assert usage.output_tokens > 0


def test_streams_use_one_connection_again() -> None:
    with WaywardServer([said("Good.")]) as server:
        model = model_on(server)
        for _ in range(4):
            streamed_by(model, ask())
            for _ in range(200):  # what stands behind the last event is read after the reply was handed over
                if not any(thread.name == "convagent-model" for thread in threading.enumerate()):
                    break
                time.sleep(0.01)
        assert len(server.asked) == 4
        assert server.connections == 1


def test_closing_a_stream_ends_the_connection() -> None:
    ended = threading.Event()

    def behave(line: Any, asked: Any) -> None:
        line.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
        while line.send(event(piece("on and "))) and line.wait(0.01):
            pass
        ended.set()

    with WaywardServer([behave]) as server:
        stream = model_on(server).stream(ask(seconds=20))
        next(stream)
        stream.close()
        assert ended.wait(10)


def test_many_threads_share_one_model() -> None:
    def behave(line: Any, asked: Any) -> None:
        said(asked.body["messages"][1]["content"])(line, asked)

    got: dict[int, str] = {}
    with WaywardServer([behave]) as server:
        model = model_on(server)

        def call(number: int) -> None:
            request = ChatRequest(
                "compose", (ChatMessage("system", "s"), ChatMessage("user", f"number {number}")), timeout=10
            )
            got[number] = asked_of(model, request, "whole" if number % 2 else "streamed").text

        threads = [threading.Thread(target=call, args=(number,)) for number in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    assert got == {number: f"number {number}" for number in range(16)}


# What goes wrong, whichever way the answer is asked for.

DEEP = b"[" * 100_000
WAYWARD: dict[str, tuple[Behaviour, str]] = {
    "cut before a word": (cut, "model-unreachable"),
    "cut in the headers": (lambda line, asked: (line.send(b"HTTP/1.1 200 OK\r\nContent-"), None)[1], "model-unreachable"),
    "no HTTP": (lambda line, asked: (line.send(b"SSH-2.0-OpenSSH_9.2\r\n"), None)[1], "model-unreachable"),
    "silence": (silent, "model-timeout"),
    "dripping headers": (dripped(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n"), "model-timeout"),
    "a body that never ends": (streamed(itertools.repeat(b" "), every=0.02, kind="application/json"), "model-timeout"),
    "events that say nothing": (streamed(itertools.repeat(b": ping\n\n"), every=0.02), "model-timeout"),
    "429": (fault(429), "model-busy"),
    "429 with a wait": (fault(429, headers={"Retry-After": "3"}), "model-busy"),
    "429 as nothing is left": (fault(429, code="insufficient_quota"), "model-refused"),
    "500": (fault(500), "model-failed"),
    "502 of a proxy": (http(b"<html>Bad gateway</html>", status=502, kind="text/html"), "model-failed"),
    "503": (http(b"", status=503), "model-failed"),
    "408": (fault(408), "model-timeout"),
    "401": (fault(401, f"Incorrect API key provided: {SECRET}", code="invalid_api_key"), "model-refused"),
    "403": (fault(403), "model-refused"),
    "404": (fault(404, "The model `m` does not exist", code="model_not_found"), "model-unknown"),
    "400 without the model": (fault(400, "model 'm' not found, try pulling it first"), "model-unknown"),
    "a redirect": (http(b"", status=307, headers={"Location": "http://127.0.0.1:9/v1"}), "model-invalid"),
    "413": (http(b"", status=413), "model-too-long"),
    "400, too long": (fault(400, "too long", code="context_length_exceeded"), "model-too-long"),
    "400, too long, in a server's own words": (
        fault(400, "This model's maximum context length is 4096 tokens. However, you requested 9000 tokens (max_tokens)"),
        "model-too-long",
    ),
    "400, too long, of llama.cpp": (
        fault(400, "the request exceeds the available context size", type="exceed_context_size_error", n_ctx=512),
        "model-too-long",
    ),
    "400": (fault(400, PROMPT), "model-invalid"),
    "400, filtered": (fault(400, PROMPT, code="content_filter"), "model-unusable"),
    "invalid JSON": (http(b'{"choices": [{'), "model-unusable"),
    "half a character": (http(b'{"choices": [{"message": {"content": "K\xc3"}}]}'), "model-unusable"),
    "JSON without a bottom": (http(DEEP), "model-unusable"),
    "JSON that is no object": (http(b'"hello"'), "model-unusable"),
    "a web page": (http(b"<html>Welcome</html>", kind="text/html"), "model-unusable"),
    "nothing": (http(b""), "model-unusable"),
    "more than was asked for": (streamed(itertools.repeat(b" " * 1_000_000), kind="application/json"), "model-unusable"),
    "packed without being asked": (http(b"\x1f\x8b\x08", headers={"Content-Encoding": "gzip"}), "model-unusable"),
    "no choices": (value({"choices": []}), "model-unusable"),
    "choices that are none": (value({"choices": "Köln"}), "model-unusable"),
    "a choice without a message": (value({"choices": [{"index": 0}]}), "model-unusable"),
    "no content": (said(None), "model-unusable"),
    "content that is none": (said(17), "model-unusable"),
    "blanks": (said("  \n"), "model-unusable"),
    "a refusal": (said(None, refusal="I can't help with that."), "model-unusable"),
    "a filtered answer": (said(None, finish="content_filter"), "model-unusable"),
    "all its room used for thinking": (said("", finish="length"), "model-unusable"),
}  # fmt: skip

WHOLE: dict[str, tuple[Behaviour, str]] = {
    "an error in a good answer": (value({"error": {"message": PROMPT, "code": "server_error"}}), "model-failed"),
    "a list of errors": (value({"error": [PROMPT]}), "model-failed"),
}

STREAMED: dict[str, tuple[Behaviour, str]] = {
    "cut in the middle": (streamed([event(piece("One. "))], ends=False), "model-unreachable"),
    "ended in the middle": (streamed([event(piece("One. "))]), "model-unreachable"),
    "dripping events": (streamed((event(piece("x")) for _ in itertools.count()), every=0.02), "model-timeout"),
    "dripping bytes": (
        dripped(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + 500 * event(piece("x")), every=0.001),
        "model-timeout",
    ),
    "a pause in the middle": (streamed([event(piece("One. ")), b": \n\n"], every=5), "model-timeout"),
    "writing without end": (streamed(event(piece("x" * 1000)) for _ in itertools.count()), "model-unusable"),
    "one event without end": (streamed(itertools.chain([b"data: "], itertools.repeat(b"x" * 100_000))), "model-unusable"),
    "an event of broken JSON": (streamed([event(piece("One. ")), b'data: {"choices": [\n\n']), "model-unusable"),
    "an event of half a character": (streamed([b'data: {"choices": [{"delta": {"content": "K\xc3"}}]}\n\n']), "model-unusable"),
    "an error in the middle": (streamed([event(piece("One. ")), event({"error": {"message": PROMPT}})]), "model-failed"),
    "too many, in the middle": (streamed([event({"error": {"code": "rate_limit_exceeded"}})]), "model-busy"),
    "nothing but the end": (streamed([b"data: [DONE]\n\n"]), "model-unusable"),
    "events that are no chunks": (streamed([event(["x"]), event(7), event({"choices": 7}), b"data: [DONE]\n\n"]), "model-unusable"),
    "a refusal in pieces": (
        streamed([event(piece(None, refusal="I can")), event(piece(None, refusal="'t", finish="stop"))]),
        "model-unusable",
    ),
}  # fmt: skip

BAD = [
    *(pytest.param(*each, "whole", id=f"{name}, whole") for name, each in (WAYWARD | WHOLE).items()),
    *(pytest.param(*each, "streamed", id=f"{name}, streamed") for name, each in (WAYWARD | STREAMED).items()),
]


@pytest.mark.parametrize(("behaviour", "code", "way"), BAD)
def test_whatever_a_server_does_ends_in_an_error_with_its_code(
    behaviour: Behaviour, code: str, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with WaywardServer([behaviour]) as server, pytest.raises(ModelError) as caught:
        asked_of(model_on(server), ask(seconds=0.3 if code == "model-timeout" else 20, max_tokens=50), way)
    assert caught.value.code == code
    assert caught.value.remedy
    assert "openai:m" in caught.value.message
    assert str(caught.value).startswith(f"{server.url}: ")
    told = "".join(traceback.format_exception(caught.value)) + caplog.text
    assert SECRET not in told
    assert "QX4711Z" not in told
    assert caught.value.__context__ is None


@pytest.mark.parametrize(("behaviour", "code"), STREAMED.values(), ids=STREAMED)
def test_what_had_come_before_a_fault_was_given(behaviour: Behaviour, code: str) -> None:
    pieces: list[str] = []
    with WaywardServer([behaviour]) as server, pytest.raises(ModelError):
        pieces.extend(model_on(server).stream(ask(seconds=0.3 if code == "model-timeout" else 20, max_tokens=50)))
    assert all(each in {"One. ", "x", "x" * 1000} for each in pieces)


def test_no_server_at_all_is_told() -> None:
    with WaywardServer([silent]) as server:
        model = model_on(server)
    with pytest.raises(ModelError) as caught:
        model.complete(ask(seconds=1))
    assert caught.value.code == "model-unreachable"


def test_a_host_that_is_none_is_told() -> None:
    model = OpenAIModel("m", key=SECRET, base_url="http://nowhere.invalid/v1")
    MADE.append(model)
    with pytest.raises(ModelError) as caught:
        model.complete(ask(seconds=3))
    assert caught.value.code in {"model-unreachable", "model-timeout"}


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1:80", "ftp://host/v1", "http://", "http://a:b@host/v1", "http://host:99999/v1"]
)
def test_an_address_that_is_none_is_refused_without_being_told(url: str) -> None:
    with pytest.raises(ModelError, match="no address") as caught:
        OpenAIModel("m", key=SECRET, base_url=url)
    assert caught.value.code == "model-invalid"


def test_no_time_means_no_call() -> None:
    with WaywardServer([said("late")]) as server:
        model = model_on(server)
        with pytest.raises(ModelError) as caught:
            model.complete(ask(seconds=0))
    assert caught.value.code == "model-timeout"
    assert server.asked == []


@pytest.mark.parametrize("wait", ["7", "7.0"])
def test_the_wait_that_a_server_asks_for_is_kept(wait: str) -> None:
    from convagent.models.faults import RetryLaterError

    with WaywardServer([fault(429, headers={"Retry-After": wait})]) as server, pytest.raises(RetryLaterError) as caught:
        model_on(server).complete(ask())
    assert caught.value.retry_after == 7


@pytest.mark.parametrize("wait", ["soon", "-3", "nan", "inf", "", "Mon, 99 Foo"])
def test_a_wait_that_is_none_is_left_aside(wait: str) -> None:
    with WaywardServer([fault(503, headers={"Retry-After": wait})]) as server, pytest.raises(ModelError) as caught:
        model_on(server).complete(ask())
    assert (caught.value.code, getattr(caught.value, "retry_after", 0.0)) == ("model-failed", 0.0)


# Answers that are usable though they ended early.


@BOTH
@pytest.mark.parametrize(("finish", "meant"), [("length", "length"), ("content_filter", "filtered"), ("eos", "stop")])
def test_why_an_answer_ended_is_kept(way: str, finish: str, meant: str) -> None:
    with WaywardServer([said("Your parcel is", finish=finish)]) as server:
        reply = asked_of(model_on(server), ask(), way)
    assert (reply.text, reply.finish) == ("Your parcel is", meant)


@BOTH
@pytest.mark.parametrize("finish", ["length", "content_filter"])
def test_a_structured_answer_that_was_cut_is_unusable(way: str, finish: str) -> None:
    with WaywardServer([said('{"guide": "where is', finish=finish)]) as server, pytest.raises(ModelError) as caught:
        asked_of(model_on(server), ask(schema=SCHEMA), way)
    assert caught.value.code == "model-unusable"
    assert "cut" in caught.value.message


@BOTH
@pytest.mark.parametrize(
    "text", ['{"guide": 7}', '{"other": "x"}', "where is my order", '["guide"]', '{"guide": "x", "y": 1}', "[" * 9999]
)
def test_an_answer_that_does_not_meet_the_schema_is_unusable(way: str, text: str) -> None:
    with WaywardServer([said(text)]) as server, pytest.raises(ModelError) as caught:
        asked_of(model_on(server), ask(schema=SCHEMA), way)
    assert caught.value.code == "model-unusable"
    assert "where is" not in str(caught.value)


@BOTH
def test_a_server_that_heeds_no_schema_is_told_it_in_words_from_then_on(way: str) -> None:
    def behave(line: Any, asked: Any) -> None:
        told = '"guide"' in asked.body["messages"][0]["content"]
        said('```json\n{"guide": "x"}\n```' if told else "Hello!")(line, asked)

    with WaywardServer([behave]) as server:
        model = model_on(server)
        if way == "streamed":  # what was given can't be taken back: this call fails, the next doesn't
            with pytest.raises(ModelError):
                streamed_by(model, ask(schema=SCHEMA))
        assert [asked_of(model, ask(schema=SCHEMA), way).text for _ in range(2)] == ['{"guide": "x"}'] * 2
    assert len(server.asked) == 3
    assert all(each.body["messages"][0]["content"].startswith("You are brief.") for each in server.asked)


# What servers don't know.


def choosy(*unknown: str, name: bool = True, kinds: tuple[str, ...] = ("json_object", "text")) -> Behaviour:
    """A server that refuses requests with settings that it doesn't know."""

    def behave(line: Any, asked: Any) -> None:
        refused = next((each for each in unknown if each in asked.body), None)
        if refused is None or (refused == "response_format" and asked.body[refused]["type"] in kinds):
            said('{"guide": "x"}')(line, asked)
        elif name:
            fault(400, "Unsupported parameter", param=refused, code="unsupported_parameter")(line, asked)
        else:
            fault(422, f"Unrecognized request argument supplied: {refused}")(line, asked)

    return behave


@BOTH
@pytest.mark.parametrize("name", [True, False], ids=["named as such", "named in words"])
@pytest.mark.parametrize("unknown", ["response_format", "max_tokens", "seed", "temperature"])
def test_what_a_server_does_not_know_is_left_out_once_and_for_all(way: str, name: bool, unknown: str) -> None:
    with WaywardServer([choosy(unknown, name=name)]) as server:
        model = model_on(server)
        for _ in range(2):
            assert asked_of(model, ask(schema=SCHEMA, seed=1), way).text == '{"guide": "x"}'
    assert len(server.asked) == 3  # one was refused
    last = server.asked[-1].body
    if unknown == "response_format":
        assert last["response_format"] == {"type": "json_object"}
        assert '"guide"' in last["messages"][0]["content"]
    else:
        assert unknown not in last
    assert ("max_completion_tokens" in last) == (unknown == "max_tokens")


def test_a_server_that_cannot_say_usage_in_a_stream_is_not_asked_again() -> None:
    with WaywardServer([choosy("stream_options", name=False)]) as server:
        model = model_on(server)
        replies = [streamed_by(model, ask())[1] for _ in range(2)]
    assert ["stream_options" in each.body for each in server.asked] == [True, False, False]
    assert all(reply.usage.estimated for reply in replies)


def test_a_server_that_knows_next_to_nothing_is_asked_in_the_simplest_way() -> None:
    unknown = ("response_format", "max_tokens", "max_completion_tokens", "seed", "temperature", "stream_options")
    with WaywardServer([choosy(*unknown, name=False, kinds=())]) as server:
        reply = streamed_by(model_on(server), ask(schema=SCHEMA, seed=1))[1]
    assert reply.text == '{"guide": "x"}'
    assert set(server.asked[-1].body) == {"model", "messages", "stream"}


def test_a_validator_that_repeats_the_request_is_understood_by_the_places_it_names() -> None:
    def behave(line: Any, asked: Any) -> None:
        if "seed" in asked.body:
            detail = [{"type": "extra_forbidden", "loc": ["body", "seed"], "msg": "Extra inputs", "input": asked.body}]
            value({"detail": detail}, status=422)(line, asked)
        else:
            said("Good.")(line, asked)

    with WaywardServer([behave]) as server:
        assert model_on(server).complete(ask(seed=3)).text == "Good."
    assert "temperature" in server.asked[-1].body


def test_a_server_that_refuses_everything_is_not_asked_for_ever() -> None:
    def behave(line: Any, asked: Any) -> None:
        name = next((each for each in ("seed", "temperature", "max_tokens") if each in asked.body), "messages")
        fault(400, "no", param=name)(line, asked)

    with WaywardServer([behave]) as server, pytest.raises(ModelError) as caught:
        model_on(server).complete(ask(seed=1))
    assert caught.value.code == "model-invalid"
    assert len(server.asked) <= 9


def test_openai_itself_is_asked_by_the_newer_name_of_the_limit() -> None:
    from convagent.models.dialects import first_dialect

    assert first_dialect("https://api.openai.com/v1").limit == "max_completion_tokens"
    assert first_dialect("https://mine.openai.azure.com/openai/v1").limit == "max_completion_tokens"
    assert first_dialect("https://openai.com.evil.example/v1").limit == "max_tokens"


# Addresses, pictures, the Responses API.


def test_what_follows_the_address_goes_along_for_azure() -> None:
    with WaywardServer([said("Good.")]) as server:
        model = model_on(server, more="/openai/deployments/m?api-version=2024-10-21")
        assert model.complete(ask()).text == "Good."
    assert server.asked[0].path == "/v1/openai/deployments/m/chat/completions?api-version=2024-10-21"
    assert server.asked[0].headers["api-key"] == SECRET


@pytest.mark.parametrize("api", ["chat", "responses"])
def test_pictures_go_along_as_addresses_of_either_kind(api: Literal["chat", "responses"]) -> None:
    pictures = (Image("image/png", b"\x89PNG"), Image(url="https://shop.example/damage.jpg"))
    request = ChatRequest("understand", (ChatMessage("user", "broken", pictures),), timeout=5)
    with WaywardServer([said("Good.") if api == "chat" else responded("Good.")]) as server:
        model_on(server, api=api, sees_images=True).complete(request)
    content = (server.asked[0].body["messages"] if api == "chat" else server.asked[0].body["input"])[0]["content"]
    addresses = [part["image_url"]["url"] if api == "chat" else part["image_url"] for part in content[1:]]
    assert addresses == ["data:image/png;base64,iVBORw==", "https://shop.example/damage.jpg"]


@pytest.mark.parametrize(
    ("sees", "image"),
    [
        (False, Image("image/png", b"x")),
        (True, Image(url="http://shop.example/x.jpg")),
        (True, Image(url="file:///etc/passwd")),
        (True, Image("text/html", b"x")),
        (True, Image("image/png;x", b"x")),
        (True, Image("image/png")),
    ],
)
def test_pictures_that_cannot_go_along_are_an_error_and_nothing_is_sent(sees: bool, image: Image) -> None:
    request = ChatRequest("understand", (ChatMessage("user", "broken", (image,)),), timeout=5)
    with WaywardServer([said("Good.")]) as server, pytest.raises(ModelError) as caught:
        model_on(server, sees_images=sees).complete(request)
    assert caught.value.code == "model-invalid"
    assert server.asked == []


def responded(text: str, *, status: str = "completed", reason: str | None = None, refusal: str = "") -> Behaviour:
    """An answer of the Responses API, whole or streamed, as is asked for."""
    usage = {"input_tokens": 12, "output_tokens": 5, "total_tokens": 17, "input_tokens_details": {"cached_tokens": 8}}
    part = (
        {"type": "refusal", "refusal": refusal} if refusal else {"type": "output_text", "text": text, "annotations": []}
    )
    thought = {"type": "reasoning", "id": "r", "summary": []}
    message = {"type": "message", "id": "m", "role": "assistant", "status": "completed", "content": [part]}
    whole = {
        "id": "x", "object": "response", "model": "m-1", "status": status, "usage": usage, "error": None,
        "incomplete_details": {"reason": reason} if reason else None, "output": [thought, message],
    }  # fmt: skip

    def behave(line: Any, asked: Any) -> None:
        if not asked.body.get("stream"):
            value(whole)(line, asked)
            return
        kind = "refusal" if refusal else "output_text"
        parts = [
            {"type": f"response.{kind}.delta", "delta": each, "sequence_number": 1}
            for each in (refusal or text).split(" ")
        ]
        ended = {"type": f"response.{status}", "response": whole, "sequence_number": 9}
        streamed(event(each) for each in [{"type": "response.created", "response": {}}, *parts, ended])(line, asked)

    return behave


@BOTH
def test_the_responses_api_serves_too(way: str) -> None:
    with WaywardServer([responded('{"guide":"x"}')]) as server:
        reply = asked_of(model_on(server, api="responses"), ask(schema=SCHEMA, max_tokens=90), way)
    assert (reply.text, reply.usage.input_tokens, reply.usage.output_tokens, reply.usage.cached_tokens) == (
        '{"guide":"x"}',
        12,
        5,
        8,
    )
    sent = server.asked[0]
    assert sent.path == "/v1/responses"
    assert sent.body["text"] == {"format": {"type": "json_schema", "name": "compose", "schema": SCHEMA, "strict": True}}
    assert (sent.body["store"], sent.body["max_output_tokens"]) == (False, 90)


RESPONSES: dict[str, tuple[Behaviour, str]] = {
    "a refusal": (responded("", refusal="I can't"), "model-unusable"),
    "no room": (responded("", status="incomplete", reason="max_output_tokens"), "model-unusable"),
    "filtered": (responded("", status="incomplete", reason="content_filter"), "model-unusable"),
    "cut": (cut, "model-unreachable"),
    "silence": (silent, "model-timeout"),
    "no output": (value({"output": []}), "model-unusable"),
    "output that is none": (value({"output": {"x": 1}}), "model-unusable"),
    "a web page": (http(b"<html>", kind="text/html"), "model-unusable"),
    "404": (fault(404), "model-unknown"),
}
RESPONSES_STREAMED: dict[str, tuple[Behaviour, str]] = {
    "an error": (streamed([event({"type": "error", "code": "rate_limit_exceeded", "message": PROMPT})]), "model-busy"),
    "failed": (
        streamed(
            [event({"type": "response.failed", "response": {"error": {"code": "server_error", "message": PROMPT}}})]
        ),
        "model-failed",
    ),
    "ended in the middle": (
        streamed([event({"type": "response.output_text.delta", "delta": "One. "})]),
        "model-unreachable",
    ),
    "never ending": (
        streamed((event({"type": "response.output_text.delta", "delta": "x"}) for _ in itertools.count()), every=0.02),
        "model-timeout",
    ),
}


@pytest.mark.parametrize(
    ("behaviour", "code", "way"),
    [
        *(pytest.param(*each, "whole", id=f"{name}, whole") for name, each in RESPONSES.items()),
        *(
            pytest.param(*each, "streamed", id=f"{name}, streamed")
            for name, each in (RESPONSES | RESPONSES_STREAMED).items()
        ),
    ],
)
def test_whatever_the_responses_api_does_ends_in_an_error_with_its_code(
    behaviour: Behaviour, code: str, way: str
) -> None:
    with WaywardServer([behaviour]) as server, pytest.raises(ModelError) as caught:
        asked_of(
            model_on(server, api="responses"), ask(seconds=0.3 if code == "model-timeout" else 20, max_tokens=50), way
        )
    assert caught.value.code == code
    assert "QX4711Z" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("unknown", ["text.format", "temperature", "store"])
def test_what_a_server_does_not_know_of_responses_is_left_out(unknown: str) -> None:
    def behave(line: Any, asked: Any) -> None:
        has = (
            asked.body.get("text", {}).get("format", {}).get("type") == "json_schema"
            if "." in unknown
            else unknown in asked.body
        )
        (fault(400, "no", param=unknown) if has else responded('{"guide": "x"}'))(line, asked)

    with WaywardServer([behave]) as server:
        assert model_on(server, api="responses").complete(ask(schema=SCHEMA)).text == '{"guide": "x"}'
    assert len(server.asked) == 2


def test_nothing_of_the_key_is_shown() -> None:
    assert SECRET not in repr(OpenAIModel("m", key=SECRET)) + str(OpenAIModel("m", key=SECRET))


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    """An exchange that was given up ends, too, and soon."""
    yield
    for _ in range(500):
        if not any(thread.name == "convagent-model" for thread in threading.enumerate()):
            while MADE:
                MADE.pop().close()
            return
        time.sleep(0.02)
    pytest.fail("an exchange goes on that nobody waits for")
