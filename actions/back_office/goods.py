"""What is sold, and what a line can be swapped for."""

from __future__ import annotations

from convagent.actions import action
from convagent.facts import (
    Product,
    Variant,
)

from .books import Books

__all__ = ["Goods"]


class Goods(Books):
    """Look-ups of products and variants."""

    @action(kind="lookup", provides="LineItem.product")
    def product_of_line(self, line: str) -> Product | None:
        """The product of a line of an order or subscription.

        Args:
            line: The line's id.
        """
        with self._lock:
            found = next((item for item in self._lines() if item.id == line), None)
            return None if found is None or found.product_id is None else self._sold(found.product_id)

    @action(kind="lookup")
    def other_sizes_and_colours(self, line: str) -> tuple[Variant, ...]:
        """What a line can be swapped for: the same product in one other size or one other colour, in stock.

        Args:
            line: The line's id.
        """
        with self._lock:
            item = self._line(line)
            return tuple(v for v in self._variants(item) if self._differs_once(v, item) and self._in_stock(v))

    @action(kind="lookup")
    def find_products(self, words: str) -> tuple[Product, ...]:
        """Products in stock that fit a customer's words, best first, six at most.

        Args:
            words: As the customer put it.
        """
        return tuple(hit.product for hit in self._catalog.search(words, 6))

    @action(kind="lookup")
    def variants_of(self, product: str) -> tuple[Variant, ...]:
        """All sizes, colours or shades of a product, with what is in stock now.

        Args:
            product: The product's id.
        """
        with self._lock:
            found = self._sold(product)
            return (
                ()
                if found is None
                else tuple(v.model_copy(update={"available": self._in_stock(v)}) for v in found.variants)
            )

    @action(kind="lookup")
    def shades_of(self, undertone: str, depth: str) -> tuple[Variant, ...]:
        """Shades of Even Tempered Foundation in stock with an undertone and a depth.

        Args:
            undertone: cool, warm or neutral.
            depth: fair, light, medium, tan or deep.
        """
        with self._lock:
            found = self._catalog.product("even-tempered-foundation")
            variants = found.variants if found is not None else ()
            return tuple(v for v in variants if self._in_stock(v) and f"({depth}, {undertone})" in (v.title or ""))
