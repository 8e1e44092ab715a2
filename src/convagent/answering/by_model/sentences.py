"""A stream of text as whole sentences and list lines, each as soon as it is certain where it ends. Nothing is lost.

A sentence ends at a full stop, question or exclamation mark that what follows shows to be one: not within "12.5", "z. B.",
"18. Juni", "No. 4" or a link. A citation behind it (`[1]`) belongs to it. A line ends where it ends: list items and headings
stand alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

__all__ = ["MAX_SENTENCE", "sentences"]

MAX_SENTENCE = 1_200
"""Characters; a longer run without an end is cut at its last blank."""

_ROOM = 80
"""Characters that are looked at behind an end at most, so that where a run is cut doesn't depend on how it came in."""

_END = re.compile(r"\n|[.!?…。！？]+")
_CLOSERS = re.compile(r"(?:[ \u00a0\u202f]?»|[\"'”’“)\]*_])*")
_CITED = re.compile(r"(?:[ \u00a0]?\[\d{1,3}(?:, ?\d{1,3}){0,9}\])*")
_BEGUN = re.compile(r"[ \u00a0]?\[(?:\d{1,3}(?:, ?\d{1,3}){0,9}(?:, ?)?)?")
_BLANK = re.compile(r"\s+")
_WORD = re.compile(r"\w+")
_NUMBERED = re.compile(r"\s*\d{1,2}")
_NUMBER = re.compile(r"(?<![\w.,])\d{1,2}$")
_ORDINAL_BEFORE = re.compile(
    r"\b(?:am|im|zum|der|die|das|den|dem|des|vom|beim|bis|ab|seit|und|jeden?|le|du|au)\s+\d{1,2}$", re.IGNORECASE
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(„“\"'«])(?:e\.\s?g|i\.\s?e|cf|vs|approx|mr|mrs|ms|dr|prof|st|inc|ltd|incl|excl|"
    r"z\.\s?b|d\.\s?h|u\.\s?a|u\.\s?u|o\.\s?ä|i\.\s?d\.\s?r|ca|bzw|ggf|evtl|inkl|exkl|zzgl|abzgl|str|hr|fr|"
    r"p\.\s?ex|c\.-à-d|env|m|mm|mme|mlle|mgr|z|o|u)$",
    re.IGNORECASE,
)
_BEFORE_NUMBERS = re.compile(
    r"(?:^|[\s(–-])(?:no|nos|nr|art|fig|tel|min|max|mind|mo|di|mi|do|fr|sa|so|mon|tues?|wed|thur?s?|fri|sat|sun|"
    r"lun|mar|mer|jeu|ven|sam|dim)$",
    re.IGNORECASE,
)
_INITIAL = re.compile(r"(?:^|[\s(„“\"«])[A-ZÄÖÜÉÈ]$")
_MONTHS = re.compile(
    r"(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|okt|oct|nov|de[zc])\w*|f[ée]v\w*|avr\w*|juin|juil\w*|ao[uû]t|"
    r"(?:arbeits|werk|kalender)?tage?s?|woche|monat|jahr",
    re.IGNORECASE,
)


def sentences(pieces: Iterable[str]) -> Iterator[str]:
    """Whole sentences and lines of a text that comes in pieces, with the blanks before each; joined they are the text.

    What is given doesn't depend on where the pieces begin and end.

    Args:
        pieces: The text, in any pieces; each sentence is given as soon as it is certain where it ends.
    """
    held = ""
    for piece in pieces:
        held += piece
        while (end := _end(held, final=False)) is not None:
            yield held[:end]
            held = held[end:]
    while held:
        end = _end(held, final=True) or len(held)
        yield held[:end]
        held = held[end:]


def _end(held: str, *, final: bool) -> int | None:
    """Where the first sentence ends; None where that isn't certain yet."""
    start = len(held) - len(held.lstrip())
    for found in _END.finditer(held, start, start + MAX_SENTENCE):
        if found[0] == "\n":
            return found.start()
        if found.end() == start + MAX_SENTENCE:
            break  # more of the same may follow
        if found.end() == len(held) and not final:
            return None
        end = _CLOSERS.match(held, found.end()).end()  # type: ignore[union-attr]  # they may be none
        end = _CITED.match(held, end).end()  # type: ignore[union-attr]
        behind = held[end : end + _ROOM]
        if not final and (_BEGUN.fullmatch(behind) or not (behind.strip() or "\n" in behind)):
            return None
        verdict = _ends(held, start, found, behind, final=final)
        if verdict is None:
            return None
        if verdict:
            return end
    if len(held) - start > MAX_SENTENCE + _ROOM:
        blank = max(held.rfind(" ", start, start + MAX_SENTENCE), held.rfind("\t", start, start + MAX_SENTENCE))
        return blank if blank > start else start + MAX_SENTENCE
    return None


def _ends(held: str, start: int, found: re.Match[str], behind: str, *, final: bool) -> bool | None:
    """Whether an end mark ends a sentence, by what stands around it; None where more must come to tell."""
    blank = _BLANK.match(behind)
    if not behind:
        return True
    if blank is None:
        return False
    if "\n" in blank[0]:
        return True
    after = behind[blank.end() :]
    if not after:
        return True
    if after[0].islower() or after[0] in ",;:)]?!.»":
        return False
    before = held[start : found.start()]
    if found[0] != ".":
        return True
    if _NUMBERED.fullmatch(before):
        return False  # "1. Open the box": the number of an item
    if _NUMBER.search(before):
        if _ORDINAL_BEFORE.search(before):
            return False
        word = _WORD.match(after)
        if word is not None and word.end() == len(after) and not final:
            return None
        return word is None or _MONTHS.fullmatch(word[0]) is None
    if after[0].isdigit() and _BEFORE_NUMBERS.search(before):
        return False
    return _ABBREVIATION.search(before) is None and _INITIAL.search(before) is None
