"""What the Markdown layer makes of a file: guides with logical lines, each with its place."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any, Literal

from convagent.guidance.findings.finding import Finding, Span
from convagent.guidance.language.comments import Comment

__all__ = ["MAX_FILE_CHARACTERS", "MAX_FINDINGS", "MAX_LINE_CHARACTERS", "Item", "Layout", "RawGuide"]

MAX_FILE_CHARACTERS = 2_000_000
"""Larger files are refused: no hand-written guidance comes near."""

MAX_LINE_CHARACTERS = 4_000
"""Longer lines are refused, whether they are one line of the file or wrapped over several."""

MAX_FINDINGS = 500
"""Behind so many faults the rest of a file is not read."""

_NOTE = re.compile(r"note\s*:", re.IGNORECASE)


@dataclass(slots=True)
class Item:
    """A logical line with what is nested below it.

    Attributes:
        kind: How it was marked.
        indent: Columns before its mark.
        text: Its words, soft-wrapped lines joined by one blank.
        pieces: For each physical line: offset in `text`, line, column.
        children: What is nested below it.
        quote: The lines of a `>` block below it, each with line and column.
        number: Its address within the guide, such as `7.2`; a note has that of the item it stands before.
        broken: It can't be read (too long), and a finding says so.
    """

    kind: Literal["number", "bullet", "plain"]
    indent: int
    text: str
    pieces: list[tuple[int, int, int]]
    children: list[Item] = field(default_factory=list)
    quote: list[tuple[str, int, int]] = field(default_factory=list)
    number: str = ""
    broken: bool = False

    @property
    def line(self) -> int:
        """The first physical line."""
        return self.pieces[0][1]

    @property
    def column(self) -> int:
        """Where its words begin."""
        return self.pieces[0][2]

    @property
    def is_note(self) -> bool:
        """Whether it is a `Note: …`."""
        return _NOTE.match(self.text) is not None

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a character of `text`."""
        at = bisect_right(self.pieces, max(0, offset), key=lambda piece: piece[0]) - 1
        start, line, column = self.pieces[at]
        return line, column + max(0, offset) - start

    def span(self, start: int = 0, end: int | None = None) -> Span:
        """The place of a part of `text`."""
        line, column = self.place(start)
        end_line, end_column = self.place(len(self.text) if end is None else end)
        return Span(line, column, end_line, end_column)

    def add(self, text: str, line: int, column: int) -> None:
        """Joins a soft-wrapped line."""
        self.pieces.append((len(self.text) + 1, line, column))
        self.text = f"{self.text} {text}"


@dataclass(slots=True)
class RawGuide:
    """A guide before its lines are parsed."""

    title: str
    span: Span
    header: list[Item] = field(default_factory=list)
    statements: list[Item] = field(default_factory=list)


@dataclass(slots=True)
class Layout:
    """What a file consists of.

    Attributes:
        path: How findings name the file.
        guides: Its guides, in written order.
        findings: What is wrong with it so far.
        lines: The file's lines as they are written.
        front_matter: The values of its front matter.
        front_matter_end: Index of the first line behind the front matter.
        comments: Its HTML comments.
        marred: Lines with unseen characters: what else is wrong with them shows when those are gone.
    """

    path: str
    guides: list[RawGuide]
    findings: list[Finding]
    lines: list[str]
    front_matter: dict[str, Any]
    front_matter_end: int = 0
    comments: list[Comment] = field(default_factory=list)
    marred: set[int] = field(default_factory=set)

    def find(
        self, code: str, message: str, line: int, column: int = 1, *, remedy: str = "", width: int = 1,
        severity: Literal["error", "warning"] = "error", guide: str | None = None,
    ) -> None:  # fmt: skip
        """Notes a finding; behind `MAX_FINDINGS` only that there are more."""
        if self.full:
            return
        source = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        self.findings.append(
            Finding(
                code,
                severity,
                message,
                self.path,
                line,
                column,
                remedy,
                source[:MAX_LINE_CHARACTERS],
                width,
                guide=guide,
            )
        )
        if len(self.findings) == MAX_FINDINGS:
            message = f"more than {MAX_FINDINGS} faults; what follows is not read"
            self.findings.append(
                Finding("G115", "error", message, self.path, line, 1, "Mend these first.", guide=guide)
            )

    @property
    def full(self) -> bool:
        """Whether there are so many findings that reading stops."""
        return len(self.findings) >= MAX_FINDINGS
