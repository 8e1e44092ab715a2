"""What was recorded comes again, by what is asked and not by when; what was not recorded is told with what differs."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from convagent.errors import ModelError
from convagent.models import (
    ChatMessage,
    ChatModel,
    ChatReply,
    ChatRequest,
    Image,
    RecordingModel,
    ReplayedModel,
    ScriptedModel,
    TokenUsage,
)
from convagent.models.exchanges import labelled, request_hash
from convagent.models.scripted import Answer

ASK = ChatRequest("compose", (ChatMessage("system", "Be brief."), ChatMessage("user", "Where is [EMAIL_1]'s parcel?")))


def asking(text: str) -> ChatRequest:
    return replace(ASK, messages=(ASK.messages[0], ChatMessage("user", text)))


def drained(model: ChatModel, request: ChatRequest) -> tuple[list[str], ChatReply]:
    stream = model.stream(request)
    pieces: list[str] = []
    while True:
        try:
            pieces.append(next(stream))
        except StopIteration as end:
            return pieces, end.value


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def test_an_answer_comes_again_with_its_usage_its_finish_and_its_model(tmp_path: Path) -> None:
    given_reply = ChatReply("Es ist unterwegs – ja.", TokenUsage(900, 2, 800), finish="length", model="tiny-2")
    recorder = RecordingModel(ScriptedModel([given_reply], name="openai:tiny", sees_images=True), tmp_path / "r.jsonl")
    assert recorder.complete(ASK) == given_reply
    replayed = ReplayedModel(tmp_path / "r.jsonl")
    assert isinstance(recorder, ChatModel)
    assert isinstance(replayed, ChatModel)
    assert (replayed.name, replayed.sees_images) == (recorder.name, recorder.sees_images) == ("openai:tiny", True)
    assert replayed.complete(ASK) == given_reply
    assert drained(replayed, ASK) == (["Es ist unterwegs – ja."], given_reply)


def test_a_stream_comes_again_in_its_pieces_and_whole_where_it_is_asked_for_whole(tmp_path: Path) -> None:
    recorder = RecordingModel(ScriptedModel([["It le", "ft ", "today."]]), tmp_path / "r.jsonl")
    recorded = drained(recorder, ASK)
    assert recorded[0] == ["It le", "ft ", "today."]
    replayed = ReplayedModel(tmp_path / "r.jsonl", pace=0.01)
    assert drained(replayed, ASK) == recorded
    assert replayed.complete(ASK).text == "It left today."


def test_the_file_holds_what_was_sent_and_when_each_piece_came(tmp_path: Path) -> None:
    drained(RecordingModel(ScriptedModel([["It ", "left."]]), tmp_path / "r.jsonl"), ASK)
    (line,) = lines(tmp_path / "r.jsonl")
    assert line["hash"] == request_hash(ASK)
    assert line["request"] == {
        "purpose": "compose",
        "messages": [
            {"role": "system", "text": "Be brief."},
            {"role": "user", "text": "Where is [EMAIL_1]'s parcel?"},
        ],
        "schema": None,
        "max_tokens": 500,
        "temperature": 0.0,
        "seed": None,
    }
    pieces = line["pieces"]
    assert isinstance(pieces, list)
    assert [text for _, text in pieces] == ["It ", "left."]
    assert 0 <= pieces[0][0] <= pieces[1][0]


def test_failures_come_again_where_they_came(tmp_path: Path) -> None:
    cut = ModelError("cut off", code="model-unreachable", remedy="Look at the line.")
    script: list[Answer] = [ModelError("too many", code="model-busy"), ["It ", cut], "It left."]
    recorder = RecordingModel(ScriptedModel(script), tmp_path / "r.jsonl")
    replayed: ChatModel = recorder
    for again in (False, True):
        if again:
            replayed = ReplayedModel(tmp_path / "r.jsonl")
        with pytest.raises(ModelError, match="too many") as caught:
            replayed.complete(ASK)
        assert caught.value.code == "model-busy"
        stream = replayed.stream(ASK)
        assert next(stream) == "It "
        with pytest.raises(ModelError, match="cut off") as caught:
            next(stream)
        assert (caught.value.code, caught.value.remedy) == ("model-unreachable", "Look at the line.")
        assert replayed.complete(ASK).text == "It left."


def test_a_stream_that_was_closed_ends_where_its_reader_left(tmp_path: Path) -> None:
    ended: list[str] = []

    class Watched(ScriptedModel):
        def stream(self, request: ChatRequest) -> Generator[str, None, ChatReply]:
            try:
                return (yield from super().stream(request))
            finally:
                ended.append("closed")

    stream = RecordingModel(Watched([["It ", "left ", "today."]]), tmp_path / "r.jsonl").stream(ASK)
    assert next(stream) == "It "
    stream.close()
    assert ended == ["closed"]
    again = ReplayedModel(tmp_path / "r.jsonl").stream(ASK)
    assert next(again) == "It "
    with pytest.raises(ModelError, match="up to its piece 1 only") as caught:
        next(again)
    assert caught.value.code == "model-not-recorded"


def test_the_same_request_gets_its_answers_in_order_and_then_the_last(tmp_path: Path) -> None:
    recorder = RecordingModel(ScriptedModel(["one", "two"]), tmp_path / "r.jsonl")
    recorder.complete(ASK)
    recorder.complete(replace(ASK, timeout=3.5))  # how long it may take changes no answer
    replayed = ReplayedModel(tmp_path / "r.jsonl")
    assert [replayed.complete(ASK).text for _ in range(4)] == ["one", "two", "two", "two"]


@given(order=some.permutations(range(6)), asked=some.permutations(range(6)))
def test_the_order_of_requests_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], asked: list[int]
) -> None:
    path = tmp_path_factory.mktemp("order") / "r.jsonl"
    recorder = RecordingModel(ScriptedModel(lambda request: f"to {request.messages[-1].text}"), path)
    for number in order:
        recorder.complete(asking(str(number)))
    replayed = ReplayedModel(path)
    assert [replayed.complete(asking(str(number))).text for number in asked] == [f"to {number}" for number in asked]


def test_a_label_gets_its_own_answers_first(tmp_path: Path) -> None:
    recorder = RecordingModel(ScriptedModel(["for a", "for b", "for nobody"]), tmp_path / "r.jsonl")
    for label in ("a", "b", ""):
        with labelled(label):
            recorder.complete(ASK)
    replayed = ReplayedModel(tmp_path / "r.jsonl")
    with labelled("b"):
        assert replayed.complete(ASK).text == "for b"
    with labelled("a"):
        assert replayed.complete(ASK).text == "for a"
    with labelled("c"):
        assert replayed.complete(ASK).text == "for a"  # the first of all


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (asking("Where is [EMAIL_2]'s parcel?"), "message 2 (user): “Where is [EMAIL_2]'s parcel?”, was “Where is [EMAIL_1]"),
        (replace(ASK, temperature=0.7), "temperature: 0.7, was 0.0"),
        (replace(ASK, max_tokens=9), "max_tokens: 9, was 500"),
        (replace(ASK, schema={"type": "object"}), "the schema of the answer"),
        (replace(ASK, messages=ASK.messages[:1]), "the number of messages: 1, was 2"),
        (replace(ASK, messages=(ChatMessage("user", "Be brief."), ASK.messages[1])), "message 1: of user, was of system"),
        (replace(ASK, messages=(ASK.messages[0], replace(ASK.messages[1], images=(Image(data=b"x"),)))), "the pictures of"),
        (replace(ASK, purpose="verify"), "nothing to verify was"),
    ],
)  # fmt: skip
def test_what_was_not_recorded_is_told_with_what_differs(tmp_path: Path, other: ChatRequest, told: str) -> None:
    recorder = RecordingModel(ScriptedModel(lambda _: "yes", sees_images=True), tmp_path / "r.jsonl")
    recorder.complete(asking("Something else entirely, and a good deal longer than the rest of it."))
    recorder.complete(ASK)
    with pytest.raises(ModelError) as caught:
        ReplayedModel(tmp_path / "r.jsonl").complete(other)
    assert caught.value.code == "model-not-recorded"
    assert told in str(caught.value)


def test_a_half_written_line_is_left_out_and_written_after(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    recorder = RecordingModel(ScriptedModel(lambda request: request.messages[-1].text), path)
    recorder.complete(asking("first"))
    recorder.complete(asking("second"))
    path.write_bytes(path.read_bytes()[:-30])
    replayed = ReplayedModel(path)
    assert replayed.complete(asking("first")).text == "first"
    with pytest.raises(ModelError, match=r"1 lines of it can't be read"):
        replayed.complete(asking("second"))
    RecordingModel(recorder.model, path).complete(asking("second"))
    assert ReplayedModel(path).complete(asking("second")).text == "second"


def test_concurrent_callers_write_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    model = ScriptedModel(lambda request: request.messages[-1].text * 50)
    recorders = [RecordingModel(model, path), RecordingModel(model, path)]  # as two processes would

    def ask(number: int) -> None:
        for index in range(25):
            recorders[number % 2].complete(asking(f"{number}-{index}"))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(lines(path)) == 100
    replayed = ReplayedModel(path)
    asked = [f"{number}-{index}" for number in range(4) for index in range(25)]
    random.Random(3).shuffle(asked)
    assert [replayed.complete(asking(text)).text for text in asked] == [text * 50 for text in asked]


@pytest.mark.parametrize("text", ["", "\ud800 half a pair", "a\u2028b\x00\x1f", "“”\n\r\n", "{}", "\\"])
def test_odd_texts_are_recorded_and_known_again(tmp_path: Path, text: str) -> None:
    RecordingModel(ScriptedModel(["ok"]), tmp_path / "r.jsonl").complete(asking(text))
    assert ReplayedModel(tmp_path / "r.jsonl").complete(asking(text)).text == "ok"


def test_a_file_that_can_t_be_used_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="can't be recorded") as caught:
        RecordingModel(ScriptedModel([]), tmp_path)
    assert caught.value.code == "model-recording"
    for content in (
        b"no json at all\n",
        b'{"kind": "case", "format": 1}\n',
        b'{"kind": "exchange", "format": 99}\n',
        b"7\n",
    ):
        (tmp_path / "r.jsonl").write_bytes(content)
        with pytest.raises(ModelError) as caught:
            ReplayedModel(tmp_path / "r.jsonl")
        assert caught.value.code == "model-recording"
    with pytest.raises(ModelError, match="can't be read"):
        ReplayedModel(tmp_path / "none.jsonl")


def test_a_recorded_model_is_warmed_up_and_closed_like_the_model_itself(tmp_path: Path) -> None:
    done: list[str] = []

    class Connected(ScriptedModel):
        def warm_up(self) -> None:
            done.append("warm")

        def close(self) -> None:
            done.append("closed")

    recorder = RecordingModel(Connected([]), tmp_path / "r.jsonl")
    recorder.warm_up()
    recorder.close()
    plain = RecordingModel(ScriptedModel([]), tmp_path / "r.jsonl")
    plain.warm_up()
    plain.close()
    assert done == ["warm", "closed"]


def test_a_replay_is_called_like_the_model_that_served_the_agent(tmp_path: Path) -> None:
    for name, purpose in (("judge", "judge"), ("agent", "compose"), ("second", "verify")):
        RecordingModel(ScriptedModel(["x"], name=name), tmp_path / "r.jsonl").complete(replace(ASK, purpose=purpose))  # type: ignore[arg-type]
    assert ReplayedModel(tmp_path / "r.jsonl").name == "agent"
