"""What a test's author can write in a script, and what a script says of itself when it is wrong."""

from __future__ import annotations

import doctest
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

import convagent.models.scripted
from convagent.errors import ModelError
from convagent.models import ChatMessage, ChatModel, ChatReply, ChatRequest, Image, ScriptedModel, TokenUsage

SCHEMA = {
    "type": "object",
    "properties": {"guide": {"type": "string", "enum": ["refund", "none"]}, "sure": {"type": "boolean"}},
    "required": ["guide", "sure"],
    "additionalProperties": False,
}
WORDS = ChatRequest("compose", (ChatMessage("system", "Be brief."), ChatMessage("user", "Where is my parcel?")))
STRUCTURED = ChatRequest("understand", (ChatMessage("user", "Money back, please"),), schema=SCHEMA)


def drained(model: ChatModel, request: ChatRequest) -> tuple[list[str], ChatReply]:
    stream = model.stream(request)
    pieces: list[str] = []
    while True:
        try:
            pieces.append(next(stream))
        except StopIteration as end:
            return pieces, end.value


def test_the_docstrings_example_is_what_happens() -> None:
    found = doctest.testmod(convagent.models.scripted)
    assert found.attempted > 5
    assert not found.failed


def test_a_scripted_model_is_a_chat_model() -> None:
    model = ScriptedModel([], name="mine", sees_images=True)
    assert isinstance(model, ChatModel)
    assert (model.name, model.sees_images) == ("mine", True)


def test_answers_come_in_order_with_an_estimate_of_their_tokens() -> None:
    model = ScriptedModel(["It left today.", "Tomorrow."])
    first = model.complete(WORDS)
    assert first.text == "It left today."
    assert first.usage == TokenUsage(8, 4, estimated=True)
    assert model.complete(WORDS).text == "Tomorrow."
    assert model.requests == [WORDS, WORDS]
    model.check()


def test_one_text_streams_word_by_word_and_is_returned_whole() -> None:
    pieces, reply = drained(ScriptedModel([" It left\ntoday. "]), WORDS)
    assert pieces == [" It", " left", "\ntoday.", " "]
    assert reply.text == " It left\ntoday. "
    assert drained(ScriptedModel([""]), WORDS) == ([], ChatReply("", TokenUsage(8, estimated=True), model="scripted"))


def test_an_error_among_the_pieces_comes_after_those_before_it() -> None:
    lost = ModelError("cut off", code="model-unreachable")
    stream = ScriptedModel([["It left ", lost, "today."]]).stream(WORDS)
    assert next(stream) == "It left "
    with pytest.raises(ModelError) as caught:
        next(stream)
    assert caught.value is lost
    with pytest.raises(ModelError, match="cut off"):
        ScriptedModel([["It left ", lost]]).complete(WORDS)


def test_an_error_in_place_of_an_answer_is_raised_and_the_next_call_goes_on() -> None:
    model = ScriptedModel([ModelError("busy", code="model-busy"), "Here again."])
    with pytest.raises(ModelError, match="model-busy"):
        model.complete(WORDS)
    assert model.complete(WORDS).text == "Here again."
    model.check()  # what the script says is no fault of the script's


def test_pieces_may_come_from_a_generator_as_they_are_taken() -> None:
    taken: list[int] = []

    def slowly(request: ChatRequest) -> Iterator[str]:
        for index, word in enumerate(request.messages[-1].text.split()):
            taken.append(index)
            yield word

    stream = ScriptedModel(slowly).stream(WORDS)
    assert next(stream) == "Where"
    assert taken == [0]
    stream.close()
    assert taken == [0]


