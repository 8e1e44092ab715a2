"""Messages that only announce that something will be asked: "Hi, I have a question", "können Sie mir helfen?"."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from convagent.search import STOP_WORDS
from convagent.understanding.phrases import fold
from convagent.understanding.word_lists import word_lists

__all__ = ["announces"]

_MOST_WORDS = 16
"""A longer message says what it is about."""


class _Words(NamedTuple):
    announcing: frozenset[str]
    beside: frozenset[str]
    denying: frozenset[str]


def announces(text: str) -> bool:
    """Whether a message says that its writer has a question, a problem or needs help, and nothing of what it is.

    Every word of it is one of announcing, of courtesy or a function word: "I have a question about my order" says more.

    Args:
        text: The message, in English, German or French.
    """
    said = [word for word in fold(text, limit=400).split() if any(char.isalnum() for char in word)]
    if not 0 < len(said) <= _MOST_WORDS:
        return False
    words = _words()
    if not any(word in words.announcing for word in said) or any(word in words.denying for word in said):
        return False
    return all(word in words.announcing or word in words.beside for word in said)


@lru_cache(maxsize=1)
def _words() -> _Words:
    lists = word_lists("announcing")
    announcing, beside, denying = (_folded(lists[name]) for name in _Words._fields)
    functions = _folded(word for language in ("en", "de", "fr") for word in STOP_WORDS[language])
    return _Words(announcing, beside | functions, denying)


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(part for word in words for part in fold(word).split() if part != ".")
