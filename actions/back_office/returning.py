"""What comes back: returns, exchanges, faults, and prices that fell."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from convagent.actions import ActionFailedError, CallContext, action
from convagent.facts import (
    Exchange,
    Refund,
    Return,
)

from .days import today_of
from .reckoning import Reckoning
from .records import complete
from .rules import (
    CLAIM_DAYS,
    NO_MONEY,
)
from .sums import delivered_on, pieces_of

__all__ = ["Returning"]


class Returning(Reckoning):
    """Writes on what was delivered."""

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
            return self._put_return(complete(Return(
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
            self._take(new, pieces_of(line))
            exchange = complete(Exchange(
                id=f"X-{order.lstrip('#')}-1", order_id=order, status="requested", item_ids=(item,),
                replacement_variant_ids=(new.id,), requested_at=context.now,
                difference=(new.price - self._variant(line).price) * pieces_of(line),
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
            delivered = delivered_on(found)
            if today_of(context) > delivered + timedelta(days=730):
                raise ActionFailedError("the two years have passed")
            if any(item in r.item_ids and (r.reason or "").startswith(problem) for r in found.returns):
                raise ActionFailedError(f"{line.name} was reported before")
            if wish == "replacement" and today_of(context) <= delivered + timedelta(days=CLAIM_DAYS):
                if not self._in_stock(self._variant(line), pieces_of(line)):
                    raise ActionFailedError(f"out of stock: {line.name}")
                self._take(self._variant(line), pieces_of(line))
                self._send(found, (item,))
            return self._put_return(complete(Return(
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
