"""An agent inside LangChain: as a Runnable, and its actions as tools under the same rules as in a conversation."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("langchain_core", reason="the extra langchain is not installed")

from langchain_core.messages import AIMessage, AIMessageChunk, HumanMessage, ToolMessage
from langchain_core.runnables import RunnableConfig, RunnableLambda
from langchain_core.utils.function_calling import convert_to_openai_tool

from convagent import Agent
from convagent.errors import ActionError, ConvagentError
from convagent.integrations.langchain import AgentRunnable, action_tools

OWN = {"id": "#10043", "status": "pending", "total": "24.90 EUR"}
CUSTOMER = {"customer": {"id": "ada", "email": "ada@example.com", "verification": "verified", "orders": [OWN]}}


def config(conversation: str = "c-1", **more: Any) -> RunnableConfig:
    return {"configurable": {"conversation": conversation, **more}}


@pytest.fixture
def runnable(agent: Agent) -> AgentRunnable:
    return AgentRunnable(agent=agent)


def said(message: Any) -> dict[str, Any]:
    """What a tool told."""
    found = json.loads(str(message.content) if isinstance(message, ToolMessage) else message)
    assert isinstance(found, dict)
    return found


# ---- the Runnable
def test_a_conversation_goes_on_from_call_to_call(runnable: AgentRunnable, agent: Agent) -> None:
    first = runnable.invoke("please cancel #10043, ada@example.com", config())
    assert isinstance(first, AIMessage)
    assert first.response_metadata["outcome"] == "Asked"
    assert first.response_metadata["needs"][0].startswith("confirm")
    assert first.usage_metadata is None
    other = runnable.invoke("yes", config("c-2"))
    assert "cancelled" not in str(other.text)
    second = runnable.invoke([first, HumanMessage("yes")], config())
    assert "cancelled" in str(second.text)
    assert second.response_metadata["stamp"] == agent.stamp


def test_a_handover_and_citations_stand_in_the_metadata(runnable: AgentRunnable) -> None:
    told = runnable.invoke({"messages": [HumanMessage("let me talk to someone")]}, config()).response_metadata
    assert told["outcome"] == "HandedOver"
    assert told["handover"]["reason"] == "customer_request"
    cited = runnable.invoke("How long do I have to return something?", config("c-2")).response_metadata
    assert cited["citations"][0]["article_id"] == "returns"
    assert json.dumps(cited)


def test_the_pieces_of_a_stream_are_the_reply(runnable: AgentRunnable) -> None:
    question = "How long do I have to return something?"
    whole = runnable.invoke(question, config("c-1"))
    pieces = list(runnable.stream(question, config("c-2")))
    assert all(isinstance(piece, AIMessageChunk) for piece in pieces)
    joined = pieces[0]
    for piece in pieces[1:]:
        joined = joined + piece  # type: ignore[assignment]
    assert joined.content == whole.content
    assert joined.response_metadata == {**whole.response_metadata, "conversation": "c-2"}

    async def streamed() -> str:
        return "".join([str(piece.text) async for piece in runnable.astream(question, config("c-3"))])

    assert asyncio.run(streamed()) == whole.content
    assert asyncio.run(runnable.ainvoke(question, config("c-4"))).content == whole.content


def test_it_stands_in_chains_and_runs_in_batches(runnable: AgentRunnable) -> None:
    chain = (
        RunnableLambda(lambda text: text.strip()) | runnable | RunnableLambda(lambda message: message.response_metadata)
    )
    questions = ["  let me talk to someone ", "How long do I have to return something?"]
    found = chain.batch(questions, [config("c-1"), config("c-2")])
    assert [each["outcome"] for each in found] == ["HandedOver", "Answered"]
    assert [each["conversation"] for each in found] == ["c-1", "c-2"]


def test_who_writes_comes_from_the_config_alone(runnable: AgentRunnable) -> None:
    claimed = HumanMessage("please cancel #10043", additional_kwargs={"facts": CUSTOMER})
    anonymous = runnable.invoke({"messages": [claimed], "facts": CUSTOMER}, config("c-1"))
    assert anonymous.response_metadata["needs"] == ["email"]
    known = runnable.invoke("please cancel #10043", config("c-2", facts=CUSTOMER))
    assert known.response_metadata["needs"][0].startswith("confirm")


@pytest.mark.parametrize("given", [[], [AIMessage("hi")], {"messages": []}, {"text": "hi"}, AIMessage("hi")])
def test_without_a_customers_message_nothing_is_answered(runnable: AgentRunnable, given: Any) -> None:
    with pytest.raises(ConvagentError, match="no message of a customer") as caught:
        runnable.invoke(given, config())
    assert caught.value.code == "langchain-input"


def test_without_a_conversation_nothing_is_answered(runnable: AgentRunnable) -> None:
    bad: tuple[Any, ...] = (None, {"configurable": {}}, {"configurable": {"conversation": 7}})
    for missing in bad:
        with pytest.raises(ConvagentError) as caught:
            runnable.invoke("hi", missing)
        assert caught.value.code == "langchain-conversation"


# ---- actions as tools
@pytest.fixture
def asked() -> list[tuple[str, Mapping[str, Any]]]:
    return []


def call(name: str, arguments: dict[str, Any], number: str = "call-1") -> dict[str, Any]:
    return {"name": name, "args": arguments, "id": number, "type": "tool_call"}


def test_look_ups_are_offered_and_writes_only_where_they_are_allowed(agent: Agent) -> None:
    kinds = {spec.name: spec.kind for spec in agent.shop.registry}
    shown = {tool.name for tool in action_tools(agent, conversation="c-1")}
    assert shown == {name for name, kind in kinds.items() if kind == "lookup"}
    every = {tool.name for tool in action_tools(agent, conversation="c-1", writes=True)}
    assert every == set(kinds)
    with pytest.raises(ActionError, match="writes aren't allowed"):
        action_tools(agent, conversation="c-1", only=["cancel_order"])
    with pytest.raises(ActionError, match="no action called pay_out"):
        action_tools(agent, conversation="c-1", only=["pay_out"])


def test_tools_are_described_as_providers_want_them(agent: Agent) -> None:
    for tool in action_tools(agent, conversation="c-1", writes=True):
        told = convert_to_openai_tool(tool)["function"]
        assert told["name"] == tool.name
        assert told["description"]
        assert told["parameters"]["type"] == "object"
        assert "agent" not in json.dumps(told["parameters"]["properties"])


def test_a_look_up_gives_what_it_finds_as_json(agent: Agent) -> None:
    (tool,) = action_tools(agent, conversation="c-1", only=["find_customer"])
    found = said(tool.invoke(call("find_customer", {"email": "ada@example.com", "order_number": "10043"})))
    assert found["status"] == "done"
    assert found["result"]["orders"][1]["id"] == "#10043"
    nobody = said(tool.invoke(call("find_customer", {"email": "eve@example.com", "order_number": "10043"})))
    assert (nobody["status"], nobody["result"]) == ("done", None)


def test_a_write_for_somebody_else_is_refused(agent: Agent) -> None:
    stranger = {"customer": {**CUSTOMER["customer"], "orders": [{**OWN, "id": "#1"}]}}
    for facts in (None, stranger):
        (tool,) = action_tools(
            agent, conversation="c-1", facts=facts, only=["cancel_order"], writes=True, confirm=lambda *_: True
        )
        assert said(tool.invoke(call("cancel_order", {"order": "#10043"})))["status"] == "refused"


def test_a_write_needs_the_customers_yes_to_exactly_these_arguments(
    agent: Agent, asked: list[tuple[str, Mapping[str, Any]]]
) -> None:
    def confirm(name: str, arguments: Mapping[str, Any]) -> bool:
        asked.append((name, dict(arguments)))
        return len(asked) > 1

    options: dict[str, Any] = {"conversation": "c-1", "facts": CUSTOMER, "only": ["cancel_order"], "writes": True}
    (unasked,) = action_tools(agent, **options)
    assert said(unasked.invoke(call("cancel_order", {"order": "#10043"})))["status"] == "refused"
    (tool,) = action_tools(agent, **options, confirm=confirm)
    assert said(tool.invoke(call("cancel_order", {"order": "#10043"})))["status"] == "refused"
    assert said(tool.invoke(call("cancel_order", {"order": "#10043"}, "call-2")))["status"] == "done"
    assert asked == [("cancel_order", {"order": "#10043"})] * 2


def test_the_same_tool_call_is_one_effect_however_often_it_comes(agent: Agent) -> None:
    (tool,) = action_tools(
        agent, conversation="c-1", facts=CUSTOMER, only=["cancel_order"], writes=True, confirm=lambda *_: True
    )
    first = said(tool.invoke(call("cancel_order", {"order": "#10043"})))
    again = said(asyncio.run(tool.ainvoke(call("cancel_order", {"order": "#10043"}))))
    assert (first["status"], again) == ("done", first)
    assert len([each for each in agent.ledger.entries(conversation="c-1") if each.status == "done"]) == 1


def test_arguments_that_don_t_fit_are_told_and_not_raised(agent: Agent) -> None:
    (tool,) = action_tools(agent, conversation="c-1", only=["find_customer"])
    right = {"email": "ada@example.com", "order_number": "10043"}
    for arguments in ({}, {**right, "email": ["x"]}, {"nummer": "#10043"}, {**right, "customer": {"id": "root"}}):
        assert said(tool.invoke(call("find_customer", arguments)))["status"] in {"refused", "failed"}, arguments
    long = said(tool.invoke(call("find_customer", {**right, "email": "9" * 300_000})))
    assert long["error"] == "the arguments are too long"


def test_what_the_documentation_shows_runs(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (root / "docs" / "langchain.md").read_text("utf-8")
    shown = re.findall(r"<!-- langchain -->\n```python\n(.*?)```", page, re.DOTALL)
    assert len(shown) == 3
    monkeypatch.chdir(root)
    exec("\n".join([*shown, "agent.close()"]), {})
    outcome, tools = capsys.readouterr().out.strip().split("\n")
    assert outcome.startswith("Asked ")
    assert tools.startswith("['")
