"""What a file is by its content. Its name decides only between texts that look alike."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Literal

from convagent.knowledge.decode import decode

__all__ = ["Kind", "recognise"]

Kind = Literal["markdown", "html", "text", "json", "jsonl", "csv", "pdf", "word", "other"]

_BY_NAME: dict[str, Kind] = {
    ".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html", ".txt": "text", ".json": "json",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv",
}  # fmt: skip
_OTHERS = {b"\xd0\xcf\x11\xe0": "other", b"{\\rtf": "other", b"\x1f\x8b": "other", b"\x89PNG": "other"}
_HTML = re.compile(
    r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|article|main)\b", re.IGNORECASE | re.DOTALL
)
_MARKDOWN = re.compile(r"^(?:---[ \t]*\n|#{1,6} \S|[-*] \S|\d+\. \S)|\]\([^)\s]+\)|\*\*\S", re.MULTILINE)


def recognise(data: bytes, *, file: str = "") -> Kind:
    """What bytes are.

    Args:
        data: The file's.
        file: Its name: a text with a known ending is what the ending says, unless it is plainly HTML or JSON.
    """
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return "word" if b"word/" in data else "other"
    if any(data.startswith(mark) for mark in _OTHERS):
        return "other"
    named = _BY_NAME.get(PurePosixPath(file).suffix.casefold())
    decoded = decode(data[:65_536])
    if decoded.finding == "binary":
        return "other"
    head = decoded.text.lstrip()
    if _HTML.match(head[:4_000]):
        return "html"
    if named is not None:
        return named
    if head.startswith("["):
        return "json" if re.match(r"\[\s*[\[{\]]", head) else "markdown"
    if head.startswith("{"):
        first, _, rest = head.partition("\n")
        return "jsonl" if first.rstrip().endswith("}") and rest.lstrip().startswith("{") else "json"
    lines = [line for line in head.split("\n")[:5] if line.strip()]
    if _looks_like_a_table(lines):
        return "csv"
    return "markdown" if _MARKDOWN.search(head[:8_000]) else "text"


_HEADS = frozenset({"title", "question", "body", "content", "text", "answer", "article"})


def _looks_like_a_table(lines: list[str]) -> bool:
    """A first line that names at least two columns, a title and a text among them."""
    for delimiter in (",", ";", "\t"):
        cells = {cell.strip(" \"'").casefold() for cell in lines[0].split(delimiter)} if lines else set()
        if len(cells & _HEADS) >= 2:
            return True
    return False
