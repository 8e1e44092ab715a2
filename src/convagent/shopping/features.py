"""What a product has or hasn't: who asks for a sleep light isn't helped by a lamp that doesn't say that it has one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from convagent.catalog.free_of import says_it_has
from convagent.catalog.knowing.facts_read import said_facts, yes_or_no
from convagent.catalog.wishes.lexicon import the_lexicon
from convagent.facts import Product

__all__ = ["features_said", "has_feature", "with_features"]

PROVEN = frozenset(
    {
        "waterproof", "windproof", "unscented", "vegan", "decaf", "sugar-free", "dishwasher safe", "oven safe", "engraved",
        "wireless", "rechargeable", "dimmable", "foldable", "stackable", "hooded", "non-stick", "induction",
    }
)  # fmt: skip
"""Qualities that something has or hasn't, by their English names. Others, such as "warm", are a matter of more or less."""


def features_said(text: str, products: Iterable[Product], qualities: Sequence[str] = ()) -> tuple[str, ...]:
    """What a text asks for that a product may have: their tags of two words and more, and fields that say yes or no.

    Args:
        text: A shopper's words.
        products: Those that come into question.
        qualities: What else the words ask for, as a `Wish` has it.
    """
    words = _words(text)
    found: dict[str, None] = {name: None for name in qualities if name in PROVEN}
    for product in products:
        for name in _names_of(product):
            if name not in found and _stands_in(name, words):
                found[name] = None
    return tuple(found)


def has_feature(product: Product, feature: str) -> bool:
    """Whether a product says that it has something: by a tag, by a field that says yes, else in its own words.

    Args:
        product: The product.
        feature: As `features_said` names it.
    """
    if feature in {_plain(tag) for tag in product.tags}:
        return True
    answers = [yes_or_no(text) for name, text in said_facts(product) if _plain(name) == feature]
    if answers:
        return answers[0] is True
    concept = the_lexicon().concepts.get(("quality", feature))
    return concept is not None and says_it_has(product, [concept.words.get("en", ())])


def with_features(products: Sequence[Product], features: Iterable[str]) -> tuple[Product, ...]:
    """Those of some products that have everything that is asked for, as far as any of them has it.

    Args:
        products: In their order.
        features: As `features_said` names them.
    """
    left = tuple(products)
    for feature in features:
        left = tuple(each for each in left if has_feature(each, feature)) or left
    return left


@lru_cache(maxsize=5_000)
def _plain(name: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", name.casefold()))


def _names_of(product: Product) -> Iterable[str]:
    yield from (plain for tag in product.tags if " " in (plain := _plain(tag)))
    yield from (_plain(name) for name, text in said_facts(product) if yes_or_no(text) is not None and "_" in name)


def _words(text: str) -> str:
    words = (word.rstrip("s") for word in re.findall(r"[^\W_]+", text.casefold()))
    return f" {' '.join(words)} "


def _stands_in(name: str, words: str) -> bool:
    return f" {' '.join(word.rstrip('s') for word in name.split())} " in words
