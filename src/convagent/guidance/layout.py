"""The Markdown layer: a file becomes guides, each with header lines and nested items, before any line is parsed.

Nothing is ignored silently: a line that has no place in a guide is a finding, and reading goes on behind it, so that one
run reports every fault of a file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any, Literal

from convagent.guidance.findings import Finding, Span

__all__ = ["MAX_FILE_CHARACTERS", "Item", "Layout", "RawGuide", "lay_out"]

MAX_FILE_CHARACTERS = 2_000_000
"""Larger files are refused: no hand-written guidance comes near."""

MAX_DEPTH = 12
"""Deeper nesting is refused."""

_TITLE = re.compile(r"^(#{1,6})(\s*)(.*?)\s*#*\s*$")
_NUMBER = re.compile(r"^(\s*)(\d{1,4})([.)])(\s+|$)(.*)$")
_BULLET = re.compile(r"^(\s*)([-*+])(\s+|$)(.*)$")
_QUOTE = re.compile(r"^(\s*)>( ?)(.*)$")
_ODD_SPACE = re.compile("[\u00a0\u2007\u202f\u2009\u3000]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(slots=True)
class Item:
    """A logical line with what is nested below it.

    Attributes:
        kind: How it was marked.
        indent: Columns before its mark.
        text: Its words, soft-wrapped lines joined by one blank.
        pieces: For each physical line: offset in `text`, line, column.
        quote: The lines of a `>` block below it, each with line and column.
    """

    kind: Literal["number", "bullet", "plain"]
    indent: int
    text: str
    pieces: list[tuple[int, int, int]]
    children: list[Item] = field(default_factory=list)
    quote: list[tuple[str, int, int]] = field(default_factory=list)
    number: str = ""

    @property
    def line(self) -> int:
        """The first physical line."""
        return self.pieces[0][1]

    @property
    def column(self) -> int:
        """Where its words begin."""
        return self.pieces[0][2]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a character of `text`."""
        at = bisect_right([piece[0] for piece in self.pieces], max(0, offset)) - 1
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
    """What a file consists of."""

    path: str
    guides: list[RawGuide]
    findings: list[Finding]
    lines: list[str]
    front_matter: dict[str, Any]


