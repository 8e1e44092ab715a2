"""Conditions that no fact can fulfil, or that every fact fulfils: the plain cases, seen in one `and` or `or`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from convagent.guidance.language import expressions as ex
from convagent.guidance.language.unparse import unparse
from convagent.guidance.values import compare, equal

__all__ = ["LogicFault", "fault_of", "taken_before"]

Operator = Literal["is", "is not", "<", "<=", ">", ">="]

_MIRRORED: Mapping[str, str] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OPPOSITE: Mapping[Operator, Operator] = {"is": "is not", "is not": "is", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


class LogicFault(NamedTuple):
    """What is wrong with a condition."""

    code: str
    message: str
    remedy: str


def fault_of(node: ex.Expression) -> LogicFault | None:
    """Why a condition is never true (G304) or always true (G305); None when neither is plain."""
    match node:
        case ex.And(items=items):
            clash = _clash(items)
            if clash is not None:
                return LogicFault("G304", f"this is never true: {clash}", "Write `or`, or leave one of them out.")
        case ex.Or(items=items):
            both = _covering(items)
            if both is not None:
                return LogicFault(
                    "G305", f"this is always true: {both}", "Write `and`, or `is not one of …` for several values."
                )
        case ex.Compare(op=op, left=left):
            always = op in {"is", "<=", ">="}
            code, word = ("G305", "always") if always else ("G304", "never")
            return LogicFault(
                code, f"`{unparse(left)}` is compared with itself: {word} true", "Compare it with another."
            )
        case ex.Between(low=ex.Literal_(value=low), high=ex.Literal_(value=high)):
            if compare("<", high, low) is True:
                return LogicFault("G304", "nothing lies between these two: the first is more", "Turn them round.")
        case ex.Period(start=ex.Literal_(value=start), end=ex.Literal_(value=end)):
            if end < start:
                return LogicFault("G304", "the period ends before it begins", "Turn the two days round.")
    return None


def taken_before(condition: ex.Expression, ended: Iterable[ex.Expression]) -> ex.Expression | None:
    """The earlier condition that plainly takes every case of this one: `total > 50 EUR` takes those of `total > 60 EUR`.

    Args:
        condition: What is asked now.
        ended: What was asked before, where a yes ended the guide.
    """
    parts = condition.items if isinstance(condition, ex.And) else (condition,)
    if _clash(parts) is not None:
        return None  # never true by itself, which is told already
    for earlier in ended:
        if any(_clash((opposite, *parts)) is not None for opposite in _opposites(earlier)):
            return earlier
    return None


@dataclass(slots=True)
class _Known:
    """What the parts of an `and` say about one value."""

    equal: list[Any] = field(default_factory=list)
    unequal: list[Any] = field(default_factory=list)
    among: list[tuple[Any, ...]] = field(default_factory=list)
    bounds: list[tuple[Literal["<", "<=", ">", ">="], Any]] = field(default_factory=list)
    absent: set[bool] = field(default_factory=set)


def _clash(items: tuple[ex.Expression, ...]) -> str | None:
    known: dict[ex.Expression, _Known] = {}
    seen: set[ex.Expression] = set()
    for item in items:
        opposite = next((one for one in _opposites(item) if one in seen), None)
        if opposite is not None:
            return f"`{unparse(opposite)}` and its opposite"
        seen.add(item)
        subject = _note(item, known)
        if subject is not None and _impossible(known[subject]):
            return f"`{unparse(subject)}` can't be all of this at once"
    return None


def _note(item: ex.Expression, known: dict[ex.Expression, _Known]) -> ex.Expression | None:
    """Adds what one part says; returns what it is about."""
    match item:
        case ex.Compare(op=op, left=left, right=ex.Literal_(value=value)) if not isinstance(left, ex.Literal_):
            about = known.setdefault(left, _Known())
            _compare(about, op, value)
            return left
        case ex.Compare(op=op, left=ex.Literal_(value=value), right=right) if not isinstance(right, ex.Literal_):
            about = known.setdefault(right, _Known())
            _compare(about, _MIRRORED.get(op, op), value)
            return right
        case ex.OneOf(item=left, options=options, negated=negated) if all(
            isinstance(option, ex.Literal_) for option in options
        ):
            about = known.setdefault(left, _Known())
            values = tuple(option.value for option in options if isinstance(option, ex.Literal_))
            if negated:
                about.unequal.extend(values)
            else:
                about.among.append(values)
            return left
        case ex.IsNone(item=left, negated=negated):
            about = known.setdefault(left, _Known())
            about.absent.add(not negated)
            return left
    return None


def _compare(about: _Known, op: Any, value: Any) -> None:
    if op == "is":
        about.equal.append(value)
    elif op == "is not":
        about.unequal.append(value)
    else:
        about.bounds.append((op, value))


def _impossible(about: _Known) -> bool:
    values = about.equal
    if len(about.absent) > 1 or (True in about.absent and (values or about.among or about.bounds)):
        return True
    for one in values:
        if any(equal(one, other) is False for other in values):
            return True
        if any(equal(one, other) is True for other in about.unequal):
            return True
        if any(all(equal(one, option) is False for option in options) for options in about.among):
            return True
        if any(compare(op, one, bound) is False for op, bound in about.bounds):
            return True
    for options in about.among:
        if all(any(equal(option, other) is True for other in about.unequal) for option in options):
            return True
        for others in about.among:
            if all(equal(one, other) is False for one in options for other in others):
                return True
    return _no_room(about.bounds)


def _no_room(bounds: list[tuple[Literal["<", "<=", ">", ">="], Any]]) -> bool:
    for op, low in bounds:
        for other, high in bounds:
            if op in {">", ">="} and other in {"<", "<="}:
                strict = op == ">" or other == "<"
                if compare(">=" if strict else ">", low, high) is True:
                    return True
    return False


def _opposites(item: ex.Expression) -> Iterator[ex.Expression]:
    """What is true exactly when the item is false, as it may be written."""
    yield item.item if isinstance(item, ex.Not) else ex.Not(item.span, item)
    match item:
        case ex.Compare(op=op, left=left, right=right):
            yield ex.Compare(item.span, _OPPOSITE[op], left, right)
        case ex.OneOf(item=one, options=options, negated=negated):
            yield ex.OneOf(item.span, one, options, not negated)
        case ex.IsNone(item=one, negated=negated):
            yield ex.IsNone(item.span, one, not negated)
        case ex.IsKnown(item=one, negated=negated):
            yield ex.IsKnown(item.span, one, not negated)
        case ex.IsEmpty(item=one, negated=negated):
            yield ex.IsEmpty(item.span, one, not negated)


def _covering(items: tuple[ex.Expression, ...]) -> str | None:
    """Two parts of an `or` of which one always holds."""
    seen: set[ex.Expression] = set()
    unequal: dict[ex.Expression, list[Any]] = {}
    for item in items:
        opposite = next((one for one in _opposites(item) if one in seen), None)
        if opposite is not None:
            return f"`{unparse(opposite)}` or its opposite"
        seen.add(item)
        if isinstance(item, ex.Compare) and item.op == "is not" and isinstance(item.right, ex.Literal_):
            others = unequal.setdefault(item.left, [])
            if any(equal(item.right.value, other) is False for other in others):
                return f"`{unparse(item.left)}` can't be both, so it is always not one of them"
            others.append(item.right.value)
    return None
