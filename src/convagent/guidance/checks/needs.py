"""G2 for Needs: their types, what they are picked from, what a pick must fulfil, and the texts that ask for them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from convagent.guidance.checks.report import did_you_mean
from convagent.guidance.checks.scope import Binding, Scope
from convagent.guidance.checks.texts import check_marks
from convagent.guidance.language import expressions as ex
from convagent.guidance.language import syntax as sx
from convagent.guidance.language.line_faults import suggest
from convagent.guidance.schema import types as t
from convagent.guidance.schema.types import spoken
from convagent.guidance.schema.units import element_of, fits, joined

if TYPE_CHECKING:
    from convagent.guidance.checks.names import Walk

__all__ = ["declare_need"]

_A_SLIP = 84.0  # how alike a name must be to one that is known, of 100: `coustomer`, `ordr`


def declare_need(walk: Walk, node: sx.Need | sx.Ask, scope: Scope) -> None:
    """Checks a Need or Ask and declares its names."""
    alternatives = node.alternatives if isinstance(node, sx.Need) else ((node.item,),)
    group = f"{node.number}" if len(alternatives) > 1 else None
    seen: set[str] = set()
    picked: t.Type = t.ANYTHING
    inner = scope
    for items in alternatives:
        for item in items:
            inner = _with_each(walk, item, scope)
            kind, picked = _types(walk, item, inner)
            if item.name in seen:
                continue
            seen.add(item.name)
            own = not _identity(walk, item.name, kind)
            binding = Binding(
                item.name, kind, "need", item.span, group=group, optional=group is not None,
                choices=frozenset({item.name}) if own else frozenset(), each=item.each_name is not None,
                used=isinstance(node, sx.Ask),
            )  # fmt: skip
            walk.declare(binding, scope)
            if item.each_source is not None:
                _attach(walk, item, kind, scope)
            if not own:
                scope.identified = True
    if isinstance(node, sx.Ask) or node.ask is not None or node.musts or node.otherwise is not None:
        _properties(walk, node, picked, inner, scope)


def _identity(walk: Walk, name: str, kind: t.Type) -> bool:
    """Whether a Need says who writes, rather than what the customer chooses."""
    return name == "customer" or kind == t.Record("Customer") or name in walk.index.givers


def _with_each(walk: Walk, item: sx.NeedItem, scope: Scope) -> Scope:
    """The names that a Need `for each` may speak of: the element besides all others."""
    if item.each_name is None or item.each_source is None:
        return scope
    source = item.each_source
    kind = walk.infer.of(source, scope)
    element = element_of(kind)
    if element is None:
        walk.report.find(
            "G220", source.span, f"`for each` goes over a list, and this is {spoken(kind)}", "Name a list of the guide."
        )
        element = t.ANYTHING
    inner = replace(scope, names=dict(scope.names))
    inner.names[item.each_name] = Binding(item.each_name, element, "element", item.span, used=True)
    return inner


def _attach(walk: Walk, item: sx.NeedItem, kind: t.Type, scope: Scope) -> None:
    """Gives the elements of a picked list what is needed for each of them."""
    source = item.each_source
    holder = scope.names.get(source.root) if isinstance(source, ex.Path) and not source.parts else None
    element = element_of(holder.type) if holder is not None else None
    if holder is None or holder.kind != "need" or element is None:
        walk.report.find(
            "G221", item.span, f"`{item.name}` is needed for each element of something that is no Need of this guide",
            "Pick the elements first: `Need items: some of order.items`, then `for each item in items`.",
        )  # fmt: skip
        return
    extras = element.extras if isinstance(element, t.Line) else ()
    holder.type = t.ListOf(t.Line(t.plain(element), (*extras, (item.name, kind))))


def _types(walk: Walk, item: sx.NeedItem, scope: Scope) -> tuple[t.Type, t.Type]:
    """The type of a Need's value and that of what can be picked."""
    wanted = item.type
    if wanted is None or wanted.kind == "value":
        kind = _named(walk, item, wanted)
        return kind, kind
    if wanted.kind == "yes_no":
        return t.YES_NO, t.YES_NO
    if wanted.source is None:
        values = tuple(choice.value for choice in wanted.choices)
        if all(isinstance(value, str) for value in values):
            kind = t.OneOf(values, closed=True)
            return kind, kind
        kind = joined(tuple(t.TEXT if isinstance(value, str) else t.NUMBER for value in values))
        return kind, kind
    found = walk.infer.of(wanted.source, scope)
    element = element_of(found)
    if element is None:
        walk.report.find(
            "G220", wanted.source.span, f"something is picked from {spoken(found)}, which is not a list",
            "Name a list, such as `customer.orders`.",
        )  # fmt: skip
        element = t.ANYTHING
    return (t.ListOf(element) if wanted.kind == "some" else element), element


