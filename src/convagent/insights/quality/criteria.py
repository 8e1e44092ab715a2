"""By what a conversation is rated, and what a rating rests on. Data only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["CRITERIA", "Criterion", "Evidence", "Rating", "Score"]

Criterion = Literal["resolution", "accuracy", "communication", "language", "policy"]
Score = Literal["good", "bad", "unscored"]

CRITERIA: dict[Criterion, str] = {
    "resolution": "Everything that the customer asked for was settled, or passed on to somebody who said so.",
    "accuracy": "What the replies state agrees with the shop's articles.",
    "communication": "Replies are readable and civil, and say something new each time.",
    "language": "Replies are in the customer's language.",
    "policy": "Replies say nothing that the shop never says, and ask for nothing that customers should never write.",
}
"""Each criterion, and what is good by it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a rating rests on.

    Attributes:
        message: Number of the message, from 1.
        quote: Words of it, as they stand there.
    """

    message: int
    quote: str


@dataclass(frozen=True, slots=True)
class Rating:
    """A conversation by one criterion.

    Attributes:
        criterion: Which.
        score: `unscored` where it can't be told.
        why: In one line.
        evidence: The words that it rests on.
        by: `checks` for the rules here, else the judge's name.
    """

    criterion: Criterion
    score: Score
    why: str = ""
    evidence: tuple[Evidence, ...] = ()
    by: str = "checks"

    def to_json(self) -> dict[str, Any]:
        """For logs."""
        return {
            "criterion": self.criterion, "score": self.score, "why": self.why, "by": self.by,
            "evidence": [{"message": each.message, "quote": each.quote} for each in self.evidence],
        }  # fmt: skip

    def __str__(self) -> str:
        """For readers."""
        quoted = "".join(f" [{each.message}: “{each.quote}”]" for each in self.evidence)
        return f"{self.criterion}: {self.score}" + (f", {self.why}" if self.why else "") + quoted
