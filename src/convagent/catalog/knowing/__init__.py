"""What advising rests on: what products are to one another, and to the person who asks. Pure, given the catalog."""

from __future__ import annotations

from convagent.catalog.knowing.bought_together import BoughtTogether, bought_with
from convagent.catalog.knowing.bundles import Bundle, BundlePart, bundles_with
from convagent.catalog.knowing.comparing import ComparedRow, Comparison, compare_products
from convagent.catalog.knowing.fit_notes import FitNote, read_fit
from convagent.catalog.knowing.fitting import SIZE_REASONS, SizeAdvice, SizeReason, advise_size
from convagent.catalog.knowing.measures_said import Measures, UsualSize, read_measures
from convagent.catalog.knowing.mix_ups import MixUp, mix_ups
from convagent.catalog.knowing.related import RELATED_KINDS, RelatedKind, RelatedProduct, related_products
from convagent.catalog.knowing.safety import allergens_matter, unsafe_for
from convagent.catalog.knowing.shades import ShadeMatch, match_shades, nearest_shade, shade_of
from convagent.catalog.knowing.size_charts import SizeChart, SizeCharts, SizeRow
from convagent.catalog.knowing.stock import LOW_STOCK, low_stock, nearest_variant, variants_left
from convagent.catalog.knowing.successors import Successor, successor_of

__all__ = [
    "LOW_STOCK",
    "RELATED_KINDS",
    "SIZE_REASONS",
    "BoughtTogether",
    "Bundle",
    "BundlePart",
    "ComparedRow",
    "Comparison",
    "FitNote",
    "Measures",
    "MixUp",
    "RelatedKind",
    "RelatedProduct",
    "ShadeMatch",
    "SizeAdvice",
    "SizeChart",
    "SizeCharts",
    "SizeReason",
    "SizeRow",
    "Successor",
    "UsualSize",
    "advise_size",
    "allergens_matter",
    "bought_with",
    "bundles_with",
    "compare_products",
    "low_stock",
    "match_shades",
    "mix_ups",
    "nearest_shade",
    "nearest_variant",
    "read_fit",
    "read_measures",
    "related_products",
    "shade_of",
    "successor_of",
    "unsafe_for",
    "variants_left",
]
