"""A guidance file → guides: the Markdown layer first, then each logical line, so that one run reports every fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from convagent.conversation import HANDOVER_REASONS
from convagent.errors import GuidanceError
from convagent.guidance import syntax as sx
from convagent.guidance.findings import Finding, Span
from convagent.guidance.header import read_header
from convagent.guidance.layout import Item, Layout, RawGuide, lay_out
from convagent.guidance.lines import LineError, parse_line
from convagent.guidance.slips import suggest

__all__ = ["parse_file", "parse_text"]


def parse_file(path: Path, *, name: str | None = None) -> tuple[sx.GuideFile, tuple[Finding, ...]]:
    """Reads a guidance file.

    Args:
        path: A Markdown file in UTF-8.
        name: How findings name it; the path by default.

    Raises:
        GuidanceError: The file can't be read at all.
    """
    shown = name or str(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise GuidanceError(
            f"the guidance can't be read: {error.strerror or error}", code="guidance-unreadable", place=shown,
            remedy="Check that the file exists and may be read.",
        ) from error  # fmt: skip
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        finding = Finding("G100", "error", "the file is not UTF-8", shown, line, 1, "Save it with the encoding UTF-8.")
        return sx.GuideFile(shown, ()), (finding,)
    return parse_text(text, shown)


def parse_text(text: str, path: str = "guidance.md") -> tuple[sx.GuideFile, tuple[Finding, ...]]:
    """The guides of a text, with every fault found.

    Args:
        text: Markdown with guides.
        path: How findings name it.

    Returns:
        The guides that could be read (statements at fault are left out of them) and the findings.
    """
    layout = lay_out(text, path)
    reader = _Guides(layout)
    guides = tuple(reader.guide(raw) for raw in layout.guides)
    return sx.GuideFile(path, guides, tuple(layout.front_matter.items()), text), tuple(layout.findings)


class _Guides:
    """Parses the lines of one file and collects what is wrong with them."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.title = ""
        self.notes: list[sx.Note] = []

    def find(
        self, code: str, message: str, item: Item, *, start: int = 0, end: int | None = None, remedy: str = "",
        severity: Literal["error", "warning"] = "error",
    ) -> None:  # fmt: skip
        line, column = item.place(start)
        source = self.layout.lines[line - 1] if line <= len(self.layout.lines) else ""
        width = max(1, (len(item.text) if end is None else end) - start)
        self.layout.findings.append(
            Finding(code, severity, message, self.layout.path, line, column, remedy, source[:400], width, self.title)
        )

    def parse(
        self, item: Item, start: Literal["statement", "property", "only_for"], text: str | None = None, shift: int = 0
    ) -> Any:
        """The tree of a line, or None with a finding."""
        try:
            return parse_line(
                item.text if text is None else text, start, lambda a, b: item.span(a + shift, b + shift), item.number
            )
        except LineError as error:
            self.find(
                error.code, error.message, item, start=error.start + shift, end=error.end + shift, remedy=error.remedy
            )
            return None

    def guide(self, raw: RawGuide) -> sx.Guide:
        self.title, self.notes = raw.title, []
        header = read_header(self, raw)
        statements = self.body(raw.statements)
        if not raw.statements and not header.get("notes_only"):
            item = Item("plain", 0, raw.title, [(0, raw.span.line, raw.span.column)])
            self.find(
                "G105", "a guide without statements", item, remedy='Write numbered statements below: `1. say "…"`.'
            )
        header.pop("notes_only", None)
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

    def note(self, item: Item, before: str) -> bool:
        found = re.match(r"note\s*:\s*(.*)$", item.text, re.IGNORECASE | re.DOTALL)
        if found is None:
            return False
        self.notes.append(sx.Note(found[1].strip(), item.span(), before))
        return True

    def body(self, items: list[Item]) -> tuple[sx.Statement, ...]:
        out: list[sx.Statement] = []
        count = 0
        for position, item in enumerate(items):
            following = items[position + 1].number if position + 1 < len(items) else "end"
            if self.note(item, following):
                continue
            if item.kind == "plain":
                word = item.text.split()[0].lower() if item.text.split() else ""
                self.find(
                    "G109", "a line that is no statement", item,
                    remedy="Number it (`1. …`), " + ("or write" if word else "write") + " `Note: …` for a remark.",
                )  # fmt: skip
                continue
            count += 1
            statement = self.statement(item)
            if statement is not None:
                out.append(statement)
        return tuple(out)

    def statement(self, item: Item) -> sx.Statement | None:
        if re.match(r"(must|else|within)\b", item.text, re.IGNORECASE):
            self.find(
                "G117",
                f"`{item.text.split()[0]}` belongs below a Need",
                item,
                remedy="Indent it below its `Need` or `Ask`.",
            )
            return None
        node = self.parse(item, "statement")
        if node is None:
            for child in item.children:
                self.orphan(child)
            return None
        finish = _FINISH.get(type(node), _plain)
        result: sx.Statement | None = finish(self, item, node)
        return result

    def orphan(self, item: Item) -> None:
        """Faults below a line that did not parse are reported too."""
        if re.match(r"(must|else|within|if it fails)\b", item.text, re.IGNORECASE):
            self.parse(item, "property")
        elif not self.note(item, ""):
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
            return sx.Text("\n".join(lines).strip(), span, block=True)
        if text is None or not text.template.strip():
            self.find(
                "G118", f"{what} has no text", item, remedy='Write it in "quotes", or as an indented `>` block below.'
            )
            return sx.Text("", item.span())
        return text

    def leaf(self, item: Item) -> None:
        for child in item.children:
            if not self.note(child, item.number):
                self.find(
                    "G117", "nothing can stand below this statement", child, remedy="Make it a numbered statement."
                )

    def no_quote(self, item: Item) -> None:
        if item.quote:
            self.find("G107", "a > block below a statement that has no text", item, remedy="Move it below a `say`.")


