"""What a Need stands for: a value, one of a list's elements, some of them, what is known already."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import z3  # type: ignore[import-untyped]

from convagent.guidance.interpreter import kernel as k
from convagent.guidance.language import expressions as ex
from convagent.guidance.proofs.reached import State
from convagent.guidance.proofs.symbols import Element, Symbol, Symbols
from convagent.guidance.proofs.terms import NO, YES, day_of, family
from convagent.guidance.proofs.values import Encoder
from convagent.guidance.schema import types as t

__all__ = ["Names", "either"]

EFFORT = 200_000
"""Steps of the solver for what a reading asks by itself."""


class Names:
    """The names of one guide: facts, what it reckons, what it needs.

    Args:
        symbols: The proof's symbols.
        where: The guide's title.
    """

    def __init__(self, symbols: Symbols, where: str) -> None:
        self.symbols = symbols
        self.encoder = Encoder(symbols, where)
        self.touched: set[str] = set()
        self.picked = self.encoder.picked
        self.picks: dict[str, list[Any]] = {}
        """When the customer picks from each list, by the key of its first element."""
        self.usual: list[Any] = []
        """What makes a customer one of whom nobody has to ask who they are."""

    def name(self, name: str, state: State) -> Symbol | None:
        """What a root name stands for in a state."""
        if name in state.names:
            return state.names[name]
        if name in {"now", "today"}:
            now = self.symbols.leaf("fact:now", t.MOMENT, optional=False, known=True)
            return now if name == "now" else Symbol(t.DAY, YES, NO, day_of(now.term))
        self.touched.add(name)
        return self.fact(name)

    def fact(self, name: str) -> Symbol:
        """What is known by a name before a guide is read."""
        root = self.symbols.vocabulary.roots.get(name)
        kind, optional = (root.type, root.optional) if root is not None else (t.ANYTHING, True)
        return self.symbols.leaf(f"fact:{name}", kind, optional=optional)

    def truth_of(self, node: ex.Expression, state: State) -> Any:
        """A condition in a state."""
        return self.encoder.truth(node, lambda name: self.name(name, state))

    def value_of(self, node: ex.Expression, state: State) -> Symbol:
        """A value in a state."""
        return self.encoder.value(node, lambda name: self.name(name, state))

    # ---- needs
    def need(self, node: k.Need, state: State) -> None:
        """What a Need stands for from here on."""
        if node.each_source is not None:
            state.names[node.name] = self.symbols.leaf(f"each:{node.name}@{node.address}", t.ANYTHING)
            return
        symbol = self._needed(node, state)
        for must in node.musts:  # a value that breaks one is asked for again
            for pick in symbol.elements or (Element(YES, symbol),):
                held = self.encoder.truth(must.condition, lambda name: self.name(name, state), pick.value)
                self.symbols.demands.append(
                    z3.Implies(z3.And(symbol.known, z3.Not(symbol.none), pick.present), held.true)
                )
        state.names[node.name] = symbol
        state.lets.discard(node.name)
        if node.name == "customer":
            state.identified = True
            if not self.usual and isinstance(symbol.type, t.Record):
                self.usual = [z3.And(symbol.known, z3.Not(symbol.none)), self.symbols.at_least(symbol, "verified")]
        if node.fresh:
            state.reached = z3.And(state.reached, symbol.known)
            state.confirmed = state.answered = NO  # no yes covers what hangs on a later answer
        elif symbol.key.startswith("need:") and node.kind != "one":
            state.open.add(node.name)

    def _needed(self, node: k.Need, state: State) -> Symbol:
        key = f"need:{node.name}@{node.address}"
        optional = node.group is not None
        open_ended = node.otherwise is not None and node.otherwise.value is not None
        if node.choices:
            values = [choice.value for choice in node.choices]
            if node.kind != "one" or not all(isinstance(value, str) for value in values):
                return self.symbols.leaf(key, t.ANYTHING, optional=optional)
            return self.symbols.leaf(key, t.OneOf(tuple(values), closed=not open_ended), optional=optional)
        if node.kind == "yes_no":
            return self.symbols.leaf(key, t.YES_NO, optional=optional)
        if node.source is not None and node.kind in {"one", "each", "some"}:
            source = self.value_of(node.source, state)
            if not source.elements or open_ended or optional:
                item = source.type.item if isinstance(source.type, t.ListOf) else t.ANYTHING
                return self.symbols.leaf(key, t.ListOf(item) if node.kind == "some" else item, optional=optional)
            return self._picked(node, key, source, state)
        name = node.type_name or node.name
        kind = self.symbols.vocabulary.need_types.get(name, t.ANYTHING)
        if isinstance(kind, t.Record) and node.name not in self.touched:
            self.touched.add(node.name)
            return self.fact(node.name) if node.name in self.symbols.vocabulary.roots else self.symbols.leaf(key, kind)
        return self.symbols.leaf(key, kind, optional=optional)

    def _picked(self, node: k.Need, key: str, source: Symbol, state: State) -> Symbol:
        """What is picked from a list: without loss the first that fits, unless that was picked before."""
        elements = source.elements or ()
        known = self.symbols.leaf(key, t.NOTHING, optional=False).known
        there = z3.And(source.known, z3.Not(source.none))
        if node.kind == "some":
            chosen = [
                Element(z3.And(each.present, z3.Bool(f"{key} takes {place}")), each.value)
                for place, each in enumerate(elements)
            ]
            overflow = z3.And(source.overflow, z3.Bool(f"{key} takes more"))
            some = z3.Or([*(each.present for each in chosen), overflow])
            self.symbols.demands.append(z3.Implies(known, z3.And(there, some)))
            return Symbol(source.type, known, NO, None, "", tuple(chosen), overflow)
        first = elements[0]
        before = state.names.get(node.name)
        earlier = self.picks.setdefault(first.value.key, [])
        anew = before is not None and before.key == first.value.key and self._never(z3.And(state.reached, before.known))
        anew = anew or (bool(earlier) and self._never(z3.And(state.reached, z3.Or(earlier))))
        earlier.append(state.reached)
        if (first.value.key in self.picked and not anew) or first.value.key in self.encoder.by_place:
            return self.symbols.leaf(f"{key} again", first.value.type, optional=False)
        self.picked.add(first.value.key)
        self.symbols.demands.append(z3.Implies(known, z3.And(there, first.present)))
        return replace(first.value, known=known)

    def _never(self, condition: Any) -> bool:
        """Whether a condition is proven to hold for nobody."""
        solver = z3.SimpleSolver()
        solver.set("rlimit", EFFORT, "random_seed", 0)
        solver.add(condition, *self.symbols.that_matter(self.symbols.unknowns.of([condition])))
        return str(solver.check()) == "unsat"


def either(one: Symbol, opened: Any, other: Symbol, closed: Any) -> Symbol | None:
    """What a name stands for behind a branch that may give it anew; None where that can't be said exactly.

    Args:
        one: What it stands for at the end of the branch.
        opened: When the branch was read.
        other: What it stood for before.
        closed: When the branch was not read.
    """
    known = z3.Or(z3.And(opened, one.known), z3.And(closed, other.known))
    none = z3.If(opened, one.none, other.none)
    if one.key and one.key == other.key:
        return replace(one, known=known, none=none)
    if one.term is None or other.term is None or family(one.type) != family(other.type) or one.unit != other.unit:
        return None
    kind = one.type if one.type == other.type or family(one.type) != "text" else t.TEXT
    return Symbol(kind, known, none, z3.If(opened, one.term, other.term), unit=one.unit)
