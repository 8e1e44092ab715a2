"""A guidance file → guides: the Markdown layer first, then each logical line, so that one run reports every fault."""

from __future__ import annotations

from pathlib import Path

from convagent.guidance.findings.finding import Finding, in_order
from convagent.guidance.language import syntax as sx
from convagent.guidance.language.guide_reader import GuideReader
from convagent.guidance.language.layout import lay_out
from convagent.guidance.language.reading import read_text

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
