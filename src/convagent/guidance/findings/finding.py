"""Findings: what is wrong with guidance, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from unicodedata import combining, east_asian_width

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
        """The source line with the place marked below, empty when the source isn't known.

        Of a long line only what stands around the place is shown. Characters that can't be seen are shown as blanks, so
        that a line does nothing to the terminal that shows it.
        """
        if not self.source:
            return ""
        at = self.column - 1
        begin = 0 if len(self.source) <= _SHOWN else max(0, min(at - _SHOWN // 3, len(self.source) - _SHOWN))
        shown = "".join(char if char.isprintable() else " " for char in self.source[begin : begin + _SHOWN])
        head, tail = "…" * (begin > 0), "…" * (begin + _SHOWN < len(self.source))
        blanks = len(head) + _columns(shown[: at - begin]) + max(0, at - begin - len(shown))
        marked = _columns(shown[at - begin : at - begin + self.width])
        return f"    {head}{shown}{tail}\n    {' ' * blanks}{'^' * max(1, marked)}"


_SHOWN = 160
"""Characters of a long line that are shown."""


def _columns(text: str) -> int:
    """How many columns a text takes in a terminal: wide letters take two, marks on letters none."""
    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any finding keeps the guidance from being used."""
    return any(finding.severity == "error" for finding in findings)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings by file, line, column and code, each once."""
    return tuple(sorted(set(findings), key=lambda f: (f.file, f.line, f.column, f.code, f.message)))
