"""Actions: what the agent may look up and do, under preconditions that refuse when they can't be evaluated."""

from convagent.actions.call import ActionCall, call_action
from convagent.actions.context import CallContext
from convagent.actions.declare import action
from convagent.actions.preconditions import Precondition, check_preconditions
from convagent.actions.registry import ActionRegistry
from convagent.actions.signatures import signature_of, with_registry
from convagent.actions.spec import ActionFailedError, ActionSpec, Parameter

__all__ = [
    "ActionCall",
    "ActionFailedError",
    "ActionRegistry",
    "ActionSpec",
    "CallContext",
    "Parameter",
    "Precondition",
    "action",
    "call_action",
    "check_preconditions",
    "signature_of",
    "with_registry",
]
