"""Writes of several requests: each says what it demands of the order, and where a failure leaves nothing behind."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Mapping, Sequence
from typing import Any

from convagent.actions import ActionFailedError, ActionUncertainError
from convagent.actions.http.run import ServiceRefusedError
from convagent.facts import Address, Order
from convagent.integrations.shopify.client import ShopifyClient
from convagent.integrations.shopify.paging import complete, whole
from convagent.integrations.shopify.reading import gid, nodes, number_of, order_from, order_header_from, shopify_id

__all__ = ["cancel", "change_address", "edit", "replace_order", "secret_code"]

_POLL_SECONDS = 1.0
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def secret_code(token: str, key: str, *, length: int = 16) -> str:
    """A code that only this call knows, and that is the same however often the call is made.

    Args:
        token: Keeps others from working it out.
        key: The call's idempotency key.
        length: 8 to 20 letters and digits, as gift cards demand.
    """
    digest = hmac.new(token.encode(), key.encode(), hashlib.sha256).digest()
    return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:length])


def cancel(client: ShopifyClient, order: Order, *, reason: str, restock: bool, refund: bool, notify: bool) -> Order:
    """Cancels an order and waits for Shopify's job.

    Raises:
        ServiceRefusedError: It is cancelled or sent already, a return is under way, or Shopify refuses.
        ActionUncertainError: The job did not end in time.
    """
    if order.cancelled_at is not None:
        raise ServiceRefusedError("the order is cancelled already")
    if order.status in {"shipped", "delivered"}:
        raise ServiceRefusedError("the order, or a part of it, was sent already")
    if any(each.status in {"requested", "label sent"} for each in order.returns):
        raise ServiceRefusedError("a return of this order is under way")
    payload = client.run(
        "CancelOrder",
        {
            "orderId": shopify_id(order), "refundMethod": {"originalPaymentMethodsRefund": refund}, "restock": restock,
            "reason": reason, "notifyCustomer": notify, "staffNote": None,
        },
    )  # fmt: skip
    job = payload.get("job")
    until = time.monotonic() + client.timeout_seconds
    while isinstance(job, Mapping) and not job.get("done") and time.monotonic() < until:
        client.sleep(_POLL_SECONDS)
        try:
            job = client.run("ReadJob", {"id": job["id"]})
        except ActionFailedError:
            break  # it goes on without us
    try:
        found = client.run("ReadOrder", {"id": shopify_id(order)})
        after = _read(client, found) if isinstance(found, Mapping) else None
    except ActionFailedError:
        after = None
    if after is not None and after.cancelled_at is not None:
        return after
    if after is not None and isinstance(job, Mapping) and job.get("done"):
        raise ActionFailedError("Shopify's job ended, and the order is not cancelled")
    raise ActionUncertainError("Shopify has begun to cancel the order and has not finished")


def change_address(client: ShopifyClient, order: Order, address: Address) -> Order:
    """Gives an order another shipping address.

    Raises:
        ServiceRefusedError: It is cancelled or sent already, the address lacks something, or Shopify refuses.
    """
    _unsent(order)
    if not (address.line1 and address.city and address.country):
        raise ServiceRefusedError("the address lacks its street, city or country")
    first, _, last = (address.name or "").strip().rpartition(" ")
    given = {
        "firstName": first or None, "lastName": last or None, "address1": address.line1, "address2": address.line2,
        "city": address.city, "zip": address.postcode, "provinceCode": address.region, "countryCode": address.country,
    }  # fmt: skip
    shipping = {name: value for name, value in given.items() if value is not None}
    payload = client.run("UpdateOrder", {"input": {"id": shopify_id(order), "shippingAddress": shipping}})
    return _order_in(client, payload)


def edit(client: ShopifyClient, order: Order, *, item: str, quantity: int, variant: str | None, notify: bool) -> Order:
    """Changes a line of an order: to a number of pieces, or that many of its pieces for another variant.

    Nothing is changed before the edit is committed: whatever breaks until then was not done.

    Raises:
        ServiceRefusedError: It is cancelled or sent already, has no such line, or Shopify refuses.
        ActionUncertainError: The commit got no answer.
    """
    _unsent(order)
    line = next((each for each in order.items if each.id == item), None)
    if line is None or line.variant_id is None:
        raise ServiceRefusedError("the order has no such line")
    if variant is not None and not 1 <= quantity <= (line.quantity or 0):
        raise ServiceRefusedError(f"the order has {line.quantity or 0} of line {item}, not {quantity}")
    try:
        begun = client.run("BeginEdit", {"id": shopify_id(order)}).get("calculatedOrder") or {}
        if not complete(begun.get("lineItems")):
            raise ServiceRefusedError("the order has more lines than an edit shows; a person must edit it")
        staged = [each for each in nodes(begun.get("lineItems")) if _variant_of(each) == line.variant_id]
        if len(staged) != 1:
            raise ServiceRefusedError("the line can't be told from others of the order")
        kept = quantity if variant is None else (line.quantity or 0) - quantity
        change = {"id": begun["id"], "lineItemId": staged[0]["id"], "quantity": kept, "restock": True}
        client.run("SetQuantity", change)
        if variant is not None:
            client.run(
                "AddVariant", {"id": begun["id"], "variantId": gid("ProductVariant", variant), "quantity": quantity}
            )
    except ActionUncertainError as error:
        raise ActionFailedError(f"the edit was not committed: {error.message}") from None
    return _order_in(client, client.run("CommitEdit", {"id": begun["id"], "notifyCustomer": notify, "staffNote": None}))


def replace_order(client: ShopifyClient, order: Order, items: Sequence[str], *, note: str) -> Order:
    """Sends lines of an order again at no charge: a draft with everything taken off, completed at once.

    Raises:
        ServiceRefusedError: The order has no such lines or no address, or Shopify refuses.
        ActionFailedError: The draft was not completed; it is named.
        ActionUncertainError: The completion got no answer.
    """
    lines = [line for line in order.items if line.id in set(items)]
    if not lines or len(lines) != len(set(items)) or any(line.variant_id is None for line in lines):
        raise ServiceRefusedError("the order has no such lines")
    if order.address is None or not order.address.line1:
        raise ServiceRefusedError("the order has no address")
    address = order.address
    shipping = {
        "address1": address.line1, "address2": address.line2, "city": address.city, "zip": address.postcode,
        "provinceCode": address.region, "countryCode": address.country, "lastName": address.name,
    }  # fmt: skip
    given: dict[str, Any] = {
        "email": order.email, "note": note[:255], "tags": ["replacement"],
        "lineItems": [
            {"variantId": gid("ProductVariant", str(line.variant_id)), "quantity": line.quantity or 1} for line in lines
        ],
        "shippingAddress": {name: value for name, value in shipping.items() if value is not None},
        "appliedDiscount": {"value": 100.0, "valueType": "PERCENTAGE", "title": "Replacement", "description": order.id},
    }  # fmt: skip
    if order.customer_id:
        given["purchasingEntity"] = {"customerId": gid("Customer", order.customer_id)}
    try:
        draft = client.run("CreateDraft", {"input": given}).get("draftOrder") or {}
    except ActionUncertainError as error:
        raise ActionFailedError(f"no order was made, though a draft may be left: {error.message}") from None
    try:
        done = client.run("CompleteDraft", {"id": draft["id"]}).get("draftOrder") or {}
    except ActionFailedError as error:
        raise ActionFailedError(f"the draft {draft.get('name')} was not completed: {error.message}") from None
    return _order_in(client, done)


def _unsent(order: Order) -> None:
    if order.cancelled_at is not None:
        raise ServiceRefusedError("the order is cancelled")
    if order.status in {"shipped", "delivered"}:
        raise ServiceRefusedError("the order, or a part of it, was sent already")


def _variant_of(line: Mapping[str, Any]) -> str:
    return number_of(str((line.get("variant") or {}).get("id") or ""))


def _read(client: ShopifyClient, data: Mapping[str, Any]) -> Order:
    """An order after a change, whole; where the rest of it can't be had, without what nobody read."""
    try:
        record = whole(client, data)
    except ActionFailedError:
        return order_header_from(data)
    return order_from(record)


def _order_in(client: ShopifyClient, payload: Mapping[str, Any]) -> Order:
    """The order after a change: one that can't be read was changed all the same."""
    found = payload.get("order")
    if not isinstance(found, Mapping):
        raise ActionUncertainError("Shopify said nothing of the order")
    try:
        return _read(client, found)
    except ActionFailedError as error:
        raise ActionUncertainError(f"it was done, and the order can't be read: {error.message}") from None
