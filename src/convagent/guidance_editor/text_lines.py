r"""A text by lines, and its places as editors count them.

Guidance counts lines and characters from 1. Editors count from 0, and characters as units of UTF-16 unless they agree on
another encoding: an emoji is one character here and two units there. Lines end at \\n, \\r\\n and \\r alone, in guidance as
in the protocol; the other separators of Unicode are ordinary characters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from lsprotocol.types import Position, Range

from convagent.guidance.findings.finding import Span

__all__ = ["Encoding", "TextLines"]

Encoding = Literal["utf-8", "utf-16", "utf-32"]

_BREAK = re.compile(r"\r\n|\n|\r")
_BOM = "\ufeff"


def _units(text: str, encoding: Encoding) -> int:
    if encoding == "utf-32" or text.isascii():
        return len(text)
    if encoding == "utf-8":
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text) + sum(char > "\uffff" for char in text)


@dataclass(frozen=True)
class TextLines:
    """A text and how its editor counts.

    Attributes:
        text: As the editor holds it.
        encoding: What a character of the editor's positions is.
    """

    text: str
    encoding: Encoding = "utf-16"

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines without their ends."""
        return tuple(_BREAK.split(self.text))

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in _BREAK.finditer(self.text))]

    def line(self, number: int) -> str:
        """The line of that number, from 1, as guidance reads it; empty where there is none."""
        if not 0 < number <= len(self.lines):
            return ""
        return self.lines[0].removeprefix(_BOM) if number == 1 else self.lines[number - 1]

    # ---- guidance's places → the editor's
    def position(self, line: int, column: int) -> Position:
        """A place of guidance, from 1; behind the end it is the end."""
        if line < 1:
            return Position(0, 0)
        if line > len(self.lines):
            return Position(len(self.lines) - 1, _units(self.lines[-1], self.encoding))
        written = self.lines[line - 1]
        skipped = 1 if line == 1 and written.startswith(_BOM) else 0
        return Position(line - 1, _units(written[: max(0, column - 1 + skipped)], self.encoding))

    def range(self, span: Span) -> Range:
        """A stretch of guidance; one that ends before it begins is empty."""
        start, end = self.position(span.line, span.column), self.position(span.end_line, span.end_column)
        return Range(start, max(start, end))

    def whole(self) -> Range:
        """The whole text."""
        return Range(Position(0, 0), self.position(len(self.lines) + 1, 1))

    # ---- the editor's places → guidance's
    def place(self, position: Position) -> tuple[int, int]:
        """Line and column, from 1, of a place of the editor.

        One within a character is before it, one behind a line's end is that end.
        """
        row = position.line
        if row >= len(self.lines):
            return len(self.lines), len(self.line(len(self.lines))) + 1
        written = self.lines[row]
        skipped = 1 if row == 0 and written.startswith(_BOM) else 0
        return row + 1, max(1, self._column(written, position.character) + 1 - skipped)

    def _column(self, written: str, units: int) -> int:
        if self.encoding == "utf-32" or written.isascii():
            return min(units, len(written))
        counted = 0
        for at, char in enumerate(written):
            counted += _units(char, self.encoding)
            if counted > units:
                return at
        return len(written)

    def offset(self, position: Position) -> int:
        """Where a place of the editor is in the text."""
        if position.line >= len(self.lines):
            return len(self.text)
        return self._starts[position.line] + self._column(self.lines[position.line], position.character)

    # ---- changing
    def changed(self, where: Range | None, text: str) -> TextLines:
        """The text after an edit; of a stretch, or of all of it without one."""
        if where is None:
            return TextLines(text, self.encoding)
        start, end = self.offset(where.start), self.offset(where.end)
        return TextLines(self.text[:start] + text + self.text[max(start, end) :], self.encoding)
