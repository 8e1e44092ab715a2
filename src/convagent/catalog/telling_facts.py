"""Why a product was found: its own facts, word for word."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from convagent.catalog.choosing import is_colour_option, is_size_option
from convagent.catalog.colours import named_colours_in, plain_colours_in
from convagent.catalog.constraints import Constraints
from convagent.catalog.index import attribute_text
from convagent.facts import Product, Variant
from convagent.search import Tokeniser

__all__ = ["reasons_for"]

_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_LONGEST = 200
_NO_COLOUR = frozenset({"SKU", "Type", "Brand", "Category", "Price", "In stock"})


def reasons_for(
    product: Product,
    variant: Variant | None,
    *,
    terms: Collection[str],
    constraints: Constraints,
    tokeniser: Tokeniser,
    named_by: str | None = None,
) -> tuple[str, ...]:
    """Facts that speak for a product, each as "label: fact" with the fact as the catalog has it.

    Args:
        product: The product.
        variant: The variant that was chosen.
        terms: What was looked for, as the tokeniser gives it.
        constraints: What was demanded.
        tokeniser: The index's.
        named_by: `sku`, `handle` or `title` when the text names the product.

    Returns:
        The name first, then type, tags, brand, attributes and options with the terms, then what meets the constraints;
        a sentence of the description where it has a term that none of these has.
    """
    wanted, colours = set(terms), set(constraints.colours)
    own_colours = variant is not None and any(map(is_colour_option, variant.options))
    reasons: list[str] = []
    explained: set[str] = set()
    for label, fact, sure in _facts(product, variant, constraints=constraints, named_by=named_by):
        shared = wanted.intersection(_terms(tokeniser, fact))
        told = set() if own_colours or label in _NO_COLOUR else colours & named_colours_in(fact)
        if sure or shared or told:
            reasons.append(f"{label}: {fact}")
            explained |= shared
            colours -= told
    open_colours = set() if own_colours else colours

    def news(sentence: str) -> int:
        return len(wanted.intersection(_terms(tokeniser, sentence)) - explained) + len(
            open_colours & plain_colours_in(sentence)
        )

    sentences = [match[0].strip() for match in _SENTENCE.finditer(product.description or "")]
    telling = max((sentence for sentence in sentences if len(sentence) <= _LONGEST), key=news, default="")
    if telling and news(telling):
        reasons.append(f"Description: {telling}")
    return tuple(dict.fromkeys(reasons))


@lru_cache(maxsize=5_000)
def _terms(tokeniser: Tokeniser, text: str) -> frozenset[str]:
    """The terms of a fact: types, tags and options come again and again."""
    return frozenset(tokeniser.terms(text))


def _facts(
    product: Product, variant: Variant | None, *, constraints: Constraints, named_by: str | None
) -> Iterator[tuple[str, str, bool]]:
    """Label, fact, and whether the fact speaks for the product whatever words were used."""
    if named_by == "sku" and variant is not None and variant.sku:
        yield "SKU", variant.sku, True
    yield "Title", product.title, named_by is not None
    if product.kind:
        yield "Type", product.kind, False
    for tag in product.tags:
        yield "Tag", tag, False
    if product.vendor:
        yield "Brand", product.vendor, False
    if product.category:
        yield "Category", product.category, False
    for key, value in product.attributes.items():
        text = attribute_text(value)
        if text and len(text) <= _LONGEST:
            yield key, text, bool(constraints.colours) and is_colour_option(key)
    if variant is None:
        return
    for name, value in variant.options.items():
        of_size = bool(constraints.sizes) and is_size_option(name)
        of_colour = bool(constraints.colours or constraints.without_colours) and is_colour_option(name)
        yield name, value, of_size or of_colour
    if constraints.at_least or constraints.at_most:
        yield "Price", str(variant.price), True
    if constraints.in_stock and variant.inventory is not None:
        yield "In stock", str(variant.inventory), True
