"""How much of a quality products have, by what the shop says of them: the figures that "the brightest" goes by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from convagent.catalog import Catalog
from convagent.catalog.attributes.units import NUMBER, number_of, unit_of
from convagent.catalog.colours import colours_in
from convagent.catalog.knowing import shade_of
from convagent.catalog.knowing.comparison_words import label_of, price_text, value_text
from convagent.catalog.knowing.facts_read import figures_in, own_spelling, said_facts
from convagent.facts import Product, Variant
from convagent.shopping.degrees import Quality

__all__ = ["Measure", "darkness_of", "depth_of", "measured", "told_apart"]

_WITH_UNIT = re.compile(rf"(?P<number>{NUMBER})\s*(?P<unit>[^\W\d_]{{1,12}})")
_TIMES = re.compile(r"\b([0-9]{1,2})\s*[×x]\s*([0-9]+(?:[.,][0-9]+)?)")

_LIGHTNESS = {
    "white": 100, "yellow": 97, "beige": 90, "gold": 87, "pink": 84, "silver": 78, "orange": 75, "grey": 54, "red": 53,
    "green": 46, "brown": 38, "blue": 32, "purple": 30, "navy": 13, "black": 0,
}  # fmt: skip
"""How light plain colours are: L* (CIE 1976) of the colours of these names in CSS, rounded."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How much of a quality a product has.

    Attributes:
        product: The product.
        value: How much, comparable with the others of the same quality.
        key: What says it: a field's plain name.
        text: What is said, as a customer reads it.
        variant: The variant that it is said of; None for all of them.
    """

    product: Product
    value: Decimal
    key: str
    text: str
    variant: Variant | None = None

    def label(self, language: str) -> str:
        """What it is a measure of, as a customer reads it."""
        return label_of(self.key, language, own=own_spelling((self.product,), self.key))


def measured(catalog: Catalog, products: Sequence[Product], quality: Quality, *, language: str) -> tuple[Measure, ...]:
    """How much of a quality each of some products has; those that don't say are left out.

    Args:
        catalog: Theirs.
        products: The products, each once.
        quality: What is compared.
        language: Of the texts, ISO 639-1.
    """
    found = [_of(catalog, product, quality, language) for product in products]
    told = [each for each in found if each is not None]
    if quality.name == "price" and len({each.product.price.currency for each in told if each.product.price}) > 1:
        return ()
    return tuple(told)


def told_apart(measures: Sequence[Measure]) -> bool:
    """Whether measures tell products apart: there are two and more of them, and they aren't all the same."""
    return len(measures) > 1 and len({each.value for each in measures}) > 1


def depth_of(variant: Variant) -> int | None:
    """How deep a variant's shade is, 1 (fair) to 5 (deep); None where it says none."""
    shade = shade_of(variant)
    return shade.depth if shade is not None else None


def darkness_of(variant: Variant) -> int | None:
    """How dark a variant's colour is, 0 (white) to 100 (black); None where it has none that is known."""
    said = " ".join(variant.options.values())
    light = [_LIGHTNESS[name] for name in sorted(colours_in(said)) if name in _LIGHTNESS]
    return 100 - sum(light) // len(light) if light else None


def _of(catalog: Catalog, product: Product, quality: Quality, language: str) -> Measure | None:
    if quality.name == "price":
        price = product.price
        if price is None:
            return None
        return Measure(product, Decimal(price.minor), "price", price_text(price, price, language))
    if quality.sides:
        return _side(catalog, product, quality, language)
    if quality.shades or quality.colours:
        return None  # a product comes in several: variants are compared
    for name, text in said_facts(product) if quality.fields is not None else ():
        if quality.fields is not None and quality.fields.search(name) and (value := _figure(text)) is not None:
            return Measure(product, value, name, value_text(name, text, language))
    match = quality.described.search(product.description or "") if quality.described is not None else None
    if match is None:
        return None
    return Measure(product, Decimal(match["figure"].replace(",", ".")), quality.name, match[0])


def _figure(text: str) -> Decimal | None:
    """The figure of a fact: "2 × 120" is 240, "1,450 g" and "1.45 kg" are the same, of "12 h (8 with music)" the first counts."""
    if (times := _TIMES.search(text)) is not None:
        return Decimal(times[1]) * Decimal(times[2].replace(",", "."))
    match = _WITH_UNIT.search(text)
    unit = unit_of(match["unit"]) if match is not None else None
    if match is not None and unit is not None:
        number = number_of(match["number"], unit)
        return number * unit[1] if number is not None else None
    figures = figures_in(text)
    return figures[0] if figures else None


def _side(catalog: Catalog, product: Product, quality: Quality, language: str) -> Measure | None:
    """The side that a quality goes by; of any side, the longest."""
    read = catalog.attributes(product.id)
    sides = [each for each in read.dimensions if not each.part and not each.fits] if read is not None else []
    named = [(each.side or "", each.centimetres.high or each.centimetres.low) for each in sides]
    own = [length for side, length in named if length is not None and side in quality.sides]
    if not own:
        return None
    value = max(own)
    facts = dict(said_facts(product))
    key = next((name for name in (*quality.sides, "dimensions", "size") if name in facts), "dimensions")
    return Measure(product, value, key, value_text(key, facts.get(key, f"{value.normalize():f} cm"), language))
