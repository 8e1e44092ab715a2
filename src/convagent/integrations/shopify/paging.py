"""Reads on until a list is whole: page after page by cursor, and says what is missing where that can't be done.

Nothing is ever cut short in silence. A list that Shopify gives without cursors (parcels, refunds and payments of an order)
may be longer than what came when it is just as long as was asked for, so it is asked for again at its largest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from convagent.actions import ActionFailedError
from convagent.integrations.shopify.client import ShopifyClient
from convagent.integrations.shopify.documents import LARGEST, PARCELS, REFUNDS
from convagent.integrations.shopify.reading import nodes

__all__ = ["MOST_REQUESTS", "Reader", "complete", "whole"]

MOST_REQUESTS = 60
"""Requests that reading one record on may take; an order of 500 lines in 50 parcels takes about 45."""


class Reader:
    """Reads one record on, within a number of requests.

    Args:
        client: For one shop.
        of: What is read, for messages: `order #1042`.
        most: Requests at most.
    """

    def __init__(self, client: ShopifyClient, of: str, *, most: int = MOST_REQUESTS) -> None:
        self._client, self._of, self._left = client, of, most

    def connection(self, first: Any, name: str, identifier: str, field: str, what: str) -> list[Any]:
        """All records of a connection, of which the first page is there.

        Args:
            first: The first page.
            name: The query that gives the next one, by `id` and `after`.
            identifier: The record's global id.
            field: The connection's field in what the query gives; empty where it is itself the connection.
            what: The records' name in messages: `lines`.

        Raises:
            ActionFailedError: `shopify-incomplete` when a page can't be had, or there are more than may be read.
        """
        found, page = nodes(first), _page(first)
        passed: set[str] = set()
        while page is None or page.get("hasNextPage") is not False:
            cursor = page.get("endCursor") if page else None
            if not isinstance(cursor, str) or not cursor or cursor in passed:
                raise self._incomplete(f"{len(found)} {what}", "Shopify doesn't say whether or where there are more")
            passed.add(cursor)
            payload = self._next(name, {"id": identifier, "after": cursor}, f"{len(found)} {what}")
            following = payload.get(field) if field else payload
            found, page = [*found, *nodes(following)], _page(following)
        return found

    def listed(self, first: Any, asked: int, name: str, identifier: str, field: str, what: str) -> list[Any]:
        """All records of a list without cursors, of which the first `asked` are there, if there are as many.

        Raises:
            ActionFailedError: `shopify-incomplete` when they can't be had, or there are more than one request gives.
        """
        found = _records(first)
        if len(found) < asked:
            return found
        if asked < LARGEST:
            found = _records(self._next(name, {"id": identifier}, f"{len(found)} {what}").get(field))
        if len(found) >= LARGEST:
            raise self._incomplete(f"{len(found)} {what}", f"Shopify gives no more than {LARGEST} of them")
        return found

    def parcels(self, first: Any, order: str) -> list[Any]:
        """All parcels of an order, each with all its lines.

        Raises:
            ActionFailedError: `shopify-incomplete`, as for `connection`.
        """
        begun = {each.get("id"): each.get("fulfillmentLineItems") for each in _records(first)}
        parcels: list[Any] = []
        for each in self.listed(first, PARCELS, "ReadParcels", order, "fulfillments", "parcels"):
            identifier, what = str(each.get("id")), "lines of a parcel"
            lines = begun.get(each.get("id"))
            if lines is None:
                found = self._next("ReadParcelLines", {"id": identifier, "after": None}, f"{len(parcels)} parcels")
                lines = found.get("fulfillmentLineItems")
            whole_lines = self.connection(lines, "ReadParcelLines", identifier, "fulfillmentLineItems", what)
            parcels.append({**each, "fulfillmentLineItems": {"nodes": whole_lines}})
        return parcels

    def _next(self, name: str, variables: Mapping[str, Any], read: str) -> Mapping[str, Any]:
        if self._left == 0:
            raise self._incomplete(read, "it takes too many requests")
        self._left -= 1
        try:
            payload = self._client.run(name, variables)
        except ActionFailedError as error:
            raise self._incomplete(read, error.message) from None
        if not isinstance(payload, Mapping):
            raise self._incomplete(read, "Shopify no longer knows it")
        return payload

    def _incomplete(self, read: str, why: str) -> ActionFailedError:
        return ActionFailedError(
            f"{self._of}: {read} were read and not the rest: {why}", code="shopify-incomplete",
            remedy="Try again later; where there are too many, a person looks at it in Shopify.",
        )  # fmt: skip


def whole(client: ShopifyClient, data: Mapping[str, Any]) -> dict[str, Any]:
    """An order with all its lines, parcels, refunds and returns, from one that was read with the first of each.

    Args:
        client: For one shop.
        data: What a document with `ORDER` gave.

    Raises:
        ActionFailedError: `shopify-incomplete` when something of it can't be had: what, its message says.
    """
    order = data.get("id")
    if not isinstance(order, str):
        raise ActionFailedError("Shopify gave an order without an id")
    reader = Reader(client, f"order {str(data.get('name'))[:40]}")
    lines = reader.connection(data.get("lineItems"), "ReadOrderLines", order, "lineItems", "lines")
    back = reader.connection(data.get("returns"), "ReadOrderReturns", order, "returns", "returns")
    refunds = reader.listed(data.get("refunds"), REFUNDS, "ReadRefunds", order, "refunds", "refunds")
    parcels = reader.parcels(data.get("fulfillments"), order)
    return {
        **data,
        "lineItems": {"nodes": lines},
        "returns": {"nodes": back},
        "refunds": refunds,
        "fulfillments": parcels,
    }


def complete(connection: Any) -> bool:
    """Whether a connection's first page is all of it."""
    page = _page(connection)
    return page is not None and page.get("hasNextPage") is False


def _page(connection: Any) -> Mapping[str, Any] | None:
    page = connection.get("pageInfo") if isinstance(connection, Mapping) else None
    return page if isinstance(page, Mapping) else None


def _records(found: Any) -> list[Any]:
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []
