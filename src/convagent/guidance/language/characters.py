"""Characters that have no place in guidance because nobody sees them: they could make one rule look like another."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["cleaned", "indentation", "unseen_characters"]

_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u206a-\u206f]")
_INVISIBLE = re.compile(
    "[\u00ad\u115f\u1160\u180e\u200b\u2060-\u2064\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
    "|(?:(?<=[\x00-\x7f])|^)[\u200c\u200d]"
    "|[\u200c\u200d](?=[\x00-\x7f]|$)"
)
"""Joiners (U+200C, U+200D) are kept between letters and pictures that need them, as in a family emoji."""
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LOST = re.compile("\ufffd")

_KINDS = (
    ("G120", _TURNING, "an invisible mark that turns the reading direction", "Delete it: it can make a rule look like another."),
    ("G121", _INVISIBLE, "an invisible character", "Delete it."),
    ("G122", _CONTROL, "a control character", "Delete it."),
    ("G122", _LOST, "a character that was lost when the file was saved", "Write it again, and save the file in UTF-8."),
)  # fmt: skip


def unseen_characters(line: str) -> Iterator[tuple[str, str, int, str]]:
    """Code, message, column and remedy for the first character of each kind in a line."""
    if line.isascii() and line.isprintable():
        return
    for code, pattern, what, remedy in _KINDS:
        if found := pattern.search(line):
            yield code, f"{what} (U+{ord(found[0]):04X})", found.start() + 1, remedy


def cleaned(line: str) -> str:
    """The line with a blank for each such character and each tab, of the same length."""
    if line.isascii() and line.isprintable():
        return line
    for _code, pattern, _what, _remedy in _KINDS:
        line = pattern.sub(" ", line)
    return line.replace("\t", " ")


def indentation(line: str) -> int:
    """How many columns a line is indented; a tab reaches to the next multiple of four, as in Markdown."""
    width = 0
    for char in line:
        if char == "\t":
            width += 4 - width % 4
        elif char.isspace():
            width += 1
        else:
            break
    return width
