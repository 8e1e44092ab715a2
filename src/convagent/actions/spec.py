"""What an action is: its name, parameters and what it demands before it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from pydantic import TypeAdapter

from convagent.actions.amounts import AmountLimit
from convagent.actions.compensation import Compensation
from convagent.actions.limits import Limit
from convagent.actions.retry import RetryPolicy
from convagent.errors import ActionError
from convagent.facts import Money, Verification

__all__ = ["LEVELS", "ActionFailedError", "ActionSpec", "ActionUncertainError", "ConfirmAbove", "Parameter"]

LEVELS: Mapping[Verification, int] = {"anonymous": 0, "claimed": 1, "verified": 2}
"""How sure it is who writes, in order."""


class ActionFailedError(ActionError):
    """Raised by an action's own code: it was not done, and this is why. Its message is for people, not for the customer."""

    default_code = "action-failed"


class ActionUncertainError(ActionError):
    """Raised by an action's own code: whether it was done is not known. A write is put before a person."""

    default_code = "action-uncertain"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an action.

    Attributes:
        name: As guidance writes it.
        annotation: Its type.
        required: Whether it has no default.
        description: For the vocabulary and for models.
        default: Its default, when it has one.
        adapter: Validates and converts what guidance hands in.
    """

    name: str
    annotation: Any
    required: bool
    description: str
    default: Any
    adapter: TypeAdapter[Any] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ConfirmAbove:
    """A confirmation is demanded only for more than this; and always where the two can't be compared.

    Attributes:
        parameter: The parameter that carries the amount.
        amount: Money, or a number for a parameter that is one.
    """

    parameter: str
    amount: Money | Decimal


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """An action or look-up.

    Attributes:
        name: As guidance writes it.
        kind: `lookup` only reads; `write` changes something outside the conversation.
        description: One line.
        function: Called with the parameters, sync or async.
        parameters: By the function's signature.
        result: Type of what it returns.
        requires: The level of verification it demands.
        confirm: Whether a write demands a confirmation of exactly its arguments, whatever they are.
        own: Parameters that must name a record of the customer's own, with the customer's field that holds them:
            `{"order": "orders"}`.
        proves: A look-up that proves identity: only its results may raise a customer's verification.
        provides: The field that a look-up gives: `Customer.orders`; its one parameter takes the record's id.
        timeout_seconds: After that it counts as failed (look-ups) or uncertain (writes).
        wants_context: Name of the parameter that takes the `CallContext`, if the function has one.
        adapter: Validates and converts what the function gives.
        confirm_above: A confirmation is demanded above an amount only.
        limits: How often it may be done; the ledger holds it to them.
        amounts: How much it may move, in a call and in all calls within a time.
        signed: Parameters that may hold money below zero.
        idempotent: Whether the receiver recognises the idempotency key, so that the same call twice has one effect.
        once_per: Parameters that alone make up the idempotency key, whatever the conversation: one effect for each of
            their values, ever. Empty: one effect for each place of a guide's run.
        retry: How it is tried again; look-ups and idempotent writes only.
        compensation: What would undo it.
        secret: Parameters that no record shows, such as a one-time code.
    """

    name: str
    kind: Literal["lookup", "write"]
    description: str
    function: Callable[..., Any] = field(compare=False, repr=False)
    parameters: tuple[Parameter, ...]
    result: Any
    requires: Verification
    confirm: bool
    own: Mapping[str, str]
    proves: bool
    provides: str | None
    timeout_seconds: float
    wants_context: str | None
    adapter: TypeAdapter[Any] = field(compare=False, repr=False)
    confirm_above: ConfirmAbove | None = None
    limits: tuple[Limit, ...] = ()
    amounts: tuple[AmountLimit, ...] = ()
    signed: frozenset[str] = frozenset()
    idempotent: bool = False
    once_per: tuple[str, ...] = ()
    retry: RetryPolicy | None = None
    compensation: Compensation | None = None
    secret: frozenset[str] = frozenset()

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of that name."""
        return next((parameter for parameter in self.parameters if parameter.name == name), None)
