"""Slips of the pen mended: by the catalog's own words, and by words for things that shops sell."""

from __future__ import annotations

import re
from typing import Protocol

from convagent.catalog.wishes.lexicon import LANGUAGES, Lexicon, the_lexicon
from convagent.search import LexicalIndex
from convagent.search.spelt_words import is_spelt
from convagent.search.stop_words import STOP_WORDS

__all__ = ["Mender", "WordsOfCatalog"]

_WORD = re.compile(r"[^\W\d_]+")
_STOP = frozenset().union(*(STOP_WORDS.get(language, frozenset()) for language in LANGUAGES))
_SHORTEST = 5
"""Letters of a word that is mended to one that the catalog doesn't have."""
_REMEMBERED = 8_192
"""Words whose mended form is kept."""
_HEARD = 4
"""Letters at the beginning that are right where the rest is written as it is spoken."""


class WordsOfCatalog(Protocol):
    """The words of a catalog's texts."""

    @property
    def lexical(self) -> LexicalIndex:
        """The products' terms."""
        ...

    def mended(self, text: str) -> str:
        """A text with the catalog's words in place of those that are nearly one."""
        ...


class Mender:
    """Mends words by those of one catalog and of the lexicon. Safe to share between threads.

    Args:
        words: The catalog's words.
        language: Their language.
        lexicon: Words by what they mean; None for the package's own.
    """

    def __init__(self, words: WordsOfCatalog, *, language: str, lexicon: Lexicon | None = None) -> None:
        self._words, self._language = words, language
        self._lexicon = lexicon or the_lexicon()
        self._recent: dict[tuple[str, str], str] = {}

    def mend(self, text: str, language: str) -> str:
        """A text without slips of the pen; words that the catalog or the lexicon has stay as they are.

        Args:
            text: A shopper's words.
            language: Their language.
        """
        return _WORD.sub(lambda match: self._remembered(match[0], language), text)

    def _remembered(self, word: str, language: str) -> str:
        """A word mended; messages have many words in common."""
        key = word, language
        found = self._recent.get(key)
        if found is None:
            found = self._one(word, language)
            if len(self._recent) >= _REMEMBERED:
                self._recent = {}
            self._recent[key] = found
        return found

    def _one(self, word: str, language: str) -> str:
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extractOne

        plain = word.casefold()
        if len(plain) < 3 or plain in _STOP or self._known(plain, language) or is_spelt(plain, language):
            return word
        limit = 2 if len(plain) > 7 else 1
        by_catalog = self._words.mended(word) if language == self._language else word
        own = OSA.distance(plain, by_catalog.casefold()) if by_catalog != word else len(plain)
        if len(plain) >= _SHORTEST:
            known = self._lexicon.words(language)
            near = extractOne(plain, known.keys(), scorer=OSA.distance, score_cutoff=limit)
            if near is None and len(plain) >= _SHORTEST + 1:  # as it is spoken: "joggas"
                alike = [each for each in known if each.startswith(plain[:_HEARD])]
                near = extractOne(plain, alike, scorer=OSA.distance, score_cutoff=2)
            if near is not None and near[1] < own and near[0][0] == plain[0]:
                return str(near[0])
        return by_catalog

    def _known(self, word: str, language: str) -> bool:
        if self._lexicon.has_word(word, language):
            return True
        terms = self._words.lexical.tokeniser.terms(word)
        return bool(terms) and all(map(self._words.lexical.has, terms))
