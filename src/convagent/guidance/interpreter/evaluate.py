"""Expressions → values. Pure; unknown stays apart from false; every name that was asked for is noted with its value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from convagent.facts import LineItem
from convagent.guidance.language import expressions as ex
from convagent.guidance.shop_calendar import in_days_of, stepped
from convagent.guidance.values import (
    CALENDAR_UNITS,
    UNKNOWN,
    Duration,
    Percent,
    Unknown,
    arithmetic,
    attribute,
    compare,
    equal,
    percent_of,
    unwrap,
)

__all__ = ["MAX_ELEMENTS", "Names", "evaluate", "truth"]

MAX_ELEMENTS = 200_000
"""Longer lists are unknown: a decision takes bounded time."""


@dataclass(slots=True)
class Names:
    """What expressions are evaluated over.

    Attributes:
        resolve: Gives the value of a root name; UNKNOWN when it isn't known.
        now: The turn's moment in the shop's zone.
        judge: True, false or None (unsure) for a judgement of the customer's words.
        missing_field: Asked for a field that a record doesn't know; may look it up. Gives UNKNOWN by default.
        asks: What a field may raise that somebody has to be asked for first, since it is needed for each element: it is
            not known then, and it is noted among what lacks.
        seen: The values that were seen, by what was asked for, in order.
        lacks: Why names could not be resolved, as far as it matters: what decides without them drops them.
    """

    resolve: Callable[[str], Any]
    now: datetime
    judge: Callable[[str], bool | None] = lambda _text: None
    missing_field: Callable[[Any, str], Any] = lambda _value, _name: UNKNOWN
    asks: tuple[type[Exception], ...] = ()
    seen: dict[str, Any] = field(default_factory=dict)
    lacks: list[Exception] = field(default_factory=list)


def truth(value: Any) -> bool | Unknown:
    """A value as a condition: yes and no themselves; a known record is true, none and an empty list false."""
    value = unwrap(value)
    if value is UNKNOWN or isinstance(value, bool):
        return value
    if value is None:
        return False
    return len(value) > 0 if isinstance(value, (tuple, str)) else True


def evaluate(node: ex.Expression, names: Names, element: Any = UNKNOWN) -> Any:
    """The value of an expression.

    Args:
        node: The expression.
        names: What its names stand for.
        element: What `it` and `its` stand for.

    Returns:
        A value; UNKNOWN when it depends on something that isn't known or doesn't fit.
    """
    lacks = names.lacks
    before = len(lacks)
    value = _EVALUATORS[type(node)](node, names, element)
    if value is not UNKNOWN and len(lacks) > before:
        del lacks[before:]
    return value


def _follow(value: Any, parts: tuple[str, ...], names: Names) -> Any:
    for part in parts:
        try:
            found = attribute(value, part)
        except names.asks as lack:
            names.lacks.append(lack)
            return UNKNOWN
        if found is UNKNOWN and value is not UNKNOWN:
            found = names.missing_field(value, part)
        value = found
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(names.now.tzinfo)  # a day is the shop's day
    return value


def _path(node: ex.Path, names: Names, _element: Any) -> Any:
    value = _follow(names.resolve(node.root), node.parts, names)
    names.seen[str(node) if node.parts else node.root] = value
    return value


def _its(node: ex.Its, names: Names, element: Any) -> Any:
    return _follow(element, node.parts, names)


def _not(node: ex.Not, names: Names, element: Any) -> Any:
    value = truth(evaluate(node.item, names, element))
    return UNKNOWN if value is UNKNOWN else not value


def _and(node: ex.And, names: Names, element: Any) -> Any:
    unknown = False
    for item in node.items:
        value = truth(evaluate(item, names, element))
        if value is False:
            return False
        unknown = unknown or value is UNKNOWN
    return UNKNOWN if unknown else True


def _or(node: ex.Or, names: Names, element: Any) -> Any:
    unknown = False
    for item in node.items:
        value = truth(evaluate(item, names, element))
        if value is True:
            return True
        unknown = unknown or value is UNKNOWN
    return UNKNOWN if unknown else False


def _compare(node: ex.Compare, names: Names, element: Any) -> Any:
    left, right = _alike(evaluate(node.left, names, element), evaluate(node.right, names, element), names)
    if node.op in {"is", "is not"}:
        value = equal(left, right)
        return value if node.op == "is" or value is UNKNOWN else not value
    return compare(node.op, left, right)  # type: ignore[arg-type]


def _alike(left: Any, right: Any, names: Names) -> tuple[Any, Any]:
    """A difference in calendar or business days, where it stands beside a number of them."""
    if isinstance(left, Duration) and isinstance(right, Duration) and left.unit != right.unit:
        if right.unit in CALENDAR_UNITS:
            return in_days_of(left, right.unit, _hours(names)), right
        if left.unit in CALENDAR_UNITS:
            return left, in_days_of(right, left.unit, _hours(names))
    return left, right


def _hours(names: Names) -> Any:
    return attribute(names.resolve("shop"), "hours")


def _one_of(node: ex.OneOf, names: Names, element: Any) -> Any:
    item = evaluate(node.item, names, element)
    if item is UNKNOWN:
        return UNKNOWN
    unknown = False
    for option in node.options:
        value = evaluate(option, names, element)
        for candidate in value if isinstance(value, tuple) else (value,):
            same = equal(item, candidate)
            if same is True:
                return not node.negated
            unknown = unknown or same is UNKNOWN
    return UNKNOWN if unknown else node.negated


def _between(node: ex.Between, names: Names, element: Any) -> Any:
    item = evaluate(node.item, names, element)
    low = compare(">=", *_alike(item, evaluate(node.low, names, element), names))
    high = compare("<=", *_alike(item, evaluate(node.high, names, element), names))
    if low is False or high is False:
        return False
    return UNKNOWN if low is UNKNOWN or high is UNKNOWN else True


def _period(node: ex.Period, names: Names, element: Any) -> Any:
    today = names.now.date()
    names.seen["today"] = today
    for bound, op in ((node.start, ">="), (node.end, "<=")):
        if bound is None:
            continue
        value = compare(op, today, evaluate(bound, names, element))  # type: ignore[arg-type]
        if value is not True:
            return value
    return True


def _is_known(node: ex.IsKnown, names: Names, element: Any) -> Any:
    return (evaluate(node.item, names, element) is not UNKNOWN) != node.negated


def _is_none(node: ex.IsNone, names: Names, element: Any) -> Any:
    value = evaluate(node.item, names, element)
    return UNKNOWN if value is UNKNOWN else (unwrap(value) is None) != node.negated


def _is_empty(node: ex.IsEmpty, names: Names, element: Any) -> Any:
    value = evaluate(node.item, names, element)
    if value is UNKNOWN or not isinstance(value, (tuple, str)):
        return UNKNOWN
    return (len(value) == 0) != node.negated


def _contains(node: ex.Contains, names: Names, element: Any) -> Any:
    whole, part = evaluate(node.item, names, element), evaluate(node.part, names, element)
    if whole is UNKNOWN or part is UNKNOWN or whole is None:
        return UNKNOWN if whole is UNKNOWN or part is UNKNOWN else node.negated
    if isinstance(whole, str) and isinstance(part, str):
        return (part.casefold() in whole.casefold()) != node.negated
    if not isinstance(whole, tuple):
        return UNKNOWN
    found = [equal(item, part) for item in whole]
    if any(item is True for item in found):
        return not node.negated
    return UNKNOWN if any(item is UNKNOWN for item in found) else node.negated


def _arithmetic(node: ex.Arithmetic, names: Names, element: Any) -> Any:
    left, right = evaluate(node.left, names, element), evaluate(node.right, names, element)
    if isinstance(left, date) and isinstance(right, Duration) and right.unit in CALENDAR_UNITS:
        return stepped(left, right, _hours(names), back=node.op == "-") if node.op in "+-" else UNKNOWN
    return arithmetic(node.op, left, right)


def _percent_of(node: ex.PercentOf, names: Names, element: Any) -> Any:
    percent = evaluate(node.percent, names, element)
    return percent_of(percent, evaluate(node.item, names, element)) if isinstance(percent, Percent) else UNKNOWN


def _elements(node: ex.Expression, names: Names, element: Any) -> tuple[Any, ...] | Unknown:
    value = unwrap(evaluate(node, names, element))
    if isinstance(value, tuple):
        return value if len(value) <= MAX_ELEMENTS else UNKNOWN
    return UNKNOWN


def _query(node: ex.Query, names: Names, element: Any) -> Any:
    items = _elements(node.source, names, element)
    if isinstance(items, Unknown):
        return UNKNOWN
    if node.where is not None:
        kept = []
        for item in items:
            value = truth(evaluate(node.where, names, item))
            if value is UNKNOWN:
                return UNKNOWN
            if value:
                kept.append(item)
        items = tuple(kept)
    if node.by is None:
        return items
    keyed = [(evaluate(node.by, names, item), item) for item in items]

    def order(one: tuple[Any, Any], other: tuple[Any, Any]) -> int:
        absent = (unwrap(one[0]) is None, unwrap(other[0]) is None)
        if any(absent):
            return 0 if all(absent) else 1 if absent[0] else -1
        less = compare("<", one[0], other[0])
        if less is UNKNOWN:
            raise _UnorderedError
        same = equal(one[0], other[0])
        turned = -1 if node.descending else 1
        return 0 if same is True else (-1 if less else 1) * turned

    try:
        return tuple(item for _, item in sorted(keyed, key=cmp_to_key(order)))
    except _UnorderedError:
        return UNKNOWN


class _UnorderedError(Exception):
    """Elements that can't be put in order."""


