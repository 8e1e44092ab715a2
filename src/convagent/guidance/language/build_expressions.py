"""The expressions of a parse tree → nodes."""
# ruff: noqa: D102 - one method for each rule of the grammar, which documents them

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Literal, cast

from lark import Token, Transformer, v_args

from convagent.facts import Money, minor_digits
from convagent.guidance.findings.finding import Span
from convagent.guidance.language import expressions as ex
from convagent.guidance.language import syntax as sx
from convagent.guidance.language.slips import RESERVED, LineError
from convagent.guidance.language.unparse import unparse
from convagent.guidance.values import Duration, Percent

__all__ = ["ExpressionRules", "Place", "build_error", "read_duration"]

Place = Callable[[int, int], Span]
"""Gives the place in the file of a stretch of a line."""

_THOUSANDS = 3
"""As many digits behind a point look like thousands to half of Europe."""


def build_error(message: str, meta: Any, remedy: str, code: str = "G116") -> LineError:
    """The error of a stretch that parses and yet can't be meant."""
    return LineError(code, message, meta.start_pos, meta.end_pos, remedy)


@v_args(meta=True)
class ExpressionRules(Transformer[Token, Any]):
    """Builds the nodes. One method for each rule of the grammar, of the same name.

    Args:
        place: Gives the place in the file of a stretch of the line.
        number: The statement's number.
        original: The line as it was written.
    """

    def __init__(self, place: Place, number: str, original: str) -> None:
        super().__init__(visit_tokens=False)
        self._place, self._number, self._original = place, number, original
        self._literals: list[tuple[ex.Literal_, Any]] = []
        """Literals with their offsets: a text or number where a condition is meant is a slip."""

    def _span(self, meta: Any) -> Span:
        return self._place(0, 0) if meta.empty else self._place(meta.start_pos, meta.end_pos)

    def _token_span(self, token: Token) -> Span:
        return self._place(token.start_pos or 0, token.end_pos or 0)

    def _string(self, token: Token) -> str:
        """The words between the quotes as they were written, curly quotes inside kept."""
        start, end = token.start_pos or 0, token.end_pos or 0
        return self._original[start + 1 : end - 1]

    def _text(self, token: Token | None) -> sx.Text:
        if token is None:
            return sx.Text("", self._place(0, 0))
        return sx.Text(self._string(token), self._token_span(token))

    def _literal(self, meta: Any, value: Any) -> ex.Literal_:
        node = ex.Literal_(self._span(meta), value)
        self._literals.append((node, meta))
        return node

    def condition(self, node: ex.Expression, before: ex.Expression | None = None) -> ex.Expression:
        """The node, unless it is a text or a figure standing alone: `x is "a" or "b"` does not mean what it says."""
        if not isinstance(node, ex.Literal_) or isinstance(node.value, bool):
            return node
        meta = next(meta for literal, meta in self._literals if literal is node)
        shown = unparse(node)
        remedy = 'Write what it is compared with: `order.status is "pending"`.'
        match before:
            case ex.Compare(op=("is" | "is not") as op, left=left, right=ex.Literal_() as right):
                remedy = f"Write `{unparse(left)} {op} one of {unparse(right)}, {shown}`."
            case ex.Compare(op=op, left=left):
                remedy = f"Write `{unparse(left)} {op} {shown}`."
            case ex.OneOf(item=item, options=options, negated=negated):
                listed = ", ".join(unparse(option) for option in (*options, node))
                remedy = f"Write `{unparse(item)} is {'not ' if negated else ''}one of {listed}`."
        raise build_error(f"{shown} alone is no condition", meta, remedy, "G142")

    def _conditions(self, nodes: list[Any]) -> tuple[ex.Expression, ...]:
        return tuple(self.condition(node, nodes[at - 1] if at else None) for at, node in enumerate(nodes))

    # ---- expressions
    def query(self, meta: Any, children: list[Any]) -> ex.Query:
        source, where, by = children
        return ex.Query(self._span(meta), source, self.condition(where), *(by or (None, False)))

    def ordered(self, meta: Any, children: list[Any]) -> ex.Query:
        return ex.Query(self._span(meta), children[0], None, *children[1])

    def by(self, _meta: Any, children: list[Any]) -> tuple[ex.Expression, bool]:
        return children[0], children[1] is not None

    def take(self, meta: Any, children: list[Any]) -> ex.Take:
        which, count, source = children
        return ex.Take(
            self._span(meta),
            cast("Literal['first', 'last']", str(which)),
            int(count) if count else None,
            source,
        )

    def take_query(self, meta: Any, children: list[Any]) -> ex.Take:
        which, count, source, where, by = children
        query = ex.Query(self._span(meta), source, self.condition(where), *(by or (None, False)))
        return self.take(meta, [which, count, query])

    def take_ordered(self, meta: Any, children: list[Any]) -> ex.Take:
        which, count, source, by = children
        return self.take(meta, [which, count, ex.Query(self._span(meta), source, None, *by)])

    def count(self, meta: Any, children: list[Any]) -> ex.Aggregate:
        return ex.Aggregate(self._span(meta), "count", None, children[-1])

    def count_query(self, meta: Any, children: list[Any]) -> ex.Aggregate:
        source, where = children[-2:]
        return ex.Aggregate(self._span(meta), "count", None, ex.Query(self._span(meta), source, self.condition(where)))

    def quantified(self, meta: Any, children: list[Any]) -> ex.Quantified:
        kind, source, where = children
        return ex.Quantified(self._span(meta), cast("Literal['any', 'all']", str(kind)), source, self.condition(where))

    def aggregate(self, meta: Any, children: list[Any]) -> ex.Aggregate:
        kind, item, source = children
        return ex.Aggregate(self._span(meta), cast("Any", str(kind)), item, source)

    def aggregate_query(self, meta: Any, children: list[Any]) -> ex.Aggregate:
        kind, item, source, where = children
        return self.aggregate(meta, [kind, item, ex.Query(self._span(meta), source, self.condition(where))])

    def conjunction(self, meta: Any, children: list[Any]) -> ex.And:
        return ex.And(self._span(meta), self._conditions(children))

    def disjunction(self, meta: Any, children: list[Any]) -> ex.Or:
        return ex.Or(self._span(meta), self._conditions(children))

    def negation(self, meta: Any, children: list[Any]) -> ex.Not:
        return ex.Not(self._span(meta), self.condition(children[0]))

    def compare(self, meta: Any, children: list[Any]) -> ex.Compare:
        left, op, right = children
        return ex.Compare(self._span(meta), cast("Any", str(op)), left, right)

    def equal(self, meta: Any, children: list[Any]) -> ex.Expression:
        left, right = children
        if isinstance(right, ex.Literal_) and right.value is None:
            return ex.IsNone(self._span(meta), left)
        return ex.Compare(self._span(meta), "is", left, right)

    def unequal(self, meta: Any, children: list[Any]) -> ex.Expression:
        left, right = children
        if isinstance(right, ex.Literal_) and right.value is None:
            return ex.IsNone(self._span(meta), left, negated=True)
        return ex.Compare(self._span(meta), "is not", left, right)

    def one_of(self, meta: Any, children: list[Any]) -> ex.OneOf:
        return ex.OneOf(self._span(meta), children[0], children[1])

    def not_one_of(self, meta: Any, children: list[Any]) -> ex.OneOf:
        return ex.OneOf(self._span(meta), children[0], children[1], negated=True)

    def list_of(self, _meta: Any, children: list[Any]) -> tuple[ex.Expression, ...]:
        return tuple(children)

    def between(self, meta: Any, children: list[Any]) -> ex.Between:
        return ex.Between(self._span(meta), *children)

    def known(self, meta: Any, children: list[Any]) -> ex.IsKnown:
        return ex.IsKnown(self._span(meta), children[0])

    def unknown(self, meta: Any, children: list[Any]) -> ex.IsKnown:
        return ex.IsKnown(self._span(meta), children[0], negated=True)

    def empty(self, meta: Any, children: list[Any]) -> ex.IsEmpty:
        return ex.IsEmpty(self._span(meta), children[0])

    def not_empty(self, meta: Any, children: list[Any]) -> ex.IsEmpty:
        return ex.IsEmpty(self._span(meta), children[0], negated=True)

    def contains(self, meta: Any, children: list[Any]) -> ex.Contains:
        return ex.Contains(self._span(meta), *children)

    def not_contains(self, meta: Any, children: list[Any]) -> ex.Contains:
        item, part = children
        return ex.Contains(self._span(meta), item, part, negated=True)

    def seems(self, meta: Any, children: list[Any]) -> ex.Seems:
        return ex.Seems(self._span(meta), " ".join(self._string(children[0]).split()))

    def period(self, meta: Any, children: list[Any]) -> ex.Period:
        return ex.Period(self._span(meta), children[0], children[1])

    def period_start(self, meta: Any, children: list[Any]) -> ex.Period:
        return ex.Period(self._span(meta), children[0], None)

    def period_end(self, meta: Any, children: list[Any]) -> ex.Period:
        return ex.Period(self._span(meta), None, children[0])

    def arithmetic(self, meta: Any, children: list[Any]) -> ex.Arithmetic:
        left, op, right = children
        return ex.Arithmetic(self._span(meta), cast("Any", str(op)), left, right)

    def percent_of(self, meta: Any, children: list[Any]) -> ex.PercentOf:
        percent = ex.Literal_(self._token_span(children[0]), _percent(children[0]))
        return ex.PercentOf(self._span(meta), percent, children[1])

    def bracketed(self, _meta: Any, children: list[Any]) -> ex.Expression:
        return cast("ex.Expression", children[0])

    def path(self, meta: Any, children: list[Any]) -> ex.Path:
        return ex.Path(self._span(meta), str(children[0]), tuple(str(part) for part in children[1:]))

    def its(self, meta: Any, children: list[Any]) -> ex.Its:
        return ex.Its(self._span(meta), tuple(str(part) for part in children))

    def it(self, meta: Any, _children: list[Any]) -> ex.Its:
        return ex.Its(self._span(meta), ())

    def text(self, meta: Any, children: list[Any]) -> ex.Literal_:
        return self._literal(meta, self._string(children[0]))

    def money(self, meta: Any, children: list[Any]) -> ex.Literal_:
        amount, currency = str(children[0])[:-3].rstrip(), str(children[0])[-3:]
        return self._literal(meta, _money(amount, currency, meta))

    def duration(self, meta: Any, children: list[Any]) -> ex.Literal_:
        return self._literal(meta, read_duration(children[0]))

    def percent(self, meta: Any, children: list[Any]) -> ex.Literal_:
        return self._literal(meta, _percent(children[0]))

    def literal_date(self, meta: Any, children: list[Any]) -> ex.Literal_:
        try:
            return self._literal(meta, date.fromisoformat(children[0]))
        except ValueError:
            raise build_error(
                f"there is no day {children[0]}", meta, "Write year-month-day, such as 2026-11-20."
            ) from None

    def number(self, meta: Any, children: list[Any]) -> ex.Literal_:
        return self._literal(meta, Decimal(children[0]))

    def yes(self, meta: Any, _children: list[Any]) -> ex.Literal_:
        return self._literal(meta, value=True)

    def no(self, meta: Any, _children: list[Any]) -> ex.Literal_:
        return self._literal(meta, value=False)

    def none(self, meta: Any, _children: list[Any]) -> ex.Literal_:
        return self._literal(meta, None)


