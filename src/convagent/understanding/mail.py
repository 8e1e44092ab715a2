"""What the customer wrote in this message: without the history quoted below it and without the signature."""

from __future__ import annotations

import re

__all__ = ["own_words"]

_WROTE = re.compile(
    r"^\s*>*\s*(?:on\b.{4,200}\bwrote\s*:|am\b.{4,200}\bschrieb\b.{0,120}:|.{2,120}\bschrieb am\b.{4,120}:"
    r"|le\b.{4,200}\ba écrit\s*:)\s*$",
    re.IGNORECASE,
)
_DIVIDER = re.compile(
    r"^\s*[-_–—*]{2,}\s*(?:original message|forwarded message|ursprüngliche nachricht|weitergeleitete nachricht"
    r"|originalnachricht|message d'origine|message d’origine|message original|message transféré)\s*[-_–—*]{2,}\s*$",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"^\s*\*?(?:from|sent|date|to|cc|subject|von|gesendet|datum|an|betreff|de|envoyé|à|objet)\s?:\*?\s+\S",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*_{10,}\s*$")
_QUOTED = re.compile(r"^\s*>")
_DASHES = re.compile(r"^--\s?$")
_DEVICE = re.compile(
    r"^\s*(?:sent from my \w+|sent from (?:outlook|mail|yahoo|gmail|proton)\b.*|get outlook for \w+"
    r"|von meinem \w+ gesendet|gesendet von (?:meinem|outlook|mail)\b.*|diese nachricht wurde von meinem .* gesendet"
    r"|envoyé de(?:puis)? mon \w+|télécharger outlook pour \w+)[^\n]{0,60}$",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(
    r"^\s*(?:(?:with )?(?:best|kind|kindest|warm|warmest|many) (?:regards|wishes)|(?:best|regards|sincerely|yours truly"
    r"|yours sincerely|yours faithfully|cheers|many thanks|thanks|thank you|thanks in advance|thank you in advance"
    r"|all the best|take care)|mit freundlichen grüßen|mit freundlichem gruß|(?:viele|liebe|beste|schöne|freundliche)"
    r" grüße|mfg|lg|vg|danke|vielen dank|vielen dank im voraus|cordialement|bien cordialement|sincères salutations"
    r"|bien à vous|cdlt|merci|merci d'avance|merci d’avance|bonne journée)\s*[,.!–-]*\s*$",
    re.IGNORECASE,
)
_MOST_SIGNATURE_LINES = 6
_LONGEST_SIGNATURE_LINE = 60


def own_words(text: str) -> tuple[tuple[int, int], ...]:
    """Where in a message the customer's own words of this time are.

    Quoted lines, the history under "On … wrote:" and the like, and signatures go. Words between quoted lines stay: some
    answer point by point. When nothing would be left, the whole message stays: a customer may have sent a forwarded
    mail, or a single "Thanks".

    Args:
        text: The message, plain text.

    Returns:
        Spans (start, end) in `text`, in order, without blank margins; none when the text is blank.
    """
    lines = _lines(text)
    spans: list[tuple[int, int]] = []
    kept: list[tuple[int, int]] = []
    number = 0
    while number < len(lines):
        start, end = lines[number]
        line = text[start:end]
        introduced = _introduces(text, lines, number)
        if introduced:
            number += introduced
            if not _quotes_follow(text, lines, number):
                break
            _close(text, kept, spans)
            continue
        if _DIVIDER.match(line) or _starts_headers(text, lines, number) or _DASHES.match(line) or _DEVICE.match(line):
            break
        if _QUOTED.match(line):
            _close(text, kept, spans)
        else:
            kept.append((start, end))
        number += 1
    _close(text, kept, spans)
    found = [span for start, end in spans if (span := _trimmed(text, start, end)) is not None]
    whole = _trimmed(text, 0, len(text))
    return tuple(found) if found else ((whole,) if whole else ())


def _lines(text: str) -> list[tuple[int, int]]:
    """Line spans without their ends."""
    out, start = [], 0
    for line in text.splitlines(keepends=True):
        out.append((start, start + len(line.rstrip("\r\n"))))
        start += len(line)
    return out


def _introduces(text: str, lines: list[tuple[int, int]], number: int) -> int:
    """How many lines from here say "On … wrote:": 0, 1, or 2 where a mail program wrapped them."""
    first = text[slice(*lines[number])]
    if len(first) > 400:
        return 0
    if _WROTE.match(first):
        return 1
    if number + 1 < len(lines) and first.strip():
        both = f"{first} {text[slice(*lines[number + 1])].strip()}"
        if len(both) <= 500 and re.match(r"\s*(?:on|am|le)\b", first, re.IGNORECASE) and _WROTE.match(both):
            return 2
    return 0


def _quotes_follow(text: str, lines: list[tuple[int, int]], number: int) -> bool:
    """Whether the next line with words in it is marked as quoted; otherwise all that follows is history."""
    for start, end in lines[number : number + 4]:
        line = text[start:end]
        if line.strip():
            return bool(_QUOTED.match(line))
    return False


def _starts_headers(text: str, lines: list[tuple[int, int]], number: int) -> bool:
    """Whether a block of mail headers starts here: a rule and a header, or three headers."""
    ahead = [text[slice(*span)] for span in lines[number : number + 6]]
    if _RULE.match(ahead[0]):
        return any(_HEADER.match(line) for line in ahead[1:3])
    return len(ahead) >= 3 and all(_HEADER.match(line) for line in ahead[:3])


def _drop_signature(text: str, kept: list[tuple[int, int]]) -> None:
    """Take a closing formula and the few short lines under it off the end."""
    filled = [position for position, (start, end) in enumerate(kept) if text[start:end].strip()]
    for position in reversed(filled[-_MOST_SIGNATURE_LINES - 1 :]):
        start, end = kept[position]
        below = [text[slice(*kept[later])] for later in filled if later > position]
        if any(len(line) > _LONGEST_SIGNATURE_LINE or "?" in line for line in below):
            return
        if _SIGN_OFF.match(text[start:end]) and position != filled[0]:
            del kept[position:]
            return


def _close(text: str, kept: list[tuple[int, int]], spans: list[tuple[int, int]]) -> None:
    """Turn the lines kept so far into one span, without a signature."""
    _drop_signature(text, kept)
    if kept:
        spans.append((kept[0][0], kept[-1][1]))
        kept.clear()


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span without blank margins; None when it is blank."""
    part = text[start:end]
    left, right = len(part) - len(part.lstrip()), len(part.rstrip())
    return (start + left, start + right) if right > left else None
