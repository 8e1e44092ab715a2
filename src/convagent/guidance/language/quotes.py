"""Texts in quotes: straight and curly ones are paired alike, and what stands between them is kept as it was written."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["QuoteFault", "blanked", "quoted_parts", "straightened"]

_CLOSING = {"“": "”", "„": "“”", "«": "»", "»": "«", "”": "”", "‟": "”"}
_STRAIGHT = '"＂'
_MARKS = frozenset(_STRAIGHT) | frozenset(_CLOSING)


@dataclass(frozen=True, slots=True)
class QuoteFault:
    """A quote that has no partner, or a text within a text. `start` and `end` are offsets."""

    message: str
    remedy: str
    start: int
    end: int


def quoted_parts(text: str) -> tuple[tuple[tuple[int, int], ...], QuoteFault | None]:
    """Where the texts in quotes stand, quotes included, up to the first fault.

    A text opened by `"` ends at the next `"`; curly quotes within are part of it. One opened by a curly quote ends at
    its partner („…“, “…”, «…», »…«); curly pairs within are part of it, straight quotes are a fault: the same text could
    not be written in straight quotes.
    """
    parts: list[tuple[int, int]] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char not in _MARKS:
            at += 1
            continue
        end = text.find(char, at + 1) if char in _STRAIGHT else _partner(text, at)
        if end < 0:
            return tuple(parts), _unpaired(text, at)
        inside = text.find('"', at + 1, end)
        if inside >= 0:
            fault = QuoteFault(
                "a straight quote within curly ones", 'Put straight quotes around the text and curly ones inside: "… “…” …".',
                inside, inside + 1,
            )  # fmt: skip
            return tuple(parts), fault
        parts.append((at, end + 1))
        at = end + 1
    return tuple(parts), None


def _partner(text: str, start: int) -> int:
    """Where the text opened by the curly quote at `start` ends, -1 when it doesn't."""
    closings = [_CLOSING[text[start]]]
    for at in range(start + 1, len(text)):
        char = text[at]
        if char in closings[-1]:
            closings.pop()
            if not closings:
                return at
        elif char in "“„«":
            closings.append(_CLOSING[char])
    return -1


def _unpaired(text: str, at: int) -> QuoteFault:
    char = text[at]
    curly = next((mark for mark in text[at + 1 :] if mark in "“”„«»‟"), None)
    if char in _STRAIGHT and curly is not None:
        message = f"a text that is opened with {char} and closed with {curly}"
        return QuoteFault(message, 'Use the same quotes on both sides: "…" or “…”.', at, at + 1)
    if char not in _STRAIGHT and '"' in text[at + 1 :]:
        message = f'a text that is opened with {char} and closed with "'
        return QuoteFault(message, 'Use the same quotes on both sides: "…" or “…”.', at, at + 1)
    return QuoteFault("a quote is missing: this one has no partner", 'Put " before and after the text.', at, at + 1)


def straightened(text: str) -> tuple[str, QuoteFault | None]:
    """The text with straight quotes around its texts in quotes, of the same length, and the first fault of its quotes."""
    parts, fault = quoted_parts(text)
    out: list[str] = []
    last = 0
    for start, end in parts:
        out += (text[last:start], '"', text[start + 1 : end - 1], '"')
        last = end
    out.append(text[last:])
    return "".join(out), fault


def blanked(text: str) -> str:
    """The text with everything between quotes blanked out, of the same length; behind a fault nothing is."""
    parts, _ = quoted_parts(text)
    out: list[str] = []
    last = 0
    for start, end in parts:
        out += (text[last:start], '"', " " * (end - start - 2), '"')
        last = end
    out.append(text[last:])
    return "".join(out)