def _money(amount: str, currency: str, meta: Any) -> Money:
    from babel.numbers import is_currency

    if not is_currency(currency):
        if currency.lower() in RESERVED:
            raise build_error(
                f"`{currency}` is written `{currency.lower()}`", meta, f"Write `{amount} {currency.lower()}`.", "G144"
            )
        raise build_error(
            f"{currency} is no currency", meta, "Write the currency's code, such as `20 EUR`, `20 USD` or `20 GBP`."
        )
    whole, _, digits = amount.partition(".")
    if len(digits) > minor_digits(currency):
        raise build_error(
            f"{amount} {currency} is finer than its currency allows", meta,
            f"Write at most {minor_digits(currency)} digits behind the point, or `{whole}{digits} {currency}` for thousands."
            if len(digits) == _THOUSANDS else f"Write it with {minor_digits(currency)} digits behind the point.",
        )  # fmt: skip
    try:
        return Money.of(amount, currency)
    except ValueError:
        raise build_error(f"{amount} {currency} is no amount", meta, "Write an amount such as `20 EUR`.") from None


def read_duration(token: str) -> Duration:
    """A time from its words: `30 days`."""
    count, unit = token.split(None, 1)
    words = " ".join(unit.split())
    return Duration(Decimal(count), cast("Any", words if words.endswith("s") else words + "s"))


def _percent(token: str) -> Percent:
    return Percent(Decimal(token.rstrip("%").strip()))
