"""A detail that a message gives, with where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["Slot", "SlotKind"]

SlotKind = Literal[
    "colour",
    "date",
    "duration",
    "email",
    "money",
    "number",
    "order_number",
    "percent",
    "phone",
    "postcode",
    "product",
    "products",
    "quantity",
    "size",
    "yes_no",
]


@dataclass(frozen=True, slots=True)
class Slot:
    """A detail that a message gives.

    Attributes:
        kind: What it is.
        value: `order_number`, `email`, `phone`, `postcode`, `size`, `colour`: text in one spelling. `money`:
            `convagent.facts.Money`. `duration`, `percent`: `convagent.guidance.values.Duration` and `Percent`. `date`:
            `datetime.date`. `quantity`: int. `number`: `Decimal`. `product`: the id of the one product that is meant.
            `products`: ids that fit the words equally well. `yes_no`: bool.
        text: The words, exactly as written.
        start: Where they begin in the message.
        end: Where they end, exclusive.
    """

    kind: SlotKind
    value: Any
    text: str
    start: int
    end: int
