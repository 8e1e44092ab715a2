"""E-mails and small things: nothing to confirm, they go to the customer's own address."""

from __future__ import annotations

from datetime import timedelta

from convagent.actions import ActionFailedError, CallContext, action
from convagent.facts import (
    LoyaltyAccount,
    Order,
    Return,
    Shipment,
)

from .books import Books
from .days import today_of
from .sums import delivered_on

__all__ = ["SmallThings"]


class SmallThings(Books):
    """Writes that need little asking."""

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
            free = today_of(context) <= delivered_on(found) + timedelta(days=365)
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
            points = account.points if account is not None else None
            if customer is None or account is None or points is None or hundreds < 1 or points < hundreds * 100:
                raise ActionFailedError(f"there are no {hundreds * 100} Feathers")
            left = account.model_copy(update={"points": points - hundreds * 100})
            self._customers[customer.id] = customer.model_copy(update={"loyalty": left})
            return left

        return self._once(context, effect)
