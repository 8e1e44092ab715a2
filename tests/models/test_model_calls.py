"""What one turn may ask of its model, and what is noted of it."""

from __future__ import annotations

import traceback
from collections.abc import Generator

import pytest

from convagent.errors import ModelError
from convagent.models import ChatMessage, ChatReply, ChatRequest, ModelCalls, ScriptedModel, TokenUsage, count_tokens

ASK = ChatRequest("compose", (ChatMessage("system", "Be brief."), ChatMessage("user", "Where is parcel QX4711Z?")))


def test_a_turn_makes_as_many_calls_as_it_may() -> None:
    calls = ModelCalls(ScriptedModel(["One.", "Two.", "Three."]), seconds=10)
    assert [calls.complete(ASK).text, calls.complete(ASK).text] == ["One.", "Two."]
    with pytest.raises(ModelError) as caught:
        calls.complete(ASK)
    assert caught.value.code == "model-budget"
    assert len(calls.made) == 2


def test_a_turn_whose_time_is_over_makes_none() -> None:
    now = [0.0]

    def slow(request: ChatRequest) -> str:
        now[0] += 7
        return "One."

    script = ScriptedModel(slow)
    calls = ModelCalls(script, seconds=10, clock=lambda: now[0])
    calls.complete(ASK)
    assert calls.left == 3
    calls.complete(ASK)
    assert [request.timeout for request in script.requests] == [10, 3]
    assert not calls.can_call


def test_a_stream_that_is_read_to_its_end_has_the_usage_that_the_model_tells() -> None:
    told = TokenUsage(11, 22, 3)
    calls = ModelCalls(ScriptedModel([ChatReply("One. Two.", told)]), seconds=10)
    assert "".join(calls.stream(ASK)) == "One. Two."
    assert calls.usage == told


def test_a_stream_that_is_left_early_still_took_what_it_took() -> None:
    calls = ModelCalls(ScriptedModel([["One sentence. ", "Another. ", "A third."]]), seconds=10)
    stream = calls.stream(ASK)
    assert next(stream) == "One sentence. "
    stream.close()
    usage = calls.usage
    assert (usage.estimated, usage.output_tokens) == (True, count_tokens("One sentence. "))
    assert usage.input_tokens >= count_tokens("Where is parcel QX4711Z?")


def test_a_stream_that_breaks_off_still_took_what_it_took() -> None:
    calls = ModelCalls(ScriptedModel([["One. ", ModelError("gone", code="model-unreachable")]]), seconds=10)
    with pytest.raises(ModelError):
        list(calls.stream(ASK))
    assert (calls.made[0].error, calls.usage.estimated) == ("model-unreachable", True)
    assert calls.usage.output_tokens > 0


def test_a_call_that_never_got_an_answer_took_nothing() -> None:
    calls = ModelCalls(ScriptedModel([ModelError("gone", code="model-unreachable")] * 2), seconds=10)
    for way in (calls.complete, lambda request: list(calls.stream(request))):
        with pytest.raises(ModelError):
            way(ASK)
    assert calls.usage == TokenUsage()


class Broken:
    """A model that raises what it shouldn't, with the prompt in it."""

    name = "broken"
    sees_images = False

    def complete(self, request: ChatRequest) -> ChatReply:
        raise RuntimeError(request.messages[1].text)

    def stream(self, request: ChatRequest) -> Generator[str, None, ChatReply]:
        yield "One. "
        raise RuntimeError(request.messages[1].text)


@pytest.mark.parametrize("way", ["whole", "streamed"])
def test_whatever_a_model_raises_is_a_fault_without_the_prompt(way: str) -> None:
    calls = ModelCalls(Broken(), seconds=10)
    with pytest.raises(ModelError) as caught:
        calls.complete(ASK) if way == "whole" else list(calls.stream(ASK))
    assert caught.value.code == "model-failed"
    assert "QX4711Z" not in "".join(traceback.format_exception(caught.value))
