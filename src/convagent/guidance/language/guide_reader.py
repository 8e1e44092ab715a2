"""Guides from their logical lines, with every fault of a file in one run."""

from __future__ import annotations

import re
from typing import Any, Literal

from convagent.guidance.findings.finding import Span
from convagent.guidance.language import syntax as sx
from convagent.guidance.language.header import read_header
from convagent.guidance.language.items import Item, Layout, RawGuide
from convagent.guidance.language.lines import LineError, parse_line
from convagent.guidance.language.nested import finish
from convagent.guidance.language.slips import explain_stray_line

__all__ = ["GuideReader"]


class GuideReader:
    """Parses the lines of one file and collects what is wrong with them.

    Args:
        layout: The file's structure; findings are added to it.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.title = ""
        self.notes: list[sx.Note] = []

    def find(
        self, code: str, message: str, item: Item, *, start: int = 0, end: int | None = None, remedy: str = "",
        severity: Literal["error", "warning"] = "error",
    ) -> None:  # fmt: skip
        """Notes a finding at a stretch of an item; only its first line is underlined."""
        line, column = item.place(start)
        last, behind = item.place(len(item.text) if end is None else end)
        source = self.layout.lines[line - 1] if line <= len(self.layout.lines) else ""
        width = behind - column if last == line else len(source.rstrip()) + 1 - column
        self.layout.find(
            code, message, line, column, remedy=remedy, width=max(1, width), severity=severity, guide=self.title
        )

    def parse(
        self, item: Item, start: Literal["statement", "property", "only_for"], text: str | None = None, shift: int = 0
    ) -> Any:
        """The tree of a line, or None with a finding."""
        if item.broken or self.layout.full:
            return None
        try:
            return parse_line(
                item.text if text is None else text, start, lambda a, b: item.span(a + shift, b + shift), item.number
            )
        except LineError as error:
            if not any(line in self.layout.marred for _offset, line, _column in item.pieces):
                self.find(
                    error.code,
                    error.message,
                    item,
                    start=error.start + shift,
                    end=error.end + shift,
                    remedy=error.remedy,
                )
            return None

    def guide(self, raw: RawGuide) -> sx.Guide:
        """A guide; what could not be read is left out of it, with findings."""
        self.title, self.notes = raw.title, []
        header = read_header(self, raw)
        statements = self.body(raw.statements)
        # A guide may be nothing but remarks, or nothing but judgements that the whole shop shares.
        taught_only = set(header) == {"judgements"}
        notes_only = raw.header and not raw.statements and all(item.is_note for item in raw.header)
        if all(item.is_note for item in raw.statements) and not (notes_only or taught_only):
            item = Item("plain", 0, raw.title, [(0, raw.span.line, raw.span.column)])
            self.find(
                "G105", "a guide without statements", item, remedy='Write numbered statements below: `1. say "…"`.'
            )
        front = tuple(self.layout.front_matter.items())
        return sx.Guide(
            raw.title,
            self.layout.path,
            raw.span,
            statements=statements,
            notes=tuple(self.notes),
            front_matter=front,
            **header,
        )

    def note(self, item: Item) -> bool:
        """Whether an item is a note, which is then kept."""
        if not item.is_note:
            return False
        self.notes.append(sx.Note(" ".join(item.text.split(":", 1)[1].split()), item.span(), item.number))
        if item.quote:
            self.find("G107", "a `>` block below a note", item, remedy="Write the remark on the line itself.")
        return True

    def body(self, items: list[Item], *, branch: bool = False) -> tuple[sx.Statement, ...]:
        """The statements of a guide, of a branch, or of `if it fails:`."""
        out: list[sx.Statement] = []
        above: sx.Statement | Literal["unread"] | None = None
        last = next((item for item in reversed(items) if not item.is_note), None)
        for item in items:
            if self.note(item):
                continue
            if item.kind == "plain":
                message, remedy = explain_stray_line(item.text)
                self.find("G109", message, item, remedy=remedy)
                continue
            statement = self.statement(item)
            if isinstance(statement, sx.Otherwise) and above != "unread" and not isinstance(above, sx.If):
                self.find(
                    "G141", "an `Otherwise` without an `If` before it", item, remedy="Put it right behind an `If`."
                )
            if isinstance(statement, sx.GoOn) and not (branch and item is last):
                self.find(
                    "G141", "`go on` stands where there is nothing to go on from", item,
                    remedy="It is the last step of a branch: reading goes on below it.",
                )  # fmt: skip
            above = statement or "unread"
            if statement is not None:
                out.append(statement)
        return tuple(out)

    def statement(self, item: Item) -> sx.Statement | None:
        """The statement of an item with what stands below it, None with findings when it is at fault."""
        if found := re.match(r"else\s*(:|if\b)", item.text, re.IGNORECASE | re.ASCII):
            self.find(
                "G117", "`Else` is written `Otherwise`", item, end=4,
                remedy="Write another `If …:`." if found[1].lower() == "if" else "Write `Otherwise:`.",
            )  # fmt: skip
            for child in item.children:
                self.orphan(child)
            return None
        if found := re.match(r"if it fails\b", item.text, re.IGNORECASE | re.ASCII):
            self.find(
                "G117", "`if it fails` belongs below a `do`", item, end=found.end(), remedy="Indent it below its `do`."
            )
            for child in item.children:
                self.orphan(child)
            return None
        if found := re.match(r"(must|else|within)\b", item.text, re.IGNORECASE | re.ASCII):
            self.find(
                "G117", f"`{found[0]}` belongs below a Need", item, end=found.end(),
                remedy="Indent it below its `Need` or `Ask`.",
            )  # fmt: skip
            return None
        node = self.parse(item, "statement")
        if node is None:
            for child in item.children:
                self.orphan(child)
            return None
        return self.finish(item, node)

    def finish(self, item: Item, node: sx.Statement) -> sx.Statement:
        """A statement with what stands below it."""
        result: sx.Statement = finish(self, item, node)
        return result

    def orphan(self, item: Item) -> None:
        """Faults below a line that did not parse are reported too."""
        if re.match(r"(must|else|within|if it fails)\b", item.text, re.IGNORECASE | re.ASCII):
            self.parse(item, "property")
            for child in item.children:
                self.orphan(child)
        elif item.text.lower().strip() == "ask":
            return
        elif not self.note(item):
            self.statement(item)

    def text(self, item: Item, text: sx.Text | None, what: str) -> sx.Text:
        """The text on the line or in the block below it; exactly one of them must be there."""
        if item.quote:
            lines = [line for line, _, _ in item.quote]
            first, last = item.quote[0], item.quote[-1]
            span = Span(first[1], first[2], last[1], last[2] + len(last[0]))
            if text is not None and text.template:
                self.find(
                    "G118", f"{what} has a text on its line and a `>` block too", item, remedy="Keep one of them."
                )
            template = "\n".join(lines).strip()
            if not template:
                self.find("G118", f"{what} has an empty text", item, remedy="Write the text behind the >.")
            return sx.Text(template, span, block=True)
        if text is None or not text.template.strip():
            self.find(
                "G118", f"{what} has no text", item, remedy='Write it in "quotes", or as an indented `>` block below.'
            )
            return sx.Text("", item.span())
        return text

    def leaf(self, item: Item) -> None:
        """Nothing but notes stands below an item."""
        for child in item.children:
            if self.note(child):
                continue
            remedy = "Take away the blanks before it, so that it is a statement of its own."
            if child.kind == "bullet":
                remedy = "Number it as a statement of its own, or indent it like the bullets around it."
            self.find("G117", "nothing can stand below this line", child, remedy=remedy)

    def no_quote(self, item: Item) -> None:
        """An item takes no `>` block."""
        if item.quote:
            _text, line, column = item.quote[0]
            self.layout.find(
                "G107", "a `>` block below a line that takes no text", line, max(1, column - 2), guide=self.title,
                remedy="Put it below the `say`, `ask`, `confirm` or `refuse` whose text it is.",
            )  # fmt: skip
