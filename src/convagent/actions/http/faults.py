"""What is wrong with a file of HTTP actions: where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from convagent.actions.http.places import Path, nearest
from convagent.errors import ActionError, Place

__all__ = ["Fault", "Faults", "as_error"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    Attributes:
        code: Stable: `action-toml`, `action-key`, `action-type`, `action-template`, `action-result`, `action-outcome`,
            `action-host`, `action-secret`, `action-declaration`.
        place: File, line and column.
        message: What was found.
        remedy: What to do about it.
        severity: An error keeps the shop from opening; a warning doesn't.
    """

    code: str
    place: Place
    message: str
    remedy: str = ""
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        """Place, message and code, the remedy below."""
        return f"{self.place}: {self.message} [{self.code}]" + (f"\n    → {self.remedy}" if self.remedy else "")


@dataclass
class Faults:
    """Collects the faults of one file by the path of the key that is at fault."""

    file: str
    places: Mapping[Path, tuple[int, int]]
    found: list[Fault] = field(default_factory=list)

    def add(
        self, path: Path, message: str, *, code: str, remedy: str = "", severity: Literal["error", "warning"] = "error"
    ) -> None:
        """Adds a fault of the key at `path`."""
        line, column = nearest(self.places, path)
        fault = Fault(code, Place(self.file, line, column), message, remedy, severity)
        if fault not in self.found:
            self.found.append(fault)


def as_error(faults: Iterable[Fault]) -> ActionError:
    """One error that names every fault."""
    errors = [fault for fault in faults if fault.severity == "error"]
    shown = "\n  ".join(str(fault) for fault in errors[:20])
    more = f"\n  … and {len(errors) - 20} more" if len(errors) > 20 else ""
    return ActionError(
        f"{len(errors)} fault{'s' if len(errors) != 1 else ''} in the HTTP actions\n  {shown}{more}", code="action-http",
        place=errors[0].place if errors else None, remedy="`convagent actions check` lists them all.",
    )  # fmt: skip
