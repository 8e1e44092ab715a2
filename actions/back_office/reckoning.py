"""What would come of it: look-ups that reckon and change nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from convagent.actions import CallContext, action
from convagent.facts import (
    Money,
)

from .books import Books
from .days import DUBLIN, today_of, working_days, working_days_later
from .rules import (
    CLAIM_DAYS,
    ENGRAVING_DAYS,
    EXPRESS_DAYS,
    FREE_FROM,
    FURNITURE_DELIVERY,
    LABEL_FEE,
    NO_MONEY,
    PACKED_UNTIL,
    PICK_UP_FEE,
    RETURN_DAYS,
    STANDARD_DELIVERY,
    WHOLE_ORDER_DAYS,
)
from .sums import delivered_on, paid_for, pieces_of, placed_on, plain, sum_of
from .terms import CodeCheck, ExpressCheck, PriceCheck, RemovalTerms, ReturnTerms, SubscriptionDates

__all__ = ["Reckoning"]


class Reckoning(Books):
    """Look-ups that reckon with the shop's rules."""

    @action(kind="lookup")
    def working_days_since(self, moment: datetime, context: CallContext) -> Decimal:
        """Working days in Ireland that have passed since a moment, its own day not counted.

        Args:
            moment: In the past.
        """
        return Decimal(working_days(moment.astimezone(DUBLIN).date(), today_of(context)))

    @action(kind="lookup")
    def working_days_until(self, day: date, context: CallContext) -> Decimal:
        """Working days in Ireland from today to a day, today not counted.

        Args:
            day: In the future.
        """
        return Decimal(working_days(today_of(context), day))

    @action(kind="lookup", requires="verified", own={"order": "orders"})
    def return_terms(self, order: str, items: tuple[str, ...], context: CallContext) -> ReturnTerms:
        """Whether lines of a delivered order can come back, and what is paid back for them.

        Args:
            order: The order's number.
            items: Ids of its lines.
        """
        with self._lock:
            found, lines = self._order(order), self._lines_of(order, items)
            delivered = delivered_on(found)
            furniture = any(self._is_furniture(line) for line in lines)
            abroad = found.address is None or found.address.country != "IE"
            fee = PICK_UP_FEE if furniture else LABEL_FEE if abroad else NO_MONEY
            last_day = delivered + timedelta(days=RETURN_DAYS)
            back = {line for r in found.returns if r.status != "refused" for line in r.item_ids}
            whole = {line.id for line in found.items} == {line.id for line in lines} and not back
            soon = today_of(context) <= delivered + timedelta(days=WHOLE_ORDER_DAYS)
            most = FURNITURE_DELIVERY if furniture else STANDARD_DELIVERY
            delivery = min(found.shipping or NO_MONEY, most) if whole and soon else NO_MONEY
            return ReturnTerms(
                last_day=last_day, in_time=today_of(context) <= last_day, furniture=furniture, fee=fee,
                excluded=tuple(line.name for line in lines if self._is_excluded(line)),
                already=tuple(line.name for line in lines if line.id in back),
                sealed=any("ingredients" in self._product(line).attributes for line in lines),
                refund=max(paid_for(found, lines) + delivery - fee, NO_MONEY),
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
            paid, last_day = paid_for(found, (line,)), placed_on(found).date() + timedelta(days=CLAIM_DAYS)
            now = variant.price * pieces_of(line)
            return PriceCheck(
                paid=paid, now=now, difference=max(paid - now, NO_MONEY), last_day=last_day,
                in_time=today_of(context) <= last_day, in_stock=self._in_stock(variant),
                given=any(refund.reason == f"price adjustment {item}" for refund in found.refunds),
            )  # fmt: skip

    @action(kind="lookup", requires="verified", own={"order": "orders"})
    def removal_terms(self, order: str, item: str, pieces: int) -> RemovalTerms:
        """What is paid back for pieces that leave an order before it is packed.

        Args:
            order: The order's number.
            item: The line's id.
            pieces: How many of its pieces leave.
        """
        with self._lock:
            found, part = self._order(order), self._part_of(order, item, pieces)
            paid = paid_for(found, (part,))
            left = paid_for(found, found.items) - paid
            free = found.shipping == NO_MONEY and found.shipping_method == "standard"
            due = free and left < FREE_FROM and found.extra.get("subscription_id") is None
            delivery = STANDARD_DELIVERY if due else NO_MONEY
            return RemovalTerms(
                everything=pieces == sum(map(pieces_of, found.items)),
                refund=max(paid - delivery, NO_MONEY), delivery=delivery, dearer=paid < delivery,
            )  # fmt: skip

    @action(kind="lookup", requires="verified", own={"order": "orders"})
    def express_check(self, order: str, context: CallContext) -> ExpressCheck:
        """Whether an express parcel came within the 2 working days that were promised.

        Args:
            order: The order's number.
        """
        with self._lock:
            found = self._order(order)
            placed = placed_on(found)
            at_the_bench = ENGRAVING_DAYS if any(line.personalised for line in found.items) else 0
            leaves = working_days_later(placed.date(), int(placed.time() >= PACKED_UNTIL) + at_the_bench)
            promised = working_days_later(leaves, EXPRESS_DAYS)
            arrived = delivered_on(found) if found.delivered_at is not None else today_of(context)
            return ExpressCheck(
                promised=promised, late=arrived > promised, paid=found.shipping or NO_MONEY,
                given=any(refund.reason == "express was late" for refund in found.refunds),
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
            known = plain(code) == "welcome10"
            goods = sum_of(line.price * pieces_of(line) for line in found.items)
            covered = sum_of(
                line.price * pieces_of(line) for line in found.items if self._product(line).vendor != "Sprig"
            )
            first = not any(
                o.customer_id == found.customer_id and placed_on(o) < placed_on(found) for o in self._orders.values()
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
            return self._dates(self._subscription(subscription), today_of(context))

    @action(kind="lookup", requires="verified", own={"subscription": "subscriptions"})
    def pause_ends(self, subscription: str, months: int, context: CallContext) -> date:
        """The day on which a pause would end.

        Args:
            subscription: The subscription's id.
            months: How long it lasts, 1 to 3.
        """
        with self._lock:
            return self._pause_ends(self._subscription(subscription), months, today_of(context))
