"""Other words for a question that articles don't answer as it stands: without its place, and in words that the articles know.

An article on deliveries answers "do you ship to Porto?" though it doesn't name Porto, and one on what shipping costs answers
"how dear is the postage?" though it knows neither word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from convagent.understanding.addresses import countries
from convagent.understanding.lexicon import concepts_of, is_function_word, words_of_concept
from convagent.understanding.normal import normalise

__all__ = ["other_wordings"]

LONGEST = 400
"""Characters of a question that is put otherwise; a longer text says enough as it is."""

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_BEFORE_PLACE = re.compile(
    r"\b(?:to|in|into|from|nach|aus|in|à|au|aux|en|vers|depuis)\s+(?:(?:the|der|die|das|den|la|le|les|l['’])\s*)?$",
    re.IGNORECASE,
)
_LONGEST_NAME = 4
_SHORTEST_NAME = 4
"""Letters of a country's name: shorter ones, and codes, are other words as well ("us", "is", "in")."""


def other_wordings(text: str, *, frequency: Callable[[str], int]) -> tuple[str, ...]:
    """The question in other words; none where there are none.

    Args:
        text: As the customer wrote it.
        frequency: How many passages of the articles have a word.
    """
    if len(text) > LONGEST:
        return ()
    without = _without_places(text, frequency)
    wordings = (without, _in_known_words(without, frequency))
    return tuple(wording for wording in dict.fromkeys(wordings) if wording and wording != text)


def _without_places(text: str, frequency: Callable[[str], int]) -> str:
    """Without names of countries, and without words behind "to", "in" or "from" that the articles don't know."""
    words = list(_WORD.finditer(text))
    out: list[str] = []
    done = at = 0
    while at < len(words):
        size = _country_at(words, at)
        start = words[at].start()
        before = _BEFORE_PLACE.search(text, 0, start)
        if size == 0 and before is not None and not _is_known(words[at].group(), frequency):
            size = 1
        if size:
            out.append(text[done : before.start() if before is not None and before.start() >= done else start])
            done = words[at + size - 1].end()
        at += size or 1
    out.append(text[done:])
    return " ".join("".join(out).split()) if done else text


def _country_at(words: Sequence[re.Match[str]], at: int) -> int:
    """How many words the name of a country has that begins here; 0 where none does."""
    names = _country_names()
    for size in range(min(_LONGEST_NAME, len(words) - at), 0, -1):
        if " ".join(word.group().casefold() for word in words[at : at + size]) in names:
            return size
    return 0


@lru_cache(maxsize=1)
def _country_names() -> frozenset[str]:
    return frozenset(name for name in countries() if len(name) >= _SHORTEST_NAME)


def _in_known_words(text: str, frequency: Callable[[str], int]) -> str:
    """With words that the articles don't know replaced by ones of the same meaning that they do."""

    def known(found: re.Match[str]) -> str:
        word = found.group()
        if _is_known(word, frequency):
            return word
        alike = [other for concept in concepts_of(normalise(word)) for other in words_of_concept(concept)]
        best = max(alike, key=frequency, default=word)
        return best if frequency(best) else word

    return _WORD.sub(known, text)


def _is_known(word: str, frequency: Callable[[str], int]) -> bool:
    return is_function_word(normalise(word)) or frequency(word) > 0
