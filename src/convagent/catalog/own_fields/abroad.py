"""Words of one language in another, as far as names of countries and languages, colours and shoppers' common words go."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from convagent.catalog.colours import plain_colours_in
from convagent.catalog.own_fields.vocabulary import OwnVocabulary
from convagent.catalog.own_fields.words import Token, canonical
from convagent.catalog.wishes.lexicon import LANGUAGES, the_lexicon

__all__ = ["at_home"]


def at_home(text: str, tokens: Sequence[Token], vocabulary: OwnVocabulary, language: str) -> list[Token]:
    """The words of a text, those that the catalog doesn't have replaced by what they are called in its language, if it has that.

    Args:
        text: A shopper's words.
        tokens: The same, token by token.
        vocabulary: What the catalog calls its fields.
        language: Of the words.
    """
    home = vocabulary.language
    if language == home or language not in LANGUAGES or home not in LANGUAGES:
        return list(tokens)
    found: list[Token] = []
    for token in tokens:
        if token.key in vocabulary.words or not token.key.isalpha() or token.says_nothing:
            found.append(token)
            continue
        meant = next(
            (
                words
                for words in _translations(text[token.start : token.end].casefold(), language, home)
                if vocabulary.words.issuperset(words)
            ),
            (token.key,),
        )
        found += [token._replace(key=word) for word in meant]
    return found


@lru_cache(maxsize=5_000)
def _translations(word: str, language: str, home: str) -> tuple[tuple[str, ...], ...]:
    """What a word may be called in the shop's language, as it is compared."""
    found: dict[tuple[str, ...], None] = {}
    if home == "en":
        found |= dict.fromkeys((colour,) for colour in map(_single, sorted(plain_colours_in(word))) if colour)
    for met in the_lexicon().read(word, (language,)):
        for concept in met.concepts:
            found |= dict.fromkeys(canonical(each) for each in concept.words.get(home, ()))
    names = _names(language, home).get(canonical(word))
    if names:
        found[names] = None
    return tuple(each for each in found if each)


def _single(colour: str) -> str:
    words = canonical(colour)
    return words[0] if len(words) == 1 else ""


@lru_cache(maxsize=6)
def _names(language: str, home: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Countries and languages by their names in one language, with those in another (Unicode CLDR)."""
    from babel import Locale

    ours, theirs = Locale(home), Locale(language)
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for named, known in ((theirs.languages, ours.languages), (theirs.territories, ours.territories)):
        for code, name in named.items():
            if code in known and len(code) <= 3 and code.isalpha():
                found.setdefault(canonical(name), canonical(known[code]))
    return found
