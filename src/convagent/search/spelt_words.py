"""The words of a language, as its lists have them: what is among them is no slip of the keyboard.

The encoders' vocabularies have nearly all English words, but hardly more than half of the German and French ones whole. The
lists are those that come with pyspellchecker. Of the words of 250 sentences of customers (`parallel-support.jsonl`)
the vocabularies alone miss 46 % in German and 42 % in French, with the lists 6 % and 1 %. Of the same words with a slip each the
vocabularies have 4 to 5 %, with the lists 6 %.
"""

from __future__ import annotations

import gzip
import json
import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from convagent.search.tokenise import base_language
from convagent.search.written_words import written_words

__all__ = ["is_another_word", "is_spelt"]

_FEWEST = {"en": 100}
"""How often a word was seen at least, by language. The encoders' vocabularies have the English words already, and the rare ones
of the list are often slips; in the other lists they are forms of a word."""

_SPELT_ELSEWHERE = (
    ("our", "or"),
    ("isa", "iza"),
    ("ise", "ize"),
    ("tre", "ter"),
    ("ll", "l"),
    ("ey", "ay"),
    ("yre", "ire"),
    ("ogue", "og"),
)
"""British and American spelling."""

_MARKS = dict.fromkeys(range(0x300, 0x370))
"""Unicode's combining diacritical marks."""

_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def is_spelt(word: str, language: str) -> bool:
    """Whether a word is spelt as one of a language is, or stands whole in the encoders' vocabularies.

    The first word of a language that the vocabularies don't have reads its list, in 0.05 to 0.3 s; it takes 1 to 4 MB.

    Args:
        word: In any case; with accents and umlauts, without them, or spelt out (ae, ss).
        language: ISO 639-1 code, with a region or without. A language without a list has the words of the vocabularies.
    """
    whole = word.casefold()
    if whole in written_words():
        return True
    known = _known(base_language(language))
    key = hash(_plain(whole))
    at = int(np.searchsorted(known, key))
    return at < len(known) and int(known[at]) == key


def is_another_word(word: str, other: str, language: str) -> bool:
    """Whether a word is one of its own in a language, and neither a slip for another nor that one as it is spelt elsewhere.

    Args:
        word: As it was written.
        other: What it may be a slip for: "jacket" for "jackett", "harbour" for "harbor".
        language: Of both.
    """
    if any(word.replace(one, two) == other.replace(one, two) for one, two in _SPELT_ELSEWHERE):
        return False
    return is_spelt(word, language)


@lru_cache(maxsize=8)
def _known(language: str) -> NDArray[np.int64]:
    """The plain words of a language as sorted hashes: a tenth of what the words would take."""
    place = find_spec("spellchecker")
    if place is None or place.origin is None:
        raise ModuleNotFoundError("pyspellchecker isn't installed", name="spellchecker")
    file = Path(place.origin).with_name("resources") / f"{language}.json.gz"
    if not language.isalpha() or not file.is_file():
        return np.zeros(0, dtype=np.int64)
    counts: dict[str, int] = json.loads(gzip.decompress(file.read_bytes()))
    least = _FEWEST.get(language, 0)
    words = [word for word, count in counts.items() if count >= least]
    forms = {hash(word) for word in words}
    # all at once: word by word it would take three times as long
    other = "\n".join(word for word in words if not word.isascii()).casefold()
    for text in (_plain(other), _plain(other.translate(_SPELT_OUT))):
        forms.update(map(hash, text.split("\n")))
    found = np.fromiter(forms, dtype=np.int64, count=len(forms))
    found.sort()
    return found


def _plain(text: str) -> str:
    """A text in lower case without accents and umlauts."""
    return text if text.isascii() else unicodedata.normalize("NFKD", text).translate(_MARKS)
