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
from convagent.guidance.findings import Finding, Span, in_order
from convagent.guidance.header import read_header
from convagent.guidance.layout import Item, Layout, RawGuide, lay_out
from convagent.guidance.lines import LineError, parse_line
from convagent.guidance.slips import explain_stray_line, suggest

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
    return sx.GuideFile(path, guides, tuple(layout.front_matter.items()), text), in_order(layout.findings)


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
            self.find(
                error.code, error.message, item, start=error.start + shift, end=error.end + shift, remedy=error.remedy
            )
            return None

    def guide(self, raw: RawGuide) -> sx.Guide:
        self.title, self.notes = raw.title, []
        header = read_header(self, raw)
        statements = self.body(raw.statements)
        notes_only = raw.header and not raw.statements and all(item.is_note for item in raw.header)
        if all(item.is_note for item in raw.statements) and not notes_only:
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
        for child in item.children:
            self.find("G117", "nothing can stand below a note", child, remedy="Take away the blanks before it.")
        if item.quote:
            self.find("G107", "a `>` block below a note", item, remedy="Write the remark on the line itself.")
        return True

    def body(self, items: list[Item], *, branch: bool = False) -> tuple[sx.Statement, ...]:
        """The statements of a guide, of a branch, or of `if it fails:`."""
        out: list[sx.Statement] = []
        above: sx.Statement | None | Literal["unread"] = None
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
                self.find("G141", "an `Otherwise` without an `If` before it", item, remedy="Put it right behind an `If`.")
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
        if found := re.match(r"(must|else|within)\b", item.text, re.IGNORECASE):
            self.find(
                "G117", f"`{found[0]}` belongs below a Need", item, end=found.end(),
                remedy="Indent it below its `Need` or `Ask`."
                + (" The other branch of an `If` is `Otherwise:`." if found[0].lower() == "else" else ""),
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
        result: sx.Statement = _FINISH.get(type(node), _plain)(self, item, node)
        return result

    def orphan(self, item: Item) -> None:
        """Faults below a line that did not parse are reported too."""
        if re.match(r"(must|else|within|if it fails)\b", item.text, re.IGNORECASE):
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
            self.find(
                "G107", "a `>` block below a line that takes no text", item,
                remedy="Put it below the `say`, `ask`, `confirm` or `refuse` whose text it is.",
            )  # fmt: skip


def _plain(guides: _Guides, item: Item, node: sx.Statement) -> sx.Statement:
    guides.leaf(item)
    guides.no_quote(item)
    if isinstance(node, sx.Never) and "." in item.number:
        guides.find(
            "G141", "a `Never` within a branch: it binds the whole shop, always", item,
            remedy="Make it a numbered statement, with `when` or `unless`.",
        )  # fmt: skip
    return node


def _texted(guides: _Guides, item: Item, node: Any) -> Any:
    guides.leaf(item)
    return replace(node, text=guides.text(item, node.text, f"`{type(node).__name__.lower()}`"))


def _branch(guides: _Guides, item: Item, node: Any) -> Any:
    guides.no_quote(item)
    if all(child.is_note for child in item.children):
        guides.find("G123", "a condition without steps", item, remedy="Write its steps as bullets below, indented.")
    return replace(node, body=guides.body(item.children, branch=True))


def _need(guides: _Guides, item: Item, node: sx.Need | sx.Ask) -> sx.Need | sx.Ask:
    found: dict[str, Any] = {}
    musts: list[sx.Must] = []
    for child in item.children:
        if guides.note(child):
            continue
        if child.kind != "bullet":
            guides.find(
                "G117", "a numbered statement that is indented below a `Need`", child,
                remedy="Take away the blanks before it, so that it is a statement of its own.",
            )  # fmt: skip
            guides.statement(child)
            continue
        value = guides.parse(child, "property")
        if value is None:
            guides.leaf(child)
            continue
        key, part = _property(guides, child, value)
        if key == "must":
            musts.append(part)
        elif not key or (key == "ask" and isinstance(node, sx.Ask)):
            guides.find(
                "G117", f"this can't stand below {'an `Ask`' if isinstance(node, sx.Ask) else 'a `Need`'}", child,
                remedy="Below it: " + ("must, else, within." if isinstance(node, sx.Ask) else "ask, must, else, within."),
            )  # fmt: skip
        elif key in found:
            guides.find("G127", f"`{key}` stands twice", child, remedy="Keep one of the lines.")
        else:
            found[key] = part
    text = found.pop("ask", None)
    if isinstance(node, sx.Ask):
        return replace(node, text=guides.text(item, node.text, "`Ask`"), musts=tuple(musts), **found)
    guides.no_quote(item)
    return replace(node, ask=text, musts=tuple(musts), **found)


def _property(guides: _Guides, item: Item, value: Any) -> tuple[str, Any]:
    """Name and value of a line below a Need; without a name it can't stand there."""
    match value:
        case sx.Text():
            guides.leaf(item)
            return "ask", guides.text(item, value, "`ask`")
        case sx.Must():
            guides.leaf(item)
            return "must", replace(value, otherwise=guides.text(item, value.otherwise, "`else say`"))
        case sx.Within():
            guides.leaf(item)
            guides.no_quote(item)
            return "within", value
        case ("else", sx.Statement() as statement):
            return "otherwise", guides.finish(item, statement)
        case ("else", expression):
            guides.leaf(item)
            guides.no_quote(item)
            return "otherwise", expression
    return "", None


def _do(guides: _Guides, item: Item, node: sx.Do) -> sx.Do:
    guides.no_quote(item)
    failure: tuple[sx.Statement, ...] | None = None
    for child in item.children:
        if guides.note(child):
            continue
        value = guides.parse(child, "property")
        match value:
            case ("if it fails", statement) if failure is None:
                failure = _failure(guides, child, statement)
            case ("if it fails", _):
                guides.find("G127", "`if it fails` stands twice", child, remedy="Put all steps below one of them.")
            case None:
                for step in child.children:
                    guides.orphan(step)
            case _:
                guides.find(
                    "G117", "this can't stand below a `do`", child,
                    remedy="Below it: `if it fails:` with steps. Make it a numbered statement.",
                )  # fmt: skip
    return replace(node, failure=failure)


def _failure(guides: _Guides, item: Item, statement: sx.Statement | None) -> tuple[sx.Statement, ...]:
    """What is done when an action fails: one step on the line, or several as bullets below."""
    if statement is None:
        guides.no_quote(item)
        steps = guides.body(item.children)
        if all(child.is_note for child in item.children):
            guides.find("G123", "`if it fails:` without steps", item, remedy="Write its steps as bullets below.")
        return steps
    if isinstance(statement, (sx.If, sx.Otherwise, sx.GoOn)):
        guides.find(
            "G136", "a step that can't stand on the line of `if it fails:`", item,
            remedy="Put the steps below it, as bullets.",
        )  # fmt: skip
        return ()
    return (guides.finish(item, statement),)


def _hand_over(guides: _Guides, item: Item, node: sx.HandOver) -> sx.HandOver:
    text = guides.text(item, node.text, "`hand over`") if item.quote or node.text is not None else None
    for child in item.children:
        if guides.note(child):
            continue
        value = guides.parse(child, "statement")
        if isinstance(value, sx.Say) and not value.free and text is None:
            guides.leaf(child)
            text = guides.text(child, value.text, "`say`")
        elif value is not None:
            guides.find(
                "G117", "this can't stand below a `hand over`", child, remedy="Below it: one `say` for the customer."
            )
    if node.reason is not None and node.reason not in HANDOVER_REASONS:
        meant = suggest(node.reason, HANDOVER_REASONS)
        start = max(0, item.text.rfind(node.reason))
        guides.find(
            "G124", f"`{node.reason}` is no reason to hand over", item, start=start, end=start + len(node.reason),
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
