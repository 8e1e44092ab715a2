"""Which of a product's fields a question names, by their own words or by what such fields are called in other languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path

from convagent.catalog.own_fields.abroad import meanings_of
from convagent.catalog.own_fields.vocabulary import Phrase
from convagent.catalog.own_fields.words import canonical, telling_words, tokens_of
from convagent.catalog.wishes.lexicon import LANGUAGES
from convagent.catalog.wishes.reading import language_of
from convagent.word_tables import read_table

__all__ = ["fields_named"]

_LONGEST = 4


def fields_named(text: str, names: Iterable[str], *, besides: str = "", language: str | None = None) -> tuple[str, ...]:
    """The fields whose names a text says, all words of each, the first that it says first.

    A name within the name of something else, such as a delivery address, doesn't count.

    Args:
        text: A shopper's words in English, German or French; the first 300 characters are looked at.
        names: Plain names of fields, such as "playing_time"; in whatever language the shop writes.
        besides: A text whose words tell no field, such as the product's title.
        language: Of the text; None to find out.
    """
    apart = set(canonical(besides))
    text = text[:300]
    said = _said_in(text, language if language in LANGUAGES else language_of(text))
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
def _said_in(text: str, language: str) -> dict[Phrase, int]:
    """What a text says, as it is written and as fields are called in other languages, each with its place."""
    tokens = [token for token in tokens_of(text) if not token.says_nothing]
    found: dict[Phrase, int] = {}
    for size in range(1, _LONGEST + 1):
        for at in range(len(tokens) - size + 1):
            span = tokens[at : at + size]
            if _is_of_another(text[: span[0].start], text[span[-1].end :]):
                continue
            phrase = tuple(token.key for token in span)
            for words in (phrase, *_called(phrase, language)):
                found.setdefault(words, span[0].start)
    return found


def _called(phrase: Phrase, language: str) -> Iterator[Phrase]:
    for home in LANGUAGES:
        yield from meanings_of(language, home, tables=("names",)).get(phrase, ())


def _is_of_another(before: str, behind: str) -> bool:
    """Whether words are part of a longer name: "the delivery" of "the delivery address"."""
    patterns = _another()
    return patterns[0].search(before) is not None or patterns[1].match(behind) is not None


@cache
def _another() -> tuple[re.Pattern[str], re.Pattern[str]]:
    table: dict[str, str] = read_table(Path(__file__).parent / "asked.toml")
    before, behind = ("|".join(map(re.escape, table[name].split())) for name in ("before", "behind"))
    return (
        re.compile(rf"\b(?:{before})\s+(?:de\s+(?:la\s+|l['’])?|du\s+|des\s+|d['’])$", re.IGNORECASE),
        re.compile(rf"[\s-]+(?:{behind})\b", re.IGNORECASE),
    )
