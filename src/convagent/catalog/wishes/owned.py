"""Things that people have already, which aren't looked for: "something to waterproof my boots", "she has enough mugs"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from convagent.catalog.wishes.lexicon import Concept, Lexicon, Met, the_lexicon
from convagent.catalog.wishes.people import is_person
from convagent.search.stop_words import STOP_WORDS
from convagent.word_tables import any_of, read_table

__all__ = [
    "Owned", "aims_of", "areas", "has_enough_of_it", "is_aim", "is_owned_thing", "kinds_for", "not_also_sought",
    "read_owned", "widened",
]  # fmt: skip

_LOOKED_BACK = 120
"""Characters in front of a word that are looked at for whose it is."""


@dataclass(frozen=True, slots=True)
class Owned:
    """What a text says that people have.

    Args:
        kinds: Kinds of things that the shopper has, by their English names; they aren't looked for.
        is_for_them: Whether what is looked for is for one of these: it goes with it, or does something to it.
        enough: Kinds of which somebody has enough.
        spans: Where it stands of what somebody has enough.
    """

    kinds: tuple[str, ...] = ()
    is_for_them: bool = False
    enough: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Aim:
    """What is to be done to a thing that somebody has.

    Args:
        kinds: Kinds of products that do it, by their English names.
        by: Finds words of products that do it.
    """

    kinds: tuple[str, ...]
    by: re.Pattern[str]


def read_owned(text: str, lexicon: Lexicon, languages: Sequence[str]) -> Owned:
    """What people have of the things that a text speaks of.

    What is also looked for as such ("new boots, my old boots are worn out") is no such thing, nor what is to be replaced.

    Args:
        text: A shopper's words in English, German or French.
        lexicon: Words by what they mean.
        languages: Those that the words may be in, the likeliest first.
    """
    things = [each for each in lexicon.read(text, languages) if each.head and _kinds(each)]
    if not things:
        return Owned(spans=tuple(each.span() for each in _table()["enough_of_it"]["said"].finditer(text)))
    enough, spans = _enough(text, things)
    rest = [each for each in things if not any(start <= each.start < end for start, end in spans)]
    theirs = [each for each in rest if is_owned_thing(text, each)]
    kinds = tuple(dict.fromkeys(kind for each in theirs for kind in _kinds(each)))
    sought = [kind for each in rest if each not in theirs for kind in _kinds(each)]
    kinds = not_also_sought(kinds, sought)
    is_for_them = bool(kinds) and any(_is_what_for(text, each) for each in theirs if set(_kinds(each)) & set(kinds))
    return Owned(kinds, is_for_them, enough, spans)


def is_owned_thing(text: str, thing: Met) -> bool:
    """Whether a thing that a text speaks of is the shopper's already, so that it isn't looked for.

    Args:
        text: A shopper's words.
        thing: Where the word for it stands, and what it means.
    """
    kinds = _kinds(thing)
    if not kinds or set(kinds) <= areas():
        return False
    has, possessive = _table()["has"], _table()["possessive"]
    before, after = text[max(0, thing.start - _LOOKED_BACK) : thing.start], text[thing.end :]
    if not (_is_theirs(possessive["before"], before) or has["before"].search(before) or has["after"].search(after)):
        return False
    if has["in_mind"].match(after):
        return False
    return not _table()["replaced"][""].search(text) or bool(aims_of(text, kinds))


def has_enough_of_it(text: str) -> bool:
    """Whether somebody has enough of what was spoken of before: "but she has plenty of those".

    Args:
        text: A shopper's words; the first 1,000 characters are looked at.
    """
    return _table()["enough_of_it"]["said"].search(text[:1_000]) is not None


def aims_of(text: str, kinds: Iterable[str]) -> tuple[Aim, ...]:
    """What a text says is to be done to things of some kinds.

    Args:
        text: A shopper's words.
        kinds: The kinds of the things, by their English names.
    """
    wide = widened(kinds)
    found = (read for read in read_table(_TABLE)["aims"].values() if any_of((read["says"],)).search(text))
    return tuple(Aim(tuple(each["kinds"]) if wide & set(each["of"]) else (), any_of((each["by"],))) for each in found)


def kinds_for(text: str, met: Sequence[Met], theirs: Iterable[Met], lexicon: Lexicon) -> tuple[Concept, ...]:
    """Kinds of what is for things that somebody has, by what is to be done to them, or called after them.

    "A strap for my watch" is a watch strap.

    Args:
        text: A shopper's words.
        met: What the words mean.
        theirs: Where the words for the things stand.
        lexicon: Words by what they mean.
    """
    found: dict[Concept, None] = {}
    for thing in theirs:
        if not _is_what_for(text, thing):
            continue
        own = text[thing.start : thing.end]
        words = (text[each.start : each.end] for each in met if each.end <= thing.start)
        for phrase in [f"{own} {word}" for word in words if word.casefold() not in STOP_WORDS["en"]]:
            read = lexicon.read(phrase, ("en",))
            if len(read) == 1 and read[0].end == len(phrase):
                found |= dict.fromkeys(_concepts(read[0]))
        for aim in aims_of(text, _kinds(thing)):
            found |= dict.fromkeys(each for name in aim.kinds if (each := lexicon.kind(name)) is not None)
    return tuple(found)


def is_aim(words: str) -> bool:
    """Whether words say what is to be done to a thing: "waterproof" is no rainwear in "to waterproof my boots".

    Args:
        words: A word or two.
    """
    return any(any_of((read["says"],)).fullmatch(words) for read in read_table(_TABLE)["aims"].values())


def widened(kinds: Iterable[str]) -> frozenset[str]:
    """Kinds with all that they are a kind of: boots are shoes.

    Args:
        kinds: Their English names.
    """
    lexicon = the_lexicon()
    found: dict[str, None] = {}
    left = list(kinds)
    while left:
        name = left.pop()
        if name not in found:
            found[name] = None
            concept = lexicon.kind(name)
            left += [each.name for each in lexicon.wider(concept)] if concept is not None else []
    return frozenset(found)


def not_also_sought(owned: Iterable[str], sought: Iterable[str]) -> tuple[str, ...]:
    """Kinds that somebody has, without those that they look for another one of, be it a narrower or a wider one.

    Args:
        owned: Kinds of what they have, by their English names.
        sought: Kinds that are looked for.
    """
    wanted = frozenset(sought) - areas()
    looked_for = widened(sought)
    return tuple(each for each in dict.fromkeys(owned) if each not in looked_for and not wanted & widened((each,)))


# ---- whose it is
def _is_theirs(possessive: re.Pattern[str], before: str) -> bool:
    """Whether a possessive stands before a thing, with nothing between that makes it somebody or something else."""
    match = possessive.search(before)
    if match is None or _table()["sought"][""].search(before[: match.start()]):
        return False
    slots = {language: match[f"{language}_slot"] for language in ("en", "de", "fr") if match[language]}
    for language, slot in slots.items():
        words = slot.split()
        plain = [word.casefold() for word in words]
        if language == "de" and any(word[:1].isupper() for word in words):
            return False
        if any(word in STOP_WORDS[language] or word in _wished() or is_person(word) for word in plain):
            return False
    return True


def _is_what_for(text: str, thing: Met) -> bool:
    """Whether what is looked for is for a thing that somebody has."""
    before = text[max(0, thing.start - _LOOKED_BACK) : thing.start]
    whose = _table()["possessive"]["before"].search(before)
    purpose = _table()["purpose"]
    if whose is not None and purpose["before"].search(before[: whose.start()]):
        return True
    if whose is None and _table()["has"]["certain"].search(before):
        return True
    return purpose["anywhere"].search(text) is not None


# ---- what somebody has enough of
def _enough(text: str, things: Sequence[Met]) -> tuple[tuple[str, ...], tuple[tuple[int, int], ...]]:
    """Kinds of which somebody has enough, and where a text says so."""
    found: dict[str, None] = {}
    spans: list[tuple[int, int]] = []
    for each in things:
        if (span := _enough_around(text, each)) is not None:
            found |= dict.fromkeys(_kinds(each))
            spans.append(span)
    for clause in _table()["enough_of_it"]["said"].finditer(text):
        if any(start <= clause.start() < end for start, end in spans):
            continue
        spans.append(clause.span())
        earlier = [each for each in things if each.end <= clause.start()]
        for each in earlier:  # nothing earlier: it is said of what was spoken of in another message
            if each is earlier[-1] or _LIST.fullmatch(text[each.end : earlier[-1].start]):
                found |= dict.fromkeys(_kinds(each))
                spans.append((each.start, each.end))
    return tuple(found), tuple(sorted(spans))


def _enough_around(text: str, thing: Met) -> tuple[int, int] | None:
    """Where the words around a thing say that somebody has enough of it; None where they don't."""
    plenty, between = _table()["enough"], _table()["enough_between"]
    begin = max(0, thing.start - _LOOKED_BACK)
    before, after = text[begin : thing.start], text[thing.end :]
    lead, rest = plenty["before"].search(before), plenty["after"].search(after)
    if lead is None and rest is None:
        lead, rest = between["before"].search(before), between["after"].search(after)
        if lead is None or rest is None:
            return None
    start = begin + lead.start() if lead is not None else thing.start
    return start, thing.end + (rest.end() if rest is not None else 0)


