"""Qualities of more or less by what bears on them: who wants a warm hat isn't shown one of straw beside one of wool."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from convagent.catalog.hits import ProductHit
from convagent.catalog.wishes.model import Wish
from convagent.facts import Product
from convagent.word_tables import any_of, read_table

__all__ = ["by_bearing"]


def by_bearing(wish: Wish, hits: list[ProductHit]) -> list[ProductHit]:
    """Hits without those that plainly lack a quality that is wished, where others plainly have it; in their order.

    "Trousers for warm evenings" are of no warm quality: the words around it, and what is wished beside it, tell.

    Args:
        wish: What is wished by now.
        hits: What was found.
    """
    for quality in wish.qualities:
        if (bearing := _bearings().get(quality)) is None or len(hits) < 2:
            continue
        speaks, against, unless, beside = bearing
        if beside & {*wish.qualities, *wish.uses} or unless.search(wish.text):
            continue
        texts = {hit.product.id: _text(hit.product) for hit in hits}
        if any(speaks.search(text) for text in texts.values()):
            hits = [
                hit for hit in hits
                if speaks.search(texts[hit.product.id]) or not against.search(texts[hit.product.id])
            ]  # fmt: skip
    return hits


def _text(product: Product) -> str:
    """What a product is and is made of, without its description, which may speak of other seasons."""
    material = " ".join(str(value) for name, value in product.attributes.items() if "material" in name.casefold())
    return " ".join((product.title, product.kind or "", *(tag.replace("-", " ") for tag in product.tags), material))


@cache
def _bearings() -> Mapping[str, tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], frozenset[str]]]:
    """What speaks for and against a quality, and the words and qualities with which it is none of the thing."""
    table = read_table(Path(__file__).parent / "bearing.toml")
    return {
        quality: (any_of(each["for"]), any_of(each["against"]), any_of(each["unless"]), frozenset(each["beside"]))
        for quality, each in table.items()
    }
