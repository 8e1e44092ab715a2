"""Slips of the keyboard put right, for messages that mean nothing as they stand: "forgto my pasword".

A word is one only where the shop's texts, the encoders' vocabularies and the list of its language don't have it; it becomes
the one word of the shop's texts that is a slip away. Most messages are understood without, and are never looked at here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from convagent.search.spelt_words import is_spelt
from convagent.understanding.lexicon import function_words, known_words
from convagent.understanding.meaning import everyday_messages
from convagent.understanding.normal import normalise
from convagent.understanding.word_lists import word_lists

__all__ = ["Spelling"]

_WORD = re.compile(r"[^\W\d_]+")
_ENDING = re.compile(r"(?<=\w{3})(?:es|s)$")
_LONG, _SHORT = 8, 3
_SHORT_FORMS = {
    "wen": "when", "hav": "have", "wat": "what", "wht": "what", "wer": "where", "ur": "your", "u": "you", "r": "are", "w": "with",
    "smth": "something", "sth": "something", "ned": "need", "pls": "please", "plz": "please", "thx": "thanks", "abt": "about",
    "bc": "because", "b4": "before", "gonna": "going to", "wanna": "want to", "cud": "could", "wud": "would", "shud": "should",
}  # fmt: skip
"""How people write on the phone, in English."""

_MOST = 24
"""Words of one message that are looked up."""


class Spelling:
    """The words that a shop's customers use. Immutable; made when it is first asked.

    Args:
        texts: Examples of what customers write, in all the shop's languages.
        languages: Those languages.
    """

    def __init__(self, texts: Iterable[str], *, languages: Iterable[str] = ("en",)) -> None:
        self._texts = tuple(texts)
        self._languages = tuple(languages)

    def mended(self, text: str, *, language: str = "en") -> str:
        """The text with its slips put right; the same text where there are none, or none that can be told.

        Args:
            text: As the customer wrote it.
            language: Its language, as far as it can be told.
        """
        looked_up = 0

        def word(found: re.Match[str]) -> str:
            nonlocal looked_up
            written = found.group()
            plain = normalise(written)
            if language == "en" and plain in _SHORT_FORMS:
                return _SHORT_FORMS[plain]
            if len(plain) < _SHORT or self._is_word(plain, language) or (written[:1].isupper() and found.start() > 0):
                return written
            looked_up += 1
            return (self._nearest(plain) or written) if looked_up <= _MOST else written

        return _WORD.sub(word, text)

    def load(self) -> None:
        """Reads and counts the words now, which else happens at the first message that means nothing as it stands."""
        _ = self._words
        for language in self._languages:
            is_spelt("", language)

    def _is_word(self, plain: str, language: str) -> bool:
        forms = {plain, _ENDING.sub("", plain)}
        return any(form in self._counts or is_spelt(form, language) for form in forms)

    def _nearest(self, plain: str) -> str | None:
        """The one word that is a slip away; of several the one that is written most, if it plainly is."""
        slips = 2 if len(plain) >= _LONG else 1
        near = [
            (distance, -self._counts[other], other)
            for other, distance, _ in process.extract(
                plain, self._words, scorer=OSA.distance, score_cutoff=slips, limit=_MOST, processor=None
            )
            # the first letter is seldom hit wrongly; of a short word two letters may have changed places, no more
            if (plain[0] == other[0] and len(plain) > _SHORT) or sorted(plain) == sorted(other)
        ]
        near.sort()
        if not near or (len(near) > 1 and near[0][:2] == near[1][:2]):
            return None
        return near[0][2]

    @cached_property
    def _counts(self) -> Counter[str]:
        counts: Counter[str] = Counter()
        for text in (*self._texts, *everyday_messages()):
            counts.update(_WORD.findall(normalise(text)))
        for language in self._languages:
            counts.update(function_words(language))
        for words in word_lists("bare_words").values():
            counts.update(word for phrase in words for word in normalise(phrase).split())
        counts.update(known_words())
        return counts

    @cached_property
    def _words(self) -> list[str]:
        return [word for word in self._counts if len(word) >= _SHORT]
