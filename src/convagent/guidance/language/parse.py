"""A guidance file → guides: the Markdown layer first, then each logical line, so that one run reports every fault."""

from __future__ import annotations

from pathlib import Path

from convagent.errors import GuidanceError
from convagent.guidance.findings.finding import Finding, in_order
from convagent.guidance.language import syntax as sx
from convagent.guidance.language.guide_reader import GuideReader
from convagent.guidance.language.layout import MAX_FILE_CHARACTERS, MAX_LINE_CHARACTERS, lay_out

__all__ = ["parse_file", "parse_text", "read_text"]


def parse_file(path: Path, *, name: str | None = None) -> tuple[sx.GuideFile, tuple[Finding, ...]]:
    """Reads a guidance file.

    Args:
        path: A Markdown file in UTF-8.
        name: How findings name it; the path by default.

    Raises:
        GuidanceError: The file can't be read at all.
    """
    shown = name or str(path)
    text = read_text(path, shown)
    if isinstance(text, Finding):
        return sx.GuideFile(shown, ()), (text,)
    return parse_text(text, shown)


def read_text(path: Path, shown: str) -> str | Finding:
    """The text of a file, or the finding that it is too large or no UTF-8.

    Raises:
        GuidanceError: The file can't be read at all.
    """
    try:
        with path.open("rb") as file:
            data = file.read(4 * MAX_FILE_CHARACTERS + 1)
    except (OSError, ValueError) as error:
        raise GuidanceError(
            f"the guidance can't be read: {getattr(error, 'strerror', None) or error}", code="guidance-unreadable", place=shown,
            remedy="Check that the file exists and may be read.",
        ) from error  # fmt: skip
    if len(data) > 4 * MAX_FILE_CHARACTERS:
        return Finding("G115", "error", "the file is too large", shown, 1, 1, "Split it: one file for each topic.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Finding(
            "G100", "error", "the file is UTF-16, not UTF-8", shown, 1, 1, "Save it with the encoding UTF-8."
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        begin = data.rfind(b"\n", 0, error.start) + 1
        column = len(data[begin : error.start].decode("utf-8", "replace")) + 1
        source = data[begin:].split(b"\n", 1)[0][: 4 * MAX_LINE_CHARACTERS].decode("utf-8", "replace").rstrip("\r")
        remedy = "Save it with the encoding UTF-8."
        return Finding("G100", "error", "the file is not UTF-8", shown, line, column, remedy, source)


def parse_text(text: str, path: str = "guidance.md") -> tuple[sx.GuideFile, tuple[Finding, ...]]:
    """The guides of a text, with every fault found.

    Args:
        text: Markdown with guides.
        path: How findings name it.

    Returns:
        The guides that could be read (statements at fault are left out of them) and the findings.
    """
    layout = lay_out(text, path)
    reader = GuideReader(layout)
    guides = tuple(reader.guide(raw) for raw in layout.guides)
    return sx.GuideFile(path, guides, tuple(layout.front_matter.items()), text), in_order(layout.findings)