class _Reader:
    def __init__(self, text: str, path: str) -> None:
        self.path = path
        self.findings: list[Finding] = []
        self.lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.front_matter: dict[str, Any] = {}
        self.guides: list[RawGuide] = []

    def find(self, code: str, message: str, line: int, column: int = 1, *, remedy: str = "", width: int = 1) -> None:
        source = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        severity: Literal["error", "warning"] = "warning" if code in _WARNINGS else "error"
        title = self.guides[-1].title if self.guides else None
        self.findings.append(
            Finding(code, severity, message, self.path, line, column, remedy, source[:400], width, guide=title)
        )

    def read(self) -> Layout:
        start = self._front_matter()
        texts = self._without_comments(start)
        for number in range(start, len(self.lines)):
            raw = self._clean(texts[number], number + 1)
            self._line(raw, number + 1)
        for guide in self.guides:
            _number(guide.statements, "")
        return Layout(self.path, self.guides, self.findings, self.lines, self.front_matter)

    def _front_matter(self) -> int:
        if not self.lines or self.lines[0].rstrip() != "---":
            return 0
        end = next((n for n, line in enumerate(self.lines[1:], 1) if line.rstrip() == "---"), None)
        if end is None:
            self.find("G112", "the front matter has no end", 1, remedy="Close it with a line of three hyphens: ---")
            return 1
        self.front_matter = self._yaml("\n".join(self.lines[1:end]))
        return end + 1

    def _yaml(self, text: str) -> dict[str, Any]:
        from yaml import CSafeLoader, YAMLError, load

        try:
            data = load(text, Loader=CSafeLoader)
        except (YAMLError, ValueError, RecursionError) as error:
            mark = getattr(error, "problem_mark", None)
            line = (mark.line if mark else 0) + 2
            problem = getattr(error, "problem", None) or "it is not YAML"
            self.find(
                "G112", f"the front matter can't be read: {problem}", line, remedy="Write it as `key: value` lines."
            )
            return {}
        if data is None:
            return {}
        if not isinstance(data, dict):
            self.find("G112", "the front matter is not a list of `key: value` lines", 2, remedy="Write `key: value`.")
            return {}
        return {("on" if key is True else str(key)): value for key, value in data.items()}

    def _without_comments(self, start: int) -> list[str]:
        """The lines with HTML comments blanked out, columns kept."""
        texts, inside, opened = list(self.lines), False, 0
        for number in range(start, len(texts)):
            line, at, out = texts[number], 0, []
            while at < len(line):
                if inside:
                    end = line.find("-->", at)
                    stop = len(line) if end < 0 else end + 3
                    out.append(" " * (stop - at))
                    at, inside = stop, end < 0
                else:
                    begin = line.find("<!--", at)
                    stop = len(line) if begin < 0 else begin
                    out.append(line[at:stop])
                    at = stop
                    if begin >= 0:
                        inside, opened = True, number + 1
            texts[number] = "".join(out)
        if inside:
            self.find("G113", "a comment is opened and never closed", opened, remedy="Close it with -->")
        return texts

    def _clean(self, line: str, number: int) -> str:
        if found := _BIDI.search(line):
            self.find(
                "G120", f"an invisible mark that turns the reading direction (U+{ord(found[0]):04X})", number,
                found.start() + 1, remedy="Delete it: it can make a rule look like another one.",
            )  # fmt: skip
        if found := _INVISIBLE.search(line):
            self.find(
                "G121",
                f"an invisible character (U+{ord(found[0]):04X})",
                number,
                found.start() + 1,
                remedy="Delete it.",
            )
        if found := _CONTROL.search(line):
            self.find(
                "G122", f"a control character (U+{ord(found[0]):04X})", number, found.start() + 1, remedy="Delete it."
            )
        line = _CONTROL.sub(" ", _INVISIBLE.sub(" ", _BIDI.sub(" ", line)))
        return _ODD_SPACE.sub(" ", line).replace("\t", " ")

    def _line(self, line: str, number: int) -> None:
        if not line.strip():
            return
        if line.lstrip().startswith(("```", "~~~")):
            self.find(
                "G114", "a code block has no place in guidance", number, remedy="Write statements, or a `Note:` line."
            )
        elif line.startswith("#"):
            self._title(line, number)
        elif not self.guides:
            self.find("G101", "text before the first title", number, remedy="Start each guide with `# Title`.")
        elif found := _QUOTE.match(line):
            self._quote(found[3], number, len(found[1]), len(found[1]) + len(found[2]) + 2)
        elif found := _NUMBER.match(line):
            self._item("number", found[5], number, len(found[1]), found.start(5) + 1)
        elif found := _BULLET.match(line):
            self._item("bullet", found[4], number, len(found[1]), found.start(4) + 1)
        else:
            self._plain(line, number)

    def _title(self, line: str, number: int) -> None:
        found = _TITLE.match(line)
        if found is None or len(found[1]) > 1:
            self.find(
                "G102", "a second-level heading: a guide has no parts", number, width=len(line),
                remedy="Make it a guide of its own with a single #, or a `Note:` line.",
            )  # fmt: skip
            return
        title = found[3].strip()
        if not title:
            self.find("G103", "a guide without a title", number, remedy="Say what the guide is for: `# Return items`.")
        elif not found[2]:
            self.find("G104", "a blank is missing after the #", number, 2, remedy=f"Write `# {title}`.")
        column = found.start(3) + 1
        self.guides.append(RawGuide(title, Span(number, column, number, column + len(title))))

    def _plain(self, line: str, number: int) -> None:
        guide, text = self.guides[-1], line.strip()
        indent = len(line) - len(line.lstrip())
        open_item = self._open(guide, indent)
        if open_item is not None and indent > open_item.indent and not open_item.quote:
            open_item.add(text, number, indent + 1)
            return
        item = Item("plain", indent, text, [(0, number, indent + 1)])
        (guide.statements or guide.header).append(item)

    def _open(self, guide: RawGuide, indent: int) -> Item | None:
        """The last item that an indented line can belong to."""
        pool = guide.statements or guide.header
        item = pool[-1] if pool else None
        while item is not None and item.children and item.children[-1].indent < indent:
            item = item.children[-1]
        return item

    def _quote(self, text: str, number: int, indent: int, column: int) -> None:
        guide = self.guides[-1]
        item = self._open(guide, indent)
        if item is None or not guide.statements or indent <= item.indent:
            self.find("G107", "a > block that belongs to no statement", number, remedy="Indent it below its statement.")
            return
        item.quote.append((text.rstrip(), number, column))

    def _item(self, kind: Literal["number", "bullet"], text: str, number: int, indent: int, column: int) -> None:
        guide = self.guides[-1]
        item = Item(kind, indent, text.rstrip(), [(0, number, column)])
        if not item.text:
            self.find("G108", "an empty item", number, remedy="Write the statement, or delete the line.")
            return
        siblings = guide.statements
        if kind == "bullet" and not guide.statements:
            if guide.header and guide.header[-1].kind == "plain":
                guide.header[-1].children.append(item)
                return
            if not guide.header:
                siblings = guide.statements
        depth = 0
        while siblings and siblings[-1].indent < indent and siblings[-1].kind != "plain":
            siblings = siblings[-1].children
            depth += 1
        if depth > MAX_DEPTH:
            self.find(
                "G111", f"nested more than {MAX_DEPTH} deep", number, indent + 1, remedy="Move steps to another guide."
            )
            return
        if kind == "bullet" and siblings is guide.statements:
            self.find(
                "G106", "a bullet where a numbered statement is meant", number, indent + 1,
                remedy=f"Write `1. {text.strip()[:60]}`, or indent it below the statement that it belongs to.",
            )  # fmt: skip
        siblings.append(item)


_WARNINGS = frozenset({"G104", "G121"})


def _number(items: list[Item], prefix: str) -> None:
    for count, item in enumerate(items, 1):
        item.number = f"{prefix}{count}"
        _number(item.children, f"{item.number}.")


def lay_out(text: str, path: str) -> Layout:
    """The structure of a guidance file, with every fault of its layout.

    Args:
        text: The file's content.
        path: How findings name the file.
    """
    if len(text) > MAX_FILE_CHARACTERS:
        message = f"the file has {len(text):,} characters, more than {MAX_FILE_CHARACTERS:,}"
        finding = Finding("G115", "error", message, path, 1, 1, "Split it: one file for each topic.")
        return Layout(path, [], [finding], [], {})
    return _Reader(text, path).read()
