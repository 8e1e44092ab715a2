"""Comparisons as symbols: the same, in order, one of several, between two, in a period."""

from __future__ import annotations

from typing import Any

import z3  # type: ignore[import-untyped]

from convagent.guidance.language import expressions as ex
from convagent.guidance.proofs.encoding import Encoding, Resolve
from convagent.guidance.proofs.symbols import Symbol, Truth
from convagent.guidance.proofs.terms import YES, day_of, family, is_zero
from convagent.guidance.schema import types as t

__all__ = ["Comparing"]


class Comparing(Encoding):
    """Encodes what compares two values or more."""

    def compare(self, node: ex.Compare, resolve: Resolve, element: Symbol | None) -> Symbol | None:
        """`is`, `is not` and the four orders."""
        left, right = self.value(node.left, resolve, element), self.value(node.right, resolve, element)
        if node.op in {"is", "is not"}:
            same = self.equal(left, right)
            if same is None:
                return None
            return self.condition(same.known, same.yes if node.op == "is" else z3.Not(same.yes))
        return self.ordered(node.op, left, right)

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

    def ordered(self, op: str, left: Symbol, right: Symbol) -> Symbol | None:
        """A comparison by order; None where the two have none."""
        texts = (t.Text, t.OneOf, t.YesNo)
        if isinstance(left.type, texts) or isinstance(right.type, texts):
            return None
        pair = self._alike(left, right)
        if pair is None:
            return None
        one, other = pair
        yes = {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[op]
        return self.condition(z3.And(left.known, right.known, z3.Not(left.none), z3.Not(right.none)), yes)

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

    def one_of(self, node: ex.OneOf, resolve: Resolve, element: Symbol | None) -> Symbol | None:
        """`is one of`."""
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
        return self.condition(known, z3.Not(opened) if node.negated else opened)

    def between(self, node: ex.Between, resolve: Resolve, element: Symbol | None) -> Symbol | None:
        """`is between`, both ends included."""
        item = self.value(node.item, resolve, element)
        low = self.ordered(">=", item, self.value(node.low, resolve, element))
        high = self.ordered("<=", item, self.value(node.high, resolve, element))
        if low is None or high is None:
            return None
        closed = z3.Or(z3.And(low.known, z3.Not(low.term)), z3.And(high.known, z3.Not(high.term)))
        return self.condition(z3.Or(closed, z3.And(low.known, high.known)), z3.Not(closed))

    def period(self, node: ex.Period, resolve: Resolve, element: Symbol | None) -> Symbol | None:
        """`from … to …`: the day of the turn."""
        today = resolve("today")
        parts: list[Any] = []
        for bound, op in ((node.start, ">="), (node.end, "<=")):
            if bound is None:
                continue
            if not isinstance(bound, ex.Literal_) or today is None:
                return None
            held = self.ordered(op, today, self.value(bound, resolve, element))
            if held is None:
                return None
            parts.append(held.term)
        return self.condition(YES, z3.And(parts))
