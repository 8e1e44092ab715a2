"""What proves who writes: evidence goes in, a verified customer comes out, or nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from convagent.facts import Customer

if TYPE_CHECKING:
    from convagent.storage import Storage

__all__ = ["Proof", "Proven", "plain"]


@dataclass(frozen=True, slots=True)
class Proven:
    """What a proof came to.

    Attributes:
        customer: The verified customer, None when nothing was proven.
        fault: Why not, as a code for the trace and the log: `token-expired`. The customer is never told.
    """

    customer: Customer | None
    fault: str = ""


class Proof(Protocol):
    """A way to prove who writes. It must be safe to ask from several threads at once.

    A shop's own is handed to `Agent.open(…, proofs=[…])`; it is asked when the call's facts hold what it reads.
    """

    @property
    def evidence(self) -> tuple[str, ...]:
        """Names of what it reads. Facts of these names go to the proof alone: guidance and traces never see them."""
        ...

    def prove(
        self, evidence: Mapping[str, Any], *, conversation: str, now: datetime, storage: Storage | None
    ) -> Proven:
        """Who is proven by what was brought.

        Args:
            evidence: By the names above. Anything may stand in it.
            conversation: The conversation's id.
            now: The turn's moment.
            storage: Where tries are counted.
        """
        ...


def plain(text: object) -> str:
    """A number, address or postcode without the differences that people make: case, spaces, signs in front."""
    return "".join(char for char in str(text or "").casefold() if char.isalnum() or char in "@.+-_").strip("-_.+")[:320]
