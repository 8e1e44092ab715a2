"""Whole turns with a chat model: what it may help with, and that nothing depends on it."""

from __future__ import annotations

import asyncio
import shutil
import threading
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from convagent import Agent
from convagent.conversation import HandedOver, Turn
from convagent.errors import ModelError
from convagent.models import ChatModel, ChatReply, ChatRequest, ScriptedModel
from convagent.shop import OpenShop, demo_shop, open_shop
from convagent.storage import MemoryStorage

QUESTION = "How long do I have to return something?"
FAITHFUL = "Book the return within 30 days of delivery. [1]"
CONVERSATION = (QUESTION, "Where is my order?", "ada.quinn@example.com", "Do you ship to Norway?", "thanks")


@pytest.fixture(scope="module")
def plain() -> Iterator[Agent]:
    with Agent.open(demo_shop(), storage="memory:") as opened:
        yield opened


def with_model(agent: Agent, model: ChatModel) -> Agent:
    """The same opened shop, served by a model."""
    return Agent(agent.shop, storage=agent.storage, model=model)


def told(turn: Turn) -> tuple[Any, ...]:
    """What a customer and a team see of a turn."""
    return type(turn.outcome), turn.reply.text if turn.reply is not None else None, [a.action for a in turn.actions]


def failing(code: str) -> ScriptedModel:
    def answer(_request: ChatRequest) -> Exception:
        return ModelError("it broke", code=code)

    return ScriptedModel(answer)


@pytest.mark.parametrize(
    "code",
    [
        "model-unreachable",
        "model-timeout",
        "model-busy",
        "model-failed",
        "model-refused",
        "model-too-long",
        "model-off",
    ],
)
def test_a_model_that_fails_costs_nothing_but_its_time(plain: Agent, code: str) -> None:
    agent = with_model(plain, failing(code))
    for number, text in enumerate(CONVERSATION):
        with_it = agent.reply(text, conversation=f"{code}-with")
        without = plain.reply(text, conversation=f"{code}-without")
        assert told(with_it) == told(without), number


@pytest.mark.parametrize("rubbish", ["", "{", "null", "I can't do that.", '{"requests": 3}', "\ud800", "]" * 5_000])
def test_an_answer_that_is_none_costs_nothing_either(plain: Agent, rubbish: str) -> None:
    agent = with_model(plain, ScriptedModel(lambda _request: rubbish))
    for text in CONVERSATION:
        with_it = agent.reply(text, conversation=f"r{hash(rubbish)}-with")
        without = plain.reply(text, conversation=f"r{hash(rubbish)}-without")
        assert not isinstance(with_it.outcome, HandedOver) or isinstance(without.outcome, HandedOver)
        assert type(with_it.outcome) is type(without.outcome)


def test_a_model_of_ones_own_that_raises_anything_is_survived(plain: Agent) -> None:
    class Broken:
        name, sees_images = "broken", False

        def complete(self, request: ChatRequest) -> ChatReply:
            raise ZeroDivisionError(request.messages[-1].text)

        def stream(self, request: ChatRequest) -> Any:
            yield "You can "
            raise OSError(request.messages[-1].text)

    turn = with_model(plain, Broken()).reply(QUESTION, conversation="broken")
    assert told(turn) == told(plain.reply(QUESTION, conversation="whole"))
    assert QUESTION not in " ".join(event.text for event in turn.trace if event.kind == "model")


def test_a_conversation_goes_on_when_the_model_is_switched_off(plain: Agent) -> None:
    def answers() -> Iterator[Any]:
        yield FAITHFUL
        while True:
            yield ModelError("gone", code="model-unreachable")

    script = answers()
    agent = with_model(plain, ScriptedModel({"compose": lambda _request: next(script)}))
    first = agent.reply(QUESTION, conversation="off")
    assert first.reply is not None
    assert "within 30 days of delivery" in first.reply.text
    for text in CONVERSATION[1:]:
        assert agent.reply(text, conversation="off").outcome is not None
    stored = plain.storage.load("off")
    assert stored is not None
    assert len(stored.conversation.turns) == len(CONVERSATION)


