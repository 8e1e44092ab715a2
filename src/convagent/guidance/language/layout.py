"""The Markdown layer: a file becomes guides, each with header lines and nested items, before any line is parsed.

Nothing is ignored silently: a line that has no place in a guide is a finding, and reading goes on behind it, so that one
run reports every fault of a file. The work is linear in the length of the file, whatever it holds.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise
from typing import Literal

from convagent.guidance.findings.finding import Finding, Span
from convagent.guidance.language.characters import cleaned, indentation, unseen_characters
from convagent.guidance.language.comments import take_out_comments
from convagent.guidance.language.front_matter import FrontMatterError, read_front_matter
from convagent.guidance.language.items import (
    MAX_FILE_CHARACTERS,
    MAX_FINDINGS,
    MAX_LINE_CHARACTERS,
    Item,
    Layout,
    RawGuide,
)
from convagent.guidance.language.quotes import quoted_parts

__all__ = ["MAX_FILE_CHARACTERS", "MAX_FINDINGS", "MAX_LINE_CHARACTERS", "Item", "Layout", "RawGuide", "lay_out"]

_KEPT = 60
"""Characters of a line that is too long which still show where it stands."""

MAX_DEPTH = 12
"""Deeper nesting is refused."""

_NUMBER = re.compile(r"^(\s*)([0-9]{1,4})([.)])(\s+|$)(.*)$")
_BULLET = re.compile(r"^(\s*)([-*+])(\s+|$)(.*)$")
_QUOTE = re.compile(r"^(\s*)>( ?)(.*)$")
_INDENTED_TITLE = re.compile(r"^\s{1,3}#{1,6}\s+\S")


class _Reader:
    """Goes through a file line by line."""

    def __init__(self, text: str, path: str) -> None:
        lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.layout = Layout(path, [], [], lines, {})
        self.guides = self.layout.guides
        self.fence = ""
        self.fence_line = 0
        self.empty: set[int] = set()
        """Lines without anything, not even a comment."""
        self.long: set[int] = set()
        """Lines that are too long to be read: their beginning keeps their place."""
        self.preface = False
        """Text before the first title was found; once is enough."""
        self.indented: dict[str, int] = {}
        """The first line that is indented with tabs, and the first that is with blanks."""

    def find(
        self, code: str, message: str, line: int, column: int = 1, *, remedy: str = "", width: int = 1,
        severity: Literal["error", "warning"] = "error",
    ) -> None:  # fmt: skip
        title = self.guides[-1].title if self.guides else None
        self.layout.find(code, message, line, column, remedy=remedy, width=width, severity=severity, guide=title)

    def read(self) -> Layout:
        layout = self.layout
        layout.front_matter_end = start = self._front_matter()
        texts = list(layout.lines)
        for number, line in enumerate(texts):
            if len(line) > MAX_LINE_CHARACTERS:
                self._too_long(number + 1, len(line))
                self.long.add(number + 1)
                texts[number] = line[:_KEPT].replace("<!--", "    ")
        texts, layout.comments = take_out_comments(texts, start)
        commented = {row for comment in layout.comments for row in range(comment.line, comment.end_line + 1)}
        self.empty = {row for row, line in enumerate(layout.lines, 1) if not line.strip()} - commented
        self._comments()
        for number, line in enumerate(texts):
            if layout.full:
                break
            if len(layout.lines[number]) <= MAX_LINE_CHARACTERS:
                for code, message, column, remedy in unseen_characters(layout.lines[number]):
                    layout.marred.add(number + 1)
                    self.find(code, message, number + 1, column, remedy=remedy)
            seen = cleaned(line)
            if number >= start and seen.strip():
                self._line(seen, number + 1, indentation(line))
        if self.fence:
            self.find(
                "G114", "a code block without an end: what follows it is not read", self.fence_line, width=3,
                remedy="Take it out.",
            )  # fmt: skip
        self._tabs()
        for guide in self.guides:
            _number(guide.statements, "")
        self._comments_in_texts()
        return layout

    def _too_long(self, line: int, length: int) -> None:
        self.find(
            "G115", f"a line of {length:,} characters: more than {MAX_LINE_CHARACTERS:,}", line,
            remedy="Put long texts into several lines of a `>` block, and name parts of long conditions with `Let`.",
        )  # fmt: skip

    def _front_matter(self) -> int:
        lines = self.layout.lines
        if lines[0].rstrip() != "---":
            return 0
        end = next((n for n in range(1, len(lines)) if lines[n].rstrip() == "---"), None)
        if end is None:
            self.find(
                "G112", "the front matter has no end", 1, width=3, remedy="Close it with a line of three hyphens: ---"
            )
            self.preface = True
            return 1
        try:
            self.layout.front_matter = read_front_matter("\n".join(lines[1:end]))
        except FrontMatterError as error:
            self.find("G112", error.message, min(error.line, end) + 1, remedy=error.remedy)
        return end + 1

    def _comments(self) -> None:
        for comment in self.layout.comments:
            if not comment.closed:
                self.find(
                    "G113", "a comment is opened and never closed", comment.line, comment.column, width=4,
                    remedy="Close it with -->",
                )  # fmt: skip
            elif comment.followed:
                self.find(
                    "G113", "a comment in the middle of a line", comment.end_line, comment.followed,
                    remedy="Put the comment on a line of its own, or at the end of the line.",
                )  # fmt: skip

    def _comments_in_texts(self) -> None:
        """A comment within quotes would silently vanish from what the customer reads."""
        rows = [comment.line for comment in self.layout.comments]
        pending = [item for guide in self.guides for item in (*guide.header, *guide.statements)] if rows else []
        while pending:
            item = pending.pop()
            pending += item.children
            parts = quoted_parts(item.text)[0] if len(item.pieces) > 1 else ()
            for before, (offset, line, _column) in pairwise(item.pieces):
                at = bisect_left(rows, before[1])
                if at < len(rows) and rows[at] < line and any(start < offset - 1 < end for start, end in parts):
                    comment = self.layout.comments[at]
                    self.find(
                        "G113", "a comment within a text", comment.line, comment.column, width=4,
                        remedy="Put the comment on a line of its own above.",
                    )  # fmt: skip

    def _line(self, line: str, number: int, indent: int) -> None:
        bare = line.lstrip()
        if self.fence:
            if bare.startswith(self.fence):
                self.fence = ""
            return
        if bare.startswith(("```", "~~~")):
            self.fence, self.fence_line = bare[:3], number
            self.find(
                "G114", "a code block has no place in guidance", number, len(line) - len(bare) + 1, width=3,
                remedy="Write statements, or a `Note:` line.",
            )  # fmt: skip
            return
        if indent:
            self._indented(number)
        if line.startswith("#"):
            self._title(line, number)
        elif _INDENTED_TITLE.match(line):
            self.find(
                "G102", "blanks before the # of a title", number, remedy="Let the title begin at the margin.",
                width=len(line) - len(bare),
            )  # fmt: skip
            self._title(bare, number, len(line) - len(bare))
        elif not self.guides:
            if not self.preface:
                self.preface = True
                self.find(
                "G101", "text before the first title", number, len(line) - len(bare) + 1, width=len(bare.rstrip()),
                remedy="Begin each guide with a line such as `# Return items`.",
            )  # fmt: skip
        elif found := _QUOTE.match(line):
            self._quote(found, number, indent)
        elif found := _NUMBER.match(line):
            self._item("number", found[5], number, indent, found.start(5) + 1)
        elif found := _BULLET.match(line):
            self._item("bullet", found[4], number, indent, found.start(4) + 1)
        else:
            self._plain(bare.rstrip(), number, indent, len(line) - len(bare) + 1)

    def _indented(self, number: int) -> None:
        source = self.layout.lines[number - 1]
        space = source[: len(source) - len(source.lstrip())]
        for kind in ("tab",) * ("\t" in space) + ("blank",) * bool(space.strip("\t")):
            self.indented.setdefault(kind, number)

    def _tabs(self) -> None:
        """Tabs are read as in Markdown, but not beside blanks: what looks like one level could be two."""
        tab, blank = self.indented.get("tab"), self.indented.get("blank")
        if tab is not None and blank is not None:
            self.layout.find(
                "G110", "tabs and blanks are mixed in the indentation of this file", max(tab, blank),
                remedy="Use blanks alone: three for each level.",
            )  # fmt: skip
        elif tab is not None:
            self.layout.find(
                "G110", "a tab in the indentation", tab, remedy="Use blanks: three for each level.", severity="warning"
            )

    def _title(self, line: str, number: int, margin: int = 0) -> None:
        marks = len(line) - len(line.lstrip("#"))
        behind = line[marks:].rstrip()
        if (rest := behind.rstrip("#")) != behind and (not rest or rest[-1].isspace()):
            behind = rest.rstrip()
        title = " ".join(behind.split())
        column = margin + marks + len(behind) - len(behind.lstrip()) + 1
        if marks > 1:
            self.find(
                "G102", "a heading below a title: a guide has no parts", number, width=len(line.rstrip()),
                remedy=f"Make it a guide of its own (`# {title[:60] or 'Title'}`), or a `Note:` line.",
            )  # fmt: skip
            return
        if not title:
            self.find("G103", "a guide without a title", number, remedy="Say what the guide is for: `# Return items`.")
        elif not behind[0].isspace():
            self.find(
                "G104",
                "a blank is missing after the #",
                number,
                2,
                remedy=f"Write `# {title[:60]}`.",
                severity="warning",
            )
        self.guides.append(RawGuide(title, Span(number, column, number, margin + marks + len(behind) + 1)))

    def _plain(self, text: str, number: int, indent: int, column: int) -> None:
        guide = self.guides[-1]
        item = Item("plain", indent, text, [(0, number, column)], broken=number in self.long)
        if item.is_note:
            self._place(item)
            return
        open_item = self._open(guide, indent)
        if open_item is not None and indent > open_item.indent and not open_item.quote:
            open_item.broken = open_item.broken or item.broken
            if not open_item.broken:
                open_item.add(text, number, column)
                if len(open_item.text) > MAX_LINE_CHARACTERS:
                    open_item.broken = True
                    self._too_long(open_item.line, len(open_item.text))
            return
        (guide.statements or guide.header).append(item)

    def _open(self, guide: RawGuide, indent: int) -> Item | None:
        """The last item that an indented line can belong to."""
        pool = guide.statements or guide.header
        item = pool[-1] if pool else None
        while item is not None and item.children and item.children[-1].indent < indent:
            item = item.children[-1]
        return item

    def _quote(self, found: re.Match[str], number: int, indent: int) -> None:
        guide = self.guides[-1]
        item = self._open(guide, indent)
        if item is None or not guide.statements or indent <= item.indent:
            self.find(
                "G107", "a `>` block that belongs to no statement", number, found.end(1) + 1,
                remedy="Indent it below the `say`, `ask`, `confirm` or `refuse` whose text it is.",
            )  # fmt: skip
            return
        if item.quote:
            last = item.quote[-1][1]
            if any(row + 1 in self.empty for row in range(last, number - 1)):
                item.quote.append(("", last + 1, 1))
        item.quote.append((found[3].rstrip(), number, found.start(3) + 1))

    def _item(self, kind: Literal["number", "bullet"], text: str, number: int, indent: int, column: int) -> None:
        item = Item(kind, indent, text.rstrip(), [(0, number, column)], broken=number in self.long)
        if item.text:
            self._place(item)
        else:
            mark = len(self.layout.lines[number - 1]) - len(self.layout.lines[number - 1].lstrip()) + 1
            self.find("G108", "an empty item", number, mark, remedy="Write the statement, or delete the line.")

    def _place(self, item: Item) -> None:
        """Puts an item below what it belongs to."""
        guide, indent = self.guides[-1], item.indent
        if not guide.statements and item.kind != "number":
            above = _latest(guide.header)
            if item.kind == "plain" and not (indent and above):
                guide.header.append(item)
                return
            if above is not None and above.kind == "plain":
                above.children.append(item)
                return
        siblings = guide.statements
        depth = 0
        while indent and (above := _latest(siblings)) is not None and above.indent < indent:
            siblings = above.children
            depth += 1
        if depth > MAX_DEPTH:
            self.find(
                "G111", f"nested more than {MAX_DEPTH} deep", item.line, item.column,
                remedy="Move the inner steps to a guide of their own, and `go to` it.",
            )  # fmt: skip
            return
        if item.kind == "bullet" and siblings is guide.statements and not item.is_note:
            self.find(
                "G106", "a bullet where a numbered statement is meant", item.line, item.column - 2, width=1,
                remedy=f"Write `1. {item.text[:60]}`, or indent it below the statement that it belongs to.",
            )  # fmt: skip
        siblings.append(item)


def _latest(items: list[Item]) -> Item | None:
    """The last item that is no note; behind a long row of notes there is none."""
    return next((item for item in reversed(items[-20:]) if not item.is_note), None)


def _number(items: list[Item], prefix: str) -> None:
    """Addresses as they are read on the page: notes are not counted."""
    count = 1
    for item in items:
        item.number = f"{prefix}{count}"
        _number(item.children, f"{item.number}.")
        count += not item.is_note


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
