"""What leaves for a chat model in whole turns: no personal data, and all of it back in the reply."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from convagent.agent import Agent
from convagent.conversation import HandedOver, Turn
from convagent.errors import ModelError
from convagent.models import ChatRequest, ScriptedModel
from convagent.models.port import words_of

MESSAGE = (
    "Hi, Ada Byrne here (ada@example.com, 086 123 4567). Please tell me something about the colour of clouds over "
    "12 Harbour Road, Dublin 6; my card is 4242 4242 4242 4242 and my password is Kettle-77."
)
SECRET = ("ada@example.com", "086 123 4567", "Harbour Road", "4242 4242", "Kettle-77", "Byrne", "Orchard Lawn")
FACTS: dict[str, Any] = {
    "customer": {
        "email": "ada@example.com", "first_name": "Ada", "last_name": "Byrne", "verified": True,
        "address": {"line1": "4 Orchard Lawn", "city": "Dublin", "postcode": "D14 AB12"},
    }
}  # fmt: skip


@pytest.fixture
def always(shop: Path) -> Path:
    settings = shop / "convagent.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text + "\n[model]\nunderstand_below = 1.0\n", encoding="utf-8")
    return shop


def asked(shop: Path, model: ScriptedModel, message: str = MESSAGE) -> Turn:
    with Agent.open(shop, storage="memory:", model=model) as agent:
        return agent.reply(message, conversation="c", facts=FACTS)


def test_no_personal_data_is_in_any_prompt(always: Path) -> None:
    model = ScriptedModel(lambda request: ModelError("down", code="model-unreachable"))
    asked(always, model)
    assert model.requests, "the model was never asked"
    for request in model.requests:
        for secret in SECRET:
            assert secret not in words_of(request.messages), (request.purpose, secret)
    prompt = words_of(model.requests[0].messages)
    assert "[EMAIL_1]" in prompt
    assert "[CARD_1]" in prompt


def test_nothing_of_a_prompt_or_a_message_stands_in_the_log_whatever_the_model_does(
    always: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(request: ChatRequest) -> str:
        raise RuntimeError(f"can't answer {words_of(request.messages)}")

    for script in (broken, lambda request: "no JSON at all", lambda request: ModelError("down", code="model-failed")):
        with caplog.at_level(logging.DEBUG):
            turn = asked(always, ScriptedModel(script))
        assert isinstance(turn.outcome, HandedOver) or turn.reply is not None
    logged = caplog.text
    for secret in (*SECRET, "clouds"):
        assert secret not in logged


def test_an_answer_to_a_question_for_a_secret_is_in_no_prompt_that_words_a_reply(shop: Path) -> None:
    (shop / "guidance" / "secrets.md").write_text(
        """# Prove it is you

When the customer asks to unlock the account:
- "unlock my account"
- "my login is locked"

1. Need password: text
   - ask "What is your telephone password?"
1. If password is "swordfish":
   - say "Thank you."
1. Otherwise:
   - say in your own words "The account stays locked until a colleague has looked at it."
""",
        encoding="utf-8",
    )
    model = ScriptedModel({"compose": lambda request: "A colleague looks at the account first."})
    with Agent.open(shop, storage="memory:", model=model) as agent:
        agent.reply("unlock my account", conversation="c")
        answered = agent.reply("xyzzy-plover", conversation="c")
        agent.reply("How long do I have to return something?", conversation="c")
    assert answered.reply is not None
    assert "stays locked" in answered.reply.text
    assert [request.purpose for request in model.requests].count("compose") == 1
    assert all("xyzzy" not in words_of(request.messages) for request in model.requests)
