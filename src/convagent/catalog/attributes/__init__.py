"""What a product is, in words and units that are the same for every product, with a report of what could not be read."""

from __future__ import annotations

from convagent.catalog.attributes.codes import ATTRIBUTE_CODES
from convagent.catalog.attributes.model import (
    ALLERGENS,
    AgeRange,
    Allergen,
    Allergens,
    Amount,
    AttributeProblem,
    Audience,
    Colour,
    Dimension,
    Ingredient,
    Load,
    Material,
    ProductAttributes,
    Shade,
    Side,
    Size,
    SizeSystem,
    Undertone,
)
from convagent.catalog.attributes.reading import read_attributes

__all__ = [
    "ALLERGENS",
    "ATTRIBUTE_CODES",
    "AgeRange",
    "Allergen",
    "Allergens",
    "Amount",
    "AttributeProblem",
    "Audience",
    "Colour",
    "Dimension",
    "Ingredient",
    "Load",
    "Material",
    "ProductAttributes",
    "Shade",
    "Side",
    "Size",
    "SizeSystem",
    "Undertone",
    "read_attributes",
]
