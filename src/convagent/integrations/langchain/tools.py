"""A shop's actions as tools of LangChain's. Every call goes through the preconditions and the ledger, as in a conversation.

    tools = action_tools(agent, conversation="c-17", facts={"customer_token": token})
    model.bind_tools(tools)

Importing this module needs the extra `langchain`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from typing import Any
from uuid import uuid4

from langchain_core.tools import BaseTool
from pydantic import ConfigDict, Field
from pydantic_core import to_jsonable_python

from convagent.actions import ActionSpec, Confirmation
from convagent.actions.export import parameters_schema
from convagent.actions.redaction import redacted
from convagent.agent import Agent
from convagent.errors import ActionError, ConvagentError

__all__ = ["Confirm", "action_tools"]

Confirm = Callable[[str, Mapping[str, Any]], bool]
"""Shows the customer a write with exactly these arguments, and says whether they said yes."""

MAX_ARGUMENTS = 200_000
"""Characters of a call's arguments in JSON; more are refused unread."""

_CALL: ContextVar[str] = ContextVar("langchain_tool_call", default="")
"""The id of the tool call that is under way."""


def action_tools(
    agent: Agent,
    *,
    conversation: str,
    facts: Mapping[str, Any] | None = None,
    only: Iterable[str] | None = None,
    writes: bool = False,
    confirm: Confirm | None = None,
) -> list[BaseTool]:
    """The shop's look-ups, and its writes where that is allowed, as tools for one conversation.

    A tool answers in JSON: `status` (done, failed, refused, uncertain), `result`, `error`, `reason`. Nothing is raised for what
    the shop refuses: the model that called reads it. Secrets are left out of results. Who the customer is comes from `facts`
    alone, never from what a model writes.

    Args:
        agent: Whose shop it is.
        conversation: Under which id the ledger keeps what is done.
        facts: Who calls, as for `Agent.act`; the customer is anonymous unless proven there.
        only: Names of the actions to offer; all by default.
        writes: Whether actions that change something are offered, too.
        confirm: Asks the customer before a write that demands it. Without it such a write is refused.

    Raises:
        ActionError: `action-unknown`, a name that the shop doesn't have; `action-write`, a write is named and writes aren't
            allowed; `action-export`, a parameter's type has no schema.
    """
    registry = agent.shop.registry
    known = {spec.name: spec for spec in registry}
    names = list(known) if only is None else list(only)
    if unknown := sorted(set(names) - set(known)):
        raise ActionError(f"there is no action called {', '.join(unknown)}", code="action-unknown")
    changing = sorted(name for name in names if known[name].kind == "write")
    if only is not None and changing and not writes:
        raise ActionError(
            f"{', '.join(changing)} changes something, and writes aren't allowed", code="action-write",
            remedy="action_tools(…, writes=True) offers it.",
        )  # fmt: skip
    return [
        _ActionTool(
            name=name, description=known[name].description or name, args_schema=parameters_schema(known[name]),
            spec=known[name], agent=agent, conversation=conversation, facts=dict(facts or {}), confirm=confirm,
        )
        for name in names
        if writes or known[name].kind != "write"
    ]  # fmt: skip


class _ActionTool(BaseTool):
    """One action as a tool."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    spec: ActionSpec = Field(exclude=True, repr=False)
    agent: Agent = Field(exclude=True, repr=False)
    conversation: str
    facts: dict[str, Any] = Field(default_factory=dict, exclude=True, repr=False)
    confirm: Confirm | None = Field(default=None, exclude=True, repr=False)

    def run(self, tool_input: str | dict[str, Any], *args: Any, tool_call_id: str | None = None, **kwargs: Any) -> Any:
        """Notes the tool call's id, under which the ledger keeps an effect: a call that is made again is one effect."""
        token = _CALL.set(tool_call_id or "")
        try:
            return super().run(tool_input, *args, tool_call_id=tool_call_id, **kwargs)
        finally:
            _CALL.reset(token)

    async def arun(
        self, tool_input: str | dict[str, Any], *args: Any, tool_call_id: str | None = None, **kwargs: Any
    ) -> Any:
        """`run` for asynchronous callers."""
        token = _CALL.set(tool_call_id or "")
        try:
            return await super().arun(tool_input, *args, tool_call_id=tool_call_id, **kwargs)
        finally:
            _CALL.reset(token)

    def _run(self, **arguments: Any) -> str:
        try:
            return self._acted(arguments)
        except ConvagentError as error:
            return _told("failed", error=f"{error.code}: {error.message}")

    def _acted(self, arguments: Mapping[str, Any]) -> str:
        if len(json.dumps(arguments, default=str)) > MAX_ARGUMENTS:
            return _told("refused", error="the arguments are too long")
        said = None
        if self.spec.kind == "write" and (self.spec.confirm or self.spec.confirm_above is not None) and self.confirm:
            shown_at = self.agent.now()
            if not self.confirm(self.spec.name, dict(arguments)):
                return _told("refused", error="confirmation: the customer did not confirm this")
            said = Confirmation.of(
                self.spec.name, arguments, by=self.conversation, at=self.agent.now(), shown_at=shown_at
            )
        effect = f"{self.conversation}/{self.spec.name}/{_CALL.get() or uuid4().hex}"
        result = self.agent.act(
            self.spec.name, arguments, conversation=self.conversation, effect=effect, facts=self.facts, confirmed=said
        ).result
        return _told(result.status, result.value, result.error, result.reason)


def _told(status: str, value: Any = None, error: str = "", reason: str = "") -> str:
    """What came of a call, in JSON without secrets."""
    plain = redacted(to_jsonable_python(value, exclude_none=True, fallback=str, inf_nan_mode="strings"))
    told = {"status": status, "result": plain, "error": error, "reason": reason}
    return json.dumps(told, ensure_ascii=False, default=str)
