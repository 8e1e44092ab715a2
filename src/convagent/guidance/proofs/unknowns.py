"""The unknowns that formulas speak of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import z3  # type: ignore[import-untyped]

__all__ = ["Unknowns", "names_in"]


@dataclass
class Unknowns:
    """Names of the unknowns of formulas, each part looked through once: what is reached later is made of what is reached before.

    Attributes:
        known: By a term's identity, the term, which is kept so that no other gets its identity, and its names.
    """

    known: dict[int, tuple[Any, frozenset[str]]] = field(default_factory=dict)

    def of(self, formulas: Iterable[Any]) -> frozenset[str]:
        """The names of all unknowns of some formulas."""
        return frozenset().union(*(self._of(formula) for formula in formulas))

    def _of(self, formula: Any) -> frozenset[str]:
        known = self.known
        queue: list[tuple[Any, int, list[int] | None]] = [(formula, formula.get_id(), None)]
        while queue:
            term, number, parts = queue.pop()
            if parts is not None:
                known[number] = term, frozenset().union(*(known[part][1] for part in parts))
            elif number not in known:
                children = term.children()
                if children:
                    numbers = [child.get_id() for child in children]
                    queue.append((term, number, numbers))
                    queue += [(child, n, None) for child, n in zip(children, numbers, strict=True) if n not in known]
                elif z3.is_const(term) and term.decl().kind() == z3.Z3_OP_UNINTERPRETED:
                    known[number] = term, frozenset({term.decl().name()})
                else:
                    known[number] = term, frozenset()
        return known[formula.get_id()][1]


def names_in(formulas: Iterable[Any]) -> frozenset[str]:
    """The names of all unknowns of some formulas, looked through once."""
    return Unknowns().of(formulas)
