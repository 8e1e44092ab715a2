"""Expressions as an author would write them: for the trace, for messages and for the formatter."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from convagent.facts import Money
from convagent.guidance.language import expressions as ex
from convagent.guidance.language.memo import memo_by_identity
from convagent.guidance.values import Duration, Percent

__all__ = ["literal_text", "operand_text", "unparse"]

_OPEN = (ex.Query, ex.Quantified)


def literal_text(value: Any) -> str:
    """A literal as it is written."""
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case str():
            return f'"{value}"'
        case Decimal():
            return f"{value:f}"
        case Money():
            return f"{_short(value.amount)} {value.currency}"
        case Duration() | Percent():
            return str(value)
        case date():
            return value.isoformat()
    return str(value)


def _short(amount: Decimal) -> str:
    return f"{amount:f}".removesuffix(".00")


@memo_by_identity
def unparse(node: ex.Expression) -> str:
    """The canonical text of an expression; parsing it gives the same tree."""
    match node:
        case ex.Literal_(value=value):
            return literal_text(value)
        case ex.Path():
            return str(node)
        case ex.Its(parts=parts):
            return f"its {'.'.join(parts)}" if parts else "it"
        case ex.Not(item=item):
            return f"not {unparse(item) if isinstance(item, (ex.Path, ex.Its)) else _closed(item)}"
        case ex.And(items=items):
            return " and ".join(_chained(item) for item in items)
        case ex.Or(items=items):
            return " or ".join(_chained(item) for item in items)
        case ex.Compare(op=op, left=left, right=right):
            return f"{_operand(left)} {op} {_operand(right)}"
        case ex.OneOf(item=item, options=options, negated=negated):
            listed = ", ".join(_operand(option) for option in options)
            return f"{_operand(item)} is {'not ' if negated else ''}one of {listed}"
        case ex.Between(item=item, low=low, high=high):
            return f"{_operand(item)} is between {_operand(low)} and {_operand(high)}"
        case ex.Period(start=start, end=end):
            if start is None:
                return f"until {unparse(end)}" if end is not None else ""
            return f"from {unparse(start)}" + (f" to {unparse(end)}" if end is not None else "")
        case ex.IsKnown(item=item, negated=negated):
            return f"{_operand(item)} is {'unknown' if negated else 'known'}"
        case ex.IsNone(item=item, negated=negated):
            return f"{_operand(item)} is {'not ' if negated else ''}none"
        case ex.IsEmpty(item=item, negated=negated):
            return f"{_operand(item)} is {'not ' if negated else ''}empty"
        case ex.Contains(item=item, part=part, negated=negated):
            return f"{_operand(item)} {'does not contain' if negated else 'contains'} {_operand(part)}"
        case ex.Arithmetic(op=op, left=left, right=right):
            return _arithmetic(op, left, right)
        case ex.PercentOf(percent=percent, item=item):
            return f"{unparse(percent)} of {_atom(item)}"
        case ex.Aggregate():
            return _aggregate(node)
        case ex.Query():
            return _query(node)
        case ex.Take(which=which, count=count, source=source):
            inner = _query(source) if isinstance(source, ex.Query) else _source(source)
            return f"{which} {f'{count} ' if count is not None else ''}of {inner}"
        case ex.Quantified(kind=kind, source=source, where=where):
            return f"{kind} of {_source(source)} where {_clause(where)}"
        case ex.Seems(text=text):
            return f'it seems "{text}"'
    raise TypeError(f"{type(node).__name__} is no expression")


def _is_open(node: ex.Expression) -> bool:
    """Whether a node ends openly, so that words behind it would be taken for its own."""
    if isinstance(node, _OPEN):
        return True
    return isinstance(node, (ex.Take, ex.Aggregate)) and isinstance(node.source, ex.Query)


def _closed(node: ex.Expression) -> str:
    return f"({unparse(node)})"


def _chained(node: ex.Expression) -> str:
    return _closed(node) if isinstance(node, (ex.And, ex.Or)) or _is_open(node) else unparse(node)


_SUMS = (ex.Literal_, ex.Path, ex.Its, ex.Arithmetic, ex.PercentOf, ex.Aggregate, ex.Take)


def operand_text(node: ex.Expression) -> str:
    """The text of an expression where only a sum may stand: as an argument, behind `for`, `of`, `by`."""
    return _operand(node)


def _operand(node: ex.Expression) -> str:
    return unparse(node) if isinstance(node, _SUMS) and not _is_open(node) else _closed(node)


def _atom(node: ex.Expression) -> str:
    return unparse(node) if isinstance(node, (ex.Literal_, ex.Path, ex.Its, ex.PercentOf)) else _closed(node)


def _source(node: ex.Expression) -> str:
    return unparse(node) if isinstance(node, (ex.Path, ex.Its)) else _closed(node)


def _clause(node: ex.Expression) -> str:
    return _closed(node) if _is_open(node) else unparse(node)


def _arithmetic(op: str, left: ex.Expression, right: ex.Expression) -> str:
    rank = 1 if op in "+-" else 2

    def side(node: ex.Expression, *, strict: bool) -> str:
        if isinstance(node, ex.Arithmetic):
            inner = 1 if node.op in "+-" else 2
            return unparse(node) if inner > rank or (inner == rank and not strict) else _closed(node)
        return unparse(node) if isinstance(node, (ex.Literal_, ex.Path, ex.Its)) else _closed(node)

    return f"{side(left, strict=False)} {op} {side(right, strict=True)}"


def _aggregate(node: ex.Aggregate) -> str:
    over = _query(node.source) if isinstance(node.source, ex.Query) and node.source.by is None else _source(node.source)
    if node.kind == "count" or node.item is None:
        return f"count of {over}"
    return f"{node.kind} of {_operand(node.item)} over {over}"


def _query(node: ex.Query) -> str:
    where = f" where {_clause(node.where)}" if node.where is not None else ""
    by = f" by {_operand(node.by)}{' descending' if node.descending else ''}" if node.by is not None else ""
    return f"{_source(node.source)}{where}{by}"
