"""What an action demands before it runs. A precondition that can't be evaluated refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from convagent.actions.amounts import amount_fault, exceeds, odd_amounts
from convagent.actions.confirmation import Confirmation
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
        name: `identity`, `own record`, `amount`, `confirmation`, `never`.
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
    spec: ActionSpec,
    arguments: Mapping[str, Any],
    context: CallContext,
    *,
    nevers: Sequence[Never] = (),
    given: Mapping[str, Any] | None = None,
) -> tuple[Precondition, ...]:
    """Checks everything that an action demands.

    Args:
        spec: The action.
        arguments: Validated arguments.
        context: Who, when, and what was confirmed.
        nevers: Rules of the whole shop.
        given: The arguments as they were handed in, which a confirmation binds; `arguments` by default.

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
    checks.extend(_amounts(spec, arguments))
    above = spec.confirm_above
    if spec.confirm or (above is not None and exceeds(arguments.get(above.parameter), above.amount) is not False):
        checks.append(_confirmation(spec, arguments if given is None else given, context))
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


def _amounts(spec: ActionSpec, arguments: Mapping[str, Any]) -> list[Precondition]:
    """What a write would move is an amount, and not too much."""
    if spec.kind != "write":
        return []
    try:
        faults = list(odd_amounts(arguments, signed=spec.signed))
        each_call = [amount_fault(limit, arguments) for limit in spec.amounts]
        faults.extend(fault for fault in each_call if fault is not None)
    except Exception as error:  # noqa: BLE001 - whatever breaks a check refuses
        faults = [f"the amounts can't be read: {type(error).__name__}"]
    if faults:
        return [Precondition("amount", passed=False, detail=fault) for fault in faults[:3]]
    return [Precondition("amount", passed=True, detail="within its limits")] if spec.amounts else []


def _confirmation(spec: ActionSpec, given: Mapping[str, Any], context: CallContext) -> Precondition:
    """The customer said yes to exactly this, and not too long ago."""
    said = context.confirmed
    if said is True:
        return Precondition("confirmation", passed=True, detail="confirmed by the customer")
    if not isinstance(said, Confirmation):
        return Precondition("confirmation", passed=False, detail="nobody confirmed this")
    try:
        fault = said.fault(spec.name, given, now=context.now, lasts=context.confirmation_lasts)
    except Exception as error:  # noqa: BLE001 - whatever breaks a check refuses
        fault = f"the confirmation can't be read: {type(error).__name__}"
    return Precondition("confirmation", fault is None, fault or "confirmed by the customer")


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
