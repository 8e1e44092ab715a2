"""A product that is named without being looked for: "insoles for my Cobble Boots", "a candle, but not the Turf Smoke"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

from convagent.catalog.hits import ProductHit
from convagent.catalog.knowing.nearness import alike_in_kind
from convagent.facts import Product
from convagent.shopping.pointing import is_of_kind_or_narrower
from convagent.word_tables import any_of, read_table

__all__ = ["is_looked_for", "is_refused", "without_it"]

_ARTICLES = frozenset("the a an and of for in to with der die das und für mit le la les et pour avec".split())


def is_looked_for(text: str, product: Product, kinds: Sequence[str]) -> bool:
    """Whether a product that is named is itself what is looked for.

    It isn't where another kind of thing is ("laces for the Cobble Boots"), nor where it is one's own or refused.

    Args:
        text: The shopper's words.
        product: What they name.
        kinds: Kinds that are looked for, by their English names.
    """
    of_its_kind = all(is_of_kind_or_narrower(product, (kind,)) for kind in kinds)
    return of_its_kind and not _stands(text, product, "refused") and not _stands(text, product, "had")


def is_refused(text: str, product: Product) -> bool:
    """Whether a text names a product only to say that it isn't wanted.

    Args:
        text: The shopper's words.
        product: What they name.
    """
    return _stands(text, product, "refused")


def without_it(hits: Sequence[ProductHit], product: Product, kinds: Sequence[str]) -> list[ProductHit]:
    """Hits without a product that isn't looked for and, where another kind is, without those like it; in their order.

    Args:
        hits: What was found.
        product: What is named.
        kinds: Kinds that are looked for, by their English names.
    """
    another = any(not is_of_kind_or_narrower(product, (kind,)) for kind in kinds)
    return [
        hit for hit in hits
        if hit.product.id != product.id and not (another and alike_in_kind(product, hit.product))
    ]  # fmt: skip


def _stands(text: str, product: Product, how: Literal["refused", "had"]) -> bool:
    """Whether the words around a product's name say that it is refused, or one's own."""
    place = _name_in(text, product)
    if place is None:
        return False
    before, after = _around()[how]
    return before.search(text[: place[0]]) is not None or after.search(text[place[1] :]) is not None


def _name_in(text: str, product: Product) -> tuple[int, int] | None:
    """Where a text names a product, by most of its title's words in a row; None where it has none of them."""
    words = [word for word in re.findall(r"[^\W_]+", product.title.casefold()) if word not in _ARTICLES]
    if not words:
        return None
    one = rf"\b(?:{'|'.join(re.escape(word) for word in words)})(?:e?s|n|en|['’]s)?\b"
    found = list(re.finditer(rf"{one}(?:[\s-]+{one})*", text, re.IGNORECASE))
    return max((match.span() for match in found), key=lambda span: span[1] - span[0], default=None)


@cache
def _around() -> Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    """What stands before and behind the name, by what it says of it."""
    table = read_table(Path(__file__).parent / "set_aside.toml")
    return {how: (any_of(each["before"]), any_of(each["after"] or [r"(?!)"])) for how, each in table.items()}
