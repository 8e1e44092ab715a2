"""Orders with their money: items at the price of the day, shipping and discounts by the shop's rules, refunds.

Sums: `total = subtotal - discount + shipping`, where feathers that were spent are part of the discount. A refund is the
goods' price less their share of the discount, less the return fee from outside Ireland; who sends the whole order back
within 14 days gets the shipping, up to the standard price, as well.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from tools.demo_shop.cast_source import Cast, CustomerSource, ItemSource, OrderSource
from tools.demo_shop.parcels import parcels_of, shipping_method
from tools.demo_shop.people import address_of, payment_of
from tools.demo_shop.price_list import Offer, price_at

__all__ = ["OrderBook", "money", "share"]

FREE_FROM = Decimal("60.00")
STANDARD, EXPRESS, FURNITURE = Decimal("4.90"), Decimal("12.90"), Decimal("29.00")
RETURN_FEE = Decimal("3.90")
SUBSCRIBER_DISCOUNT = Decimal("0.12")
CODE_DISCOUNT = Decimal("0.10")
A_FEATHER = Decimal("0.05")
BRANCH_FROM, CANOPY_FROM = Decimal(300), Decimal(900)
SHIPPING_BACK_WITHIN = timedelta(days=14)
_FREE_EXPRESS_ON_BRANCH = 2


def money(amount: Decimal) -> dict[str, str]:
    """An amount in euro as `facts.Money` reads it."""
    return {"amount": f"{amount:.2f}", "currency": "EUR"}


def share(amount: Decimal, part: Decimal) -> Decimal:
    """A part of an amount, to the cent, halves to the even one."""
    return (amount * part).quantize(Decimal("0.01"), ROUND_HALF_EVEN)


class OrderBook:
    """Writes orders one after the other and remembers what each customer paid, kept, earned and had for free.

    Feathers and levels count goods that were delivered and kept, without shipping and without gift cards that were bought.
    """

    def __init__(self, cast: Cast, offers: dict[str, Offer]) -> None:
        self._cast = cast
        self._offers = offers
        self._express: dict[str, int] = defaultdict(int)
        self.paid: dict[str, Decimal] = {key: who.spent_before for key, who in cast.customers.items()}
        self.kept: dict[str, Decimal] = dict(self.paid)
        self.feathers = {
            key: int(who.spent_before) if who.feathers is None else who.feathers for key, who in cast.customers.items()
        }
        self.gift_cards: dict[str, Decimal] = defaultdict(Decimal)
        self.orders: list[dict[str, Any]] = []
        self.returns: list[dict[str, Any]] = []
        self._exchanges = 0
        self._refunds = 0

    def write(self, number: int, order: OrderSource) -> None:
        """Enter an order: its lines, sums, parcels, and what came back."""
        customer = self._cast.customers[order.by]
        lines = self._bought(order)
        offers = [self._offers[line.sku] for line in lines]
        method = shipping_method(
            order,
            furniture=any(offer.furniture for offer in offers),
            gift_card=all(offer.gift_card for offer in offers),
        )
        items = [self._item(number, place, line, order) for place, line in enumerate(lines, start=1)]
        sums = self._sums(order, lines, method)
        payment = payment_of(customer, order.pay)
        item_ids = [str(item["id"]) for item in items]
        parcels = parcels_of(
            number,
            order,
            item_ids,
            method=method,
            country=customer.country,
            engraved=any(line.engraving for line in lines),
        )
        entry: dict[str, Any] = {
            "id": f"#{number}",
            "customer_id": customer_id(self._cast, order.by),
            "email": customer.email,
            "status": _status(order, parcels, method),
            "payment_status": "paid",
            "placed_at": order.placed,
            "items": items,
            **{name: money(amount) for name, amount in sums.items()},
            "discount_codes": list(order.codes),
            "payment_method": payment,
            "address": address_of(customer),
            "shipping_method": method,
            "shipments": parcels,
            "returns": [],
            "refunds": [],
            "exchanges": [],
        }
        if order.note:
            entry["note"] = order.note
        if order.feathers:
            entry["feathers_spent"] = order.feathers
        if order.subscription:
            entry["subscription_id"] = subscription_id(self._cast, order.by)
        if entry["status"] in ("delivered", "returned"):
            entry["delivered_at"] = max((parcel["delivered_at"] for parcel in parcels), default=order.delivered)
        self._take_back(entry, order, customer, sums)
        self._remember(order, entry, sums, payment)
        self.orders.append(entry)

    def _bought(self, order: OrderSource) -> tuple[ItemSource, ...]:
        if not order.subscription:
            return order.items
        subscription = self._cast.subscriptions[order.by]
        return (ItemSource(sku=subscription.sku, quantity=subscription.quantity),)

    def _item(self, number: int, place: int, line: ItemSource, order: OrderSource) -> dict[str, Any]:
        offer = self._offers[line.sku]
        item = line_item(
            offer, item_id=f"{number}-{place}", quantity=line.quantity, price=price_at(offer, order.placed),
            personalised=bool(line.engraving),
        )  # fmt: skip
        if line.engraving:
            item["engraving"] = list(line.engraving)
        return item

    def _sums(self, order: OrderSource, lines: tuple[ItemSource, ...], method: str) -> dict[str, Decimal]:
        prices = {line.sku: price_at(self._offers[line.sku], order.placed) * line.quantity for line in lines}
        subtotal = sum(prices.values(), Decimal(0))
        discount = Decimal("0.00")
        if order.subscription:
            discount = share(subtotal, SUBSCRIBER_DISCOUNT)
        for code in order.codes:
            counted = sum((price for sku, price in prices.items() if _open_to(code, self._offers[sku])), Decimal(0))
            discount = share(counted, CODE_DISCOUNT)
        discount += order.feathers * A_FEATHER
        shipping = self._shipping(order, subtotal - discount, method)
        return {
            "subtotal": subtotal,
            "shipping": shipping,
            "discount": discount,
            "total": subtotal + shipping - discount,
        }

    def _shipping(self, order: OrderSource, goods: Decimal, method: str) -> Decimal:
        if method == "e-mail" or order.subscription:
            return Decimal("0.00")
        if method == "two-person delivery":
            return FURNITURE
        if method == "express":
            kept = self.kept[order.by]
            free = kept >= CANOPY_FROM or (kept >= BRANCH_FROM and self._express[order.by] < _FREE_EXPRESS_ON_BRANCH)
            self._express[order.by] += free
            return Decimal("0.00") if free else EXPRESS
        return Decimal("0.00") if goods >= FREE_FROM else STANDARD

    def _take_back(
        self, entry: dict[str, Any], order: OrderSource, customer: CustomerSource, sums: dict[str, Decimal]
    ) -> None:
        """Enter what was cancelled, sent back or swapped, with the money that follows from it."""
        if order.cancelled:
            entry |= {"cancelled_at": order.cancelled.at, "cancel_reason": order.cancelled.reason}
            refund = self._refund(
                sums["total"], order.cancelled.refund, entry["payment_method"], order.cancelled.reason
            )
            if order.cancelled.refunded:
                refund["issued_at"] = order.cancelled.refunded
            entry["refunds"] = [refund]
            words = {"issued": "refunded", "pending": "refund pending", "failed": "refund failed"}
            entry["payment_status"] = words[order.cancelled.refund]
        if order.returned:
            self._enter_return(entry, order, customer, sums)
        if order.exchange:
            self._exchanges += 1
            entry["exchanges"] = [
                {
                    "id": f"X-{4000 + self._exchanges}",
                    "order_id": entry["id"],
                    "status": order.exchange.status,
                    "item_ids": [entry["items"][place - 1]["id"] for place in order.exchange.items],
                    "replacement_variant_ids": [variant_id(self._offers[sku]) for sku in order.exchange.to],
                    "difference": money(Decimal(0)),
                    "requested_at": order.exchange.requested,
                }
            ]

    def _enter_return(
        self, entry: dict[str, Any], order: OrderSource, customer: CustomerSource, sums: dict[str, Decimal]
    ) -> None:
        back = order.returned
        if back is None:
            return
        items = [entry["items"][place - 1] for place in back.items]
        record: dict[str, Any] = {
            "id": f"R-{3001 + len(self.returns)}",
            "order_id": entry["id"],
            "status": back.status,
            "item_ids": [item["id"] for item in items],
            "reason": back.reason,
            "requested_at": back.requested,
        }
        if back.received:
            record["received_at"] = back.received
        if back.note:
            record["note"] = back.note
        if back.status in ("received", "inspected", "refunded"):
            goods = sum((Decimal(item["price"]["amount"]) * item["quantity"] for item in items), Decimal(0))
            amount = goods - share(sums["discount"], goods / sums["subtotal"])
            everything = len(items) == len(entry["items"])
            if everything and back.requested - entry["delivered_at"] <= SHIPPING_BACK_WITHIN:
                amount += min(sums["shipping"], STANDARD)
            fee = Decimal(0) if customer.country == "IE" else RETURN_FEE
            status = "issued" if back.refunded else "pending"
            refund = self._refund(amount - fee, status, entry["payment_method"], back.reason)
            if back.refunded:
                refund["issued_at"] = back.refunded
                entry["payment_status"] = "refunded" if everything else "partially refunded"
            record["refund"] = refund
            entry["refunds"] = [refund]
        entry["returns"] = [record]
        self.returns.append(record)

    def _refund(self, amount: Decimal, status: str, payment: dict[str, Any], reason: str) -> dict[str, Any]:
        self._refunds += 1
        refund_id = f"RF-{5000 + self._refunds}"
        return {"id": refund_id, "amount": money(amount), "status": status, "to": payment, "reason": reason}

    def _remember(
        self, order: OrderSource, entry: dict[str, Any], sums: dict[str, Decimal], payment: dict[str, Any]
    ) -> None:
        refunds = entry.get("refunds", [])
        issued = sum(
            (Decimal(refund["amount"]["amount"]) for refund in refunds if refund["status"] == "issued"), Decimal(0)
        )
        if payment["kind"] == "gift card":
            self.gift_cards[payment["id"]] += sums["total"] - issued
        if order.cancelled:
            return
        self.paid[order.by] += sums["total"] - issued
        self.feathers[order.by] -= order.feathers
        if entry["status"] == "delivered" and entry["shipping_method"] != "e-mail":
            goods = sums["subtotal"] - sums["discount"] - issued
            self.kept[order.by] += goods
            self.feathers[order.by] += int(goods)


def line_item(
    offer: Offer, *, item_id: str, quantity: int, price: Decimal, personalised: bool = False
) -> dict[str, Any]:
    """A line as `facts.LineItem` reads it. The shop knows of each whether it is engraved or final sale, and says so."""
    item: dict[str, Any] = {
        "id": item_id,
        "name": offer.title,
        "sku": offer.sku,
        "product_id": offer.handle,
        "variant_id": variant_id(offer),
        "quantity": quantity,
        "price": money(price),
        "personalised": personalised,
        "final_sale": offer.final_sale,
    }
    if offer.options:
        item |= {"variant": " / ".join(value for _, value in offer.options), "options": dict(offer.options)}
    return item


def variant_id(offer: Offer) -> str:
    """A variant's id as the catalog gives it: the handle and the options' values."""
    return ":".join([offer.handle, "/".join(value for _, value in offer.options)] if offer.options else [offer.handle])


def customer_id(cast: Cast, key: str) -> str:
    """The shop's number for a customer: their place in the cast."""
    return f"C-{1001 + list(cast.customers).index(key)}"


def subscription_id(cast: Cast, key: str) -> str:
    """The shop's number for a customer's subscription."""
    return f"SUB-{2001 + list(cast.subscriptions).index(key)}"


def _open_to(code: str, offer: Offer) -> bool:
    """Whether a code counts for an article: the welcome not for furniture of Sprig, the other not for what is reduced."""
    return offer.vendor != "Sprig" if code == "WELCOME10" else offer.compare_at is None


def _status(order: OrderSource, parcels: list[dict[str, Any]], method: str) -> str:
    if order.cancelled:
        return "cancelled"
    if method == "e-mail":
        return "delivered"
    states = {parcel["status"] for parcel in parcels}
    if order.returned and order.returned.status == "refunded" and len(order.returned.items) >= len(order.items):
        return "returned"
    if not states:
        return "pending"
    if states == {"label created"}:
        return "processing"
    return "delivered" if states == {"delivered"} else "shipped"
