"""Products by a part of their name: "the Meadow Argument" for the Meadow Argument Rug, "One S" beside "Pip One"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate

from convagent.catalog import Catalog
from convagent.catalog.knowing import MixUp, mix_ups
from convagent.catalog.knowing.candidates import candidates
from convagent.facts import Product

__all__ = ["called_alike", "called_in_part", "called_otherwise", "siblings_named"]

LONGEST = 6
"""Words of a title that are looked for in one."""

MOST_ALIKE = 3
"""Products that share a part of their names are shown; with more it is a kind rather than a name."""

_THE_ONE = re.compile(r"\bthe (?P<name>[^\W_]+(?:[-'’ ][^\W_]+){1,4}) ones?\b", re.IGNORECASE)
_THE_THING = re.compile(
    r"\b(?:the|that|this|your|das|der|die|den|dem|l[ea]|cette?|votre)\s(?P<name>[^\W_]+(?:[-'’ ][^\W_]+){1,3})",
    re.IGNORECASE,
)
PLAIN_MIX_UP = 0.6
"""From this score on, what words describe is plainly one product; the demo shop's stray matches stay below it."""

_MAX_CHARACTERS = 1_000
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*\+?")


def called_in_part(catalog: Catalog, text: str) -> tuple[Product, ...]:
    """The products that a text calls by at least two words of their name, in its order.

    The words must follow one another as in the name, be written as a name (each with a capital, or as "the second glance one")
    and stand in the name of no other product; the longest run counts, and words of a longer run don't count again.

    Args:
        catalog: The shop's products.
        text: A shopper's words; the first 1,000 characters are looked at.
    """
    if (one := _called_the_one(catalog, text)) is not None:
        return (one,)
    owners, runs = _owners_of_runs(catalog, text)
    if not owners and (one := _called_by_its_end(catalog, text)) is not None:
        return (one,)
    found: dict[int, Product] = {}
    taken: set[int] = set()
    for run in sorted(owners, key=lambda each: (-len(each), runs[each][0])):
        at, length = runs[run]
        if len(owners[run]) == 1 and taken.isdisjoint(range(at, at + length)):
            found[at] = next(iter(owners[run].values()))
        taken |= set(range(at, at + length))
    return tuple({found[at].id: found[at] for at in sorted(found)}.values())


def _called_the_one(catalog: Catalog, text: str) -> Product | None:
    """The only product whose name has the words of "the second glance one"; None for none, or for several."""
    match = _THE_ONE.search(text[:_MAX_CHARACTERS])
    if match is None:
        return None
    words = tuple(word.casefold() for word in _WORD.findall(match["name"]))
    pool = candidates(catalog, match["name"], buyable=False)
    owners = [each for each in pool if words in _runs_of(each.title)]
    return owners[0] if len(owners) == 1 else None


def _called_by_its_end(catalog: Catalog, text: str) -> Product | None:
    """The only product whose name ends in what "the retinal serum" names; None for none, or for several.

    A kind of which there are others, such as "the night cream", is no name.
    """
    for match in _THE_THING.finditer(text[:_MAX_CHARACTERS]):
        words = tuple(word.casefold() for word in _WORD.findall(match["name"]))
        pool = candidates(catalog, match["name"], buyable=False)
        for length in range(len(words), 1, -1):
            run = words[:length]
            owners = [each for each in pool if _words_of(each.title)[-length:] == run]
            alone = len(owners) == 1 and not any(
                each is not owners[0] and set(_words_of(each.kind or "")).issuperset(run) for each in pool
            )
            if alone:
                return owners[0]
    return None


def called_alike(catalog: Catalog, text: str) -> tuple[Product, ...]:
    """The few products that share a part of their names which a text says: "the Last Word"; none where one is meant.

    Args:
        catalog: The shop's products.
        text: A shopper's words; the first 1,000 characters are looked at.
    """
    owners, runs = _owners_of_runs(catalog, text)
    for run in sorted(owners, key=lambda each: (-len(each), runs[each][0])):
        there = tuple(product for product in owners[run].values() if product.status in {None, "active"})
        return there if 1 < len(there) <= MOST_ALIKE else ()
    return ()


