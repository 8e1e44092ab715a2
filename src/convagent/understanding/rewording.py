"""Other words for a question that articles don't answer as it stands: without the name of its place, in words that they know.

An article on deliveries answers "do you ship to Porto?" though it doesn't name Porto, and one on what shipping costs answers
"how dear is the postage?" though it knows neither word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from convagent.search import base_language
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
_ELSEWHERE = {"en": "other countries", "de": "andere Länder", "fr": "d'autres pays"}
_LONGEST_NAME = 4
_SHORTEST_NAME = 4
"""Letters of a country's name: shorter ones, and codes, are other words as well ("us", "is", "in")."""


def other_wordings(text: str, *, language: str, frequency: Callable[[str], int]) -> tuple[str, ...]:
    """The question in other words; none where there are none.

    Args:
        text: As the customer wrote it.
        language: Its language tag.
        frequency: How many passages of the articles have a word.
    """
    if len(text) > LONGEST:
        return ()
    places = _places(text, frequency)
    elsewhere = _ELSEWHERE.get(base_language(language), "")
    without = _replaced(text, [(start, end, "") for start, _, end in places])
    wordings = [without, _in_known_words(without, frequency)]
    if elsewhere:
        wordings.insert(1, _replaced(text, [(name, end, elsewhere) for _, name, end in places]))
    return tuple(wording for wording in dict.fromkeys(wordings) if wording and wording != text)


def _places(text: str, frequency: Callable[[str], int]) -> list[tuple[int, int, int]]:
    """Names of places: where the preposition before them begins, where they begin, and where they end.

    They are the names of countries, and behind "to", "in" or "from" words with a capital or that the articles don't know.
    """
    words = list(_WORD.finditer(text))
    found: list[tuple[int, int, int]] = []
    at = 0
    while at < len(words):
        size = _country_at(words, at)
        word, start = words[at].group(), words[at].start()
        before = _BEFORE_PLACE.search(text, 0, start)
        if size == 0 and before is not None and (word[0].isupper() or not _is_known(word, frequency)):
            size = 1
        if size:
            found.append((before.start() if before is not None else start, start, words[at + size - 1].end()))
        at += size or 1
    return found


def _replaced(text: str, places: Sequence[tuple[int, int, str]]) -> str:
    for start, end, other in reversed(places):
        text = text[:start] + other + text[end:]
    return " ".join(text.split())


def _country_at(words: Sequence[re.Match[str]], at: int) -> int:
    """How many words the name of a country has that begins here; 0 where none does."""
    names, beginnings = _country_names()
    if words[at].group().casefold() not in beginnings:
        return 0
    for size in range(min(_LONGEST_NAME, len(words) - at), 0, -1):
        if " ".join(word.group().casefold() for word in words[at : at + size]) in names:
            return size
    return 0


@lru_cache(maxsize=1)
def _country_names() -> tuple[frozenset[str], frozenset[str]]:
    """Names of countries as they are compared, and the first words of them."""
    names = frozenset(name for name in countries() if len(name) >= _SHORTEST_NAME)
    return names, frozenset(name.split(" ", 1)[0] for name in names)


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
