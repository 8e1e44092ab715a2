"""Findings: what is wrong with guidance, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

__all__ = ["Finding", "Severity", "Span", "has_errors", "in_order"]

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a file; lines and columns count from 1, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int

    def to(self, other: Span) -> Span:
        """The stretch from the start of this one to the end of `other`."""
        return Span(self.line, self.column, other.end_line, other.end_column)


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault or piece of advice.

    Attributes:
        code: Family and number, such as `G101`; each has a page in the documentation.
        severity: `error` keeps the shop from opening; `warning` and `info` don't.
        message: What was found, in plain words.
        remedy: How to mend it.
        file: Path of the file, as it was given.
        line: From 1.
        column: From 1.
        source: The line as it is written, for showing the place with a caret.
        guide: Title of the guide, when it is known.
    """

    code: str
    severity: Severity
    message: str
    file: str
    line: int
    column: int
    remedy: str = ""
    source: str = ""
    width: int = 1
    guide: str | None = None

    def caret(self) -> str:
        """The source line with the place marked below, empty when the source isn't known."""
        if not self.source:
            return ""
        shown = self.source.replace("\t", " ")
        return (
            f"    {shown}\n    {' ' * (self.column - 1)}{'^' * max(1, min(self.width, len(shown) - self.column + 1))}"
        )


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any finding keeps the guidance from being used."""
    return any(finding.severity == "error" for finding in findings)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings by file, line, column and code, each once."""
    return tuple(sorted(set(findings), key=lambda f: (f.file, f.line, f.column, f.code, f.message)))
