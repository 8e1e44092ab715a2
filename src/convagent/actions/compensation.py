"""What would undo an action. It never runs by itself: a guide says so, or a person does it.

An engine that undoes on its own account acts on a guess: whether a refund should be taken back because the parcel's label
could not be made is the shop's to say. A guide says it where it matters, below the step that may fail:

    1. do refund with order = order.id, amount = amount as refund
    1. do create_label with order = order.id
       - if it fails:
          - do cancel_refund with refund = refund.id
          - refuse "The label could not be made, so nothing was refunded."

Where no guide says it, the conversation goes to a person, and the turn's trace names what would undo each effect.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from convagent.guidance.values import UNKNOWN, attribute

__all__ = ["Compensation", "undoing"]


@dataclass(frozen=True, slots=True)
class Compensation:
    """The action that undoes another, and where its arguments come from.

        Compensation("cancel_refund", {"refund": "result.id", "order": "order"})

    Attributes:
        action: Its name; a write of the same registry.
        arguments: Each of its parameters with a path that begins with a parameter of the action that is undone, or with
            `result`.
    """

    action: str
    arguments: Mapping[str, str] = field(default_factory=dict)


def undoing(compensation: Compensation, arguments: Mapping[str, Any], result: Any) -> dict[str, Any] | None:
    """The arguments that undo one effect; None when one of them can't be found.

    Args:
        compensation: As the action declares it.
        arguments: Of the effect.
        result: What the action gave.
    """
    out: dict[str, Any] = {}
    for name, path in compensation.arguments.items():
        root, *steps = path.split(".")
        value: Any = result if root == "result" else arguments.get(root, UNKNOWN)
        for step in steps:
            value = attribute(value, step) if value is not None else UNKNOWN
        if value is None or value is UNKNOWN:
            return None
        out[name] = value
    return out
