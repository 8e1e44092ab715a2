"""Products by the hundred thousand, made from the demo shop's: same kinds of texts, options and attributes, other products.

Each is one of the demo shop's products under a new name, with sentences of its siblings, other colours, prices, stock and
attributes. The same number and seed give the same products.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from convagent.catalog import Catalog
from convagent.facts import Money, Product, Variant

__all__ = ["made_products", "made_queries"]

DEMO = Path(__file__).parents[1] / "knowledge" / "catalog" / "products.csv"
FIRST = (
    "Patient Quiet Northern Second Early Late Borrowed Honest Distant Gentle Stubborn Weekday Winter Harbour Orchard "
    "Meadow Lantern Pebble Copper Feather Juniper Thistle Ember Willow Tidal Velvet Cedar Clover Dapple Frost"
).split()
SECOND = (
    "Hour Path Window Letter Corner Crossing Table Shelf Evening Morning Sunday Garden River Ferry Signal Paper "
    "Button Almanac Ladder Compass Kettle Walk Bridge Station Parade Holiday Harvest Chapter"
).split()
COLOURS = (
    "Black White Navy Moss Sand Charcoal Rust Cream Olive Burgundy Teal Lavender Grey Red Blue Green Mustard".split()
)
WANTS = (
    "{kind}", "{colour} {kind}", "{kind} under {price}", "{kind} in {colour} under {price}", "{kind} not black in stock",
    "{tag} {kind}", "{tag} {kind} under {price} in stock", "something {tag} as a present around {price}",
    "{kind} in size M", "waterproof {kind} under {price} in stock in L, not {colour}",
)  # fmt: skip


@lru_cache(maxsize=1)
def _demo() -> tuple[Product, ...]:
    return tuple(
        product for product in Catalog.from_file(DEMO).products if product.status == "active" and product.variants
    )


def made_products(number: int, *, seed: int = 8) -> Iterator[Product]:
    """So many products, one after the other.

    Args:
        number: How many.
        seed: Of the chance that makes them.
    """
    chance = random.Random(seed)
    demo = _demo()
    by_kind: dict[str, list[Product]] = defaultdict(list)
    for product in demo:
        by_kind[product.kind or ""].append(product)
    sentences = {
        kind: [each for product in products for each in re.split(r"(?<=[.!?])\s+", product.description or "") if each]
        for kind, products in by_kind.items()
    }
    for at in range(number):
        pattern = demo[chance.randrange(len(demo))]
        sibling = chance.choice(by_kind[pattern.kind or ""])
        name = f"The {chance.choice(FIRST)} {chance.choice(SECOND)} {pattern.kind or 'Thing'} {at}"
        handle = f"{name.lower().replace(' ', '-')}"
        told = sentences[pattern.kind or ""]
        factor = chance.uniform(0.5, 2.0)
        renamed = dict(zip(COLOURS, chance.sample(COLOURS, len(COLOURS)), strict=True))
        variants = []
        for place, variant in enumerate(pattern.variants):
            options = {key: renamed.get(value, value) for key, value in variant.options.items()}
            pieces = chance.choice((0, 0, 1, 3, 12, 80))
            variants.append(
                Variant(
                    id=f"{handle}:{place}",
                    sku=f"M{at}-{place}",
                    title=" / ".join(options.values()) or None,
                    options=options,
                    price=Money(minor=max(100, round(variant.price.minor * factor)), currency=variant.price.currency),
                    compare_at=variant.compare_at,
                    inventory=pieces,
                    available=pieces > 0,
                    weight_grams=variant.weight_grams,
                )
            )
        yield Product(
            id=handle,
            title=name,
            handle=handle,
            vendor=sibling.vendor,
            kind=pattern.kind,
            category=pattern.category,
            description=" ".join(chance.sample(told, min(len(told), chance.randint(2, 4)))),
            tags=tuple(dict.fromkeys((*pattern.tags, *sibling.tags))),
            status="active",
            options=pattern.options,
            attributes={key: sibling.attributes.get(key, value) for key, value in pattern.attributes.items()},
            variants=tuple(variants),
        )


def made_queries(number: int, *, seed: int = 9) -> list[str]:
    """So many customers' wishes, most of them with demands.

    Args:
        number: How many.
        seed: Of the chance that makes them.
    """
    chance = random.Random(seed)
    demo = _demo()
    out = []
    for _ in range(number):
        product = chance.choice(demo)
        out.append(
            chance.choice(WANTS).format(
                kind=(product.kind or "gift").lower(),
                colour=chance.choice(COLOURS).lower(),
                price=chance.choice((25, 40, 60, 100, 150, 250)),
                tag=chance.choice(product.tags or ("nice",)),
            )
        )
    return out
