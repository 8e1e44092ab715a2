"""Which of some products words point at, by a word of theirs, by their kind or by whom they are for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from convagent.catalog import Catalog
from convagent.catalog.attributes.model import Audience
from convagent.catalog.traits import kinds_below
from convagent.catalog.wishes.lexicon import LANGUAGES, the_lexicon
from convagent.catalog.wishes.model import Wish
from convagent.facts import Product
from convagent.search import STOP_WORDS
from convagent.shopping.hearing import says_which

__all__ = ["described", "is_of_kind", "is_of_kind_or_narrower", "kinds_mentioned", "told_by_whom"]

_SMALL = frozenset().union(*STOP_WORDS.values()) | frozenset(
    "the and for with der die das und für mit les des une pour avec one ones".split()
)
"""Words that describe no product: "can you engrave it" speaks of no watering can."""

_YOUNG: frozenset[Audience] = frozenset({"children", "girls", "boys", "babies"})
GROWN_UP = 18 * 12
"""Months from which on nobody is a child."""


def described(text: str, shown: Sequence[Product], kinds: Sequence[str]) -> tuple[Product, ...]:
    """Those of some products that a word of theirs is said of and of no other: "the parka", "the one in brass".

    Args:
        text: A shopper's words.
        shown: The products, each once.
        kinds: Kinds that the words name, by their English names.
    """
    words = _stems(text) - _SMALL
    if kinds and len(alike := [product for product in shown if is_of_kind(product, kinds)]) == 1:
        return tuple(alike)
    # whom or what it is for is said of one that is told from the others: "the one for children"
    tagged = says_which(text)
    own = [_stems(" ".join((each.title, each.kind or "", *(each.tags if tagged else ())))) for each in shown]
    return tuple(
        product
        for place, product in enumerate(shown)
        if words & (own[place] - set().union(*(own[other] for other in range(len(own)) if other != place)) - _SMALL)
    )


def kinds_mentioned(text: str, language: str) -> tuple[str, ...]:
    """The kinds of products that a text speaks of, whether or not they are looked for: "how many letters fit on the pen?".

    Args:
        text: A shopper's words; the first 300 characters are looked at.
        language: Theirs, ISO 639-1.
    """
    met = the_lexicon().read(text[:300], (language, *(each for each in LANGUAGES if each != language)))
    return tuple(dict.fromkeys(c.name for each in met if each.head for c in each.concepts if c.sort == "kind"))


def told_by_whom(catalog: Catalog, text: str, shown: Sequence[Product], wish: Wish) -> tuple[Product, ...]:
    """The one of some products that is for whom a text says: "the one for children"; none where that tells none or several.

    Args:
        catalog: The shop's products.
        text: A shopper's words.
        shown: The products, each once.
        wish: What the words ask for.
    """
    if not says_which(text) or not (wish.audience or wish.ages):
        return ()
    young = bool(_YOUNG & set(wish.audience)) or any(age < GROWN_UP for age in wish.ages)
    found = []
    for product in shown:
        read = catalog.attributes(product.id)
        ages = [each.high for each in read.ages] if read is not None else []
        for_young = bool(ages) and all(high is not None and high <= GROWN_UP for high in ages)
        if read is not None and (
            read.audience & set(wish.audience) or (young and (for_young or read.audience & _YOUNG))
        ):
            found.append(product)
    return tuple(found) if len(found) == 1 else ()


def _stems(text: str) -> frozenset[str]:
    """Words of three letters and more without the s of their plural."""
    return frozenset(word.rstrip("s") for word in re.findall(r"[^\W\d_]{3,}", text.casefold()))


def is_of_kind(product: Product, kinds: Iterable[str]) -> bool:
    """Whether a product is of one of some kinds, by the words of its kind and title.

    Args:
        product: The product.
        kinds: English names of kinds, as a `Wish` has them.
    """
    own = f"{product.kind or ''} {product.title}".casefold()
    words = set(re.findall(r"[^\W\d_]+", own))
    return any(
        all(part in words or part.rstrip("s") in words or f"{part}s" in words for part in kind.casefold().split())
        for kind in kinds
    )


def is_of_kind_or_narrower(product: Product, kinds: Iterable[str]) -> bool:
    """Whether a product is of one of some kinds, or of a narrower one: a boot is one of the shoes.

    Args:
        product: The product.
        kinds: English names of kinds, as a `Wish` has them.
    """
    return any(is_of_kind(product, (kind, *(each.name for each in kinds_below(kind)))) for kind in kinds)
