"""Products side by side: what differs and matters, and what they have in common."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from convagent.catalog.knowing.comparison_words import DECISIVE, label_of, price_text, value_text
from convagent.catalog.knowing.facts_read import figures_in, own_spelling, plain_field, said_facts, yes_or_no
from convagent.catalog.knowing.stock import variants_left
from convagent.errors import CatalogError
from convagent.facts import Product

if TYPE_CHECKING:
    from convagent.catalog.catalog import Catalog

__all__ = ["ComparedRow", "Comparison", "compare_products"]

_LONGEST = 160
_SAME_WITHIN = Decimal("0.05")
"""Figures that are so close to one another, by their ratio, don't tell two products apart: 480 g and 485 g."""

_ALMOST_EQUAL = frozenset({"weight", "rating", "height", "dimensions"})


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One attribute of the products that are compared.

    Args:
        key: Its plain name, such as "battery_hours", "price", or an option's, such as "colour".
        label: What it is called, in the language.
        values: What each product has, in the products' order; None where it doesn't say.
        telling: How much it helps to choose, from 0 to 1.
    """

    key: str
    label: str
    values: tuple[str | None, ...]
    telling: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Products side by side.

    Args:
        products: In the order in which they were given.
        rows: What differs and matters, the most telling first.
        said_in_common: What all of them say, and say alike, the most telling first.
    """

    products: tuple[Product, ...]
    rows: tuple[ComparedRow, ...]
    said_in_common: tuple[ComparedRow, ...]


def compare_products(catalog: Catalog, products: Sequence[Product], *, language: str = "en") -> Comparison:
    """What tells products apart.

    A row is the more telling the more its attribute matters (`DECISIVE`), the more evenly its values part the products (their
    entropy, relative to the greatest that is possible; Shannon 1948), and the more of them say something. Products that say the
    same but for their own names, or figures within a twentieth of one another in weight, height or rating, are alike.

    Args:
        catalog: The products' catalog.
        products: Two or more; a product that is given twice counts once.
        language: Of the labels and figures: "en", "de" or "fr". The shop's own words stay as they are.

    Raises:
        CatalogError: Fewer than two products were given (`compare-few`).
    """
    del catalog  # what a product says of itself is enough; the catalog is where it would be looked up
    given = list({product.id: product for product in products}.values())
    if len(given) < 2:
        raise CatalogError(
            f"{len(given)} product can't be compared", code="compare-few", remedy="Give two products or more."
        )
    facts = [_facts(product, language) for product in given]
    keys = list(dict.fromkeys(key for each in facts for key in each))
    rows: list[ComparedRow] = []
    common: list[ComparedRow] = []
    for key in keys:
        said = [each.get(key) for each in facts]
        shown = tuple(None if each is None else _shown(key, each, language) for each in said)
        known = [each for each in shown if each is not None]
        cut = any(
            each.endswith("…") for each in known
        )  # texts that are alike as far as they are shown may differ behind it
        looks_alike = len({each.casefold() for each in known}) <= 1
        alike = _alike(key, said, given) or (looks_alike and not cut)
        label = label_of(key, language, own=own_spelling(given, key))
        row = ComparedRow(key, label, shown, _telling(key, known, alike, len(given)))
        if alike and len(known) == len(given):
            common.append(row)
        elif (
            not alike and not looks_alike
        ):  # what only one of them says is no difference: nobody knows what the others would
            rows.append(row)
    return Comparison(
        products=tuple(given),
        rows=tuple(sorted(rows, key=lambda row: -row.telling)),
        said_in_common=tuple(sorted(common, key=lambda row: -row.telling)),
    )


def _facts(product: Product, language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    variants = variants_left(product) or product.variants
    prices = [variant.price for variant in variants]
    if prices and len({price.currency for price in prices}) == 1:
        found["price"] = price_text(min(prices), max(prices), language)
    options: dict[str, dict[str, None]] = {}
    for variant in variants:
        for name, value in variant.options.items():
            options.setdefault(plain_field(name), {})[value] = None
    for name, text in said_facts(product):
        if name == "final_sale" and yes_or_no(text) is False:
            continue
        found[name] = text
    for name, values in options.items():
        found[name] = ", ".join(values)
    return found


def _alike(key: str, said: Sequence[str | None], products: Sequence[Product]) -> bool:
    known = {
        "; ".join(sorted(re.split(r"[;,] ", _without_names(each, product))))  # lists are alike in whatever order
        for each, product in zip(said, products, strict=True)
        if each is not None
    }
    if len(known) <= 1:
        return True
    if key not in _ALMOST_EQUAL:
        return False
    figures = [figures_in(each) for each in known]
    if len({len(each) for each in figures}) != 1 or not figures[0]:
        return False
    return all(max(column) - min(column) <= max(column) * _SAME_WITHIN for column in zip(*figures, strict=True))


def _without_names(text: str, product: Product) -> str:
    return re.sub(rf"{re.escape(product.title)}(?!\w)", "…", text).casefold()


def _shown(key: str, text: str, language: str) -> str:
    if key == "price":
        return text
    shown = value_text(key, text, language)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1].rsplit(' ', 1)[0]}…"


def _telling(key: str, known: Sequence[str], alike: bool, count: int) -> float:
    matters = DECISIVE.get(key, 0.9 if any(yes_or_no(each) is not None for each in known) else 0.5)
    if alike:
        return round(matters, 4)
    times = Counter(each.casefold() for each in known)
    entropy = -math.fsum(n / len(known) * math.log2(n / len(known)) for n in times.values())
    spread = entropy / math.log2(count)
    return round(matters * (0.7 + 0.3 * spread) * (0.5 + 0.5 * len(known) / count), 4)
