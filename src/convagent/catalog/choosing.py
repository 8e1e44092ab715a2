"""Which variant of a product to offer: it can be bought, it meets the constraints, and it is the one that was named."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

from convagent.catalog.colours import colours_in, named_colours_in, plain_colours_in
from convagent.catalog.constraints import Constraints
from convagent.catalog.sizes import same_size
from convagent.catalog.titles import name_words
from convagent.facts import Product, Variant

__all__ = [
    "ColoursSaid",
    "choose_variant",
    "colours_of",
    "colours_said",
    "is_colour_option",
    "is_reduced",
    "is_size_option",
    "meets",
]

_COLOUR = re.compile(r"colou?r|shade|farbe|farbton|couleur|teinte", re.IGNORECASE)
_SIZE = re.compile(r"size|größe|groesse|grösse|taille", re.IGNORECASE)


@lru_cache(maxsize=1_000)
def is_colour_option(name: str) -> bool:
    """Whether an option or attribute of this name holds colours or shades."""
    return bool(_COLOUR.search(name))


@lru_cache(maxsize=1_000)
def is_size_option(name: str) -> bool:
    """Whether an option of this name holds sizes."""
    return bool(_SIZE.search(name))


def choose_variant(
    product: Product,
    constraints: Constraints,
    *,
    only_buyable: bool,
    named: Collection[str] = (),
    words: Collection[str] = (),
) -> Variant | None:
    """The variant to offer.

    Args:
        product: Its product.
        constraints: What it must be.
        only_buyable: Whether it must be one that can be bought now.
        named: Ids of variants that the customer named; they come first.
        words: The customer's words as `name_words` gives them; a variant whose options have more of them comes first.

    Returns:
        The best variant, the first in the catalog's order among equals; None when none will do.
    """
    if only_buyable and product.status != "active":
        return None
    pool = [
        variant
        for variant in product.variants
        if (variant.available or not (only_buyable or constraints.in_stock)) and meets(product, variant, constraints)
    ]
    return max(
        pool,
        key=lambda variant: (variant.id in named, _options_named(variant, words), variant.available is True),
        default=None,
    )


def meets(product: Product, variant: Variant, constraints: Constraints) -> bool:
    """Whether a variant is what the constraints demand; stock is left to the caller.

    A price in another currency than the bound's can't be compared and meets no bound; the shop's own fields count as
    `meets_demands` says. A product without an option for
    colours has those that its title, tags, attributes or description name.

    Args:
        product: The variant's product.
        variant: The variant.
        constraints: What is demanded.
    """
    low, high = constraints.at_least, constraints.at_most
    if low and (variant.price.currency != low.currency or variant.price < low):
        return False
    if high and (variant.price.currency != high.currency or variant.price > high):
        return False
    if constraints.reduced and not is_reduced(variant):
        return False
    if constraints.fields:
        from convagent.catalog.own_fields.meeting import meets_demands

        if not meets_demands(product, variant, constraints.fields):
            return False
    if constraints.sizes and not any(
        same_size(wanted, value) for wanted in constraints.sizes for value in variant.options.values()
    ):
        return False
    if not constraints.colours and not constraints.without_colours:
        return True
    asked, refused = colours_of(product, variant)
    return not refused.intersection(constraints.without_colours) and (
        not constraints.colours or bool(asked.intersection(constraints.colours))
    )


def is_reduced(variant: Variant) -> bool:
    """Whether a variant costs less than it used to."""
    before, now = variant.compare_at, variant.price
    return before is not None and before.currency == now.currency and before.minor > now.minor


class ColoursSaid(NamedTuple):
    """The colours in a product's texts.

    Attributes:
        outright: Those that it says it has.
        perhaps: Those that words of its title and tags may mean.
    """

    outright: frozenset[str]
    perhaps: frozenset[str]


def colours_of(
    product: Product, variant: Variant, *, said: ColoursSaid | None = None
) -> tuple[frozenset[str], frozenset[str]]:
    """The colours that a variant is found by, and those that it is refused for.

    Args:
        product: The variant's product, whose texts count where no option is made for colours.
        variant: The variant.
        said: What `colours_said` gave for the product, where that was asked already.
    """
    own = [colours_in(value) for name, value in variant.options.items() if is_colour_option(name)]
    if own:
        colours = own[0] if len(own) == 1 else frozenset().union(*own)
        return colours, colours
    # Metals, woods, straps and the like are colours where they are named as such.
    options = " ".join(variant.options.values())
    outright, perhaps = colours_said(product) if said is None else said
    refused = (plain_colours_in(options) if options else None) or outright
    asked = refused | perhaps
    return asked | named_colours_in(options) if options else asked, refused


def colours_said(product: Product) -> ColoursSaid:
    """The colours that a product's texts say, for one without an option for them; its description is heard last.

    Args:
        product: The product.
    """
    tags = " ".join(product.tags)
    found = plain_colours_in(product.title) | plain_colours_in(tags)
    for key, value in product.attributes.items():
        if is_colour_option(key):
            found |= colours_in(str(value))
    return ColoursSaid(
        found or plain_colours_in(product.description or ""), named_colours_in(product.title) | named_colours_in(tags)
    )


def _options_named(variant: Variant, words: Collection[str]) -> float:
    """How much of a variant's options stands in the customer's words; a single letter is no size there."""
    named = 0.0
    for value in variant.options.values():
        parts = name_words(value)
        if len("".join(parts)) > 1:
            named += sum(part in words for part in parts) / len(parts)
    return named
