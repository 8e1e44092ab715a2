"""Sums, differences, products and shares as symbols; None for what isn't linear."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import z3  # type: ignore[import-untyped]

from convagent.guidance.language import expressions as ex
from convagent.guidance.proofs.encoding import Encoding, Resolve
from convagent.guidance.proofs.symbols import Symbol
from convagent.guidance.proofs.terms import DAY, NO, family, is_value, is_whole, is_zero, whole
from convagent.guidance.schema import types as t

__all__ = ["Reckoning"]


class Reckoning(Encoding):
    """Encodes arithmetic."""

    def arithmetic(self, node: ex.Arithmetic, resolve: Resolve, element: Symbol | None) -> Symbol | None:
        """`+`, `-`, `*` and `/` of what the language reckons with."""
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
            case ("moment", "duration") if plus and right.unit == "span" and is_whole(right.term):
                step = whole(right.term)
                return made(t.MOMENT, left.term + step if node.op == "+" else left.term - step)
            case ("day", "duration") if plus and right.unit in {"span", "calendar days"} and is_value(right.term):
                step = _days(right, back=node.op == "-")
                return made(t.DAY, left.term + step) if step is not None else None
            case ("moment", "moment") if node.op == "-":
                return made(t.DURATION, z3.ToReal(both()))
            case ("day", "day") if node.op == "-":
                return made(t.DURATION, z3.ToReal(both()) * DAY)
            case ("duration", "duration") if plus and left.unit == right.unit:
                return replace(made(t.DURATION, both()), unit=left.unit)
            case ("duration", "duration") if node.op == "/" and left.unit == right.unit:
                if is_value(right.term) and not is_zero(right.term):
                    return made(t.NUMBER, left.term / right.term)
        return None

    def percent_of(self, node: ex.PercentOf, resolve: Resolve, element: Symbol | None) -> Symbol | None:
        """A share; of money, rounded half-even."""
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


def _days(step: Symbol, *, back: bool) -> Any:
    """How many days later a day is, counted as `date` counts: parts of a day are cut off downwards. None for no whole number."""
    found = z3.simplify(step.term).as_fraction()
    if step.unit != "span":
        return z3.IntVal((-1 if back else 1) * found.numerator) if found.denominator == 1 else None
    return z3.IntVal((-found if back else found) // DAY)
