"""From settings to a model: the key from the environment alone, and nothing heavy before the first call."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from tests.models.wayward_server import WaywardServer, fault, said

from convagent import Agent
from convagent.errors import MissingExtraError, ModelError
from convagent.models import ChatMessage, ChatReply, ChatRequest, ModelSettings, open_model
from convagent.shop import demo_shop
from convagent.turns.opening import chosen_model

ASK = ChatRequest("compose", (ChatMessage("user", "Hello"),), timeout=10)


@pytest.mark.parametrize("environ", [{}, {"OPENAI_API_KEY": ""}, {"OPENAI_API_KEY": "  \n"}, {"OTHER": "sk-1"}])
def test_a_key_that_is_missing_is_told_by_the_name_of_its_variable(environ: dict[str, str]) -> None:
    with pytest.raises(ModelError, match="OPENAI_API_KEY") as caught:
        open_model(ModelSettings(name="openai:gpt-5-mini"), environ=environ)
    assert caught.value.code == "model-key"


@pytest.mark.parametrize("key", ["sk-ключ", "sk one", "sk-1\r\nX-Evil: 1", "sk\x00"])
def test_a_key_that_is_none_is_refused_without_being_told(key: str) -> None:
    with pytest.raises(ModelError) as caught:
        open_model(ModelSettings(name="openai:gpt-5-mini"), environ={"OPENAI_API_KEY": key})
    assert caught.value.code == "model-key"
    assert key not in str(caught.value)


def test_a_server_of_ones_own_needs_no_key() -> None:
    with WaywardServer([said("Good.")]) as server:
        model = open_model(ModelSettings(name="openai:m", base_url=server.url), environ={})
        assert model.complete(ASK).text == "Good."
        model.close()
    assert server.asked[0].body["model"] == "m"


def test_the_key_is_taken_from_the_variable_that_the_settings_name() -> None:
    with WaywardServer([said("Good.")]) as server:
        settings = ModelSettings(name="openai:org/model:7b", base_url=server.url, key="SHOP_KEY")
        model = open_model(settings, environ={"SHOP_KEY": " sk-shop\n", "OPENAI_API_KEY": "sk-other"})
        assert (model.name, model.complete(ASK).text) == ("openai:org/model:7b", "Good.")
        model.close()
    assert server.asked[0].headers["authorization"] == "Bearer sk-shop"


def test_no_model_named_is_an_error() -> None:
    with pytest.raises(ModelError) as caught:
        open_model(ModelSettings(), environ={})
    assert caught.value.code == "model-unknown"


def test_an_address_without_a_model_is_an_error_and_none_at_all_is_not() -> None:
    with pytest.raises(ModelError) as caught:
        chosen_model(ModelSettings(), None, base_url="http://127.0.0.1:1/v1")
    assert caught.value.code == "model-unknown"
    assert chosen_model(ModelSettings(), None, base_url=None) is None
    assert chosen_model(ModelSettings(), "", base_url="http://127.0.0.1:1/v1") is None


def test_a_server_that_recovers_in_time_is_not_noticed() -> None:
    with WaywardServer([fault(503), fault(429, headers={"Retry-After": "0"}), said("Good.")]) as server:
        model = open_model(ModelSettings(name="openai:m", base_url=server.url), environ={})
        assert model.complete(ASK).text == "Good."
        model.close()
    assert len(server.asked) == 3


def test_neither_importing_nor_opening_a_shop_imports_the_client(shop: Path) -> None:
    code = f"""
import sys
import convagent
from convagent import Agent
from convagent.models import ModelSettings, open_model
open_model(ModelSettings(name="openai:m"), environ={{"OPENAI_API_KEY": "sk-1"}})
Agent.open({str(shop)!r}, storage="memory:")
print(*sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert {"openai", "httpx2", "tiktoken", "bpe_openai"}.isdisjoint(done.stdout.split())
    assert "convagent.models" in done.stdout.split()


@pytest.mark.parametrize("api", ["chat", "responses"])
def test_warming_up_sends_nothing_and_leaves_nothing_to_import(api: str) -> None:
    code = f"""
import socket, sys
def refuse(*_, **__): raise AssertionError("a connection was tried")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
from convagent.models import ChatMessage, ChatRequest, ModelSettings, open_model
model = open_model(ModelSettings(name="openai:m", api={api!r}, retries=0), environ={{"OPENAI_API_KEY": "sk-1"}})
model.warm_up()
before = set(sys.modules)
try:
    model.complete(ChatRequest("compose", (ChatMessage("user", "Hello"),), timeout=10))
except Exception as error:
    print(type(error).__name__)
print(*sorted(name for name in set(sys.modules) - before if name.startswith(("openai", "httpx2", "tenacity"))))
"""
    environment = {**os.environ, "HTTP_PROXY": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9"}
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment)
    assert done.stdout.split() == ["ModelError"]


def test_without_the_client_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name == "openai" else found(name, *more)
    )
    with pytest.raises(MissingExtraError) as missing:
        open_model(ModelSettings(name="openai:m", base_url="http://127.0.0.1:9/v1"), environ={})
    assert missing.value.remedy is not None
    assert "convagent[openai]" in missing.value.remedy


FIRST_CALL = """
import sys
from convagent.models import ChatMessage, ChatRequest, ModelCalls, ModelSettings, open_model

model = open_model(ModelSettings(name="openai:m", base_url=sys.argv[1], turn_seconds=60))
assert "openai" not in sys.modules
calls = ModelCalls(model, seconds=60)
print(calls.complete(ChatRequest("compose", (ChatMessage("user", "hi"),), timeout=0.4)).text)
print(calls.made[0].seconds < 0.4)
"""


def test_the_time_of_a_first_call_is_the_models_and_not_an_imports() -> None:
    with WaywardServer([said("Hello.")]) as server:
        done = subprocess.run(
            [sys.executable, "-c", FIRST_CALL, server.url], capture_output=True, text=True, check=False, timeout=120
        )
    assert done.stdout.splitlines() == ["Hello.", "True"], done.stderr


def test_a_model_that_is_left_alone_is_not_counted_as_called() -> None:
    class Off:
        name, sees_images, is_guarded = "off", False, True

        def complete(self, request: ChatRequest) -> ChatReply:
            raise ModelError("left alone", code="model-off")

        def stream(self, request: ChatRequest) -> Generator[str, None, ChatReply]:
            yield from ()
            raise ModelError("left alone", code="model-off")

    with Agent.open(demo_shop(), storage="memory:", model=Off()) as agent:
        turn = agent.reply("How long do I have to return something?", conversation="off")
    assert turn.usage.model_calls == 0
    assert turn.reply is not None
