"""The type of every expression, and what in it doesn't fit: names, fields, units, values that never occur."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from convagent.facts import Money
from convagent.guidance.checks.name_types import NEGATIONS, NameTypes
from convagent.guidance.checks.report import did_you_mean
from convagent.guidance.checks.scope import Scope
from convagent.guidance.language import expressions as ex
from convagent.guidance.language.unparse import unparse
from convagent.guidance.schema import types as t
from convagent.guidance.schema.types import spoken
from convagent.guidance.schema.units import ORDERED, can_be_equal, can_be_ordered, element_of, reckoned, unit_remedy
from convagent.guidance.values import Duration, Percent

__all__ = ["Infer"]

_NO_CONDITION = frozenset({t.Number, t.MoneyType, t.DurationType, t.Percent, t.Day, t.Moment, t.OneOf})
_SORTABLE = ORDERED | {t.Text, t.OneOf}


class Infer:
    """Types of expressions within one guide.

    Args:
        names: Types of its names.
    """

    def __init__(self, names: NameTypes) -> None:
        self.names, self.report, self.vocabulary = names, names.report, names.vocabulary
        self.scope = Scope()
        self.element: t.Type | None = None
        self.paths: list[ex.Path] = []
        self.claims: list[ex.Expression] = []
        self.varies = False
        self.judged: list[ex.Seems] = []
        """Judgements met in all expressions, not only in the last."""

    # ---- asking
    def of(self, node: ex.Expression, scope: Scope, element: t.Type | None = None) -> t.Type:
        """The type of an expression.

        Afterwards `paths` holds the names it starts from, `claims` what logic can be checked in, and `varies` tells whether
        it depends on anything at all.
        """
        self._begin(scope, element)
        return self._of(node)

    def condition(self, node: ex.Expression, scope: Scope, element: t.Type | None = None) -> None:
        """Checks an expression that must be yes or no."""
        self._begin(scope, element)
        self._truth(node)

    def _begin(self, scope: Scope, element: t.Type | None) -> None:
        self.scope, self.element = scope, element
        self.paths, self.claims, self.varies = [], [], False

    def _of(self, node: ex.Expression) -> t.Type:
        return self._handlers[type(node)](self, node)

    def _truth(self, node: ex.Expression) -> None:
        kind = t.plain(self._of(node))
        if type(kind) in _NO_CONDITION:
            self.report.find(
                "G219", node.span, f"`{unparse(node)}` is {spoken(kind)}, neither yes nor no",
                f"Compare it: `{unparse(node)} is …`, or ask `{unparse(node)} is known`.",
            )  # fmt: skip

    # ---- names
    def _path(self, node: ex.Path) -> t.Type:
        self.varies = True
        self.paths.append(node)
        return self.names.name(node.root, node.parts, node.span, self.scope)[0]

    def _its(self, node: ex.Its) -> t.Type:
        self.varies = True
        kind = self.element
        if kind is None:
            self.report.find(
                "G212", node.span, f"`{unparse(node)}` has nothing to refer to",
                "`its` stands in `where`, `over`, `by` and `must`; elsewhere name the thing: `order.status`.",
            )  # fmt: skip
            return t.ANYTHING
        for position, part in enumerate(node.parts):
            if type(kind) is t.Anything:
                return kind
            owner = " ".join(("its", ".".join(node.parts[:position]))).strip()
            kind = self.names.field(kind, part, node.span, owner, self.scope)
        return kind

    # ---- comparisons
    def _compare(self, node: ex.Compare) -> t.Type:
        left, right = self._of(node.left), self._of(node.right)
        zero = _is_zero(node.left) or _is_zero(node.right)
        if node.op in {"is", "is not"}:
            fault = can_be_equal(left, right, self.vocabulary.has_id, zero=zero)
        else:
            fault = can_be_ordered(left, right, zero=zero)
        if fault is not None:
            self.report.find("G210", node.span, fault, unit_remedy(left, right))
            return t.YES_NO
        self._occurs(node.left, left, node.right)
        self._occurs(node.right, right, node.left)
        if node.left == node.right:
            self.claims.append(node)
        return t.YES_NO

    def _occurs(self, item: ex.Expression, kind: t.Type, other: ex.Expression) -> None:
        """Whether a text is among those that a fact takes."""
        kind = t.plain(kind)
        if not (isinstance(kind, t.OneOf) and isinstance(other, ex.Literal_) and isinstance(other.value, str)):
            return
        wanted = other.value.strip().casefold()
        if all(wanted != value.casefold() for value in kind.values):
            listed = "It is one of: " + ", ".join(f'"{value}"' for value in kind.values[:12]) + "."
            meant = did_you_mean(other.value, kind.values, listed).replace("`", '"')
            self.report.find(
                "G230" if kind.closed else "G211", other.span, f'`{unparse(item)}` is never "{other.value}"', meant
            )

    def _one_of(self, node: ex.OneOf) -> t.Type:
        item = self._of(node.item)
        for option in node.options:
            kind = self._of(option)
            listed = element_of(kind) if len(node.options) == 1 and isinstance(t.plain(kind), t.ListOf) else None
            fault = can_be_equal(item, listed or kind, self.vocabulary.has_id)
            if fault is not None:
                self.report.find("G210", option.span, fault, unit_remedy(item, listed or kind))
            else:
                self._occurs(node.item, item, option)
        return t.YES_NO

    def _between(self, node: ex.Between) -> t.Type:
        item = self._of(node.item)
        for bound in (node.low, node.high):
            kind = self._of(bound)
            fault = can_be_ordered(item, kind, zero=_is_zero(bound))
            if fault is not None:
                self.report.find("G210", bound.span, fault, unit_remedy(item, kind))
        self.claims.append(node)
        return t.YES_NO

    def _period(self, node: ex.Period) -> t.Type:
        self.varies = True
        self.claims.append(node)
        return t.YES_NO

    def _about(self, node: Any) -> t.Type:
        self._of(node.item)
        return t.YES_NO

    def _is_empty(self, node: ex.IsEmpty) -> t.Type:
        kind = t.plain(self._of(node.item))
        if not isinstance(kind, (t.ListOf, t.Text, t.OneOf, t.Anything)):
            self.report.find(
                "G220", node.span, f"`{unparse(node.item)}` is {spoken(kind)}, which is never empty",
                f"Write `{unparse(node.item)} is none`.",
            )  # fmt: skip
        return t.YES_NO

    def _contains(self, node: ex.Contains) -> t.Type:
        whole, part = t.plain(self._of(node.item)), self._of(node.part)
        item = element_of(whole)
        if item is None and not isinstance(whole, (t.Text, t.OneOf)):
            self.report.find(
                "G220", node.span, f"`{unparse(node.item)}` is {spoken(whole)}, which contains nothing", "Write `is`."
            )
            return t.YES_NO
        fault = can_be_equal(item if item is not None else t.TEXT, part, self.vocabulary.has_id)
        if fault is not None:
            self.report.find("G210", node.span, fault, unit_remedy(item or t.TEXT, part))
        elif item is not None:
            self._occurs(node.item, item, node.part)
        return t.YES_NO

    # ---- logic
    def _not(self, node: ex.Not) -> t.Type:
        self._truth(node.item)
        last = _last_name(node.item)
        if last.startswith(NEGATIONS):
            self.report.find(
                "G508",
                node.span,
                f"`not … {last}` denies a negation",
                "Name what is there, in the shop's vocabulary too.",
            )
        return t.YES_NO

    def _all(self, node: Any) -> t.Type:
        self.claims.append(node)
        for item in node.items:
            self._truth(item)
        return t.YES_NO

    def _seems(self, node: ex.Seems) -> t.Type:
        self.varies = True
        self.judged.append(node)
        return t.YES_NO

    # ---- reckoning
    def _arithmetic(self, node: ex.Arithmetic) -> t.Type:
        left, right = self._of(node.left), self._of(node.right)
        result = reckoned(node.op, left, right, left_zero=_is_zero(node.left), right_zero=_is_zero(node.right))
        if isinstance(result, str):
            self.report.find("G222", node.span, result, unit_remedy(left, right))
            return t.ANYTHING
        return result

    def _percent_of(self, node: ex.PercentOf) -> t.Type:
        kind = t.plain(self._of(node.item))
        if not isinstance(kind, (t.MoneyType, t.Number, t.Anything)):
            self.report.find(
                "G222", node.span, f"there is no percentage of {spoken(kind)}", "Take it of an amount or a number."
            )
            return t.ANYTHING
        return kind

    # ---- lists
    def elements(self, node: ex.Expression) -> t.Type:
        """The type of a list's elements; a finding when it is no list."""
        kind = self._of(node)
        item = element_of(kind)
        if item is None:
            self.report.find(
                "G220", node.span, f"`{unparse(node)}` is {spoken(kind)}, not a list", "Name a list: `order.items`."
            )
            return t.ANYTHING
        return item

    def _within(self, node: ex.Expression, element: t.Type, *, condition: bool) -> t.Type:
        outer, self.element = self.element, element
        try:
            if condition:
                self._truth(node)
                return t.YES_NO
            return self._of(node)
        finally:
            self.element = outer

    def _query(self, node: ex.Query) -> t.Type:
        item = self.elements(node.source)
        if node.where is not None:
            self._within(node.where, item, condition=True)
        if node.by is not None:
            kind = t.plain(self._within(node.by, item, condition=False))
            if type(kind) not in _SORTABLE:
                self.report.find(
                    "G210",
                    node.by.span,
                    f"{spoken(kind)} can't be put in order",
                    "Sort by an amount, a number or a day.",
                )
        return t.ListOf(item)

    def _take(self, node: ex.Take) -> t.Type:
        item = self.elements(node.source)
        return item if node.count is None else t.ListOf(item)

    def _quantified(self, node: ex.Quantified) -> t.Type:
        self._within(node.where, self.elements(node.source), condition=True)
        return t.YES_NO

    def _aggregate(self, node: ex.Aggregate) -> t.Type:
        element = self.elements(node.source)
        if node.kind == "count" or node.item is None:
            return t.NUMBER
        kind = t.plain(self._within(node.item, element, condition=False))
        allowed = {t.Number, t.MoneyType, t.Anything} if node.kind == "sum" else _SORTABLE
        if type(kind) not in allowed:
            self.report.find(
                "G222",
                node.item.span,
                f"there is no {node.kind} of {spoken(kind)}",
                "Take it of an amount or a number.",
            )
            return t.ANYTHING
        return kind

    _handlers: ClassVar[Mapping[type[ex.Expression], Callable[[Any, Any], t.Type]]] = {
        ex.Literal_: lambda _self, node: _literal(node),
        ex.Path: _path,
        ex.Its: _its,
        ex.Not: _not,
        ex.And: _all,
        ex.Or: _all,
        ex.Compare: _compare,
        ex.OneOf: _one_of,
        ex.Between: _between,
        ex.Period: _period,
        ex.IsKnown: _about,
        ex.IsNone: _about,
        ex.IsEmpty: _is_empty,
        ex.Contains: _contains,
        ex.Arithmetic: _arithmetic,
        ex.PercentOf: _percent_of,
        ex.Aggregate: _aggregate,
        ex.Query: _query,
        ex.Take: _take,
        ex.Quantified: _quantified,
        ex.Seems: _seems,
    }


def _literal(node: Any) -> t.Type:
    value = node.value
    if isinstance(value, Money):
        return t.MoneyType(value.currency)
    for kind, found in _LITERALS:
        if isinstance(value, kind):
            return found
    return t.NOTHING


_LITERALS: tuple[tuple[type, t.Type], ...] = (
    (bool, t.YES_NO), (str, t.TEXT), (Decimal, t.NUMBER), (Duration, t.DURATION), (Percent, t.PERCENT), (date, t.DAY),
)  # fmt: skip


def _last_name(node: ex.Expression) -> str:
    """The name that a condition ends in, empty when it is none."""
    match node:
        case ex.Path(root=root, parts=parts):
            return (root, *parts)[-1]
        case ex.Its(parts=(*_, last)):
            return last
    return ""


def _is_zero(node: ex.Expression) -> bool:
    return isinstance(node, ex.Literal_) and isinstance(node.value, Decimal) and node.value == 0
