"""Orders and products as look-ups give them: whole, or with what nobody read left out, so that it is not known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from convagent.actions import ActionFailedError
from convagent.facts import Order, Product
from convagent.integrations.shopify.client import ShopifyClient
from convagent.integrations.shopify.paging import Reader, complete, whole
from convagent.integrations.shopify.reading import (
    gid,
    nodes,
    number_of,
    order_from,
    order_header_from,
    product_from,
)

__all__ = ["DETAILED", "LISTED", "list_orders", "order_named", "product_with_variants"]

LISTED = 50
"""Orders of a customer that are listed, the newest."""
DETAILED = 10
"""Of these, how many are read whole: each is a request of its own, and more where it is long."""

_MOST_PAGES = 10
"""Requests for the list itself: two are enough where pages are full."""


def order_named(client: ShopifyClient, number: str) -> Order | None:
    """The one order with this number, with or without its `#`, whole.

    Args:
        client: For one shop.
        number: Letters, digits and `#.-/` alone.

    Raises:
        ActionFailedError: It can't be had, or not all of it.
    """
    names = {number, f"#{number.lstrip('#')}"}
    found = client.run("FindOrder", {"query": f'name:"{number.lstrip("#")}"'})
    if not complete(found):
        raise _incomplete("more orders fit this number than are read at once")
    exact = [node for node in nodes(found) if node.get("name") in names]
    return _whole_order(client, exact[0]) if len(exact) == 1 else None


def list_orders(client: ShopifyClient, customer: str) -> tuple[Order, ...]:
    """The newest orders of a customer: the first `DETAILED` whole, the others without what `order_header_from` leaves out.

    Raises:
        ActionFailedError: One of them can't be had, or not all of one that is read whole.
    """
    query = f"customer_id:{number_of(gid('Customer', customer))}"
    found: list[Mapping[str, Any]] = []
    after: str | None = None
    for _ in range(_MOST_PAGES):
        page = client.run("FindOrders", {"query": query, "after": after})
        found += nodes(page)
        if len(found) >= LISTED or complete(page):
            break
        info = page.get("pageInfo") if isinstance(page, Mapping) else None
        after = info.get("endCursor") if isinstance(info, Mapping) else None
        if not isinstance(after, str) or not after:
            raise _incomplete(
                f"{len(found)} orders of the customer were read, and Shopify doesn't say where there are more"
            )
    else:
        raise _incomplete(f"{_MOST_PAGES} pages of orders of the customer were read, and there are more")
    newest = (_whole_order(client, each) for each in found[:DETAILED])
    return (
        *(order for order in newest if order is not None),
        *(order_header_from(each) for each in found[DETAILED:LISTED]),
    )


def product_with_variants(client: ShopifyClient, data: Mapping[str, Any], currency: str) -> Product:
    """A product with all its variants, from one that was read with the first of them.

    Raises:
        ActionFailedError: Some of them can't be had.
    """
    identifier = str(data.get("id"))
    reader = Reader(client, f"product {number_of(identifier)}")
    variants = reader.connection(data.get("variants"), "ReadVariants", identifier, "variants", "variants")
    return product_from({**data, "variants": {"nodes": variants}}, currency)


def _incomplete(told: str) -> ActionFailedError:
    return ActionFailedError(told, code="shopify-incomplete", remedy="Try again later, or look it up in Shopify.")


def _whole_order(client: ShopifyClient, data: Mapping[str, Any]) -> Order | None:
    found = client.run("ReadOrder", {"id": data.get("id")})
    return order_from(whole(client, found)) if isinstance(found, Mapping) else None
