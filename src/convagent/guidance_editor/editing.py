"""Findings as editors show them, and the formatter's changes as editors take them."""

from __future__ import annotations

from difflib import SequenceMatcher

from lsprotocol import types as lsp

from convagent.errors import ConvagentError
from convagent.guidance.findings.catalogue import CODES
from convagent.guidance.findings.finding import Finding, Span
from convagent.guidance.language.format import format_text
from convagent.guidance_editor.text_lines import TextLines

__all__ = ["diagnostic", "formatted"]

_MAX_DIFFED = 20_000
"""Lines of a file of which the formatter tells what changed; a larger one is replaced whole."""

_SEVERITIES = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "info": lsp.DiagnosticSeverity.Information,
}


def diagnostic(finding: Finding, lines: TextLines) -> lsp.Diagnostic:
    """A finding as editors show it."""
    span = Span(finding.line, finding.column, finding.line, finding.column + finding.width)
    message = f"{finding.message}\n{finding.remedy}" if finding.remedy else finding.message
    entry = CODES.get(finding.code)
    return lsp.Diagnostic(
        lines.range(span), message, _SEVERITIES[finding.severity], finding.code, source="convagent",
        data={"title": entry.title} if entry is not None else None,
    )  # fmt: skip


def formatted(lines: TextLines, name: str) -> list[lsp.TextEdit]:
    """What the formatter changes, line by line, so that the cursor stays where it is."""
    try:
        done = format_text(lines.text, name)
    except ConvagentError:
        return []  # what can't be read is told as a finding
    if done == lines.text:
        return []
    old, new = list(lines.lines), done.split("\n")
    if len(old) > _MAX_DIFFED:
        return [lsp.TextEdit(lines.whole(), done)]
    out = []
    for tag, start, end, begin, behind in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        text = "".join(f"{line}\n" for line in new[begin:behind])
        where = lsp.Range(lsp.Position(start, 0), lsp.Position(end, 0))
        if end == len(old):  # up to the end of the file, which has no line break behind it
            text = text.removesuffix("\n")
            before = lines.position(start, len(lines.line(start)) + 1) if start else lsp.Position(0, 0)
            where = lsp.Range(before if start else lsp.Position(0, 0), lines.position(len(old) + 1, 1))
            text = f"\n{text}" if start and behind > begin else text
        out.append(lsp.TextEdit(where, text))
    return out
