"""Of which of the shop's own fields dearer products have more: what a better one has more of, in any trade."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from convagent.catalog.own_fields.model import FieldOrder
from convagent.catalog.own_fields.ordering import said_of, scale_of
from convagent.catalog.own_fields.vocabulary import OwnVocabulary
from convagent.facts import Product

__all__ = ["gains_in", "rising_with_price"]

_LEAST_PRODUCTS = 3
_LEAST_TAU = 0.6
"""Kendall's rank correlation (Biometrika 30, 1938: concordant less discordant pairs, of those that differ in both) from which a
field goes with the price. Set by hand."""


def rising_with_price(products: Iterable[Product], vocabulary: OwnVocabulary) -> Mapping[str, int]:
    """Fields whose figures, or places on a scale, rise (1) or fall (-1) with the price, over products of one kind.

    Args:
        products: Those of the kind; prices of one currency, others are left out by pairs.
        vocabulary: What the catalog calls its fields.

    Returns:
        The fields by name; none that fewer than three products say, or that doesn't plainly go with the price.
    """
    priced = [product for product in products if product.price is not None]
    found: dict[str, int] = {}
    for field in vocabulary.fields.values():
        if field.unit is None and not scale_of(field):
            continue
        order = FieldOrder((field.name,), "highest", field.name)
        told = [
            (product.price, said[0]) for product in priced if (said := said_of(product, order, vocabulary)) is not None
        ]
        signs = [
            ((a.minor > b.minor) - (a.minor < b.minor)) * ((x > y) - (x < y))
            for (a, x), (b, y) in combinations(told, 2)
            if a is not None and b is not None and a.currency == b.currency
        ]
        apart = [sign for sign in signs if sign]
        if (
            len(told) >= _LEAST_PRODUCTS
            and len(apart) >= _LEAST_PRODUCTS
            and abs(sum(apart)) >= _LEAST_TAU * len(apart)
        ):
            found[field.name] = 1 if sum(apart) > 0 else -1
    return found


def gains_in(
    product: Product, other: Product, rising: Mapping[str, int], vocabulary: OwnVocabulary
) -> tuple[Sequence[str], int]:
    """What another product has more of in such fields, each as "field: theirs (mine)", and in how many it has less.

    Args:
        product: A product.
        other: A dearer one.
        rising: As `rising_with_price` has it.
        vocabulary: What the catalog calls its fields.
    """
    gains, losses = [], 0
    for name, way in rising.items():
        order = FieldOrder((name,), "highest", name)
        mine, theirs = said_of(product, order, vocabulary), said_of(other, order, vocabulary)
        if mine is None or theirs is None or mine[0] == theirs[0]:
            continue
        if (theirs[0] > mine[0]) == (way > 0):
            gains.append(f"{name}: {theirs[2]} ({mine[2]})")
        else:
            losses += 1
    return gains, losses
