"""Guides read for all customers at once: for each action, branch and end, the condition under which it is reached.

What the reading leaves out only ever widens a condition. Nothing is unrolled: guides have no loops, `go to` is followed to
a stated depth, and of several picks that a guide runs for one stands for all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import z3  # type: ignore[import-untyped]

from convagent.guidance.claims import claims_in
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.language import expressions as ex
from convagent.guidance.language.marks import filled_with
from convagent.guidance.language.syntax import LookUp, Text
from convagent.guidance.language.templates import paths_of
from convagent.guidance.language.unparse import unparse
from convagent.guidance.proofs.needed import Names, either
from convagent.guidance.proofs.reached import Behind, Branch, Circle, Ending, Outcome, Reached, State
from convagent.guidance.proofs.symbols import Symbol, Symbols
from convagent.guidance.proofs.terms import NO, YES
from convagent.guidance.schema import types as t

__all__ = ["MAX_DEPTH", "SymbolicReading"]

MAX_DEPTH = 4
"""How many `go to` are followed one after the other."""

REPLIES = frozenset({"answer", "recommend", "advise", "offer", "close", "snooze"})
"""Built-in actions that the customer sees, or after which nothing is to be said."""


class SymbolicReading(Names):
    """One guide, read for all customers at once.

    Args:
        guide: The guide that a conversation begins with.
        kernel: All guides.
        symbols: The proof's symbols.
    """

    def __init__(self, guide: k.Guide, kernel: k.Kernel, symbols: Symbols) -> None:
        super().__init__(symbols, guide.title)
        self.kernel = kernel
        self.reached: list[Reached] = []
        self.offers: list[Reached] = []
        self.branches: list[Branch] = []
        self.behind: list[Behind] = []
        self.endings: list[Ending] = []
        self.outcomes: list[Outcome] = []
        self.circles: list[Circle] = []
        self.bounded: list[str] = []
        self.named: list[Any] = []
        """When what the texts name that somebody hears, and what actions take, is known: else a person takes over."""
        self.way: list[str] = [guide.title]
        self.blocks = self.block = 0
        self.entered: Any = YES
        self.start = State(YES, {})
        if guide.only_for is not None:
            self.start.reached = self.truth_of(guide.only_for, self.start).true
        self._body(guide.body, self.start.copy(self.start.reached))

    # ---- blocks
    def _body(self, block: k.Block, state: State) -> None:
        """Reads a guide's statements, and notes where it ends behind the last."""
        self._ends(self._block(block, state), block)

    def _ends(self, state: State | None, block: k.Block) -> None:
        if state is not None and block:
            self.endings.append(Ending(block[-1], state.reached, state.said, state.answered))

    def _block(self, block: k.Block, state: State) -> State | None:
        """Reads a block. Returns the state behind it, None where nothing goes on."""
        outer = self.block, self.entered
        self.blocks += 1
        self.block, self.entered = self.blocks, state.reached
        may_end = False
        try:
            for statement in block:
                if may_end and not isinstance(statement, k.If):
                    self.behind.append(Behind(statement, state.reached, self.block, self.entered))
                after = self._statement(statement, state)
                if after is None:
                    return None
                state, may_end = after, may_end or (isinstance(statement, k.If) and not statement.goes_on)
            return state
        finally:
            self.block, self.entered = outer

    # ---- statements
    def _statement(self, node: k.Statement, state: State) -> State | None:
        self._asks(node, state)
        match node:
            case k.Need(kind="confirmation", ask=ask):
                self._names(ask, state)
                state.confirmed, state.said, state.answered = YES, YES, NO
            case k.Need(ask=ask, each_name=line):
                touched = set(self.touched)
                self._names(ask, state, own=line)
                self.touched = touched  # what a question names was not reckoned with
                self.need(node, state)
            case k.Let():
                state.names[node.name] = self._let(node, state)
                state.lets.add(node.name)
                state.sources[node.name] = _roots(node)
            case k.If():
                return self._branch(node, state)
            case k.Say(text=text, ends=ends):
                return self._say(node, text, bool(ends), state)
            case k.Do():
                self._do(node, state)
            case k.HandOver():
                self.outcomes.append(Outcome(node, "hands over", state.reached))
                return None
            case k.GoTo():
                self._go_to(node, state)
                return None
        return state

    def _asks(self, node: k.Statement, state: State) -> None:
        """Notes that the customer is asked here: what was said before stands in an earlier message."""
        if isinstance(node, (k.Need, k.Let)) and not getattr(node, "fresh", False):
            return
        names = set(k.depends_on(node)) | ({node.name} if isinstance(node, k.Need) else set())
        seen: set[str] = set()
        while names:
            name = names.pop()
            seen.add(name)
            names |= state.sources.get(name, frozenset()) - seen
        if seen & state.open:
            state.open -= seen
            state.answered = NO

    def _say(self, node: k.Say, text: Text, ends: bool, state: State) -> State | None:
        self._names(text, state)
        state.said = state.answered = YES
        if ends:
            self.outcomes.append(Outcome(node, "refuses", state.reached))
            return None
        if any(claim.kind == "promise" for claim in claims_in(filled_with(text.template, "#1"))):
            self.outcomes.append(Outcome(node, "promises", state.reached))
        return state

    def _names(self, text: Text | None, state: State, *, own: str | None = None) -> None:
        """Notes what a text names: where that is not known, a person takes over."""
        for root, *parts in paths_of(text.template) if text is not None else ():
            if root in {"choices", own}:  # the question's own
                continue
            found = self.encoder.follow(self.name(root, state), tuple(parts))
            if found is not None:
                self.named.append(z3.Implies(state.reached, z3.And(found.known, z3.Not(found.none))))

    def _branch(self, node: k.If, state: State) -> State | None:
        if node.condition is None:
            self.branches.append(Branch(node, state.reached, YES, state.reached, NO, self.block, self.entered))
            opened, closed = state.reached, NO
        else:
            held = self.truth_of(node.condition, state)
            opened, closed = z3.And(state.reached, held.true), z3.And(state.reached, held.false)
            at = self.block, self.entered
            self.branches.append(Branch(node, state.reached, held.true, opened, held.false, *at))
        behind = self._block(node.body, state.copy(opened))
        if behind is None or not node.goes_on:
            self._ends(behind, node.body)
            state.reached = closed
            return None if node.condition is None else state
        for name, symbol in behind.names.items():
            before = state.names.get(name)
            if before is symbol or (before is None and symbol.key == f"fact:{name}"):
                continue  # it is what is known by that name, in the branch and behind it
            both = either(symbol, behind.reached, before, closed) if before is not None else None
            state.names[name] = both or self.symbols.leaf(f"either:{name}@{node.address}", symbol.type)
            if both is None or name in behind.lets:
                state.lets.add(name)
        for kept in ("confirmed", "said", "answered"):
            was = z3.And(closed, getattr(state, kept))
            setattr(state, kept, z3.Or(z3.And(behind.reached, getattr(behind, kept)), was))
        state.open &= behind.open
        state.reached = z3.Or(behind.reached, closed)
        return state

    def _let(self, node: k.Let, state: State) -> Symbol:
        if isinstance(node.value, LookUp):
            signature = (self.symbols.vocabulary.actions or {}).get(node.value.action)
            kind = signature.result if signature is not None else t.ANYTHING
            optional = signature is None or signature.may_find_nothing
            found = self.symbols.leaf(f"look-up:{node.address}", kind, optional=optional)
            handed = [self.value_of(argument.value, state).known for argument in node.value.arguments]
            return replace(found, known=z3.And(found.known, *handed))  # what isn't known is not looked up by
        return self.value_of(node.value, state)

    def _do(self, node: k.Do, state: State) -> None:
        arguments = {argument.name: self.value_of(argument.value, state) for argument in node.arguments}
        if node.action in k.BUILT_IN_ACTIONS:
            if node.action == "set":
                self._set(node, arguments, state)
            if node.action == "offer":
                self.offers.append(self._call(node, arguments, state))
            if node.action in REPLIES:
                state.said = state.answered = YES
            return
        known = [value.known for value in arguments.values()]
        roots = {root for argument in node.arguments for root in ex.roots(argument.value)}
        there = [z3.And(each.known, z3.Not(each.none)) for root in sorted(roots) if (each := self.name(root, state))]
        self.named.append(z3.Implies(state.reached, z3.And(*known, *there)))  # before the first write all is gathered
        state.reached = z3.And(state.reached, *known)
        self.reached.append(self._call(node, arguments, state))
        if node.failure is not None:
            fails = self.symbols.leaf(f"fails:{node.address}", t.YES_NO, optional=False, known=True).term
            self._ends(self._block(node.failure, state.copy(z3.And(state.reached, fails))), node.failure)
            state.reached = z3.And(state.reached, z3.Not(fails))
        if node.name is not None:
            signature = (self.symbols.vocabulary.actions or {}).get(node.action)
            kind = signature.result if signature is not None else t.ANYTHING
            state.names[node.name] = self.symbols.leaf(f"result:{node.address}", kind)
            state.lets.add(node.name)

    def _call(self, node: k.Do, arguments: Mapping[str, Symbol], state: State) -> Reached:
        customer = state.names.get("customer") or self.fact("customer")
        return Reached(
            node, state.reached, state.confirmed, state.identified, customer, dict(state.names), arguments
        )  # fmt: skip

    def _set(self, node: k.Do, arguments: Mapping[str, Symbol], state: State) -> None:
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

    def _go_to(self, node: k.GoTo, state: State) -> None:
        target = self.kernel.guide(node.title) if node.gives is None else None
        if target is None:
            return
        if target.title in self.way:
            path = (*self.way[self.way.index(target.title) :], target.title)
            self.circles.append(Circle(node, path, state.reached))
            return
        if len(self.way) > MAX_DEPTH:
            self.bounded.append(f"{node.address}: `go to` was followed {MAX_DEPTH} times")
            return
        there = state.copy(state.reached)
        there.names = {name: symbol for name, symbol in state.names.items() if name not in state.lets}
        if target.only_for is not None:
            there.reached = z3.And(there.reached, self.truth_of(target.only_for, there).true)
        self.way.append(target.title)
        self._body(target.body, there)
        self.way.pop()

    def told(self, node: k.If) -> str:
        """A branch's condition in the guide's words."""
        return "Otherwise" if node.condition is None else unparse(node.condition)


def _roots(node: k.Let) -> frozenset[str]:
    if isinstance(node.value, LookUp):
        return frozenset(root for argument in node.value.arguments for root in ex.roots(argument.value))
    return frozenset(ex.roots(node.value))