def test_a_turn_tells_what_the_model_took(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    shutil.copytree(
        demo_shop(), shop, ignore=shutil.ignore_patterns(".*", "src", "tests", "docs", "benchmarks", "evals")
    )
    settings = shop / "convagent.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8")
        + "\n[model]\nunderstand_below = 0\n[model.prices]\ninput = 2\noutput = 10\n",
        encoding="utf-8",
    )
    with Agent.open(shop, storage="memory:", model=ScriptedModel({"compose": lambda _request: FAITHFUL})) as agent:
        used = agent.reply(QUESTION, conversation="c").usage
        quiet = agent.reply("thanks", conversation="c").usage
    assert used.model_calls == 1
    assert used.input_tokens > 0 < used.output_tokens
    assert used.cost == pytest.approx((used.input_tokens * 2 + used.output_tokens * 10) / 1e6, abs=1e-9)
    assert (quiet.model_calls, quiet.cost) == (0, 0.0)


def test_pieces_of_a_streamed_reply_are_the_reply_also_when_the_model_breaks_off(plain: Agent) -> None:
    pieces: list[str | Exception] = [
        "Book the return ",
        "within 30 days of delivery. [1]",
        " And the label",
        ModelError("cut", code="model-unreachable"),
    ]
    agent = with_model(plain, ScriptedModel({"compose": lambda _request: pieces}))
    stream = agent.stream(QUESTION, conversation="cut")
    got = "".join(stream)
    assert stream.turn.reply is not None
    assert got == stream.turn.reply.text
    assert "within 30 days of delivery." in got
    assert "And the label" not in got


def test_what_leaves_holds_no_personal_data(plain: Agent) -> None:
    model = ScriptedModel({"understand": lambda _request: "{}", "compose": lambda _request: FAITHFUL})
    agent = with_model(plain, model)
    facts = {"customer": {"email": "ada.quinn@example.com", "first_name": "Ada", "last_name": "Quinn"}}
    agent.reply(
        "I'm Ada Quinn, ada.quinn@example.com, +353 1 496 0000. How long can I return things?",
        conversation="private", facts=facts,
    )  # fmt: skip
    assert model.requests
    sent = "\n".join(message.text for request in model.requests for message in request.messages)
    for secret in ("ada.quinn@example.com", "496 0000", "Quinn"):
        assert secret not in sent


def test_warming_up_asks_no_model(plain: Agent) -> None:
    model = ScriptedModel(lambda _request: "no")
    with_model(plain, model).warm_up()
    assert model.requests == []


def test_the_stamp_tells_the_model(plain: Agent) -> None:
    one, other = (with_model(plain, ScriptedModel([], name=name)) for name in ("one", "other"))
    assert len({plain.stamp, one.stamp, other.stamp}) == 3
    assert one.reply("thanks", conversation="stamp").stamp == one.stamp


def test_a_draft_may_be_worded_by_the_model(plain: Agent) -> None:
    agent = with_model(plain, ScriptedModel({"compose": lambda _request: FAITHFUL}))
    draft = agent.draft(QUESTION, conversation="drafted")
    assert "within 30 days of delivery" in draft.text
    assert draft.turn.usage.model_calls >= 1
    assert plain.storage.load("drafted") is None


def test_no_model_is_named_and_none_is_asked(plain: Agent) -> None:
    turn = plain.reply(QUESTION, conversation="none")
    assert (turn.usage.model_calls, turn.usage.input_tokens, turn.usage.output_tokens) == (0, 0, 0)


def test_a_model_that_cannot_be_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ModelError) as keyless:
        Agent.open(demo_shop(), storage="memory:", model="openai:gpt-5-mini")
    assert keyless.value.code == "model-key"
    with pytest.raises(ModelError) as unknown:
        Agent.open(demo_shop(), storage="memory:", model="gpt-5-mini")
    assert unknown.value.code == "model-unknown"


