"""What an action demands before it runs. A precondition that can't be evaluated refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from convagent.actions.spec import LEVELS, ActionSpec
from convagent.conversation import HandoverReason

if TYPE_CHECKING:
    from convagent.actions.context import CallContext

__all__ = ["Never", "Precondition", "check_preconditions"]

Never = Callable[[ActionSpec, Mapping[str, Any], "CallContext"], str | None]
"""A rule that binds the whole shop: why it blocks the call, None when it doesn't."""


@dataclass(frozen=True, slots=True)
class Precondition:
    """One thing that was checked.

    Attributes:
        name: `identity`, `own record`, `confirmation`, `never`.
        passed: Whether it held.
        detail: What was found.
        reason: The handover reason when it did not.
    """

    name: str
    passed: bool
    detail: str
    reason: HandoverReason = "not_permitted"

    def to_json(self) -> dict[str, Any]:
        """For the trace."""
        return {"name": self.name, "passed": self.passed, "detail": self.detail}


def check_preconditions(
    spec: ActionSpec, arguments: Mapping[str, Any], context: CallContext, *, nevers: Sequence[Never] = ()
) -> tuple[Precondition, ...]:
    """Checks everything that an action demands.

    Args:
        spec: The action.
        arguments: Validated arguments.
        context: Who, when, and what was confirmed.
        nevers: Rules of the whole shop.

    Returns:
        What was checked, in order. The action may run when all passed.
    """
    checks = [_identity(spec, context)]
    for name, field in spec.own.items():
        if arguments.get(name) is None:
            continue
        try:
            checks.append(_own(name, field, arguments, context))
        except Exception as error:  # noqa: BLE001 - whatever breaks a check refuses
            detail = f"{name} can't be compared with the customer's {field}: {type(error).__name__}"
            checks.append(Precondition("own record", passed=False, detail=detail))
    if spec.confirm:
        detail = "confirmed by the customer" if context.confirmed else "nobody confirmed this"
        checks.append(Precondition("confirmation", context.confirmed, detail))
    for never in nevers:
        try:
            why = never(spec, arguments, context)
        except Exception as error:  # noqa: BLE001 - whatever breaks a rule's reading refuses
            why = f"a rule could not be read: {type(error).__name__}"
        if why is not None:
            checks.append(Precondition("never", passed=False, detail=why))
    return tuple(checks)


def _identity(spec: ActionSpec, context: CallContext) -> Precondition:
    level = context.customer.verification if context.customer is not None else "anonymous"
    passed = LEVELS[level] >= LEVELS[spec.requires]
    return Precondition("identity", passed, f"needs {spec.requires}, is {level}", "unverified_customer")


def _own(name: str, field: str, arguments: Mapping[str, Any], context: CallContext) -> Precondition:
    """The record that an argument names belongs to the customer."""
    records = getattr(context.customer, field, None) if context.customer is not None else None
    if records is None:
        return Precondition(
            "own record", passed=False, detail=f"the customer's {field} are not known", reason="unverified_customer"
        )
    own = {records} if isinstance(records, str) else {getattr(record, "id", None) for record in records} - {None}
    wanted = arguments[name]
    ids = {getattr(item, "id", item) for item in (wanted if isinstance(wanted, (list, tuple)) else (wanted,))}
    passed = bool(ids) and ids <= own
    detail = f"{name} is the customer's own" if passed else f"{name} is not among the customer's {field}"
    return Precondition("own record", passed, detail)