def test_a_value_answers_a_structured_call_as_json() -> None:
    class Read(BaseModel):
        guide: str
        sure: bool

    model = ScriptedModel([{"guide": "refund", "sure": True}, Read(guide="none", sure=False)])
    assert json.loads(model.complete(STRUCTURED).text) == {"guide": "refund", "sure": True}
    assert json.loads(drained(model, STRUCTURED)[1].text) == {"guide": "none", "sure": False}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"guide": "cancel", "sure": True}, "$.guide: 'cancel' is none of 'refund', 'none'"),
        ({"guide": "refund"}, "$: sure is missing"),
        ({"guide": "refund", "sure": 1}, "$.sure: 1 is not of type boolean"),
        ({"guide": "refund", "sure": True, "why": ""}, "$: why is not in the schema"),
        ({"guide": "refund", "sure": {1, 2}}, "no JSON"),
    ],
)
def test_a_value_that_does_not_meet_the_schema_is_the_tests_fault(value: dict[str, Any], told: str) -> None:
    model = ScriptedModel([value])
    with pytest.raises(ModelError) as caught:
        model.complete(STRUCTURED)
    assert caught.value.code == "model-script"
    assert told in str(caught.value)
    with pytest.raises(ModelError, match="model-script"):
        model.check()  # also where the agent lived on


def test_a_text_answers_a_structured_call_as_it_is() -> None:
    assert ScriptedModel(['{"guide": ']).complete(STRUCTURED).text == '{"guide": '


def test_a_value_where_words_are_asked_for_is_the_tests_fault() -> None:
    with pytest.raises(ModelError, match="asks for words"):
        ScriptedModel([{"guide": "refund"}]).complete(WORDS)


def test_answers_by_purpose_are_given_apart() -> None:
    model = ScriptedModel({"understand": ['{"guide": "none"}'], "compose": lambda request: request.messages[-1].text})
    assert model.complete(WORDS).text == "Where is my parcel?"
    assert model.complete(STRUCTURED).text == '{"guide": "none"}'
    assert model.complete(WORDS).text == "Where is my parcel?"
    with pytest.raises(ModelError, match="to judge") as caught:
        model.complete(ChatRequest("judge", WORDS.messages))
    assert caught.value.code == "model-script-ended"


def test_the_scripts_end_is_an_error_that_check_tells_again() -> None:
    model = ScriptedModel({"compose": ["Only one."]})
    model.complete(WORDS)
    for _ in range(2):
        with pytest.raises(ModelError) as caught:
            model.complete(WORDS)
        assert caught.value.code == "model-script-ended"
    with pytest.raises(ModelError, match="script of 1 answer has ended"):
        model.check()


def test_check_tells_of_answers_that_nobody_asked_for() -> None:
    model = ScriptedModel({"compose": ["One.", "Two."], "understand": []})
    model.complete(WORDS)
    with pytest.raises(ModelError, match="not asked for: 1 to compose"):
        model.check()


def test_a_reply_sets_usage_and_why_the_model_stopped() -> None:
    given = ChatReply("It left", TokenUsage(900, 2, 800), finish="length", model="tiny")
    assert ScriptedModel([given]).complete(WORDS) == given
    pieces, reply = drained(ScriptedModel([given]), WORDS)
    assert (pieces, reply) == (["It", " left"], given)


def test_a_picture_goes_to_a_model_that_sees_only() -> None:
    seen = ChatRequest("understand", (ChatMessage("user", "Broken!", (Image(data=b"\xff\xd8"),)),))
    assert ScriptedModel(["I see."], sees_images=True).complete(seen).text == "I see."
    with pytest.raises(ModelError, match="sees none"):
        ScriptedModel(["I see."]).complete(seen)


@pytest.mark.parametrize("script", ["Hello", 7, {"guide": "refund"}, {"compose": "Hello"}, None])
def test_what_is_no_script_is_told_at_once(script: Any) -> None:
    with pytest.raises(ModelError) as caught:
        ScriptedModel(script)
    assert caught.value.code == "model-script"


@pytest.mark.parametrize("answer", [7, ["Hello", 7]])
def test_what_is_no_answer_is_told_when_it_is_due(answer: Any) -> None:
    with pytest.raises(ModelError) as caught:
        ScriptedModel([answer]).complete(WORDS)
    assert caught.value.code == "model-script"


def test_threads_share_one_script_and_each_answer_is_given_once() -> None:
    model = ScriptedModel([str(number) for number in range(400)])
    got: list[str] = []

    def ask() -> None:
        got.extend(model.complete(WORDS).text for _ in range(100))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got, key=int) == [str(number) for number in range(400)]
    assert len(model.requests) == 400
    model.check()
