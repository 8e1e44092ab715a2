"""How dressed up something is, as far as the shop's own words say: slippers don't go to a wedding."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from convagent.facts import Product
from convagent.word_tables import patterns_of, read_table

__all__ = ["dressed_for", "is_relaxed", "is_worn_at_home"]


def dressed_for(product: Product | None, said: Iterable[str]) -> bool:
    """Whether something is looked for that one dresses up for: an occasion was spoken of, or the product says that it is for one.

    Args:
        product: What it would go with; None for nothing in particular.
        said: The shopper's words.
    """
    words = _patterns()
    if any(words["occasions"].search(text) for text in said):
        return True
    return product is not None and words["dressed_up"].search(_own_words(product)) is not None


def is_relaxed(product: Product) -> bool:
    """Whether a product's kind, tags or category say that it is for home, sport, work or the rain.

    Args:
        product: The product.
    """
    return is_worn_at_home(product) or _patterns()["relaxed"].search(_own_words(product)) is not None


def is_worn_at_home(product: Product) -> bool:
    """Whether a product's kind, tags or category say that it is for home or for bed, or worn underneath.

    Args:
        product: The product.
    """
    return _patterns()["at_home"].search(_own_words(product)) is not None


def _own_words(product: Product) -> str:
    return " ; ".join((product.kind or "", *product.tags, (product.category or "").rpartition(">")[2])).replace(
        "-", " "
    )


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    return patterns_of(read_table(Path(__file__).parent / "dressing.toml"))
