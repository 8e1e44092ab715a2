"""What the Admin API answers → the facts that guidance speaks of. Ids of Shopify are kept as `shopify_id`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from html import unescape
from typing import Any, TypeVar

from pydantic import ValidationError

from convagent.actions import ActionFailedError
from convagent.facts import Customer, Money, Order, Product, Variant
from convagent.integrations.shopify.documents import PARCELS

__all__ = [
    "customer_from",
    "gid",
    "money_from",
    "nodes",
    "number_of",
    "order_from",
    "order_header_from",
    "product_from",
    "shopify_id",
    "variant_from",
]

_SHIPMENT = {
    "LABEL_PURCHASED": "label created", "LABEL_PRINTED": "label created", "READY_FOR_PICKUP": "out for delivery",
    "CONFIRMED": "label created", "SUBMITTED": "label created", "FULFILLED": "in transit", "IN_TRANSIT": "in transit",
    "CARRIER_PICKED_UP": "in transit", "MARKED_AS_FULFILLED": "in transit", "ATTEMPTED_DELIVERY": "out for delivery",
    "OUT_FOR_DELIVERY": "out for delivery", "DELAYED": "delayed", "DELIVERED": "delivered", "PICKED_UP": "delivered",
    "NOT_DELIVERED": "returned to sender", "FAILURE": "delayed",
}  # fmt: skip
_RETURN = {
    "REQUESTED": "requested",
    "OPEN": "label sent",
    "CLOSED": "refunded",
    "DECLINED": "refused",
    "CANCELED": "refused",
}
Found = TypeVar("Found", Order, Customer, Product, Variant)
_ID = re.compile(r"^\d{1,20}$")


def gid(kind: str, value: str) -> str:
    """A global id from one, or from its number.

    Raises:
        ActionFailedError: It is neither, or one of another kind.
    """
    number = value.removeprefix(f"gid://shopify/{kind}/").partition("?")[0]
    if not _ID.match(number):
        raise ActionFailedError(f"{value[:60]!r} is no id of a Shopify {kind}")
    return f"gid://shopify/{kind}/{number}"


def shopify_id(order: Order) -> str:
    """The global id of an order that was read from Shopify."""
    return gid("Order", str(order.extra.get("shopify_id", "")))


def number_of(value: str) -> str:
    """The number within a global id."""
    return value.rsplit("/", 1)[-1].partition("?")[0]


def nodes(connection: Any) -> list[Any]:
    """The records of a connection."""
    found = connection.get("nodes") if isinstance(connection, Mapping) else None
    return [node for node in found if node is not None] if isinstance(found, list) else []


def money_from(value: Any) -> Money | None:
    """Money from a bag of it, or from an amount with its currency.

    Raises:
        ActionFailedError: The amount is none.
    """
    if isinstance(value, Mapping) and "presentmentMoney" in value:
        value = value["presentmentMoney"]
    if not isinstance(value, Mapping):
        return None
    return _money(value.get("amount"), value.get("currencyCode"))


def _money(amount: Any, currency: Any) -> Money:
    try:
        number = Decimal(str(amount)[:40])
        return Money.of(f"{number.normalize():f}", str(currency))
    except (InvalidOperation, ValueError, ValidationError):
        raise ActionFailedError("an amount of Shopify can't be read") from None


def order_from(data: Mapping[str, Any]) -> Order:
    """An order that was read whole.

    Raises:
        ActionFailedError: What Shopify gave is not one.
    """
    shipments = [_shipment(each) for each in data.get("fulfillments") or []]
    record = {
        **_header(data), "delivered_at": _delivered_at(data), "shipments": shipments,
        "items": [_line(line) for line in nodes(data.get("lineItems"))],
        "refunds": [_refund(refund) for refund in data.get("refunds") or []],
        "returns": [
            {"id": number_of(each["id"]), "order_id": data.get("name"), "status": _RETURN.get(each["status"], "requested")}
            for each in nodes(data.get("returns"))
        ],
    }  # fmt: skip
    return _as(Order, record)


def order_header_from(data: Mapping[str, Any]) -> Order:
    """An order whose lines, parcels, refunds and returns nobody read: they are left out, so that they are not known.

    Raises:
        ActionFailedError: What Shopify gave is not one.
    """
    record = _header(data)
    if len(data.get("fulfillments") or []) < PARCELS:
        record["delivered_at"] = _delivered_at(data)
    elif record["status"] == "delivered":
        record["status"] = "shipped"  # there may be parcels that nobody saw
    return _as(Order, record)


def _header(data: Mapping[str, Any]) -> dict[str, Any]:
    customer, address = data.get("customer") or {}, data.get("shippingAddress")
    return {
        "id": data.get("name"), "shopify_id": data.get("id"), "email": data.get("email"), "note": data.get("note"),
        "customer_id": number_of(customer["id"]) if customer.get("id") else None, "placed_at": data.get("createdAt"),
        "cancelled_at": data.get("cancelledAt"), "cancel_reason": _words(data.get("cancelReason")),
        "status": _status(data), "payment_status": _words(data.get("displayFinancialStatus")),
        "discount_codes": data.get("discountCodes") or (), "subtotal": money_from(data.get("subtotalPriceSet")),
        "shipping": money_from(data.get("totalShippingPriceSet")), "discount": money_from(data.get("totalDiscountsSet")),
        "total": money_from(data.get("currentTotalPriceSet")), "address": None if address is None else _address(address),
    }  # fmt: skip


def _delivered_at(data: Mapping[str, Any]) -> str | None:
    """When the last of the parcels came; None while one is on its way."""
    came = [each.get("deliveredAt") for each in data.get("fulfillments") or []]
    return max(came) if came and all(came) else None


def _status(data: Mapping[str, Any]) -> str:
    if data.get("cancelledAt"):
        return "cancelled"
    shown = {each.get("displayStatus") for each in data.get("fulfillments") or []}
    if shown and shown <= {"DELIVERED", "PICKED_UP"} and data.get("displayFulfillmentStatus") == "FULFILLED":
        return "delivered"
    return {"FULFILLED": "shipped", "PARTIALLY_FULFILLED": "shipped", "IN_PROGRESS": "processing"}.get(
        str(data.get("displayFulfillmentStatus")), "pending"
    )


def _words(value: Any) -> str | None:
    return None if value is None else str(value).lower().replace("_", " ")


def _line(data: Mapping[str, Any]) -> dict[str, Any]:
    product, variant = data.get("product") or {}, data.get("variant") or {}
    return {
        "id": number_of(data["id"]), "name": data.get("name"), "sku": data.get("sku"), "quantity": data.get("currentQuantity"),
        "product_id": number_of(product["id"]) if product.get("id") else None, "variant": data.get("variantTitle"),
        "variant_id": number_of(variant["id"]) if variant.get("id") else None,
        "price": money_from(data.get("originalUnitPriceSet")),
    }  # fmt: skip


def _shipment(data: Mapping[str, Any]) -> dict[str, Any]:
    tracking = (data.get("trackingInfo") or [{}])[0]
    expected = data.get("estimatedDeliveryAt")
    return {
        "id": number_of(data["id"]), "status": _SHIPMENT.get(str(data.get("displayStatus")), "in transit"),
        "carrier": tracking.get("company"), "tracking_number": tracking.get("number"), "tracking_url": tracking.get("url"),
        "shipped_at": data.get("inTransitAt") or data.get("createdAt"), "delivered_at": data.get("deliveredAt"),
        "expected_on": expected[:10] if isinstance(expected, str) else None,
        "item_ids": [number_of(each["lineItem"]["id"]) for each in nodes(data.get("fulfillmentLineItems"))],
    }  # fmt: skip


def _refund(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": number_of(data["id"]), "amount": money_from(data.get("totalRefundedSet")), "status": "issued",
        "issued_at": data.get("createdAt"), "reason": data.get("note"),
    }  # fmt: skip


def _address(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": data.get("name"), "line1": data.get("address1"), "line2": data.get("address2"), "postcode": data.get("zip"),
        "city": data.get("city"), "region": data.get("provinceCode"), "country": data.get("countryCodeV2"),
    }  # fmt: skip


def customer_from(data: Mapping[str, Any]) -> Customer:
    """A customer, claimed at most: that Shopify knows them proves nothing of who writes.

    Raises:
        ActionFailedError: What Shopify gave is not one.
    """
    email, phone = data.get("defaultEmailAddress") or {}, data.get("defaultPhoneNumber") or {}
    record = {
        "id": number_of(data["id"]), "email": email.get("emailAddress"), "phone": phone.get("phoneNumber"),
        "first_name": data.get("firstName"), "last_name": data.get("lastName"), "tags": data.get("tags") or (),
        "language": str(data["locale"])[:2] if data.get("locale") else None, "created_at": data.get("createdAt"),
        "verification": "claimed",
    }  # fmt: skip
    return _as(Customer, record)


def product_from(data: Mapping[str, Any], currency: str) -> Product:
    """A product with its variants.

    Raises:
        ActionFailedError: What Shopify gave is not one.
    """
    record = {
        "id": number_of(data["id"]), "title": data.get("title"), "handle": data.get("handle"), "vendor": data.get("vendor"),
        "kind": data.get("productType") or None, "url": data.get("onlineStoreUrl"), "tags": data.get("tags") or (),
        "description": unescape(data["description"]) if data.get("description") else None,
        "status": _words(data.get("status")), "options": [each["name"] for each in data.get("options") or []],
        "variants": [variant_from(each, currency) for each in nodes(data.get("variants"))],
    }  # fmt: skip
    return _as(Product, record)


def variant_from(data: Mapping[str, Any], currency: str) -> Variant:
    """A variant with what is in stock.

    Raises:
        ActionFailedError: What Shopify gave is not one.
    """
    tracked = (data.get("inventoryItem") or {}).get("tracked", True)
    record = {
        "id": number_of(data["id"]), "sku": data.get("sku") or None, "title": data.get("title"),
        "price": _money(data.get("price"), currency), "barcode": data.get("barcode") or None,
        "available": data.get("availableForSale"), "inventory": data.get("inventoryQuantity") if tracked else None,
        "options": _options(data.get("selectedOptions") or ()),
    }  # fmt: skip
    return _as(Variant, record)


def _options(chosen: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return {str(each["name"]): each["value"] for each in chosen}


def _as(kind: type[Found], record: Mapping[str, Any]) -> Found:
    try:
        return kind.model_validate(record)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise ActionFailedError(f"Shopify gave a {kind.__name__.lower()} whose {where} can't be read") from None
