"""G4: writes without a confirmation or a customer, choices that are not shown, rules that a guide breaks, free discounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from convagent.guidance.checks.report import GuideReport
from convagent.guidance.checks.scope import Confirmation
from convagent.guidance.checks.shop_index import Outline, ShopIndex
from convagent.guidance.checks.survey import DoUse, Survey
from convagent.guidance.interpreter.evaluate import Names, evaluate, truth
from convagent.guidance.language import expressions as ex
from convagent.guidance.language import syntax as sx
from convagent.guidance.language.marks import filled_with
from convagent.guidance.language.unparse import unparse
from convagent.guidance.values import UNKNOWN
from convagent.guidance.word_forms import BREAK, ForbiddenWords

__all__ = ["ShopRules", "check_safety", "shop_rules"]

_NO_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
"""Conditions that ask for the time are left out before; this is never seen."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A `Never do`.

    Attributes:
        never: The statement.
        names: What its condition starts from; empty when it asks for the time, which is not known beforehand.
    """

    never: sx.Never
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class ShopRules:
    """What binds the whole shop.

    Attributes:
        actions: Rules by the action they name, `any write` or `any action`.
        words: Finds what must not be said.
        language: The language that guides are written in.
    """

    actions: Mapping[str, list[Rule]]
    words: ForbiddenWords
    language: str


def shop_rules(index: ShopIndex, language: str) -> ShopRules:
    """The `Never` statements of all guides."""
    actions: dict[str, list[Rule]] = {}
    forbidden: list[tuple[str, str]] = []
    for outline in index.outlines:
        for never in outline.nevers:
            if never.action is not None:
                condition = never.when or never.unless
                timeless = condition is not None and not any(isinstance(part, ex.Period) for part in ex.walk(condition))
                names = ex.roots(condition) if condition is not None and timeless else frozenset()
                actions.setdefault(never.action, []).append(Rule(never, names))
            forbidden += [(words, language) for words in never.words]
    return ShopRules(actions, ForbiddenWords(forbidden), language)


def check_safety(report: GuideReport, outline: Outline, survey: Survey, rules: ShopRules) -> None:
    """The safety of one guide."""
    for use in survey.dos:
        _check_write(report, use)
        _check_rules(report, use, rules)
    guide = outline.guide
    for offer, conditional in survey.offers:
        if guide.at_most is None and guide.only_for is None and not conditional:
            report.find(
                "G405", offer.span, f'the code "{offer.code}" is offered to everybody, as often as they like',
                "Cap it: `At most once a day` below the title, or an `If` around it.",
            )  # fmt: skip
    for text in survey.texts:
        for found in rules.words.find(filled_with(text.text.template, f" {BREAK} "), rules.language)[:1]:
            report.find(
                "G410", text.text.span, f'the text says "{found.words}", which `Never say "{found.phrase}"` forbids',
                "Say it in other words.",
            )  # fmt: skip


def _check_write(report: GuideReport, use: DoUse) -> None:
    signature, node = use.signature, use.statement
    if signature is None or signature.kind != "write":
        return
    if signature.requires != "anonymous" and not use.identified:
        report.find(
            "G402", node.span, f"`{node.action}` wants a {signature.requires} customer, and nobody asks who writes",
            "Write `Need customer` above, and use it: `Need order: one of customer.orders`.",
        )  # fmt: skip
    if not signature.confirm:
        return
    if use.confirmation is None:
        report.find(
            "G401", node.span, f"`{node.action}` runs without a confirmation",
            "Put `confirm` before it, with a text that shows what will be done.",
        )  # fmt: skip
        return
    if use.confirmation.known:
        _check_shown(report, use, use.confirmation)


def _check_shown(report: GuideReport, use: DoUse, confirmation: Confirmation) -> None:
    """Whether the text of a confirmation shows what the customer chose."""
    hidden: list[str] = []
    for argument, paths in use.arguments:
        for path in paths:
            binding = use.names.get(path.root)
            if binding is None:
                continue
            if binding.kind == "result" and binding.confirmation is confirmation:
                report.find(
                    "G404", argument.span, f"`{argument.name}` is what an action before gives: nobody could confirm it",
                    "Put a `confirm` of its own between the two actions.",
                )  # fmt: skip
            each = path.parts[:1] if path.parts and _is_each(use, path) else ()
            hidden += [name for name in each if name not in confirmation.shown]
            if path.root not in confirmation.shown and not (binding.choices and binding.choices <= confirmation.shown):
                hidden += [path.root] if binding.choices else []
    for name in dict.fromkeys(hidden):
        report.find(
            "G403", use.statement.span,
            f"the confirmation on line {confirmation.span.line} doesn't show `{name}`, which {_chosen(use, name)}",
            f"Add `{{{{ {name} }}}}` to its text.",
        )  # fmt: skip


def _chosen(use: DoUse, name: str) -> str:
    return "the customer chose" if use.names[name].kind == "need" else "hangs on what the customer chose"


def _is_each(use: DoUse, path: ex.Path) -> bool:
    other = use.names.get(path.parts[0])
    return other is not None and other.each


def _check_rules(report: GuideReport, use: DoUse, rules: ShopRules) -> None:
    action = use.statement.action
    is_write = use.signature is None or use.signature.kind == "write"
    literals: dict[str, Any] = {
        argument.name: argument.value.value for argument, _ in use.arguments if isinstance(argument.value, ex.Literal_)
    }
    for rule in (
        *rules.actions.get(action, ()),
        *(rules.actions.get("any write", ()) if is_write else ()),
        *rules.actions.get("any action", ()),
    ):
        never = rule.never
        if _breaks(rule, literals):
            condition = never.when or never.unless
            told = f" {'when' if never.when else 'unless'} {unparse(condition)}" if condition is not None else ""
            report.find(
                "G409", use.statement.span, f"this is never done: `Never do {never.action}{told}` forbids it",
                "Take it away, or change the rule.",
            )  # fmt: skip


def _breaks(rule: Rule, literals: Mapping[str, Any]) -> bool:
    """Whether arguments as they are written break a rule, whatever the facts are."""
    condition = rule.never.when or rule.never.unless
    if condition is None:
        return True
    if rule.names.isdisjoint(literals):
        return False
    names = Names(lambda name: literals.get(name, UNKNOWN), _NO_MOMENT)
    value = truth(evaluate(condition, names))
    return value is not UNKNOWN and value is (rule.never.when is not None)
