"""Whether a product's variant meets what is demanded of the shop's own fields, by its own words."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from convagent.catalog.own_fields.model import FieldDemand
from convagent.catalog.own_fields.saying import said_by, said_of_variant, values_of
from convagent.catalog.own_fields.vocabulary import YES
from convagent.catalog.own_fields.words import alternatives_of, canonical, figures_of, key_of
from convagent.facts import Product, Variant

__all__ = ["holds_of", "meets_demands", "named_by", "says_anything", "says_by_name", "told_for"]

_ANYTHING = frozenset(
    map(key_of, "all any every alle jede jeder tous toutes tout universal universell universel".split())
)
_FEW = 3


def meets_demands(product: Product, variant: Variant, demands: Iterable[FieldDemand]) -> bool:
    """Whether a variant meets all demands; what is only preferred is left to ranking.

    A field that is said must say one of the values, or none of the refused ones. Of a product that says nothing in any of the
    fields its name, kind and tags count: "Decaf House Blend" is decaf. Silence meets no bound.

    Args:
        product: The variant's product.
        variant: The variant.
        demands: What is demanded.
    """
    said: dict[str, list[str]] | None = None
    for demand in demands:
        if demand.preferred:
            continue
        if said is None:
            said = {}
            for name, value in (*said_by(product), *said_of_variant(variant)):
                said.setdefault(name, []).extend(values_of(value))
        told = [value for name in demand.fields for value in said.get(name, ())]
        if any(name in said for name in demand.fields):
            if (
                holds_of(demand, told) or (bool(demand.values) and not demand.refused and any(map(says_anything, told)))
            ) == demand.refused:
                return False
        elif says_by_name(product, named_by(demand)) == demand.refused:
            return False
    return True


def holds_of(demand: FieldDemand, values: Iterable[str]) -> bool:
    """Whether one of several values is one of a demand's, or lies within its bounds.

    Args:
        demand: What is demanded; whether it is refused doesn't count here.
        values: What is said.
    """
    if demand.values:
        wanted = {canonical(value) for value in demand.values}
        return any(not wanted.isdisjoint(alternatives_of(value)) for value in values)
    return any(_lies_within(demand, value) for value in values)


@lru_cache(maxsize=20_000)
def says_anything(value: str) -> bool:
    """Whether a value stands for each one: "All", "any brand"."""
    words = canonical(value)
    return 0 < len(words) <= _FEW and words[0] in _ANYTHING


def _lies_within(demand: FieldDemand, value: str) -> bool:
    figures = figures_of(value)
    if figures is None or (demand.unit and figures.unit and figures.unit != demand.unit):
        return False
    return (demand.at_most is None or figures.low <= demand.at_most) and (
        demand.at_least is None or figures.high >= demand.at_least
    )


def told_for(product: Product, variant: Variant | None, demands: Iterable[FieldDemand]) -> tuple[str, ...]:
    """What a product says in answer to demands of its own fields, each as "field: value"; nothing of what is refused.

    Args:
        product: The product.
        variant: The variant that is offered; None for the product alone.
        demands: What is demanded, or preferred.
    """
    said = [*said_by(product), *(said_of_variant(variant) if variant is not None else ())]
    return tuple(
        dict.fromkeys(
            f"{name}: {value}"
            for demand in demands
            if not demand.refused
            for name, text in said
            if name in demand.fields
            for value in values_of(text)
            if holds_of(demand, (value,))
        )
    )


def named_by(demand: FieldDemand) -> tuple[str, ...]:
    """The words that a product's name has where it says what is demanded: the values, or the field's name for a plain yes.

    Args:
        demand: What is demanded.
    """
    said_yes = bool(demand.values) and all(canonical(value)[:1] in {(word,) for word in YES} for value in demand.values)
    return demand.fields if said_yes else demand.values


def says_by_name(product: Product, values: Iterable[str]) -> bool:
    """Whether a product's name, kind or tags have one of these values, all of its words side by side.

    Args:
        product: The product.
        values: Such as "dark", "whole beans".
    """
    texts = [canonical(text) for text in (product.title, product.kind or "", *product.tags)]
    for value in values:
        wanted = canonical(value)
        size = len(wanted)
        if wanted and any(wanted == text[at : at + size] for text in texts for at in range(len(text) - size + 1)):
            return True
    return False
