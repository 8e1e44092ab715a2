"""Actions of the language itself that `do` takes, as completion and hover show them beside the shop's own."""

from __future__ import annotations

from collections.abc import Mapping

from convagent.guidance.interpreter.kernel import ADVICE_ABOUT
from convagent.guidance.schema import types as t
from convagent.guidance.schema.vocabulary import ActionSignature, Parameter, Vocabulary

__all__ = ["ADVISE", "about_advise", "all_actions"]

ADVISE = ActionSignature(
    "advise",
    "write",
    (
        Parameter("about", t.OneOf(ADVICE_ABOUT, closed=True), required=False,
                  description="What the request is about; read from the customer's words where it isn't said."),
        Parameter("words", t.TEXT, required=False,
                  description="Words that are read in place of the customer's message."),
    ),
    confirm=False,
    description="Leaves the request to the built-in shopping assistant, which asks, shows products and answers.",
)  # fmt: skip
"""`do advise`: no registry knows it, and it writes nothing outside the conversation."""


def all_actions(vocabulary: Vocabulary) -> Mapping[str, ActionSignature]:
    """What guidance may do or look up by name: `advise`, and the shop's own as far as they are known."""
    return {ADVISE.name: ADVISE, **(vocabulary.actions or {})}


def about_advise() -> str:
    """What hover shows: a line on what it does, one for each thing that it takes."""
    lines = [f"**{ADVISE.name}**: built in", "", ADVISE.description, ""]
    lines += [f"- `{each.name}`: {each.description}" for each in ADVISE.parameters]
    lines.append(f"- `about` is one of: {', '.join(ADVICE_ABOUT)}")
    return "\n".join(lines)
