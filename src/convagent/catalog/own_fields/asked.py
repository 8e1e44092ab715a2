"""Which of a product's fields a question names, by their own words or by what such fields are called in other languages."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from convagent.catalog.own_fields.abroad import meanings_of
from convagent.catalog.own_fields.vocabulary import Phrase
from convagent.catalog.own_fields.words import canonical, telling_words, tokens_of
from convagent.catalog.wishes.lexicon import LANGUAGES

__all__ = ["fields_named"]

_LONGEST = 4


def fields_named(text: str, names: Iterable[str], *, besides: str = "") -> tuple[str, ...]:
    """The fields whose names a text says, all words of each, the first that it says first.

    Args:
        text: A shopper's words in English, German or French; the first 300 characters are looked at.
        names: Plain names of fields, such as "playing_time"; in whatever language the shop writes.
        besides: A text whose words tell no field, such as the product's title.
    """
    apart = set(canonical(besides))
    said = _said_in(text[:300])
    found = []
    for name in names:
        words = telling_words(name.replace("_", " ")) or canonical(name.replace("_", " "))
        if apart.issuperset(words):
            continue
        if words in said:
            found.append((said[words], name))
        elif words and all((word,) in said for word in words):
            found.append((min(said[(word,)] for word in words), name))
    return tuple(name for _, name in sorted(found))


@lru_cache(maxsize=200)
def _said_in(text: str) -> dict[Phrase, int]:
    """What a text says, as it is written and as product data are called, each with its place."""
    tokens = [token for token in tokens_of(text) if not token.says_nothing]
    found: dict[Phrase, int] = {}
    for size in range(1, _LONGEST + 1):
        for at in range(len(tokens) - size + 1):
            phrase = tuple(token.key for token in tokens[at : at + size])
            meant = [
                words for own in LANGUAGES for home in LANGUAGES for words in meanings_of(own, home).get(phrase, ())
            ]
            for words in (phrase, *meant):
                found.setdefault(words, tokens[at].start)
    return found
