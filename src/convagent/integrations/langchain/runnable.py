"""The agent as a Runnable of LangChain's, for chains and graphs.

    runnable = AgentRunnable(agent=agent)
    message = runnable.invoke("Where is order #1042?", config={"configurable": {"conversation": "c-17"}})

Importing this module needs the extra `langchain`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForChainRun, CallbackManagerForChainRun
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage
from langchain_core.runnables import Runnable, RunnableConfig, ensure_config

from convagent.agent import Agent
from convagent.conversation import Asked, Turn
from convagent.errors import ConvagentError

__all__ = ["AgentInput", "AgentRunnable"]

AgentInput = str | BaseMessage | Sequence[BaseMessage] | Mapping[str, Any]
"""A customer's message; messages, of which the last is the customer's; or a state with such `messages`, as graphs have it."""


class AgentRunnable(Runnable[AgentInput, AIMessage]):
    """Answers one message of a customer's with one message of the agent's.

    The conversation's id comes with each call, in the config's `configurable.conversation`, and what the caller knows of the
    customer in `configurable.facts`, as for `Agent.reply`: never from the messages, which anybody may have written. What was
    said before stands in the agent's own storage; of a list of messages only the last one is read.

    The message's `response_metadata` hold `conversation`, `outcome`, `needs`, `handover` (None, or who takes over and why),
    `citations` (article and title) and `stamp`; its `usage_metadata` what a chat model took, where one was asked. A turn without
    a reply gives a message without words: look at its outcome.

    Args:
        agent: The agent.
    """

    def __init__(self, *, agent: Agent) -> None:
        self.agent = agent

    def invoke(self, input: AgentInput, config: RunnableConfig | None = None, **kwargs: Any) -> AIMessage:  # noqa: A002 - LangChain's name
        """The reply, whole.

        Raises:
            ConvagentError: `langchain-conversation`: the config names no conversation; `langchain-input`: no customer's message
                was handed in.
        """
        return self._call_with_config(self._invoked, input, config, **kwargs)

    async def ainvoke(self, input: AgentInput, config: RunnableConfig | None = None, **kwargs: Any) -> AIMessage:  # noqa: A002
        """`invoke` for asynchronous callers."""
        return await self._acall_with_config(self._ainvoked, input, config, **kwargs)

    def stream(
        self,
        input: AgentInput,  # noqa: A002
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> Iterator[AIMessage]:
        """The reply piece by piece, each verified before it comes; the last piece holds the metadata.

        Raises:
            ConvagentError: As `invoke`.
        """
        yield from self._transform_stream_with_config(iter([input]), self._streamed, config, **kwargs)

    async def astream(
        self,
        input: AgentInput,  # noqa: A002
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[AIMessage]:
        """`stream` for asynchronous callers."""

        async def inputs() -> AsyncIterator[AgentInput]:
            yield input

        async for piece in self._atransform_stream_with_config(inputs(), self._astreamed, config, **kwargs):
            yield piece

    def _invoked(
        self,
        given: AgentInput,
        run_manager: CallbackManagerForChainRun,  # noqa: ARG002 - there is nothing to report in between
        config: RunnableConfig,
    ) -> AIMessage:
        conversation, facts = _told(config)
        return _message(self.agent.reply(_said(given), conversation=conversation, facts=facts))

    async def _ainvoked(
        self,
        given: AgentInput,
        run_manager: AsyncCallbackManagerForChainRun,  # noqa: ARG002
        config: RunnableConfig,
    ) -> AIMessage:
        conversation, facts = _told(config)
        return _message(await self.agent.areply(_said(given), conversation=conversation, facts=facts))

    def _streamed(
        self,
        inputs: Iterator[AgentInput],
        run_manager: CallbackManagerForChainRun,  # noqa: ARG002
        config: RunnableConfig,
    ) -> Iterator[AIMessage]:
        conversation, facts = _told(config)
        stream = self.agent.stream(_said(next(inputs)), conversation=conversation, facts=facts)
        for piece in stream:
            yield AIMessageChunk(content=piece)
        yield _last(stream.turn)

    async def _astreamed(
        self,
        inputs: AsyncIterator[AgentInput],
        run_manager: AsyncCallbackManagerForChainRun,  # noqa: ARG002
        config: RunnableConfig,
    ) -> AsyncIterator[AIMessage]:
        conversation, facts = _told(config)
        stream = self.agent.astream(_said(await anext(inputs)), conversation=conversation, facts=facts)
        async for piece in stream:
            yield AIMessageChunk(content=piece)
        yield _last(await stream.turn())


def _told(config: RunnableConfig) -> tuple[str, Mapping[str, Any] | None]:
    configurable = ensure_config(config).get("configurable") or {}
    conversation = configurable.get("conversation")
    if not isinstance(conversation, str) or not conversation:
        raise ConvagentError(
            "the config names no conversation", code="langchain-conversation",
            remedy='Call it with config={"configurable": {"conversation": "c-17"}}.',
        )  # fmt: skip
    return conversation, configurable.get("facts")


def _said(given: AgentInput) -> str:
    """The customer's words."""
    if isinstance(given, Mapping):
        given = given.get("messages", ())
    if isinstance(given, str):
        return given
    last = given if isinstance(given, BaseMessage) else (given[-1] if isinstance(given, Sequence) and given else None)
    if not isinstance(last, HumanMessage):
        raise ConvagentError(
            "there is no message of a customer to answer", code="langchain-input",
            remedy="Hand in a text, a HumanMessage, or messages of which the last is one.",
        )  # fmt: skip
    return str(last.text)


def _metadata(turn: Turn) -> dict[str, Any]:
    handover = turn.handover
    return {
        "conversation": turn.conversation,
        "outcome": turn.outcome.name,
        "needs": list(turn.outcome.needs) if isinstance(turn.outcome, Asked) else [],
        "handover": None
        if handover is None
        else {"team": handover.team, "reason": handover.reason, "priority": handover.priority},
        "citations": [{"article_id": each.article_id, "title": each.title} for each in turn.citations],
        "stamp": turn.stamp,
    }


def _usage(turn: Turn) -> Any:
    usage = turn.usage
    if not usage.model_calls:
        return None
    return {
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "total_tokens": usage.input_tokens + usage.output_tokens,
    }


def _message(turn: Turn) -> AIMessage:
    text = turn.reply.text if turn.reply is not None else ""
    return AIMessage(content=text, response_metadata=_metadata(turn), usage_metadata=_usage(turn))


def _last(turn: Turn) -> AIMessageChunk:
    return AIMessageChunk(
        content="", response_metadata=_metadata(turn), usage_metadata=_usage(turn), chunk_position="last"
    )
