"""Expressions of the language: frozen nodes, each with the place it was read from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from convagent.guidance.findings.finding import Span
from convagent.guidance.language.memo import memo_by_identity

__all__ = [
    "Aggregate",
    "And",
    "Arithmetic",
    "Between",
    "Compare",
    "Contains",
    "Expression",
    "IsEmpty",
    "IsKnown",
    "IsNone",
    "Its",
    "Literal_",
    "Not",
    "OneOf",
    "Or",
    "Path",
    "PercentOf",
    "Period",
    "Quantified",
    "Query",
    "Seems",
    "Take",
    "roots",
    "walk",
]


@dataclass(frozen=True, slots=True)
class Expression:
    """Base of all expressions."""

    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Literal_(Expression):  # noqa: N801 - typing.Literal is taken
    """A text, number, amount of money, duration, percentage, date, yes or no, or none."""

    value: Any


@dataclass(frozen=True, slots=True)
class Path(Expression):
    """A name and what follows its dots: `order.payment_method.label`."""

    root: str
    parts: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ".".join((self.root, *self.parts))


@dataclass(frozen=True, slots=True)
class Its(Expression):
    """The element at hand in `where`, `over`, `by` and `must`: `its price`, or `it` for the element itself."""

    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Not(Expression):
    """The opposite; unknown stays unknown."""

    item: Expression


@dataclass(frozen=True, slots=True)
class And(Expression):
    """True when all are, false as soon as one is known to be false."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or(Expression):
    """True as soon as one is known to be true, false when all are."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Compare(Expression):
    """`is`, `is not`, `<`, `<=`, `>`, `>=` between two values."""

    op: Literal["is", "is not", "<", "<=", ">", ">="]
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class OneOf(Expression):
    """`x is one of a, b`: equal to one of them, or in the one list that is named."""

    item: Expression
    options: tuple[Expression, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Between(Expression):
    """`x is between a and b`, both ends included."""

    item: Expression
    low: Expression
    high: Expression


@dataclass(frozen=True, slots=True)
class Period(Expression):
    """`from 2026-11-20 to 2026-12-02`: whether today, in the shop's zone, lies in it; both ends included."""

    start: Expression | None
    end: Expression | None


@dataclass(frozen=True, slots=True)
class IsKnown(Expression):
    """`x is known`, `x is unknown`."""

    item: Expression
    negated: bool = False


@dataclass(frozen=True, slots=True)
class IsNone(Expression):
    """`x is none`, `x is not none`: known to be absent, or known to be there."""

    item: Expression
    negated: bool = False


@dataclass(frozen=True, slots=True)
class IsEmpty(Expression):
    """`x is empty`: a list without elements or a text without characters."""

    item: Expression
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Contains(Expression):
    """`list contains x`, or a text that contains another, whatever the case of its letters."""

    item: Expression
    part: Expression
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Arithmetic(Expression):
    """Sums, differences, products and quotients; units must fit."""

    op: Literal["+", "-", "*", "/"]
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class PercentOf(Expression):
    """`10% of x`, rounded half-even to the minor unit for money."""

    percent: Expression
    item: Expression


@dataclass(frozen=True, slots=True)
class Aggregate(Expression):
    """`sum of its price over items`, `count of items`, `lowest of …`, `highest of …`."""

    kind: Literal["sum", "count", "lowest", "highest"]
    item: Expression | None
    source: Expression


@dataclass(frozen=True, slots=True)
class Query(Expression):
    """`catalog where its in_stock by its price`: the elements that fit, in order."""

    source: Expression
    where: Expression | None = None
    by: Expression | None = None
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Take(Expression):
    """`first 3 of x`, `last 1 of x`; without a number it is the one element, or none."""

    which: Literal["first", "last"]
    count: int | None
    source: Expression


@dataclass(frozen=True, slots=True)
class Quantified(Expression):
    """`any of items where its final_sale`, `all of items where …`."""

    kind: Literal["any", "all"]
    source: Expression
    where: Expression


@dataclass(frozen=True, slots=True)
class Seems(Expression):
    """`it seems "…"`: a judgement of the customer's words, true, false or unsure."""

    text: str


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and everything within it, outermost first."""
    yield expression
    for spec in fields(expression):
        value = getattr(expression, spec.name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Expression):
                yield from walk(part)


@memo_by_identity
def roots(expression: Expression) -> frozenset[str]:
    """The names that an expression starts from: what it depends on."""
    return frozenset(part.root for part in walk(expression) if isinstance(part, Path))
