"""The text of a guidance file, before anything is parsed."""

from __future__ import annotations

from pathlib import Path

from convagent.errors import GuidanceError
from convagent.guidance.findings.finding import Finding
from convagent.guidance.language.items import MAX_FILE_CHARACTERS, MAX_LINE_CHARACTERS

__all__ = ["read_text"]


def read_text(path: Path, shown: str) -> str | Finding:
    """The text of a file, or the finding that it is too large or no UTF-8.

    Args:
        path: The file.
        shown: How findings name it.

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
