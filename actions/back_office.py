"""Wrenfold's back office: look-ups and actions over an in-memory copy of `back_office/*.json`.

A real shop calls its own systems here; the declarations stay as they are. What may be done is settled by the guides; every
write checks the shop's rules once more, because this is the last door before something happens.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from threading import RLock
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from holidays import country_holidays
from pydantic import TypeAdapter

from convagent.actions import ActionFailedError, CallContext, action
from convagent.catalog import Catalog
from convagent.facts import (
    Address,
    Customer,
    Exchange,
    Fact,
    LineItem,
    LoyaltyAccount,
    Money,
    Order,
    Product,
    Refund,
    Return,
    Shipment,
    Subscription,
    Variant,
)

__all__ = ["BackOffice", "actions"]

DUBLIN = ZoneInfo("Europe/Dublin")
RETURN_DAYS = 30
CLAIM_DAYS = 14
LOST_AFTER = 10
WAIT_AFTER_DELIVERY = 2
NO_MONEY = Money.of(0, "EUR")
LABEL_FEE = Money.of("3.90", "EUR")
PICK_UP_FEE = Money.of(15, "EUR")
WHERE_EXPRESS_GOES = ("IE", "GB")
WHERE_WE_SHIP = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
)  # fmt: skip
"""The EU, and GB for Northern Ireland."""


class ReturnTerms(Fact):
    """What would happen if these things came back.

    Attributes:
        last_day: The last of the 30 days.
        in_time: Whether they have not passed.
        excluded: Names of what can't come back: engraved, final sale, pierced earrings, gift cards.
        already: Names of what is on its way back already.
        furniture: Whether two people must collect some of it.
        sealed: Whether some of it can come back only unopened.
        refund: What is paid back, after the cost of the way.
        fee: The cost of the way, nothing from Ireland.
    """

    last_day: date
    in_time: bool
    excluded: tuple[str, ...]
    already: tuple[str, ...]
    furniture: bool
    sealed: bool
    refund: Money
    fee: Money


class PriceCheck(Fact):
    """What was paid for a line, and what it costs today.

    Attributes:
        difference: What is paid back for all its pieces; nothing unless the price has fallen.
        last_day: The last of the 14 days.
        in_time: Whether they have not passed.
        in_stock: Whether the same thing can be bought now.
        given: Whether it was paid back before.
    """

    paid: Money
    now: Money
    difference: Money
    last_day: date
    in_time: bool
    in_stock: bool
    given: bool


class SubscriptionDates(Fact):
    """What a skip would mean for a subscription.

    Attributes:
        late: Whether the next charge is less than 2 days away, so that it stays.
        left_out: The charge that a skip leaves out.
        then: The charge after it.
    """

    late: bool
    left_out: date
    then: date


class CodeCheck(Fact):
    """Whether a discount code fits an order that was placed without it.

    Attributes:
        known: Whether there is such a code.
        other_code: Whether the order has one already.
        first_order: Whether it is the customer's first.
        large_enough: Whether the goods reach the code's minimum.
        amount: What the code takes off, nothing unless it fits.
    """

    known: bool
    other_code: bool
    first_order: bool
    large_enough: bool
    amount: Money


Found = TypeVar("Found", bound=Fact)
T = TypeVar("T")


def actions(shop_folder: Path) -> BackOffice:
    """The back office of the shop in this folder."""
    return BackOffice.from_folder(shop_folder)


class BackOffice:
    """What the shop's own systems know, and what they can do. One copy for each agent; threads may share it."""

    def __init__(
        self, *, customers: Iterable[Customer], orders: Iterable[Order], subscriptions: Iterable[Subscription],
        returns: Iterable[Return], catalog: Catalog,
    ) -> None:  # fmt: skip
        self._lock = RLock()
        self._catalog = catalog
        self._customers = {customer.id: _complete(customer) for customer in customers}
        self._orders = {order.id: _complete(order) for order in orders}
        self._subscriptions = {subscription.id: _complete(subscription) for subscription in subscriptions}
        self._stock = {v.id: v.inventory for product in catalog.products for v in product.variants}
        self._done: dict[str, Any] = {}
        self._waiting: dict[str, set[str]] = {}
        for given in returns:
            self._put_return(_complete(given))

    @classmethod
    def from_folder(cls, folder: Path) -> BackOffice:
        """Reads a shop's `back_office/*.json` and its catalog."""

        def records(name: str, kind: type[Found]) -> list[Found]:
            data = json.loads((folder / "back_office" / f"{name}.json").read_text(encoding="utf-8"))
            return TypeAdapter(list[kind]).validate_python(data)  # type: ignore[valid-type]

        catalog = Catalog.from_file(
            folder / "knowledge" / "catalog" / "products.csv", url_prefix="https://wrenfold.example/products"
        )
        return cls(
            customers=records("customers", Customer), orders=records("orders", Order),
            subscriptions=records("subscriptions", Subscription), returns=records("returns", Return), catalog=catalog,
        )  # fmt: skip

    # ---- who writes
    @action(kind="lookup", proves=True)
    def find_customer(
        self, email: str, order_number: str | None = None, postcode: str | None = None
    ) -> Customer | None:
        """The customer with this e-mail address, when an order number or a postcode of theirs goes with it.

        Which part was wrong is never told.

        Args:
            email: The e-mail address they order with.
            order_number: One of their orders.
            postcode: Of their address, or of one of their orders.
        """
        with self._lock:
            customer = self._by_email(email)
            if customer is None:
                return None
            own = [order for order in self._orders.values() if order.customer_id == customer.id]
            codes = {_plain(place.postcode) for place in (customer.address, *(o.address for o in own)) if place}
            by_order = order_number is not None and any(_plain(order.id) == _plain(order_number) for order in own)
            by_postcode = bool(_plain(postcode)) and _plain(postcode) in codes
            return customer.model_copy(update={"verification": "verified"}) if by_order or by_postcode else None

    @action(kind="lookup", proves=True, requires="verified")
    def account_of(self, email: str, context: CallContext) -> Customer | None:
        """The account of a customer whom the caller has verified, by their e-mail address.

        Args:
            email: The verified customer's own.
        """
        with self._lock:
            known = context.customer.email if context.customer is not None else None
            customer = self._by_email(email) if _plain(known) == _plain(email) else None
            return None if customer is None else customer.model_copy(update={"verification": "verified"})

    def _by_email(self, email: str) -> Customer | None:
        wanted = email.strip().casefold()
        return next((c for c in self._customers.values() if c.email and c.email.casefold() == wanted), None)

    # ---- what the customer has
    @action(kind="lookup", requires="verified", provides="Customer.orders")
    def orders_of(self, customer: str, context: CallContext) -> tuple[Order, ...]:
        """A customer's orders, the latest first.

        Args:
            customer: The customer's id.
        """
        with self._lock:
            _check_same(customer, context)
            return tuple(
                sorted((o for o in self._orders.values() if o.customer_id == customer), key=_placed, reverse=True)
            )

    @action(kind="lookup", requires="verified", provides="Customer.subscriptions")
    def subscriptions_of(self, customer: str, context: CallContext) -> tuple[Subscription, ...]:
        """A customer's subscriptions, cancelled ones too.

        Args:
            customer: The customer's id.
        """
        with self._lock:
            _check_same(customer, context)
            return tuple(s for s in self._subscriptions.values() if s.customer_id == customer)

    @action(kind="lookup", requires="verified", provides="Customer.loyalty")
    def loyalty_of(self, customer: str, context: CallContext) -> LoyaltyAccount:
        """A customer's Feathers and level.

        Args:
            customer: The customer's id.
        """
        with self._lock:
            _check_same(customer, context)
            return self._customers[customer].loyalty or LoyaltyAccount(points=0, level="Nest", expiring_points=None)

    @action(kind="lookup", requires="verified", own={"order_number": "orders"})
    def order_by_number(self, order_number: str) -> Order | None:
        """One of the customer's own orders.

        Args:
            order_number: As it stands in the e-mails: #1042.
        """
        with self._lock:
            return self._orders.get(order_number)

    # ---- products
    @action(kind="lookup", provides="LineItem.product")
    def product_of_line(self, line: str) -> Product | None:
        """The product of a line of an order or subscription.

        Args:
            line: The line's id.
        """
        with self._lock:
            found = next((item for item in self._lines() if item.id == line), None)
            return None if found is None or found.product_id is None else self._catalog.product(found.product_id)

    @action(kind="lookup")
    def other_sizes_and_colours(self, line: str) -> tuple[Variant, ...]:
        """What a line can be swapped for: the same product in one other size or one other colour, in stock.

        Args:
            line: The line's id.
        """
        with self._lock:
            item = self._line(line)
            return tuple(v for v in self._variants(item) if self._differs_once(v, item) and self._in_stock(v))

    @action(kind="lookup")
    def find_products(self, words: str) -> tuple[Product, ...]:
        """Products in stock that fit a customer's words, best first, six at most.

        Args:
            words: As the customer put it.
        """
        return tuple(hit.product for hit in self._catalog.search(words, 6))

    @action(kind="lookup")
    def variants_of(self, product: str) -> tuple[Variant, ...]:
        """All sizes, colours or shades of a product, with what is in stock now.

        Args:
            product: The product's id.
        """
        with self._lock:
            found = self._catalog.product(product)
            return (
                ()
                if found is None
                else tuple(v.model_copy(update={"available": self._in_stock(v)}) for v in found.variants)
            )

    @action(kind="lookup")
    def shades_of(self, undertone: str, depth: str) -> tuple[Variant, ...]:
        """Shades of Even Tempered Foundation in stock with an undertone and a depth.

        Args:
            undertone: cool, warm or neutral.
            depth: fair, light, medium, tan or deep.
        """
        with self._lock:
            found = self._catalog.product("even-tempered-foundation")
            variants = found.variants if found is not None else ()
            return tuple(v for v in variants if self._in_stock(v) and f"({depth}, {undertone})" in (v.title or ""))

    # ---- reckoning
    @action(kind="lookup")
    def working_days_since(self, moment: datetime, context: CallContext) -> Decimal:
        """Working days in Ireland that have passed since a moment, its own day not counted.

        Args:
            moment: In the past.
        """
        return Decimal(_working_days(moment.astimezone(DUBLIN).date(), _today(context)))

    @action(kind="lookup")
    def working_days_until(self, day: date, context: CallContext) -> Decimal:
        """Working days in Ireland from today to a day, today not counted.

        Args:
            day: In the future.
        """
        return Decimal(_working_days(_today(context), day))

    @action(kind="lookup", requires="verified", own={"order": "orders"})
    def return_terms(self, order: str, items: tuple[str, ...], context: CallContext) -> ReturnTerms:
        """Whether lines of a delivered order can come back, and what is paid back for them.

        Args:
            order: The order's number.
            items: Ids of its lines.
        """
        with self._lock:
            found, lines = self._order(order), self._lines_of(order, items)
            delivered = _delivered_on(found)
            furniture = any(self._is_furniture(line) for line in lines)
            abroad = found.address is None or found.address.country != "IE"
            fee = PICK_UP_FEE if furniture else LABEL_FEE if abroad else NO_MONEY
            last_day = delivered + timedelta(days=RETURN_DAYS)
            back = {line for r in found.returns if r.status != "refused" for line in r.item_ids}
            return ReturnTerms(
                last_day=last_day, in_time=_today(context) <= last_day, furniture=furniture, fee=fee,
                excluded=tuple(line.name for line in lines if self._is_excluded(line)),
                already=tuple(line.name for line in lines if line.id in back),
                sealed=any("ingredients" in self._product(line).attributes for line in lines),
                refund=max(_paid(found, lines) - fee, NO_MONEY),
            )  # fmt: skip

    @action(kind="lookup", requires="verified", own={"order": "orders"})
    def price_check(self, order: str, item: str, context: CallContext) -> PriceCheck:
        """Whether the price of a line has fallen since it was bought.

        Args:
            order: The order's number.
            item: The line's id.
        """
        with self._lock:
            found, line = self._order(order), self._lines_of(order, (item,))[0]
            variant = self._variant(line)
            paid, last_day = _paid(found, (line,)), _placed(found).date() + timedelta(days=CLAIM_DAYS)
            now = variant.price * line.quantity
            return PriceCheck(
                paid=paid, now=now, difference=max(paid - now, NO_MONEY), last_day=last_day,
                in_time=_today(context) <= last_day, in_stock=self._in_stock(variant),
                given=any(refund.reason == f"price adjustment {item}" for refund in found.refunds),
            )  # fmt: skip

    @action(kind="lookup", requires="verified", own={"order": "orders"})
    def code_check(self, order: str, code: str) -> CodeCheck:
        """Whether a forgotten discount code fits an order.

        Args:
            order: The order's number.
            code: As the customer wrote it.
        """
        with self._lock:
            found = self._order(order)
            known = _plain(code) == "welcome10"
            goods = _sum(line.price * line.quantity for line in found.items)
            covered = _sum(line.price * line.quantity for line in found.items if self._product(line).vendor != "Sprig")
            first = not any(
                o.customer_id == found.customer_id and _placed(o) < _placed(found) for o in self._orders.values()
            )
            large, other = goods >= Money.of(40, "EUR"), bool(found.discount_codes)
            amount = covered * Decimal("0.1") if known and first and large and not other else NO_MONEY
            return CodeCheck(known=known, other_code=other, first_order=first, large_enough=large, amount=amount)

    @action(kind="lookup", requires="verified", own={"subscription": "subscriptions"})
    def subscription_dates(self, subscription: str, context: CallContext) -> SubscriptionDates:
        """What a skip would mean for a subscription, and whether it is too late for the next charge.

        Args:
            subscription: The subscription's id.
        """
        with self._lock:
            return self._dates(self._subscription(subscription), _today(context))

    @action(kind="lookup", requires="verified", own={"subscription": "subscriptions"})
    def pause_ends(self, subscription: str, months: int, context: CallContext) -> date:
        """The day on which a pause would end.

        Args:
            subscription: The subscription's id.
            months: How long it lasts, 1 to 3.
        """
        with self._lock:
            return self._pause_ends(self._subscription(subscription), months, _today(context))

    # ---- pending orders
    @action(kind="write", own={"order": "orders"})
    def cancel_order(self, order: str, context: CallContext) -> Refund:
        """Cancels an order that nobody has begun to pack, and sends the money back.

        Args:
            order: The order's number.
        """

        def effect() -> Refund:
            found = self._pending(order)
            for line in found.items:
                self._take(self._variant(line), -line.quantity)
            refund = self._refund(found, found.total or NO_MONEY, "cancelled", context)
            self._put(order, status="cancelled", cancelled_at=context.now, cancel_reason="asked for by the customer",
                      refunds=(*found.refunds, refund))  # fmt: skip
            return refund

        return self._once(context, effect)

    @action(kind="write", own={"order": "orders"})
    def change_address(self, order: str, address: Address, context: CallContext) -> Order:
        """Sends a pending order to another address.

        Args:
            order: The order's number.
            address: The new address.
        """

        def effect() -> Order:
            found = self._pending(order)
            if address.country is not None and address.country.upper() not in WHERE_WE_SHIP:
                raise ActionFailedError(f"we don't ship to {address.country}")
            if not address.line1:
                raise ActionFailedError("the address has no street")
            name = address.name or (found.address.name if found.address else None)
            return self._put(order, address=_complete(address.model_copy(update={"name": name})))

        return self._once(context, effect)

    @action(kind="write", own={"order": "orders"})
    def change_order_size(self, order: str, item: str, variant: str, context: CallContext) -> Order:
        """Changes the size or colour of a line of a pending order.

        Args:
            order: The order's number.
            item: The line's id.
            variant: The variant that takes its place.
        """

        def effect() -> Order:
            found, line = self._pending(order), self._lines_of(order, (item,))[0]
            new = self._other(line, variant)
            if new.price != self._variant(line).price:
                raise ActionFailedError("the price differs; a payment link or refund is needed")
            self._take(self._variant(line), -line.quantity)
            self._take(new, line.quantity)
            items = tuple(_as_variant(part, new) if part.id == item else part for part in found.items)
            return self._put(order, items=items)

        return self._once(context, effect)

    @action(kind="write", own={"order": "orders"})
    def change_engraving(self, order: str, item: str, words: str, context: CallContext) -> Order:
        """Changes the words on an engraved piece of a pending order.

        Args:
            order: The order's number.
            item: The line's id.
            words: The new words; a slash parts two lines on boards.
        """

        def effect() -> Order:
            found, line = self._pending(order), self._lines_of(order, (item,))[0]
            lines = (
                tuple(part.strip() for part in words.split("/")) if self._lines_allowed(line) > 1 else (words.strip(),)
            )
            if not line.personalised:
                raise ActionFailedError(f"{line.name} is not engraved")
            if len(lines) > self._lines_allowed(line) or any(not 0 < len(part) <= 24 for part in lines):
                raise ActionFailedError("the words don't fit: 24 characters on a line")
            items = tuple(
                part.model_copy(update={"engraving": lines}) if part.id == item else part for part in found.items
            )
            return self._put(order, items=items)

        return self._once(context, effect)

    @action(kind="write", own={"order": "orders"})
    def switch_to_express(self, order: str, context: CallContext) -> Order:
        """Sends a payment link for the surcharge; a pending order goes by express once it is paid.

        Args:
            order: The order's number.
        """

        def effect() -> Order:
            found = self._pending(order)
            country = found.address.country if found.address else None
            if country not in WHERE_EXPRESS_GOES or found.shipping_method != "standard":
                raise ActionFailedError(f"{order} can't go by express")
            return self._put(order, note="Express: waits for the surcharge to be paid by link")

        return self._once(context, effect)

    @action(kind="write", own={"order": "orders"})
    def add_gift_wrap(self, order: str, message: str, context: CallContext) -> Order:
        """Adds gift wrap and a card to a pending order, and sends a payment link for the wrap.

        Args:
            order: The order's number.
            message: For the card, 200 characters at most.
        """

        def effect() -> Order:
            if len(message) > 200:
                raise ActionFailedError("a card holds 200 characters")
            return self._put(self._pending(order).id, note=f"Gift wrap, once paid by link; card: {message}")

        return self._once(context, effect)

    @action(kind="write", own={"order": "orders"})
    def apply_code(self, order: str, code: str, context: CallContext) -> Refund:
        """Adds a forgotten discount code to a pending order and refunds the difference.

        Args:
            order: The order's number.
            code: As the customer wrote it.
        """

        def effect() -> Refund:
            found, check = self._pending(order), self.code_check(order, code)
            if check.amount == NO_MONEY:
                raise ActionFailedError(f"{code} doesn't fit {order}")
            refund = self._refund(found, check.amount, f"code {code.upper()}", context)
            self._put(order, refunds=(*found.refunds, refund), discount_codes=(code.upper(),))
            return refund

        return self._once(context, effect)

    # ---- parcels
    @action(kind="write", own={"order": "orders"})
    def send_again(self, order: str, parcel: str, context: CallContext) -> Shipment:
        """Sends a parcel once more that was lost, came back, or is "delivered" and not there.

        Args:
            order: The order's number.
            parcel: The parcel's id.
        """

        def effect() -> Shipment:
            found, lost = self._order(order), self._gone(order, parcel, context)
            lines = [line for line in found.items if line.id in lost.item_ids]
            if missing := [line.name for line in lines if not self._in_stock(self._variant(line), line.quantity)]:
                raise ActionFailedError(f"out of stock: {', '.join(missing)}")
            for line in lines:
                self._take(self._variant(line), line.quantity)
            return self._send(found, lost.item_ids, instead_of=parcel)

        return self._once(context, effect)

    @action(kind="write", own={"order": "orders"})
    def refund_parcel(self, order: str, parcel: str, context: CallContext) -> Refund:
        """Refunds a parcel that was lost, came back, or is "delivered" and not there.

        Args:
            order: The order's number.
            parcel: The parcel's id.
        """

        def effect() -> Refund:
            found, lost = self._order(order), self._gone(order, parcel, context)
            lines = [line for line in found.items if line.id in lost.item_ids]
            refund = self._refund(found, _paid(found, lines), f"parcel {parcel}", context)
            parcels = tuple(_but(p, settled="refunded") if p.id == parcel else p for p in found.shipments)
            self._put(order, refunds=(*found.refunds, refund), shipments=parcels)
            return refund

        return self._once(context, effect)

    @action(kind="write", own={"order": "orders"})
    def send_missing(self, order: str, items: tuple[str, ...], context: CallContext) -> Shipment:
        """Sends what was missing from a delivered order.

        Args:
            order: The order's number.
            items: Ids of the lines that are missing.
        """

        def effect() -> Shipment:
            found, lines = self._missing(order, items, context)
            if gone := [line.name for line in lines if not self._in_stock(self._variant(line), line.quantity)]:
                raise ActionFailedError(f"out of stock: {', '.join(gone)}")
            for line in lines:
                self._take(self._variant(line), line.quantity)
            return self._send(found, items)

        return self._once(context, effect)

    @action(kind="write", own={"order": "orders"})
    def refund_missing(self, order: str, items: tuple[str, ...], context: CallContext) -> Refund:
        """Refunds what was missing from a delivered order.

        Args:
            order: The order's number.
            items: Ids of the lines that are missing.
        """

        def effect() -> Refund:
            found, lines = self._missing(order, items, context)
            refund = self._refund(found, _paid(found, lines), "missing " + ", ".join(items), context)
            self._put(order, refunds=(*found.refunds, refund))
            return refund

        return self._once(context, effect)

    @action(kind="write", own={"order": "orders"})
    def move_appointment(
        self, order: str, day: date, part: Literal["morning", "afternoon"], context: CallContext
    ) -> Order:
        """Moves the appointment at which two people bring furniture.

        Args:
            order: The order's number.
            day: The new day.
            part: Of the day.
        """

        def effect() -> Order:
            found = self._order(order)
            coming = next((p for p in found.shipments if p.status != "delivered" and p.expected_on is not None), None)
            if found.shipping_method != "two-person delivery" or coming is None or coming.expected_on is None:
                raise ActionFailedError(f"{order} has no appointment")
            if _working_days(_today(context), coming.expected_on) < WAIT_AFTER_DELIVERY:
                raise ActionFailedError("it is less than 2 working days away")
            if not _is_working_day(day) or _working_days(_today(context), day) < WAIT_AFTER_DELIVERY:
                raise ActionFailedError(f"there is no tour on {day}")
            parcels = tuple(_but(p, expected_on=day) if p.id == coming.id else p for p in found.shipments)
            return self._put(order, shipments=parcels, note=f"Delivery appointment: {day}, {part}")

        return self._once(context, effect)

    # ---- what comes back
    @action(kind="write", own={"order": "orders"})
    def create_return(
        self, order: str, items: tuple[str, ...], context: CallContext, assembled: bool | None = None
    ) -> Return:
        """Books a return; the label goes out by e-mail, or the pick-up's dates for furniture.

        Args:
            order: The order's number.
            items: Ids of the lines that come back.
            assembled: For furniture: whether it is put together.
        """

        def effect() -> Return:
            found, terms = self._order(order), self.return_terms(order, items, context)
            if found.status != "delivered" or not terms.in_time:
                raise ActionFailedError(f"{order} can't come back any more")
            if terms.excluded or terms.already:
                raise ActionFailedError(f"can't come back: {', '.join((*terms.excluded, *terms.already))}")
            way = {True: "pick-up, assembled", False: "pick-up, in parts"}
            return self._put_return(_complete(Return(
                id=f"R-{order.lstrip('#')}-{len(found.returns) + 1}", order_id=order, status="requested", item_ids=items,
                reason=None if assembled is None else way[assembled], requested_at=context.now,
            )))  # fmt: skip

        return self._once(context, effect)

    @action(kind="write", own={"order": "orders"})
    def create_exchange(self, order: str, item: str, variant: str, context: CallContext) -> Exchange:
        """Books the exchange of a line for another size or colour, and puts the new one aside.

        Args:
            order: The order's number.
            item: The line's id.
            variant: The variant that takes its place.
        """

        def effect() -> Exchange:
            found, line = self._order(order), self._lines_of(order, (item,))[0]
            terms, new = self.return_terms(order, (item,), context), self._other(line, variant)
            if found.status != "delivered" or not terms.in_time or terms.excluded or terms.already or terms.furniture:
                raise ActionFailedError(f"{line.name} can't be exchanged")
            if found.exchanges:
                raise ActionFailedError(f"{order} was exchanged before")
            self._take(new, line.quantity)
            exchange = _complete(Exchange(
                id=f"X-{order.lstrip('#')}-1", order_id=order, status="requested", item_ids=(item,),
                replacement_variant_ids=(new.id,), requested_at=context.now,
                difference=(new.price - self._variant(line).price) * line.quantity,
            ))  # fmt: skip
            self._put(order, exchanges=(exchange,))
            return exchange

        return self._once(context, effect)

    @action(kind="write", own={"order": "orders"})
    def report_problem(
        self, order: str, item: str, problem: Literal["damaged", "faulty", "wrong item", "wrong engraving"],
        wish: Literal["mending", "replacement", "refund"], context: CallContext,
    ) -> Return:  # fmt: skip
        """Notes that a piece is damaged, faulty or not what was ordered; within 14 days a replacement leaves at once.

        Args:
            order: The order's number.
            item: The line's id.
            problem: What is wrong.
            wish: What the customer chose.
        """

        def effect() -> Return:
            found, line = self._order(order), self._lines_of(order, (item,))[0]
            delivered = _delivered_on(found)
            if _today(context) > delivered + timedelta(days=730):
                raise ActionFailedError("the two years have passed")
            if any(item in r.item_ids and (r.reason or "").startswith(problem) for r in found.returns):
                raise ActionFailedError(f"{line.name} was reported before")
            if wish == "replacement" and _today(context) <= delivered + timedelta(days=CLAIM_DAYS):
                if not self._in_stock(self._variant(line), line.quantity):
                    raise ActionFailedError(f"out of stock: {line.name}")
                self._take(self._variant(line), line.quantity)
                self._send(found, (item,))
            return self._put_return(_complete(Return(
                id=f"R-{order.lstrip('#')}-{len(found.returns) + 1}", order_id=order, status="label sent", item_ids=(item,),
                reason=f"{problem}, {wish} wished for", requested_at=context.now,
            )))  # fmt: skip

        return self._once(context, effect)

    @action(kind="write", own={"order": "orders"})
    def refund_price_difference(self, order: str, item: str, context: CallContext) -> Refund:
        """Pays back by how much the price of a line has fallen within 14 days of its purchase.

        Args:
            order: The order's number.
            item: The line's id.
        """

        def effect() -> Refund:
            found, check = self._order(order), self.price_check(order, item, context)
            if not check.in_time or not check.in_stock or check.given or check.difference == NO_MONEY:
                raise ActionFailedError("no difference is owed")
            refund = self._refund(found, check.difference, f"price adjustment {item}", context)
            self._put(order, refunds=(*found.refunds, refund))
            return refund

        return self._once(context, effect)

    # ---- e-mails and small things: nothing to confirm, they go to the customer's own address
    @action(kind="write", confirm=False, own={"order": "orders"})
    def resend_label(self, order: str, context: CallContext) -> Return:
        """Sends the label of a booked return again.

        Args:
            order: The order's number.
        """

        def effect() -> Return:
            waiting = [r for r in self._order(order).returns if r.status in {"requested", "label sent"}]
            if not waiting:
                raise ActionFailedError(f"{order} has no return that waits for a label")
            return self._put_return(waiting[-1].model_copy(update={"status": "label sent"}))

        return self._once(context, effect)

    @action(kind="write", confirm=False, own={"order": "orders"})
    def email_invoice(self, order: str, context: CallContext) -> Order:
        """Sends the invoice of an order that has left to the address it was ordered with.

        Args:
            order: The order's number.
        """

        def effect() -> Order:
            found = self._order(order)
            if found.status in {"pending", "processing"}:
                raise ActionFailedError("there is no invoice before the parcel leaves")
            return found

        return self._once(context, effect)

    @action(kind="write", confirm=False, own={"order": "orders"})
    def resend_confirmation(self, order: str, context: CallContext) -> Order:
        """Sends an order's confirmation again, to the address it was ordered with.

        Args:
            order: The order's number.
        """
        return self._once(context, lambda: self._order(order))

    @action(kind="write", own={"order": "orders"})
    def send_spare_part(self, order: str, item: str, part: str, context: CallContext) -> Shipment:
        """Sends a screw, fitting or board of a piece of furniture, free of charge.

        Args:
            order: The order's number.
            item: The line's id.
            part: Its letter or number in the instructions.
        """

        def effect() -> Shipment:
            found, line = self._order(order), self._lines_of(order, (item,))[0]
            if not self._is_furniture(line):
                raise ActionFailedError(f"{line.name} is no furniture")
            return self._send(found, (), contents=f"part {part} of {line.name}")

        return self._once(context, effect)

    @action(kind="write", own={"order": "orders"})
    def book_mending(self, order: str, item: str, context: CallContext) -> Order:
        """Books a piece of Wrenfold Wear in at the Mending Bench; the label goes out by e-mail.

        Args:
            order: The order's number.
            item: The line's id.
        """

        def effect() -> Order:
            found, line = self._order(order), self._lines_of(order, (item,))[0]
            if self._product(line).vendor != "Wrenfold Wear":
                raise ActionFailedError(f"{line.name} is not Wrenfold Wear")
            free = _today(context) <= _delivered_on(found) + timedelta(days=365)
            return self._put(order, note=f"Mending Bench: {line.name}, {'free' if free else '12.00 by payment link'}")

        return self._once(context, effect)

    @action(kind="write", requires="anonymous", confirm=False)
    def sign_up_back_in_stock(self, variant: str, notify: str, context: CallContext) -> str:
        """Notes an e-mail address that is written to once, when something is back.

        Args:
            variant: The variant that is out of stock.
            notify: Where the one e-mail goes.
        """

        def effect() -> str:
            if "@" not in notify:
                raise ActionFailedError("this is no e-mail address")
            self._waiting.setdefault(variant, set()).add(notify.strip().casefold())
            return notify

        return self._once(context, effect)

    @action(kind="write")
    def redeem_feathers(self, hundreds: int, context: CallContext) -> LoyaltyAccount:
        """Puts Feathers into the customer's next cart: 5.00 off for each hundred.

        Args:
            hundreds: How many hundreds.
        """

        def effect() -> LoyaltyAccount:
            customer = self._customers.get(context.customer.id if context.customer else None)
            account = customer.loyalty if customer is not None else None
            if customer is None or account is None or hundreds < 1 or account.points < hundreds * 100:
                raise ActionFailedError(f"there are no {hundreds * 100} Feathers")
            left = account.model_copy(update={"points": account.points - hundreds * 100})
            self._customers[customer.id] = customer.model_copy(update={"loyalty": left})
            return left

        return self._once(context, effect)

    # ---- subscriptions
    @action(kind="write", own={"subscription": "subscriptions"})
    def skip_delivery(self, subscription: str, context: CallContext) -> Subscription:
        """Leaves out the next delivery that can still be stopped.

        Args:
            subscription: The subscription's id.
        """

        def effect() -> Subscription:
            found = self._running(subscription, "active")
            dates = self._dates(found, _today(context))
            if dates.late:
                return self._keep(found, skipped=dates.left_out)
            return self._keep(found, next_charge_on=dates.then)

        return self._once(context, effect)

    @action(kind="write", own={"subscription": "subscriptions"})
    def pause_subscription(self, subscription: str, months: int, context: CallContext) -> Subscription:
        """Sends nothing for one to three months; then it resumes by itself.

        Args:
            subscription: The subscription's id.
            months: How many, 1 to 3.
        """

        def effect() -> Subscription:
            found = self._running(subscription, "active")
            until = self._pause_ends(found, months, _today(context))
            if self._dates(found, _today(context)).late:
                return self._keep(found, paused_until=until)
            return self._keep(found, status="paused", paused_until=until, next_charge_on=until)

        return self._once(context, effect)

    @action(kind="write", own={"subscription": "subscriptions"})
    def resume_subscription(self, subscription: str, day: date, context: CallContext) -> Subscription:
        """Ends a pause early.

        Args:
            subscription: The subscription's id.
            day: The next charge, tomorrow at the earliest.
        """

        def effect() -> Subscription:
            found = self._running(subscription, "paused")
            if not _today(context) < day <= _today(context) + timedelta(weeks=26):
                raise ActionFailedError("the next charge is tomorrow at the earliest")
            return self._keep(found, status="active", paused_until=None, next_charge_on=day)

        return self._once(context, effect)

    @action(kind="write", own={"subscription": "subscriptions"})
    def cancel_subscription(self, subscription: str, context: CallContext) -> Subscription:
        """Ends a subscription; a charge less than 2 days away still happens.

        Args:
            subscription: The subscription's id.
        """

        def effect() -> Subscription:
            found = self._subscription(subscription)
            if found.status == "cancelled":
                raise ActionFailedError(f"{subscription} has ended already")
            late = found.status == "active" and self._dates(found, _today(context)).late
            last = found.next_charge_on if late else None
            return self._keep(
                found, status="cancelled", cancelled_at=context.now, next_charge_on=last, paused_until=None
            )

        return self._once(context, effect)

    @action(kind="write", own={"subscription": "subscriptions"})
    def change_subscription_interval(self, subscription: str, weeks: int, context: CallContext) -> Subscription:
        """Changes how often a subscription comes, from the delivery after the next charge on.

        Args:
            subscription: The subscription's id.
            weeks: Between two deliveries: 4, 6 or 8.
        """

        def effect() -> Subscription:
            found = self._subscription(subscription)
            if found.status == "cancelled" or weeks not in {4, 6, 8}:
                raise ActionFailedError(f"{subscription} can't come every {weeks} weeks")
            return self._keep(found, every_weeks=weeks)

        return self._once(context, effect)

    # ---- below: how it is kept
    def _once(self, context: CallContext, effect: Callable[[], T]) -> T:
        """The effect, or what it came to under the same key before."""
        with self._lock:
            key = context.idempotency_key
            if key and key in self._done:
                found: T = self._done[key]
                return found
            result = effect()
            if key:
                self._done[key] = result
            return result

    def _order(self, number: str) -> Order:
        if number not in self._orders:
            raise ActionFailedError(f"there is no order {number}")
        return self._orders[number]

    def _pending(self, number: str) -> Order:
        found = self._order(number)
        if found.status != "pending":
            raise ActionFailedError(f"{number} is {found.status}")
        return found

    def _put(self, number: str, **changes: Any) -> Order:
        self._orders[number] = self._order(number).model_copy(update=changes)
        return self._orders[number]

    def _put_return(self, given: Return) -> Return:
        found = self._orders.get(given.order_id)
        if found is not None:
            others = tuple(r for r in found.returns if r.id != given.id)
            self._put(found.id, returns=(*others, given))
        return given

    def _subscription(self, number: str) -> Subscription:
        if number not in self._subscriptions:
            raise ActionFailedError(f"there is no subscription {number}")
        return self._subscriptions[number]

    def _running(self, number: str, status: str) -> Subscription:
        found = self._subscription(number)
        if found.status != status:
            raise ActionFailedError(f"{number} is {found.status}")
        return found

    def _keep(self, found: Subscription, **changes: Any) -> Subscription:
        self._subscriptions[found.id] = found.model_copy(update=changes)
        return self._subscriptions[found.id]

    def _dates(self, found: Subscription, today: date) -> SubscriptionDates:
        if found.next_charge_on is None or found.every_weeks is None:
            raise ActionFailedError(f"{found.id} has no next charge")
        rhythm = timedelta(weeks=found.every_weeks)
        late = found.next_charge_on < today + timedelta(days=2)
        left_out = found.next_charge_on + rhythm if late else found.next_charge_on
        return SubscriptionDates(late=late, left_out=left_out, then=left_out + rhythm)

    def _pause_ends(self, found: Subscription, months: int, today: date) -> date:
        if months not in {1, 2, 3}:
            raise ActionFailedError("a pause lasts 1 to 3 months")
        dates = self._dates(found, today)
        end = _months_later(today, months)
        # a pause that would be over before the next charge begins with that charge instead
        return end if not dates.late and end > dates.left_out else _months_later(dates.left_out, months)

    def _lines(self) -> Iterable[LineItem]:
        for order in self._orders.values():
            yield from order.items
        for subscription in self._subscriptions.values():
            yield from subscription.items

    def _line(self, line: str) -> LineItem:
        found = next((item for item in self._lines() if item.id == line), None)
        if found is None:
            raise ActionFailedError(f"there is no line {line}")
        return found

    def _lines_of(self, order: str, items: Iterable[str]) -> tuple[LineItem, ...]:
        wanted, found = set(items), self._order(order)
        lines = tuple(line for line in found.items if line.id in wanted)
        if not wanted or len(lines) != len(wanted):
            raise ActionFailedError(f"{order} has no lines {', '.join(sorted(wanted))}")
        return lines

    def _product(self, line: LineItem) -> Product:
        found = self._catalog.product(line.product_id or line.sku or "")
        if found is None:
            raise ActionFailedError(f"{line.name} is not in the catalog")
        return found

    def _variants(self, line: LineItem) -> tuple[Variant, ...]:
        return self._product(line).variants

    def _variant(self, line: LineItem) -> Variant:
        found = next((v for v in self._variants(line) if line.variant_id in {v.id, v.sku}), None)
        if found is None:
            raise ActionFailedError(f"{line.name} is no longer made like this")
        return found

    def _other(self, line: LineItem, variant: str) -> Variant:
        new = next((v for v in self._variants(line) if variant in {v.id, v.sku}), None)
        if new is None or line.variant_id in {new.id, new.sku}:
            raise ActionFailedError(f"{variant} is no other size or colour of {line.name}")
        if not self._in_stock(new, line.quantity):
            raise ActionFailedError(f"out of stock: {variant}")
        return new

    @staticmethod
    def _differs_once(variant: Variant, line: LineItem) -> bool:
        return sum(line.options.get(name) != value for name, value in variant.options.items()) == 1

    def _in_stock(self, variant: Variant, pieces: int = 1) -> bool:
        left = self._stock.get(variant.id)
        return variant.available and (left is None or left >= pieces)

    def _take(self, variant: Variant, pieces: int) -> None:
        left = self._stock.get(variant.id)
        if left is not None:
            self._stock[variant.id] = left - pieces

    def _is_furniture(self, line: LineItem) -> bool:
        return "delivery" in self._product(line).attributes

    def _lines_allowed(self, line: LineItem) -> int:
        return 2 if str(self._product(line).attributes.get("engraving", "")).startswith("2") else 1

    def _is_excluded(self, line: LineItem) -> bool:
        kind = self._product(line).kind
        return line.personalised or line.final_sale or kind in {"Earrings", "Gift card"}

    def _gone(self, order: str, parcel: str, context: CallContext) -> Shipment:
        """A parcel that may be sent again or refunded."""
        found = next((p for p in self._order(order).shipments if p.id == parcel), None)
        if found is None:
            raise ActionFailedError(f"{order} has no parcel {parcel}")
        if found.extra.get("settled") is not None:
            raise ActionFailedError(f"{parcel} was settled before")
        since = found.delivered_at or found.last_scan_at or found.shipped_at
        quiet = _working_days(since.astimezone(DUBLIN).date(), _today(context)) if since else 0
        needed = {"lost": 0, "returned to sender": 0, "delivered": WAIT_AFTER_DELIVERY}.get(found.status, LOST_AFTER)
        if quiet < needed:
            raise ActionFailedError(f"{parcel} is {found.status} and may still come")
        return found

    def _missing(self, order: str, items: tuple[str, ...], context: CallContext) -> tuple[Order, tuple[LineItem, ...]]:
        """Lines that may be sent or refunded as missing."""
        found, lines = self._order(order), self._lines_of(order, items)
        if any(parcel.status != "delivered" for parcel in found.shipments) or not found.shipments:
            raise ActionFailedError(f"parcels of {order} are still on their way")
        if _today(context) > _delivered_on(found) + timedelta(days=CLAIM_DAYS):
            raise ActionFailedError("it is more than 14 days since the delivery")
        sent_again = {i for p in found.shipments if p.extra.get("instead_of") for i in p.item_ids}
        settled = sent_again | {i for r in found.refunds if (r.reason or "").startswith("missing") for i in items}
        if set(items) & settled:
            raise ActionFailedError("it was settled before")
        return found, lines

    def _refund(self, order: Order, amount: Money, reason: str, context: CallContext) -> Refund:
        to = order.payment_method
        at_once = to is not None and to.kind == "gift card"
        return _complete(Refund(
            id=f"RF-{order.id.lstrip('#')}-{len(order.refunds) + 1}", amount=amount, to=to, reason=reason,
            status="issued" if at_once else "pending", issued_at=context.now if at_once else None,
        ))  # fmt: skip

    def _send(
        self, order: Order, items: tuple[str, ...], *, instead_of: str = "missing", contents: str = ""
    ) -> Shipment:
        number, count = order.id.lstrip("#"), len(order.shipments) + 1
        tracking = f"AL{number}{count}{int(number) * 7919 % 1_000_000:06}"
        parcel = _complete(Shipment(
            id=f"P-{number}-{count}", status="label created", carrier="An Lár Parcels", tracking_number=tracking,
            tracking_url=f"https://track.wrenfold.example/{tracking}", item_ids=items, instead_of=instead_of,
            contents=contents,
        ))  # fmt: skip
        parcels = tuple(_but(p, settled="sent again") if p.id == instead_of else p for p in order.shipments)
        self._put(order.id, shipments=(*parcels, parcel))
        return parcel


