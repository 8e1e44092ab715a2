"""German that was typed without its umlauts, as keyboards abroad and telephones have it: "zurueckschicken", "moechte", "Groesse".

Only what is compared is rewritten. A word that some language writes with these letters ("blue", "aktuell", "Israel") stays.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from convagent.search.written_words import written_words
from convagent.understanding.lexicon import function_words
from convagent.understanding.word_lists import word_lists

__all__ = ["load_umlauts", "with_umlauts"]

_WORD = re.compile(r"(?<![\w@.#/-])[^\W\d_]{3,40}(?![\w@/])")
_TYPED = re.compile(r"ae|oe|(?<![aeqäAEQÄ])ue", re.IGNORECASE)
_UMLAUTS = {"ae": "ä", "oe": "ö", "ue": "ü"}
_SHORTEST_STEM = 4
"""Letters of a known word that a longer one begins with: what it is made up of is then known."""


def with_umlauts(text: str) -> str:
    """The text with "ae", "oe" and "ue" written as umlauts, in words that are German ones with them and none without.

    Args:
        text: A message in any language; addresses, links and numbers are left as they are.
    """
    if _TYPED.search(text) is None:
        return text
    return _WORD.sub(lambda found: _word(found.group()), text)


def load_umlauts() -> None:
    """Reads the words now that the first message with such a spelling would wait for: a twentieth of a second."""
    _words_with_umlauts()


def _word(written: str) -> str:
    if _TYPED.search(written) is None:
        return written
    plain = written.casefold()
    if plain in written_words():
        return written
    other = unicodedata.normalize("NFC", _TYPED.sub(_umlaut, written))
    return other if _is_german(other.casefold()) else written


def _umlaut(found: re.Match[str]) -> str:
    typed = found.group()
    sign = _UMLAUTS[typed.casefold()]
    return sign.upper() if typed[0].isupper() else sign


@lru_cache(maxsize=4096)
def _is_german(word: str) -> bool:
    """Whether a word is known, or is made up of a known one that has the umlaut: rück in Rücksendung, größe in Schuhgröße."""
    known = _words_with_umlauts()
    word = word.replace("ß", "ss")
    if word in known:
        return True
    for start in range(len(word) - _SHORTEST_STEM + 1):
        for end in range(len(word), start + _SHORTEST_STEM - 1, -1):
            part = word[start:end]
            # What is known must hold an umlaut, and stand at an end of the word, where German puts words together.
            if (start == 0 or end == len(word)) and not part.isascii() and part in known:
                return True
    return False


@lru_cache(maxsize=1)
def _words_with_umlauts() -> frozenset[str]:
    """German words that have an umlaut: those of the encoders' vocabularies and of the package's own lists, with ss for ß."""
    concepts = word_lists("concepts")["concepts"].values()
    listed = (form.rstrip("*") for forms in concepts for form in forms if " " not in form)
    every = (
        *written_words(),
        *listed,
        *word_lists("concepts")["function_words"]["de"],
        *function_words("de"),
        *_COMMON,
    )
    return frozenset(
        plain
        for word in every
        if len(plain := word.casefold().replace("ß", "ss")) >= 3 and any(sign in plain for sign in "äöü")
    )


_COMMON = (
    "größe grösse rückgabe rückgeben rücksend zurück ändern ändere änderung gehört gehören wäre hätte wäsche höhe tür türen "
    "schlüssel kürzer länger größer kühl gemüse gefällt fällt hält lädt lässt möbel knöpf öl öffn überweis übergröß"
    " verfügbar vorrätig verspät beschädig unverschämt empör enttäusch gebühr prüf erklär stück päckchen paket"
    " gepäck fähr führ wähl zähl lösch löst später früh nächst täglich jährlich monatlich mündlich persönlich"
).split()
"""Words and beginnings of words that shops' customers use and the vocabularies don't have."""
