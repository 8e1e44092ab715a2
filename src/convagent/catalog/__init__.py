"""The catalog: a shop's products, read from what the shop exports, looked up and searched.

catalog = Catalog.from_file("knowledge/catalog/products.csv", url_prefix="https://wrenfold.example/products")
for hit in catalog.search("waterproof jacket under 150", k=3):
    print(hit.product.title, hit.variant.price, hit.reasons)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from convagent.catalog.attributes import ATTRIBUTE_CODES, AttributeProblem, ProductAttributes, read_attributes
from convagent.catalog.catalog import Catalog
from convagent.catalog.changes import CatalogUpdate
from convagent.catalog.constraints import Constraints, ReadText, Vocabulary, read_constraints
from convagent.catalog.hits import ProductHit
from convagent.catalog.plain_text import html_to_text
from convagent.catalog.problems import PROBLEM_CODES, CatalogProblem
from convagent.catalog.wishes import Bound, Found, Relaxation, Wish

if TYPE_CHECKING:
    from convagent.catalog.knowing import (
        Bundle,
        Comparison,
        Measures,
        MixUp,
        RelatedProduct,
        ShadeMatch,
        SizeAdvice,
        SizeChart,
        SizeCharts,
        Successor,
        advise_size,
        bundles_with,
        compare_products,
        low_stock,
        match_shades,
        mix_ups,
        nearest_shade,
        read_measures,
        successor_of,
        unsafe_for,
        variants_left,
    )

__all__ = [
    "ATTRIBUTE_CODES",
    "PROBLEM_CODES",
    "AttributeProblem",
    "Bound",
    "Bundle",
    "Catalog",
    "CatalogProblem",
    "CatalogUpdate",
    "Comparison",
    "Constraints",
    "Found",
    "Measures",
    "MixUp",
    "ProductAttributes",
    "ProductHit",
    "ReadText",
    "RelatedProduct",
    "Relaxation",
    "ShadeMatch",
    "SizeAdvice",
    "SizeChart",
    "SizeCharts",
    "Successor",
    "Vocabulary",
    "Wish",
    "advise_size",
    "bundles_with",
    "compare_products",
    "html_to_text",
    "low_stock",
    "match_shades",
    "mix_ups",
    "nearest_shade",
    "read_attributes",
    "read_constraints",
    "read_measures",
    "successor_of",
    "unsafe_for",
    "variants_left",
]


def __getattr__(name: str) -> Any:
    """Loads what advising rests on when it is first used: a shop that only looks products up needs none of it."""
    if name not in __all__:
        raise AttributeError(f"module 'convagent.catalog' has no attribute {name!r}")
    value = getattr(import_module("convagent.catalog.knowing"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
