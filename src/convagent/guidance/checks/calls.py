"""G2 for actions and look-ups: they exist, and get what they take."""

from __future__ import annotations

from collections.abc import Mapping

from convagent.guidance.checks.infer import Infer
from convagent.guidance.checks.report import did_you_mean
from convagent.guidance.checks.scope import Scope
from convagent.guidance.findings.finding import Span
from convagent.guidance.interpreter.kernel import ADVICE_ABOUT, ADVISE_TAKES
from convagent.guidance.language import expressions as ex
from convagent.guidance.language import syntax as sx
from convagent.guidance.schema import types as t
from convagent.guidance.schema.types import spoken
from convagent.guidance.schema.units import fits
from convagent.guidance.schema.vocabulary import ActionSignature, Parameter

__all__ = ["Arguments", "check_advise", "check_call", "signature_of"]

Arguments = tuple[tuple[sx.Argument, tuple[ex.Path, ...]], ...]
"""Arguments with the names that they start from."""


def signature_of(infer: Infer, name: str, span: Span, *, kind: str) -> ActionSignature | None:
    """The signature of an action or look-up; findings when there is none or it is of the other kind.

    None without a finding when the shop's actions aren't known.
    """
    actions = infer.vocabulary.actions
    if actions is None:
        return None
    signature = actions.get(name)
    if signature is None:
        same = [other for other, known in actions.items() if known.kind == kind] or list(actions)
        listed = f"There are: {', '.join(sorted(same)[:10])}." if same else "The shop has no actions."
        what = "action" if kind == "write" else "look-up"
        infer.report.find("G203", span, f"there is no {what} called `{name}`", did_you_mean(name, same, listed))
    elif signature.kind != kind:
        if kind == "lookup":
            infer.report.find(
                "G226", span, f"`{name}` changes something; a look-up only reads", f"Write `do {name} …`."
            )
        else:
            infer.report.find(
                "G226", span, f"`{name}` only reads; `do` is for what changes something",
                f"Write `Let result be look up {name} …`.",
            )  # fmt: skip
    return signature


def check_call(
    infer: Infer, name: str, signature: ActionSignature | None, arguments: tuple[sx.Argument, ...], span: Span, scope: Scope
) -> Arguments:  # fmt: skip
    """Checks what an action is given.

    Returns:
        Its arguments with the names that they start from.
    """
    out: list[tuple[sx.Argument, tuple[ex.Path, ...]]] = []
    given: set[str] = set()
    for argument in arguments:
        kind = infer.of(argument.value, scope)
        out.append((argument, tuple(infer.paths)))
        if argument.name in given:
            infer.report.find("G204", argument.span, f"`{argument.name}` is given twice", "Keep one of them.")
        given.add(argument.name)
        if signature is None:
            continue
        parameter = signature.parameter(argument.name)
        if parameter is None:
            names = [known.name for known in signature.parameters]
            listed = f"It takes: {', '.join(names)}." if names else "It takes nothing."
            remedy = did_you_mean(argument.name, names, listed)
            infer.report.find("G204", argument.span, f"`{name}` takes no `{argument.name}`", remedy)
        else:
            _check_argument(infer, name, argument, parameter, kind)
    if signature is not None:
        missing = [known.name for known in signature.parameters if known.required and known.name not in given]
        if missing:
            listed = ", ".join(f"`{part}`" for part in missing)
            infer.report.find("G205", span, f"`{name}` needs {listed}", f"Add `{missing[0]} = …` behind `with`.")
    return tuple(out)


def check_advise(infer: Infer, node: sx.Do) -> None:
    """Checks what `do advise` tells the shopping assistant: `about` one of the things that it does, and `words`."""
    for argument in node.arguments:
        if argument.name not in ADVISE_TAKES:
            remedy = did_you_mean(argument.name, ADVISE_TAKES, "It takes `about` and `words`.")
            infer.report.find("G204", argument.span, f"`advise` takes no `{argument.name}`", remedy)
        value = argument.value.value if isinstance(argument.value, ex.Literal_) else None
        if argument.name == "about" and value is not None and value not in ADVICE_ABOUT:
            remedy = did_you_mean(str(value), ADVICE_ABOUT, f"It is one of: {', '.join(ADVICE_ABOUT)}.")
            infer.report.find("G206", argument.value.span, f'the shopping assistant knows no "{value}"', remedy)


def _check_argument(infer: Infer, name: str, argument: sx.Argument, parameter: Parameter, kind: t.Type) -> None:
    wanted = parameter.type
    if not fits(kind, wanted, infer.vocabulary.has_id):
        infer.report.find(
            "G206",
            argument.span,
            f"`{argument.name}` of `{name}` is {_wanted(wanted)}, not {spoken(kind)}",
            _mend(kind, wanted),
        )
    elif (
        isinstance(wanted, t.OneOf)
        and isinstance(argument.value, ex.Literal_)
        and isinstance(argument.value.value, str)
    ):
        value = argument.value.value
        if value.casefold() not in {known.casefold() for known in wanted.values}:
            listed = f"It is {_wanted(wanted)}."
            remedy = did_you_mean(value, wanted.values, listed).replace("`", '"')
            code = "G206" if wanted.closed else "G211"
            infer.report.find(code, argument.span, f'`{argument.name}` of `{name}` is never "{value}"', remedy)


def _wanted(kind: t.Type) -> str:
    if isinstance(kind, t.OneOf):
        return "one of " + ", ".join(f'"{value}"' for value in kind.values[:12])
    return spoken(kind)


_MEND: Mapping[type[t.Type], str] = {
    t.MoneyType: "Write an amount with its currency: `20 EUR`.",
    t.DurationType: "Write a length of time: `30 days`.",
    t.Percent: "Write a percentage: `10%`.",
    t.Day: "Write a day: `2026-11-20`.",
    t.YesNo: "Write `yes` or `no`.",
    t.Number: "Write a number without quotes.",
    t.ListOf: "Name a list, such as `order.items`.",
}


def _mend(kind: t.Type, wanted: t.Type) -> str:
    if isinstance(t.plain(kind), t.ListOf):
        return "Name one element: `first of …`."
    if isinstance(t.plain(kind), t.Record):
        return "Name one of its fields, such as its id."
    return _MEND.get(type(wanted), "Hand in what the action takes.")
