"""One good question: the attribute that best splits the products that come into question, and that shoppers can tell."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from convagent.catalog.attributes.model import ProductAttributes
from convagent.catalog.own_fields.questions import AskableField
from convagent.facts import Money, Product

__all__ = ["KNOWN_BY_SHOPPERS", "OWN_FIELD", "Question", "Splitting", "best_question"]

KNOWN_BY_SHOPPERS: Mapping[str, float] = {
    "area": 0.95, "recipient": 0.95, "age": 0.9, "kind": 0.9, "budget": 0.8, "use": 0.7, "colour": 0.55, "material": 0.4,
}  # fmt: skip
"""How many shoppers can answer a question for an attribute, 0 to 1: a judgement of ours. Who it is for is always known, the
material rarely matters."""

OWN_FIELD = "field:"
"""What stands before the name of one of the shop's own fields, where that is asked for: "field:roast"."""

_OWN_KNOWN = 0.75
"""How many shoppers can answer for a field of the shop's own with few short values: most of those who came for such a thing."""

MOST_CHOICES = 4
"""Answers that are offered; what is rarer is left to the shopper's own words."""

LEAST_BITS = 0.5
"""A question that tells less isn't worth asking: half a bit is an answer that nine in ten shoppers would give alike."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question for an attribute.

    Attributes:
        attribute: One of `KNOWN_BY_SHOPPERS`, or the name of one of the shop's own fields behind `OWN_FIELD`.
        values: The commonest answers, in the catalog's words, the commonest first.
        bits: What an answer tells on average, in bits, weighted by how many shoppers can answer.
        prices: Borders of price ranges, for "budget".
    """

    attribute: str
    values: tuple[str, ...]
    bits: float
    prices: tuple[Money, ...] = ()


@dataclass(frozen=True, slots=True)
class Splitting:
    """How products are told apart by an attribute.

    Attributes:
        attribute: Its name.
        values: The values of a product; none where nobody said.
    """

    attribute: str
    values: Callable[[Product, ProductAttributes], Collection[str]]


_SPLITTINGS = (
    Splitting("area", lambda product, _: _area(product)),
    Splitting("kind", lambda product, _: (product.kind,) if product.kind else ()),
    Splitting("recipient", lambda _, read: _people(read)),
    Splitting("use", lambda _, read: sorted(read.uses)),
    Splitting("colour", lambda _, read: sorted({family for colour in read.colours for family in colour.families})),
    Splitting(
        "material", lambda _, read: sorted({material.name for material in read.materials if material.part is None})
    ),
)


def best_question(
    products: Sequence[tuple[Product, ProductAttributes, float]], *, asked: Collection[str], known: Collection[str],
    fields: Sequence[AskableField] = (),
) -> Question | None:  # fmt: skip
    """The question with the largest expected information.

    The information is the entropy of the answer, H = −Σ p log₂ p (Shannon 1948), over the products' weights, a product with
    several values lending each its share; less what products lend that say nothing of the attribute; times how many shoppers
    can answer (`KNOWN_BY_SHOPPERS`).

    Args:
        products: What comes into question: product, its attributes, its weight, above 0.
        asked: Attributes that were asked for already.
        known: Attributes that the shopper spoke of already.
        fields: The shop's own fields that can be asked for.

    Returns:
        The best question; None where none tells enough.
    """
    own = [_by_field(field) for field in fields]
    left = [each for each in (*_SPLITTINGS, *own) if each.attribute not in asked and each.attribute not in known]
    found = [question for each in left if (question := _question(each, products)) is not None]
    if "budget" not in asked and "budget" not in known and (budget := _budget(products)) is not None:
        found.append(budget)
    best = max(found, key=lambda question: (question.bits, question.attribute), default=None)
    return best if best is not None and best.bits >= LEAST_BITS else None


def _by_field(field: AskableField) -> Splitting:
    return Splitting(f"{OWN_FIELD}{field.name}", lambda product, _: field.said_by(product))


def _question(by: Splitting, products: Sequence[tuple[Product, ProductAttributes, float]]) -> Question | None:
    mass: dict[str, float] = defaultdict(float)
    total = silent = 0.0
    for product, read, weight in products:
        values = by.values(product, read)
        total += weight
        if not values:
            silent += weight
        for value in values:
            mass[value] += weight / len(values)
    if len(mass) < 2 or not total:
        return None
    told = total - silent
    bits = -sum(part / told * math.log2(part / told) for part in mass.values()) * told / total
    # what can be offered is what can be answered at a glance: kinds by the dozen are no choice
    offered = sorted(mass, key=lambda value: (-mass[value], value))[:MOST_CHOICES]
    share = sum(mass[value] for value in offered) / told
    return Question(by.attribute, tuple(offered), bits * share * KNOWN_BY_SHOPPERS.get(by.attribute, _OWN_KNOWN))


def _budget(products: Sequence[tuple[Product, ProductAttributes, float]]) -> Question | None:
    prices = sorted(price for product, _, _ in products if (price := product.price) is not None)
    if len(prices) < 3 or len({price.currency for price in prices}) > 1 or prices[-1] < prices[0] * Decimal(2):
        return None
    low, high = (_round(prices[len(prices) * third // 3]) for third in (1, 2))
    if low == high:
        return None
    return Question("budget", (), math.log2(3) * KNOWN_BY_SHOPPERS["budget"], (low, high))


def _round(price: Money) -> Money:
    """A price as people say it: 20, 30, 50, 100."""
    amount = float(price.amount)
    step = 5 if amount < 30 else 10 if amount < 100 else 25 if amount < 250 else 50
    return Money.of(max(step, round(amount / step) * step), price.currency)


def _area(product: Product) -> Collection[str]:
    """What a shopper would call the department: the first level of the category."""
    return (product.category.split(">")[0].strip(),) if product.category else ()


def _people(read: ProductAttributes) -> Collection[str]:
    return sorted(read.audience - {"unisex", "adults"})
