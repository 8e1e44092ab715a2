"""Whatever is handed in as a model is looked after: in time, tried again, limited, left alone; and what is none is told."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, cast

import pytest

from convagent.errors import ModelError
from convagent.models import (
    ChatMessage,
    ChatModel,
    ChatReply,
    ChatRequest,
    GuardedModel,
    ModelCalls,
    ModelSettings,
    RecordingModel,
    ReplayedModel,
    ScriptedModel,
    UnguardedModel,
    guard,
)

ASK = ChatRequest("compose", (ChatMessage("user", "Where is parcel QX4711Z?"),))
SETTINGS = ModelSettings(turn_seconds=5, retries=2, breaker_after=3)


class Own:
    """A model of a user's own."""

    name, sees_images = "own", False

    def __init__(self, answer: Callable[[], Any]) -> None:
        self.answer = answer
        self.asked = 0
        self.threads: set[int] = set()

    def complete(self, request: ChatRequest) -> ChatReply:
        self.asked += 1
        self.threads.add(threading.get_ident())
        return cast("ChatReply", self.answer())

    def stream(self, request: ChatRequest) -> Generator[str, None, ChatReply]:
        self.asked += 1
        found = self.answer()
        for piece in found if isinstance(found, list) else [found.text]:
            yield piece() if callable(piece) else piece
        return found if isinstance(found, ChatReply) else ChatReply("".join(map(str, found)))


def raises(error: BaseException) -> Any:
    raise error


def code_of(model: ChatModel, request: ChatRequest = ASK, *, streamed: bool = False) -> str:
    with pytest.raises(ModelError) as caught:
        list(model.stream(request)) if streamed else model.complete(request)
    assert "QX4711Z" not in "".join(traceback.format_exception(caught.value))
    return caught.value.code


def test_a_failure_in_passing_is_tried_again() -> None:
    answers = iter([ModelError("busy", code="model-busy"), None])
    own = Own(lambda: raises(told) if (told := next(answers)) else ChatReply("Here."))
    assert guard(own, SETTINGS).complete(ASK).text == "Here."
    assert own.asked == 2


def test_one_that_keeps_failing_is_left_alone() -> None:
    own = Own(lambda: raises(ModelError("gone", code="model-refused")))
    model = guard(own, SETTINGS)
    assert [code_of(model) for _ in range(5)] == ["model-refused"] * 3 + ["model-off"] * 2
    assert own.asked == 3


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (TimeoutError("QX4711Z"), "model-timeout"),
        (ConnectionResetError("QX4711Z"), "model-unreachable"),
        (ZeroDivisionError("QX4711Z"), "model-failed"),
        (asyncio.CancelledError("QX4711Z"), "model-failed"),
    ],
)
@pytest.mark.parametrize("streamed", [False, True])
def test_whatever_it_raises_is_a_fault_without_its_words(error: BaseException, code: str, streamed: bool) -> None:
    settings = SETTINGS.model_copy(update={"retries": 0})
    assert code_of(guard(Own(lambda: raises(error)), settings), streamed=streamed) == code
    assert code_of(UnguardedCalls(Own(lambda: raises(error))), streamed=streamed) == code


class UnguardedCalls:
    """The calls of a turn, to a model that wants no guard."""

    name, sees_images = "calls", False

    def __init__(self, model: ChatModel) -> None:
        self._calls = ModelCalls(guard(UnguardedModel(model), SETTINGS), seconds=5)
        self.complete = self._calls.complete
        self.stream = self._calls.stream


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3)])
@pytest.mark.parametrize("streamed", [False, True])
def test_what_ends_the_program_ends_it(error: BaseException, streamed: bool) -> None:
    own = Own(lambda: raises(error))
    for model in (guard(own, SETTINGS), UnguardedCalls(own)):
        with pytest.raises(type(error)):
            list(model.stream(ASK)) if streamed else model.complete(ASK)
    assert own.asked == 2


@pytest.mark.parametrize("streamed", [False, True])
def test_one_that_takes_no_notice_of_the_time_is_left_behind(streamed: bool) -> None:
    ended = threading.Event()
    own = Own(lambda: ended.wait(30) and ChatReply("Too late."))
    started = time.monotonic()
    with_time = ChatRequest("compose", ASK.messages, timeout=0.2)
    assert code_of(guard(own, SETTINGS), with_time, streamed=streamed) == "model-timeout"
    ended.set()
    assert time.monotonic() - started < 10


def test_a_stream_that_stops_in_the_middle_gives_what_had_come() -> None:
    ended = threading.Event()
    own = Own(lambda: ["One. ", lambda: ended.wait(30) and "Two."])
    stream = guard(own, SETTINGS).stream(ChatRequest("compose", ASK.messages, timeout=0.3))
    assert next(stream) == "One. "
    with pytest.raises(ModelError) as caught:
        next(stream)
    ended.set()
    assert caught.value.code == "model-timeout"


def test_a_stream_that_is_closed_is_closed_below() -> None:
    closed = threading.Event()

    class Endless(Own):
        def stream(self, request: ChatRequest) -> Generator[str, None, ChatReply]:
            try:
                while True:
                    yield "word "
                    time.sleep(0.001)
            finally:
                closed.set()

    stream = guard(Endless(lambda: None), SETTINGS).stream(ASK)
    assert next(stream) == "word "
    stream.close()
    assert closed.wait(5)


def test_a_stream_without_end_is_cut_by_its_length() -> None:
    class Endless(Own):
        def stream(self, request: ChatRequest) -> Generator[str, None, ChatReply]:
            while True:
                yield "word " * 1_000

    assert code_of(guard(Endless(lambda: None), SETTINGS), streamed=True) == "model-unusable"


