"""Actions: what the agent may look up and do, under preconditions that refuse when they can't be evaluated."""

from convagent.actions.amounts import AmountLimit
from convagent.actions.call import ActionCall, call_action
from convagent.actions.compensation import Compensation
from convagent.actions.confirmation import Confirmation
from convagent.actions.context import CallContext
from convagent.actions.declare import action
from convagent.actions.ledger import Ledger
from convagent.actions.ledger_entry import Begun, Intent, LedgerEntry
from convagent.actions.limits import Limit
from convagent.actions.preconditions import Precondition, check_preconditions
from convagent.actions.redaction import Secret
from convagent.actions.registry import ActionRegistry
from convagent.actions.retry import RetryPolicy
from convagent.actions.signatures import signature_of, with_registry
from convagent.actions.spec import ActionFailedError, ActionSpec, ActionUncertainError, ConfirmAbove, Parameter

__all__ = [
    "ActionCall",
    "ActionFailedError",
    "ActionRegistry",
    "ActionSpec",
    "ActionUncertainError",
    "AmountLimit",
    "Begun",
    "CallContext",
    "Compensation",
    "ConfirmAbove",
    "Confirmation",
    "Intent",
    "Ledger",
    "LedgerEntry",
    "Limit",
    "Parameter",
    "Precondition",
    "RetryPolicy",
    "Secret",
    "action",
    "call_action",
    "check_preconditions",
    "signature_of",
    "with_registry",
]
