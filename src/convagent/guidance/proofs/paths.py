"""Guides read for all customers at once: for each action and branch, the condition under which it is reached.

What the reading leaves out only ever widens a condition. Nothing is unrolled: guides have no loops, `go to` is followed to
a stated depth, and of several picks that a guide runs for one stands for all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import z3  # type: ignore[import-untyped]

from convagent.guidance.interpreter import kernel as k
from convagent.guidance.language import expressions as ex
from convagent.guidance.language.syntax import LookUp, Text
from convagent.guidance.language.templates import paths_of
from convagent.guidance.language.unparse import unparse
from convagent.guidance.proofs.symbols import Element, Symbol, Symbols
from convagent.guidance.proofs.terms import NO, YES, day_of
from convagent.guidance.proofs.values import Encoder
from convagent.guidance.schema import types as t

__all__ = ["MAX_DEPTH", "Branch", "Reached", "SymbolicReading"]

MAX_DEPTH = 4
"""How many `go to` are followed one after the other."""


@dataclass(frozen=True, slots=True)
class Reached:
    """An action and when it is reached.

    Attributes:
        statement: The action.
        condition: When.
        confirmed: When the customer said yes on the way.
        names: What names stand for there.
        arguments: The call's arguments.
    """

    statement: k.Do
    condition: Any
    confirmed: Any
    names: Mapping[str, Symbol]
    arguments: Mapping[str, Symbol]


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch.

    Attributes:
        statement: The branch.
        asked: When its condition is asked for.
        opens: When it opens.
        block: Tells the block that it stands in.
        entered: When that block is.
    """

    statement: k.If
    asked: Any
    opens: Any
    block: int
    entered: Any


@dataclass
class _State:
    reached: Any
    names: dict[str, Symbol]
    confirmed: Any = NO
    lets: set[str] = field(default_factory=set)

    def copy(self, reached: Any) -> _State:
        return _State(reached, dict(self.names), self.confirmed, set(self.lets))


