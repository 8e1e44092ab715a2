"""The catalog: a shop's products, read from what the shop exports, looked up and searched.

catalog = Catalog.from_file("knowledge/catalog/products.csv", url_prefix="https://wrenfold.example/products")
for hit in catalog.search("waterproof jacket under 150", k=3):
    print(hit.product.title, hit.variant.price, hit.reasons)
"""

from __future__ import annotations

from convagent.catalog.attributes import ATTRIBUTE_CODES, AttributeProblem, ProductAttributes, read_attributes
from convagent.catalog.catalog import Catalog
from convagent.catalog.changes import CatalogUpdate
from convagent.catalog.constraints import Constraints, ReadText, Vocabulary, read_constraints
from convagent.catalog.hits import ProductHit
from convagent.catalog.plain_text import html_to_text
from convagent.catalog.problems import PROBLEM_CODES, CatalogProblem

__all__ = [
    "ATTRIBUTE_CODES",
    "PROBLEM_CODES",
    "AttributeProblem",
    "Catalog",
    "CatalogProblem",
    "CatalogUpdate",
    "Constraints",
    "ProductAttributes",
    "ProductHit",
    "ReadText",
    "Vocabulary",
    "html_to_text",
    "read_attributes",
    "read_constraints",
]
