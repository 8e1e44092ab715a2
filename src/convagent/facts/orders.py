"""What was bought and what became of it."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from convagent.facts._fact import Fact, Known, Moment, NeverAbsent
from convagent.facts.money import Money
from convagent.facts.people import Address, PaymentMethod
from convagent.facts.products import Product

__all__ = ["Exchange", "LineItem", "Order", "Refund", "Return", "Shipment"]


class LineItem(Fact):
    """One line of an order."""

    id: str
    name: str
    sku: str | None = None
    product_id: str | None = None
    variant_id: str | None = None
    variant: str | None = Field(default=None, description="The chosen options in words: 'Moss / M'")
    options: dict[str, str] = Field(default_factory=dict)
    quantity: int | None = NeverAbsent(ge=0, description="How many pieces the line stands for")
    price: Money = Field(description="For one piece, before discounts on the whole order")
    personalised: bool | None = NeverAbsent(description="Whether it was made for this customer: engraved, say")
    final_sale: bool | None = NeverAbsent(description="Whether it was sold for good, with no way back")
    product: Product | None = None


class Shipment(Fact):
    """A parcel on its way."""

    id: str
    status: str = Known(
        "label created", "in transit", "out for delivery", "delivered", "delayed", "lost", "returned to sender",
        description="Where the parcel is",
    )  # fmt: skip
    carrier: str | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None
    shipped_at: Moment | None = None
    expected_on: date | None = None
    delivered_at: Moment | None = None
    last_scan_at: Moment | None = None
    last_scan: str | None = None
    item_ids: tuple[str, ...] = ()


class Refund(Fact):
    """Money on its way back."""

    id: str
    amount: Money
    status: str = Known("pending", "issued", "failed", description="How far the refund is")
    to: PaymentMethod | None = None
    issued_at: Moment | None = None
    reason: str | None = None


class Return(Fact):
    """Goods on their way back."""

    id: str
    order_id: str
    status: str = Known(
        "requested",
        "label sent",
        "in transit",
        "received",
        "inspected",
        "refunded",
        "refused",
        description="How far it is",
    )
    item_ids: tuple[str, ...] = ()
    reason: str | None = None
    requested_at: Moment | None = None
    received_at: Moment | None = None
    refund: Refund | None = None


class Exchange(Fact):
    """Goods swapped for others."""

    id: str
    order_id: str
    status: str = Known("requested", "in transit", "shipped", "completed", description="How far it is")
    item_ids: tuple[str, ...] = ()
    replacement_variant_ids: tuple[str, ...] = ()
    difference: Money | None = None
    requested_at: Moment | None = None


class Order(Fact):
    """An order with its lines, parcels, returns and refunds."""

    id: str = Field(description="As the customer knows it: '#1042'")
    customer_id: str | None = None
    email: str | None = None
    status: str = Known(
        "pending", "processing", "shipped", "delivered", "cancelled", "returned", description="Where the order stands"
    )
    payment_status: str | None = Field(default=None, description="Whether paid")
    placed_at: Moment | None = None
    delivered_at: Moment | None = None
    cancelled_at: Moment | None = None
    cancel_reason: str | None = None
    items: tuple[LineItem, ...] = ()
    subtotal: Money | None = None
    shipping: Money | None = None
    discount: Money | None = None
    discount_codes: tuple[str, ...] = ()
    total: Money | None = None
    payment_method: PaymentMethod | None = None
    address: Address | None = None
    shipping_method: str | None = None
    shipments: tuple[Shipment, ...] = ()
    returns: tuple[Return, ...] = ()
    refunds: tuple[Refund, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    note: str | None = None