def _complete(record: Found) -> Found:
    """The record with all its fields given: what the shop's own systems don't hold is absent, not unknown."""
    looked_up = _LOOKED_UP.get(type(record).__name__, frozenset())
    values = {name: getattr(record, name) for name in type(record).model_fields if name not in looked_up}
    return record.model_copy(update={name: _completed(value) for name, value in values.items()})


_LOOKED_UP: Mapping[str, frozenset[str]] = {
    "Customer": frozenset({"orders", "subscriptions", "verification"}),
    "LineItem": frozenset({"product"}),
}


def _completed(value: Any) -> Any:
    if isinstance(value, Fact):
        return _complete(value)
    return tuple(_completed(part) for part in value) if isinstance(value, tuple) else value


def _but(parcel: Shipment, **changes: Any) -> Shipment:
    return parcel.model_copy(update=changes)


def _as_variant(line: LineItem, variant: Variant) -> LineItem:
    changes = {"variant_id": variant.id, "sku": variant.sku, "variant": variant.title, "options": dict(variant.options)}
    return line.model_copy(update=changes)


def _check_same(customer: str, context: CallContext) -> None:
    if context.customer is None or context.customer.id != customer:
        raise ActionFailedError("this is another customer's")


def _plain(words: str | None) -> str:
    return "".join(char for char in (words or "").casefold() if char.isalnum() or char == "@")


