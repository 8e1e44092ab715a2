"""Which of the shop's kinds of products a text looks for, in the shop's own words and in those that mean the same."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from convagent.catalog.own_fields.abroad import called_at_home
from convagent.catalog.own_fields.vocabulary import OwnVocabulary
from convagent.catalog.own_fields.words import Token, canonical, key_of
from convagent.catalog.wishes.circumstances import is_owned
from convagent.catalog.wishes.lexicon import LANGUAGES, the_lexicon
from convagent.search.written_words import written_words

__all__ = ["Sought", "sought_kinds"]

_LONGEST = 4
_COMPOUNDING = frozenset({"de", "nl", "sv", "da", "nb", "nn", "no"})
_SHORTEST_HEAD, _SHORTEST_FIRST = 4, 3
_LINKS = ("", "s", "n", "en", "es", "er", "e")
_CUT = re.compile(
    r"\b(?:with|without|that|which|for|from|mit|ohne|für|aus|von|zum|zur|avec|sans|pour|de|du|des|qui)\b|[.!?;]",
    re.IGNORECASE,
)
_THEIRS = re.compile(
    r"\b(?:my|our|his|her|their|mein\w*|unser\w*|sein(?:e[nmrs]?)?|ihr(?:e[nmrs]?)?|mon|ma|mes|notre|nos|son|sa|ses|leurs?)\s+"
    r"(?:[^\W\d_]+\s+)?$",
    re.IGNORECASE,
)
"""What stands before a thing that somebody has: it goes with what is looked for, and isn't it."""


@dataclass(frozen=True, slots=True)
class Sought:
    """Kinds that are looked for.

    Args:
        kinds: As the shop writes them; empty where none is named.
        words: The words that name them, as they are compared.
        heads: Places of tokens that name a kind by themselves.
        protected: Places of tokens of kinds with several words, in which no value is meant, each with the first and the last of
            its kind: "filter papers", "lip gloss".
        named: Whether the shop's own words name them.
        exactly: Those that are named in full, and in the shop's language.
        sold: Names of the kinds that shoppers call by the same words as some products of the catalog.
        has_colours: Whether a colour may be wished of these kinds; unknown counts as yes.
    """

    kinds: tuple[str, ...]
    words: frozenset[str]
    heads: frozenset[int]
    protected: dict[int, tuple[int, int]]
    named: bool
    exactly: tuple[str, ...]
    sold: frozenset[str]
    has_colours: bool


def _is_who_does_it(word: str, kind: str) -> bool:
    """Whether one is what the other does: "trains" are no trainers, and toast is no toaster. Keys don't tell them apart."""
    ends = [each.casefold().removesuffix("s").endswith("er") for each in (word, kind.rsplit(maxsplit=1)[-1])]
    return ends[0] is not ends[1]


@lru_cache(maxsize=64)
def _concepts_of(kinds: tuple[str, ...], language: str) -> dict[str, tuple[str, ...]]:
    """For each kind that shoppers have words for the shop's kinds that are called so."""
    from convagent.catalog.reading_traits import kinds_of_words

    found: dict[str, dict[str, None]] = {}
    for kind in kinds:
        for name in kinds_of_words(kind, language):
            found.setdefault(name, {})[kind] = None
    return {name: tuple(of) for name, of in found.items()}


def sought_kinds(text: str, tokens: Sequence[Token], vocabulary: OwnVocabulary, language: str) -> Sought:
    """The kinds that a text looks for.

    Of kinds that stand side by side the last one is meant ("chain lock"), in French the first; what follows a preposition is
    not looked for where a kind stands before it.

    Args:
        text: A shopper's words.
        tokens: Its words.
        vocabulary: The shop's kinds.
        language: Of the words.
    """
    keys = [token.key for token in tokens]
    mentions: list[tuple[int, int, tuple[str, ...]]] = []
    at = 0
    while at < len(keys):
        for size in range(min(_LONGEST, len(keys) - at), 0, -1):
            phrase = tuple(keys[at : at + size])
            found = vocabulary.kinds.get(phrase) or (_by_head(vocabulary, phrase[0], language) if size == 1 else ())
            written = text[tokens[at].start : tokens[at].end]
            if size == 1 and language == vocabulary.language == "en" and key_of(written) == keys[at]:
                found = tuple(kind for kind in found if not _is_who_does_it(written, kind))
            if found:
                mentions.append((at, at + size - 1, tuple(found)))
                at += size
                break
        else:
            at += 1
    sold = _concepts_of(vocabulary.names_of_kinds, language)
    named = bool(mentions)
    if not mentions:
        mentions = _by_meaning(text, tokens, sold, language)
    protected = _in_phrases(text, tokens, language)
    for first, last, _ in mentions if named else ():
        if last > first:
            protected |= dict.fromkeys(range(first, last + 1), (first, last))
    first_only = language == "fr"
    kept = []
    for number, mention in enumerate(mentions):
        beside = number + 1 < len(mentions) and mentions[number + 1][0] == mention[1] + 1
        behind = number > 0 and mentions[number - 1][1] == mention[0] - 1
        if not (behind if first_only else beside):
            kept.append(mention)
    others = [each for each in kept if not _is_theirs(text[: tokens[each[0]].start])]
    kept = others or kept
    if kept:
        begins = tokens[kept[0][1]].end
        cut = next((match.start() for match in _CUT.finditer(text, begins)), len(text))
        kept = [each for each in kept if tokens[each[0]].start < cut]
    kinds = tuple(dict.fromkeys(kind for _, _, found in kept for kind in found))
    return Sought(
        kinds=kinds,
        words=frozenset(keys[place] for first, last, _ in kept for place in range(first, last + 1)),
        heads=frozenset(first for first, last, _ in kept if named and first == last),
        protected=protected,
        named=named,
        exactly=tuple(
            dict.fromkeys(
                kind
                for mention in kept
                for kind in mention[2]
                if named and _is_exact(text, tokens, vocabulary, mention, sold, language)
            )
        ),
        sold=frozenset(sold),
        has_colours=_has_colours(vocabulary, kinds),
    )


