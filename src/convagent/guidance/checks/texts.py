"""G2 in texts: marks that can't be read, names that aren't known, filters that don't fit, values that may be missing."""

from __future__ import annotations

from convagent.guidance.checks.infer import Infer
from convagent.guidance.checks.scope import Scope
from convagent.guidance.findings.finding import Span
from convagent.guidance.language import syntax as sx
from convagent.guidance.language.marks import Mark, marks_of, place_of
from convagent.guidance.schema import types as t
from convagent.guidance.schema.types import spoken
from convagent.guidance.schema.units import element_of

__all__ = ["check_marks"]

_TIMES = (t.Day, t.Moment)
_FITTING: dict[str, tuple[tuple[type[t.Type], ...], str]] = {
    "money": ((t.MoneyType,), "an amount of money"),
    "number": ((t.Number,), "a number"),
    "date": (_TIMES, "a day"),
    "day": (_TIMES, "a day"),
    "relative": (_TIMES, "a day"),
    "time": ((t.Moment,), "a moment"),
    "count": ((t.ListOf,), "a list"),
    "pairs": ((t.ListOf,), "a list"),
}


def check_marks(infer: Infer, text: sx.Text, scope: Scope) -> tuple[Mark, ...] | None:
    """Checks the marks of a text where `scope` is in force.

    Returns:
        The marks; None when the text can't be read.
    """
    marks, fault = marks_of(text.template)
    if fault is not None:
        line = text.span.line + (fault.line - 1 if text.block else 0)
        place = Span(line, text.span.column, line, text.span.column + 1) if line != text.span.line else text.span
        infer.report.find("G216", place, fault.message, fault.remedy)
        return None
    if marks:
        infer.scope = scope
    for mark in marks:
        span = place_of(text, mark.start, mark.end)
        kind, binding = infer.names.name(mark.path[0], mark.path[1:], span, scope)
        if mark.filters:
            _check_filters(infer, mark, kind, span, scope)
        if binding is not None and (binding.found or binding.optional):
            _check_presence(infer, mark, span, scope)
    return marks


def _check_filters(infer: Infer, mark: Mark, kind: t.Type, span: Span, scope: Scope) -> None:
    kind = t.plain(kind)
    for name, given in mark.filters:
        fitting = _FITTING.get(name)
        if fitting is not None and not isinstance(kind, (*fitting[0], t.Anything)):
            infer.report.find(
                "G217", span, f"`| {name}` wants {fitting[1]}, and `{'.'.join(mark.path)}` is {spoken(kind)}",
                "Take the filter away, or name what it is for.",
            )  # fmt: skip
            return
        if name == "pairs":
            _check_pairs(infer, mark, kind, given[0] if given else "replacement", span, scope)
        kind = t.TEXT


def _check_pairs(infer: Infer, mark: Mark, kind: t.Type, name: str, span: Span, scope: Scope) -> None:
    item = element_of(kind)
    if isinstance(item, t.Line) and name in dict(item.extras):
        if name in scope.names:
            scope.names[name].used = True
    elif not isinstance(item, t.Anything):
        infer.report.find(
            "G217", span, f"`| pairs` wants a `{name}` for each of `{'.'.join(mark.path)}`",
            f"Declare it above: `Need {name} for each item in {mark.path[0]}: one of …`.",
        )  # fmt: skip


def _check_presence(infer: Infer, mark: Mark, span: Span, scope: Scope) -> None:
    """Whether what a look-up gave, or one of several alternatives, may be missing here."""
    root = mark.path[0]
    binding = scope.names[root]
    missing = root if binding.optional and root not in scope.established else None
    if missing is None and binding.found:
        kind, path = binding.type, root
        for part in mark.path[1:]:
            found = infer.vocabulary.field(kind, part)
            if found is None or isinstance(found.type, t.Anything):
                break
            path = f"{path}.{part}"
            if found.optional and path not in scope.established:
                missing = path
                break
            kind = found.type
    if missing is not None:
        infer.report.find(
            "G218", span, f"`{missing}` may be missing here, and the text could not be said then",
            f"Ask before: `If {missing} is none:`, with what is said instead.",
        )  # fmt: skip
