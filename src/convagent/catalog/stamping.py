"""The stamp of a catalog's products: the same for the same products in any order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from convagent.facts import Product

__all__ = ["Stamping", "product_hash"]


def product_hash(product: Product) -> int:
    """A product's own hash; those of all are joined by exclusive or, so that one product changes it at once.

    Args:
        product: The product.
    """
    return int.from_bytes(hashlib.sha256(product.model_dump_json().encode("utf-8", "backslashreplace")).digest())


class Stamping:
    """Reckons a stamp while products are read.

    Attributes:
        stamp: Of the products that went through.
    """

    def __init__(self) -> None:
        self.stamp = 0

    def through(self, products: Iterable[Product]) -> Iterator[Product]:
        """The products, each noted in the stamp.

        Args:
            products: The products.
        """
        for product in products:
            self.stamp ^= product_hash(product)
            yield product
