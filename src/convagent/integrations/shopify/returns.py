"""Returns and exchanges of pieces of lines: opened, and processed when the goods are back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from convagent.actions import ActionUncertainError
from convagent.actions.http.run import ServiceRefusedError
from convagent.facts import Money, Order
from convagent.integrations.shopify.client import ShopifyClient
from convagent.integrations.shopify.paging import Reader, complete
from convagent.integrations.shopify.reading import gid, nodes, number_of, shopify_id
from convagent.integrations.shopify.refunds import parents_for

__all__ = ["Disposition", "make_return", "process"]

Disposition = Literal["restocked", "not restocked", "needs work", "missing"]
_DISPOSITIONS = {
    "restocked": "RESTOCKED", "not restocked": "NOT_RESTOCKED", "needs work": "PROCESSING_REQUIRED", "missing": "MISSING",
}  # fmt: skip
_NOTE = 255
"""Letters of a return reason's note, by the documentation."""


def make_return(
    client: ShopifyClient, order: Order, pieces: Mapping[str, int], *, reason: str, handle: str = "",
    variants: Mapping[str, int] | None = None,
) -> Mapping[str, Any]:  # fmt: skip
    """Opens a return of pieces of lines, over all parcels that they came in; with variants, an exchange for them.

    Args:
        client: For one shop.
        order: The order.
        pieces: How many of each line.
        reason: In the customer's words.
        handle: Of one of Shopify's standard reasons, such as `too-small`; empty for another reason, which the words tell.
        variants: What takes their place, and how many of each.

    Raises:
        ServiceRefusedError: So many pieces can't be returned, there is no such reason, or Shopify refuses.
        ActionUncertainError: It is not known whether it was opened.
    """
    why = _reason(client, reason, handle)
    left, lines = dict(pieces), []
    reader, identifier = Reader(client, f"order {order.id}"), shopify_id(order)
    first = client.run("ReadReturnable", {"id": identifier, "after": None})
    for parcel in reader.connection(first, "ReadReturnable", identifier, "", "parcels to return from"):
        inside = reader.connection(
            parcel.get("returnableFulfillmentLineItems"), "ReadReturnableLines", str(parcel.get("id")),
            "returnableFulfillmentLineItems", "lines of a parcel",
        )  # fmt: skip
        for each in inside:
            part = each["fulfillmentLineItem"]
            item = number_of(part["lineItem"]["id"])
            count = min(left.get(item, 0), each["quantity"])
            if count > 0:
                lines.append({"fulfillmentLineItemId": part["id"], "quantity": count, **why})
                left[item] -= count
    short = next((item for item, count in left.items() if count), None)
    if short is not None:
        possible = pieces[short] - left[short]
        raise ServiceRefusedError(f"{possible} of line {short} can be returned, not {pieces[short]}")
    given: dict[str, Any] = {"orderId": shopify_id(order), "returnLineItems": lines}
    if variants:
        given["exchangeLineItems"] = [
            {"variantId": gid("ProductVariant", variant), "quantity": count} for variant, count in variants.items()
        ]
    payload = client.run("CreateReturn", {"returnInput": given}).get("return")
    if not isinstance(payload, Mapping):
        raise ActionUncertainError("Shopify said nothing of the return")
    return payload


