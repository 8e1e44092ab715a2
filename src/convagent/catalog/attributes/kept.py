"""Attributes that were read lately, so that a product which is asked about again isn't read again."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from convagent.catalog.attributes.model import ProductAttributes
from convagent.catalog.attributes.reading import read_attributes
from convagent.facts import Product

__all__ = ["KeptAttributes"]

MOST_KEPT = 5_000
"""Products whose attributes are kept; beyond it the one that was asked for longest ago goes."""


class KeptAttributes:
    """The attributes of products by id. Safe to share between threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[Product, ProductAttributes]] = OrderedDict()
        self._lock = Lock()

    def of(self, product: Product) -> ProductAttributes:
        """A product's attributes, read again when it is another than before."""
        with self._lock:
            held = self._kept.get(product.id)
        if held is not None and (held[0] is product or held[0] == product):
            return held[1]
        read = read_attributes(product)
        with self._lock:
            self._kept[product.id] = (product, read)
            self._kept.move_to_end(product.id)
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return read