_LIST = re.compile(
    r"\s*(?:,|&|/|\b(?:and|or|und|oder|et|ou)\b)\s*(?:(?:the|die|les|des|de|her|his)\s+)?", re.IGNORECASE
)


# ---- the words
_TABLE = Path(__file__).parent / "owned.toml"


@cache
def _table() -> Mapping[str, Mapping[str, re.Pattern[str]]]:
    """The expressions by section and name; a list by itself stands under an empty name."""
    found: dict[str, Mapping[str, re.Pattern[str]]] = {}
    for section, read in read_table(_TABLE).items():
        if isinstance(read, list):
            found[section] = {"": any_of(read)}
        elif isinstance(read, Mapping) and section != "aims":
            found[section] = {name: any_of(patterns) for name, patterns in read.items()}
    return found


@cache
def areas() -> frozenset[str]:
    """Kinds that are no single thing, such as "garden", by their English names: nobody has all of it already."""
    return frozenset(each.strip() for each in read_table(_TABLE)["areas"].split(","))


@cache
def _wished() -> frozenset[str]:
    return frozenset(read_table(_TABLE)["wished"].split())


def _kinds(thing: Met) -> tuple[str, ...]:
    return tuple(each.name for each in _concepts(thing))


def _concepts(thing: Met) -> tuple[Concept, ...]:
    return tuple(each for each in thing.concepts if each.sort == "kind")
