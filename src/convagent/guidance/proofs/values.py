"""Expressions → symbols: the same three-valued logic that the interpreter evaluates, for all values at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import z3  # type: ignore[import-untyped]

from convagent.guidance.language import expressions as ex
from convagent.guidance.language.judgements import judgement_key
from convagent.guidance.language.unparse import unparse
from convagent.guidance.proofs.symbols import Element, Symbol, Symbols, Truth
from convagent.guidance.proofs.terms import DAY, NO, YES, day_of, family, is_value, is_whole, is_zero, literal, whole
from convagent.guidance.schema import types as t

__all__ = ["Encoder", "Resolve"]

Resolve = Callable[[str], Symbol | None]
"""What a root name stands for; None for what can't be said."""


@dataclass
class Encoder:
    """Encodes the expressions of one guide.

    Args:
        symbols: The proof's symbols.
        where: Tells what can't be reckoned with apart: the same words in another guide may mean another thing.
    """

    symbols: Symbols
    where: str = ""
    marks: dict[int, tuple[int, Symbol]] = field(default_factory=dict)

    # ---- asking
    def value(self, node: ex.Expression, resolve: Resolve, element: Symbol | None = None) -> Symbol:
        """The symbol of an expression; a fresh one for what can't be reckoned with."""
        handler = self._handlers.get(type(node))
        found = handler(self, node, resolve, element) if handler is not None else None
        return found if found is not None else self._opaque(node, resolve, element)

    def truth(self, node: ex.Expression, resolve: Resolve, element: Symbol | None = None) -> Truth:
        """A condition; None and an empty list count as no, a known record as yes."""
        return self.as_truth(self.value(node, resolve, element), node, resolve, element)

    def as_truth(self, found: Symbol, node: ex.Expression, resolve: Resolve, element: Symbol | None) -> Truth:
        """A value as a condition."""
        if isinstance(found.type, t.YesNo) and found.term is not None:
            return Truth(found.known, z3.And(z3.Not(found.none), found.term))
        if found.elements is not None:
            return Truth(found.known, z3.And(z3.Not(found.none), self._some(found)))
        if isinstance(found.type, (t.Record, t.Number, t.MoneyType, t.Day, t.Moment, t.DurationType, t.Nothing)):
            return Truth(found.known, z3.Not(found.none))
        opaque = self._opaque(node, resolve, element, t.YES_NO)
        return Truth(found.known, z3.And(z3.Not(found.none), opaque.term))

    def _opaque(
        self, node: ex.Expression, resolve: Resolve, element: Symbol | None, kind: t.Type | None = None
    ) -> Symbol:
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
    def _some(found: Symbol) -> Any:
        return z3.Or([*(each.present for each in found.elements or ()), found.overflow])

    # ---- names and fields
    def _path(self, node: ex.Path, resolve: Resolve, _element: Symbol | None) -> Symbol | None:
        return self.follow(resolve(node.root), node.parts)

    def _its(self, node: ex.Its, _resolve: Resolve, element: Symbol | None) -> Symbol | None:
        return self.follow(element, node.parts)

    def follow(self, found: Symbol | None, parts: tuple[str, ...]) -> Symbol | None:
        """What follows a name's dots; None for what can't be said."""
        for part in parts:
            if found is None:
                return None
            found = self.symbols.field(found, part)
        return found

    def _literal(self, node: ex.Literal_, _resolve: Resolve, _element: Symbol | None) -> Symbol | None:
        return literal(self.symbols, node.value)

    # ---- logic
    def _condition(self, known: Any, yes: Any) -> Symbol:
        return Symbol(t.YES_NO, known, NO, yes)

    def _not(self, node: ex.Not, resolve: Resolve, element: Symbol | None) -> Symbol:
        item = self.truth(node.item, resolve, element)
        return self._condition(item.known, z3.Not(item.yes))

    def _and(self, node: ex.And, resolve: Resolve, element: Symbol | None) -> Symbol:
        items = [self.truth(item, resolve, element) for item in node.items]
        closed = z3.Or([item.false for item in items])
        return self._condition(z3.Or(closed, z3.And([item.known for item in items])), z3.Not(closed))

    def _or(self, node: ex.Or, resolve: Resolve, element: Symbol | None) -> Symbol:
        items = [self.truth(item, resolve, element) for item in node.items]
        opened = z3.Or([item.true for item in items])
        return self._condition(z3.Or(opened, z3.And([item.known for item in items])), opened)

    def _seems(self, node: ex.Seems, _resolve: Resolve, _element: Symbol | None) -> Symbol:
        return self.symbols.leaf(f"seems:{judgement_key(node.text)}", t.YES_NO, optional=False)

    def _is_known(self, node: ex.IsKnown, resolve: Resolve, element: Symbol | None) -> Symbol:
        known = self.value(node.item, resolve, element).known
        return self._condition(YES, z3.Not(known) if node.negated else known)

    def _is_none(self, node: ex.IsNone, resolve: Resolve, element: Symbol | None) -> Symbol:
        found = self.value(node.item, resolve, element)
        return self._condition(found.known, z3.Not(found.none) if node.negated else found.none)

    def _is_empty(self, node: ex.IsEmpty, resolve: Resolve, element: Symbol | None) -> Symbol | None:
        found = self.value(node.item, resolve, element)
        if found.elements is None:
            return None
        some = self._some(found)
        return self._condition(z3.And(found.known, z3.Not(found.none)), some if node.negated else z3.Not(some))

    # ---- comparisons
    def _compare(self, node: ex.Compare, resolve: Resolve, element: Symbol | None) -> Symbol | None:
        left, right = self.value(node.left, resolve, element), self.value(node.right, resolve, element)
        if node.op in {"is", "is not"}:
            same = self.equal(left, right)
            if same is None:
                return None
            return self._condition(same.known, same.yes if node.op == "is" else z3.Not(same.yes))
        return self._ordered(node.op, left, right)

    def equal(self, left: Symbol, right: Symbol) -> Truth | None:
        """Whether two values are the same, none included; None where it can't be reckoned."""
        both = z3.And(left.known, right.known)
        if isinstance(left.type, t.Nothing) or isinstance(right.type, t.Nothing):
            return Truth(both, left.none == right.none)
        pair = self._alike(left, right)
        if pair is None:
            return None
        absent = z3.Or(left.none, right.none)
        return Truth(both, z3.If(absent, left.none == right.none, pair[0] == pair[1]))

    def _ordered(self, op: str, left: Symbol, right: Symbol) -> Symbol | None:
        texts = (t.Text, t.OneOf, t.YesNo)
        if isinstance(left.type, texts) or isinstance(right.type, texts):
            return None
        pair = self._alike(left, right)
        if pair is None:
            return None
        one, other = pair
        yes = {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[op]
        return self._condition(z3.And(left.known, right.known, z3.Not(left.none), z3.Not(right.none)), yes)

    def _alike(self, left: Symbol, right: Symbol) -> tuple[Any, Any] | None:
        """The two terms in one measure, None where they have none in common."""
        one, other = left.term, right.term
        if one is None or other is None:
            return None
        kinds = (family(left.type), family(right.type))
        if kinds == ("duration", "duration"):
            return (one, other) if left.unit == right.unit else None
        if kinds[0] == kinds[1]:
            return one, other
        if set(kinds) == {"moment", "day"}:
            return (day_of(one), other) if kinds[0] == "moment" else (one, day_of(other))
        if kinds == ("money", "number") and is_zero(other):
            return one, z3.IntVal(0)
        if kinds == ("number", "money") and is_zero(one):
            return z3.IntVal(0), other
        return None

    def _one_of(self, node: ex.OneOf, resolve: Resolve, element: Symbol | None) -> Symbol | None:
        item = self.value(node.item, resolve, element)
        found: list[Truth] = []
        for option in node.options:
            other = self.value(option, resolve, element)
            if other.elements is not None or isinstance(other.type, (t.ListOf, t.Anything)):
                return None
            same = self.equal(item, other)
            if same is None:
                return None
            found.append(same)
        opened = z3.Or([same.true for same in found])
        known = z3.And(item.known, z3.Or(opened, z3.And([same.known for same in found])))
        return self._condition(known, z3.Not(opened) if node.negated else opened)

    def _between(self, node: ex.Between, resolve: Resolve, element: Symbol | None) -> Symbol | None:
        item = self.value(node.item, resolve, element)
        low = self._ordered(">=", item, self.value(node.low, resolve, element))
        high = self._ordered("<=", item, self.value(node.high, resolve, element))
        if low is None or high is None:
            return None
        closed = z3.Or(z3.And(low.known, z3.Not(low.term)), z3.And(high.known, z3.Not(high.term)))
        return self._condition(z3.Or(closed, z3.And(low.known, high.known)), z3.Not(closed))

    def _period(self, node: ex.Period, resolve: Resolve, element: Symbol | None) -> Symbol | None:
        today = resolve("today")
        parts: list[Any] = []
        for bound, op in ((node.start, ">="), (node.end, "<=")):
            if bound is None:
                continue
            if not isinstance(bound, ex.Literal_) or today is None:
                return None
            held = self._ordered(op, today, self.value(bound, resolve, element))
            if held is None:
                return None
            parts.append(held.term)
        return self._condition(YES, z3.And(parts))

    # ---- reckoning
    def _arithmetic(self, node: ex.Arithmetic, resolve: Resolve, element: Symbol | None) -> Symbol | None:
        left, right = self.value(node.left, resolve, element), self.value(node.right, resolve, element)
        if left.term is None or right.term is None:
            return None
        kinds = (family(left.type), family(right.type))
        known = z3.And(left.known, right.known, z3.Not(left.none), z3.Not(right.none))

        def made(kind: t.Type, term: Any) -> Symbol:
            return Symbol(kind, known, NO, term)

        plus = node.op in "+-"

        def both() -> Any:  # not before the kinds are known: yes and no, for one, can't be added
            return left.term + right.term if node.op == "+" else left.term - right.term

        match kinds:
            case ("number", "number"):
                if plus:
                    return made(t.NUMBER, both())
                if node.op == "*" and (is_value(left.term) or is_value(right.term)):
                    return made(t.NUMBER, left.term * right.term)
                if node.op == "/" and is_value(right.term) and not is_zero(right.term):
                    return made(t.NUMBER, left.term / right.term)
            case ("money", "money") if plus:
                return made(left.type, both())
            case ("money", "number") if node.op == "*" and is_whole(right.term):
                return made(left.type, left.term * whole(right.term))
            case ("number", "money") if node.op == "*" and is_whole(left.term):
                return made(right.type, right.term * whole(left.term))
            case ("moment", "moment") if node.op == "-":
                return made(t.DURATION, z3.ToReal(both()))
            case ("day", "day") if node.op == "-":
                return made(t.DURATION, z3.ToReal(both()) * DAY)
            case ("duration", "duration") if plus and left.unit == right.unit:
                return replace(made(t.DURATION, both()), unit=left.unit)
        return None

    def _percent_of(self, node: ex.PercentOf, resolve: Resolve, element: Symbol | None) -> Symbol | None:
        share, item = self.value(node.percent, resolve, element), self.value(node.item, resolve, element)
        if not isinstance(share.type, t.Percent) or not is_value(share.term) or item.term is None:
            return None
        known = z3.And(item.known, z3.Not(item.none))
        if isinstance(item.type, t.Number):
            return Symbol(t.NUMBER, known, NO, share.term * item.term / 100)
        if not isinstance(item.type, t.MoneyType):
            return None
        rounded = z3.FreshInt("share")  # within half a unit of the exact share; of two, the even one
        apart = 100 * z3.ToReal(rounded) - share.term * z3.ToReal(item.term)
        half = z3.And(z3.Or(apart == 50, apart == -50), rounded % 2 == 0)
        self.symbols.demands.append(z3.Or(z3.And(apart < 50, apart > -50), half))
        return Symbol(item.type, known, NO, rounded)

    # ---- lists
    def _list(self, node: ex.Expression, resolve: Resolve, element: Symbol | None) -> Symbol | None:
        found = self.value(node, resolve, element)
        return found if found.elements is not None else None

    def _query(self, node: ex.Query, resolve: Resolve, element: Symbol | None) -> Symbol | None:
        found = self._list(node.source, resolve, element)
        if found is None:
            return None
        if node.by is not None:
            return self._opaque(node, resolve, element, found.type)
        if node.where is None:
            return found
        known, kept = [found.known, z3.Not(found.none)], []
        for each in found.elements or ():
            held = self.truth(node.where, resolve, each.value)
            known.append(z3.Implies(each.present, held.known))
            kept.append(Element(z3.And(each.present, held.yes), each.value))
        beyond = self._opaque(node, resolve, element, t.YES_NO)  # of elements beyond those told apart nothing is said
        known.append(z3.Implies(found.overflow, beyond.known))
        overflow = z3.And(found.overflow, beyond.term)
        return Symbol(found.type, z3.And(known), NO, None, "", tuple(kept), overflow)

    def _take(self, node: ex.Take, resolve: Resolve, element: Symbol | None) -> Symbol | None:
        found = self._list(node.source, resolve, element)
        if found is None or not isinstance(found.type, t.ListOf):
            return None
        return self._opaque(node, resolve, element, found.type.item if node.count is None else found.type)

    def _quantified(self, node: ex.Quantified, resolve: Resolve, element: Symbol | None) -> Symbol | None:
        found = self._list(node.source, resolve, element)
        if found is None:
            return None
        wanted = node.kind == "any"
        there = z3.And(found.known, z3.Not(found.none))
        hits, known = [], [there]
        for each in found.elements or ():
            held = self.truth(node.where, resolve, each.value)
            hits.append(z3.And(each.present, held.true if wanted else held.false))
            known.append(z3.Implies(each.present, held.known))
        beyond = self._opaque(node, resolve, element, t.YES_NO)
        told = z3.And(beyond.known, beyond.term if wanted else z3.Not(beyond.term))
        hits.append(z3.And(found.overflow, told))
        known.append(z3.Implies(found.overflow, beyond.known))
        hit = z3.Or(hits)
        return self._condition(z3.And(there, z3.Or(hit, z3.And(known))), hit if wanted else z3.Not(hit))

    def _aggregate(self, node: ex.Aggregate, resolve: Resolve, element: Symbol | None) -> Symbol | None:
        found = self._list(node.source, resolve, element)
        if found is None or node.kind not in {"sum", "count"}:
            return None
        there = [found.known, z3.Not(found.none)]
        elements = found.elements or ()
        if node.kind == "count" or node.item is None:
            count = z3.Sum([z3.If(each.present, z3.RealVal(1), z3.RealVal(0)) for each in elements])
            more = z3.FreshReal("count")
            self.symbols.demands.append(more >= (len(elements) + 1 if found.key else 1))
            return Symbol(t.NUMBER, z3.And(there), NO, z3.If(found.overflow, more, count))
        total: Any = None
        kind: t.Type = t.NUMBER
        for each in elements:
            value = self.value(node.item, resolve, each.value)
            if value.term is None or not isinstance(value.type, (t.MoneyType, t.Number)):
                return None
            term, kind = value.term, value.type
            counted = any(isinstance(part, ex.Its) and part.parts == ("quantity",) for part in ex.walk(node.item))
            pieces = None if counted else self.symbols.field(each.value, "quantity")
            there.append(z3.Implies(each.present, z3.And(value.known, z3.Not(value.none))))
            if pieces is not None:
                # several pieces count as often; sums are exact for up to three pieces a line, open for more
                if each.value.type == t.Record("LineItem"):
                    there.append(z3.Implies(each.present, pieces.known))
                several = z3.FreshInt("pieces") if isinstance(kind, t.MoneyType) else z3.FreshReal("pieces")
                counted_here = z3.And(pieces.known, z3.Not(pieces.none))
                for times in (3, 2, 1):
                    several = z3.If(z3.And(counted_here, pieces.term == times), times * term, several)
                term = several
            zero = z3.IntVal(0) if isinstance(kind, t.MoneyType) else z3.RealVal(0)
            part = z3.If(each.present, term, zero)
            total = part if total is None else total + part
        more = z3.FreshInt("sum") if isinstance(kind, t.MoneyType) else z3.FreshReal("sum")
        known = z3.FreshBool("sum known")
        return Symbol(kind, z3.And(*there, z3.Implies(found.overflow, known)), NO, z3.If(found.overflow, more, total))

    _handlers: ClassVar[Mapping[type, Callable[[Any, Any, Resolve, Symbol | None], Symbol | None]]] = {
        ex.Literal_: _literal,
        ex.Path: _path,
        ex.Its: _its,
        ex.Not: _not,
        ex.And: _and,
        ex.Or: _or,
        ex.Compare: _compare,
        ex.OneOf: _one_of,
        ex.Between: _between,
        ex.Period: _period,
        ex.IsKnown: _is_known,
        ex.IsNone: _is_none,
        ex.IsEmpty: _is_empty,
        ex.Arithmetic: _arithmetic,
        ex.PercentOf: _percent_of,
        ex.Query: _query,
        ex.Quantified: _quantified,
        ex.Take: _take,
        ex.Aggregate: _aggregate,
        ex.Seems: _seems,
    }


_CONDITIONS = frozenset({
    ex.Not, ex.And, ex.Or, ex.Compare, ex.OneOf, ex.Between, ex.Period, ex.IsKnown, ex.IsNone, ex.IsEmpty, ex.Contains,
    ex.Quantified, ex.Seems,
})  # fmt: skip
