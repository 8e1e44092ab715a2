"""What a product is called besides its title: former names ("the old Cloud Runner") and model numbers."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from convagent.catalog.attributes.fields import text_of
from convagent.facts import Product

__all__ = ["former_names", "model_numbers"]

_FIELDS = frozenset(
    "former_name former_names formerly previous_name previous_names also_known_as aka nickname nicknames replaces predecessor "
    "alter_name fruherer_name ancien_nom anciennement".split()
)
"""Attributes that hold what a product was called before, or what else it is called."""
_MODELS = frozenset(
    "model_number model_no model mpn manufacturer_part_number part_number modellnummer numero_de_modele".split()
)


@lru_cache(maxsize=5_000)
def _plain(name: str) -> str:
    letters = (sign for sign in unicodedata.normalize("NFKD", name.rpartition(".")[2].casefold()))
    return re.sub(r"[\W_]+", "_", "".join(each for each in letters if not unicodedata.combining(each))).strip("_")


def former_names(product: Product) -> tuple[str, ...]:
    """What a product was called before, or is called besides its title, as it says itself.

    Args:
        product: A product.
    """
    return _listed(product, _FIELDS)


def model_numbers(product: Product) -> tuple[str, ...]:
    """The numbers of a product's maker, as it says them itself.

    Args:
        product: A product.
    """
    return _listed(product, _MODELS)


def _listed(product: Product, fields: frozenset[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in _among(tuple(product.attributes), fields):
        found |= dict.fromkeys(
            piece.strip() for piece in re.split(r"[;,|\n]", text_of(product.attributes[name])[:1_000]) if piece.strip()
        )
    return tuple(found)


@lru_cache(maxsize=5_000)
def _among(names: tuple[str, ...], fields: frozenset[str]) -> tuple[str, ...]:
    """Which of a product's attributes are such fields: products of one kind have the same attributes."""
    return tuple(name for name in names if _plain(name) in fields)
