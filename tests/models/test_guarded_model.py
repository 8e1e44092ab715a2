"""A model that is looked after: tries again, stops trying, and keeps to the time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.errors import ModelError
from convagent.models import ChatMessage, ChatModel, ChatReply, ChatRequest, GuardedModel, ModelSettings, ScriptedModel
from convagent.models.faults import RetryLaterError
from convagent.models.guarded import MOST_WAIT, Breaker, Pass, wait_before
from convagent.models.port import TRANSIENT

ASK = ChatRequest("compose", (ChatMessage("user", "Where is my parcel?"),), timeout=10)


class Hands:
    """A clock that only sleeping moves on."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def guarded(model: ChatModel, hands: Hands, *, chance: float = 0.5, **settings: object) -> GuardedModel:
    known = ModelSettings.model_validate({"name": "openai:m", **settings})
    return GuardedModel(model, known, clock=hands.clock, sleep=hands.sleep, chance=lambda: chance)


def fault(code: str, wait: float | None = None) -> ModelError:
    if wait is None:
        return ModelError("it went wrong", code=code)
    later = RetryLaterError("it went wrong", code=code)
    later.retry_after = wait
    return later


@pytest.mark.parametrize("code", sorted(TRANSIENT))
def test_a_fault_in_passing_is_tried_again(code: str) -> None:
    hands = Hands()
    model = guarded(ScriptedModel([fault(code), fault(code), "Here."]), hands)
    assert model.complete(ASK).text == "Here."
    assert hands.slept == [0.125, 0.25]  # half of 0.25, half of 0.5


@pytest.mark.parametrize(
    "code", ["model-refused", "model-unknown", "model-too-long", "model-invalid", "model-unusable"]
)
def test_a_fault_that_stays_is_not_tried_again(code: str) -> None:
    script = ScriptedModel([fault(code), "Here."])
    with pytest.raises(ModelError) as caught:
        guarded(script, Hands()).complete(ASK)
    assert caught.value.code == code
    assert len(script.requests) == 1


def test_it_gives_up_after_as_many_tries_as_the_settings_say() -> None:
    script = ScriptedModel([fault("model-failed")] * 9)
    with pytest.raises(ModelError) as caught:
        guarded(script, Hands(), retries=3, breaker_after=100).complete(ASK)
    assert caught.value.code == "model-failed"
    assert len(script.requests) == 4


def test_a_server_is_left_alone_for_as_long_as_it_asks() -> None:
    hands = Hands()
    assert guarded(ScriptedModel([fault("model-busy", 3.0), "Here."]), hands).complete(ASK).text == "Here."
    assert hands.slept == [3.0]


def test_a_wait_beyond_the_time_is_not_begun() -> None:
    hands = Hands()
    script = ScriptedModel([fault("model-busy", 30.0), "Here."])
    with pytest.raises(ModelError, match="went wrong"):
        guarded(script, hands).complete(ASK)
    assert hands.slept == []
    assert len(script.requests) == 1


def test_each_try_is_handed_what_is_left_of_the_time() -> None:
    script = ScriptedModel([fault("model-failed", 4.0), fault("model-failed", 5.0), "Here."])
    guarded(script, Hands()).complete(ASK)
    assert [request.timeout for request in script.requests] == [10, 6, 1]


def test_a_call_that_says_nothing_of_time_has_the_turns() -> None:
    script = ScriptedModel(["Here."])
    guarded(script, Hands(), turn_seconds=7).complete(ChatRequest("compose", ASK.messages))
    assert [request.timeout for request in script.requests] == [7]


@given(
    waits=st.lists(st.floats(0, 20) | st.none(), min_size=1, max_size=12),
    took=st.lists(st.floats(0, 6), min_size=12, max_size=12),
    seconds=st.floats(0.01, 30),
    retries=st.integers(0, 10),
    share=st.floats(0, 1),
)
def test_tries_and_waits_never_go_beyond_the_time(
    waits: list[float | None], took: list[float], seconds: float, retries: int, share: float
) -> None:
    hands = Hands()
    begun: list[tuple[float, float | None]] = []

    def answer(request: ChatRequest) -> str:
        begun.append((hands.now, request.timeout))
        number = len(begun) - 1
        hands.now += min(took[number % 12], request.timeout or 0.0)
        raise fault("model-failed", waits[number]) if number < len(waits) else fault("model-unusable")

    model = guarded(ScriptedModel(answer), hands, chance=share, retries=retries, breaker_after=1000)
    with pytest.raises(ModelError):
        model.complete(ChatRequest("compose", ASK.messages, timeout=seconds))
    assert len(begun) <= retries + 1
    assert hands.now <= 100.0 + seconds + 1e-6
    for at, left in begun:
        assert left is not None
        assert at + left <= 100.0 + seconds + 1e-6