def _plain(guides: _Guides, item: Item, node: sx.Statement) -> sx.Statement:
    guides.leaf(item)
    guides.no_quote(item)
    return node


def _texted(guides: _Guides, item: Item, node: Any) -> Any:
    guides.leaf(item)
    return replace(node, text=guides.text(item, node.text, f"`{type(node).__name__.lower()}`"))


def _branch(guides: _Guides, item: Item, node: Any) -> Any:
    guides.no_quote(item)
    if not item.children:
        guides.find("G123", "a condition without steps", item, remedy="Write its steps as bullets below, indented.")
    return replace(node, body=guides.body(item.children))


def _need(guides: _Guides, item: Item, node: sx.Need | sx.Ask) -> sx.Need | sx.Ask:
    properties: dict[str, Any] = {"musts": ()}
    asks: list[sx.Text] = []
    for child in item.children:
        if guides.note(child, item.number):
            continue
        value = guides.parse(child, "property")
        if isinstance(value, sx.Text):
            asks.append(guides.text(child, value, "`ask`"))
        elif isinstance(value, sx.Must):
            properties["musts"] = (*properties["musts"], value)
        elif isinstance(value, sx.Within):
            properties["within"] = value
        elif isinstance(value, tuple) and value[0] == "else":
            properties["otherwise"] = value[1]
        elif value is not None:
            guides.find("G117", "this can't stand below a Need", child, remedy="Below a Need: ask, must, else, within.")
    if isinstance(node, sx.Ask):
        if asks:
            guides.find("G117", "`ask` below an Ask", item, remedy="Keep one text.")
        return replace(node, text=guides.text(item, node.text, "`Ask`"), **properties)
    guides.no_quote(item)
    return replace(node, ask=asks[-1] if asks else None, **properties)


def _do(guides: _Guides, item: Item, node: sx.Do) -> sx.Do:
    guides.no_quote(item)
    failure: tuple[sx.Statement, ...] | None = None
    for child in item.children:
        if guides.note(child, item.number):
            continue
        value = guides.parse(child, "property")
        if isinstance(value, tuple) and value[0] == "if it fails":
            failure = (value[1],) if value[1] is not None else guides.body(child.children)
            if isinstance(value[1], (sx.Say, sx.Refuse)) and child.quote:
                failure = (replace(value[1], text=guides.text(child, value[1].text, "the text")),)
            if not failure:
                guides.find("G123", "`if it fails:` without steps", child, remedy="Write its steps as bullets below.")
        elif value is not None:
            guides.find(
                "G117", "this can't stand below a `do`", child, remedy="Below a `do`: `if it fails:` with steps."
            )
    return replace(node, failure=failure)


def _hand_over(guides: _Guides, item: Item, node: sx.HandOver) -> sx.HandOver:
    text = node.text
    if item.quote:
        text = guides.text(item, text, "`hand over`")
    for child in item.children:
        if guides.note(child, item.number):
            continue
        value = guides.parse(child, "statement")
        if isinstance(value, sx.Say):
            text = guides.text(child, value.text, "`say`")
        elif value is not None:
            guides.find(
                "G117", "this can't stand below a `hand over`", child, remedy="Below it: `say` for the customer."
            )
    if node.reason is not None and node.reason not in HANDOVER_REASONS:
        meant = suggest(node.reason, HANDOVER_REASONS)
        guides.find(
            "G124", f"`{node.reason}` is no reason to hand over", item,
            remedy=f"Did you mean `{meant}`?" if meant else f"Write one of: {', '.join(HANDOVER_REASONS)}.",
        )  # fmt: skip
    return replace(node, text=text)


_FINISH: Mapping[type, Callable[[_Guides, Item, Any], Any]] = {
    sx.Say: _texted,
    sx.Refuse: _texted,
    sx.Confirm: _texted,
    sx.If: _branch,
    sx.Otherwise: _branch,
    sx.Need: _need,
    sx.Ask: _need,
    sx.Do: _do,
    sx.HandOver: _hand_over,
}