def _take(node: ex.Take, names: Names, element: Any) -> Any:
    items = _elements(node.source, names, element)
    if isinstance(items, Unknown):
        return UNKNOWN
    if node.count is None:
        return None if not items else items[0] if node.which == "first" else items[-1]
    if node.which == "first":
        return items[: node.count]
    return items[max(0, len(items) - node.count) :]


def _quantified(node: ex.Quantified, names: Names, element: Any) -> Any:
    items = _elements(node.source, names, element)
    if isinstance(items, Unknown):
        return UNKNOWN
    unknown = False
    for item in items:
        value = truth(evaluate(node.where, names, item))
        if value is not UNKNOWN and value is (node.kind == "any"):
            return node.kind == "any"
        unknown = unknown or value is UNKNOWN
    return UNKNOWN if unknown else node.kind == "all"


def _aggregate(node: ex.Aggregate, names: Names, element: Any) -> Any:
    items = _elements(node.source, names, element)
    if isinstance(items, Unknown):
        return UNKNOWN
    if node.kind == "count" or node.item is None:
        return Decimal(len(items))
    values = [evaluate(node.item, names, item) for item in items]
    if node.kind == "sum":
        counted = any(isinstance(part, ex.Its) and part.parts == ("quantity",) for part in ex.walk(node.item))
        return _sum(values, () if counted else items)
    if not values:
        return None
    best = values[0]
    for value in values[1:]:
        better = compare("<" if node.kind == "lowest" else ">", value, best)
        if better is UNKNOWN:
            return UNKNOWN
        best = value if better else best
    return best