def _placed(order: Order) -> datetime:
    if order.placed_at is None:
        raise ActionFailedError(f"it is not known when {order.id} was placed")
    return order.placed_at.astimezone(DUBLIN)


def _delivered_on(order: Order) -> date:
    if order.delivered_at is None:
        raise ActionFailedError(f"{order.id} has not been delivered")
    return order.delivered_at.astimezone(DUBLIN).date()


def _today(context: CallContext) -> date:
    return context.now.astimezone(DUBLIN).date()


def _sum(amounts: Iterable[Money]) -> Money:
    return sum(amounts, NO_MONEY)


def _paid(order: Order, lines: Iterable[LineItem]) -> Money:
    """What was paid for lines: their price less their share of the order's discount."""
    goods, all_goods = _sum(line.price * line.quantity for line in lines), order.subtotal
    if order.discount is None or all_goods is None or all_goods <= NO_MONEY:
        return goods
    return goods * (Decimal((all_goods - order.discount).minor) / all_goods.minor)


@cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(country_holidays("IE", years=year))


def _is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _holidays(day.year)


def _working_days(start: date, end: date) -> int:
    """Working days after `start` up to `end`; 0 when `end` isn't later."""
    return sum(_is_working_day(start + timedelta(days=n)) for n in range(1, min((end - start).days, 4_000) + 1))


def _months_later(day: date, months: int) -> date:
    """The same day some months later, or the month's last."""
    index = day.month - 1 + months
    first = date(day.year + index // 12, index % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return min(first + timedelta(days=day.day - 1), last)
