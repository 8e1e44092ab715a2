"""Remembering what was reckoned for a node of a tree, by the node's identity.

Trees of guides live as long as their shop; hashing a node would cost as much as reckoning anew.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

__all__ = ["memo_by_identity"]

Node = TypeVar("Node")
Result = TypeVar("Result")

MOST = 50_000
"""Entries that are kept; then it begins anew, so that checking many shops in one process stays bounded."""


def memo_by_identity(function: Callable[[Node], Result]) -> Callable[[Node], Result]:
    """A function of one immutable node that reckons once for each.

    The node is kept with the result, so that its identity can't pass to another.
    """
    known: dict[int, tuple[Node, Result]] = {}

    @wraps(function)
    def remembered(node: Node) -> Result:
        found = known.get(id(node))
        if found is not None and found[0] is node:
            return found[1]
        result = function(node)
        if len(known) >= MOST:
            known.clear()
        known[id(node)] = (node, result)
        return result

    return remembered
