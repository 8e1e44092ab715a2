"""A shop's look-ups and actions on Shopify: hand an object of `ShopifyActions` to a shop, and guidance can name them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, Literal

from convagent.actions import ActionFailedError, CallContext, action
from convagent.actions.http.run import ServiceRefusedError
from convagent.facts import (
    Address,
    Customer,
    Discount,
    Exchange,
    Money,
    Order,
    PaymentMethod,
    Product,
    Refund,
    Return,
    Variant,
)
from convagent.integrations.shopify import refunds, returns, writing
from convagent.integrations.shopify.client import ShopifyClient
from convagent.integrations.shopify.lookups import list_orders, order_named, product_with_variants
from convagent.integrations.shopify.pieces import pieces_of
from convagent.integrations.shopify.reading import (
    customer_from,
    gid,
    nodes,
    number_of,
    variant_from,
)

__all__ = ["ShopifyActions"]

_SECONDS = 45.0
"""Some writes are several requests; each is bounded by the client besides."""
_OWN = {"order": "orders"}
_NUMBER = re.compile(r"[\w.#/-]{1,40}")
_EMAIL = re.compile(r"[^\s\"'():<>*\\]{1,100}@[^\s\"'():<>*\\]{1,150}")
_WORDS = re.compile(r"[^\w\s-]")


class ShopifyActions:
    """Look-ups and actions over the Admin GraphQL API.

    A shop's Python file hands it over:

        def actions(shop_folder):
            return ShopifyActions(ShopifyClient.from_environment())

    None of its operations was verified against the live service; docs/shopify.md names the page and version of each.

    Args:
        client: For one shop.
    """

    def __init__(self, client: ShopifyClient) -> None:
        self.client = client

    # ---- looking up
    @action(kind="lookup", timeout_seconds=_SECONDS)
    def order_by_number(self, order_number: str) -> Order | None:
        """The order that a customer knows by this number, whole."""
        number = order_number.strip()
        if not _NUMBER.fullmatch(number):
            return None
        return order_named(self.client, number)

    @action(kind="lookup", provides="Customer.orders", own={"customer": "id"}, timeout_seconds=_SECONDS)
    def orders_of(self, customer: str) -> tuple[Order, ...]:
        """The last 50 orders of a customer, the newest first.

        The newest ten are whole. Of older ones the lines, parcels, refunds and returns are not known, as they are not read:
        `order_by_number` reads such an order.
        """
        return list_orders(self.client, customer)

    @action(kind="lookup", timeout_seconds=_SECONDS)
    def customer_by_email(self, email: str) -> Customer | None:
        """The customer with this e-mail address. That there is one proves nothing of who writes."""
        if not _EMAIL.fullmatch(email.strip()):
            return None
        found = nodes(self.client.run("FindCustomers", {"query": f'email:"{email.strip()}"'}))
        return customer_from(found[0]) if len(found) == 1 else None

    @action(kind="lookup", timeout_seconds=_SECONDS)
    def find_products(self, words: str) -> tuple[Product, ...]:
        """Active products that fit some words, ten at most, with all their variants and what is in stock."""
        plain = " ".join(_WORDS.sub(" ", words).split()[:10])
        if not plain:
            return ()
        found = self.client.run("FindProducts", {"query": f"{plain} AND status:active"}) or {}
        currency = str((found.get("shop") or {}).get("currencyCode"))
        return tuple(product_with_variants(self.client, node, currency) for node in nodes(found))

    @action(kind="lookup", timeout_seconds=_SECONDS)
    def stock_of(self, variant: str) -> Variant | None:
        """A variant as it is now: its price, and how many there are."""
        found = self.client.run("ReadVariant", {"id": gid("ProductVariant", variant)})
        if not found or not found.get("id"):
            return None
        return variant_from(found, str((found.get("shop") or {}).get("currencyCode")))

    # ---- changing
    @action(kind="write", own=_OWN, once_per=("order",), timeout_seconds=2 * _SECONDS)
    def cancel_order(
        self, order: str, reason: Literal["customer", "inventory", "fraud", "declined", "staff", "other"] = "customer"
    ) -> Order:
        """Cancels an order that was not sent, pays it back as it was paid, and puts the goods back on the shelf."""
        return writing.cancel(
            self.client, self._order(order), reason=reason.upper(), restock=True, refund=True, notify=True
        )

    @action(kind="write", own=_OWN, timeout_seconds=_SECONDS)
    def change_address(self, order: str, address: Address) -> Order:
        """Sends an order that has not left to another address."""
        return writing.change_address(self.client, self._order(order), address)

    @action(kind="write", own=_OWN, timeout_seconds=2 * _SECONDS)
    def change_quantity(self, order: str, item: str, quantity: int) -> Order:
        """Changes how many pieces of a line an order has; none takes the line out."""
        if not 0 <= quantity <= 1000:
            raise ServiceRefusedError("the quantity is between 0 and 1000")
        return writing.edit(self.client, self._order(order), item=item, quantity=quantity, variant=None, notify=True)

    @action(kind="write", own=_OWN, timeout_seconds=2 * _SECONDS)
    def change_variant(self, order: str, item: str, variant: str, pieces: int | None = None) -> Order:
        """Puts another variant in the place of a line, or of some of its pieces: another size or colour.

        Args:
            order: The order's number.
            item: The line.
            variant: What takes its place.
            pieces: How many of the line's pieces; all of them when left out.
        """
        found = self._order(order)
        has = next((line.quantity for line in found.items if line.id == item), None) or 0
        count = has if pieces is None else pieces
        return writing.edit(self.client, found, item=item, quantity=count, variant=variant, notify=True)

    @action(kind="write", own=_OWN, idempotent=True, timeout_seconds=2 * _SECONDS)
    def refund_order(self, order: str, amount: Money, reason: str, context: CallContext) -> Refund:
        """Pays an amount of an order back to what it was paid with, for no line in particular."""
        return refunds.pay_back(
            self.client, self._order(order), amount, key=context.idempotency_key, note=reason, notify=True
        )

    @action(kind="lookup", requires="verified", own=_OWN, timeout_seconds=2 * _SECONDS)
    def refund_quote(
        self, order: str, items: tuple[str, ...] = (), quantities: tuple[int, ...] = (),
        shipping: Literal["kept", "paid back"] = "kept",
    ) -> Money:  # fmt: skip
        """What would be paid back for pieces of lines, with their taxes and discounts, and for the shipping.

        Args:
            order: The order's number.
            items: Lines; none when only the shipping is meant.
            quantities: How many pieces of each line; all of them when left out.
            shipping: Whether the shipping is paid back too.
        """
        found, back = self._order(order), shipping == "paid back"
        return refunds.suggested(
            self.client, found, _pieces(found, items, quantities, shipping=back), shipping=back
        ).amount

    @action(kind="write", own=_OWN, idempotent=True, timeout_seconds=3 * _SECONDS)
    def refund_items(
        self, order: str, items: tuple[str, ...], amount: Money, reason: str, context: CallContext,
        quantities: tuple[int, ...] = (), shipping: Literal["kept", "paid back"] = "kept",
        restock: Literal["no", "return", "cancel"] = "no", location: str | None = None,
    ) -> Refund:  # fmt: skip
        """Pays pieces of lines of an order back to what they were paid with.

        Args:
            order: The order's number.
            items: Lines; none when only the shipping is meant.
            amount: What `refund_quote` said: another amount by now is refused.
            reason: For the shop.
            context: Whose key makes it one refund, however often it is tried.
            quantities: How many pieces of each line; all of them when left out.
            shipping: Whether the shipping is paid back too.
            restock: Whether pieces go back on the shelf: `return` for what was sent, `cancel` for what was not.
            location: Where to; Shopify's own suggestion when left out.
        """
        found, back = self._order(order), shipping == "paid back"
        return refunds.refund_lines(
            self.client, found, _pieces(found, items, quantities, shipping=back), amount, shipping=back, restock=restock,
            location=location, key=context.idempotency_key, note=reason, notify=True,
        )  # fmt: skip

    @action(kind="write", own=_OWN, timeout_seconds=2 * _SECONDS)
    def return_items(
        self, order: str, items: tuple[str, ...], reason: str, quantities: tuple[int, ...] = (), reason_handle: str = ""
    ) -> Return:
        """Opens a return of pieces of lines of an order.

        Args:
            order: The order's number.
            items: Lines.
            reason: In the customer's words.
            quantities: How many pieces of each line; all of them when left out.
            reason_handle: One of Shopify's standard reasons, such as too-small.
        """
        found = self._order(order)
        pieces = pieces_of(found, items, quantities)
        given = returns.make_return(self.client, found, pieces, reason=reason, handle=reason_handle)
        return Return(
            id=number_of(str(given["id"])), order_id=found.id, status="label sent", item_ids=items, reason=reason
        )

    @action(kind="write", own=_OWN, timeout_seconds=2 * _SECONDS)
    def exchange_items(
        self, order: str, items: tuple[str, ...], variants: tuple[str, ...], reason: str,
        quantities: tuple[int, ...] = (), variant_quantities: tuple[int, ...] = (), reason_handle: str = "",
    ) -> Exchange:  # fmt: skip
        """Opens a return of pieces of lines of an order with other variants in their place.

        Args:
            order: The order's number.
            items: Lines.
            variants: What takes their place.
            reason: In the customer's words.
            quantities: How many pieces of each line; all of them when left out.
            variant_quantities: How many of each variant; as many as of the line it stands for when left out.
            reason_handle: One of Shopify's standard reasons, such as too-small.
        """
        found = self._order(order)
        pieces = pieces_of(found, items, quantities)
        swapped = _swapped(pieces, variants, variant_quantities)
        given = returns.make_return(
            self.client, found, pieces, reason=reason, handle=reason_handle, variants=swapped
        )  # fmt: skip
        return Exchange(
            id=number_of(str(given["id"])), order_id=found.id, status="requested", item_ids=items,
            replacement_variant_ids=variants,
        )  # fmt: skip

    @action(kind="write", own=_OWN, timeout_seconds=3 * _SECONDS)
    def process_return(
        self, order: str, return_number: str, disposition: Literal["restocked", "not restocked", "needs work", "missing"],
        reason: str, location: str | None = None, amount: Money | None = None,
    ) -> Return:  # fmt: skip
        """Books a return whose goods are back, pays back what is due, and lets what was exchanged for be sent.

        Args:
            order: The order's number.
            return_number: The return's, as the order's returns give it.
            disposition: What becomes of the pieces.
            reason: For the shop.
            location: Where restocked pieces go.
            amount: Paid back to what was paid with; nothing when left out.
        """
        found = self._order(order)
        given = returns.process(
            self.client, found, return_number, disposition=disposition, location=location, amount=amount, note=reason,
            notify=True,
        )  # fmt: skip
        status = "refunded" if amount is not None else "inspected"
        return Return(id=number_of(str(given["id"])), order_id=found.id, status=status, reason=reason)

    @action(kind="write", own=_OWN, timeout_seconds=2 * _SECONDS)
    def send_replacement(self, order: str, items: tuple[str, ...], reason: str) -> Order:
        """Sends lines of an order again at no charge."""
        return writing.replace_order(self.client, self._order(order), items, note=f"Replacement: {reason}")

    # ---- giving
    @action(kind="write", idempotent=True, timeout_seconds=_SECONDS)
    def give_discount(self, percent: Decimal, days: int, context: CallContext) -> Discount:
        """Makes a code of one use for the customer who writes."""
        if not 0 < percent <= 100 or not 1 <= days <= 366:
            raise ServiceRefusedError("a discount takes off up to 100 percent and lasts up to 366 days")
        code, ends = self._code(context), context.now + timedelta(days=days)
        given = {
            "title": f"{percent.normalize():f}% {code}", "code": code, "usageLimit": 1, "appliesOncePerCustomer": True,
            "startsAt": context.now.isoformat(), "endsAt": ends.isoformat(),
            "context": {"customers": {"add": [self._customer(context)]}},
            "customerGets": {"value": {"percentage": float(percent / 100)}, "items": {"all": True}},
        }  # fmt: skip
        self._once("CreateDiscount", {"basicCodeDiscount": given})
        return Discount(code=code, percent=percent, expires_at=ends, single_use=True, status="active")

    @action(kind="write", idempotent=True, timeout_seconds=_SECONDS)
    def give_gift_card(self, amount: Money, reason: str, context: CallContext) -> PaymentMethod:
        """Makes a gift card for the customer who writes; its label is the code."""
        if amount.minor <= 0:
            raise ServiceRefusedError("a gift card holds more than nothing")
        currency = (self.client.run("ReadShop", {}) or {}).get("currencyCode")
        if currency != amount.currency:
            raise ServiceRefusedError(f"gift cards of this shop are in {currency}, not in {amount.currency}")
        code = self._code(context)
        given = {
            "initialValue": str(amount.amount), "code": code, "customerId": self._customer(context), "note": reason[:255]
        }  # fmt: skip
        self._once("CreateGiftCard", {"input": given})
        return PaymentMethod(id=code, kind="gift card", label=code, balance=amount)

    # ---- what they share
    def _order(self, number: str) -> Order:
        found = self.order_by_number(number)
        if found is None:
            raise ServiceRefusedError(f"there is no order {number[:40]}")
        return found

    def _code(self, context: CallContext) -> str:
        if not context.idempotency_key:
            raise ActionFailedError("a code needs an idempotency key")
        return writing.secret_code(self.client.token, context.idempotency_key)

    def _customer(self, context: CallContext) -> str:
        if context.customer is None or context.customer.id is None:
            raise ServiceRefusedError("nobody knows which customer writes")
        return gid("Customer", context.customer.id)

    def _once(self, name: str, variables: Mapping[str, Any]) -> None:
        """Creates a code. That it is taken says that this very call made it before: nobody else knows it."""
        _, errors = self.client.attempt(name, variables)
        wrong = [error for error in errors if error.code != "TAKEN"]
        if wrong:
            raise ServiceRefusedError("; ".join(error.message for error in wrong[:5]))


def _pieces(order: Order, items: tuple[str, ...], quantities: tuple[int, ...], *, shipping: bool) -> dict[str, int]:
    """Pieces of lines; none when only the shipping is meant."""
    return {} if not items and not quantities and shipping else pieces_of(order, items, quantities)


def _swapped(pieces: Mapping[str, int], variants: tuple[str, ...], quantities: tuple[int, ...]) -> dict[str, int]:
    """How many of each variant take the place of what goes back."""
    counts = quantities or (tuple(pieces.values()) if len(pieces) == len(variants) else ())
    if not variants or len(set(variants)) != len(variants):
        raise ServiceRefusedError("an exchange needs what takes the place, each variant once")
    if len(counts) != len(variants) or min(counts) < 1:
        raise ServiceRefusedError("an exchange needs to know how many of each variant")
    return dict(zip(variants, counts, strict=True))
