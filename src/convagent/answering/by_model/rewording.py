"""Whether a text in other words is the same text: it gains nothing, and loses no figure, no name and little else."""

from __future__ import annotations

from collections.abc import Sequence

from convagent.answering.entailment import share_of
from convagent.answering.figures_said import missing_figures
from convagent.answering.grounding import Fault, Source, Sources, check_told, faults_of
from convagent.answering.operators import operators_in

__all__ = ["KEPT", "rewording_faults"]

KEPT = 0.5
"""This share of the words of a text must be in it when it is said otherwise, or words that say the same."""


def rewording_faults(
    own: str, said: Sequence[str], sources: Sources, *, told: Sequence[Source] = ()
) -> tuple[Fault, ...]:
    """What is wrong with a text in other words.

    Args:
        own: The text as its author has it, filled.
        said: The sentences that are to take its place.
        sources: The text as the source of these.
        told: What may be said besides: what the turn tells of the customer's own affairs.
    """
    text = "".join(said).strip()
    faults = [
        fault
        for sentence in said
        if (found := faults_of(sentence, sources)) and check_told(sentence, told, sources) is None
        for fault in found
    ]
    faults += [Fault("figure", f"{figure.words} is left out") for figure in missing_figures(own, (text,))]
    if share_of(own, text, sources.language) < KEPT:
        faults.append(Fault("unsupported", "too much is left out"))
    before, after = operators_in(own), operators_in(text)
    if before.negated and not after.negated and not after.concepts & {"only", "except", "free", "without"}:
        faults.append(Fault("negation", "a negation is left out"))
    if before.concepts & {"only", "except"} and not after.concepts & {"only", "except"} and not after.negated:
        faults.append(Fault("restriction", "a restriction is left out"))
    if own.rstrip().endswith("?") and not text.endswith("?"):
        faults.append(Fault("unsupported", "the question is left out"))
    return tuple(faults)
