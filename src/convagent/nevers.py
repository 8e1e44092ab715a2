"""`Never` statements as rules over calls: they bind the whole shop, for every caller, and fail closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from convagent.actions import ActionSpec, CallContext
from convagent.actions.preconditions import Never
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.evaluate import Names, evaluate, truth
from convagent.guidance.interpreter.known import Layered
from convagent.guidance.language.translations import Translations, forbidden_phrases
from convagent.guidance.language.unparse import unparse
from convagent.guidance.values import UNKNOWN, equal, normal
from convagent.guidance.word_forms import ForbiddenWords

__all__ = ["forbidden_words", "never_rules"]


def never_rules(kernel: k.Kernel) -> tuple[Never, ...]:
    """A rule for each `Never do`: blocked unless its condition is known false (`unless`: known true)."""
    return tuple(_rule(never) for never in kernel.nevers if never.action is not None)


def forbidden_words(
    kernel: k.Kernel, translations: Translations | None = None, *, language: str = "en"
) -> ForbiddenWords:
    """The words of all `Never say`, in all their forms; of a translated one the words of each language too.

    Args:
        kernel: The shop's guides.
        translations: The catalogue, where a phrase stands under its guide's title like any text.
        language: The language that the guides are written in.
    """
    said = ((never.address.rsplit("/", 1)[0], word) for never in kernel.nevers for word in never.words)
    return ForbiddenWords(forbidden_phrases(said, translations or Translations(), language=language))


def _rule(never: k.Never) -> Never:
    def rule(spec: ActionSpec, arguments: Mapping[str, Any], context: CallContext) -> str | None:
        covered = (
            never.action == spec.name
            or never.action == "any action"
            or (never.action == "any write" and spec.kind == "write")
        )
        if not covered:
            return None
        if never.when is None and never.unless is None:
            return f"{never.address}: never"
        names = Names(lambda name: _value(name, arguments, context), context.now)
        if never.when is not None and truth(evaluate(never.when, names)) is not False:
            return f"{never.address}: never when {unparse(never.when)}"
        if never.unless is not None and truth(evaluate(never.unless, names)) is not True:
            return f"{never.address}: never unless {unparse(never.unless)}"
        return None

    return rule


def _value(name: str, arguments: Mapping[str, Any], context: CallContext) -> Any:
    """Who writes; else an argument of the call by its name, else what is known.

    An argument that is a record's id stands for that record where it is known: `order.total` of the order that is acted on.
    Of another record nothing is known, and the rule blocks. What guides `set` in the conversation is among what is known.
    """
    known = Layered(context.facts, {})
    if name == "customer":  # also for actions that take a customer's id
        who = context.customer if context.customer is not None else UNKNOWN
        return Layered({**context.facts, "customer": who}, {})["customer"]
    if name in arguments:
        given, here = normal(arguments[name]), normal(known.get(name, UNKNOWN))
        return here if isinstance(given, str) and equal(here, given) is True else given
    if name == "today":
        return context.now.date()
    return context.now if name == "now" else normal(known.get(name, UNKNOWN))
