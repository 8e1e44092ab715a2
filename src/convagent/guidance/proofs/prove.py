"""Proofs: what holds for every customer, and for whom it doesn't.

Each question is put to the solver for all customers at once. It ends in one of three ways: proven, found with a customer
for whom the interpreter really does it, or not proven, which is told and never taken for fine.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from zoneinfo import ZoneInfo

from convagent.guidance.interpreter import kernel as k
from convagent.guidance.proofs.actions import check_action, check_offer
from convagent.guidance.proofs.branches import check_branches
from convagent.guidance.proofs.circles import check_circles, check_givers
from convagent.guidance.proofs.contradictions import check_contradictions
from convagent.guidance.proofs.endings import check_endings
from convagent.guidance.proofs.paths import SymbolicReading
from convagent.guidance.proofs.prover import Prover
from convagent.guidance.proofs.report import ASSUMPTIONS, Proof, ProofReport, ProofSettings
from convagent.guidance.schema.vocabulary import Vocabulary

__all__ = ["ASSUMPTIONS", "Proof", "ProofReport", "ProofSettings", "prove"]


def prove(
    kernel: k.Kernel, vocabulary: Vocabulary, *, currency: str, zone: ZoneInfo, lines: Mapping[str, Sequence[str]] | None = None,
    settings: ProofSettings | None = None, only: Collection[str] | None = None,
) -> ProofReport:  # fmt: skip
    """Proves what can be proven of a shop's guides.

    Args:
        kernel: The guides.
        vocabulary: What names mean, with the shop's actions.
        currency: The shop's, ISO 4217.
        zone: The shop's.
        lines: The lines of each file, so that findings show them.
        settings: Bounds.
        only: Titles of the guides to ask about, after an edit of them; all by default. What guides do to one another is
            asked in any case.
    """
    prover = Prover(kernel, vocabulary, currency, zone, lines or {}, settings or ProofSettings())
    parts = (part for guide in kernel.guides for part in k.statements_within(guide.body))
    targets = {part.title.strip().casefold() for part in parts if isinstance(part, k.GoTo)}
    for guide in kernel.guides:
        if only is None or guide.title in only:
            _guide(prover, guide, targets)
    check_givers(prover)
    check_contradictions(prover)
    found = sorted(prover.found, key=lambda proof: (proof.finding.file, proof.finding.line, proof.finding.code))
    return ProofReport(
        tuple(found), prover.proven, tuple(dict.fromkeys(prover.open)), tuple(dict.fromkeys(prover.bounded))
    )


def _guide(prover: Prover, guide: k.Guide, targets: set[str]) -> None:
    """All questions about one guide."""
    reading = SymbolicReading(guide, prover.kernel, prover.symbols())
    prover.bounded += reading.bounded
    check_branches(prover, guide, reading)
    check_circles(prover, guide, reading)
    if guide.when or guide.on or guide.gives or guide.safeguard or guide.title.casefold() not in targets:
        for reached in reading.reached:
            check_action(prover, guide, reached, reading)
        for offered in reading.offers:
            check_offer(prover, guide, offered, reading)
        check_endings(prover, guide, reading)
