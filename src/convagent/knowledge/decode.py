"""Bytes of an article to text, whatever wrote them."""

from __future__ import annotations

import codecs
import re
from typing import Literal, NamedTuple

__all__ = ["Decoded", "decode"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_KNOWN = re.compile(
    r"(iso-?8859|windows-?125|cp125|koi8|shift[_-]?jis|euc|gb|big5|macintosh|mac-?roman)", re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


class Decoded(NamedTuple):
    r"""A text and how it was read.

    Attributes:
        text: The text with `\n` line ends, without byte order mark, NUL or other control characters.
        encoding: The encoding it was read in.
        finding: `guessed` when the encoding isn't Unicode and nothing says it is this one, `control` when control
            characters were dropped, `binary` when the bytes are no text (`text` is empty then).
    """

    text: str
    encoding: str
    finding: Literal["guessed", "control", "binary"] | None


def decode(data: bytes) -> Decoded:
    """Text of bytes in UTF-8, UTF-16 or UTF-32, or what the HTML declares, or else Windows-1252."""
    text, encoding, finding = _decoded(data)
    controls = len(_CONTROL.findall(text))
    if controls > max(8, len(text) // 50):
        return Decoded("", encoding, "binary")
    if controls:
        text, finding = _CONTROL.sub("", text), "control"
    return Decoded(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"), encoding, finding)


def _decoded(data: bytes) -> tuple[str, str, Literal["guessed", "control"] | None]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace"), encoding, None
    if (wide := _wide(data)) is not None:
        return data.decode(wide, errors="replace"), wide, None
    try:
        return data.decode("utf-8"), "utf-8", None
    except UnicodeDecodeError:
        pass
    declared = _DECLARED.search(data[:2048])
    name = declared.group(1).decode("ascii") if declared else ""
    if _KNOWN.match(name):
        try:
            return data.decode(name), name, None
        except (LookupError, UnicodeError):
            pass
    try:
        return data.decode("cp1252"), "cp1252", "guessed"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "latin-1", "guessed"


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: nearly every other byte of a Latin text is NUL."""
    sample = data[:2000]
    if len(sample) < 4 or b"\x00" not in sample:
        return None
    half = len(sample) // 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > half * 0.7 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.7 and odd < half * 0.1:
        return "utf-16-be"
    return None
