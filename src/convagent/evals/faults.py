"""What is wrong with a file of cases: where, what, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from convagent.errors import EvalError, Place

__all__ = ["CaseFault", "as_error"]

_SHOWN = 30
_REMEDIES = {
    "cases": "docs/evals.md says what a case may hold; `convagent eval schema` prints its JSON Schema.",
    "personas": "docs/evals.md shows a persona; what it `reaches` is written as what a case expects.",
}


@dataclass(frozen=True, slots=True)
class CaseFault:
    """One fault.

    Attributes:
        code: Stable: `eval-file`, `eval-yaml`, `eval-key`, `eval-type`, `eval-case`, `eval-table`, `eval-include`,
            `eval-twice`, `eval-contradiction`, `eval-import`.
        place: File, line and column.
        message: What was found.
        remedy: What to do about it.
    """

    code: str
    place: Place
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        """Place, message and code, the remedy below."""
        return f"{self.place}: {self.message} [{self.code}]" + (f"\n    → {self.remedy}" if self.remedy else "")


def as_error(faults: Iterable[CaseFault], *, of: Literal["cases", "personas"] = "cases") -> EvalError:
    """One error that names every fault, by file and line.

    Args:
        faults: The faults.
        of: What the files hold.
    """
    found = sorted(set(faults), key=lambda fault: (fault.place.file, fault.place.line or 0, fault.place.column or 0))
    shown = "\n  ".join(str(fault) for fault in found[:_SHOWN])
    more = f"\n  … and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    error = EvalError(
        f"{len(found)} fault{'s' if len(found) != 1 else ''} in the {of}\n  {shown}{more}", code="eval-cases",
        remedy=_REMEDIES[of],
    )  # fmt: skip
    error.faults = tuple(found)
    return error