@given(tries=st.integers(1, 10_000), share=st.floats(0, 1), asked=st.floats(0, 1000))
def test_a_wait_is_at_least_what_was_asked_for_and_else_at_most_the_longest(
    tries: int, share: float, asked: float
) -> None:
    seconds = wait_before(tries, share, asked=asked)
    assert asked <= seconds <= max(asked, MOST_WAIT)
    assert wait_before(tries, share) <= wait_before(tries + 1, share)


# Streams.


def streamed(model: ChatModel, request: ChatRequest = ASK) -> tuple[list[str], ChatReply]:
    pieces: list[str] = []
    stream = model.stream(request)
    while True:
        try:
            pieces.append(next(stream))
        except StopIteration as end:
            return pieces, end.value


def test_a_stream_is_tried_again_before_its_first_piece() -> None:
    script = ScriptedModel([fault("model-busy"), ["One. ", "Two."]])
    pieces, reply = streamed(guarded(script, Hands()))
    assert pieces == ["One. ", "Two."]
    assert reply.text == "One. Two."


def test_a_stream_is_not_tried_again_after_it() -> None:
    script = ScriptedModel([["One. ", fault("model-unreachable")], "Here."])
    stream = guarded(script, Hands()).stream(ASK)
    assert next(stream) == "One. "
    with pytest.raises(ModelError) as caught:
        next(stream)
    assert caught.value.code == "model-unreachable"
    assert len(script.requests) == 1


class Noting:
    """A model whose streams say when they are closed."""

    name = "noting"
    sees_images = False

    def __init__(self) -> None:
        self.closed = 0

    def complete(self, request: ChatRequest) -> ChatReply:
        return ChatReply("One.")

    def stream(self, request: ChatRequest) -> Generator[str, None, ChatReply]:
        try:
            yield "One."
            yield "Two."
        finally:
            self.closed += 1
        return ChatReply("One.Two.")


def test_closing_a_stream_closes_the_models() -> None:
    inner = Noting()
    model = guarded(inner, Hands(), concurrency=1)
    for number in range(3):
        stream = model.stream(ASK)
        assert next(stream) == "One."
        stream.close()
        assert inner.closed == number + 1
    assert model.complete(ASK).text == "One."  # nobody holds the only place


# Leaving a model alone.


def failing(model: GuardedModel, times: int) -> list[str]:
    codes: list[str] = []
    for _ in range(times):
        with pytest.raises(ModelError) as caught:
            model.complete(ASK)
        codes.append(caught.value.code)
    return codes


def test_a_model_that_keeps_failing_is_left_alone_and_then_asked_once() -> None:
    hands = Hands()
    script = ScriptedModel([fault("model-failed")] * 4 + ["Here.", "There."])
    model = guarded(script, hands, retries=0, breaker_after=3, breaker_seconds=30)
    assert failing(model, 5) == ["model-failed"] * 3 + ["model-off"] * 2
    assert len(script.requests) == 3
    hands.now += 30
    assert failing(model, 2) == ["model-failed", "model-off"]  # the one that finds out, and it is off again
    hands.now += 30
    assert [model.complete(ASK).text, model.complete(ASK).text] == ["Here.", "There."]


def test_tries_count_and_end_when_the_model_is_off() -> None:
    script = ScriptedModel([fault("model-failed")] * 9)
    model = guarded(script, Hands(), retries=8, breaker_after=3)
    assert failing(model, 2) == ["model-failed", "model-off"]
    assert len(script.requests) == 3


def test_an_answer_in_between_begins_the_count_anew() -> None:
    script = ScriptedModel([fault("model-failed"), fault("model-failed"), "Here."] * 3)
    model = guarded(script, Hands(), retries=0, breaker_after=3)
    for _ in range(3):
        assert failing(model, 2) == ["model-failed"] * 2
        assert model.complete(ASK).text == "Here."