def _is_of_the_shop(text: str, token: Token, language: str) -> bool:
    """Whether a word tells something, and isn't one that any shopper has words for: "strings", but neither "can" nor "light"."""
    own = language if language in LANGUAGES else "en"
    return not token.says_nothing and not the_lexicon().knows(text[token.start : token.end], own)


def _is_theirs(before: str) -> bool:
    return is_owned(before) or _THEIRS.search(before) is not None


def _is_exact(
    text: str,
    tokens: Sequence[Token],
    vocabulary: OwnVocabulary,
    mention: tuple[int, int, tuple[str, ...]],
    sold: Collection[str],
    language: str,
) -> bool:
    """Whether a kind is named by all of its words, by the last one, or by what such products are called in other languages.

    What any shopper has words for is left to these.
    """
    words = tokens[mention[0] : mention[1] + 1]
    phrase = tuple(token.key for token in words)
    is_named = phrase in vocabulary.kinds or (
        len(words) == 1
        and (
            bool(_of_compound(vocabulary, words[0].key, vocabulary.language))
            or (_is_of_the_shop(text, words[0], language) and bool(_by_head(vocabulary, words[0].key, language)))
        )
    )
    as_written = all(key_of(text[token.start : token.end]) == token.key for token in words)
    written = canonical(text[words[0].start : words[-1].end])
    abroad = not as_written and called_at_home(written, vocabulary, language) is not None
    if not ((is_named and as_written) or abroad):
        return False
    met = the_lexicon().read(text[words[0].start : words[-1].end], LANGUAGES)
    return not any(concept.sort == "kind" and concept.name in sold for each in met for concept in each.concepts)


def _in_phrases(text: str, tokens: Sequence[Token], language: str) -> dict[int, tuple[int, int]]:
    """Places in phrases that mean a kind to any shopper."""
    own = language if language in LANGUAGES else "en"
    found: dict[int, tuple[int, int]] = {}
    for met in the_lexicon().read(text, (own,)):
        if any(concept.sort == "kind" for concept in met.concepts):
            places = [place for place, token in enumerate(tokens) if met.start <= token.start < met.end]
            if len(places) > 1:
                found |= dict.fromkeys(places, (places[0], places[-1]))
    return found


def _by_head(vocabulary: OwnVocabulary, word: str, language: str) -> tuple[str, ...]:
    """Kinds of several words that are called by the last one: "tube" is an inner tube; and what a compound is one of."""
    return vocabulary.kinds_ending_in.get(word) or _of_compound(vocabulary, word, language)


def _of_compound(vocabulary: OwnVocabulary, word: str, language: str) -> tuple[str, ...]:
    """The kinds that a compound is one of ("Fahrradschloss" is a Schloss), else those that are one of what the word says.

    Args:
        vocabulary: The shop's kinds.
        word: As it is compared.
        language: Of the words; only of some languages compounds are one word.
    """
    if language not in _COMPOUNDING or len(word) < _SHORTEST_HEAD or not word.isalpha() or word in vocabulary.words:
        return ()  # "Taschenbuch" may be what a field of books says
    single = vocabulary.kinds_of_one_word
    heads = [
        (key, kinds)
        for key, kinds in single
        if len(key) >= _SHORTEST_HEAD and word.endswith(key) and _is_one_of(word, key)
    ]
    if heads:
        longest = max(len(key) for key, _ in heads)
        return tuple(kind for key, kinds in heads if len(key) == longest for kind in kinds)
    return tuple(kind for key, kinds in single if key.endswith(word) and _is_one_of(key, word) for kind in kinds)


@lru_cache(maxsize=10_000)
def _is_one_of(compound: str, head: str) -> bool:
    """Whether a word that ends so is a compound of another word and this head: "versicherungspflicht" is no light."""
    first = compound[: -len(head)]
    if len(first) < _SHORTEST_FIRST:
        return False
    own = written_words()
    parts = {first.removesuffix(link) for link in _LINKS if first.endswith(link)}
    return any(
        len(part) >= _SHORTEST_FIRST
        and (part in own or f"{part}e" in own or f"{part}en" in own or the_lexicon().knows(part, "de"))
        for part in parts
    )


def _by_meaning(
    text: str, tokens: Sequence[Token], sold: dict[str, tuple[str, ...]], language: str
) -> list[tuple[int, int, tuple[str, ...]]]:
    """Kinds by other words for the same: "Kaffee" in an English shop."""
    own = language if language in LANGUAGES else "en"
    found = []
    for met in the_lexicon().read(text, (own, *(each for each in LANGUAGES if each != own))):
        kinds = tuple(
            dict.fromkeys(
                kind for concept in met.concepts if concept.sort == "kind" for kind in sold.get(concept.name, ())
            )
        )
        places = [place for place, token in enumerate(tokens) if met.start <= token.start < met.end]
        if kinds and places and met.head:
            found.append((places[0], places[-1], kinds))
    return found


def _has_colours(vocabulary: OwnVocabulary, kinds: Sequence[str]) -> bool:
    return not kinds or bool(vocabulary.coloured & set(kinds))
