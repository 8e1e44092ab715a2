"""One plain form of a text, so that spelling, case, accents and punctuation don't stand between two texts."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["normalise"]

_ELISION = re.compile(r"\b([cdjlmnst]|qu)['’](?=[^\W\d_])")
_BREAKS = re.compile(r"(?:[^\w\u2600-\u27bf\U0001f300-\U0001faff]|_)+")
_DIGITS = re.compile(r"\d")


def normalise(text: str, *, limit: int = 2_000) -> str:
    """A text as the matcher compares it: lower case, no accents, no punctuation, digits written 0, single spaces.

    Args:
        text: Any text, lone surrogates and NUL included.
        limit: Characters that are read; what follows does not count.

    Returns:
        Words and symbols such as emoji, parted by single spaces; may be empty.
    """
    plain = text[:limit]
    return _remembered(plain) if len(plain) <= _SHORT else _normalised(plain)


_SHORT = 400
"""Characters of a text whose plain form is remembered: several parts of the engine ask for that of one message."""


@lru_cache(maxsize=4096)
def _remembered(text: str) -> str:
    return _normalised(text)


def _normalised(plain: str) -> str:
    if plain.isascii():  # has nothing to take apart, and most texts are
        plain = plain.lower()
    else:
        plain = unicodedata.normalize("NFKD", plain).casefold()
        plain = "".join(char for char in plain if not unicodedata.combining(char))
    plain = _ELISION.sub(r"\1 ", plain)
    plain = plain.translate(_APOSTROPHES)
    return _DIGITS.sub("0", _BREAKS.sub(" ", plain)).strip()


_APOSTROPHES = str.maketrans("", "", "'’`´")
