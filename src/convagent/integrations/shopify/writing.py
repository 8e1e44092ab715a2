"""Writes of several requests: each says what it demands of the order, and where a failure leaves nothing behind."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Mapping, Sequence
from typing import Any

from convagent.actions import ActionFailedError, ActionUncertainError
from convagent.actions.http.run import ServiceRefusedError
from convagent.facts import Address, Money, Order
from convagent.integrations.shopify.client import ShopifyClient
from convagent.integrations.shopify.reading import gid, money_from, nodes, number_of, order_from

__all__ = ["cancel", "change_address", "edit", "make_return", "pay_back", "replace_order", "secret_code", "shopify_id"]

_POLL_SECONDS = 1.0
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def shopify_id(order: Order) -> str:
    """The global id of an order that was read from Shopify."""
    return gid("Order", str(order.extra.get("shopify_id", "")))


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
        after = order_from(found) if isinstance(found, Mapping) else None
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
    return _order_in(payload)


def edit(client: ShopifyClient, order: Order, *, item: str, quantity: int, variant: str | None, notify: bool) -> Order:
    """Changes a line of an order: another number of pieces, or another variant in its place.

    Nothing is changed before the edit is committed: whatever breaks until then was not done.

    Raises:
        ServiceRefusedError: It is cancelled or sent already, has no such line, or Shopify refuses.
        ActionUncertainError: The commit got no answer.
    """
    _unsent(order)
    line = next((each for each in order.items if each.id == item), None)
    if line is None or line.variant_id is None:
        raise ServiceRefusedError("the order has no such line")
    try:
        begun = client.run("BeginEdit", {"id": shopify_id(order)}).get("calculatedOrder") or {}
        staged = [each for each in nodes(begun.get("lineItems")) if _variant_of(each) == line.variant_id]
        if len(staged) != 1:
            raise ServiceRefusedError("the line can't be told from others of the order")
        kept = 0 if variant is not None else quantity
        change = {"id": begun["id"], "lineItemId": staged[0]["id"], "quantity": kept, "restock": True}
        client.run("SetQuantity", change)
        if variant is not None:
            client.run(
                "AddVariant", {"id": begun["id"], "variantId": gid("ProductVariant", variant), "quantity": quantity}
            )
    except ActionUncertainError as error:
        raise ActionFailedError(f"the edit was not committed: {error.message}") from None
    return _order_in(client.run("CommitEdit", {"id": begun["id"], "notifyCustomer": notify, "staffNote": None}))


def pay_back(
    client: ShopifyClient, order: Order, amount: Money, *, key: str, note: str, notify: bool
) -> Mapping[str, Any]:
    """Pays an amount back to what it was paid with, the earliest payment first. The key makes it once only.

    Raises:
        ServiceRefusedError: The amount is none, in another currency or more than can be paid back, or Shopify refuses.
        ActionUncertainError: It is not known whether the money went.
    """
    if amount.minor <= 0:
        raise ServiceRefusedError("nothing is paid back")
    if not key:
        raise ActionFailedError("a refund needs an idempotency key")
    found = client.run("ReadTransactions", {"id": shopify_id(order)}) or {}
    left, transactions = amount, []
    for each in found.get("transactions") or []:
        room = money_from(each.get("maximumRefundableV2"))
        if (
            each.get("kind") not in {"SALE", "CAPTURE"}
            or each.get("status") != "SUCCESS"
            or room is None
            or room.minor <= 0
        ):
            continue
        if room.currency != amount.currency:
            raise ServiceRefusedError(f"the order was paid in {room.currency}, not in {amount.currency}")
        part = min(left, room)
        if part.minor > 0:
            transactions.append(
                {
                    "orderId": shopify_id(order), "parentId": each["id"], "kind": "REFUND", "gateway": each.get("gateway"),
                    "amount": str(part.amount),
                }
            )  # fmt: skip
        left = left - part
    if left.minor > 0:
        raise ServiceRefusedError(f"{left} more than can be paid back")
    given = {
        "orderId": shopify_id(order), "note": note[:255], "notify": notify, "currency": amount.currency,
        "transactions": transactions,
    }  # fmt: skip
    refund = client.run("CreateRefund", {"input": given, "key": key}).get("refund")
    if not isinstance(refund, Mapping):
        raise ActionUncertainError("Shopify said nothing of the refund")
    return refund


def make_return(
    client: ShopifyClient, order: Order, items: Sequence[str], *, reason: str, variants: Sequence[str] = ()
) -> Mapping[str, Any]:
    """Opens a return of lines, whole; with variants, an exchange for them.

    Raises:
        ServiceRefusedError: A line can't be returned, or Shopify refuses.
    """
    found = client.run("ReadReturnable", {"id": shopify_id(order)})
    lines: list[dict[str, Any]] = []
    wanted = set(items)
    for fulfillment in nodes(found):
        for each in nodes(fulfillment.get("returnableFulfillmentLineItems")):
            part = each["fulfillmentLineItem"]
            if number_of(part["lineItem"]["id"]) in wanted and each["quantity"] > 0:
                # The reason's enumeration is deprecated in this version and still taken; the words say what it was.
                lines.append(
                    {
                        "fulfillmentLineItemId": part["id"], "quantity": each["quantity"], "returnReason": "OTHER",
                        "returnReasonNote": reason[:255], "of": number_of(part["lineItem"]["id"]),
                    }
                )  # fmt: skip
    missing = wanted - {line.pop("of") for line in lines}
    if missing or not lines:
        raise ServiceRefusedError("some of these things can't be returned, or not any more")
    given: dict[str, Any] = {"orderId": shopify_id(order), "returnLineItems": lines}
    if variants:
        given["exchangeLineItems"] = [{"variantId": gid("ProductVariant", each), "quantity": 1} for each in variants]
    payload = client.run("CreateReturn", {"returnInput": given}).get("return")
    if not isinstance(payload, Mapping):
        raise ActionUncertainError("Shopify said nothing of the return")
    return payload


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
    return _order_in(done)


def _unsent(order: Order) -> None:
    if order.cancelled_at is not None:
        raise ServiceRefusedError("the order is cancelled")
    if order.status in {"shipped", "delivered"}:
        raise ServiceRefusedError("the order, or a part of it, was sent already")


def _variant_of(line: Mapping[str, Any]) -> str:
    return number_of(str((line.get("variant") or {}).get("id") or ""))


def _order_in(payload: Mapping[str, Any]) -> Order:
    """The order after a change: one that can't be read was changed all the same."""
    found = payload.get("order")
    if not isinstance(found, Mapping):
        raise ActionUncertainError("Shopify said nothing of the order")
    try:
        return order_from(found)
    except ActionFailedError as error:
        raise ActionUncertainError(f"it was done, and the order can't be read: {error.message}") from None
