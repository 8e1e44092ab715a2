"""What came of proofs, and what they rest on. Data only."""

from __future__ import annotations

from dataclasses import dataclass

from convagent.guidance.findings.finding import Finding
from convagent.guidance.proofs.counterexample import Case
from convagent.guidance.proofs.symbols import LIST_LENGTH

__all__ = ["ASSUMPTIONS", "Proof", "ProofReport", "ProofSettings"]

ASSUMPTIONS = (
    "facts, answers and what look-ups give have the types that the vocabulary says; moments lie between 1900 and 2100",
    "all amounts are in the shop's currency, spans of days are 24 hours each, and the clock is not put back or forward",
    "where a guide runs once for each of several picks, one of them stands for all",
    f"the first {LIST_LENGTH} elements of a list are told apart; of what lies beyond, anything may be true",
    "a judgement may come out either way, and so may whatever the solver can't reckon with",
    "a guide that gives the customer proves who writes, or gives nobody",
    f"an amount has a cap when it stays in bounds while what the shop knows does, with lists of up to {LIST_LENGTH} elements",
)
"""What every proof rests on."""


@dataclass(frozen=True, slots=True)
class ProofSettings:
    """Bounds of a proof.

    Attributes:
        effort: Steps of the solver for one question; beyond, it is not proven. Counted, not timed: the same on every machine.
    """

    effort: int = 2_000_000


@dataclass(frozen=True, slots=True)
class Proof:
    """Something that doesn't hold.

    Attributes:
        finding: As `check` tells them.
        address: The statement.
        case: The customer for whom it doesn't; None where no customer ever comes there.
        rule: Address of the `Never`, or what else it is about besides the statement; empty for nothing else.
        guide: Title of the guide that the customer's conversation begins with.
    """

    finding: Finding
    address: str
    case: Case | None = None
    rule: str = ""
    guide: str = ""


@dataclass(frozen=True, slots=True)
class ProofReport:
    """What came of all questions.

    Attributes:
        found: What doesn't hold.
        proven: How many questions were answered for every customer.
        not_proven: Questions that stay open, each with why.
        bounded: Where the reading of guides stopped.
    """

    found: tuple[Proof, ...]
    proven: int
    not_proven: tuple[str, ...]
    bounded: tuple[str, ...] = ()
