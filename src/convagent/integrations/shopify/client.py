"""Calls of the Admin GraphQL API: guarded, bounded, patient with throttling, and honest about what is not known."""

from __future__ import annotations

import json
import os
import re
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from convagent.actions import ActionFailedError, ActionUncertainError
from convagent.actions.http.mapping import read_json
from convagent.actions.http.run import ServiceRefusedError
from convagent.errors import ActionError
from convagent.integrations.shopify.operations import API_VERSION, OPERATIONS, Operation
from convagent.outbound.guard import Guard, Resolver, Target, split_url

__all__ = ["ShopifyClient", "UserError"]

_DOMAIN = re.compile(r"^[a-z0-9][a-z0-9-]{0,61}\.myshopify\.com$")
_MAX_BYTES = 4_000_000
_PAUSE = 0.5
_NOT_BEGUN = frozenset({"ACCESS_DENIED", "SHOP_INACTIVE", "MAX_COST_EXCEEDED"})
"""Errors that keep a mutation from being run, though there is data beside them."""


@dataclass(frozen=True, slots=True)
class UserError:
    """What Shopify says is wrong with a request. Nothing was done."""

    message: str
    field: tuple[str, ...] = ()
    code: str = ""


@dataclass(frozen=True)
class ShopifyClient:
    """Sends documents to one shop.

    Attributes:
        url: Of the Admin GraphQL API.
        token: Access token of an app with the scopes that docs/shopify.md names.
        guard: Decides where requests may go.
        timeout_seconds: For a call, repeats included.
        tries: How often a throttled call, or a query that got no answer, is sent at most.
        context: For TLS.
        sleep: Waits between two tries.
    """

    url: Target
    token: str = field(repr=False)
    guard: Guard
    timeout_seconds: float = 20.0
    tries: int = 4
    context: ssl.SSLContext | None = None
    sleep: Callable[[float], None] = time.sleep

    @classmethod
    def of(
        cls, domain: str, token: str, *, resolve: Resolver | None = None, timeout_seconds: float = 20.0
    ) -> ShopifyClient:
        """A client for a shop.

        Args:
            domain: Such as `wrenfold.myshopify.com`.
            token: Access token of the app.
            resolve: Gives a host's addresses; the system's resolver by default.
            timeout_seconds: For a call.

        Raises:
            ActionError: `shopify-domain` or `shopify-token` when one of them can't be one.
        """
        if not _DOMAIN.match(domain):
            raise ActionError(
                f"{domain!r} is no Shopify domain", code="shopify-domain", remedy="Write it as my-shop.myshopify.com."
            )
        if not re.fullmatch(r"[\x21-\x7e]{8,500}", token):
            raise ActionError("the access token can't be one", code="shopify-token", remedy="Set SHOPIFY_ACCESS_TOKEN.")
        url = split_url(f"https://{domain}/admin/api/{API_VERSION}/graphql.json")
        return cls(url, token, Guard.of((domain,), (), resolve), timeout_seconds=timeout_seconds)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> ShopifyClient:
        """A client from `SHOPIFY_DOMAIN` and `SHOPIFY_ACCESS_TOKEN`.

        Raises:
            ActionError: One of them is missing or can't be one.
        """
        values = os.environ if environment is None else environment
        return cls.of(values.get("SHOPIFY_DOMAIN", ""), values.get("SHOPIFY_ACCESS_TOKEN", ""))

    def run(self, name: str, variables: Mapping[str, Any]) -> Any:
        """Sends a document; gives what stands under its field.

        Raises:
            ServiceRefusedError: Shopify found something wrong with the request; nothing was done.
            ActionFailedError: It was not done.
            ActionUncertainError: A mutation may have been done.
        """
        payload, errors = self.attempt(name, variables)
        if errors:
            raise ServiceRefusedError("; ".join(error.message for error in errors[:5]))
        return payload

    def attempt(self, name: str, variables: Mapping[str, Any]) -> tuple[Any, tuple[UserError, ...]]:
        """`run`, with user errors given back rather than raised."""
        operation = OPERATIONS[name]
        data = self._data(operation, variables)
        payload = data.get(operation.field)
        if operation.kind == "query":
            beside = {"shop": data["shop"]} if "shop" in data and operation.field != "shop" else {}
            return ({**payload, **beside} if isinstance(payload, dict) else payload), ()
        if not isinstance(payload, dict):
            raise ActionUncertainError(f"Shopify said nothing about {operation.field}")
        return payload, tuple(_user_error(error) for error in payload.get(operation.errors) or ())

    def _data(self, operation: Operation, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        from convagent.outbound.exchange import BrokenExchangeError

        until = time.monotonic() + self.timeout_seconds
        body = json.dumps(
            {"query": operation.document, "variables": dict(variables), "operationName": operation.name}
        ).encode()
        for number in range(1, self.tries + 1):
            pause = _PAUSE * 2.0 ** (number - 1)
            try:
                status, data = self._send(body, until)
            except BrokenExchangeError as error:
                if operation.kind == "mutation" and error.sent:
                    raise ActionUncertainError(f"Shopify gave no answer to {operation.name}") from None
                told = f"Shopify gave no answer to {operation.name}"
            else:
                throttled = _throttled(status, data)
                if throttled is None:
                    return _read(operation, status, data)
                pause, told = max(throttled, 0.1), "Shopify takes no more requests for now"
            if number == self.tries or time.monotonic() + pause >= until:
                raise ActionFailedError(told)
            self.sleep(pause)
        raise ActionFailedError("Shopify was never asked")

    def _send(self, body: bytes, until: float) -> tuple[int, Any]:
        from convagent.outbound.exchange import OutgoingRequest, exchange

        headers = (
            ("Host", self.url.authority), ("Content-Type", "application/json"), ("Accept", "application/json"),
            ("Accept-Encoding", "gzip"), ("User-Agent", "convagent"), ("Connection", "close"),
            ("X-Shopify-Access-Token", self.token), ("Content-Length", str(len(body))),
        )  # fmt: skip
        answer = exchange(
            OutgoingRequest("POST", self.url, headers, body), guard=self.guard, until=until, max_bytes=_MAX_BYTES,
            context=self.context,
        )  # fmt: skip
        if answer.body is None:
            return answer.status, None
        try:
            return answer.status, read_json(answer.body)
        except ActionError:
            return answer.status, None


def _throttled(status: int, data: Any) -> float | None:
    """Seconds until there is room again, None when the call was not throttled. A throttled call did nothing."""
    if status != 429 and "THROTTLED" not in _codes(data):
        return None
    try:
        cost = data["extensions"]["cost"]
        missing = float(cost["requestedQueryCost"]) - float(cost["throttleStatus"]["currentlyAvailable"])
        return min(30.0, max(0.0, missing / float(cost["throttleStatus"]["restoreRate"])))
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return 1.0


def _errors(data: Any) -> list[Mapping[str, Any]]:
    errors = data.get("errors") if isinstance(data, dict) else None
    if isinstance(errors, list):
        return [error if isinstance(error, dict) else {"message": str(error)} for error in errors]
    return [{"message": str(errors)}] if errors else []


def _codes(data: Any) -> set[str]:
    """Codes of the errors; an empty text for one without."""
    extensions = (error.get("extensions") for error in _errors(data))
    return {str(each.get("code", "")) if isinstance(each, dict) else "" for each in extensions}


def _read(operation: Operation, status: int, data: Any) -> Mapping[str, Any]:
    """The data of an answer.

    Errors beside data mean that a part of a mutation may have been done; errors without data, that nothing was.
    """
    mutation = operation.kind == "mutation"
    errors, found = _errors(data), data.get("data") if isinstance(data, dict) else None
    if errors:
        told = "; ".join(str(error.get("message", "")) for error in errors[:5])[:300]
        codes = _codes(data)
        if "MAX_COST_EXCEEDED" in codes and codes <= _NOT_BEGUN:
            raise _too_costly(operation, errors)
        same = any(code.startswith("IDEMPOTENCY_") for code in codes)  # another request under this key is known
        begun = status >= 500 or same or "INTERNAL_SERVER_ERROR" in codes or (found and not codes <= _NOT_BEGUN)
        raise ActionUncertainError(told) if mutation and begun else ActionFailedError(told)
    if not isinstance(found, dict):
        told = f"Shopify answered {operation.name} with {status} and no data"
        # 4xx refuses before anything is run: a wrong token, a shop that is frozen
        raise ActionUncertainError(told) if mutation and not 400 <= status < 500 else ActionFailedError(told)
    return found


def _too_costly(operation: Operation, errors: list[Mapping[str, Any]]) -> ActionFailedError:
    """Shopify reckons a request before it is run: one that asks for too much was not begun, and never will be."""
    told: Mapping[str, Any] = next(
        (each["extensions"] for each in errors if "MAX_COST_EXCEEDED" in _codes({"errors": [each]})), {}
    )
    cost, most = str(told.get("cost", "too many"))[:20], str(told.get("maxCost", "1000"))[:20]
    return ActionFailedError(
        f"Shopify didn't begin {operation.name}: it asks for {cost} points, and {most} are allowed at once",
        code="shopify-query-cost",
        remedy="Waiting doesn't help: the document asks for too much at once. Make its pages smaller, and report it.",
    )


def _user_error(error: Any) -> UserError:
    if not isinstance(error, dict):
        return UserError("an error without words")
    path = error.get("field")
    where = tuple(str(part) for part in path) if isinstance(path, list) else ()
    return UserError(str(error.get("message") or "no reason given")[:300], where, str(error.get("code") or ""))
