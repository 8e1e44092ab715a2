"""Lines of an order and how many pieces of each: what a refund, a return and an exchange are about."""

from __future__ import annotations

from collections.abc import Sequence

from convagent.actions.http.run import ServiceRefusedError
from convagent.facts import Order

__all__ = ["MOST_LINES", "MOST_PIECES", "pieces_of"]

MOST_PIECES = 100_000
"""More of one line than any order holds."""
MOST_LINES = 250
"""Lines of one request: the largest list that Shopify takes."""


def pieces_of(order: Order, items: Sequence[str], quantities: Sequence[int]) -> dict[str, int]:
    """How many pieces of each line are meant, by the line's id.

    Args:
        order: Whose lines they are.
        items: Ids of lines, each once.
        quantities: For each of the items; none at all means all pieces that the order has of them.

    Raises:
        ServiceRefusedError: No line, one twice, one that the order hasn't, or more or fewer pieces than it has.
    """
    if len(items) > MOST_LINES:
        raise ServiceRefusedError(f"Shopify takes no more than {MOST_LINES} lines at once, not {len(items)}")
    if not items or len(set(items)) != len(items):
        raise ServiceRefusedError("no line, or one of them twice")
    if quantities and len(quantities) != len(items):
        raise ServiceRefusedError(f"{len(items)} lines and {len(quantities)} quantities don't fit together")
    has = {line.id: line.quantity or 0 for line in order.items}
    if not set(items) <= set(has):
        raise ServiceRefusedError("the order has no such lines")
    wanted = {item: has[item] for item in items} if not quantities else dict(zip(items, quantities, strict=True))
    wrong = next((item for item, count in wanted.items() if not 1 <= count <= min(has[item], MOST_PIECES)), None)
    if wrong is not None:
        raise ServiceRefusedError(f"the order has {has[wrong]} of line {wrong}, not {wanted[wrong]}")
    return wanted
