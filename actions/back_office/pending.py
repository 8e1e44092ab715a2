"""What can still be changed about an order that nobody has begun to pack."""

from __future__ import annotations

from convagent.actions import ActionFailedError, CallContext, action
from convagent.facts import (
    Address,
    Order,
    Refund,
)

from .reckoning import Reckoning
from .records import as_variant, complete
from .rules import (
    FREE_EXPRESS_LEVEL,
    NO_MONEY,
    WHERE_EXPRESS_GOES,
    WHERE_WE_SHIP,
)
from .sums import paid_for, pieces_of

__all__ = ["PendingOrders"]


class PendingOrders(Reckoning):
    """Writes on pending orders."""

    @action(kind="write", own={"order": "orders"})
    def cancel_order(self, order: str, context: CallContext) -> Refund:
        """Cancels an order that nobody has begun to pack, and sends the money back.

        Args:
            order: The order's number.
        """

        def effect() -> Refund:
            found = self._pending(order)
            for line in found.items:
                self._take(self._variant(line), -pieces_of(line))
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
            return self._put(order, address=complete(address.model_copy(update={"name": name})))

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
            self._take(self._variant(line), -pieces_of(line))
            self._take(new, pieces_of(line))
            items = tuple(as_variant(part, new) if part.id == item else part for part in found.items)
            return self._put(order, items=items)

        return self._once(context, effect)

    @action(kind="write", own={"order": "orders"})
    def remove_from_order(self, order: str, item: str, pieces: int, context: CallContext) -> Refund:
        """Takes pieces out of a pending order and refunds them.

        Args:
            order: The order's number.
            item: The line's id.
            pieces: How many of its pieces leave.
        """

        def effect() -> Refund:
            found, part = self._pending(order), self._part_of(order, item, pieces)
            terms, goods = self.removal_terms(order, item, pieces), part.price * pieces
            if terms.everything or terms.dearer:
                raise ActionFailedError("nothing would be left" if terms.everything else "a payment link is needed")
            self._take(self._variant(part), -pieces)
            lines = (
                line.model_copy(update={"quantity": pieces_of(line) - pieces}) if line.id == item else line
                for line in found.items
            )
            refund = self._refund(found, terms.refund, f"taken out: {pieces} × {item}", context)
            self._put(
                order, refunds=(*found.refunds, refund), items=tuple(line for line in lines if line.quantity),
                subtotal=None if found.subtotal is None else found.subtotal - goods,
                discount=None if found.discount is None else found.discount - (goods - paid_for(found, (part,))),
                shipping=(found.shipping or NO_MONEY) + terms.delivery,
                total=None if found.total is None else found.total - terms.refund,
            )  # fmt: skip
            return refund

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
        """Switches a pending order to express: at once for Canopy members, for others once the surcharge is paid by link.

        Args:
            order: The order's number.
        """

        def effect() -> Order:
            found = self._pending(order)
            country = found.address.country if found.address else None
            if country not in WHERE_EXPRESS_GOES or found.shipping_method != "standard":
                raise ActionFailedError(f"{order} can't go by express")
            customer = self._customers.get(found.customer_id or "")
            if customer is not None and customer.loyalty is not None and customer.loyalty.level == FREE_EXPRESS_LEVEL:
                return self._put(order, shipping_method="express", note="Express: free for a Canopy member")
            return self._put(order, note="Express: waits for the surcharge to be paid by link")

        return self._once(context, effect)

    @action(kind="write", own={"order": "orders"})
    def add_gift_wrap(self, order: str, message: str, context: CallContext) -> Order:
        """Adds gift wrap and a card to a pending order, and sends a payment link for the wrap; or changes the card's words.

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