def _sum(values: list[Any], lines: tuple[Any, ...]) -> Any:
    """The sum over lines: a line that stands for several pieces counts as often, unless its quantity was reckoned with.

    A line of an order that doesn't say how many pieces it stands for leaves the sum open.
    """
    total: Any = Decimal(0)
    for position, value in enumerate(values):
        pieces = attribute(unwrap(lines[position]), "quantity") if lines else Decimal(1)
        if pieces is UNKNOWN and isinstance(unwrap(lines[position]), LineItem):
            return UNKNOWN
        if isinstance(pieces, Decimal) and pieces != 1:
            value = arithmetic("*", value, pieces)  # noqa: PLW2901 - the value of all its pieces
        total = arithmetic("+", total, value)
        if total is UNKNOWN:
            return UNKNOWN
    return total


def _seems(node: ex.Seems, names: Names, _element: Any) -> Any:
    value = names.judge(node.text)
    names.seen[f'it seems "{node.text}"'] = UNKNOWN if value is None else value
    return UNKNOWN if value is None else value


_EVALUATORS: Mapping[type, Callable[[Any, Names, Any], Any]] = {
    ex.Literal_: lambda node, _names, _element: node.value,
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
    ex.Contains: _contains,
    ex.Arithmetic: _arithmetic,
    ex.PercentOf: _percent_of,
    ex.Query: _query,
    ex.Take: _take,
    ex.Quantified: _quantified,
    ex.Aggregate: _aggregate,
    ex.Seems: _seems,
}