@pytest.mark.parametrize("answer", [None, "words", {"text": "words"}, ChatReply(cast("str", 7))])
def test_an_answer_that_is_none_is_told(answer: object) -> None:
    assert code_of(guard(Own(lambda: answer), SETTINGS)) == "model-unusable"
    if not isinstance(answer, ChatReply):
        assert code_of(UnguardedCalls(Own(lambda: answer))) == "model-unusable"


def test_a_stream_that_returns_nothing_has_said_its_pieces() -> None:
    class Plain(Own):
        def stream(self, request: ChatRequest) -> Any:
            return iter(["One. ", "Two."])

    model = guard(Plain(lambda: None), SETTINGS)
    stream = model.stream(ASK)
    assert [next(stream), next(stream)] == ["One. ", "Two."]
    with pytest.raises(StopIteration) as ended:
        next(stream)
    assert ended.value.value.text == "One. Two."
    calls = ModelCalls(UnguardedModel(Plain(lambda: None)), seconds=5)
    assert list(calls.stream(ASK)) == ["One. ", "Two."]
    assert calls.usage.output_tokens > 0


def test_pieces_that_are_no_texts_are_told() -> None:
    assert code_of(guard(Own(lambda: [b"bytes"]), SETTINGS), streamed=True) == "model-unusable"


def test_who_answers_from_a_script_or_a_file_is_asked_once_in_the_same_thread(tmp_path: Path) -> None:
    script = ScriptedModel([ModelError("busy", code="model-busy"), "Here."])
    assert guard(script, SETTINGS) is script
    recorded = RecordingModel(script, tmp_path / "r.jsonl")
    assert code_of(recorded) == "model-busy"
    replayed = ReplayedModel(tmp_path / "r.jsonl")
    assert guard(replayed, SETTINGS) is replayed
    once = guard(script, SETTINGS)
    assert guard(once, SETTINGS) is once


def test_a_guard_is_put_on_once() -> None:
    model = GuardedModel(Own(lambda: ChatReply("x")), SETTINGS)
    assert guard(model, SETTINGS) is model
    alone = UnguardedModel(Own(lambda: raises(ModelError("busy", code="model-busy"))))
    assert guard(alone, SETTINGS) is alone
    assert code_of(alone) == "model-busy"


def test_a_recording_holds_what_came_of_a_call_in_the_end(tmp_path: Path) -> None:
    answers = iter([ModelError("busy", code="model-busy"), None])
    own = Own(lambda: raises(told) if (told := next(answers)) else ChatReply("Here."))
    path = tmp_path / "r.jsonl"
    recording = guard(RecordingModel(own, path), SETTINGS)
    assert recording.complete(ASK).text == "Here."
    assert len(path.read_text(encoding="utf-8").splitlines()) == 1
    assert guard(ReplayedModel(path), SETTINGS).complete(ASK).text == "Here."


def test_two_agents_of_one_model_can_share_its_limits() -> None:
    own = Own(lambda: raises(ModelError("gone", code="model-refused")))
    shared = GuardedModel(own, SETTINGS)
    one, other = guard(shared, SETTINGS), guard(shared, SETTINGS)
    assert [code_of(one), code_of(other), code_of(one), code_of(other)] == ["model-refused"] * 3 + ["model-off"]


class Asynchronous:
    name, sees_images = "async", False

    async def complete(self, request: ChatRequest) -> ChatReply:
        return ChatReply("x")

    async def stream(self, request: ChatRequest) -> Any:
        yield "x"


@pytest.mark.parametrize(
    ("model", "told"),
    [
        (object(), "it has no name, no sees_images, no complete, no stream"),
        (7, "int is no chat model"),
        (Own, "Own is a class"),
        (Asynchronous(), "complete is asynchronous"),
    ],
)
def test_what_is_no_model_is_told_at_once(model: Any, told: str) -> None:
    ways: tuple[Callable[[Any], ChatModel], ...] = (lambda each: guard(each, SETTINGS), UnguardedModel)
    for way in ways:
        with pytest.raises(ModelError) as caught:
            way(model)
        assert caught.value.code == "model-object"
        assert told in str(caught.value)


def test_a_model_of_langchains_is_told_where_it_belongs() -> None:
    models = pytest.importorskip("langchain_core.language_models")
    with pytest.raises(ModelError, match="LangChainModel") as caught:
        guard(models.FakeListChatModel(responses=["x"]), SETTINGS)
    assert caught.value.code == "model-object"


FORKED = """
import os, threading
from convagent.models import ChatMessage, ChatReply, ChatRequest, ModelSettings, guard

begun, ended = threading.Event(), threading.Event()

class Own:
    name, sees_images = "own", False

    def complete(self, request):
        if not begun.is_set():
            begun.set()
            ended.wait(30)
        return ChatReply("Here.")

    def stream(self, request):
        yield "Here."

ask = ChatRequest("compose", (ChatMessage("user", "x"),), timeout=5)
model = guard(Own(), ModelSettings(concurrency=1))
other = threading.Thread(target=model.complete, args=(ask,))
other.start()
begun.wait(5)
child = os.fork()
if child == 0:
    os._exit(0 if model.complete(ask).text == "Here." else 1)
ended.set()
other.join()
raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no processes are forked here")
def test_a_forked_process_has_all_places_though_its_parent_had_none_left() -> None:
    subprocess.run([sys.executable, "-W", "ignore::DeprecationWarning", "-c", FORKED], check=True, timeout=60)
