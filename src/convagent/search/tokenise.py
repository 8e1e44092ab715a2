"""Text to terms: normalised, split into words, freed of stop words, stemmed, folded.

The same tokeniser must serve documents and queries. It takes any string, also one with lone surrogates, zero-width
characters or a megabyte without a space, and its time grows with the length of the text only.
"""

from __future__ import annotations

import itertools
import re
import threading
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from convagent.search.stop_words import STOP_WORDS

__all__ = ["Tokeniser", "base_language", "ngrams", "normalise"]

MAX_WORD = 64
"""Longer words are cut here: nobody searches by more, and a text without spaces must not become one term."""

_STEMMERS = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}

_SURROGATES = re.compile("[\ud800-\udfff]")
# Soft hyphen, zero-width space, joiners and marks of direction, word joiner and friends, variation selectors, BOM.
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
# Canonical ordering of combining marks takes quadratic time on long runs of them. Unicode's Stream-Safe Text Format
# (UAX #15, section 13) allows thirty; what is cut here holds no letter.
_LONG_RUN = re.compile(r"([^\w\s\x00-\x7f]{30})[^\w\s\x00-\x7f]+")
# Python's \w has no combining marks, without which the words of many scripts fall to pieces: those of the general
# block, Hebrew, Arabic, the Brahmic scripts (but their punctuation), Thai, Lao, Tibetan, Myanmar, Khmer.
_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0963\u0966-\u0df3\u0e31-\u0e4e\u0eb1-\u0ece\u0f18-\u0fbc\u102b-\u103e\u1056-\u109d\u17b4-\u17d3"
)
_LETTERS = rf"[^\W_](?:[^\W_]|[{_MARKS}])*"
_WORD = re.compile(rf"{_LETTERS}(?:[-\u2010]{_LETTERS})*")
_ASCII_WORD = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SPACED = bytes(sign if re.match(rb"[a-z0-9-]", bytes((sign,))) else 32 for sign in range(256))
_HYPHEN = re.compile("(?<![a-z0-9])-|-(?![a-z0-9])")
_HYPHEN = re.compile("[-\u2010]")
# Scripts that are written without spaces between words: their runs become overlapping pairs of characters.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]+"
)
_ACCENTS = re.compile("[\u0300-\u036f]+")


@lru_cache(maxsize=1_024)
def base_language(language: str) -> str:
    """The language of a tag: `pt` of `pt-BR` or `PT_br`; `und` where there is none."""
    return re.split(r"[-_]", language.strip().casefold(), maxsplit=1)[0] or "und"


def normalise(text: str) -> str:
    """Text as search sees it: NFKC, casefolded, without invisible characters and lone surrogates."""
    if text.isascii():
        return text.lower()
    text = _INVISIBLE.sub("", _SURROGATES.sub(" ", text))
    text = unicodedata.normalize("NFKC", _LONG_RUN.sub(r"\1", text)).casefold()
    return unicodedata.normalize("NFKC", _LONG_RUN.sub(r"\1", text))


def ngrams(words: Sequence[str], longest: int) -> list[str]:
    """The words, then the pairs of neighbours, and so on up to `longest` words, joined by a space."""
    terms = list(words)
    for size in range(2, longest + 1):
        terms.extend(" ".join(words[start : start + size]) for start in range(len(words) - size + 1))
    return terms


