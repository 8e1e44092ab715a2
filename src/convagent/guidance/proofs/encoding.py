"""What encoding an expression rests on: its symbol by a handler for its kind, a fresh one for what can't be reckoned with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import z3  # type: ignore[import-untyped]

from convagent.guidance.language import expressions as ex
from convagent.guidance.language.unparse import unparse
from convagent.guidance.proofs.symbols import Symbol, Symbols, Truth
from convagent.guidance.proofs.terms import NO
from convagent.guidance.schema import types as t

__all__ = ["Encoding", "Resolve"]

Resolve = Callable[[str], Symbol | None]
"""What a root name stands for; None for what can't be said."""


@dataclass
class Encoding:
    """Encodes the expressions of one guide.

    Args:
        symbols: The proof's symbols.
        where: Tells what can't be reckoned with apart: the same words in another guide may mean another thing.
        picked: Keys of elements that stand for whichever one the customer picks.
        by_place: Keys of elements whose place in their list matters.
    """

    symbols: Symbols
    where: str = ""
    marks: dict[int, tuple[int, Symbol]] = field(default_factory=dict)
    picked: set[str] = field(default_factory=set)
    by_place: set[str] = field(default_factory=set)

    handlers: ClassVar[Mapping[type, Callable[[Any, Any, Resolve, Symbol | None], Symbol | None]]] = {}
    """How each kind of expression is encoded; None where it can't be."""

    # ---- asking
    def value(self, node: ex.Expression, resolve: Resolve, element: Symbol | None = None) -> Symbol:
        """The symbol of an expression; a fresh one for what can't be reckoned with."""
        handler = self.handlers.get(type(node))
        found = handler(self, node, resolve, element) if handler is not None else None
        return found if found is not None else self.opaque(node, resolve, element)

    def truth(self, node: ex.Expression, resolve: Resolve, element: Symbol | None = None) -> Truth:
        """A condition; None and an empty list count as no, a known record as yes."""
        return self.as_truth(self.value(node, resolve, element), node, resolve, element)

    def as_truth(self, found: Symbol, node: ex.Expression, resolve: Resolve, element: Symbol | None) -> Truth:
        """A value as a condition."""
        if isinstance(found.type, t.YesNo) and found.term is not None:
            return Truth(found.known, z3.And(z3.Not(found.none), found.term))
        if found.elements is not None:
            return Truth(found.known, z3.And(z3.Not(found.none), self.some(found)))
        if isinstance(found.type, (t.Record, t.Number, t.MoneyType, t.Day, t.Moment, t.DurationType, t.Nothing)):
            return Truth(found.known, z3.Not(found.none))
        opaque = self.opaque(node, resolve, element, t.YES_NO)
        return Truth(found.known, z3.And(z3.Not(found.none), opaque.term))

    def opaque(
        self, node: ex.Expression, resolve: Resolve, element: Symbol | None, kind: t.Type | None = None
    ) -> Symbol:
        """A fresh symbol for what can't be reckoned with, the same for the same words about the same things."""
        keys = []
        for name in sorted(ex.roots(node)):
            found = resolve(name)
            keys.append(f"{name}={self._mark(found)}")
        about = self._mark(element)
        shown = unparse(node)
        type_ = kind or (t.YES_NO if type(node) in _CONDITIONS else t.ANYTHING)
        return self.symbols.unreckoned(
            f"{self.where}|{shown}|{','.join(keys)}|{about}|{type(type_).__name__}", shown, type_
        )

    def _mark(self, found: Symbol | None) -> str:
        """Tells what a name stands for apart from what it stood for before."""
        if found is None or found.key:
            return found.key if found is not None else ""
        return f"#{self.marks.setdefault(id(found), (len(self.marks), found))[0]}"

    @staticmethod
    def some(found: Symbol) -> Any:
        """When a list isn't empty."""
        return z3.Or([*(each.present for each in found.elements or ()), found.overflow])

    def follow(self, found: Symbol | None, parts: tuple[str, ...]) -> Symbol | None:
        """What follows a name's dots; None for what can't be said."""
        for part in parts:
            if found is None:
                return None
            found = self.symbols.field(found, part)
        return found

    @staticmethod
    def condition(known: Any, yes: Any) -> Symbol:
        """A condition's symbol."""
        return Symbol(t.YES_NO, known, NO, yes)


_CONDITIONS = frozenset({
    ex.Not, ex.And, ex.Or, ex.Compare, ex.OneOf, ex.Between, ex.Period, ex.IsKnown, ex.IsNone, ex.IsEmpty, ex.Contains,
    ex.Quantified, ex.Seems,
})  # fmt: skip
