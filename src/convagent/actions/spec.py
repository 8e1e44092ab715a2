"""What an action is: its name, parameters and what it demands before it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import TypeAdapter

from convagent.errors import ActionError
from convagent.facts import Verification

__all__ = ["LEVELS", "ActionFailedError", "ActionSpec", "Parameter"]

LEVELS: Mapping[Verification, int] = {"anonymous": 0, "claimed": 1, "verified": 2}
"""How sure it is who writes, in order."""


class ActionFailedError(ActionError):
    """Raised by an action's own code: it was not done, and this is why. Its message is for people, not for the customer."""

    default_code = "action-failed"


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
        confirm: Whether a write demands a confirmation of exactly its arguments.
        own: Parameters that must name a record of the customer's own, with the customer's field that holds them:
            `{"order": "orders"}`.
        proves: A look-up that proves identity: only its results may raise a customer's verification.
        provides: The field that a look-up gives: `Customer.orders`; its one parameter takes the record's id.
        timeout_seconds: After that it counts as failed (look-ups) or uncertain (writes).
        wants_context: Name of the parameter that takes the `CallContext`, if the function has one.
        adapter: Validates and converts what the function gives.
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

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of that name."""
        return next((parameter for parameter in self.parameters if parameter.name == name), None)
