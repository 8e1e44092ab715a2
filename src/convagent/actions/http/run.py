"""One call of an HTTP action: the request made from its arguments, repeated where that is safe, the answer judged."""

from __future__ import annotations

import json
import os
import re
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from convagent.actions.context import CallContext
from convagent.actions.http.mapping import mapped, read_json, search
from convagent.actions.http.model import ActionModel, OutcomeModel, ServiceModel
from convagent.actions.http.template import (
    ABSENT,
    Scope,
    Template,
    header_value,
    json_value,
    parse,
    path_part,
    plain_value,
)
from convagent.actions.spec import ActionFailedError, ActionUncertainError
from convagent.errors import ActionError
from convagent.outbound.guard import Guard, Target, redirected, split_url

if TYPE_CHECKING:
    from convagent.outbound.exchange import IncomingAnswer, OutgoingRequest

__all__ = ["Connection", "HttpAction", "ServiceRefusedError", "UrlParts", "url_parts"]

MAX_REDIRECTS = 3
_SHOWN = 300
"""Characters of a service's words that a person is shown."""
_HIDDEN = "•••"
_REPEATED = frozenset({429, 502, 503, 504})
"""Too many requests, or a gateway that may have better luck."""


class ServiceRefusedError(ActionFailedError):
    """The service said no, and why. It was not done."""

    default_code = "action-refused"


@dataclass(frozen=True)
class Connection:
    """What all actions of a file send their requests over.

    Attributes:
        service: As the file says.
        guard: Decides where requests may go.
        environment: Where secrets are read, at each call.
        context: For TLS; the system's certificates by default.
        sleep: Waits between two tries.
    """

    service: ServiceModel
    guard: Guard
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    context: ssl.SSLContext | None = None
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class UrlParts:
    """An address as templates: only the host may hold secrets, only the path values."""

    scheme: str
    host: Template
    path: Template
    query: str


def url_parts(service_url: str, url: str) -> UrlParts:
    """The parts of an action's address.

    Raises:
        ValueError: It isn't absolute after all, or has a placeholder behind the question mark.
    """
    whole = url if "://" in url.split("?", 1)[0] else service_url.rstrip("/") + "/" + url.lstrip("/")
    found = re.fullmatch(r"(https?)://((?:\{\{.*?\}\}|[^/?#{])+)([^?#]*)(?:\?([^#]*))?", whole)
    if found is None:
        raise ValueError("write a whole address, https://…, here or as the service's url")
    if found[4] and "{{" in found[4]:
        raise ValueError("values behind the question mark stand under query")
    return UrlParts(found[1], parse(found[2]), parse(found[3] or "/"), found[4] or "")


