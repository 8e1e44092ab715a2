"""What is found out while a model reads a message changes no turn, whether or not the model understands more."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from convagent import Agent, Turn
from convagent.models import ChatRequest, ScriptedModel
from convagent.storage import MemoryStorage
from convagent.turns import hearing

MESSAGES = [
    "is there a museum of buttons near you?",
    "a lamp for a child that is afraid of the dark, under 60 euro please",
    "Wie lange dauert der Versand nach Norwegen?",
    "un-happen the thing I clicked together yesterday, and do you have the towel in brick?",
    "how do I wash the wool blanket",
    "where is my parcel 1042",
]


def least(schema: Any) -> Any:
    """The least that meets a schema: nothing is understood."""
    if "enum" in schema:
        return "none" if "none" in schema["enum"] else schema["enum"][-1]
    if "anyOf" in schema:
        return least(schema["anyOf"][-1])
    match schema.get("type"):
        case "object":
            return {name: least(part) for name, part in schema.get("properties", {}).items()}
        case "array":
            return []
        case "boolean":
            return False
        case "integer" | "number":
            return 0
        case "null":
            return None
    return ""


def nothing(request: ChatRequest) -> Any:
    return json.dumps(least(request.schema)) if request.schema is not None else "It is so. [1]"


def something(request: ChatRequest) -> Any:
    """A model that takes whatever it is for the first guide that it is shown."""
    found = least(request.schema) if request.schema is not None else "It is so. [1]"
    if not isinstance(found, dict) or "requests" not in found:
        return json.dumps(found) if isinstance(found, dict) else found
    schema: Any = request.schema
    guides = schema["properties"]["requests"]["items"]["properties"]["guide"]["enum"]
    said = next(message.text for message in reversed(request.messages) if message.role == "user")
    words = re.findall(r"\w+", said)[-1]
    return json.dumps({**found, "requests": [{"guide": guides[0], "words": words, "only_if_refused": False}]})


def turns(agent: Agent, answer: Any) -> list[Turn]:
    own = agent.shop.settings
    model = own.model.model_copy(update={"understand_below": 1.0})
    shop = replace(agent.shop, settings=own.model_copy(update={"model": model}))
    asking = Agent(shop, storage=MemoryStorage(), model=ScriptedModel(answer))
    return [asking.reply(text, conversation=f"c{number // 2}") for number, text in enumerate(MESSAGES)]


def plain(turn: Turn) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(turn.model_dump_json(exclude={"id", "usage", "duration"}))
    return told


@pytest.mark.parametrize("answer", [nothing, something])
def test_turns_are_the_same_without_it(demo_agent: Agent, monkeypatch: pytest.MonkeyPatch, answer: Any) -> None:
    ahead = turns(demo_agent, answer)
    began: list[object] = []
    monkeypatch.setattr(hearing._Told, "ahead", lambda _self, understood: began.append(understood))
    for one, other in zip(ahead, turns(demo_agent, answer), strict=True):
        assert plain(one) == plain(other)
    assert began
