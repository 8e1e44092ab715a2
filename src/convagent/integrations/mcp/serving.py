"""A shop's actions as an MCP server. Every call goes through the preconditions and the ledger, as in a conversation.

A caller is anonymous until a signed customer token says otherwise; it stands in the request's `_meta`, under
`convagent/customer_token`. A write that demands a confirmation is put before the client's user (elicitation), with exactly
the arguments that were given; a client that can't ask its user can't write. That the user was asked is the client's word:
serve writes to clients that you trust with it.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from pydantic_core import to_jsonable_python

from convagent.actions import ActionSpec, Confirmation
from convagent.actions.confirmation import call_hash
from convagent.actions.export import mcp_tools
from convagent.actions.redaction import redacted
from convagent.agent import Agent
from convagent.errors import ActionError, ConvagentError
from convagent.integrations.mcp.extra import needed

__all__ = ["KEY", "TOKEN", "mcp_server"]

TOKEN = "convagent/customer_token"  # noqa: S105 - the name of a field
KEY = "convagent/idempotency_key"
"""In `_meta`: the same for every retry of one write that needs no confirmation."""

MAX_ARGUMENTS = 200_000
"""Characters of a call's arguments in JSON; more are refused unread."""

MODERN = "2026-07-28"
"""The revision from which on a server asks by giving the call back, and not while it runs."""

_ANSWER = {"type": "object", "properties": {"confirm": {"type": "boolean", "description": "Do exactly this"}},
           "required": ["confirm"]}  # fmt: skip
_RESULT = {
    "type": "object",
    "properties": {
        "status": {"enum": ["done", "failed", "refused", "uncertain"]}, "result": {}, "error": {"type": "string"},
        "reason": {"type": "string"},
    },
    "required": ["status", "result", "error", "reason"],
}  # fmt: skip


def mcp_server(
    agent: Agent, *, only: Iterable[str] | None = None, name: str | None = None, conversation: str | None = None
) -> Any:
    """A server of the package `mcp` (`mcp.server.Server`) that offers the shop's actions as tools.

        mcp_server(agent).streamable_http_app()      # an ASGI app
        asyncio.run(serve_stdio(agent))              # or over standard input and output: convagent.integrations.mcp.stdio

    Args:
        agent: Whose shop it is.
        only: Names of the actions to offer; all of them by default.
        name: What the server calls itself; the shop's name by default.
        conversation: Under which id the ledger keeps what is done; one of its own for each server by default.

    Raises:
        MissingExtraError: The package `mcp` isn't installed.
        ActionError: `action-unknown` for a name that the shop doesn't have.
    """
    server, types = needed("mcp.server"), needed("mcp_types")
    registry = agent.shop.registry
    names = {spec.name for spec in registry} if only is None else set(only)
    if unknown := sorted(names - {spec.name for spec in registry}):
        raise ActionError(f"there is no action called {', '.join(unknown)}", code="action-unknown")
    offered = {spec.name: spec for spec in registry if spec.name in names}
    tools = [types.Tool.model_validate({**tool, "outputSchema": _RESULT}) for tool in mcp_tools(offered.values())]
    desk = _Desk(agent, types, conversation or f"mcp-{uuid4().hex}", secrets.token_bytes(32))

    async def list_tools(_context: Any, _params: Any) -> Any:
        return types.ListToolsResult(tools=tools)

    async def call_tool(context: Any, params: Any) -> Any:
        spec = offered.get(params.name)
        if spec is None:
            return desk.told("refused", error=f"there is no tool called {params.name[:80]}")
        try:
            return await desk.call(spec, context, params)
        except ConvagentError as error:
            return desk.told("failed", error=f"{error.code}: {error.message}")

    made: Any = server.Server(
        name or agent.shop.settings.shop.name, on_list_tools=list_tools, on_call_tool=call_tool,
        instructions="Actions of a shop. Writes need a proven customer and their user's confirmation.",
    )  # fmt: skip
    return made


