"""The proofs that a shop's settings ask for: tokens for the caller's facts, look-ups for guidance."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from convagent.actions.call import call_action
from convagent.actions.context import CallContext
from convagent.actions.declare import action
from convagent.actions.identity.by_code import CodeProof
from convagent.actions.identity.by_order import OrderProof
from convagent.actions.identity.proof import Proof
from convagent.actions.identity.settings import CodeSettings, IdentitySettings, OrderSettings
from convagent.actions.identity.token import TokenProof
from convagent.actions.registry import ActionRegistry
from convagent.actions.spec import ActionFailedError, ActionSpec
from convagent.errors import ShopError
from convagent.facts import Customer

__all__ = ["CodeDesk", "OrderDesk", "add_identity", "identity_proofs"]

_LEAST_SECRET = 16


def add_identity(registry: ActionRegistry, settings: IdentitySettings) -> None:
    """Adds the look-ups and actions that prove who writes, over the shop's own.

    Raises:
        ShopError: `identity-lookup` when a look-up or action that the settings name can't be used.
        ActionError: The shop has an action of the same name.
    """
    if settings.order is not None:
        registry.add_from(OrderDesk(settings.order, _lookup(registry, settings.order.lookup)))
    if settings.code is not None:
        send = registry.get(settings.code.send)
        if send is None or send.kind != "write" or send.requires != "anonymous" or send.confirm:
            raise _unusable(
                settings.code.send, 'It is declared @action(kind="write", requires="anonymous", confirm=False).'
            )
        if {parameter.name for parameter in send.parameters} != {"email", "code"}:
            raise _unusable(settings.code.send, "It takes `email` and `code`.")
        registry.add_from(CodeDesk(settings.code, _lookup(registry, settings.code.lookup), send))


def identity_proofs(settings: IdentitySettings, own: Iterable[Proof] = ()) -> tuple[Proof, ...]:
    """What reads the evidence in a call's facts: the shop's own proofs, then signed tokens.

    Raises:
        ShopError: `identity-secret` when a secret is missing in the environment, or too short.
    """
    if settings.code is not None:
        _code_secret(settings.code)
    return (*own, *((TokenProof(settings.token),) if settings.token is not None else ()))


class OrderDesk:
    """Proof by order number, as guidance names it.

    Args:
        settings: The section `[identity.order]`.
        lookup: The shop's own look-up.
    """

    def __init__(self, settings: OrderSettings, lookup: ActionSpec) -> None:
        self._settings, self._lookup = settings, lookup

    @action(kind="lookup", proves=True)
    def verify_order(
        self, order_number: str, context: CallContext, email: str | None = None, postcode: str | None = None
    ) -> Customer | None:
        """The customer who placed an order, proven by the e-mail address or postcode that belongs to it.

        Args:
            order_number: The order's number.
            email: The e-mail address that it was placed with.
            postcode: Of the address on the account.
            context: Handed in by the engine.
        """
        proof = OrderProof(self._settings, lambda number: _asked(self._lookup, number, context))
        evidence = {"order_number": order_number, "email": email, "postcode": postcode}
        return proof.prove(
            evidence, conversation=context.conversation, now=context.now, storage=context.storage
        ).customer  # fmt: skip


class CodeDesk:
    """Proof by a one-time code, as guidance names it.

    Args:
        settings: The section `[identity.code]`.
        lookup: The shop's own look-up by e-mail address.
        send: The shop's own way to send a code.
    """

    def __init__(self, settings: CodeSettings, lookup: ActionSpec, send: ActionSpec) -> None:
        self._settings, self._lookup, self._send = settings, lookup, send

    @action(kind="write", requires="anonymous", confirm=False)
    def send_code(self, email: str, context: CallContext) -> None:
        """Sends a one-time code to the e-mail address of an account. Whether there is one is never told.

        Args:
            email: The e-mail address of the account.
            context: Handed in by the engine.
        """
        if context.storage is None:
            raise ActionFailedError("codes can't be kept here")
        self._proof(context).begin(email, conversation=context.conversation, now=context.now, storage=context.storage)

    @action(kind="lookup", proves=True, secret=("code",))
    def verify_code(self, email: str, code: str, context: CallContext) -> Customer | None:
        """The customer with this e-mail address, proven by the code that was sent there.

        Args:
            email: The e-mail address of the account.
            code: The code from the message.
            context: Handed in by the engine.
        """
        evidence = {"email": email, "code": code}
        return self._proof(context).prove(
            evidence, conversation=context.conversation, now=context.now, storage=context.storage
        ).customer  # fmt: skip

    def _proof(self, context: CallContext) -> CodeProof:
        def send(email: str, code: str) -> bool:
            return call_action(self._send, {"email": email, "code": code}, context).result.status == "done"

        return CodeProof(
            self._settings, _code_secret(self._settings), lambda email: _asked(self._lookup, email, context), send
        )


def _asked(lookup: ActionSpec, value: str, context: CallContext) -> Any:
    """What the shop's own look-up gives; None when it found nothing or broke."""
    result = call_action(lookup, {lookup.parameters[0].name: value}, context).result
    return result.value if result.status == "done" else None


def _lookup(registry: ActionRegistry, name: str) -> ActionSpec:
    spec = registry.get(name)
    needed = [parameter for parameter in spec.parameters if parameter.required] if spec is not None else []
    if spec is None or spec.kind != "lookup" or spec.requires != "anonymous" or not spec.parameters or len(needed) > 1:
        raise _unusable(name, "It is a look-up that anybody may cause, and takes one text.")
    return spec


def _unusable(name: str, remedy: str) -> ShopError:
    return ShopError(f"{name} can't be used to prove who writes", code="identity-lookup", remedy=remedy)


def _code_secret(settings: CodeSettings) -> str:
    secret = os.environ.get(settings.secret, "")
    if len(secret.encode()) < _LEAST_SECRET:
        raise ShopError(
            f"{settings.secret} is missing in the environment, or shorter than {_LEAST_SECRET} bytes", code="identity-secret",
            remedy='Make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"',
        )  # fmt: skip
    return secret