class Own:
    """A model of a user's own, which keeps no time and tries nothing again."""

    name, sees_images = "own", False

    def __init__(self, answer: Callable[[ChatRequest], str]) -> None:
        self.answer = answer
        self.asked = 0
        self.closed = False

    def complete(self, request: ChatRequest) -> ChatReply:
        self.asked += 1
        return ChatReply(self.answer(request))

    def stream(self, request: ChatRequest) -> Generator[str, None, ChatReply]:
        reply = self.complete(request)
        yield reply.text
        return reply

    def close(self) -> None:
        self.closed = True


def test_an_object_handed_in_is_tried_again_and_left_open(plain: Agent) -> None:
    failures = iter([True])

    def answer(request: ChatRequest) -> str:
        if request.purpose == "compose" and next(failures, False):
            raise ModelError("busy", code="model-busy")
        return FAITHFUL if request.purpose == "compose" else "{}"

    model = Own(answer)
    agent = with_model(plain, model)
    turn = agent.reply(QUESTION, conversation="own")
    assert turn.reply is not None
    assert "Book the return within 30 days of delivery." in turn.reply.text
    with Agent.open(demo_shop(), storage="memory:", model=model):
        pass
    assert not model.closed


def test_an_object_that_takes_no_notice_of_the_time_is_not_waited_for(small_times: OpenShop) -> None:
    ended = threading.Event()
    model = Own(lambda _request: "late" if ended.wait(60) else "")
    with Agent(small_times, storage=MemoryStorage(), model=model) as agent:
        started = time.monotonic()
        turn = agent.reply(QUESTION, conversation="slow")
        took = time.monotonic() - started
        for number in range(3):
            agent.reply(QUESTION, conversation=f"slow-{number}")
    ended.set()
    assert turn.reply is not None
    assert "30 days" in turn.reply.text
    assert took < 20  # and not the minute that it would take
    assert model.asked < 3  # the breaker leaves it alone


@pytest.fixture
def small_times(tmp_path: Path) -> OpenShop:
    shop = tmp_path / "shop"
    shutil.copytree(
        demo_shop(), shop, ignore=shutil.ignore_patterns(".*", "src", "tests", "docs", "benchmarks", "evals")
    )
    settings = shop / "convagent.toml"
    more = "\n[model]\nturn_seconds = 0.3\nretries = 0\nbreaker_after = 2\nunderstand_below = 0\n"
    settings.write_text(settings.read_text(encoding="utf-8") + more, encoding="utf-8")
    return open_shop(shop)


def test_an_object_that_is_no_model_is_told_at_opening() -> None:
    with pytest.raises(ModelError) as caught:
        Agent.open(demo_shop(), storage="memory:", model=cast("ChatModel", object()))
    assert caught.value.code == "model-object"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(2)])
def test_what_ends_the_program_in_a_model_leaves_the_conversation_as_it_was(plain: Agent, error: BaseException) -> None:
    def ends(_request: ChatRequest) -> str:
        raise error

    agent, name = with_model(plain, Own(ends)), f"ended-{type(error).__name__}"
    with pytest.raises(type(error)):
        agent.reply(QUESTION, conversation=name)
    assert plain.storage.load(name) is None
    assert plain.reply(QUESTION, conversation=name).reply is not None  # nobody holds the conversation


def test_a_task_that_a_model_cancelled_in_itself_is_a_failure_of_the_model(plain: Agent) -> None:
    def cancelled(_request: ChatRequest) -> str:
        raise asyncio.CancelledError

    turn = asyncio.run(with_model(plain, Own(cancelled)).areply(QUESTION, conversation="cancelled"))
    assert told(turn) == told(plain.reply(QUESTION, conversation="not-cancelled"))