class Tokeniser:
    """Turns a text of one language into its terms. Safe to share between threads.

    Args:
        language: A language code, such as `en` or `de-AT`. Stemming follows Snowball where it knows the language; a
            language without a stemmer or stop words is indexed word by word.
        stop_words: Words to leave out instead of the language's own list, casefolded.
    """

    def __init__(self, language: str = "en", *, stop_words: frozenset[str] | None = None) -> None:
        self.language = base_language(language)
        self.stop_words = _stop_words_of(self.language) if stop_words is None else _however_written(stop_words)
        self._stemmer: Any = None
        self._lock = threading.Lock()
        if self.language in _STEMMERS:
            import Stemmer

            # Its own memory gains nothing on words that come again, and costs four times the stemming of words that don't.
            self._stemmer = Stemmer.Stemmer(_STEMMERS[self.language], 0)

    def words(self, text: str) -> list[str]:
        """The words of a text in order, normalised but neither stemmed nor sifted.

        A hyphenated word gives its parts and then the whole, as others write it: "e-mail" gives e, mail, email.
        """
        words: list[str] = []
        for piece in self.pieces(text):
            if piece.isalnum() and piece.isascii():
                words.append(piece[:MAX_WORD])
            else:
                words.extend(self.words_of(piece))
        return words

    def pieces(self, text: str) -> list[str]:
        """What stands between white space and punctuation in a text, normalised: `words_of` each of them are its words.

        Whoever reads many texts can look each piece up that was met before.
        """
        text = normalise(text)
        if not text.isascii():
            return _WORD.findall(text)
        # Eight times as fast as matching word by word, where every hyphen stands within a word.
        found = text.encode("ascii").translate(_SPACED).decode("ascii")
        if "-" in found and any(loose in f" {found} " for loose in (" -", "- ", "--")):
            return _ASCII_WORD.findall(text)
        return found.split()

    def words_of(self, piece: str) -> list[str]:
        """The words of one of `pieces`."""
        if not piece.isascii() and _UNSPACED.search(piece):
            return _pairs_of_unspaced(piece)
        if "-" in piece or "\u2010" in piece:
            return _compound(_HYPHEN.split(piece))
        return [piece[:MAX_WORD]]

    def terms(self, text: str) -> list[str]:
        """The terms of a text in order: words without stop words, stemmed, without accents."""
        return self.terms_of(self.words(text))

    def terms_of(self, words: Sequence[str]) -> list[str]:
        """The terms of what `words` gave."""
        kept = [word for word in words if word not in self.stop_words]
        if self.language == "de":
            kept = [part for word in kept for part in _separated(word)]
        if self._stemmer is not None:
            with self._lock:
                kept = self._stemmer.stemWords(kept)
        # Accents go after stemming, which needs them.
        return [word if word.isascii() else _without_accents(word) for word in kept]


def _however_written(words: frozenset[str]) -> frozenset[str]:
    """Words with and without accents: customers drop them, and "ou" for "où" is no more telling."""
    return words | {_without_accents(word) for word in words}


@lru_cache(maxsize=64)
def _stop_words_of(language: str) -> frozenset[str]:
    return _however_written(STOP_WORDS.get(language, frozenset()))


_SEPARABLE = ("zurück", "weiter", "zusammen", "heraus", "hinzu", "wieder")


def _separated(word: str) -> tuple[str, ...]:
    """A German verb without its separable prefix, besides the prefix: zurückschicken, schicke … zurück."""
    for prefix in _SEPARABLE:
        for written in dict.fromkeys((prefix, prefix.replace("ü", "ue"))):
            if word.startswith(written) and len(word) >= len(written) + 4:
                rest = word[len(written) :].removeprefix("zu")
                rest = rest[2:] if rest.startswith("ge") and len(rest) > 6 else rest
                return (prefix, rest) if len(rest) >= 3 else (word,)
    return (word,)


def _without_accents(word: str) -> str:
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", word))) or word


def _compound(parts: list[str]) -> list[str]:
    """The parts of a hyphenated word and, where they are a few words rather than numbers, the whole."""
    words = [part[:MAX_WORD] for part in parts]
    whole = "".join(parts)
    return [*words, whole] if len(parts) <= 3 and len(whole) <= MAX_WORD and whole.isalpha() else words


def _pairs_of_unspaced(word: str) -> list[str]:
    """Overlapping pairs of characters where the script has no spaces, whole pieces elsewhere."""
    pieces: list[str] = []
    end = 0
    for run in _UNSPACED.finditer(word):
        if run.start() > end:
            pieces.append(word[end : run.start()][:MAX_WORD])
        characters = run.group()
        pieces.extend([characters] if len(characters) == 1 else map("".join, itertools.pairwise(characters)))
        end = run.end()
    if end < len(word):
        pieces.append(word[end:][:MAX_WORD])
    return pieces
