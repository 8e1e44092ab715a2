"""What came after a product that isn't sold any more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from convagent.catalog.knowing.links import what_came_after
from convagent.catalog.knowing.stock import variants_left
from convagent.facts import Product

if TYPE_CHECKING:
    from convagent.catalog.catalog import Catalog

__all__ = ["Successor", "said_successor", "successor_of"]


@dataclass(frozen=True, slots=True)
class Successor:
    """What came after a product.

    Args:
        product: It. It is sold; whether it can be bought now, `variants_left` says.
        said: Whether the shop says that it is the successor; else it is only what is nearest, to be called that.
        reasons: What speaks for it, each as "label: fact".
    """

    product: Product
    said: bool
    reasons: tuple[str, ...]


def said_successor(catalog: Catalog, product: Product) -> Product | None:
    """The successor that the shop names, the successor's own in its place where it isn't sold any more either.

    Args:
        catalog: The catalog.
        product: The product.

    Returns:
        A product that is sold (active); None where none is named, or the names lead nowhere or round in a circle.
    """
    return next((each for each in what_came_after(product, catalog.product) if each.status == "active"), None)


def successor_of(catalog: Catalog, product: Product) -> Successor | None:
    """What to show to somebody who asks for a product that isn't sold any more.

    Args:
        catalog: The catalog.
        product: The product, such as an archived one.

    Returns:
        The successor that the shop names. Else, of a product that isn't sold any more, the nearest one that can be bought,
        flagged as not said; None where there is none, and for a product that is sold and names none.
    """
    from convagent.catalog.knowing.related import near_products

    said = said_successor(catalog, product)
    if said is not None:
        return Successor(said, said=True, reasons=(f"successor: {said.title}",))
    if product.status == "active":
        return None
    for other, _, reasons in near_products(catalog, product, buyable=True):
        if variants_left(other):
            return Successor(other, said=False, reasons=reasons)
    return None
