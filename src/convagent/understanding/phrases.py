"""Phrases that people can read, found in texts: the little language of `signals.toml`.

    refund*              any ending: refund, refunds, refunded
    want|need            either word
    (please)  (a|an)     may be missing; only between others, since elsewhere it would change nothing
    [my bank|my card]    one of these, each of several words
    ...                  up to four other words of the same sentence
    ^ word, word $       at the beginning, at the end of a sentence

Case, accents, apostrophes and other punctuation don't matter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

__all__ = ["Finder", "compile_phrases", "finder", "fold", "sentences_of"]

_ELISION = re.compile(r"\b([cdjlmnst]|qu)['’](?=[^\W\d_])")
_DROPPED = str.maketrans("", "", "'’`´")
_IN_NUMBERS = re.compile(r"(?<=\d)[.,](?=\d)")
_ENDS = re.compile(r"[.!?;:…\n\r\u2028\u2029。！？]+")
_OTHER = re.compile(r"[^\w.%€$£\u2600-\u27bf\U0001f300-\U0001faff]+|_+")
_SYMBOL = re.compile(r"([\u2600-\u27bf\U0001f300-\U0001faff])")
_ITEM = re.compile(r"\(([^()]+)\)|\[([^\[\]]+)\]|(\S+)")


class Finder(NamedTuple):
    """What to look for, and what to take out of the text before. Called with a folded text, it gives the words found."""

    find: re.Pattern[str]
    unless: re.Pattern[str]

    def __call__(self, folded: str) -> tuple[str, ...]:
        """The first five different findings."""
        rest = self.unless.sub(". ", folded)
        return tuple(dict.fromkeys(found.group().strip() for found in self.find.finditer(rest)))[:5]


def finder(found: Mapping[str, Sequence[str]], unless: Mapping[str, Sequence[str]] | None = None) -> Finder:
    """A finder of a table's `find`, with the `unless` of the same table or of another."""
    return Finder(compile_phrases(found["find"]), compile_phrases((unless or found).get("unless", ())))


def fold(text: str, *, limit: int = 8_000) -> str:
    """A text as phrases see it: lower case, words and emoji parted by blanks, full stops between sentences.

    Args:
        text: Any text.
        limit: Characters that are read.

    Returns:
        The folded text between ` . ` on both sides, so that every word has a blank before and after it.
    """
    plain = unicodedata.normalize("NFKD", text[:limit]).casefold()
    plain = "".join(char for char in plain if not unicodedata.combining(char) and char != "\ufe0f")
    plain = _IN_NUMBERS.sub("", _ELISION.sub(r"\1 ", plain).translate(_DROPPED))
    plain = _SYMBOL.sub(r" \1 ", _OTHER.sub(" ", _ENDS.sub(" . ", plain)))
    return f" . {' '.join(plain.split())} . "


def sentences_of(folded: str) -> list[str]:
    """The sentences of a folded text, without empty ones."""
    return [sentence for part in folded.split(" . ") if (sentence := part.strip(" ."))]


def compile_phrases(phrases: Iterable[str]) -> re.Pattern[str]:
    """One pattern that finds any of the phrases in a folded text.

    Args:
        phrases: In the language above.

    Returns:
        The pattern; matches end with a blank. It never matches when there are no phrases.

    Raises:
        ValueError: A phrase begins or ends with words that may be missing, or holds signs that folding takes away.
    """
    branches = sorted({_branch(phrase) for phrase in phrases}, key=lambda branch: (-len(branch), branch))
    return re.compile("(?<= )(?:" + "|".join(branches) + ")" if branches else r"(?!)")


def _branch(phrase: str) -> str:
    items = list(_ITEM.finditer(phrase))
    sure = [item.group() not in ("^", "$", "...") and not item.group(1) for item in items]
    if not any(sure) or any(item.group(1) or item.group() == "..." for item in (items[0], items[-1])):
        raise ValueError(f"the phrase {phrase!r} begins or ends with words that may be missing")
    out = []
    for item in items:
        optional, group, word = item.groups()
        if word == "...":
            out.append(r"(?:[^\s.]+ ){0,4}?")
        elif word == "^":
            out.append(r"(?<=\. )")
        elif word == "$":
            out.append(r"(?=\. )")
        else:
            choices = "|".join(_words(choice) for choice in (optional or group or word).split("|"))
            out.append(f"(?:{choices})" + ("?" if optional else ""))
    return "".join(out)


def _words(choice: str) -> str:
    return "".join(_word(word) for word in choice.split())


def _word(word: str) -> str:
    core = fold(word.rstrip("*")).strip(" .")
    if not core:
        raise ValueError(f"{word!r} is no word that a folded text can hold")
    return re.escape(core) + (r"\w* " if word.endswith("*") else " ")