class SymbolicReading:
    """One guide, read for all customers at once.

    Args:
        guide: The guide that a conversation begins with.
        kernel: All guides.
        symbols: The proof's symbols.
    """

    def __init__(self, guide: k.Guide, kernel: k.Kernel, symbols: Symbols) -> None:
        self.kernel, self.symbols = kernel, symbols
        self.encoder = Encoder(symbols, guide.title)
        self.reached: list[Reached] = []
        self.branches: list[Branch] = []
        self.bounded: list[str] = []
        self.named: list[Any] = []
        """When what texts name is known."""
        self.touched: set[str] = set()
        self.picked: set[str] = set()
        self.depth = 0
        self.blocks = self.block = 0
        self.entered: Any = YES
        self.start = _State(YES, {})
        if guide.only_for is not None:
            self.start.reached = self._truth(guide.only_for, self.start).true
        self._block(guide.body, self.start.copy(self.start.reached))

    # ---- names
    def name(self, name: str, state: _State) -> Symbol | None:
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

    def _truth(self, node: ex.Expression, state: _State) -> Any:
        return self.encoder.truth(node, lambda name: self.name(name, state))

    def _value(self, node: ex.Expression, state: _State) -> Symbol:
        return self.encoder.value(node, lambda name: self.name(name, state))

    # ---- statements
    def _block(self, block: k.Block, state: _State) -> _State | None:
        """Reads a block. Returns the state behind it, None where nothing goes on."""
        outer = self.block, self.entered
        self.blocks += 1
        self.block, self.entered = self.blocks, state.reached
        try:
            for statement in block:
                after = self._statement(statement, state)
                if after is None:
                    return None
                state = after
            return state
        finally:
            self.block, self.entered = outer

    def _statement(self, node: k.Statement, state: _State) -> _State | None:
        match node:
            case k.Need(kind="confirmation", ask=ask):
                self._said(ask, state)
                state.confirmed = YES
            case k.Need():
                self._need(node, state)
            case k.Let():
                state.names[node.name] = self._let(node, state)
                state.lets.add(node.name)
            case k.If():
                return self._branch(node, state)
            case k.Say(text=text, ends=ends):
                self._said(text, state)
                return None if ends else state
            case k.Do():
                self._do(node, state)
            case k.HandOver():
                return None
            case k.GoTo():
                self._go_to(node, state)
                return None
        return state

    def _said(self, text: Text | None, state: _State) -> None:
        """Notes what a text names: where that is not known, a person takes over."""
        for root, *parts in paths_of(text.template) if text is not None else ():
            found = self.encoder.follow(self.name(root, state), tuple(parts))
            if found is not None and found.key:
                self.named.append(z3.And(found.known, z3.Not(found.none)))

    def _branch(self, node: k.If, state: _State) -> _State | None:
        if node.condition is None:
            self.branches.append(Branch(node, state.reached, state.reached, self.block, self.entered))
            opened, closed = state.reached, NO
        else:
            held = self._truth(node.condition, state)
            opened, closed = z3.And(state.reached, held.true), z3.And(state.reached, held.false)
            self.branches.append(Branch(node, state.reached, opened, self.block, self.entered))
        behind = self._block(node.body, state.copy(opened))
        if behind is None or not node.goes_on:
            state.reached = closed
            return None if node.condition is None else state
        for name, symbol in behind.names.items():
            if state.names.get(name) is not symbol:  # it may be the one or the other
                state.names[name] = self.symbols.leaf(f"either:{name}@{node.address}", symbol.type)
                state.lets.add(name)
        was = z3.And(closed, state.confirmed)
        state.confirmed = z3.Or(z3.And(behind.reached, behind.confirmed), was)
        state.reached = z3.Or(behind.reached, closed)
        return state

    def _let(self, node: k.Let, state: _State) -> Symbol:
        if isinstance(node.value, LookUp):
            signature = (self.symbols.vocabulary.actions or {}).get(node.value.action)
            kind = signature.result if signature is not None else t.ANYTHING
            optional = signature is None or signature.may_find_nothing
            return self.symbols.leaf(f"look-up:{node.address}", kind, optional=optional)
        return self._value(node.value, state)

    def _do(self, node: k.Do, state: _State) -> None:
        arguments = {argument.name: self._value(argument.value, state) for argument in node.arguments}
        if node.action in k.BUILT_IN_ACTIONS:
            if node.action == "set":
                self._set(node, arguments, state)
            return
        state.reached = z3.And(state.reached, *(value.known for value in arguments.values()))
        self.reached.append(Reached(node, state.reached, state.confirmed, dict(state.names), arguments))
        if node.failure is not None:
            fails = self.symbols.leaf(f"fails:{node.address}", t.YES_NO, optional=False, known=True).term
            self._block(node.failure, state.copy(z3.And(state.reached, fails)))
            state.reached = z3.And(state.reached, z3.Not(fails))
        if node.name is not None:
            signature = (self.symbols.vocabulary.actions or {}).get(node.action)
            kind = signature.result if signature is not None else t.ANYTHING
            state.names[node.name] = self.symbols.leaf(f"result:{node.address}", kind)
            state.lets.add(node.name)

    def _set(self, node: k.Do, arguments: Mapping[str, Symbol], state: _State) -> None:
        written = (part.value for part in node.arguments if part.name == "path")
        path = next((value.value for value in written if isinstance(value, ex.Literal_)), "")
        root, _, below = str(path).partition(".")
        before = self.name(root, state)
        if not below:
            state.names[root] = arguments["value"]
            return
        after = self.symbols.leaf(f"set:{root}@{node.address}", before.type if before is not None else t.ANYTHING)
        if before is not None and isinstance(before.type, t.Record) and before.type.name == "Customer":
            proven, was = self.symbols.field(after, "verification"), self.symbols.field(before, "verification")
            if proven is not None and was is not None:  # no guide sets who somebody is
                self.symbols.demands.append(proven.term == was.term)
        state.names[root] = after

    def _go_to(self, node: k.GoTo, state: _State) -> None:
        target = self.kernel.guide(node.title) if node.gives is None else None
        if target is None:
            return
        if self.depth >= MAX_DEPTH:
            self.bounded.append(f"{node.address}: `go to` was followed {MAX_DEPTH} times")
            return
        there = state.copy(state.reached)
        there.names = {name: symbol for name, symbol in state.names.items() if name not in state.lets}
        if target.only_for is not None:
            there.reached = z3.And(there.reached, self._truth(target.only_for, there).true)
        self.depth += 1
        self._block(target.body, there)
        self.depth -= 1

    # ---- needs
    def _need(self, node: k.Need, state: _State) -> None:
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
        if node.fresh:
            state.reached = z3.And(state.reached, symbol.known)
            state.confirmed = NO  # no yes covers what hangs on a later answer

    def _needed(self, node: k.Need, state: _State) -> Symbol:
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
            source = self._value(node.source, state)
            if not source.elements or open_ended or optional:
                item = source.type.item if isinstance(source.type, t.ListOf) else t.ANYTHING
                return self.symbols.leaf(key, t.ListOf(item) if node.kind == "some" else item, optional=optional)
            return self._picked(node, key, source)
        name = node.type_name or node.name
        kind = self.symbols.vocabulary.need_types.get(name, t.ANYTHING)
        if isinstance(kind, t.Record) and node.name not in self.touched:
            self.touched.add(node.name)
            return self.fact(node.name) if node.name in self.symbols.vocabulary.roots else self.symbols.leaf(key, kind)
        return self.symbols.leaf(key, kind, optional=optional)

    def _picked(self, node: k.Need, key: str, source: Symbol) -> Symbol:
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
        if first.value.key in self.picked:
            return self.symbols.leaf(f"{key} again", first.value.type, optional=False)
        self.picked.add(first.value.key)
        self.symbols.demands.append(z3.Implies(known, z3.And(there, first.present)))
        return replace(first.value, known=known)

    def told(self, node: k.If) -> str:
        """A branch's condition in the guide's words."""
        return "Otherwise" if node.condition is None else unparse(node.condition)
