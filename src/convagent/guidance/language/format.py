"""One canonical layout for guidance files: formatting twice changes nothing, and the meaning never changes.

Titles, header lines in one order, statements numbered `1.` at the margin, three blanks for each level below, `>` blocks,
straight quotes around texts. Front matter, notes and comments stay where they stand.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from convagent.errors import GuidanceError, Place
from convagent.guidance.findings.finding import Finding, has_errors
from convagent.guidance.language import syntax as sx
from convagent.guidance.language.items import Item, Layout
from convagent.guidance.language.layout import lay_out
from convagent.guidance.language.line_faults import HEADER_WORDS, header_word
from convagent.guidance.language.parse import parse_text, read_text
from convagent.guidance.language.statement_text import Line, property_lines, span_text, statement_line
from convagent.guidance.language.unparse import unparse

__all__ = ["format_file", "format_guides", "format_text"]

_INDENT = 3


@dataclass(slots=True)
class _Row:
    """A line of the result and the line of the source that it comes from, 0 for none."""

    text: str
    line: int = 0
    title: bool = False


def format_file(path: Path, *, name: str | None = None) -> str:
    """The canonical text of a guidance file; the file itself is left as it is.

    Args:
        path: A Markdown file in UTF-8.
        name: How findings name it; the path by default.

    Raises:
        GuidanceError: The file can't be read, or has faults; `findings` holds them all.
    """
    shown = name or str(path)
    text = read_text(path, shown)
    if isinstance(text, Finding):
        raise _faulty((text,))
    return format_text(text, shown)


def format_text(text: str, path: str = "guidance.md") -> str:
    """The canonical form of a file's text.

    Args:
        text: Markdown with guides.
        path: How findings name it.

    Raises:
        GuidanceError: The text has faults; `findings` holds them all. So it is when a line would only be too long or
            nested too deeply in its canonical form.
    """
    file, findings = parse_text(text, path)
    if has_errors(findings):
        raise _faulty(findings)
    layout = lay_out(text, path)
    result = _finished(_woven(_rows(file, layout), layout))
    again, faults = parse_text(result, path)
    if has_errors(faults):
        raise _faulty(faults)
    if again != file:  # whatever the reason: the author's file stays as it is
        raise GuidanceError(
            "formatting would change what this file means, so it was left alone", code="guidance-format", place=path,
            remedy="Please report it with the file.",
        )  # fmt: skip
    return result


def format_guides(file: sx.GuideFile) -> str:
    """The canonical text of a syntax tree."""
    return _finished(_rows(file, None))


def _faulty(findings: Sequence[Finding]) -> GuidanceError:
    errors = [finding for finding in findings if finding.severity == "error"]
    first = errors[0]
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    error = GuidanceError(
        f"{first.message}{more}",
        code=first.code,
        place=Place(first.file, first.line, first.column),
        remedy=first.remedy,
    )
    error.findings = tuple(findings)
    return error


def _finished(rows: list[_Row]) -> str:
    return "".join(f"{row.text}\n" for row in rows)


def _rows(file: sx.GuideFile, layout: Layout | None) -> list[_Row]:
    front = _front_matter(file, layout)
    parts = [front] if front else []
    raws = layout.guides if layout is not None else [None] * len(file.guides)
    for guide, raw in zip(file.guides, raws, strict=True):
        lines = {}
        for item in raw.header if raw is not None else ():
            word = None if item.is_note else header_word(item.text)
            if word == "it seems":
                word = f"it seems {item.line}"
            if word is not None:
                lines[word] = item.line
        blocks = _block_lines(raw.statements) if raw is not None else {}
        parts.append(_GuideWriter(guide, lines, blocks).rows())
    out: list[_Row] = []
    for part in parts:
        out += [_Row("")] * bool(out) + part
    return out


def _block_lines(items: Sequence[Item]) -> dict[int, list[int]]:
    """The lines of each `>` block by its first line, without empty ones at its start."""
    out: dict[int, list[int]] = {}
    for item in items:
        out |= _block_lines(item.children)
        if item.quote:
            first = next((at for at, (text, _, _) in enumerate(item.quote) if text.strip()), 0)
            out[item.quote[0][1]] = [line for _text, line, _column in item.quote[first:]]
    return out


def _front_matter(file: sx.GuideFile, layout: Layout | None) -> list[_Row]:
    if layout is not None:
        lines = layout.lines[1 : max(1, layout.front_matter_end - 1)]
    elif not file.front_matter:
        return []
    else:
        import yaml

        text = yaml.safe_dump(dict(file.front_matter), sort_keys=False, allow_unicode=True, width=10**6)
        lines = text.splitlines()
    if not any(line.strip() for line in lines):
        return []
    return [_Row("---"), *(_Row(line.rstrip()) for line in lines), _Row("---")]


class _GuideWriter:
    """Writes one guide; every note is written exactly once."""

    def __init__(self, guide: sx.Guide, header_lines: dict[str, int], block_lines: dict[int, list[int]]) -> None:
        self.guide = guide
        self.header_lines = header_lines
        self.block_lines = block_lines
        self.notes: dict[str, list[sx.Note]] = {}
        for note in guide.notes:
            self.notes.setdefault(note.before, []).append(note)

    def rows(self) -> list[_Row]:
        out = [_Row(f"# {self.guide.title}".rstrip(), self.guide.span.line, title=True)]
        header = self._header()
        if header:
            out += [_Row(""), *header]
        body: list[_Row] = []
        for line in self._block(self.guide.statements, ""):
            self._emit(line, 0, "" if line.text.startswith("Note:") else "1. ", body)
        body += [_Row(_note(note).text, note.span.line) for notes in self.notes.values() for note in notes]
        return [*out, _Row(""), *body] if body else out

    def _emit(self, line: Line, indent: int, mark: str, out: list[_Row]) -> None:
        out.append(_Row(f"{' ' * indent}{mark}{line.text}", line.line))
        inner = indent + _INDENT
        if line.block is not None:
            texts = line.block.split("\n")
            lines = self.block_lines.get(line.block_line, [])
            lines = lines if len(lines) >= len(texts) else [0] * len(texts)
            out += [_Row(f"{' ' * inner}> {text}".rstrip(), at) for text, at in zip(texts, lines, strict=False)]
        for below in line.below:
            self._emit(below, inner, "- ", out)

    # ---- header
    def _header(self) -> list[_Row]:
        notes = self.notes.pop("", [])
        elements = [rows for word in HEADER_WORDS for rows in self._header_parts(word) if rows]
        lines = sorted(line for line in self.header_lines.values() if line)
        placed: list[list[_Row]] = [[] for _ in range(len(elements) + 1)]
        for note in notes:
            above = bisect_right(lines, note.span.line) if lines else 0
            placed[min(above, len(elements))].append(_Row(_note(note).text, note.span.line))
        blocks: list[list[_Row]] = []
        for at, rows in enumerate(elements):
            blocks += [[row] for row in placed[at]]
            blocks.append(rows)
        blocks += [[row] for row in placed[-1]]
        out: list[_Row] = []
        for before, block in zip([None, *blocks], blocks, strict=False):
            if before is not None and (len(before) > 1 or _is_note(before) or _is_note(block)):
                out.append(_Row(""))
            out += block
        return out

    def _header_parts(self, word: str) -> list[list[_Row]]:
        """The lines of a header word: one line with what stands below it, or one for each judgement."""
        if word == "it seems":
            return [_taught(f'It seems "{one.text}"', one.examples, one.span.line) for one in self.guide.judgements]
        return [self._header_rows(word)]

    def _header_rows(self, word: str) -> list[_Row]:
        guide, line = self.guide, self.header_lines.get(word, 0)
        text: str | None = None
        match word:
            case "safeguard" if guide.safeguard:
                text = "Safeguard" + (" each time" if guide.each_time else "")
            case "gives" if guide.gives is not None:
                text = f"Gives {guide.gives}"
            case "when" if guide.when is not None:
                return _when(guide.when, line)
            case "on" if guide.on is not None:
                text = f"On {guide.on.event}" + (f" for {_lingering(guide.on.seconds)}" if guide.on.seconds else "")
            case "only for" if guide.only_for is not None:
                text = f"Only for {unparse(guide.only_for)}"
            case "at most" if guide.at_most is not None:
                times = {1: "once", 2: "twice"}.get(guide.at_most.times, f"{guide.at_most.times} times")
                text = f"At most {times} a {guide.at_most.per}"
            case "after" if guide.after:
                text = "After " + ", ".join(f'"{title}"' for title in guide.after)
        return [] if text is None else [_Row(text, line)]

    # ---- statements
    def _block(self, nodes: Sequence[sx.Statement], prefix: str) -> list[Line]:
        out: list[Line] = []
        for at, node in enumerate(nodes, 1):
            out += self._notes(f"{prefix}{at}")
            out.append(self._line(node, f"{prefix}{at}"))
        return out + self._notes(f"{prefix}{len(nodes) + 1}")

    def _notes(self, number: str) -> list[Line]:
        return [_note(note) for note in self.notes.pop(number, [])]

    def _line(self, node: sx.Statement, number: str) -> Line:
        line = statement_line(node)
        match node:
            case sx.If(body=body) | sx.Otherwise(body=body):
                line.below = self._block(body, f"{number}.")
            case sx.Need() | sx.Ask():
                line.below = self._with_notes(property_lines(node), number)
            case sx.Do(failure=failure) if failure is not None:
                line.below = self._with_failure(failure, number)
            case sx.HandOver(text=text) if text is not None:
                said = statement_line(sx.Say(text.span, "", text))
                said.line = text.span.line - text.block
                line.below = self._with_notes([said], number)
            case _:
                line.below = self._with_notes([], number)
        return line

    def _with_notes(self, lines: list[Line], number: str) -> list[Line]:
        out: list[Line] = []
        for at, line in enumerate(lines, 1):
            out += self._notes(f"{number}.{at}")
            line.below += self._with_notes([], f"{number}.{at}")
            out.append(line)
        return out + self._notes(f"{number}.{len(lines) + 1}")

    def _with_failure(self, failure: Sequence[sx.Statement], number: str) -> list[Line]:
        """`if it fails: …` on one line when that is all, else its steps as bullets below."""
        inner = f"{number}.1."
        out = self._notes(f"{number}.1")
        noted = any(key.startswith(inner) for key in self.notes)
        if len(failure) == 1 and not noted and not isinstance(failure[0], (sx.If, sx.Otherwise, sx.GoOn)):
            line = self._line(failure[0], f"{number}.1")
            if not line.below and line.block is None:
                line.text = f"if it fails: {line.text[:1].lower()}{line.text[1:]}"
                return [*out, line, *self._notes(f"{number}.2")]
        first = failure[0].span.line if failure else 0
        steps = Line("if it fails:", below=self._block(failure, inner), line=max(0, first - 1))
        return [*out, steps, *self._notes(f"{number}.2")]


def _is_note(rows: list[_Row]) -> bool:
    return rows[0].text.startswith("Note:")


def _note(note: sx.Note) -> Line:
    return Line(f"Note: {note.text}".rstrip(), line=note.span.line)


def _lingering(seconds: int) -> str:
    return span_text(seconds) if seconds % 60 == 0 else f"{seconds} second{'s' if seconds != 1 else ''}"


def _when(when: sx.When, line: int) -> list[_Row]:
    text = f'When it seems "{when.text}"' if when.judgement else f"When {when.text}"
    return _taught(text, when.examples, line or when.span.line)


def _taught(text: str, examples: Sequence[sx.Example], line: int) -> list[_Row]:
    """A header line with examples below."""
    rows = [_Row(text + (":" if examples else ""), line)]
    rows += [_Row(f'- {"not " if example.negative else ""}"{example.text}"', example.span.line) for example in examples]
    return rows


def _woven(rows: list[_Row], layout: Layout) -> list[_Row]:
    """The rows with the comments: on the line they stood on, or alone between the lines they stood between.

    A comment that is indented deeper than what follows, or stands right below the last line of a guide, stays with what
    is above it.
    """
    order = sorted((row.line, at) for at, row in enumerate(rows) if row.line)
    lines = [line for line, _at in order]
    above: dict[int, list[_Row]] = {}
    behind: dict[int, list[str]] = {}
    below: dict[int, list[_Row]] = {}
    alone: tuple[int, _Row] | None = None
    for comment in layout.comments:
        if comment.alone and alone is not None and alone[0] == comment.line:
            alone[1].text += f" {comment.text}"
            alone = comment.end_line, alone[1]
            continue
        position = bisect_right(lines, comment.line)
        before = order[bisect_left(lines, lines[position - 1])][1] if position else None
        after = order[position][1] if position < len(order) else None
        if not comment.alone and before is not None:
            behind.setdefault(before, []).append(f" {comment.text}")
            continue
        follows = rows[after] if after is not None and not rows[after].title else None
        indent = min(comment.column - 1, _indent(rows[before])) if before is not None else 0
        tight = comment.line > 1 and bool(layout.lines[comment.line - 2].strip())
        if before is not None and (indent > _indent(follows) or (follows is None and tight)):
            row = _Row(" " * indent + comment.text)
            below.setdefault(order[position - 1][1], []).append(row)
        else:
            row = _Row(" " * _indent(follows) + comment.text)
            above.setdefault(len(rows) if after is None else after, []).append(row)
        alone = comment.end_line, row
    out: list[_Row] = []
    for at, row in enumerate(rows):
        for comment_row in above.get(at, ()):
            out += [comment_row, _Row("")] if row.title else [comment_row]
        out.append(_Row(row.text + "".join(behind.get(at, ()))))
        out += below.get(at, ())
    last = above.get(len(rows), [])
    return out + [_Row("")] * bool(out and last) + last


def _indent(row: _Row | None) -> int:
    return len(row.text) - len(row.text.lstrip()) if row is not None else 0
