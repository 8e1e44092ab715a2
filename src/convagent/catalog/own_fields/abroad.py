"""Words of one language in another: what product data are called (`abroad.toml`), names of countries and languages, colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from convagent.catalog.colours import plain_colours_in
from convagent.catalog.own_fields.vocabulary import OwnVocabulary, Phrase
from convagent.catalog.own_fields.words import Token, canonical
from convagent.catalog.wishes.lexicon import LANGUAGES, the_lexicon
from convagent.word_tables import read_table

__all__ = ["at_home", "called_at_home", "called_in", "meanings_of"]

_UNDERSTOOD = ("names", "values", "kinds")
"""The tables of words by which product data are understood; what may be said stands apart from them."""

_LONGEST = 4
_SHORTEST_HEAD, _SHORTEST_FIRST = 4, 3


def at_home(text: str, tokens: Sequence[Token], vocabulary: OwnVocabulary, language: str) -> list[Token]:
    """The words of a text, those that the catalog doesn't have replaced by what they are called in its language, if it has that.

    Args:
        text: A shopper's words.
        tokens: The same, token by token.
        vocabulary: What the catalog calls its fields.
        language: Of the words.
    """
    home = vocabulary.language
    if language not in LANGUAGES or home not in LANGUAGES:
        return list(tokens)
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        for size in range(min(_LONGEST, len(tokens) - at), 0, -1):
            phrase = tuple(token.key for token in tokens[at : at + size])
            if (size == 1 and tokens[at].says_nothing) or vocabulary.words.issuperset(phrase):
                continue
            if (meant := called_at_home(phrase, vocabulary, language)) is not None:
                span = tokens[at].start, tokens[at + size - 1].end
                found += [Token(word, *span) for word in meant]
                at += size
                break
        else:
            found += _one_at_home(text, tokens[at], vocabulary, language)
            at += 1
    return found


def called_at_home(phrase: Phrase, vocabulary: OwnVocabulary, language: str) -> Phrase | None:
    """What the catalog calls what words mean by which product data are called elsewhere; None where it has no such words.

    Of a German compound that isn't known, its last part counts: "Hauskatze" is a cat.

    Args:
        phrase: The words, as they are compared.
        vocabulary: What the catalog calls its fields.
        language: Of the words.
    """
    home = vocabulary.language
    known = vocabulary.words
    meant = meanings_of(language, home)
    found = next((words for words in meant.get(phrase, ()) if known.issuperset(words)), None)
    if found is None and language == "de" and len(phrase) == 1 and phrase not in meant:
        found = next((words for words in _heads_of(phrase[0], home) if known.issuperset(words)), None)
    return None if found == phrase else found


@lru_cache(maxsize=5_000)
def _heads_of(word: str, home: str) -> tuple[Phrase, ...]:
    """What the longest last part of a German compound means, of those that are known."""
    meant = meanings_of("de", home)
    for start in range(_SHORTEST_FIRST, len(word) - _SHORTEST_HEAD + 1):
        if (word[start:],) in meant:
            return meant[(word[start:],)]
    return ()


@cache
def meanings_of(
    language: str, home: str, *, tables: tuple[str, ...] = _UNDERSTOOD
) -> Mapping[Phrase, tuple[Phrase, ...]]:
    """What product data are called in one language, with what they are called in another; in the same one, its synonyms.

    Args:
        language: One of `LANGUAGES`.
        home: Another, or the same.
        tables: Of what: "names" of fields, "values", "kinds" of products.
    """
    read: Mapping[str, Sequence[str]] = read_table(Path(__file__).parent / "abroad.toml")
    found: dict[Phrase, dict[Phrase, None]] = {}
    for row in (row for name in tables for row in read[name]):
        said = dict(zip(("en", "de", "fr"), (part.split(",") for part in row.split(" / ")), strict=True))
        for word in said[language]:
            found.setdefault(canonical(word), {}).update(dict.fromkeys(map(canonical, said[home])))
    return {phrase: tuple(meant) for phrase, meant in found.items()}


def called_in(name: str, language: str) -> str:
    """A field's name in a language, where there is one that is right in any trade; else as it stands.

    Words by which fields are only understood aren't said: "scale" is met by "Mensur", but a model train has none.

    Args:
        name: As the shop writes it, in whatever language.
        language: One of `LANGUAGES`.
    """
    return _spellings(language).get(canonical(name)) or name


@cache
def _spellings(language: str) -> Mapping[Phrase, str]:
    """The first word of each row of what is said in a language, by its sure words in all; empty for those of that language."""
    read: Mapping[str, Sequence[str]] = read_table(Path(__file__).parent / "abroad.toml")
    found: dict[Phrase, str] = {}
    for row in read["said"]:
        said = dict(zip(("en", "de", "fr"), (part.split(",") for part in row.split(" / ")), strict=True))
        if language in said:
            for own, words in said.items():
                for word in words:  # what is of that language already stays as it is
                    if "(" not in word:
                        found.setdefault(canonical(word), "" if own == language else said[language][0].strip(" ()"))
    return found


def _one_at_home(text: str, token: Token, vocabulary: OwnVocabulary, language: str) -> list[Token]:
    """One word as the catalog calls it, by what shoppers' common words mean; itself where it has none for it."""
    home = vocabulary.language
    if language == home or token.key in vocabulary.words or not token.key.isalpha() or token.says_nothing:
        return [token]
    meant = next(
        (
            words
            for words in _translations(text[token.start : token.end].casefold(), language, home)
            if vocabulary.words.issuperset(words)
        ),
        (token.key,),
    )
    return [token._replace(key=word) for word in meant]


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