def called_otherwise(catalog: Catalog, text: str) -> tuple[MixUp, ...]:
    """The products that a text plainly describes by what isn't in their names: "the lavender one" that is called heather.

    Args:
        catalog: The shop's products.
        text: A shopper's words.
    """
    return tuple(each for each in mix_ups(catalog, text) if each.score >= PLAIN_MIX_UP)


def _owners_of_runs(
    catalog: Catalog, text: str
) -> tuple[dict[tuple[str, ...], dict[str, Product]], dict[tuple[str, ...], tuple[int, int]]]:
    """The products that have words of a text in their names, by these words; and where in the text these stand."""
    words = _WORD.findall(text[:_MAX_CHARACTERS])
    capital = [word[:1].isupper() or word[:1].isdigit() for word in words]
    if sum(capital) < 2 or all(word.isupper() for word in words):
        return {}, {}
    plain = [word.casefold() for word in words]
    after = [*accumulate(reversed(capital), lambda run, is_capital: (run + 1) * is_capital, initial=0)][:0:-1]
    runs = {
        tuple(plain[at : at + length]): (at, length)
        for length in range(2, LONGEST + 1)
        for at, follow in enumerate(after)
        if follow >= length
    }
    if not runs:
        return {}, {}
    owners: dict[tuple[str, ...], dict[str, Product]] = {}
    for product in candidates(catalog, text[:200], buyable=False):
        kind = set(_words_of(product.kind or ""))
        for run in _runs_of(product.title):
            if run in runs and not kind.issuperset(run):
                owners.setdefault(run, {})[product.id] = product
    return owners, runs


def siblings_named(catalog: Catalog, text: str, named: Sequence[Product]) -> tuple[Product, ...]:
    """Products named, and those beside them whose name a text says without its first word: "Pip One, One S or the Duo".

    Args:
        catalog: The shop's products.
        text: A shopper's words; the first 1,000 characters are looked at.
        named: Products that it names in full.
    """
    words = _WORD.findall(text[:_MAX_CHARACTERS])
    plain = [word.casefold() for word in words]
    found: dict[int, Product] = {}
    taken: set[int] = set()
    families = {first for each in named if (first := _first(each.title))}
    pool = [each for each in candidates(catalog, text[:200], buyable=False) if _first(each.title) in families]
    for product in sorted({each.id: each for each in (*named, *pool)}.values(), key=lambda each: -len(each.title)):
        own = tuple(_words_of(product.title))
        for called in (own, own[1:]):
            at = next((at for at in _places(called, plain) if taken.isdisjoint(range(at, at + len(called)))), None)
            if called and at is not None and all(word[:1].isupper() for word in words[at : at + len(called)]):
                found[at] = product
                taken |= set(range(at, at + len(called)))
                break
    told = [found[at] for at in sorted(found)]
    return tuple({each.id: each for each in (*told, *named)}.values())


def _places(run: Sequence[str], words: Sequence[str]) -> Iterator[int]:
    return (at for at in range(len(words) - len(run) + 1) if tuple(words[at : at + len(run)]) == tuple(run))


def _first(title: str) -> str:
    """The word that a family shares, such as "pip"; none for an article or a name of one word."""
    words = _words_of(title)
    return words[0] if len(words) > 1 and len(words[0]) > 1 else ""


@lru_cache(maxsize=5_000)
def _words_of(title: str) -> tuple[str, ...]:
    words = tuple(word.casefold() for word in _WORD.findall(title))
    return words[1:] if words[:1] == ("the",) else words


@lru_cache(maxsize=5_000)
def _runs_of(title: str) -> frozenset[tuple[str, ...]]:
    return frozenset(_parts_of(_words_of(title)))


def _parts_of(words: Sequence[str]) -> Iterable[tuple[str, ...]]:
    for length in range(2, LONGEST + 1):
        for at in range(len(words) - length + 1):
            yield tuple(words[at : at + length])