@dataclass(frozen=True)
class HttpAction:
    """An action that calls a service, as the model says."""

    name: str
    model: ActionModel
    result: Any
    connection: Connection

    def run(self, arguments: Mapping[str, Any], context: CallContext) -> Any:
        """Calls the service.

        Returns:
            The result in the shape of its type; None where the service has nothing.

        Raises:
            ServiceRefusedError: The service said no.
            ActionFailedError: It was not done.
            ActionUncertainError: A write may have been done.
        """
        seconds = self.model.timeout_seconds or self.connection.service.timeout_seconds
        until = time.monotonic() + (seconds if context.seconds is None else min(seconds, context.seconds))
        scope = Scope({**arguments, **_roots(context)}, self.connection.environment)
        try:
            request = self._request(scope, context)
            answer = self._answer(request, until, context)
        except ActionError as error:
            raise self._broken(error, scope) from None
        return self._judged(answer, scope)

    # ---- asking
    def _request(self, scope: Scope, context: CallContext) -> OutgoingRequest:
        from convagent.outbound.exchange import OutgoingRequest

        asked, service = self.model.request, self.connection.service
        parts = url_parts(service.url, asked.url)
        host = plain_value(parts.host, scope) or ""
        target = split_url(f"{parts.scheme}://{host}{path_part(parts.path, scope)}")
        pairs = [(name, text) for name, value in asked.query.items() for text in _texts(value, scope)]
        query = "&".join(part for part in (parts.query, urlencode(pairs, quote_via=quote, safe="")) if part)
        if query:
            target = Target(target.scheme, target.host, target.port, f"{target.path}?{query}")
        headers = {
            "Host": target.authority, "Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "convagent",
            "Connection": "close",
        }  # fmt: skip
        body = b""
        if asked.json_body is not None:
            headers["Content-Type"] = "application/json"
            body = _json_bytes(json_value(asked.json_body, scope))
        elif asked.form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            pairs = [(name, text) for name, value in asked.form.items() for text in _texts(value, scope)]
            body = urlencode(pairs, quote_via=quote, safe="").encode("ascii")
        elif asked.graphql is not None:
            headers["Content-Type"] = "application/json"
            body = _json_bytes({"query": asked.graphql, "variables": json_value(asked.variables, scope)})
        for name, template in {**service.headers, **asked.headers}.items():
            value = header_value(parse(template), scope)
            if value is not None:
                headers[name] = value
        if self.model.idempotent and self.model.idempotency_header and context.idempotency_key:
            headers[self.model.idempotency_header] = context.idempotency_key
        if body or asked.method != "GET":
            headers["Content-Length"] = str(len(body))
        return OutgoingRequest(asked.method, target, tuple(headers.items()), body)

    def _answer(self, request: OutgoingRequest, until: float, context: CallContext) -> IncomingAnswer:
        """The answer, after the tries that are safe."""
        from convagent.outbound.exchange import BrokenExchangeError, exchange

        write = self.model.kind == "write"
        safe = not write or (self.model.idempotent and bool(context.idempotency_key))
        followed = 0
        tries = 0
        while True:
            pause = 0.25 * 2.0**tries
            try:
                answer = exchange(
                    request, guard=self.connection.guard, until=until, context=self.connection.context,
                    max_bytes=self.model.max_bytes or self.connection.service.max_bytes,
                )  # fmt: skip
            except BrokenExchangeError as error:
                if tries >= self.model.retries or (error.sent and not safe) or time.monotonic() + pause >= until:
                    raise
            else:
                location = answer.headers.get("location")
                if location and answer.status in {301, 302, 303, 307, 308} and not write and request.method == "GET":
                    followed += 1
                    if followed > MAX_REDIRECTS:
                        raise ActionFailedError("the service sends from one address to the next")
                    request = _redirected(request, location)
                    continue
                # 429 says that it was not done; the others may come from a gateway before or behind the work.
                again = answer.status in _REPEATED and (safe or answer.status == 429)
                pause = max(pause, _retry_after(answer.headers))
                if not again or tries >= self.model.retries or time.monotonic() + pause >= until:
                    return answer
            tries += 1
            self.connection.sleep(pause)

    # ---- judging
    def _broken(self, error: ActionError, scope: Scope) -> ActionError:
        """An error as the call's end: what may have left makes a write uncertain."""
        told = _clean(error.message, scope)
        if self.model.kind == "write" and getattr(error, "sent", False):
            return ActionUncertainError(told)
        return ActionFailedError(told, code=error.code, remedy=error.remedy)

    def _judged(self, answer: IncomingAnswer, scope: Scope) -> Any:
        data, fault = None, answer.fault
        if answer.body is not None and answer.body.strip():
            try:
                data = _redacted(read_json(answer.body), _hidden(scope))
            except ActionError as error:
                fault = error.message
        well = 200 <= answer.status < 300
        write = self.model.kind == "write"
        decides = self.model.request.graphql is not None or any(rule.when for rule in self.model.outcomes)
        try:
            rule = next((rule for rule in self.model.outcomes if _fits(rule, answer.status, data, fault=fault)), None)
        except ActionError as error:
            raise self._end(error.message) from None
        if rule is not None:
            return self._by_rule(rule, data, scope)
        if well and fault and (decides or not write):
            raise self._end(fault)
        if self.model.request.graphql is not None and well:
            self._graphql_faults(data, scope)
        if well:
            return self._result(data, fault)
        told = f"{self.connection.service.name or self.name} answered {answer.status}"
        if write and (answer.status >= 500 or answer.status == 408 or 300 <= answer.status < 400):
            raise ActionUncertainError(told)
        raise ActionFailedError(told)

    def _by_rule(self, rule: OutcomeModel, data: Any, scope: Scope) -> Any:
        if rule.means == "done":
            return self._result(data, "")
        if rule.means == "none":
            return None
        words = [rule.text]
        if rule.text_from is not None:
            try:
                found = search(rule.text_from, data)
            except ActionError:
                found = None
            if isinstance(found, list):
                found = "; ".join(str(item) for item in found[:5])
            words.append("" if found is None else str(found))
        told = _clean(": ".join(word for word in words if word) or "it said no more", scope)
        if rule.means == "refused":
            raise ServiceRefusedError(told)
        if rule.means == "uncertain" and self.model.kind == "write":
            raise ActionUncertainError(told)
        raise ActionFailedError(told)

    def _graphql_faults(self, data: Any, scope: Scope) -> None:
        """Errors of GraphQL: without data nothing ran; beside data, a part of it may have."""
        if not isinstance(data, Mapping) or not ("data" in data or "errors" in data):
            raise self._end("the answer is not one of GraphQL")
        errors = data.get("errors")
        if not errors:
            return
        messages = search("errors[].message", data) or []
        told = _clean("; ".join(str(message) for message in messages[:5]) or "errors without a message", scope)
        ran = self.model.kind == "write" and data.get("data") is not None
        raise ActionUncertainError(told) if ran else ActionFailedError(told)

    def _result(self, data: Any, fault: str) -> Any:
        if fault:
            return _Unreadable(fault)
        try:
            return mapped(data, self.model.result, self.result)
        except ActionError as error:
            if self.model.kind == "lookup":
                raise ActionFailedError(error.message) from None
            return _Unreadable(error.message)

    def _end(self, told: str) -> ActionError:
        """What an answer that says nothing clear comes to."""
        return ActionUncertainError(told) if self.model.kind == "write" else ActionFailedError(told)


