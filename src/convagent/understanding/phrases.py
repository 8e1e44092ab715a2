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
from functools import lru_cache

__all__ = ["Finder", "compile_phrases", "finder", "fold", "sentences_of"]

_ELISION = re.compile(r"\b([cdjlmnst]|qu)['’](?=[^\W\d_])")
_DROPPED = str.maketrans("", "", "'’`´")
_IN_NUMBERS = re.compile(r"(?<=\d)[.,](?=\d)")
_ENDS = re.compile(r"[.!?;:…\n\r\u2028\u2029。！？]+")
_OTHER = re.compile(r"[^\w.%€$£\u2600-\u27bf\U0001f300-\U0001faff]+|_+")
_SYMBOL = re.compile(r"([\u2600-\u27bf\U0001f300-\U0001faff])")
_ITEM = re.compile(r"\(([^()]+)\)|\[([^\[\]]+)\]|(\S+)")


class Finder:
    """Finds phrases in folded texts, but in what is taken out of the text before. Called, it gives the words found.

    Args:
        found: What to look for.
        unless: What to take out of the text before.
    """

    def __init__(self, found: Sequence[str], unless: Sequence[str]) -> None:
        self._found = _Several(found)
        self._unless = _Several(unless)

    def __call__(self, folded: str) -> tuple[str, ...]:
        """The first five different findings."""
        unless = self._unless.pattern(folded)
        rest = folded if unless is None else unless.sub(". ", folded)
        find = self._found.pattern(rest)
        if find is None:
            return ()
        return tuple(dict.fromkeys(found.group().strip() for found in find.finditer(rest)))[:5]

    def compile(self) -> None:
        """Compiles all phrases now, of which a text otherwise has those compiled that it may hold."""
        self._found.compile()
        self._unless.compile()


class _Several:
    """Phrases, of which only those are compiled whose words stand in a text: a shop opens without compiling thousands.

    Once it has compiled often enough, all of them are, and stay so: what is found is the same either way.
    """

    def __init__(self, phrases: Sequence[str]) -> None:
        self._phrases = tuple(dict.fromkeys(phrases))
        self._whole: dict[str, set[int]] = {}
        self._begun: dict[str, set[int]] = {}
        for number, phrase in enumerate(self._phrases):
            for word, open_ended in _telling(phrase):
                (self._begun if open_ended else self._whole).setdefault(word, set()).add(number)
        self._lengths = sorted({len(word) for word in self._begun})
        # What a text must have one of: a word, or the beginning of one, which is marked with a star.
        self._needed = frozenset((*self._whole, *(f"{word[:_LONGEST_BEGINNING]}*" for word in self._begun)))
        self._known: dict[frozenset[int], re.Pattern[str]] = {}
        self._all: re.Pattern[str] | None = None

    def pattern(self, folded: str) -> re.Pattern[str] | None:
        """A pattern that finds in this text what all phrases together would; None where they find nothing."""
        words = _words_in(folded)
        if words.with_beginnings.isdisjoint(self._needed):
            return None
        if self._all is not None:
            return self._all
        begun = [words.begun(length) for length in self._lengths]
        told = [self._whole[word] for word in words.whole & self._whole.keys()]
        told += [self._begun[start] for starts in begun for start in starts & self._begun.keys()]
        key = frozenset[int]().union(*told)
        if not key:
            return None
        found = self._known.get(key)
        if found is None:
            found = compile_phrases(self._phrases[number] for number in key)
            self._known[key] = found
            if len(self._known) >= PATIENCE:
                self.compile()
        return found

    def compile(self) -> None:
        """Compiles all of them."""
        if self._all is None:
            self._all = compile_phrases(self._phrases)
            self._known = {}


PATIENCE = 4
"""So many selections of phrases are compiled before all of them are."""


_LONGEST_BEGINNING = 24
"""Signs of a word's beginning that are looked up; few phrases have a longer one."""


class _WordsIn:
    """The words of a folded text and their beginnings, shared by all that look for phrases in it."""

    def __init__(self, folded: str) -> None:
        self.whole = frozenset(folded.split())
        beginnings = {
            f"{word[:length]}*" for word in self.whole for length in range(1, min(len(word), _LONGEST_BEGINNING) + 1)
        }
        self.with_beginnings = self.whole | beginnings
        self._begun: dict[int, frozenset[str]] = {}

    def begun(self, length: int) -> frozenset[str]:
        """The first so many signs of each word."""
        found = self._begun.get(length)
        if found is None:
            found = self._begun[length] = frozenset(word[:length] for word in self.whole)
        return found


@lru_cache(maxsize=16)
def _words_in(folded: str) -> _WordsIn:
    return _WordsIn(folded)


def _telling(phrase: str) -> list[tuple[str, bool]]:
    """Words of which at least one stands in every text that has the phrase, each with whether it may go on.

    Of the phrase's items, those whose words are longest: few texts have them.
    """
    best: list[tuple[str, bool]] = []
    for item in _ITEM.finditer(phrase):
        optional, group, word = item.groups()
        if optional or word in ("...", "^", "$"):
            continue
        choices = [max(_tokens(choice), key=_length) for choice in (group or word).split("|")]
        if not best or min(map(_length, choices)) > min(map(_length, best)):
            best = choices
    return best


def _tokens(choice: str) -> list[tuple[str, bool]]:
    """The words of a choice as they stand in folded texts, each with whether it may go on."""
    out: list[tuple[str, bool]] = []
    for word in choice.split():
        whole = _core(word).split()
        out += [(token, False) for token in whole[:-1]]
        out.append((whole[-1], word.endswith("*")))
    return out


def _length(token: tuple[str, bool]) -> int:
    return len(token[0])


def finder(found: Mapping[str, Sequence[str]], unless: Mapping[str, Sequence[str]] | None = None) -> Finder:
    """A finder of a table's `find`, with the `unless` of the same table or of another."""
    return Finder(found["find"], (unless or found).get("unless", ()))


def fold(text: str, *, limit: int = 8_000) -> str:
    """A text as phrases see it: lower case, words and emoji parted by blanks, full stops between sentences.

    Args:
        text: Any text.
        limit: Characters that are read.

    Returns:
        The folded text between ` . ` on both sides, so that every word has a blank before and after it.
    """
    return _remembered(text[:limit]) if len(text) <= _SHORT else _folded(text[:limit])


_SHORT = 400
"""Characters of a text whose folded form is remembered: one message is folded by many that look for something in it."""


@lru_cache(maxsize=512)
def _remembered(text: str) -> str:
    return _folded(text)


def _folded(plain: str) -> str:
    if plain.isascii():  # has nothing to take apart
        plain = plain.lower()
    else:
        plain = unicodedata.normalize("NFKD", plain).casefold()
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
    return re.escape(_core(word)) + (r"\w* " if word.endswith("*") else " ")


def _core(word: str) -> str:
    """A word as it stands in a folded text, without the star."""
    core = word.rstrip("*")
    if not (core.isascii() and core.isalnum() and core.islower()):  # what folding leaves as it is needs no folding
        core = fold(core).strip(" .")
    if not core:
        raise ValueError(f"{word!r} is no word that a folded text can hold")
    return core
