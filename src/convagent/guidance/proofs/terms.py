"""Terms of the solver: values that are written out, and what two terms need to have one measure."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import z3  # type: ignore[import-untyped]

from convagent.facts import Money
from convagent.guidance.proofs.symbols import Symbol, Symbols
from convagent.guidance.schema import types as t
from convagent.guidance.values import CALENDAR_UNITS, Duration, Percent

__all__ = ["DAY", "NO", "YES", "day_of", "family", "is_value", "is_whole", "is_zero", "literal", "whole"]

YES, NO = z3.BoolVal(True), z3.BoolVal(False)
DAY = 86_400
"""Seconds."""


def literal(symbols: Symbols, value: Any) -> Symbol | None:
    """A value that is written out."""

    def made(kind: t.Type, term: Any, unit: str = "span") -> Symbol:
        return Symbol(kind, YES, NO, term, unit=unit)

    match value:
        case None:
            return Symbol(t.NOTHING, YES, YES)
        case bool():
            return made(t.YES_NO, z3.BoolVal(value))
        case Decimal():
            return made(t.NUMBER, z3.RealVal(str(value)))
        case Money() if value.currency == symbols.currency:
            return made(t.MoneyType(value.currency), z3.IntVal(value.minor))
        case Percent():
            return made(t.PERCENT, z3.RealVal(str(value.value)))
        case Duration():
            if value.unit in CALENDAR_UNITS:
                return made(t.DURATION, z3.RealVal(str(value.count)), value.unit)
            return made(t.DURATION, z3.RealVal(str(value.seconds)))
        case str():
            return made(t.TEXT, z3.IntVal(symbols.word(value)))
        case datetime():
            return None
        case date():
            return made(t.DAY, z3.IntVal(value.toordinal()))
    return None


def family(kind: t.Type) -> str:
    """What is compared with what: all texts with one another, whatever their kinds."""
    families: tuple[tuple[type[t.Type], str], ...] = (
        (t.MoneyType, "money"), (t.Number, "number"), (t.DurationType, "duration"), (t.Percent, "percent"), (t.Day, "day"),
        (t.Moment, "moment"), (t.Text, "text"), (t.OneOf, "text"), (t.YesNo, "yes or no"),
    )  # fmt: skip
    return next((name for each, name in families if isinstance(kind, each)), repr(kind))


_EPOCH = date(1970, 1, 1).toordinal()


def day_of(moment: Any) -> Any:
    """The day of a moment on the shop's clock, counted as `date.toordinal` does."""
    return moment / DAY + _EPOCH


def is_value(term: Any) -> bool:
    """Whether a term is a number that is written out."""
    return bool(z3.is_rational_value(z3.simplify(term)))


def is_zero(term: Any) -> bool:
    """Whether a term is nothing but 0."""
    found = z3.simplify(term)
    if z3.is_int_value(found):
        return bool(found.as_long() == 0)
    return bool(z3.is_rational_value(found) and found.as_fraction() == 0)


def is_whole(term: Any) -> bool:
    """Whether a term is a whole number that is written out."""
    found = z3.simplify(term)
    return bool(z3.is_rational_value(found) and found.denominator_as_long() == 1)


def whole(term: Any) -> Any:
    """A whole number as a term of whole numbers."""
    return z3.IntVal(z3.simplify(term).numerator_as_long())