@dataclass(frozen=True)
class _Desk:
    """Takes calls.

    Attributes:
        agent: Whose shop it is.
        types: The protocol's types.
        conversation: The ledger's id for what is done here.
        key: Signs what a client carries between a question and its answer.
    """

    agent: Agent
    types: Any
    conversation: str
    key: bytes

    async def call(self, spec: ActionSpec, context: Any, params: Any) -> Any:
        """One call of a tool; asks the client's user first where the action demands it."""
        arguments, meta = dict(params.arguments or {}), dict(context.meta or {})
        if len(json.dumps(arguments, default=str)) > MAX_ARGUMENTS:
            return self.told("refused", error="the arguments are too long")
        token = meta.get(TOKEN)
        facts = {} if token is None else {"customer_token": token}
        effect, said = str(meta.get(KEY) or uuid4().hex), None
        demanded = spec.kind == "write" and (spec.confirm or spec.confirm_above is not None)
        if demanded and (token is not None or spec.requires == "anonymous"):
            asked = await self.asked(spec, arguments, context, params)
            if not isinstance(asked, _Yes):
                return asked
            effect = asked.nonce
            said = Confirmation("the user of an MCP client", self.now(), asked.call, asked.shown_at)

        def act() -> Any:
            return self.agent.act(
                spec.name, arguments, conversation=self.conversation, facts=facts, confirmed=said, effect=effect
            )

        result = (await asyncio.to_thread(act)).result
        return self.told(result.status, _plain(result.value), result.error, result.reason)

    async def asked(self, spec: ActionSpec, arguments: Mapping[str, Any], context: Any, params: Any) -> Any:
        """The user's yes, or what is given back to the client instead."""
        question = "\n".join([f"{spec.description or spec.name} Do exactly this?", *_lines(spec.name, arguments)])
        form = self.types.ElicitRequestFormParams(message=question, requested_schema=_ANSWER)
        call = call_hash(spec.name, arguments)
        if context.protocol_version >= MODERN:
            state = self.opened(getattr(params, "request_state", None))
            answer = (getattr(params, "input_responses", None) or {}).get("confirm")
            if answer is None or state is None or state.call != call:  # never asked, or asked about something else
                shown = _Yes(call, self.now(), uuid4().hex)
                return self.types.InputRequiredResult(
                    input_requests={"confirm": self.types.ElicitRequest(params=form)}, request_state=self.sealed(shown)
                )
        else:
            state = _Yes(call, self.now(), uuid4().hex)
            try:
                answer = await context.session.elicit_form(question, _ANSWER, related_request_id=context.request_id)
            except Exception:  # noqa: BLE001 - a client that can't ask is one that didn't
                return self.told("refused", error="confirmation: this client can't ask its user")
        content = getattr(answer, "content", None) or {}
        if getattr(answer, "action", "") != "accept" or content.get("confirm") is not True:
            return self.told("refused", error="confirmation: the user did not confirm this")
        return state

    def now(self) -> datetime:
        """The shop's moment."""
        return self.agent.now()

    def sealed(self, yes: _Yes) -> str:
        """What was asked and when, signed, for the client to carry."""
        text = json.dumps([yes.call, yes.shown_at.isoformat(), yes.nonce])
        return f"{text}|{hmac.new(self.key, text.encode(), hashlib.sha256).hexdigest()}"

    def opened(self, state: object) -> _Yes | None:
        """What `sealed` wrote; None for anything else."""
        if not isinstance(state, str) or len(state) > 1_000:
            return None
        text, _, mark = state.rpartition("|")
        if not hmac.compare_digest(hmac.new(self.key, text.encode(), hashlib.sha256).hexdigest(), mark):
            return None
        call, shown_at, nonce = json.loads(text)
        return _Yes(call, datetime.fromisoformat(shown_at), nonce)

    def told(self, status: str, result: Any = None, error: str = "", reason: str = "") -> Any:
        """What came of a call, as the protocol tells it."""
        data = {"status": status, "result": result, "error": error, "reason": reason}
        text = self.types.TextContent(type="text", text=json.dumps(data, ensure_ascii=False, default=str))
        return self.types.CallToolResult(content=[text], structured_content=data, is_error=status != "done")


@dataclass(frozen=True, slots=True)
class _Yes:
    """What the user was asked: about which call, when; the nonce makes one effect of one question."""

    call: str
    shown_at: datetime
    nonce: str


def _lines(name: str, arguments: Mapping[str, Any]) -> list[str]:
    """Every argument on a line, so that nothing is confirmed unseen."""
    return [
        f"  {name}",
        *(f"  {key}: {json.dumps(value, ensure_ascii=False, default=str)}" for key, value in arguments.items()),
    ]


def _plain(value: Any) -> Any:
    """A result in plain JSON, without secrets."""
    fallback: Callable[[Any], Any] = str
    return redacted(to_jsonable_python(value, exclude_none=True, fallback=fallback, inf_nan_mode="strings"))