@pytest.mark.parametrize("code", ["model-too-long", "model-invalid"])
def test_what_was_wrong_with_the_request_says_nothing_of_the_model(code: str) -> None:
    model = guarded(ScriptedModel([fault(code)] * 9), Hands(), breaker_after=2)
    assert failing(model, 9) == [code] * 9


def test_running_out_of_next_to_no_time_says_nothing_of_the_model() -> None:
    model = guarded(ScriptedModel([fault("model-timeout")] * 9), Hands(), retries=0, breaker_after=2, turn_seconds=10)
    for _ in range(4):
        with pytest.raises(ModelError) as caught:
            model.complete(ChatRequest("compose", ASK.messages, timeout=0.2))
        assert caught.value.code == "model-timeout"


def test_streams_that_break_off_count() -> None:
    script = ScriptedModel([["One. ", fault("model-unreachable")]] * 9)
    model = guarded(script, Hands(), breaker_after=2)
    for code in ["model-unreachable", "model-unreachable", "model-off"]:
        with pytest.raises(ModelError) as caught:
            streamed(model)
        assert caught.value.code == code


Step = tuple[str, float]


@given(
    st.lists(st.tuples(st.sampled_from(["ask", "worked", "failed", "nothing"]), st.floats(0, 20)), max_size=60),
    st.integers(1, 5),
)
def test_a_breaker_lets_at_most_one_call_find_out(steps: Iterable[Step], after: int) -> None:
    hands = Hands()
    breaker = Breaker(after, 10, clock=hands.clock)
    under_way: list[Pass] = []
    for what, seconds in steps:
        hands.now += seconds
        if what == "ask":
            leave = breaker.let_through()
            if leave is not None:
                under_way.append(leave)
            assert (leave is None) <= (not breaker.is_closed)
        elif under_way:
            leave = under_way.pop(0)
            {"worked": breaker.worked, "failed": breaker.failed, "nothing": breaker.said_nothing}[what](leave)
        assert sum(leave.probe for leave in under_way) <= 1
    for leave in under_way:
        breaker.worked(leave)
    assert breaker.is_closed or not under_way


# Many at once.


class Slow:
    """A model that answers when it is told to, and counts who waits in it."""

    name = "slow"
    sees_images = False

    def __init__(self) -> None:
        self.goes_on = threading.Event()
        self.inside = 0
        self.most = 0
        self._lock = threading.Lock()

    def complete(self, request: ChatRequest) -> ChatReply:
        with self._lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.goes_on.wait(10)
        with self._lock:
            self.inside -= 1
        return ChatReply("Here.")

    def stream(self, request: ChatRequest) -> Generator[str, None, ChatReply]:
        reply = self.complete(request)
        yield reply.text
        return reply


def in_threads(work: Callable[[], object], number: int) -> list[threading.Thread]:
    threads = [threading.Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    return threads


@pytest.mark.parametrize("way", ["whole", "streamed"])
def test_no_more_calls_are_under_way_than_the_settings_say(way: str) -> None:
    slow = Slow()
    model = GuardedModel(slow, ModelSettings(name="openai:m", concurrency=3))
    done: list[str] = []
    ask = (
        (lambda: done.append(model.complete(ASK).text)) if way == "whole" else (lambda: done.extend(streamed(model)[0]))
    )
    threads = in_threads(ask, 12)
    slow.goes_on.set()
    for thread in threads:
        thread.join(20)
    assert done == ["Here."] * 12
    assert slow.most <= 3


def test_who_finds_no_place_in_time_is_told_that_the_model_is_busy() -> None:
    slow = Slow()
    model = GuardedModel(slow, ModelSettings(name="openai:m", concurrency=1))
    threads = in_threads(lambda: model.complete(ASK), 1)
    while not slow.inside:
        pass
    with pytest.raises(ModelError) as caught:
        model.complete(ChatRequest("compose", ASK.messages, timeout=0.1))
    assert caught.value.code == "model-busy"
    assert model.breaker.is_closed
    slow.goes_on.set()
    threads[0].join(20)


def test_it_is_the_model_that_it_guards() -> None:
    model = GuardedModel(ScriptedModel([], name="scripted:x", sees_images=True), ModelSettings(name="openai:m"))
    assert isinstance(model, ChatModel)
    assert (model.name, model.sees_images) == ("scripted:x", True)
    model.warm_up()
    model.close()