@dataclass(frozen=True)
class _Unreadable:
    """Stands for a result that can't be read though the write was done: it fits no type, and says why."""

    why: str


def _roots(context: CallContext) -> dict[str, Any]:
    call = {
        "key": context.idempotency_key or None, "conversation": context.conversation, "now": context.now,
        "today": context.now.date(), "customer": context.customer,
    }  # fmt: skip
    return {"call": call}


def _texts(value: Any, scope: Scope) -> list[str]:
    """The texts that a value of a query or form comes to: none for what is absent, several for a list."""
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in _texts(item, scope)]
    if not isinstance(value, str):
        return ["true" if value is True else "false" if value is False else str(value)]
    template = parse(value)
    sole = template.sole
    found = scope.read(sole) if sole is not None else None
    if isinstance(found, (list, tuple)) and sole is not None:
        return [text for item in found for text in _texts("{{ item }}", scope.inside(item))]
    text = plain_value(template, scope)
    return [] if text is None else [text]


def _json_bytes(value: Any) -> bytes:
    return json.dumps(
        {} if value is ABSENT else value, ensure_ascii=True, separators=(",", ":"), allow_nan=False
    ).encode()


def _redirected(request: OutgoingRequest, location: str) -> OutgoingRequest:
    from convagent.outbound.exchange import OutgoingRequest

    target = redirected(request.target, location)
    kept = {"Accept", "Accept-Encoding", "User-Agent", "Connection"} if target.origin != request.target.origin else None
    headers = {name: value for name, value in request.headers if kept is None or name in kept}
    return OutgoingRequest(request.method, target, tuple({**headers, "Host": target.authority}.items()))


def _retry_after(headers: Mapping[str, str]) -> float:
    """Seconds that the service wants us to wait; a day is reckoned from the answer's own Date."""
    from email.utils import parsedate_to_datetime

    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d{1,3})?", text):
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - parsedate_to_datetime(headers["date"])).total_seconds())
    except (KeyError, TypeError, ValueError):
        return 0.0


def _fits(rule: OutcomeModel, status: int, data: Any, *, fault: str) -> bool:
    wanted = rule.status if isinstance(rule.status, tuple) else (rule.status,)
    if wanted and not any(each == status or each == f"{status // 100}xx" for each in wanted):
        return False
    if rule.when is None:
        return True
    if fault:
        return False
    found = search(rule.when, data)
    return found not in (None, False, "", [], {}) or (isinstance(found, (int, Decimal)) and not isinstance(found, bool))


def _hidden(scope: Scope) -> tuple[str, ...]:
    """Secrets of the call, long ones first; shorter ones than four characters hide nothing and would spoil every text."""
    return tuple(sorted((secret for secret in scope.secrets if len(secret) >= 4), key=len, reverse=True))


def _redacted(value: Any, secrets: tuple[str, ...]) -> Any:
    """The value without the secrets that went out: some services send back what they were sent."""
    if not secrets:
        return value
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, _HIDDEN)
        return value
    if isinstance(value, list):
        return [_redacted(item, secrets) for item in value]
    if isinstance(value, dict):
        return {key: _redacted(item, secrets) for key, item in value.items()}
    return value


def _clean(text: str, scope: Scope) -> str:
    """Words of a service as a record shows them: one line, not long, no secrets."""
    flat = re.sub(r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]+", " ", text).strip()
    shown: str = _redacted(flat, _hidden(scope))
    return shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"
