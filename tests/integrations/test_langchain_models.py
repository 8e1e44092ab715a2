"""Any LangChain chat model serves an agent: langchain-core's own fakes, and a provider's package on a small local server."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

pytest.importorskip("langchain_core", reason="the extra langchain is not installed")

from langchain_core.language_models.fake_chat_models import FakeListChatModel, GenericFakeChatModel
from langchain_core.messages import AIMessage

from convagent.errors import ConvagentError, ModelError
from convagent.integrations.langchain import LangChainModel
from convagent.models import ChatMessage, ChatModel, ChatReply, ChatRequest, Image, TokenUsage

WORDS = ChatRequest("compose", (ChatMessage("system", "Be brief."), ChatMessage("user", "Where is my parcel?")))
SCHEMA = {
    "type": "object",
    "properties": {"guide": {"type": "string", "enum": ["refund", "none"]}},
    "required": ["guide"],
    "additionalProperties": False,
}
STRUCTURED = ChatRequest(
    "understand", (ChatMessage("system", "Read."), ChatMessage("user", "Money back")), schema=SCHEMA
)


def drained(model: ChatModel, request: ChatRequest) -> tuple[list[str], ChatReply]:
    stream = model.stream(request)
    pieces: list[str] = []
    while True:
        try:
            pieces.append(next(stream))
        except StopIteration as end:
            return pieces, end.value


def fake(*messages: Any) -> LangChainModel:
    return LangChainModel(GenericFakeChatModel(messages=iter(messages)))


# ---- langchain-core's fakes
def test_any_chat_model_answers_whole_and_piece_by_piece() -> None:
    model = fake(AIMessage("It left today."), AIMessage("It left today."))
    assert isinstance(model, ChatModel)
    assert model.name == "langchain:GenericFakeChatModel"
    assert model.complete(WORDS).text == "It left today."
    pieces, reply = drained(model, WORDS)
    assert pieces == ["It", " ", "left", " ", "today."]
    assert reply.text == "It left today."
    assert reply.usage.estimated


def test_usage_and_why_it_stopped_come_from_the_message() -> None:
    usage = {"input_tokens": 900, "output_tokens": 3, "total_tokens": 903, "input_token_details": {"cache_read": 800}}
    told = AIMessage(
        "It left", usage_metadata=usage, response_metadata={"stop_reason": "max_tokens", "model": "tiny-2"}
    )
    assert fake(told).complete(WORDS) == ChatReply("It left", TokenUsage(900, 3, 800), "length", "tiny-2")


def test_of_several_blocks_the_text_is_the_answer() -> None:
    blocks: list[str | dict[Any, Any]] = [
        {"type": "thinking", "thinking": "hm"},
        {"type": "text", "text": "It "},
        "left.",
    ]
    assert fake(AIMessage(blocks)).complete(WORDS).text == "It left."


def test_a_model_without_a_way_of_its_own_is_told_the_schema() -> None:
    seen: list[Any] = []

    class Watched(FakeListChatModel):
        def _call(self, messages: Any, *args: Any, **kwargs: Any) -> str:
            seen.append(messages)
            return super()._call(messages, *args, **kwargs)

    model = LangChainModel(Watched(responses=['```json\n{"guide": "refund"}\n```', "refund", '{"guide": "cancel"}']))
    assert json.loads(model.complete(STRUCTURED).text) == {"guide": "refund"}
    assert [type(each).__name__ for each in seen[0]] == ["SystemMessage", "HumanMessage"]
    assert json.dumps(SCHEMA) in seen[0][0].content
    for _ in range(2):  # no JSON; JSON that doesn't meet the schema
        with pytest.raises(ModelError) as caught:
            model.complete(STRUCTURED)
        assert caught.value.code == "model-unusable"


def test_what_a_provider_says_never_stands_in_an_error() -> None:
    class Broken(FakeListChatModel):
        def _call(self, *args: Any, **kwargs: Any) -> str:
            raise RuntimeError("your key sk-secret and your prompt Where is my parcel?")

    with pytest.raises(ModelError) as caught:
        LangChainModel(Broken(responses=[])).complete(WORDS)
    assert caught.value.code == "model-failed"
    assert "sk-secret" not in str(caught.value)
    assert "parcel" not in str(caught.value)
    assert caught.value.__cause__ is caught.value.__context__ is None


def test_a_call_ends_in_time_and_a_closed_stream_reads_no_further() -> None:
    taken: list[str] = []

    class Slow(FakeListChatModel):
        def _stream(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
            for chunk in super()._stream(*args, **kwargs):
                taken.append(chunk.text)
                time.sleep(0.02)
                yield chunk

    model = LangChainModel(Slow(responses=["a" * 500]))
    with pytest.raises(ModelError) as caught:
        drained(model, ChatRequest("compose", WORDS.messages, timeout=0.3))
    assert caught.value.code == "model-timeout"
    taken.clear()
    stream = model.stream(WORDS)
    next(stream)
    stream.close()
    time.sleep(0.2)
    assert len(taken) < 50


def test_what_is_no_chat_model_is_refused() -> None:
    with pytest.raises(ConvagentError, match="is no chat model") as caught:
        LangChainModel("gpt")  # type: ignore[arg-type]
    assert caught.value.code == "langchain-model"


# ---- a provider's package, on a local server
class Served(ThreadingHTTPServer):
    """Answers Chat Completions as its `answer` says; keeps what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[dict[str, Any]] = []
        self.answer: Any = "It left today."

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, Served)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server.asked.append(body)
        answer = server.answer(body) if callable(server.answer) else server.answer
        if isinstance(answer, tuple):
            self.sent(
                answer[0], json.dumps({"error": {"message": answer[1], "type": "x", "code": None}}), "application/json"
            )
            return
        usage = {
            "prompt_tokens": 12,
            "completion_tokens": 4,
            "total_tokens": 16,
            "prompt_tokens_details": {"cached_tokens": 8},
        }
        head = {"id": "c", "created": 1, "model": "tiny-served"}
        if not body.get("stream"):
            choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": answer}}
            whole = {**head, "object": "chat.completion", "choices": [choice], "usage": usage}
            self.sent(200, json.dumps(whole), "application/json")
            return
        events: list[dict[str, Any]] = [
            {"choices": [{"index": 0, "delta": {"role": "assistant", "content": word}, "finish_reason": None}]}
            for word in answer.split(" ")
        ]
        events += [{"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}, {"choices": [], "usage": usage}]
        lines = [json.dumps({**head, "object": "chat.completion.chunk", **event}) for event in events]
        self.sent(200, "".join(f"data: {line}\n\n" for line in [*lines, "[DONE]"]), "text/event-stream")

    def sent(self, status: int, text: str, kind: str) -> None:
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: Any) -> None:
        """Nothing is told."""


@pytest.fixture
def server() -> Iterator[Served]:
    with Served() as served:
        thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield served
        served.shutdown()
        thread.join()


@pytest.fixture
def served(server: Served) -> LangChainModel:
    openai = pytest.importorskip("langchain_openai", reason="langchain-openai is not installed")
    chat = openai.ChatOpenAI(
        model="tiny", base_url=server.url, api_key="none", max_retries=0, max_tokens=50, stream_usage=True
    )
    return LangChainModel(chat, sees_images=True)


def test_a_providers_model_answers_with_its_usage(server: Served, served: LangChainModel) -> None:
    assert served.name == "langchain:ChatOpenAI:tiny"
    whole = served.complete(WORDS)
    assert whole == ChatReply("It left today.", TokenUsage(12, 4, 8), model="tiny-served")
    assert [message["role"] for message in server.asked[0]["messages"]] == ["system", "user"]
    server.answer = "It left today"
    pieces, reply = drained(served, WORDS)
    assert pieces == ["It", "left", "today"]
    assert (reply.text, reply.usage) == ("Itlefttoday", TokenUsage(12, 4, 8))


def test_a_structured_call_uses_the_providers_own_way(server: Served, served: LangChainModel) -> None:
    server.answer = '{"guide": "refund"}'
    assert json.loads(served.complete(STRUCTURED).text) == {"guide": "refund"}
    asked = server.asked[0]["response_format"]
    assert asked["type"] == "json_schema"
    assert asked["json_schema"]["strict"] is True
    assert asked["json_schema"]["schema"]["properties"] == SCHEMA["properties"]
    assert drained(served, STRUCTURED)[0] == ['{"guide": "refund"}']
    server.answer = '{"guide": "cancel"}'
    with pytest.raises(ModelError, match="doesn't meet the schema"):
        served.complete(STRUCTURED)


def test_a_server_that_takes_no_schema_is_told_it_in_the_prompt_from_then_on(
    server: Served, served: LangChainModel
) -> None:
    server.answer = lambda body: (
        (400, "response_format is not supported") if "response_format" in body else '{"guide": "none"}'
    )
    for _ in range(2):
        assert json.loads(served.complete(STRUCTURED).text) == {"guide": "none"}
    assert ["response_format" in body for body in server.asked] == [True, False, False]
    assert "JSON Schema" in server.asked[-1]["messages"][0]["content"]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "model-invalid"), (401, "model-refused"), (403, "model-refused"), (404, "model-unknown"), (429, "model-busy"),
        (500, "model-failed"), (503, "model-failed"),
    ],
)  # fmt: skip
def test_a_providers_errors_become_codes(server: Served, served: LangChainModel, status: int, code: str) -> None:
    server.answer = (status, "the prompt was: Where is my parcel?")
    for ask in (lambda: served.complete(WORDS), lambda: drained(served, WORDS), lambda: served.complete(STRUCTURED)):
        with pytest.raises(ModelError) as caught:
            ask()
        assert caught.value.code == code
        assert "parcel" not in str(caught.value)