def process(
    client: ShopifyClient, order: Order, number: str, *, disposition: Disposition, location: str | None,
    amount: Money | None, note: str, notify: bool,
) -> Mapping[str, Any]:  # fmt: skip
    """Books a return whose goods are back: where each piece goes, what is paid back; what was exchanged for may be sent.

    What is booked can't be booked again: it is no longer processable, so that the same call again is refused.

    Args:
        client: For one shop.
        order: Whose return it is.
        number: The return's.
        disposition: What becomes of the pieces.
        location: Where they go; needed for what is restocked, refused for what is not.
        amount: Paid back to what was paid with, the earliest payment first; nothing when None.
        note: For the shop.
        notify: Whether Shopify writes to the customer.

    Raises:
        ServiceRefusedError: It is not an open return of this order, nothing of it is left to book, or Shopify refuses.
        ActionUncertainError: It is not known whether it was booked.
    """
    if (location is not None) != (disposition == "restocked"):
        raise ServiceRefusedError("what is restocked goes to a location, and nothing else does")
    found = client.run("ReadReturn", {"id": gid("Return", number)})
    if not isinstance(found, Mapping) or (found.get("order") or {}).get("id") != shopify_id(order):
        raise ServiceRefusedError("the order has no such return")
    if found.get("status") != "OPEN":
        raise ServiceRefusedError(f"the return is {str(found.get('status')).lower()}")
    groups = nodes(found.get("reverseFulfillmentOrders"))
    parts = (found.get("returnLineItems"), found.get("exchangeLineItems"), found.get("reverseFulfillmentOrders"))
    if not all(complete(each) for each in (*parts, *(group.get("lineItems") for group in groups))):
        raise ServiceRefusedError("the return has more lines than are read at once; a person must book it")
    reverse = {
        (line.get("fulfillmentLineItem") or {}).get("id"): line["id"]
        for group in groups
        for line in nodes(group.get("lineItems"))
    }
    lines = [_booked(line, reverse, disposition, location) for line in _processable(found.get("returnLineItems"))]
    swapped = [
        {"id": line["id"], "quantity": line["processableQuantity"]}
        for line in _processable(found.get("exchangeLineItems"))
    ]
    if not lines and not swapped:
        raise ServiceRefusedError("nothing of the return is left to book")
    given: dict[str, Any] = {
        "returnId": found["id"], "returnLineItems": lines, "exchangeLineItems": swapped, "note": note[:_NOTE],
        "notifyCustomer": notify,
    }  # fmt: skip
    if amount is not None:
        payments = [
            {"parentId": parent, "transactionAmount": {"amount": str(part.amount), "currencyCode": part.currency}}
            for parent, _, part in parents_for(client, order, amount)
        ]
        given["financialTransfer"] = {"issueRefund": {"orderTransactions": payments}}
    payload = client.run("ProcessReturn", {"input": given}).get("return")
    if not isinstance(payload, Mapping):
        raise ActionUncertainError("Shopify said nothing of the return")
    return payload


def _processable(connection: Any) -> Sequence[Mapping[str, Any]]:
    return [line for line in nodes(connection) if (line.get("processableQuantity") or 0) > 0]


def _booked(
    line: Mapping[str, Any], reverse: Mapping[Any, str], disposition: Disposition, location: str | None
) -> dict[str, Any]:
    part = (line.get("fulfillmentLineItem") or {}).get("id")
    if part not in reverse:
        raise ServiceRefusedError("Shopify doesn't say where a piece of the return is booked; a person must do it")
    count = line["processableQuantity"]
    place = {"locationId": gid("Location", location)} if location is not None else {}
    disposed = {
        "reverseFulfillmentOrderLineItemId": reverse[part], "quantity": count,
        "dispositionType": _DISPOSITIONS[disposition], **place,
    }  # fmt: skip
    return {"id": line["id"], "quantity": count, "dispositions": [disposed]}


def _reason(client: ShopifyClient, words: str, handle: str) -> dict[str, Any]:
    """A standard reason by its handle; without one the enumeration's OTHER, deprecated and still taken, with the words."""
    note = {"returnReasonNote": words[:_NOTE]}
    if not handle:
        return {"returnReason": "OTHER", **note}
    found = [each for each in nodes(client.run("ReadReturnReasons", {"handles": [handle]})) if not each.get("deleted")]
    if len(found) != 1 or found[0].get("handle") != handle:
        raise ServiceRefusedError(f"Shopify has no reason {handle[:60]!r}")
    return {"returnReasonDefinitionId": found[0]["id"], **note}