def _named(walk: Walk, item: sx.NeedItem, wanted: sx.NeedType | None) -> t.Type:
    """The type that a Need names, or that its own name stands for."""
    known = walk.infer.vocabulary.need_types
    if wanted is not None and wanted.name is not None:
        found = known.get(wanted.name.lower())
        if found is None:
            listed = "Types are text, number, money, days, date, yes or no, email, order_number and others."
            walk.report.find(
                "G224",
                wanted.span or item.span,
                f"`{wanted.name}` is no type",
                did_you_mean(wanted.name, known, listed),
            )
            return t.ANYTHING
        return found
    found = known.get(item.name) or walk.index.given.get(item.name)
    if found is None and wanted is None:
        meant = suggest(item.name, (*known, *walk.index.given, *walk.infer.vocabulary.roots), cutoff=_A_SLIP)
        if meant is not None and meant != item.name:
            walk.report.find(
                "G201", item.span, f"there is nothing called `{item.name}`: it would be asked for as a text",
                f"Did you mean `{meant}`? If not, say what it is: `Need {item.name}: text`.",
            )  # fmt: skip
    return found or t.TEXT


def _properties(walk: Walk, node: sx.Need | sx.Ask, picked: t.Type, inner: Scope, scope: Scope) -> None:
    """Texts and conditions below a Need. They may name `choices`, and a `must` the pick as `it`."""
    span = node.span
    names = {**inner.names, "choices": Binding("choices", t.ListOf(picked), "element", span, used=True)}
    asking = replace(scope, names=names)
    ask = node.text if isinstance(node, sx.Ask) else node.ask
    if ask is not None:
        check_marks(walk.infer, ask, asking)
        walk.survey.text(ask, "ask", scope)
    for must in node.musts:
        walk.infer.condition(must.condition, inner, picked)
        walk.survey.claims.extend(walk.infer.claims)
        names.setdefault("item", Binding("item", picked, "element", span, used=True))
        names["it"] = Binding("it", picked, "element", span, used=True)
        check_marks(walk.infer, must.otherwise, asking)
        walk.survey.text(must.otherwise, "must", scope)
    _otherwise(walk, node, picked, scope)


def _otherwise(walk: Walk, node: sx.Need | sx.Ask, picked: t.Type, scope: Scope) -> None:
    match node.otherwise:
        case sx.Refuse(text=text) | sx.Say(text=text):
            check_marks(walk.infer, text, scope)
            walk.survey.text(text, "refuse" if isinstance(node.otherwise, sx.Refuse) else "else", scope)
        case sx.HandOver():
            walk.hand_over(node.otherwise, scope)
        case ex.Literal_(value=str() as value) as literal:
            text = sx.Text(value, literal.span)
            check_marks(walk.infer, text, scope)
            walk.survey.text(text, "else", scope)
        case ex.Expression():
            kind = walk.infer.of(node.otherwise, scope)
            if not fits(kind, picked, lambda _name: False) and not isinstance(kind, t.ListOf):
                walk.report.find(
                    "G206", node.otherwise.span, f"the Need is {spoken(picked)}, and what stands behind `else` is {spoken(kind)}",
                    'Give a value of the same type, or a text: else say "…".',
                )  # fmt: skip
