"""The words of a message that ask for something: without yes and no, sounds, fillers, particulars, question words alone.

"no", "hmm, ok", "not yet" and "👎" have none: whatever example they happen to be near, they are no request of anybody's.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from convagent.understanding.phrases import compile_phrases, fold
from convagent.understanding.word_lists import word_lists

__all__ = ["asks_about_what_was_said", "content_words"]

_READ = 400
"""Characters that are looked at: a longer message has words of its own."""

_DRAWN_OUT = re.compile(r"(\w)\1{2,}")


class _Words(NamedTuple):
    phrases: re.Pattern[str]
    bare: frozenset[str]
    asking: frozenset[str]


def content_words(text: str) -> tuple[str, ...]:
    """What a message says beside bare words, folded, in its order; empty for one that asks for nothing.

    Numbers, single letters and symbols are no words; "nooooo" is "no".

    Args:
        text: The message.
    """
    return _content(text[:_READ])


@lru_cache(maxsize=512)
def _content(text: str) -> tuple[str, ...]:
    words = _words()
    folded = words.phrases.sub(". ", fold(text))
    return tuple(word for word in folded.split() if not _is_bare(word))


def asks_about_what_was_said(text: str) -> bool:
    """Whether a message without a request of its own asks on about the last one: "when?", "and why not"."""
    words = _words()
    return any(word in words.asking for word in fold(text, limit=_READ).split())


@lru_cache(maxsize=8_192)
def _is_bare(word: str) -> bool:
    words = _words()
    if sum(char.isalpha() for char in word) < 2 or any(char.isdigit() for char in word):
        return True
    forms = (word, _DRAWN_OUT.sub(r"\1", word), _DRAWN_OUT.sub(r"\1\1", word))
    return any(form in words.bare or form in words.asking for form in forms)


@lru_cache(maxsize=1)
def _words() -> _Words:
    lists = word_lists("bare_words")
    folded = {name: frozenset(fold(word).strip(" .") for word in lists[name]) for name in lists if name != "phrases"}
    bare = folded["yes_and_no"] | folded["fillers"]
    return _Words(compile_phrases(lists["phrases"]), bare, folded["asking"])
