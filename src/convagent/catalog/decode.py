"""Bytes of a product file as lines of text, whatever program wrote them."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

__all__ = ["DecodedLines", "decode_lines"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class DecodedLines:
    """Text in lines, with their line ends.

    Args:
        lines: The lines; a NUL is never in them.
        encoding: The encoding that most of them have.
        foreign: Numbers (from 0) of lines that were not UTF-8 in a UTF-8 file and were read as Windows-1252.
        nuls: Numbers of lines that NULs were taken out of.
        cut: Whether the bytes end inside a character.
    """

    lines: tuple[str, ...]
    encoding: str
    foreign: frozenset[int]
    nuls: frozenset[int]
    cut: bool


def decode_lines(data: bytes) -> DecodedLines:
    r"""Text from bytes: UTF-8 with or without a mark, UTF-16 and UTF-32, Windows-1252, or a mixture of them by line.

    A file none of whose accented lines is UTF-8 is Windows-1252 as a whole. Bytes that Windows-1252 doesn't know
    become U+FFFD. Lines end at `\n`, `\r\n` or `\r`, as in spreadsheets' files.

    Args:
        data: The file's content.
    """
    mark, encoding = next(((mark, name) for mark, name in _BOMS if data.startswith(mark)), (b"", _unmarked(data)))
    data = data[len(mark) :]
    cut = False
    if encoding != "utf-8":
        width = 4 if "32" in encoding else 2
        cut = len(data) % width != 0
        data = data[: len(data) - len(data) % width].decode(encoding, "replace").encode("utf-8")
    raw = data.splitlines(keepends=True)
    lines: list[str] = []
    foreign: set[int] = set()
    nuls: set[int] = set()
    any_utf8 = encoding != "utf-8"
    for number, piece in enumerate(raw):
        try:
            line = piece.decode("utf-8")
            any_utf8 = any_utf8 or not piece.isascii()
        except UnicodeDecodeError:
            line = piece.decode("cp1252", "replace")
            foreign.add(number)
        if "\0" in line:
            nuls.add(number)
            line = line.replace("\0", "")
        lines.append(line)
    if foreign and not any_utf8:
        encoding = "cp1252"
    elif foreign == {len(raw) - 1} and _ends_inside_a_character(raw[-1]):
        # In a UTF-8 file this isn't a letter of Windows-1252, but half of a character.
        cut = True
        foreign.clear()
        lines[-1] = raw[-1].decode("utf-8", "ignore").replace("\0", "")
    return DecodedLines(
        lines=tuple(lines), encoding=encoding, foreign=frozenset(foreign), nuls=frozenset(nuls), cut=cut
    )


def _unmarked(data: bytes) -> str:
    """UTF-16 without a mark is known by a zero in every other byte, since headers are English."""
    head = data[:4096]
    pairs = len(head) // 2
    if pairs >= 4:
        if head[1::2].count(0) > 0.8 * pairs:
            return "utf-16-le"
        if head[0::2].count(0) > 0.8 * pairs:
            return "utf-16-be"
    return "utf-8"


def _ends_inside_a_character(line: bytes) -> bool:
    """Whether only the end of the line is missing for it to be UTF-8."""
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return False
