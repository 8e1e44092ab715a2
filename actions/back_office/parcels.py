"""Parcels that were lost, came back, or lacked something."""

from __future__ import annotations

from datetime import date
from typing import Literal

from convagent.actions import ActionFailedError, CallContext, action
from convagent.facts import (
    Order,
    Refund,
    Shipment,
)

from .days import is_working_day, today_of, working_days
from .reckoning import Reckoning
from .records import changed
from .rules import (
    NO_MONEY,
    WAIT_AFTER_DELIVERY,
)
from .sums import paid_for, pieces_of

__all__ = ["Parcels"]


class Parcels(Reckoning):
    """Writes on parcels."""

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
            if missing := [line.name for line in lines if not self._in_stock(self._variant(line), pieces_of(line))]:
                raise ActionFailedError(f"out of stock: {', '.join(missing)}")
            for line in lines:
                self._take(self._variant(line), pieces_of(line))
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
            refund = self._refund(found, paid_for(found, lines), f"parcel {parcel}", context)
            parcels = tuple(changed(p, settled="refunded") if p.id == parcel else p for p in found.shipments)
            self._put(order, refunds=(*found.refunds, refund), shipments=parcels)
            return refund

        return self._once(context, effect)

    @action(kind="write", own={"order": "orders"})
    def send_missing(
        self, order: str, items: tuple[str, ...], context: CallContext, pieces: int | None = None
    ) -> Shipment:
        """Sends what was missing from a delivered order.

        Args:
            order: The order's number.
            items: Ids of the lines that are missing.
            pieces: How many pieces of a single line are missing; all of them when left out.
        """

        def effect() -> Shipment:
            found, lines = self._missing(order, items, pieces, context)
            if gone := [line.name for line in lines if not self._in_stock(self._variant(line), pieces_of(line))]:
                raise ActionFailedError(f"out of stock: {', '.join(gone)}")
            for line in lines:
                self._take(self._variant(line), pieces_of(line))
            return self._send(found, items, contents=", ".join(f"{pieces_of(line)} × {line.name}" for line in lines))

        return self._once(context, effect)

    @action(kind="write", own={"order": "orders"})
    def refund_missing(
        self, order: str, items: tuple[str, ...], context: CallContext, pieces: int | None = None
    ) -> Refund:
        """Refunds what was missing from a delivered order.

        Args:
            order: The order's number.
            items: Ids of the lines that are missing.
            pieces: How many pieces of a single line are missing; all of them when left out.
        """

        def effect() -> Refund:
            found, lines = self._missing(order, items, pieces, context)
            refund = self._refund(found, paid_for(found, lines), "missing " + ", ".join(items), context)
            self._put(order, refunds=(*found.refunds, refund))
            return refund

        return self._once(context, effect)

    @action(kind="write", own={"order": "orders"})
    def refund_express(self, order: str, context: CallContext) -> Refund:
        """Refunds what express cost, for a parcel that came later than promised.

        Args:
            order: The order's number.
        """

        def effect() -> Refund:
            found, check = self._order(order), self.express_check(order, context)
            if not check.late or check.given or check.paid == NO_MONEY:
                raise ActionFailedError(f"nothing is owed for the express of {order}")
            refund = self._refund(found, check.paid, "express was late", context)
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
            if working_days(today_of(context), coming.expected_on) < WAIT_AFTER_DELIVERY:
                raise ActionFailedError("it is less than 2 working days away")
            if not is_working_day(day) or working_days(today_of(context), day) < WAIT_AFTER_DELIVERY:
                raise ActionFailedError(f"there is no tour on {day}")
            parcels = tuple(changed(p, expected_on=day) if p.id == coming.id else p for p in found.shipments)
            return self._put(order, shipments=parcels, note=f"Delivery appointment: {day}, {part}")

        return self._once(context, effect)
