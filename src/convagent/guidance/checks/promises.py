"""G406: texts that promise, or say that something was done, where no action does it. English, German and French.

What counts as a claim is in `guidance/claims.toml`, the same that replies are held against before they are sent.
"""

from __future__ import annotations

from convagent.guidance.backing import Backing, is_backed
from convagent.guidance.checks.report import GuideReport
from convagent.guidance.checks.survey import Survey, TextUse
from convagent.guidance.claims import Claim, claims_in
from convagent.guidance.language.marks import filled_with

__all__ = ["check_promises", "claims_of_template", "promise_in"]

_ANY_VALUE = "#1"
"""Stands for each mark: a subject like another."""


def claims_of_template(template: str) -> tuple[Claim, ...]:
    """What a text with marks claims, whatever they are filled with."""
    return claims_in(filled_with(template, _ANY_VALUE))


def promise_in(text: str) -> str | None:
    """The first words that promise something or say that it was done, None when none do."""
    return next((claim.words for claim in claims_of_template(text)), None)


def check_promises(report: GuideReport, survey: Survey) -> None:
    """Finds claims that no action, record or person backs.

    What a text says of a record ("{{ order.id }} is cancelled") may be so where a branch leads to it: the reply is held
    against the record itself.
    """
    for use in survey.texts:
        if use.hands_over or use.role in {"confirm", "hand over"}:
            continue
        for claim in claims_of_template(use.text.template):
            if use.role == "ask" and claim.kind == "promise":
                continue
            if (claim.of_record and use.conditional) or is_backed(claim, _backing(use)):
                continue
            kind = "promises" if claim.kind == "promise" else "says that something was done, and"
            report.find(
                "G406", use.text.span, f"“{claim.words}” {kind} what no action does",
                "Put the `do` before the text, hand over, or say what the customer can do.",
            )  # fmt: skip
            break


def _backing(use: TextUse) -> Backing:
    return Backing(use.actions, unnamed=use.acted and not use.actions)