def test_a_prompt_that_is_too_long_and_a_server_that_is_away_are_told_apart(
    server: Served, served: LangChainModel
) -> None:
    server.answer = (400, "context_length_exceeded: the prompt is too long")
    with pytest.raises(ModelError) as caught:
        served.complete(WORDS)
    assert caught.value.code == "model-too-long"
    server.answer = lambda _: threading.Event().wait(1) or "late"
    with pytest.raises(ModelError) as caught:
        served.complete(ChatRequest("compose", WORDS.messages, timeout=0.2))
    assert caught.value.code == "model-timeout"
    openai = pytest.importorskip("langchain_openai")
    away = openai.ChatOpenAI(model="tiny", base_url="http://127.0.0.1:9/v1", api_key="none", max_retries=0)
    with pytest.raises(ModelError) as caught:
        LangChainModel(away).complete(WORDS)
    assert caught.value.code == "model-unreachable"


def test_pictures_go_along_as_the_provider_has_them(server: Served, served: LangChainModel) -> None:
    seen = ChatRequest("understand", (ChatMessage("user", "Broken!", (Image("image/png", b"\x89PNG"),)),))
    served.complete(seen)
    parts = server.asked[0]["messages"][0]["content"]
    assert parts[0] == {"type": "text", "text": "Broken!"}
    assert parts[1]["image_url"]["url"] == "data:image/png;base64,iVBORw=="
    with pytest.raises(ModelError, match="sees no pictures"):
        fake(AIMessage("x")).complete(seen)
