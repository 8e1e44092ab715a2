"""Every error that convagent raises on purpose, in one hierarchy.

ConvagentError                 code, message, place, remedy
├── ShopError                  a shop's folder or settings can't be used
├── GuidanceError              guidance does not parse or check; carries every finding
├── KnowledgeError             an article or an index can't be used
├── CatalogError               product data can't be used
├── FactsError                 facts handed in are of the wrong shape
├── ActionError                an action is unknown, refused or failed
├── StorageError               conversations can't be read or kept
├── ModelError                 a chat model can't be used
├── EvalError                  cases or results of evaluations can't be used; carries every fault
└── MissingExtraError          an optional dependency isn't installed
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "ActionError",
    "CatalogError",
    "ConvagentError",
    "EvalError",
    "FactsError",
    "GuidanceError",
    "KnowledgeError",
    "MissingExtraError",
    "ModelError",
    "Place",
    "ShopError",
    "StorageError",
]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fault is: a file, and a line and column counted from 1 where they are known."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """The usual `file:line:column`."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


class ConvagentError(Exception):
    """Base of all errors of convagent.

    Args:
        message: What was found, in one sentence.
        code: A stable code that can be looked up in the documentation, such as `shop-missing`.
        place: Where it was found.
        remedy: What to do about it.
    """

    default_code = "error"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        place: Place | Path | str | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.place = Place(str(place)) if isinstance(place, (str, Path)) else place
        self.remedy = remedy

    def __str__(self) -> str:
        """Place, message, code and remedy on one or two lines."""
        where = f"{self.place}: " if self.place else ""
        remedy = f"\n  {self.remedy}" if self.remedy else ""
        return f"{where}{self.message} [{self.code}]{remedy}"


class ShopError(ConvagentError):
    """A shop's folder or its `convagent.toml` can't be used."""

    default_code = "shop"


class GuidanceError(ConvagentError):
    """Guidance that does not parse or check. `findings` holds every fault that was found."""

    default_code = "guidance"
    findings: Sequence[object] = ()


class KnowledgeError(ConvagentError):
    """An article or an index of articles can't be used."""

    default_code = "knowledge"


class CatalogError(ConvagentError):
    """Product data can't be used."""

    default_code = "catalog"


class FactsError(ConvagentError):
    """Facts that were handed in don't have the shape of `convagent.facts`."""

    default_code = "facts"


class ActionError(ConvagentError):
    """An action is unknown, was refused, or failed."""

    default_code = "action"


class StorageError(ConvagentError):
    """Conversations can't be read or kept."""

    default_code = "storage"


class ModelError(ConvagentError):
    """A chat model can't be reached or gave something unusable."""

    default_code = "model"


class EvalError(ConvagentError):
    """Cases or results of evaluations that can't be used. `faults` holds every fault that was found."""

    default_code = "eval"
    faults: Sequence[object] = ()


class MissingExtraError(ConvagentError):
    """An optional dependency isn't installed; the remedy names the extra."""

    default_code = "missing-extra"
