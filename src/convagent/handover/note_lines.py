"""The lines of a note, laid out: each within its length, all of them together within ten seconds' reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from convagent.guidance.phrases import quotation_marks
from convagent.handover.redact import in_short, shortened

__all__ = [
    "LONGEST_ISSUE",
    "LONGEST_LINE",
    "MOST_FIRST",
    "MOST_WORDS",
    "in_quotes_of",
    "laid_out",
    "note_words",
    "quoted",
]

LONGEST_LINE: Final = 160
"""Characters of a note's line, its label included."""

MOST_WORDS: Final = 100
"""Words of a note at most, the link to the transcript aside."""

MOST_FIRST: Final = 40
"""Words of its first three lines, labels included, which say what it is about, why, and what to do: ten seconds at 238 words
a minute (Brysbaert 2019, https://doi.org/10.1016/j.jml.2019.104047)."""

_GIVES_WAY: Final = (("issue", 13), ("why", 8), ("issue", 9))
"""Which of the first lines give way, and down to how many words; what is to be done never does."""

_ROOM: Final[Mapping[str, int]] = {
    "issue": 16, "also": 5, "why": 7, "next": 16, "customer": 5, "order": 7, "subscription": 5,
    "products": 5, "asked": 7, "tried": 9, "promised": 6, "mood": 3,
}  # fmt: skip
"""Words of each line in a note that would be longer than `MOST_WORDS`: together with the labels no more than that."""

LONGEST_ISSUE: Final = 140
"""Characters of a customer's words that a line quotes."""


def quoted(text: str, name: str, words: Mapping[str, str]) -> str:
    """A customer's words in quotes that nothing in them can close."""
    room = min(LONGEST_ISSUE, LONGEST_LINE - len(name) - len(": “”"))
    return f"“{in_short(text, room) or words['no_text']}”"


def in_quotes_of(tongue: str, text: str) -> str:
    """A text of the note with the quotation marks of its language: „so“ in German, « ainsi » in French.

    Args:
        tongue: ISO 639 code.
        text: With “these”; what others wrote holds neither.
    """
    before, behind = quotation_marks(tongue)
    return text.replace("“", before).replace("”", behind)


def note_words(text: str) -> int:
    """Words of a note: what holds a letter or a digit."""
    return sum(word[0].isalnum() or any(map(str.isalnum, word)) for word in text.split())


def laid_out(lines: Mapping[str, str], labels: Mapping[str, str], transcript: str | None, *, tongue: str = "en") -> str:
    """The note: every line whole when that is short enough, else the longest ones cut to their room.

    Args:
        lines: By name, with “these” quotation marks.
        labels: Of all lines, in their order.
        transcript: Its link, where there is one.
        tongue: The note's language, whose quotation marks its lines get.
    """
    whole = {name: lines[name] for name in labels if name in lines}
    for name in sorted(whole, key=lambda name: _ROOM[name] - note_words(whole[name])):
        if note_words(" ".join((*whole.values(), *(labels[name] for name in whole)))) <= MOST_WORDS:
            break
        whole[name] = _cut(whole[name], _ROOM[name])
    first = [name for name in ("issue", "why", "next") if name in whole]
    for name, least in _GIVES_WAY:
        over = note_words(" ".join(f"{labels[one]} {whole[one]}" for one in first)) - MOST_FIRST
        if over > 0 and name in whole:
            whole[name] = _cut(whole[name], max(least, note_words(whole[name]) - over))
    told = [_line(labels[name], text, tongue) for name, text in whole.items()]
    return "\n".join([*told, f"{labels['transcript']}: {transcript}"] if transcript else told)


def _cut(text: str, room: int) -> str:
    """At most so many words of a line; quotes that were opened are closed again."""
    words, kept, count = text.split(), list[str](), 0
    for word in words:
        count += any(char.isalnum() for char in word)
        if count > room:
            break
        kept.append(word)
    if len(kept) == len(words):
        return text
    cut = " ".join(kept).rstrip(" ·;,:→") + "…"
    return cut + "”" if cut.count("“") > cut.count("”") else cut


def _line(name: str, text: str, tongue: str) -> str:
    """The line with its label; marks that take more room than “these” take it from the text."""
    wider = len(in_quotes_of(tongue, text)) - len(text)
    return f"{name}: {in_quotes_of(tongue, shortened(text, LONGEST_LINE - len(name) - 2 - wider))}"
