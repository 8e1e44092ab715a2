"""Expressions → symbols: the same three-valued logic that the interpreter evaluates, for all values at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import z3  # type: ignore[import-untyped]

from convagent.guidance.language import expressions as ex
from convagent.guidance.language.judgements import judgement_key
from convagent.guidance.proofs.comparing import Comparing
from convagent.guidance.proofs.encoding import Resolve
from convagent.guidance.proofs.lists import Lists
from convagent.guidance.proofs.reckoning import Reckoning
from convagent.guidance.proofs.symbols import Symbol
from convagent.guidance.proofs.terms import YES, family, literal
from convagent.guidance.schema import types as t

__all__ = ["Encoder", "Resolve"]


class Encoder(Comparing, Reckoning, Lists):
    """Encodes the expressions of one guide: names and logic here, the rest by kind."""

    # ---- names and fields
    def _path(self, node: ex.Path, resolve: Resolve, _element: Symbol | None) -> Symbol | None:
        return self.follow(resolve(node.root), node.parts)

    def _its(self, node: ex.Its, _resolve: Resolve, element: Symbol | None) -> Symbol | None:
        return self.follow(element, node.parts)

    def _literal(self, node: ex.Literal_, _resolve: Resolve, _element: Symbol | None) -> Symbol | None:
        return literal(self.symbols, node.value)

    # ---- logic
    def _not(self, node: ex.Not, resolve: Resolve, element: Symbol | None) -> Symbol:
        item = self.truth(node.item, resolve, element)
        return self.condition(item.known, z3.Not(item.yes))

    def _and(self, node: ex.And, resolve: Resolve, element: Symbol | None) -> Symbol:
        items = [self.truth(item, resolve, element) for item in node.items]
        closed = z3.Or([item.false for item in items])
        return self.condition(z3.Or(closed, z3.And([item.known for item in items])), z3.Not(closed))

    def _or(self, node: ex.Or, resolve: Resolve, element: Symbol | None) -> Symbol:
        items = [self.truth(item, resolve, element) for item in node.items]
        opened = z3.Or([item.true for item in items])
        return self.condition(z3.Or(opened, z3.And([item.known for item in items])), opened)

    def _seems(self, node: ex.Seems, _resolve: Resolve, _element: Symbol | None) -> Symbol:
        return self.symbols.leaf(f"seems:{judgement_key(node.text)}", t.YES_NO, optional=False)

    def _is_known(self, node: ex.IsKnown, resolve: Resolve, element: Symbol | None) -> Symbol:
        known = self.value(node.item, resolve, element).known
        return self.condition(YES, z3.Not(known) if node.negated else known)

    def _is_none(self, node: ex.IsNone, resolve: Resolve, element: Symbol | None) -> Symbol:
        found = self.value(node.item, resolve, element)
        return self.condition(found.known, z3.Not(found.none) if node.negated else found.none)

    def _is_empty(self, node: ex.IsEmpty, resolve: Resolve, element: Symbol | None) -> Symbol | None:
        found = self.value(node.item, resolve, element)
        if found.elements is None:
            return None
        some = self.some(found)
        return self.condition(z3.And(found.known, z3.Not(found.none)), some if node.negated else z3.Not(some))

    def _contains(self, node: ex.Contains, resolve: Resolve, element: Symbol | None) -> Symbol | None:
        """A text that holds another one: the same text does; of others it may go either way."""
        whole, part = self.value(node.item, resolve, element), self.value(node.part, resolve, element)
        if family(whole.type) != "text" or family(part.type) != "text" or whole.term is None or part.term is None:
            return None
        same, within = whole.term == part.term, self.opaque(node, resolve, element, t.YES_NO).term
        self.symbols.hopes.append(z3.Implies(within, same))
        yes = z3.And(z3.Not(whole.none), z3.Or(same, within))
        return self.condition(z3.And(whole.known, part.known), z3.Not(yes) if node.negated else yes)

    handlers: ClassVar[Mapping[type, Callable[[Any, Any, Resolve, Symbol | None], Symbol | None]]] = {
        ex.Literal_: _literal,
        ex.Path: _path,
        ex.Its: _its,
        ex.Not: _not,
        ex.And: _and,
        ex.Or: _or,
        ex.Contains: _contains,
        ex.Compare: Comparing.compare,
        ex.OneOf: Comparing.one_of,
        ex.Between: Comparing.between,
        ex.Period: Comparing.period,
        ex.IsKnown: _is_known,
        ex.IsNone: _is_none,
        ex.IsEmpty: _is_empty,
        ex.Arithmetic: Reckoning.arithmetic,
        ex.PercentOf: Reckoning.percent_of,
        ex.Query: Lists.query,
        ex.Quantified: Lists.quantified,
        ex.Take: Lists.take,
        ex.Aggregate: Lists.aggregate,
        ex.Seems: _seems,
    }
